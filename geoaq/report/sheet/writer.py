"""How much a sheet tells, and the small things that all of its parts are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geoaq.report.sheet.data import Clause, SheetData
from geoaq.report.sheet.units import plain
from geoaq.report.sheet.words import Words
from geoaq.wording import say


@dataclass(frozen=True)
class Detail:
    """How much a sheet tells beside what decides, which is told in any case.

    What decides: the leading sentence, every province to be consulted with distance, error and margin, the
    outcome of both limbs, and what is to be asked of the applicant.

    Attributes
    ----------
    entries
        Most lines of another list; what is left out is counted. None: all.
    signs
        Most characters of a text that a list, a policy or a reader wrote. None: all.
    conditions
        Whether the conditions of a clause are listed.
    """

    entries: int | None = None
    signs: int | None = None
    conditions: bool = True


FULL = Detail()


@dataclass(frozen=True)
class Writer:
    """One sheet, the language that it is written in, and how much is told."""

    data: SheetData
    lang: str
    detail: Detail = FULL

    def say(self, code: str, /, **values: object) -> str:
        """Return a sentence of the catalogue in this language."""
        return say(code, self.lang, **values)

    def words(self, words: Words | None) -> str:
        """Return words that somebody else gave, '' for none."""
        return "" if words is None else self.short(words.text(self.lang))

    def whole(self, words: Words) -> str:
        """Return words that decide on one line, never cut."""
        return plain(words.text(self.lang))

    def short(self, text: str, *, least: int = 0) -> str:
        """Return text on one line, cut where this detail asks for it, but not to less than ``least``."""
        clean, most = plain(text), self.detail.signs
        if most is None or len(clean) <= max(most, least):
            return clean
        return clean[: max(most, least) - 1].rstrip() + "…"

    def cut(self, entries: Sequence[Any]) -> list[Any]:
        """Return the entries that this detail has room for."""
        return list(entries[: self.detail.entries])

    def more(self, count: int) -> str:
        """Return what is said of the entries left out of ``count``, or ''."""
        left = 0 if self.detail.entries is None else count - self.detail.entries
        return self.say("sheet.more", count=left) if left > 0 else ""

    def listed(self, entries: Sequence[Words]) -> list[str]:
        """Return a list with room for so many, and how many are left out."""
        return [self.words(one) for one in self.cut(entries)] + list(filter(None, [self.more(len(entries))]))

    def join(self, parts: Sequence[str]) -> str:
        """Return the parts that say something as one sentence."""
        return self.say("sheet.joiner").join(filter(None, parts))

    def strip(self) -> str:
        """Return the width of the strip in kilometres as it is written."""
        return f"{self.data.strip_km:g}"


def limb_title(data: SheetData, limb: str, lang: str) -> str:
    """Return the name of a limb with its number: the strip, or the stack."""
    if limb == "a":
        return say("sheet.limb_a", lang, km=f"{data.strip_km:g}")
    if data.high_stack_m is None:
        return say("sheet.limb_b_plain", lang)
    return say("sheet.limb_b", lang, m=f"{data.high_stack_m:g}")


def cite(one: Clause, lang: str) -> str:
    """Return document, number and article of a clause."""
    number = say("sheet.document_number", lang, number=plain(one.number)) if one.number else ""
    document = say("sheet.document", lang, name=plain(one.document))
    return say("sheet.cite", lang, document=document, number=number, article=plain(one.article))
