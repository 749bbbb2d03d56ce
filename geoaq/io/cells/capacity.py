"""Reads the capacity of boilers as printed: t/h or MW, one boiler or several, and what a model code says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from geoaq.io.cells.text import is_blank, tidy

# 1 t/h of steam = 0.7 MW = 60×10⁴ kcal/h (READING 3.3).
MW_PER_TPH = Decimal("0.7")
_SIX_PLACES = Decimal("0.000001")
_MOST_BOILERS = 50
_FACTOR: dict[str, Callable[[Decimal], Decimal]] = {
    "t/h": lambda value: value,
    "kg/h": lambda value: value / 1000,
    "MW": lambda value: value / MW_PER_TPH,
    "kW": lambda value: value / 1000 / MW_PER_TPH,
    "10^4kcal": lambda value: value / 60,
}
_UNIT_WORDS = (
    (
        r"万大卡(?:/小时|/时|/h)?|万千卡(?:/小时|/时|/h)?|10\^?4 ?kcal/?h?|万kcal/?h?|×10\^?4kcal/?h?",
        "10^4kcal",
    ),
    (r"mw|兆瓦", "MW"),
    (r"kw|千瓦", "kW"),
    (r"kg/h|公斤/小时|公斤/时|千克/小时", "kg/h"),
    (r"t/h|蒸吨/小时|蒸吨/时|蒸吨/h|吨/小时|吨/时|吨/h|蒸吨|蒸t|吨|t", "t/h"),
)
_UNIT = "|".join(f"(?:{words})" for words, _ in _UNIT_WORDS)
_N = r"\d+(?:\.\d+)?"
_ONE = re.compile(rf"(?P<number>{_N}) ?(?P<unit>{_UNIT})?")
_TIMES = re.compile(
    rf"(?P<a>{_N}) ?(?P<au>{_UNIT}|台|座|套)?(?:锅炉)? ?[×x*✕╳·] ?"
    rf"(?P<b>{_N}) ?(?P<bu>{_UNIT}|台|座|套)?(?:锅炉)?"
)
_COUNTED = re.compile(
    rf"(?P<n>\d+) ?[台座套] ?(?P<number>{_N}) ?(?P<unit>{_UNIT})?"
    rf"|(?P<number2>{_N}) ?(?P<unit2>{_UNIT}) ?,?(?P<n2>\d+) ?[台座套]"
)
_TWICE = re.compile(rf"(?P<first>{_N} ?(?:{_UNIT})) ?[(/,、]? ?(?P<second>{_N} ?(?:{_UNIT}))\)?")
_RANGE = re.compile(rf"{_N} ?(?:{_UNIT})? ?(?:~|-|至|到|—) ?{_N} ?(?:{_UNIT})?")
_BOUND = re.compile(r"[<>≤≥≦≧]|以下|以上|不足|超过|小于|大于|约|大约|左右|近")
_MODEL = re.compile(r"(?P<form>[A-Z]{3,5}(?:\([A-Z]\))?) ?(?P<size>\d+(?:\.\d+)?) ?-(?P<rest>.+)")
_TWO_TEMPERATURES = re.compile(r"^\d+(?:\.\d+)?[/-]\d{2,3}[/-]\d{2,3}|^\d{2,3}/\d{2,3}(?:-|$)")
_FUEL_MARK = re.compile(r"-(A|Y|Q)(?:I{1,3}V?|[.、(,]|$)")


@dataclass(frozen=True)
class Capacity:
    """What a capacity cell says: the boilers in it (t/h each) and what was odd about it.

    ``codes`` are issues as (code, severity); ``unit_stated`` says whether the cell itself names its unit.
    """

    parts: tuple[Decimal, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    unit_stated: bool = False
    unit: str = ""
    printed: tuple[Decimal, ...] = field(default=())


@dataclass(frozen=True)
class Model:
    """What a model code says: t/h (None if it has no size), hot water or not, and the fuel of its mark."""

    tph: Decimal | None
    hot_water: bool
    fuel: str


def to_tph(value: Decimal, unit: str) -> Decimal:
    """Return a capacity in t/h, rounded to 6 places where it is converted.

    Examples
    --------
    >>> to_tph(Decimal("24.5"), "MW"), to_tph(Decimal("35"), "t/h")
    (Decimal('35.000000'), Decimal('35'))
    """
    return value if unit == "t/h" else _FACTOR[unit](value).quantize(_SIX_PLACES)


def unit_word(text: str) -> str:
    """Return the canonical unit of a capacity: ``t/h``, ``MW``, ``kW``, ``kg/h``, ``10^4kcal`` or ``""``."""
    plain = tidy(text).lower().replace(" ", "")
    return next((unit for words, unit in _UNIT_WORDS if re.fullmatch(words, plain)), "")


def read_capacity(text: str, unit: str) -> Capacity:
    """Return the boilers that a capacity cell states.

    Parameters
    ----------
    text
        The cell.
    unit
        Unit of header or unit column, for numbers that have none of their own: ``t/h``, ``MW``, …

    Examples
    --------
    >>> read_capacity("2×35", "t/h").parts
    (Decimal('35'), Decimal('35'))
    >>> read_capacity("3台10蒸吨+1.4MW", "t/h").parts
    (Decimal('10'), Decimal('10'), Decimal('10'), Decimal('2.000000'))
    """
    plain = tidy(text).lower()
    if is_blank(text):
        return Capacity(codes=(("capacity_missing", "warning"),))
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", re.sub(r" ?/ ?", "/", plain))
    plain = re.sub(
        r"^(?:额定|单台|各|共|总|蒸发量|热功率|容量|出力|锅炉|:)+|(?:锅炉|/台)+$", "", plain
    ).strip(" :;,。")
    whole = _twice(plain)
    if whole is not None:
        return whole
    codes: list[tuple[str, str]] = []
    if _BOUND.search(plain):
        codes.append(("capacity_approximate", "warning"))
        if not re.search(r"约|左右|近", plain):
            return Capacity(codes=(("capacity_not_exact", "warning"),))
        plain = re.sub(r"大?约|左右|近", "", plain)
    if _RANGE.fullmatch(plain):
        return Capacity(codes=(("capacity_not_exact", "warning"),))
    printed: list[tuple[Decimal, str]] = []
    for piece in re.split(r" ?[+、,;] ?", plain):
        found = _piece(piece.strip(" ()"), codes)
        if found is None:
            return Capacity(codes=(("capacity_unreadable", "warning"),))
        printed += found
    return _summed(printed, unit, codes)


def _summed(printed: list[tuple[Decimal, str]], unit: str, codes: list[tuple[str, str]]) -> Capacity:
    stated = [own for _, own in printed if own]
    # In "2×35+20t/h" the unit at the end is meant for all.
    fallback = stated[-1] if stated else unit
    parts = tuple(to_tph(value, own or fallback) for value, own in printed)
    if len(parts) > _MOST_BOILERS:
        return Capacity(codes=(("capacity_unreadable", "warning"),))
    if len(parts) > 1:
        codes.append(("capacity_parts", "repair"))
    elif stated:
        codes.append(("capacity_cleaned", "repair"))
    return Capacity(parts, tuple(codes), bool(stated), fallback, tuple(value for value, _ in printed))


def _twice(plain: str) -> Capacity | None:
    """Read a cell that states one boiler in both units: ``35t/h（24.5MW）``; the first one counts."""
    found = _TWICE.fullmatch(plain)
    if not found:
        return None
    first, second = _ONE.fullmatch(found["first"]), _ONE.fullmatch(found["second"])
    if first is None or second is None:
        return None
    units = unit_word(first["unit"]), unit_word(second["unit"])
    if {"t/h"} == set(units) or units[0] == units[1]:
        return None
    values = to_tph(Decimal(first["number"]), units[0]), to_tph(Decimal(second["number"]), units[1])
    code = ("capacity_cleaned", "repair") if values[0] == values[1] else ("capacity_two_units", "warning")
    return Capacity(values[:1], (code,), True, units[0], (Decimal(first["number"]),))


def _piece(piece: str, codes: list[tuple[str, str]]) -> list[tuple[Decimal, str]] | None:
    one = _ONE.fullmatch(piece)
    if one:
        return [(Decimal(one["number"]), unit_word(one["unit"] or ""))]
    counted = _COUNTED.fullmatch(piece)
    if counted:
        number = Decimal(counted["number"] or counted["number2"])
        return _repeat(int(counted["n"] or counted["n2"]), number, counted["unit"] or counted["unit2"] or "")
    times = _TIMES.fullmatch(piece)
    return _product(times, codes) if times else None


def _product(times: re.Match[str], codes: list[tuple[str, str]]) -> list[tuple[Decimal, str]] | None:
    """Read ``2×35``: the side with 台 counts boilers, else the side without a unit, else the first."""
    first, second = Decimal(times["a"]), Decimal(times["b"])
    first_unit, second_unit = unit_word(times["au"] or ""), unit_word(times["bu"] or "")
    second_counts = (times["bu"] or "") in {"台", "座", "套"} or (bool(first_unit) and not second_unit)
    plain = not first_unit and not second_unit and times["au"] is None and times["bu"] is None
    if plain and first > second and (first >= 10 or first != int(first)):
        codes.append(("capacity_order_assumed", "warning"))
        second_counts = True
    count, size, unit = (second, first, first_unit) if second_counts else (first, second, second_unit)
    return _repeat(int(count), size, unit) if count == int(count) else None


def _repeat(count: int, size: Decimal, unit: str) -> list[tuple[Decimal, str]] | None:
    return [(size, unit_word(unit) or unit)] * count if 1 <= count <= _MOST_BOILERS else None


def read_model(text: str) -> Model | None:
    """Return what the model code of an industrial boiler says, or None for other codes.

    ``SZL10-1.25-AII`` is steam, 10 t/h, bituminous coal; ``DZL7-1.0/115/70-AII`` has two temperatures, so it
    is hot water, 7 MW. Thermal-oil codes (``YLW-1400``) state no size that could be read with certainty.

    Examples
    --------
    >>> read_model("DZL7-1.0/115/70-AII")
    Model(tph=Decimal('10.000000'), hot_water=True, fuel='coal')
    """
    plain = tidy(text).upper().replace(" ", "").replace("－", "-").replace("—", "-").replace("–", "-")
    found = _MODEL.fullmatch(plain)
    if not found or found["form"].startswith(("YL", "YG", "YY")):
        return None
    rest = found["rest"]
    hot_water = bool(_TWO_TEMPERATURES.match(rest)) or found["form"].startswith(("QX", "CL", "CDZ", "CWN"))
    mark = _FUEL_MARK.search("-" + rest)
    fuel = {"A": "coal", "Y": "oil", "Q": "gas"}.get(mark[1], "") if mark else ""
    size = Decimal(found["size"])
    return Model(to_tph(size, "MW" if hot_water else "t/h"), hot_water, fuel)
