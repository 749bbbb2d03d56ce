"""A plant is no anchor of its own boilers: known by name beside it, asked about where one may be its own."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.heating.own import same_name
from tests.zones.heating_toy import CONFIRMED, at, judge, outcome, plant

XIAOSHAN = plant("P", name="萧山热电厂", **CONFIRMED)


@pytest.mark.parametrize(
    ("name", "plant_name", "expected"),
    [
        ("萧山热电厂", "萧山热电厂", True),
        ("萧山 热电厂（1#锅炉）", "萧山热电厂", True),
        ("萧山热电厂2号锅炉", "浙江萧山热电厂有限公司", True),
        ("萧山热电有限公司", "杭州萧山热电股份有限公司", True),
        ("甲", "甲", True),
        ("热电厂", "萧山热电厂", False),
        ("热电联产电厂", "萧山热电联产电厂", False),
        ("萧山纸业", "萧山热电厂", False),
        ("", "萧山热电厂", False),
        ("萧山热电厂", "", False),
    ],
)
def test_names_agree_where_one_holds_the_other(name: str, plant_name: str, expected: bool) -> None:
    assert same_name(name, plant_name) is expected


@pytest.mark.parametrize(
    ("km", "name", "expected"),
    [
        (0.001, "萧山热电厂", (FALSE, "")),
        (1.9, "萧山热电厂3#锅炉", (FALSE, "")),
        (2.1, "萧山热电厂", (TRUE, "")),
        (0.01, "丙纸业", (UNKNOWN, "own_plant")),
        (0.01, "", (UNKNOWN, "own_plant")),
        (0.02, "丙纸业", (TRUE, "")),  # the budget is √(10² + 10²) = 14.14 m
    ],
)
def test_a_plant_does_not_heat_its_own_boilers(km: float, name: str, expected: tuple[int, str]) -> None:
    assert outcome(at(km, name=name), XIAOSHAN) == expected


def test_another_anchor_still_counts_for_a_plant_s_own_boilers() -> None:
    other = plant("Q", 120.1, 30.0, **CONFIRMED)
    found = judge([at(0.5, name="萧山热电厂"), at(0.01, name="丙纸业")], [XIAOSHAN, other])
    assert found.per_subject["truth"].tolist() == [TRUE, TRUE]
    assert found.per_subject["anchor_id"].tolist() == ["Q", "Q"]
    assert found.pairs["plant_id"].tolist() == ["Q", "P", "Q"]


def test_an_own_plant_far_from_every_other_shows_the_nearest_other_one() -> None:
    row = judge([at(0.5, name="萧山热电厂")], [XIAOSHAN, plant("Q", 121.0, 30.0)]).per_subject.iloc[0]
    assert (row["truth"], row["anchor_id"]) == (FALSE, "Q")


def test_a_largest_unit_of_that_size_settles_a_plant_of_unknown_total() -> None:
    large = plant(installed_mw=np.nan, largest_unit_mw=350.0, **CONFIRMED)
    assert outcome(at(10.0), large) == (TRUE, "")
    assert outcome(at(10.0), large | {"largest_unit_mw": 150.0}) == (UNKNOWN, "chp_capacity_missing")
