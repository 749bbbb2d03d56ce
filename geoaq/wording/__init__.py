"""The one zh/en catalogue of sentences that command line, reports and pages share.

A code names a sentence: ``say("errors.file_too_large", "zh", limit_mb=50)``. The part before the dot is the
file (``geoaq/wording/errors.toml``), the rest is the table in it, with one key a language. Findings, issues
and errors carry codes and parameters only; this is where they become text.

What follows a number may hang on it: ``{count} {count:row|rows}`` takes the first word for 1 and the second
for every other number. The client fills its own sentences by the same rule. A value that is a word of a
program is said in the reader's language: ``{reason:@shapes}`` looks ``Self-intersection`` up as
``shapes.self_intersection`` and leaves what is not there as it is.
"""

from __future__ import annotations

import re
import string
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
_FOLDER = Path(__file__).parent
_NO_WORD = re.compile(r"[^a-z0-9]+")


class _Filling(string.Formatter):
    """Fills places as `str.format` does, picks the word that goes with a number, and says known words."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec.startswith("@"):
            word = _NO_WORD.sub("_", str(value).lower()).strip("_")
            known = catalogue().get(f"{format_spec[1:]}.{word}")
            return str(value) if known is None else known[self._lang]
        one, bar, more = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else more
        return super().format_field(value, format_spec)


_FILLING: dict[str, _Filling] = {lang: _Filling(lang) for lang in LANGS}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every sentence by code: ``{"errors.file_too_large": {"zh": …, "en": …}}``."""
    sentences: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            sentences[f"{path.stem}.{name}"] = entry
    return sentences


def say(code: str, lang: str = "zh", /, **params: object) -> str:
    """Return the sentence of ``code`` in ``lang``, its ``{name}`` places filled from ``params``.

    Parameters are values only: braces inside a value stay as they are. The text is plain; whoever puts it
    into a page escapes it.

    Examples
    --------
    >>> say("errors.not_found", "en", what="screening", name="x{y}")
    'No screening named “x{y}” here.'
    >>> say("cards.total_projects", "en", count=1)
    '1 project'
    """
    return _FILLING[lang].format(catalogue()[code][lang], **params)
