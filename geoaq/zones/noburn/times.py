"""Whether a fire burned within the seasons and hours of a zone, in Beijing time (UTC+8, no summer time)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri

Seconds = npt.NDArray[np.int64]
BEIJING_S, DAY_S = 8 * 3600, 86_400
# Every month-day lies in a leap year: 02-29 is the day before 03-01 in all others.
_LEAP = np.datetime64("2024-01-01")


def days(seconds: Seconds) -> Seconds:
    """Return the days in Beijing (since 1970-01-01) of moments in seconds since 1970 UTC."""
    return (seconds + BEIJING_S) // DAY_S


def window_truth(
    first: Seconds,
    last: Seconds,
    seasons: Sequence[tuple[str, str]],
    hours: Sequence[tuple[str, str]],
    seen: Seconds | None = None,
) -> tuple[Tri, Tri]:
    """Return whether fires burned in any of the seasons, and in any of the hours.

    Parameters
    ----------
    first, last
        First and last detection, seconds since 1970 UTC, shape (n,).
    seasons, hours
        As of `geoaq.zones.noburn.Zone`; none are always kept.
    seen
        As of `geoaq.zones.noburn.Fires`; then ``first`` and ``last`` lie on one day.

    Returns
    -------
    tuple of Tri
        TRUE where the first detection, or the moment ``seen``, lies within; UNKNOWN where only another part
        of the fire does; FALSE.
    """
    season = _any(first, last, [_season(one) for one in seasons], first)
    return season, _any(first, last, [_hours(one) for one in hours], first if seen is None else seen)


def span_truth(first: Seconds, last: Seconds, begin: int, end: int) -> Tri:
    """Return whether fires burned between two moments (seconds, both included); in part: UNKNOWN."""
    inside = (first >= begin) & (last <= end)
    apart = (last < begin) | (first > end)
    truth: Tri = np.where(inside, TRUE, np.where(apart, FALSE, UNKNOWN)).astype(np.int8)
    return truth


def _any(first: Seconds, last: Seconds, windows: Sequence[tuple[int, int, int]], seen: Seconds) -> Tri:
    truth = np.full(len(first), FALSE if windows else TRUE, np.int8)
    for begin, end, period in windows:
        until = (begin - _within(first, period)) % period
        met = _inside(first, begin, end, period) | (until <= _between(first, last, period))
        sure = (seen >= 0) & _inside(seen, begin, end, period)
        truth = np.where(sure, TRUE, np.where(met & (truth == FALSE), UNKNOWN, truth)).astype(np.int8)
    return truth


def _inside(seconds: Seconds, begin: int, end: int, period: int) -> npt.NDArray[np.bool_]:
    at = _within(seconds, period)
    return (begin <= at) & (at <= end) if begin <= end else (at >= begin) | (at <= end)


def _within(seconds: Seconds, period: int) -> Seconds:
    """Return the second of the day, or the day of the (leap) year, in which a moment lies."""
    local = seconds + BEIJING_S
    if period == DAY_S:
        return local % DAY_S
    day = (local // DAY_S).astype("datetime64[D]")
    year = day.astype("datetime64[Y]")
    number = (day - year.astype("datetime64[D]")).astype(np.int64)
    leap = (year + 1).astype("datetime64[D]") - year.astype("datetime64[D]") == np.timedelta64(366, "D")
    within: Seconds = number + (~leap & (number >= 59))
    return within


def _between(first: Seconds, last: Seconds, period: int) -> Seconds:
    if period == DAY_S:
        return last - first
    # In days of leap years, as the seasons are: from 28 February to 1 March are always two.
    years = [
        (days(moment).astype("datetime64[D]").astype("datetime64[Y]")).astype(np.int64)
        for moment in (first, last)
    ]
    return (years[1] - years[0]) * period + _within(last, period) - _within(first, period)


def _season(window: tuple[str, str]) -> tuple[int, int, int]:
    begin, end = ((np.datetime64(f"2024-{text}") - _LEAP).astype(int) for text in window)
    return int(begin), int(end), 366


def _hours(window: tuple[str, str]) -> tuple[int, int, int]:
    begin, end = (int(text[:2]) * 3600 + int(text[3:]) * 60 for text in window)
    return begin, end + 59, DAY_S
