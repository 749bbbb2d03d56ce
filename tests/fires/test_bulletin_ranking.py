"""The ministry's bulletin of 29 September to 5 October 2014, and who is ranked by what.

Published on 8 October 2014 by the ministry: 74 points of suspected straw burning in 11 provinces, 38 more
than the week before, not verified on the spot; the five provinces of highest intensity.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geoaq.fires.bulletin import by_unit, change, group_pixels, ledger, passes, ranks, week_period
from geoaq.report.numbers import fixed
from tests.fires.bulletin_toy import NO_CHECKS, checks, county_units, events_of, judged

PUBLISHED = {
    "370000": 23, "410000": 22, "210000": 6, "130000": 6, "150000": 4, "230000": 4, "420000": 3, "220000": 3,
    "650000": 1, "620000": 1, "350000": 1,
}  # fmt: skip
#: Points per 1,000 ha as published, the first five; the hectares are those that the numbers imply.
INTENSITY = {
    "370000": "0.0030",
    "410000": "0.0028",
    "210000": "0.0015",
    "130000": "0.0009",
    "350000": "0.0007",
}
ARABLE = {
    "370000": 7.7e6, "410000": 7.9e6, "210000": 4.1e6, "130000": 6.5e6, "350000": 1.34e6, "150000": 7.1e6,
    "230000": 11.8e6, "420000": 4.7e6, "220000": 5.5e6, "650000": 4.1e6, "620000": 4.7e6,
}  # fmt: skip
COUNTIES = county_units(*(f"{code[:2]}0102" for code in PUBLISHED))
WEEK = week_period(date(2014, 10, 1), ends_at=17)


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    return judged(
        [
            {"adcode": f"{code[:2]}0102", "acquired": WEEK.since + 3600 * place, "lon": 116 + 0.1 * place}
            for code, count in PUBLISHED.items()
            for place in range(count)
        ]
    )


def units(points: pd.DataFrame, checked: pd.DataFrame, level: str = "province") -> pd.DataFrame:
    grouped = group_pixels(points, checked)
    arable = pd.Series(ARABLE)
    return by_unit(points, grouped, events_of(points), checked, COUNTIES, arable, level=level, surveyed=True)


def test_the_week_is_the_ministrys_week() -> None:
    assert (WEEK.first, WEEK.last) == (date(2014, 9, 29), date(2014, 10, 5))


def test_the_golden_bulletin_has_its_seventy_four_points_in_its_order(points: pd.DataFrame) -> None:
    found = units(points, NO_CHECKS)
    assert int(found["straw"].sum()) == 74
    assert found["straw"].to_dict() == PUBLISHED
    assert found["straw"].tolist() == list(PUBLISHED.values())
    # 辽宁 before 河北, 内蒙古 before 黑龙江, 湖北 before 吉林: as printed, by intensity among equals.
    assert found.index.tolist()[:8] == list(PUBLISHED)[:8]


def test_its_five_highest_intensities_are_those_published(points: pd.DataFrame) -> None:
    found = units(points, NO_CHECKS)["intensity"].sort_values(ascending=False)
    assert {code: fixed(value, 4) for code, value in found[:5].items()} == INTENSITY
    assert found.index.tolist()[:5] == list(INTENSITY)


def test_nobody_is_ranked_while_nothing_is_verified(points: pd.DataFrame) -> None:
    found = units(points, NO_CHECKS)
    assert (found[["rank", "rank_intensity", "verified"]] == 0).all(axis=None)


def test_all_verified_it_ranks_as_published_with_ties_sharing_a_rank(points: pd.DataFrame) -> None:
    found = units(points, checks(**dict.fromkeys(points["event"], "straw")))
    assert found["rank"].tolist() == [1, 2, 3, 3, 5, 5, 7, 7, 9, 9, 9]
    assert found.loc[list(INTENSITY), "rank_intensity"].tolist() == [1, 2, 3, 4, 5]
    assert found["verified"].to_dict() == PUBLISHED


def test_nobody_is_ranked_by_intensity_over_an_estimate_of_arable_land(points: pd.DataFrame) -> None:
    checked = checks(**dict.fromkeys(points["event"], "straw"))
    found = by_unit(
        points, group_pixels(points, checked), events_of(points), checked, COUNTIES, pd.Series(ARABLE),
        level="province", surveyed=False,
    )  # fmt: skip
    assert (found["rank"] > 0).all()
    assert (found["rank_intensity"] == 0).all()


def test_only_verified_points_count_for_a_rank(points: pd.DataFrame) -> None:
    hebei = points.loc[points["adcode"] == "130102", "event"]
    shandong = points.loc[points["adcode"] == "370102", "event"].iloc[:2]
    found = units(points, checks(**dict.fromkeys([*hebei, *shandong], "straw")))
    assert found.loc["130000", ["rank", "verified"]].tolist() == [1, 6]
    assert found.loc["370000", ["rank", "verified", "straw"]].tolist() == [2, 2, 23]
    assert found.loc["410000", "rank"] == 0


def test_what_was_checked_and_was_no_straw_leaves_the_points(points: pd.DataFrame) -> None:
    checked = checks(E0="not_straw", E1="no_trace", E2="pending")
    found = units(points, checked)
    assert found.loc["370000", "straw"] == 21
    rows = ledger(group_pixels(points, checked))
    assert rows["satellite"].to_dict() | {} == {
        "verified": 0, "straw_likely": 72, "mixed": 0, "unknown": 0, "suspect": 0, "not_cropland": 0,
        "static": 0, "checked_other": 1, "checked_no_trace": 1,
    }  # fmt: skip


def test_against_the_week_before_it_is_thirty_eight_more_with_four_new_provinces(
    points: pd.DataFrame,
) -> None:
    new = {"130000", "420000", "220000", "350000"}
    now = units(points, NO_CHECKS)["straw"]
    counts = (15, 12, 3, 2, 1, 1, 1, 1)  # by province they were not published
    codes = ("370000", "410000", "210000", "150000", "230000", "650000", "620000", "340000")
    then = pd.Series(counts, index=pd.Index(codes))
    before = WEEK.before()
    seen = {name: set(before.days) for name in ("terra", "aqua")}
    found = change(now, then, passes(before, dict.fromkeys(seen, date(2002, 7, 4)), seen), before)
    assert (found.points, found.difference, found.state) == (36, 38, "whole")
    assert set(found.new) == new
    assert found.gone == ("340000",)


def test_ranks_leave_out_what_has_no_number() -> None:
    assert ranks(pd.Series([float("nan"), float("nan")])).tolist() == [0, 0]


def test_a_county_without_arable_land_has_points_and_no_intensity(points: pd.DataFrame) -> None:
    found = units(points, NO_CHECKS, "county")
    assert found["intensity"].isna().all()
    assert int(found["straw"].sum()) == 74
