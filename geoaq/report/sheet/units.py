"""Distances, coordinates and bearings as a sheet writes them, and text that every format can hold."""

from __future__ import annotations

import math
import re
import unicodedata

from geoaq.report.numbers import fixed, toward
from geoaq.wording import say

_POLLUTANT = re.compile(r"(?P<code>SO2|NOx|PM|VOCs) (?P<amount>.*?)(?P<tonnes> t/a)?")
_WINDS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def plain(text: str) -> str:
    r"""Return text on one line without characters that steer or break: controls, overrides, other spaces.

    A character without a meaning of its own (private use, unassigned, half of a pair) is spelled out.

    Examples
    --------
    >>> plain("甲\u202e公司\n\x00二厂"), plain("\ue000")
    ('甲 公司 二厂', '[U+E000]')
    """
    if text.isprintable():
        return text
    return " ".join("".join(one if one.isprintable() else _spelled(one) for one in text).split())


def _spelled(one: str) -> str:
    return f"[U+{ord(one):04X}]" if unicodedata.category(one) in ("Co", "Cn", "Cs") else " "


def emissions(text: str, lang: str) -> str:
    """Return emissions as a list states them with pollutants and unit in words; what else it says stays.

    Examples
    --------
    >>> emissions("SO2 89.5 t/a；PM 约3；氨 3吨", "zh")
    '二氧化硫 89.5 吨/年；颗粒物 约3；氨 3吨'
    >>> emissions("SO2 89.5 t/a；NOx 12 t/a", "en")
    'SO2 89.5 t/a; NOx 12 t/a'
    """
    said = []
    for part in filter(None, plain(text).split("；")):
        found = _POLLUTANT.fullmatch(part)
        if found is None:
            said.append(part)
            continue
        name = say(f"sheet.pollutant_{found['code'].lower()}", lang)
        code = "sheet.emitted" if found["tonnes"] else "sheet.emitted_as_stated"
        said.append(say(code, lang, name=name, amount=found["amount"]))
    return say("sheet.joiner", lang).join(said)


def km(metres: float, strip_km: float) -> str:
    """Return kilometres with two decimals or more, never rounded over the edge of the strip.

    Examples
    --------
    >>> km(19_600.4, 20.0), km(20_000.2, 20.0)
    ('19.60', '20.0002')
    """
    return toward(metres / 1000, strip_km, 2)


def whole_metres(metres: float) -> str:
    """Return an error budget in whole metres, rounded up.

    Examples
    --------
    >>> whole_metres(10.2), whole_metres(0.0)
    ('11', '0')
    """
    return str(math.ceil(metres - 1e-9))


def margin(distance_m: float, strip_km: float, lang: str) -> str:
    """Return how far a distance lies inside or outside the strip.

    Examples
    --------
    >>> margin(19_600.0, 20.0, "zh"), margin(20_100.0, 20.0, "en"), margin(92_000.0, 20.0, "zh")
    ('带内400米', '100 m outside', '带外72.0公里')
    """
    left = strip_km * 1000 - distance_m
    side = "inside" if left >= 0 else "outside"
    if abs(left) >= 10_000:
        return say(f"sheet.margin_{side}_km", lang, km=fixed(abs(left) / 1000, 1))
    return say(f"sheet.margin_{side}", lang, metres=fixed(abs(left), 0))


def degrees(lon: float, lat: float, lang: str) -> str:
    """Return a point as decimal degrees, longitude first.

    Examples
    --------
    >>> degrees(119.36, 31.05, "zh")
    '东经119.360000°，北纬31.050000°'
    """
    east, north = (fixed(abs(value), 6) for value in (lon, lat))
    sides = ("e" if lon >= 0 else "w", "n" if lat >= 0 else "s")
    return say(f"sheet.point_{sides[0]}{sides[1]}", lang, lon=east, lat=north)


def sexagesimal(lon: float, lat: float) -> str:
    """Return a point in degrees, minutes and seconds, to a tenth of a second.

    Examples
    --------
    >>> sexagesimal(119.36, -31.0500001)
    '119°21′36.0″E 31°03′00.0″S'
    """
    return f"{_dms(lon)}{'E' if lon >= 0 else 'W'} {_dms(lat)}{'N' if lat >= 0 else 'S'}"


def _dms(value: float) -> str:
    tenths = round(abs(value) * 36_000)
    return f"{tenths // 36_000}°{tenths // 600 % 60:02d}′{tenths % 600 / 10:04.1f}″"


def bearing(degrees_from_north: float, lang: str) -> str:
    """Return a bearing as one of eight winds and in degrees.

    Examples
    --------
    >>> bearing(225.4, "zh"), bearing(359.9, "en")
    ('西南225°', 'N 0°')
    """
    name = _WINDS[round(degrees_from_north / 45) % 8]
    return say(f"sheet.toward_{name}", lang, degrees=int(fixed(degrees_from_north, 0)) % 360)
