"""What decides an outcome: bounds, statuses, layers, and what another reading would say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import Pack, evaluate


@pytest.mark.parametrize(
    ("capacity", "lt35", "eq35", "le35", "lt65"),
    [
        (34.0, "A", "N", "A", "A"),
        (34.999, "A", "N", "A", "A"),
        (24.5 / 0.7, "N", "A", "A", "A"),
        (35.0, "N", "A", "A", "A"),
        (35.001, "N", "N", "N", "A"),
        (64.9, "N", "N", "N", "A"),
        (65.0, "N", "N", "N", "N"),
        (75.0, "N", "N", "N", "N"),
    ],
)
def test_bounds_fall_as_they_are_printed(
    capacity: float, lt35: str, eq35: str, le35: str, lt65: str, screen: Any, example: Any
) -> None:
    found = screen(example.boiler("HZ", capacity_tph=capacity))
    rules = ("zj.boiler.lt35", "zj.boiler.eq35", "gf.boiler.le35.key", "zj.boiler.lt65")
    assert [example.told(found, rule)[0] for rule in rules] == [lt35, eq35, le35, lt65]


def test_exactly_65_is_contested_in_both_directions_and_35_is_settled(screen: Any, example: Any) -> None:
    zhejiang = screen(example.boiler("HZ", capacity_tph=45.5 / 0.7))["zj.boiler.lt65"]
    assert (zhejiang.outcome, zhejiang.contested_by) == ("does_not_apply", "below_65_inclusive")
    jilin = screen(example.boiler("CC", capacity_tph=65.0))["jl.boiler.ule65"]
    assert (jilin.outcome, jilin.contested_by) == ("applies", "above_65_exclusive")
    assert screen(example.boiler("HZ"))["zj.boiler.lt35"].contested_by == ""
    assert screen(example.boiler("CC", capacity_tph=66.0))["jl.boiler.ule65"].contested_by == ""


def test_a_strict_screening_turns_contested_into_review(screen: Any, example: Any) -> None:
    row = screen(example.boiler("CC", capacity_tph=65.0), strict=True)["jl.boiler.ule65"]
    assert (row.outcome, row.reasons, row.failed_condition) == ("needs_review", "contested", "")


@pytest.mark.parametrize(
    ("status", "eliminated_by", "expected"),
    [
        ("operating", "", "A basic overdue"),
        ("standby", "", "A basic overdue"),
        ("stopped", "", "R elimination_evidence"),
        ("stopped", "flue_cut", "N existing"),
        ("demolished", "", "N existing"),
        ("", "demolished", "N existing"),
        ("", "", "R missing_attribute:status"),
        ("planned", "", "N existing"),
        ("operating", "clean_energy", "R conflicting_sources"),
    ],
)
def test_stopped_is_not_eliminated(
    status: str, eliminated_by: str, expected: str, screen: Any, example: Any
) -> None:
    found = screen(example.boiler("TS", status=status, eliminated_by=eliminated_by))
    assert example.told(found, "gf.boiler.le35.key") == expected
    eliminated = status == "demolished" or (eliminated_by and status != "operating")
    assert found["gf.boiler.le35.key"].reasons == (
        "eliminated" if eliminated else expected[2:] * (expected[0] == "R")
    )


@pytest.mark.parametrize(
    ("boiler_class", "industry", "expected"),
    [
        ("", "", "A basic overdue"),
        ("", "4430", "A basic overdue"),
        ("", "4412", "R missing_attribute:boiler_class"),
        ("steam", "4412", "A basic overdue"),
        ("power_station", "", "N boiler"),
        ("facility", "", "N boiler"),
        ("hot_air", "", "R undefined_term:boiler_word"),
    ],
)
def test_a_power_station_boiler_is_left_out_and_a_blank_class_is_ordinary(
    boiler_class: str, industry: str, expected: str, screen: Any, example: Any
) -> None:
    found = screen(example.boiler("TS", boiler_class=boiler_class, industry_code=industry))
    assert example.told(found, "gf.boiler.le35.key") == expected


def test_jilin_names_power_boilers_and_so_reaches_them(screen: Any, example: Any) -> None:
    found = screen(example.boiler("CC", capacity_tph=410.0, boiler_class="power_station"))
    assert example.told(found, "jl.boiler.ule65") == "A basic overdue"
    blank = screen(example.boiler("CC", capacity_tph=410.0, boiler_class="", industry_code="4411"))
    assert example.told(blank, "jl.boiler.ule65") == "A basic overdue"


@pytest.mark.parametrize(
    ("site", "rule"), [("TS", "gf.coalfacility.key"), ("HZ", "zj.coalfacility"), ("NJ", "js.coalfacility")]
)
def test_a_stove_is_a_facility_and_not_a_boiler(site: str, rule: str, screen: Any, example: Any) -> None:
    found = screen(example.boiler(site, boiler_class="facility", capacity_tph=float("nan")))
    assert example.told(found, rule) == "A basic overdue"
    inside = screen(example.boiler(site, boiler_class="facility", **{"within.heat_network": TRUE}))
    assert example.told(inside, "gf.boiler.heatnet") == "R undefined_term:loose_coal"


def test_fuel_and_purpose_that_are_not_stated_need_review(screen: Any, example: Any) -> None:
    found = screen(example.boiler("TS", fuel=""))
    assert example.told(found, "gf.boiler.le35.key") == "R missing_attribute:fuel"
    new = screen(example.boiler("TS", status="planned", purpose=""))
    assert example.told(new, "gf.boiler.new.key") == "R missing_attribute:purpose"


def test_the_ban_in_built_up_areas_exempts_no_heating_and_leaves_county_seats_open(
    screen: Any, example: Any
) -> None:
    inside = {"status": "planned", "capacity_tph": 30.0, "purpose": "space_heating", "within.built_up": TRUE}
    rule = "gf.boiler.new.builtup"
    assert example.told(screen(example.boiler("CC", **inside)), rule) == "A principle due national_only"
    city = screen(example.boiler("320981", **inside))
    assert example.told(city, rule) == "A principle due national_only"
    seat = screen(example.boiler("130224", **inside))
    assert example.told(seat, rule) == "R undefined_term:city_built_up"
    assert example.told(screen(example.boiler("419001", **inside)), rule) == "A principle due"


@pytest.mark.parametrize(
    ("layer", "stated", "expected"),
    [
        (TRUE, UNKNOWN, "A must no_date national_only"),
        (FALSE, UNKNOWN, "N heat_network"),
        (UNKNOWN, UNKNOWN, "R inside_margin"),
        (None, UNKNOWN, "R missing_layer:heat_network"),
        (None, TRUE, "R missing_layer:heat_network;stated_inside:heat_network"),
        (None, FALSE, "R missing_layer:heat_network;stated_outside:heat_network"),
        (TRUE, FALSE, "R conflicting_sources"),
        (FALSE, TRUE, "R conflicting_sources"),
        (TRUE, TRUE, "A must no_date national_only"),
    ],
)
def test_the_own_word_of_a_row_never_decides_alone(
    layer: int | None, stated: int, expected: str, screen: Any, example: Any
) -> None:
    facts = example.boiler("NJ", heat_network_stated=stated, **{"within.heat_network": layer})
    assert example.told(screen(facts), "gf.boiler.heatnet") == expected


def test_what_is_absent_altogether_is_unknown(pack: Pack, example: Any) -> None:
    facts = {**{k: np.array([v]) for k, v in example.place("TS").items()}, "fuel": np.array(["coal"])}
    long = evaluate(pack, facts, subject="boiler", as_of=example.as_of).set_index("rule_id")
    assert long.loc["gf.boiler.chp30", "reasons"] == "missing_attribute:status;missing_layer:chp_plants"
    assert long.loc["gf.boiler.le35.key", "truth"] == "TTTUU"


def test_columns_may_be_series_categoricals_or_arrays(pack: Pack, example: Any) -> None:
    subjects = [example.boiler(site) for site in example.sites]
    plain = example.columns(subjects)
    other = {
        name: pd.Categorical(values) if values.dtype.kind == "U" else pd.Series(values, index=[9, 8, 7, 6, 5])
        for name, values in plain.items()
    }
    blank = {name: None if name == "industry_code" else values for name, values in other.items()}
    blank["industry_code"] = pd.Series([None] * len(subjects), dtype=object)
    first, *others = (
        evaluate(pack, facts, subject="boiler", as_of=example.as_of).astype(str)
        for facts in (plain, other, blank)
    )
    for frame in others:
        pd.testing.assert_frame_equal(first, frame)


def test_a_chunk_is_told_by_subject_and_then_in_the_order_of_the_pack(pack: Pack, example: Any) -> None:
    subjects = [example.boiler(site) for site in example.sites]
    long = evaluate(pack, example.columns(subjects), subject="boiler", as_of=example.as_of)
    assert (np.diff(long["subject"]) >= 0).all()
    order = {rule: i for i, rule in enumerate(pack.rules)}
    for _, rows in long.groupby("subject"):
        assert rows["rule_id"].map(order).is_monotonic_increasing
    alone = [evaluate(pack, example.columns([s]), subject="boiler", as_of=example.as_of) for s in subjects]
    single = pd.concat([f.astype(str).assign(subject=str(i)) for i, f in enumerate(alone)], ignore_index=True)
    pd.testing.assert_frame_equal(long.astype(str), single)


OPEN_FLAG = "missing_attribute:backward_listed;inside_margin"
UNIT_CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("TS", {"status": "stopped"}, "gf.chpsmall.chp30", f"R elimination_evidence;{OPEN_FLAG}"),
    ("TS", {"backward_listed": TRUE, "distance": 28.0}, "gf.chpsmall.chp30", "A must overdue"),
    ("TS", {"backward_listed": FALSE, "distance": 28.0}, "gf.chpsmall.chp30", "N backward"),
    ("TS", {"chp": FALSE}, "gf.chpsmall.chp30", "N chp"),
    ("NJ", {"backward_listed": TRUE, "distance": 28.0}, "js.chpsmall.chp30", "A must no_date"),
    ("HZ", {"capacity_mw": 300.0}, "zj.power.ge300", "A support no_date"),
    ("HZ", {"capacity_mw": 299.9}, "zj.power.ge300", "N capacity"),
    ("NJ", {"capacity_mw": 100.0}, "js.power.scr100", "A strive overdue"),
    ("NJ", {"capacity_mw": 99.0}, "js.power.scr100", "N capacity"),
    ("HZ", {}, "zj.captive.exit", "R undefined_term:conditions_exist"),
    ("HZ", {"captive": FALSE}, "zj.captive.exit", "N captive"),
    ("CC", {"status": "planned"}, "jl.captive.new", "A principle due"),
    ("CC", {"status": "planned"}, "gf.captive.new", "A principle due"),
    ("TS", {"status": "planned", "captive": UNKNOWN}, "gf.captive.new", "R missing_attribute:captive"),
    ("NJ", {"status": "planned"}, "js.captive.new", "A principle due"),
]


@pytest.mark.parametrize(("site", "changes", "rule", "expected"), UNIT_CASES)
def test_units_are_subjects_of_their_own(
    site: str, changes: dict[str, Any], rule: str, expected: str, screen: Any, example: Any
) -> None:
    near = example.anchor(TRUE, changes.pop("distance")) if "distance" in changes else {}
    assert example.told(screen(example.unit(site, **near, **changes), "unit"), rule) == expected


@pytest.mark.parametrize(
    ("facts", "rule", "expected"),
    [
        ({"fuel": "biomass"}, "gf.boiler.biomass", "A must due"),
        (
            {"fuel": "biomass", "boiler_class": "power_station"},
            "gf.boiler.biomass",
            "R undefined_term:boiler_word",
        ),
        ({"fuel": "biomass", "capacity_tph": 2.0}, "zj.boiler.biomass2", "A must overdue"),
        ({"fuel": "biomass", "capacity_tph": 2.1}, "zj.boiler.biomass2", "N capacity"),
        ({"fuel": "gas", "status": "planned", "capacity_tph": 10.0}, "zj.boiler.new.le10", "A prefer due"),
        ({"fuel": "gas", "status": "planned", "capacity_tph": 10.1}, "zj.boiler.new.le10", "N capacity"),
        ({}, "zj.boiler.captive.ule", "R missing_attribute:ule_stable"),
        ({"ule_stable": TRUE}, "zj.boiler.captive.ule", "N not_stable"),
        ({"ule_stable": FALSE}, "zj.boiler.captive.ule", "A must overdue"),
    ],
)
def test_the_other_rules_for_boilers_in_zhejiang(
    facts: dict[str, Any], rule: str, expected: str, screen: Any, example: Any
) -> None:
    assert example.told(screen(example.boiler("HZ", **facts)), rule) == expected


def test_heating_use_contests_the_clause_for_industrial_boilers(screen: Any, example: Any) -> None:
    new = example.boiler("HZ", status="planned", capacity_tph=6.0, fuel="gas", purpose="space_heating")
    row = screen(new)["zj.boiler.new.le10"]
    assert (row.outcome, row.contested_by) == ("applies", "industrial_use_only")


def test_nox_of_biomass_in_jilin_needs_data_that_a_list_does_not_hold(screen: Any, example: Any) -> None:
    found = screen(example.boiler("CC", fuel="biomass"))
    assert example.told(found, "jl.boiler.biomass.nox") == "R missing_attribute:nox_stable"
    assert example.told(found, "gf.boiler.biomass") == "A must due"
