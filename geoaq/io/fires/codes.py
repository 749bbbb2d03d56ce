"""What the cells of FIRMS say: date, time, satellite, confidence, version. One cell at a time, as text."""

from __future__ import annotations

import re
from datetime import date

from geoaq.frames import NRT, RT, SATELLITES, SP, URT

LOW, NOMINAL, HIGH = range(3)
# MODIS: low below 30 %, high from 80 % (Giglio et al. 2021, collection 6.1 user's guide).
_NOMINAL_FROM, _HIGH_FROM = 30, 80

_DAY = re.compile(
    r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+]00:00)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")
_HHMM = re.compile(r"(\d{1,4})(?:\.0+)?")
_VERSION = re.compile(r"\d+(?:\.\d+)?\s*(URT|RT|NRT|SP)?", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})(?:\.0+)?\s*%?")
_LEVELS = {"URT": URT, "RT": RT, "NRT": NRT, "SP": SP}
_EPOCH = date(1970, 1, 1).toordinal()
# The first detections of FIRMS are of November 2000.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

_SATELLITES = {
    **{name: name for name in SATELLITES},
    "t": "terra", "a": "aqua",
    "n": "snpp", "npp": "snpp", "suominpp": "snpp", "suomi": "snpp", "suominationalpp": "snpp",
    "1": "noaa20", "n20": "noaa20", "j1": "noaa20", "jpss1": "noaa20",
    "n21": "noaa21", "j2": "noaa21", "jpss2": "noaa21",
    "l8": "landsat8", "l9": "landsat9",
    "h8": "himawari8", "h08": "himawari8", "h9": "himawari9", "h09": "himawari9",
}  # fmt: skip
_CONFIDENCES = {
    "l": LOW, "low": LOW, "n": NOMINAL, "nominal": NOMINAL, "m": NOMINAL, "medium": NOMINAL, "h": HIGH,
    "high": HIGH,
}  # fmt: skip
_DAYNIGHT = {"d": 1, "day": 1, "n": 0, "night": 0, "": -1}


def read_day(text: str) -> int | None:
    """Return the days since 1970 of a date, None where it is none.

    Examples
    --------
    >>> [read_day(text) for text in ("2025-04-07", "2025/4/7", "20250407", "2025-04-07 00:00:00")]
    [20185, 20185, 20185, 20185]
    >>> read_day("07/04/2025"), read_day("2025-02-30"), read_day("2025-413")
    (None, None, None)
    """
    found = _DAY.fullmatch(text.strip())
    if found is None or (not found[2] and len(found[3] + found[4]) != 4):
        return None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return day.toordinal() - _EPOCH if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def read_minute(text: str) -> int | None:
    """Return the minute of the day, None where the cell names none.

    Examples
    --------
    >>> [read_minute(text) for text in ("0247", "247", "02:47", "2:47:00", "247.0", "5")]
    [167, 167, 167, 167, 167, 5]
    >>> read_minute("2460"), read_minute("25:00"), read_minute("")
    (None, None, None)
    """
    plain = text.strip()
    clock = _CLOCK.fullmatch(plain)
    if clock:
        hour, minute = int(clock[1]), int(clock[2])
    else:
        packed = _HHMM.fullmatch(plain)
        if packed is None:
            return None
        hour, minute = divmod(int(packed[1]), 100)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def read_satellite(text: str) -> str | None:
    """Return a satellite by its plain name, None for one that is not known.

    Examples
    --------
    >>> [read_satellite(text) for text in ("T", "Terra", "N", "1", "N20", "NOAA-21", "Suomi NPP", "FY-3D")]
    ['terra', 'terra', 'snpp', 'noaa20', 'noaa20', 'noaa21', 'snpp', 'fy3d']
    """
    return _SATELLITES.get(re.sub(r"[\s_.-]|\.0+$", "", text).lower())


def read_confidence(text: str) -> tuple[int, int] | None:
    """Return class (0 low … 2 high, -1 unknown) and per cent (-1 unknown), None for what is neither.

    Examples
    --------
    >>> [read_confidence(text) for text in ("29", "30", "79", "80", "nominal", "h", "", "101")]
    [(0, 29), (1, 30), (1, 79), (2, 80), (1, -1), (2, -1), (-1, -1), None]
    """
    plain = text.strip().lower()
    if not plain:
        return -1, -1
    if plain in _CONFIDENCES:
        return _CONFIDENCES[plain], -1
    found = _PERCENT.fullmatch(plain)
    if found is None or int(found[1]) > 100:
        return None
    per_cent = int(found[1])
    return (LOW if per_cent < _NOMINAL_FROM else NOMINAL if per_cent < _HIGH_FROM else HIGH), per_cent


def read_level(text: str) -> int | None:
    """Return the level of processing by the ending of a version; none is standard processing.

    Examples
    --------
    >>> [read_level(text) for text in ("2.0NRT", "2.0URT", "6.1RT", "2", "6.03", "61.03", "new")]
    [2, 0, 1, 3, 3, 3, None]
    """
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        return None
    return _LEVELS[(found[1] or "SP").upper()]


def read_daynight(text: str) -> int | None:
    """Return 1 for day, 0 for night, -1 for a blank cell, None for anything else."""
    return _DAYNIGHT.get(text.strip().lower())


def read_type(text: str) -> int | None:
    """Return the type of FIRMS (0 to 3), -1 for a blank cell, None for anything else."""
    plain = text.strip().removesuffix(".0")
    return -1 if not plain else int(plain) if plain in {"0", "1", "2", "3"} else None
