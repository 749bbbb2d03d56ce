"""Which column a header means: synonyms of a product, with units and remarks in brackets taken off."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from geoaq.io.lists.product import ListProduct

_BRACKETS = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_NOISE = re.compile(r"[\s*:：、_]+|^\d+[.、]")
_CLOSER = str.maketrans("，；．", ",;.")
_SPELT = {
    "t/h": "t/h 吨/小时 吨/时 吨 t 蒸吨 蒸吨/小时 蒸吨/时 蒸t 蒸t/h 吨每小时",
    "MW": "mw 兆瓦",
    "10MW": "万千瓦 万kw 10mw",
    "kW": "kw 千瓦",
    "10^4kcal": "万大卡 万大卡/小时 10^4kcal/h",
    "°": "° º 度 十进制 十进制度 度分秒 wgs84",
    "台": "台 台/套 套",
    "m": "m 米",
    "t/a": "t/a 吨/年",
    "km": "km 公里",
}
_UNITS = {word: unit for unit, words in _SPELT.items() for word in words.split()}
_BOTH = re.compile(r"t/h.*mw|mw.*t/h|吨.*兆瓦|兆瓦.*吨|吨.*mw|mw.*吨")
_IMPLIED = ((re.compile(r"热功率|兆瓦|mw$|\(mw\)"), "MW"), (re.compile(r"蒸|吨|tph|t/h"), "t/h"))


@dataclass
class Match:
    """The column that a header names, its unit (``""`` none) and how sure that is (3 sure … 1)."""

    column: str
    unit: str
    rank: int


def plain_header(text: str) -> str:
    """Return a header for comparison: NFKC, lower case, no spaces, stars or colons.

    Examples
    --------
    >>> plain_header(" 县（市、区）* ")
    '县(市区)'
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower().translate(_CLOSER))


def unit_of(text: str) -> str:
    """Return the canonical unit of a header or cell (``t/h``, ``MW``, ``10MW``, ``°`` …), or ``""``.

    Examples
    --------
    >>> unit_of("蒸吨/小时"), unit_of("t/h或MW"), unit_of("燃煤")
    ('t/h', 't/h|MW', '')
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace(" ", "").strip("()[]:")
    if plain in _UNITS:
        return _UNITS[plain]
    return "t/h|MW" if _BOTH.search(plain) else ""


@dataclass
class Synonyms:
    """All headers of a product."""

    product: ListProduct
    by_text: dict[str, str] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for column in self.product.columns:
            for text in (column.column, column.title.zh, column.title.en, *column.headers):
                self.by_text.setdefault(plain_header(text), column.column)
            if column.personal:
                self.personal.add(column.column)

    def is_personal(self, text: str, match: Match | None) -> bool:
        """Say whether a header names personal data, also one that no column is known for."""
        if match is not None:
            return match.column in self.personal
        plain = plain_header(text)
        return any(
            len(word) > 1 and word in plain for word, name in self.by_text.items() if name in self.personal
        )

    def match(self, text: str) -> Match | None:
        """Return the column that a header names, its unit and how sure that is (3 sure … 1)."""
        plain = plain_header(text)
        if not plain:
            return None
        if plain in self.by_text:
            return Match(self.by_text[plain], _unit_in(plain), 3)
        units: list[str] = []
        base = plain
        for inside in _BRACKETS.findall(plain):
            if unit_of(inside):
                units.append(unit_of(inside))
                base = base.replace(f"({inside})", "").replace(f"[{inside}]", "")
        unit = "t/h|MW" if {"t/h", "MW"} <= set(units) else units[0] if units else ""
        for rank, candidate in ((3, base), (2, _BRACKETS.sub("", base))):
            if candidate in self.by_text:
                return Match(self.by_text[candidate], unit or _unit_in(plain), rank)
            for cut in range(1, min(8, len(candidate))):
                ending = unit_of(candidate[-cut:].strip(",/;-"))
                body = candidate[:-cut].rstrip(",/;-")
                if ending and body in self.by_text:
                    return Match(self.by_text[body], unit or ending, rank)
        return None


def _unit_in(plain: str) -> str:
    if _BOTH.search(plain):
        return "t/h|MW"
    hits = [unit for pattern, unit in _IMPLIED if pattern.search(plain)]
    return hits[0] if len(hits) == 1 else "t/h|MW" if hits else ""
