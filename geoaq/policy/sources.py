"""Documents and the regions that they list."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from geoaq.policy.vocabulary import Adcode, Strict

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Source(Strict):
    """One document: who issued it, where and when it holds, and the hash of the text that was read.

    ``area_names`` begin what a row states as its province or prefecture when it names the area.
    """

    id: str
    title: str
    number: str
    number_basis: Literal["text", "cited_by_others", "none"]
    issuer: str
    level: Literal["national", "province"]
    area: Adcode | None = None
    area_names: tuple[str, ...] = ()
    excluded_areas: tuple[Adcode, ...] = ()
    implements: str | None = None
    status: Literal["in_force", "consultation_draft"]
    effective: date
    expires: date | None = None
    effective_basis: Literal["text", "external"]
    abridged: bool = False
    text_sha256: Sha256
    responsible_everywhere: tuple[str, ...] = ()
    responsible_quote: str | None = None

    @model_validator(mode="after")
    def _area_of_a_province(self) -> Self:
        if (self.level == "province") != (self.area is not None):
            raise ValueError("a provincial document has an area, a national one has none")
        if (self.area is not None) != bool(self.area_names):
            raise ValueError("area_names: how a row states the area of the document")
        return self

    def in_force(self, as_of: date) -> bool:
        """Say whether the document gives outcomes on ``as_of``; a draft never does."""
        started = self.effective <= as_of
        return self.status == "in_force" and started and (self.expires is None or as_of <= self.expires)


class Title(Strict):
    """A short name in both languages."""

    zh: str
    en: str


class Member(Strict):
    """A province, prefecture or county; its code covers everything under it."""

    code: Adcode
    name: str


class SpecialUnit(Strict):
    """A unit that a text names beside the prefectures, with the counties that draw it."""

    name: str
    codes: tuple[Adcode, ...] = Field(min_length=1)
    note: str = ""


class RegionPart(Strict):
    """One list of a region, with the rule that defines it."""

    id: str
    rule: str
    title: Title
    members: tuple[Member, ...] = ()
    special: tuple[SpecialUnit, ...] = ()
    same_as: tuple[str, ...] = ()


class Region(Strict):
    """A region as its document lists it."""

    id: str
    title: Title
    source: str
    article: str
    basis: Literal["direct", "reference"]
    parts: tuple[RegionPart, ...] = Field(min_length=1)
    # Of each code that was asked for: there are some thousands, and fires ask for them again and again.
    _asked: dict[str, str] = PrivateAttr(default_factory=dict)

    def part_of(self, adcode: str) -> str:
        """Return the id of the part that holds a GB/T 2260 code of six digits, or ''."""
        if adcode not in self._asked:
            self._asked[adcode] = self._part_of(adcode)
        return self._asked[adcode]

    def _part_of(self, adcode: str) -> str:
        for part in self.parts:
            codes = [m.code for m in part.members] + [c for s in part.special for c in s.codes]
            if any(covers(code, adcode) for code in codes):
                return part.id
        return ""


def covers(code: str, adcode: str) -> bool:
    """Say whether a code of a province (110000), prefecture (130100) or county covers ``adcode``.

    Examples
    --------
    >>> covers("130100", "130181"), covers("419001", "419001"), covers("410100", "419001")
    (True, True, False)
    """
    length = 2 if code.endswith("0000") else 4 if code.endswith("00") else 6
    return len(adcode) == 6 and adcode[:length] == code[:length]
