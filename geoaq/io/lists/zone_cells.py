"""Days, seasons and hours as an office writes them beside a zone; all in Beijing time."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from geoaq.io.fires.beijing import read_instant

Pairs = tuple[tuple[str, str], ...]
_BEIJING = timedelta(hours=8)
_PARTS = re.compile(r"[;；、,，/]")
_DAY = r"(\d{1,2})(?:[-./]|月)(\d{1,2})(?:日|号)?"
_TIME = r"(\d{1,2})(?:[:时点](?:(\d{1,2})分?)?)?"
_TO = r"\s*(?:[-~–—至到])\s*(?:次年|次日|翌日)?"
_SEASON = re.compile(_DAY + _TO + _DAY)
_HOURS = re.compile(_TIME + _TO + _TIME)
_ALWAYS = ("", "全年", "全天", "全年全天", "全年禁烧", "24小时")


def read_day(text: str) -> date | None:
    """Return the day that a cell names, None where it names none.

    Examples
    --------
    >>> read_day("2024年9月20日"), read_day("2024-09-20"), read_day("明年")
    (datetime.date(2024, 9, 20), datetime.date(2024, 9, 20), None)
    """
    found = read_instant(text)
    return None if found is None else (datetime.fromtimestamp(found.seconds, UTC) + _BEIJING).date()


def read_seasons(text: str) -> Pairs | None:
    """Return the seasons of a cell as pairs of month-days, None where one cannot be read.

    Examples
    --------
    >>> read_seasons("5月25日至6月30日；9月15日至次年1月10日")
    (('05-25', '06-30'), ('09-15', '01-10'))
    >>> read_seasons("全年"), read_seasons("10.1-11.30"), read_seasons("秋收期"), read_seasons("2-30至3-1")
    ((), (('10-01', '11-30'),), None, None)
    """
    pairs = []
    for part in _parts(text, r"[;；、,，]"):
        found = _SEASON.fullmatch(part)
        if found is None:
            return None
        numbers = [int(group) for group in found.groups()]
        try:
            days = [date(2024, *numbers[at : at + 2]) for at in (0, 2)]
        except ValueError:
            return None
        pairs.append((f"{days[0]:%m-%d}", f"{days[1]:%m-%d}"))
    return tuple(pairs)


def read_hours(text: str) -> Pairs | None:
    """Return the hours of a cell as pairs of times of day, None where one cannot be read.

    Examples
    --------
    >>> read_hours("6时至20时"), read_hours("18:30-次日6:00"), read_hours("全天"), read_hours("25:00-26:00")
    ((('06:00', '20:00'),), (('18:30', '06:00'),), (), None)
    """
    pairs = []
    for part in _parts(text, _PARTS.pattern):
        found = _HOURS.fullmatch(part)
        if found is None:
            return None
        hour, minute, to_hour, to_minute = (int(group or 0) for group in found.groups())
        if to_hour == 24 and to_minute == 0:
            to_hour, to_minute = 23, 59
        if max(hour, to_hour) > 23 or max(minute, to_minute) > 59:
            return None
        pairs.append((f"{hour:02}:{minute:02}", f"{to_hour:02}:{to_minute:02}"))
    return tuple(pairs)


def _parts(text: str, parting: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _ALWAYS:
        return []
    return [part.strip() for part in re.split(parting, plain) if part.strip()]
