"""Reads angles in all spellings that offices use: decimal degrees, degrees-minutes-seconds, directions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.io.cells.text import coded, is_blank

Axis = Literal["", "lon", "lat"]
_PLAIN = r"^-?[0-9]{1,9}(?:\.[0-9]{1,15})?$"
_SIGNS = str.maketrans(
    {
        "º": "°", "˚": "°", "゜": "°", "∘": "°", "ﾟ": "°",
        "″": '"', "“": '"', "”": '"', "〃": '"', "˝": '"', "„": '"', "‟": '"',
        "′": "'", "‘": "'", "’": "'", "´": "'", "`": "'", "ˊ": "'", "ʹ": "'", "‵": "'",
        "度": "°", "分": "'", "秒": '"', "：": ":", "。": ".",
    }
)  # fmt: skip
_DIRECTION = re.compile(
    r"东经|西经|北纬|南纬|经度|纬度|east|north|west|south|lon(?:gitude)?|lat(?:itude)?|[ewns东西北南]"
)
_OF_LONGITUDE = ("e", "w", "东", "西", "经", "lon")
_DECIMAL = re.compile(r"(-?)(\d{1,9})(?:\.(\d*))?°?")
_DECIMAL_COMMA = re.compile(r"(-?)(\d{1,3}),(\d+)°?")
_SEXAGESIMAL = re.compile(
    r"(-?)(\d{1,3}) ?[°: -] ?(\d{1,2})(?:\.(\d+))? ?[':\s-]? ?(?:(\d{1,2})(?:\.(\d+))? ?(?:\"|''|')?)?"
)
_DOTTED = re.compile(r"(-?)(\d{1,3})\.(\d{1,2})()\.(\d{1,2})(?:\.(\d+))?")
_PAIR = re.compile(r"\s*[,，;；、|]\s*")


@dataclass(frozen=True)
class Angle:
    """One angle: degrees, decimals of a degree as printed, the axis its letters name, and how it was spelt.

    ``spelling`` is ``plain``, ``cleaned`` (signs or full-width digits taken away) or ``dms``.
    """

    degrees: float
    decimals: int
    axis: Axis
    spelling: Literal["plain", "cleaned", "dms"]


@dataclass(frozen=True)
class Angles:
    """A column of angles; ``degrees`` is NaN where a cell is blank or cannot be read.

    ``axis`` is 0 where the cell names none, 1 for longitude, 2 for latitude; ``state`` is 0 plain, 1 cleaned,
    2 dms, 3 blank, 4 unreadable.
    """

    degrees: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int16]
    axis: npt.NDArray[np.int8]
    state: npt.NDArray[np.int8]


PLAIN, CLEANED, DMS, BLANK, UNREADABLE = range(5)


def read_angle(text: str) -> Angle | None:
    """Return the angle that a cell states, or None.

    Seconds have 4 decimals of a degree and one more for each of their own; minutes alone have 2. Projected
    coordinates (metres) pass as plain numbers.

    Examples
    --------
    >>> read_angle("东经120°55′18.2″")
    Angle(degrees=120.92172222222223, decimals=5, axis='lon', spelling='dms')
    >>> read_angle("１２０．９２Ｅ")
    Angle(degrees=120.92, decimals=2, axis='lon', spelling='cleaned')
    """
    axis, plain = _without_direction(unicodedata.normalize("NFKC", _marked(text)).lower())
    plain = plain.translate(_SIGNS)
    plain = re.sub(r"\s+", " ", re.sub(r"(?<=\d)o", "°", plain)).strip(" :;,")
    plain = re.sub(r" ?\. ?", ".", plain).replace("''", '"')
    if re.fullmatch(r"-?\d+\.\d+ \d+", plain):
        plain = plain.replace(" ", "")
    plain = plain.replace(" °", "°")
    found = _DECIMAL.fullmatch(plain)
    if found:
        places = found[3] or ""
        degrees = float(f"{found[1]}{found[2]}.{places or 0}")
        return Angle(degrees, len(places), axis, "plain" if re.fullmatch(r"[-.\d]+", text) else "cleaned")
    found = _DECIMAL_COMMA.fullmatch(plain)
    if found:
        return Angle(float(f"{found[1]}{found[2]}.{found[3]}"), len(found[3]), axis, "cleaned")
    return _sexagesimal(plain, axis)


def _marked(text: str) -> str:
    return text.translate({ord("º"): "°", ord("˚"): "°", ord("″"): '"', ord("゜"): "°", ord("´"): "'"})


def _without_direction(text: str) -> tuple[Axis, str]:
    axis: Axis = ""
    sign = ""
    for word in _DIRECTION.findall(text):
        axis = "lon" if word.startswith(_OF_LONGITUDE) else "lat"
        sign = "-" if word[0] in "ws西南" else sign
    bare = _DIRECTION.sub("", text)
    return axis, (sign + bare.strip() if sign else bare)


def _sexagesimal(text: str, axis: Axis) -> Angle | None:
    found = _SEXAGESIMAL.fullmatch(text) or _DOTTED.fullmatch(text)
    if not found:
        return None
    sign, whole, minutes, minute_places, seconds, second_places = found.groups()
    if minute_places and seconds is not None:
        return None
    minute = float(f"{minutes}.{minute_places or 0}")
    second = float(f"{seconds or 0}.{second_places or 0}")
    if minute >= 60 or second >= 60:
        return None
    degrees = int(whole) + minute / 60 + second / 3600
    decimals = 4 + len(second_places or "") if seconds is not None else 2 + len(minute_places or "")
    return Angle(-degrees if sign else degrees, decimals, axis, "dms")


def read_angles(column: pa.Array) -> Angles:
    """Return a column of cells as angles: plain numbers at once, other spellings once per text."""
    size = len(column)
    plain = pc.match_substring_regex(column, _PLAIN).to_numpy(zero_copy_only=False)
    numbers = pc.cast(pc.if_else(pa.array(plain), column, "nan"), pa.float64())
    degrees = numbers.to_numpy(zero_copy_only=False).copy()
    point = pc.find_substring(column, ".").to_numpy(zero_copy_only=False)
    length = pc.binary_length(column).to_numpy(zero_copy_only=False)
    decimals = np.where(point >= 0, length - point - 1, 0).astype(np.int16)
    axis, state = np.zeros(size, np.int8), np.zeros(size, np.int8)
    odd = np.flatnonzero(~plain)
    if len(odd):
        texts = coded(column.take(pa.array(odd)))
        readings = [_reading(text) for text in texts.distinct]
        degrees[odd] = np.array([r[0] for r in readings])[texts.codes]
        decimals[odd] = np.array([r[1] for r in readings], np.int16)[texts.codes]
        axis[odd] = np.array([r[2] for r in readings], np.int8)[texts.codes]
        state[odd] = np.array([r[3] for r in readings], np.int8)[texts.codes]
    return Angles(degrees, decimals, axis, state)


def _reading(text: str) -> tuple[float, int, int, int]:
    if is_blank(text):
        return np.nan, 0, 0, BLANK
    angle = read_angle(text)
    if angle is None:
        return np.nan, 0, 0, UNREADABLE
    state = {"plain": PLAIN, "cleaned": CLEANED, "dms": DMS}[angle.spelling]
    return angle.degrees, angle.decimals, ("", "lon", "lat").index(angle.axis), state


def split_pair(text: str) -> tuple[str, str]:
    """Return the two angles of one cell (``120.1, 30.2``), or the text and ``""``.

    Examples
    --------
    >>> split_pair("(120.92,30.84)"), split_pair("E120°55′18″ N30°50′20″")
    (('120.92', '30.84'), ('E120°55′18″', 'N30°50′20″'))
    """
    bare = text.strip().strip("()（）[]【】")
    parts = [part for part in _PAIR.split(bare) if part]
    if len(parts) != 2:
        named = re.split(
            r"(?<=\S)\s*(?=[NSns北南]\D{0,2}\d)|(?<=\S)\s+(?=[EWew东西]\D{0,2}\d)", bare, maxsplit=1
        )
        parts = named if len(named) == 2 else bare.split()
    return (parts[0], parts[1]) if len(parts) == 2 else (text, "")
