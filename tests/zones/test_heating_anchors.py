"""Who is an anchor: capacity by either reading, Zhejiang's other sentence, provinces, the plant itself."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from tests.zones.heating_toy import CONFIRMED, GEOD, at, judge, outcome, plant

# --- capacity and its readings


@pytest.mark.parametrize(("mw", "anchor"), [(300.0, True), (299.9, False), (3000.0, True)])
def test_the_least_capacity_includes_itself(mw: float, anchor: bool) -> None:
    expected = (TRUE, "") if anchor else (FALSE, "")
    assert outcome(at(10.0), plant(installed_mw=mw, **CONFIRMED)) == expected


def test_two_units_of_150_mw_are_an_anchor_as_a_plant_and_none_by_the_largest_unit() -> None:
    anchor = plant(installed_mw=300.0, largest_unit_mw=150.0, **CONFIRMED)
    assert outcome(at(28.0), anchor, reading="plant_total") == (TRUE, "")
    assert outcome(at(28.0), anchor, reading="largest_unit") == (FALSE, "")


def test_an_unknown_largest_unit_is_open_only_where_the_plant_is_large_enough() -> None:
    for mw, expected in ((600.0, (UNKNOWN, "chp_capacity_missing")), (250.0, (FALSE, ""))):
        anchor = plant(installed_mw=mw, largest_unit_mw=np.nan, **CONFIRMED)
        assert outcome(at(28.0), anchor, reading="largest_unit") == expected


# --- Zhejiang's other sentence


@pytest.mark.parametrize("more", [{"fuel": "nuclear"}, {"dispatched": 1}])
def test_a_nuclear_or_dispatched_plant_of_zhejiang_never_applies_on_its_own(more: dict[str, object]) -> None:
    anchor = plant(**CONFIRMED, **more)
    assert outcome(at(10.0), anchor) == (UNKNOWN, "other_clause")
    assert outcome(at(10.0), anchor | {"province_adcode": "320000"}) == (TRUE, "")
    assert outcome(at(10.0), anchor, plant("Q", **CONFIRMED)) == (TRUE, "")


def test_whether_a_plant_is_dispatched_may_be_unknown() -> None:
    assert outcome(at(10.0), plant(**CONFIRMED, dispatched=UNKNOWN)) == (TRUE, "")


# --- provinces


def test_an_anchor_across_the_province_border_counts_and_is_flagged() -> None:
    shanghai = plant("沪", province_adcode="310000", **CONFIRMED)
    row = judge([at(28.0)], [shanghai]).per_subject.iloc[0]
    assert (row["truth"], row["cross_province"]) == (TRUE, True)
    row = judge([at(28.0)], [shanghai, plant("浙", 120.2, 30.2, **CONFIRMED)]).per_subject.iloc[0]
    assert not row["cross_province"]
    row = judge([at(28.0)], [shanghai | {"province_adcode": ""}]).per_subject.iloc[0]
    assert not row["cross_province"]


# --- subjects that are plants themselves


def test_an_anchor_never_screens_itself_and_shows_the_nearest_other_one() -> None:
    plants = [plant("P", **CONFIRMED), plant("Q", 121.0, 30.0, **CONFIRMED)]
    own = at(0.0, plant_id="P")
    stranger = at(0.0, plant_id="")
    unlisted = at(0.0, plant_id="elsewhere")
    table = judge([own, stranger, unlisted], plants).per_subject
    assert table["truth"].tolist() == [FALSE, UNKNOWN, UNKNOWN]
    assert table["reasons"].tolist() == ["", "own_plant", "own_plant"]
    assert table["anchor_id"].tolist() == ["Q", "P", "P"]
    assert table["distance_m"].iloc[0] == pytest.approx(float(GEOD.inv(120, 30, 121, 30)[2]), abs=1e-6)
