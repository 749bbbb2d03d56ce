"""Words of a sheet in both languages, so that one file reads in either."""

from __future__ import annotations

from geoaq.report.tally import Record
from geoaq.wording import LANGS, say


class Words(Record):
    """One sentence or name in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """Return the words in ``lang`` (``zh`` or ``en``)."""
        return self.en if lang == "en" else self.zh


def named(zh: str, en: str = "") -> Words:
    """Return a name; without an English one the Chinese stands in both languages."""
    return Words(zh=zh, en=en or zh)


def words(code: str, /, **params: object) -> Words:
    """Return a sentence of the catalogue in both languages (`geoaq.wording.say`)."""
    zh, en = (say(code, lang, **params) for lang in LANGS)
    return Words(zh=zh, en=en)
