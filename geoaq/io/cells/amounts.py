"""The grammar of capacities: one amount or several, each with or without a unit of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from geoaq.frames import Severity
from geoaq.io.cells.text import is_blank, tidy

Part = tuple[Decimal, str]
Code = tuple[str, Severity]
MOST = 50
_UNIT_WORDS = (
    (
        r"万大卡(?:/小时|/时|/h)?|万千卡(?:/小时|/时|/h)?|(?:×)?10\^?4 ?kcal/?h?|万kcal/?h?",
        "10^4kcal",
    ),
    (r"万千瓦|万kw|10mw", "10MW"),
    (r"mw|兆瓦", "MW"),
    (r"kw|千瓦", "kW"),
    (r"kg/h|公斤/小时|公斤/时|千克/小时", "kg/h"),
    (r"t/h|蒸吨/小时|蒸吨/时|蒸吨/h|吨/小时|吨/时|吨/h|蒸吨|蒸t|吨|t", "t/h"),
)
_UNIT = "|".join(f"(?:{words})" for words, _ in _UNIT_WORDS)
_COUNTERS = ("台", "座", "套")
_N = r"\d+(?:\.\d+)?"
_ONE = re.compile(rf"(?P<number>{_N}) ?(?P<unit>{_UNIT})?")
_TIMES = re.compile(
    rf"(?P<a>{_N}) ?(?P<au>{_UNIT}|台|座|套)?(?:锅炉|机组)? ?[×x*✕╳·] ?"
    rf"(?P<b>{_N}) ?(?P<bu>{_UNIT}|台|座|套)?(?:锅炉|机组)?"
)
_COUNTED = re.compile(
    rf"(?P<n>\d+) ?[台座套] ?[各均:]? ?(?P<number>{_N}) ?(?P<unit>{_UNIT})?"
    rf"|(?P<number2>{_N}) ?(?P<unit2>{_UNIT}) ?,?(?P<n2>\d+) ?[台座套]"
)
_TOTAL = "(?:共计?|总计?|合计)(?:容量|蒸发量|吨位|装机)?:?"
_SHARED = re.compile(
    rf"{_TOTAL} ?(?P<sum>{_N}) ?(?P<unit>{_UNIT})? ?[(,]? ?共?(?P<n>\d+) ?[台座套]\)?"
    rf"|(?P<n2>\d+) ?[台座套](?:锅炉|机组)?[(,]? ?{_TOTAL} ?(?P<sum2>{_N}) ?(?P<unit2>{_UNIT})?\)?"
)
_TWICE = re.compile(rf"(?P<first>{_N} ?(?:{_UNIT})) ?[(/,、]? ?(?P<second>{_N} ?(?:{_UNIT}))\)?")
_RANGE = re.compile(rf"{_N} ?(?:{_UNIT})? ?(?:~|-|至|到|—) ?{_N} ?(?:{_UNIT})?")
_BOUND = re.compile(r"[<>≤≥≦≧]|以下|以上|不足|超过|小于|大于")
_ABOUT = re.compile(r"大?约|左右|近")
_PREFIX = re.compile(
    r"^(?:额定|单台|单机|各|共|总|蒸发量|热功率|装机|容量|出力|锅炉|机组|:)+|(?:锅炉|机组|/台)+$"
)
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_DIGITS = {word: value for value, word in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_COUNT_WORD = re.compile(
    r"(?<![一二三四五六七八九十两])([一二两三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=[ ]?[台座套])"
)
_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Amounts:
    """What a cell states: its parts with their own units (``""`` none), oddities as (code, severity).

    ``also`` is a second statement of the same single amount in another unit (``35t/h（24.5MW）``).
    """

    parts: tuple[Part, ...] = ()
    codes: tuple[Code, ...] = ()
    also: Part | None = None


def unit_word(text: str) -> str:
    """Return the canonical unit: ``t/h``, ``MW``, ``10MW``, ``kW``, ``kg/h``, ``10^4kcal`` or ``""``.

    Examples
    --------
    >>> unit_word("蒸吨/小时"), unit_word("万千瓦"), unit_word("台")
    ('t/h', '10MW', '')
    """
    plain = tidy(text).lower().replace(" ", "")
    return next((unit for words, unit in _UNIT_WORDS if re.fullmatch(words, plain)), "")


def with_digits(text: str) -> str:
    """Return text with the Chinese numerals before 台, 座 and 套 as digits.

    Examples
    --------
    >>> with_digits("4t/h两台"), with_digits("十二台"), with_digits("三台10t/h")
    ('4t/h2台', '12台', '3台10t/h')
    """

    def digits(found: re.Match[str]) -> str:
        first, ten, last = found.groups()
        if not (first or ten or last) or (first and last and not ten):
            return found[0]
        tens = _DIGITS.get(first, 1) * 10 if ten else _DIGITS.get(first, 0)
        return str(tens + _DIGITS.get(last, 0))

    return _COUNT_WORD.sub(digits, text)


def read_amounts(text: str) -> Amounts:
    """Return the amounts of a cell.

    Examples
    --------
    >>> read_amounts("2×35").parts
    ((Decimal('35'), ''), (Decimal('35'), ''))
    >>> read_amounts("3台10蒸吨+1.4MW").parts[2:]
    ((Decimal('10'), 't/h'), (Decimal('1.4'), 'MW'))
    >>> read_amounts("10~20").codes
    (('capacity_not_exact', 'warning'),)
    """
    if is_blank(text):
        return Amounts(codes=(("capacity_missing", "warning"),))
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", re.sub(r" ?/ ?", "/", tidy(text).lower()))
    plain = with_digits(plain)
    shared = _shared(plain)
    if shared is not None:
        return shared
    plain = _PREFIX.sub("", plain).strip(" :;,。")
    codes: list[Code] = []
    if _ABOUT.search(plain):
        plain = _ABOUT.sub("", plain)
        codes.append(("capacity_approximate", "warning"))
    if _BOUND.search(plain) or _RANGE.fullmatch(plain):
        return Amounts(codes=(("capacity_not_exact", "warning"),))
    twice = _twice(plain)
    if twice is not None:
        return twice
    parts: list[Part] = []
    for piece in re.split(r" ?[+、,;] ?", plain):
        found = _piece(piece.strip(" ()"), codes)
        if found is None:
            return Amounts(codes=(("capacity_unreadable", "warning"),))
        parts += found
        if len(parts) > MOST:
            return Amounts(codes=(("quantity_beyond", "error"),))
    if len(parts) > 1:
        codes.append(("capacity_parts", "repair"))
    elif not _PLAIN.fullmatch(text.strip()) and not codes:
        codes.append(("capacity_cleaned", "repair"))
    return Amounts(tuple(parts), tuple(codes))


def _shared(plain: str) -> Amounts | None:
    """Read a total and the number that share it (``共70t/h（2台）``) as equal parts."""
    found = _SHARED.fullmatch(plain)
    if found is None:
        return None
    count = int(found["n"] or found["n2"])
    if not 1 <= count <= MOST:
        code: Code = ("quantity_beyond", "error") if count else ("capacity_unreadable", "warning")
        return Amounts(codes=(code,))
    each = Decimal(found["sum"] or found["sum2"]) / count
    if each != each.quantize(_SIX_PLACES):
        each = each.quantize(_SIX_PLACES)
    part = (each, unit_word(found["unit"] or found["unit2"] or ""))
    return Amounts((part,) * count, (("capacity_total_shared", "warning"),))


def _twice(plain: str) -> Amounts | None:
    found = _TWICE.fullmatch(plain)
    first, second = (_ONE.fullmatch(found[name]) for name in ("first", "second")) if found else (None, None)
    if first is None or second is None:
        return None
    one, two = ((Decimal(each["number"]), unit_word(each["unit"])) for each in (first, second))
    return Amounts((one,), (("capacity_cleaned", "repair"),), two) if one[1] != two[1] else None


def _piece(piece: str, codes: list[Code]) -> list[Part] | None:
    one = _ONE.fullmatch(piece)
    if one:
        return [(Decimal(one["number"]), unit_word(one["unit"] or ""))]
    counted = _COUNTED.fullmatch(piece)
    if counted:
        number = Decimal(counted["number"] or counted["number2"])
        return _repeat(
            int(counted["n"] or counted["n2"]), number, unit_word(counted["unit"] or counted["unit2"] or "")
        )
    times = _TIMES.fullmatch(piece)
    return _product(times, codes) if times else None


def _product(times: re.Match[str], codes: list[Code]) -> list[Part] | None:
    """Read ``2×35``: the side with 台 counts boilers, else the side without a unit, else the first."""
    first, second = Decimal(times["a"]), Decimal(times["b"])
    first_unit, second_unit = unit_word(times["au"] or ""), unit_word(times["bu"] or "")
    second_counts = times["bu"] in _COUNTERS or (bool(first_unit) and not second_unit)
    if (
        times["au"] is None
        and times["bu"] is None
        and first > second
        and (first >= 10 or first != int(first))
    ):
        codes.append(("capacity_order_assumed", "warning"))
        second_counts = True
    count, size, unit = (second, first, first_unit) if second_counts else (first, second, second_unit)
    return _repeat(int(count), size, unit) if count == int(count) else None


def _repeat(count: int, size: Decimal, unit: str) -> list[Part] | None:
    # One more than can be is enough to be refused.
    return [(size, unit)] * min(count, MOST + 1) if count >= 1 else None
