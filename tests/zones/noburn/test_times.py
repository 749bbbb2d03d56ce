"""Seasons and hours in Beijing time: over New Year, over midnight, through 29 February."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.noburn import days, span_truth, window_truth

CHINA = ZoneInfo("Asia/Shanghai")


def seconds(*texts: str) -> np.ndarray:
    return np.array([int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp()) for text in texts])


def season(begin: str, end: str, *moments: str) -> list[int]:
    at = seconds(*moments)
    return [int(truth) for truth in window_truth(at, at, [(begin, end)], [])[0]]


def test_a_day_begins_at_midnight_in_beijing() -> None:
    assert np.diff(days(seconds("2024-09-30T23:59", "2024-10-01T00:00"))).tolist() == [1]


def test_a_season_includes_both_its_days_and_runs_over_new_year() -> None:
    moments = ("2024-09-30T23:59", "2024-10-01T00:00", "2024-11-30T23:59", "2024-12-01T00:00")
    assert season("10-01", "11-30", *moments) == [FALSE, TRUE, TRUE, FALSE]
    moments = ("2025-01-05T12:00", "2025-02-28T12:00", "2025-03-01T00:00", "2024-11-01T00:00")
    assert season("11-01", "02-28", *moments) == [TRUE, TRUE, FALSE, TRUE]


def test_the_leap_day_moves_no_other_day() -> None:
    for year in (2023, 2024):
        assert season("03-01", "03-31", f"{year}-02-28T12:00", f"{year}-03-01T00:00") == [FALSE, TRUE]
    assert season("02-20", "02-29", "2024-02-29T12:00", "2023-03-01T00:00") == [TRUE, FALSE]


def test_hours_include_their_last_minute_and_run_over_midnight() -> None:
    at = seconds("2024-10-20T05:59", "2024-10-20T06:00", "2024-10-20T20:00", "2024-10-20T20:01")
    assert window_truth(at, at, [], [("06:00", "20:00")])[1].tolist() == [FALSE, TRUE, TRUE, FALSE]
    at = seconds("2024-10-20T23:30", "2024-10-21T05:59", "2024-10-21T12:00")
    assert window_truth(at, at, [], [("20:00", "06:00")])[1].tolist() == [TRUE, TRUE, FALSE]


def test_several_windows_are_any_of_them_and_none_is_always() -> None:
    at = seconds("2024-06-10T12:00", "2024-08-10T12:00", "2024-10-10T12:00")
    windows = [("05-25", "06-30"), ("09-15", "11-10")]
    assert window_truth(at, at, windows, [])[0].tolist() == [TRUE, FALSE, TRUE]
    assert window_truth(at, at, [], [])[0].tolist() == [TRUE, TRUE, TRUE]


@pytest.mark.parametrize(("last", "truth"), [("2024-10-20T05:59", FALSE), ("2024-10-20T06:00", UNKNOWN)])
def test_a_fire_that_reaches_the_window_later_is_open(last: str, truth: int) -> None:
    first = seconds("2024-10-19T21:00")
    assert window_truth(first, seconds(last), [], [("06:00", "20:00")])[1].tolist() == [truth]
    first = seconds("2024-09-28T12:00")
    assert window_truth(first, seconds("2024-10-01T01:00"), [("10-01", "11-30")], [])[0].tolist() == [UNKNOWN]


def test_a_span_holds_what_lies_within_it_and_leaves_open_what_lies_across() -> None:
    first, last = np.array([0, 10, 5, 30]), np.array([5, 20, 25, 40])
    assert span_truth(first, last, 10, 29).tolist() == [FALSE, TRUE, UNKNOWN, FALSE]


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001
    st.dates(datetime(2024, 1, 1).date(), datetime(2024, 12, 31).date()),  # noqa: DTZ001
    st.dates(datetime(2024, 1, 1).date(), datetime(2024, 12, 31).date()),  # noqa: DTZ001
)
def test_a_season_is_what_comparing_month_and_day_says(moment: datetime, begin: object, end: object) -> None:
    first, last = f"{begin:%m-%d}", f"{end:%m-%d}"
    at, day = seconds(moment.isoformat()), f"{moment:%m-%d}"
    inside = first <= day <= last if first <= last else day >= first or day <= last
    assert window_truth(at, at, [(first, last)], [])[0].tolist() == [TRUE if inside else FALSE]


def test_a_fire_that_runs_over_the_end_of_february_into_a_season_is_open_in_any_year() -> None:
    for year in (2023, 2024):
        first, last = seconds(f"{year}-02-28T12:00"), seconds(f"{year}-03-01T12:00")
        assert window_truth(first, last, [("03-01", "05-31")], [])[0].tolist() == [UNKNOWN]
        assert window_truth(first, first, [("03-01", "05-31")], [])[0].tolist() == [FALSE]
    first, last = seconds("2023-12-31T12:00"), seconds("2024-01-01T12:00")
    assert window_truth(first, last, [("01-01", "01-31")], [])[0].tolist() == [UNKNOWN]
