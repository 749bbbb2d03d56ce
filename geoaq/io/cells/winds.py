"""Directions and speeds of wind as stations write them: degrees, sixteen points, codes, calm."""

from __future__ import annotations

import re
from math import nan

from geoaq.io.cells.text import is_blank, read_number, tidy

CALM = -1.0
POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_CHINESE = (
    "北", "北东北 北北东 东北偏北", "东北 北东", "东东北 东北东 东北偏东",
    "东", "东东南 东南东 东南偏东", "东南 南东", "南东南 南南东 东南偏南",
    "南", "南西南 南南西 西南偏南", "西南 南西", "西西南 西南西 西南偏西",
    "西", "西西北 西北西 西北偏西", "西北 北西", "北西北 北北西 西北偏北",
)  # fmt: skip
_WORDS = {word: 22.5 * place for place, words in enumerate(_CHINESE) for word in words.split()}
_WORDS |= {point.lower(): 22.5 * place for place, point in enumerate(POINTS)}
_WORDS |= dict.fromkeys(("c", "静风", "静", "calm"), CALM)
# Codes of the national surface archive: 999001 … 999016 are the sixteen points from north, 999017 is calm.
_CODED = re.compile(r"9990(0[1-9]|1[0-7])")
_CODE_OF_CALM = 17
# Numbers that archives write where nothing was observed.
_MISSING_FROM = 999.0
_SPEED_UNITS = (
    (re.compile(r"0\.1 ?m/s|0\.1米"), 0.1),
    (re.compile(r"km/h|公里/小时|千米/小时|kph"), 1.0 / 3.6),
    (re.compile(r"knots?|\bkn\b|\bkt\b|节"), 1852.0 / 3600.0),
)


def read_direction(text: str) -> float | None:
    """Return where the wind comes from, degrees clockwise from north; `CALM`, NaN for none, None unreadable.

    Examples
    --------
    >>> read_direction("135"), read_direction("东南风"), read_direction("NNE"), read_direction("C")
    (135.0, 135.0, 22.5, -1.0)
    """
    plain = tidy(text).lower().rstrip("°度").replace(" ", "")
    if is_blank(plain) or plain in {"vrb", "不定", "风向不定"}:
        return nan
    word = plain.removesuffix("风") if plain != "静风" else plain
    if word in _WORDS:
        return _WORDS[word]
    number = read_number(plain)
    if number is None:
        return None
    coded = _CODED.fullmatch(number)
    if coded:
        point = int(coded[1])
        return CALM if point == _CODE_OF_CALM else 22.5 * (point - 1)
    value = float(number)
    if value >= _MISSING_FROM:
        return nan
    return value % 360.0 if 0.0 <= value <= 360.0 else None


def read_speed(text: str, factor: float) -> float | None:
    """Return a speed in m/s, NaN for none, None where it cannot be read; ``factor`` is that of its unit.

    Examples
    --------
    >>> read_speed("2.6", 1.0), read_speed("2.6米/秒", 1.0), read_speed("999.9", 1.0)
    (2.6, 2.6, nan)
    """
    plain = re.sub(r" ?(?:m/s|m s-1|米/秒|米每秒)$", "", tidy(text).lower())
    if is_blank(plain):
        return nan
    number = read_number(plain)
    if number is None or float(number) < 0:
        return None
    return nan if float(number) >= _MISSING_FROM else float(number) * factor


def speed_factor(header: str) -> float:
    """Return what a number under this header is in m/s: 1 unless it states 0.1 m/s, km/h or knots."""
    plain = tidy(header).lower()
    return next((factor for pattern, factor in _SPEED_UNITS if pattern.search(plain)), 1.0)
