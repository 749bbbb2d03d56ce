"""The days that a bulletin is about: a day of report runs from 17:00 to 17:00, Beijing time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["day", "week", "range"]
DAY_S = 86_400
_EPOCH = date(1970, 1, 1)
_CHINA_S = 8 * 3600


@dataclass(frozen=True)
class Period:
    """Days of report, the first and the last included.

    The day of report of a date ends on that date at ``ends_at`` o'clock and began 24 hours earlier; with 24
    it is the calendar day.

    Parameters
    ----------
    kind
        ``day``, ``week`` (Monday to Sunday) or ``range``.
    first, last
        Dates of the days of report.
    ends_at
        Hour of Beijing time, 1 to 24.
    """

    kind: Kind
    first: date
    last: date
    ends_at: int

    def __post_init__(self) -> None:
        if self.last < self.first or not 1 <= self.ends_at <= 24:
            raise ValueError(f"{self.first} {self.last} {self.ends_at}")

    @property
    def since(self) -> int:
        """Return its first second, since 1970 UTC."""
        return self._end(self.first) - DAY_S

    @property
    def until(self) -> int:
        """Return the first second after it, since 1970 UTC."""
        return self._end(self.last)

    @property
    def days(self) -> tuple[date, ...]:
        """Return the dates of its days of report."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def span(self, day: date) -> tuple[int, int]:
        """Return the first second of one day of report, and the first after it."""
        return self._end(day) - DAY_S, self._end(day)

    def before(self) -> Period:
        """Return the period of the same length that ends where this one begins."""
        shift = timedelta(days=len(self.days))
        return Period(self.kind, self.first - shift, self.last - shift, self.ends_at)

    def year_before(self, years: int = 1) -> Period:
        """Return the same dates of an earlier year; 29 February becomes the 28th, the length stays."""
        first = same_day(self.first, self.first.year - years)
        return Period(self.kind, first, first + (self.last - self.first), self.ends_at)

    def _end(self, day: date) -> int:
        return (day - _EPOCH).days * DAY_S + self.ends_at * 3600 - _CHINA_S


def day_period(day: date, *, ends_at: int) -> Period:
    """Return the day of report that ends on a date."""
    return Period("day", day, day, ends_at)


def week_period(day: date, *, ends_at: int) -> Period:
    """Return the week, Monday to Sunday, that holds a day of report."""
    monday = day - timedelta(days=day.weekday())
    return Period("week", monday, monday + timedelta(days=6), ends_at)


def report_day(moment: int, *, ends_at: int) -> date:
    """Return the day of report that holds a moment (seconds since 1970 UTC).

    Examples
    --------
    >>> report_day(1_412_067_600, ends_at=17)  # 2014-09-30 17:00 in Beijing
    datetime.date(2014, 10, 1)
    """
    return _EPOCH + timedelta(days=(moment + _CHINA_S - ends_at * 3600) // DAY_S + 1)


def same_day(day: date, year: int) -> date:
    """Return the same day of another year, 28 February where it has no 29th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
