"""Reads the times that offices write: Beijing time unless they say otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from geoaq.io.cells.text import tidy

BEIJING_HOURS = 8.0

_DATE = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_CLOCK = r"(?:(上午|下午|am|pm) ?)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)? ?(am|pm)?"
_ZONE = r"(z|utc|gmt|bjt|cst|[+-]\d{2}:?\d{2})?"
_SPELT = re.compile(rf"{_DATE}(?:[t ]*{_CLOCK})? ?\(?{_ZONE}\)?", re.IGNORECASE)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})[t _]?(?:(\d{2})(\d{2})(\d{2})?)?")
# A time that lost its format in a workbook: days since 1899-12-30.
_SERIAL = re.compile(r"[3-6]\d{4}(?:\.\d+)?")
_SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_WORDS = (
    (r"北京时间?", "bjt"),
    (r"世界时", "utc"),
    (r"[年月]", "-"),
    (r"日|号", " "),
    (r"[时点](?=\s*\d)", ":"),
    (r"[时点]", ":00"),
    (r"分(?=\s*\d)", ":"),
)
_UTC = re.compile(r"utc|gmt|z", re.IGNORECASE)
_SPAN = re.compile(r"(\d+(?:\.\d+)?) ?(?:个)?(小时|h|分钟|min|天|日)(?:[之以]?内)?", re.IGNORECASE)
_SPAN_S = {"小时": 3600, "h": 3600, "分钟": 60, "min": 60, "天": 86_400, "日": 86_400}
_NOON = 12


@dataclass(frozen=True)
class Instant:
    """A time in seconds since 1970 UTC; ``day_only`` where the cell has no clock, taken as noon then."""

    seconds: int
    day_only: bool = False


def read_instant(text: str, hours: float = BEIJING_HOURS) -> Instant | None:
    """Return the time that a cell names, None where it names none.

    Parameters
    ----------
    text
        The cell.
    hours
        Zone of a time that states none, hours east of Greenwich.

    Examples
    --------
    >>> times = ["2025年6月11日13时32分", "2025/6/11 下午 1:32", "202506111332", "2025-06-11T05:32:00Z"]
    >>> {read_instant(text).seconds for text in times}
    {1749619920}
    >>> read_instant("2025-06-11"), read_instant("6月11日")
    (Instant(seconds=1749614400, day_only=True), None)
    """
    plain = tidy(text)
    if _SERIAL.fullmatch(plain):
        exact = _SERIAL_ZERO + timedelta(seconds=round(float(plain) * 86_400))
        return _instant(exact.replace(tzinfo=None), hours, day_only="." not in plain)
    for pattern, spelling in _WORDS:
        plain = re.sub(pattern, spelling, plain)
    plain = re.sub(r" ?[分秒]$", "", re.sub(r"\s+", " ", plain).strip())
    plain = re.sub(r"[秒分](?=\(|$)", "", plain)
    packed = _PACKED.fullmatch(plain.lower())
    if packed:
        parts = [int(part) if part else None for part in packed.groups()]
        return _built(parts[:3], parts[3:], hours)
    found = _SPELT.fullmatch(plain)
    if found is None:
        return None
    half = (found[4] or found[8] or "").lower()
    hour = None if found[5] is None else int(found[5])
    if hour is not None and half in {"下午", "pm"} and hour < _NOON:
        hour += _NOON
    if hour == _NOON and half == "am":
        hour = 0
    clock = [hour, *(None if part is None else int(part) for part in (found[6], found[7]))]
    return _built([int(part) for part in found.groups()[:3]], clock, _offset(found[9], hours))


def _built(day: list[int | None], clock: list[int | None], hours: float) -> Instant | None:
    year, month, number = (part or 0 for part in day)
    hour, minute, second = clock
    try:
        wall = datetime(year, month, number, _NOON if hour is None else hour, minute or 0, second or 0)  # noqa: DTZ001
    except ValueError:
        return None
    return _instant(wall, hours, day_only=hour is None)


def _instant(wall: datetime, hours: float, *, day_only: bool) -> Instant | None:
    if day_only:
        wall = wall.replace(hour=_NOON)
    if not 2000 <= wall.year <= 2100:
        return None
    zoned = wall.replace(tzinfo=timezone(timedelta(hours=hours)))
    return Instant(int(zoned.timestamp()), day_only)


def _offset(zone: str | None, hours: float) -> float:
    if zone is None:
        return hours
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        east = int(digits[:2]) + int(digits[2:]) / 60
        return -east if zone[0] == "-" else east
    return 0.0 if _UTC.fullmatch(zone) else BEIJING_HOURS


def zone_of_header(label: str) -> float:
    """Return the zone that a header states, Beijing time where it states none.

    Examples
    --------
    >>> zone_of_header("过境时间（UTC）"), zone_of_header("过境时间")
    (0.0, 8.0)
    """
    return 0.0 if re.search(r"utc|gmt|世界时", label, re.IGNORECASE) else BEIJING_HOURS


def read_span(text: str) -> int | None:
    """Return a span of time in seconds (``2小时内``, ``30分钟``), None where the cell names none.

    Examples
    --------
    >>> read_span("2小时内"), read_span("30分钟"), read_span("尽快")
    (7200, 1800, None)
    """
    found = _SPAN.fullmatch(tidy(text))
    return None if found is None else round(float(found[1]) * _SPAN_S[found[2].lower()])
