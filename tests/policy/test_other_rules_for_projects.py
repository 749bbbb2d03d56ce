"""What else bars a project at its place: coal, capacity, swaps, new boilers, captive units."""

from __future__ import annotations

from typing import Any

import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN

SITES = ("TS", "HZ", "WZ", "NJ", "SP", "NY")
MUST, SILENT, BAN = "A must due", "A must due national_only", "A principle due"


def found(screen: Any, example: Any, site: str, **changes: Any) -> Any:
    return screen(example.project(site, **changes), "project")


@pytest.mark.parametrize(
    ("site", "nation", "six"),
    [
        ("TS", MUST, "–"),
        ("HZ", MUST, MUST),
        ("WZ", f"{MUST} reference", "N six_cities"),
        ("NJ", SILENT, "–"),
        ("SP", "N key_region", "–"),
        ("NY", "N key_region", "–"),
    ],
)
def test_example_5b_coal_is_replaced_in_key_regions_and_less_in_six_cities(
    site: str, nation: str, six: str, screen: Any, example: Any
) -> None:
    for nature in ("new", "expansion", "rebuild", ""):
        rows = found(screen, example, site, uses_coal=TRUE, nature=nature)
        assert example.told(rows, "gf.coal.replace.key") == nation
        assert example.told(rows, "zj.coal.replace.six") == six
    if site == "WZ":
        assert rows["zj.coal.replace.six"].contested_by == "six_and_reference"


@pytest.mark.parametrize(
    ("coal", "expected"), [(FALSE, "N uses_coal"), (UNKNOWN, "R missing_attribute:uses_coal")]
)
def test_a_project_that_does_not_say_whether_it_burns_coal_is_asked(
    coal: int, expected: str, screen: Any, example: Any
) -> None:
    assert example.told(found(screen, example, "HZ", uses_coal=coal), "gf.coal.replace.key") == expected


@pytest.mark.parametrize(
    ("code", "adds", "expected"),
    [
        ("3120", TRUE, MUST),
        ("3120", FALSE, "N adds_capacity"),
        ("3120", UNKNOWN, "R missing_attribute:adds_capacity"),
        ("3130", TRUE, "R industry_wider"),
        ("3011", TRUE, "N steel"),
        ("", TRUE, "R missing_attribute:industry_code"),
    ],
)
def test_no_steel_capacity_is_added_anywhere(
    code: str, adds: int, expected: str, screen: Any, example: Any
) -> None:
    rows = found(screen, example, "TS", industry_code=code, adds_capacity=adds)
    assert example.told(rows, "gf.steel.newcap") == expected


def test_jilin_restates_the_ban_on_steel_and_zhejiang_is_silent(screen: Any, example: Any) -> None:
    steel = {"industry_code": "3110", "adds_capacity": TRUE}
    told = [
        example.told(found(screen, example, site, **steel), "gf.steel.newcap") for site in ("SP", "HZ", "NJ")
    ]
    assert told == [MUST, SILENT, MUST]


@pytest.mark.parametrize(
    ("code", "name", "stated", "expected"),
    [
        ("3011", "熟料生产线", TRUE, MUST),
        ("3011", "熟料生产线", UNKNOWN, "R missing_attribute:capacity_swap"),
        ("3011", "熟料生产线", FALSE, "R swap_plan_absent"),
        ("3011", "水泥粉磨站", UNKNOWN, "R industry_wider"),
        ("2110", "家具厂", UNKNOWN, "N swap"),
        ("2110", "家具厂", TRUE, MUST),
        ("", "某项目", UNKNOWN, "R missing_attribute:industry_code"),
    ],
)
def test_a_swap_of_capacity_is_involved_where_stated_or_where_the_trade_swaps(
    code: str, name: str, stated: int, expected: str, screen: Any, example: Any
) -> None:
    rows = found(screen, example, "TS", industry_code=code, name=name, capacity_swap=stated)
    assert example.told(rows, "gf.project.swap") == expected


@pytest.mark.parametrize(("site", "expected"), [("TS", MUST), ("HZ", MUST), ("SP", MUST), ("NJ", SILENT)])
def test_access_is_asked_of_every_new_or_altered_project(
    site: str, expected: str, screen: Any, example: Any
) -> None:
    assert example.told(found(screen, example, site), "gf.project.reduction") == expected


COAL = {"new_boiler_fuel": "coal", "new_boiler_tph": 30.0, "boiler_purpose": "industrial", "uses_coal": TRUE}


@pytest.mark.parametrize(
    ("site", "key", "own"),
    [
        ("TS", BAN, None),
        ("HZ", BAN, "zj.boiler.new"),
        ("WZ", f"{BAN} reference", "zj.boiler.new"),
        ("NJ", BAN, "js.boiler.new"),
        ("SP", "N key_region", None),
    ],
)
def test_a_project_s_new_coal_boiler_meets_the_bans_on_new_boilers(
    site: str, key: str, own: str | None, screen: Any, example: Any
) -> None:
    rows = found(screen, example, site, **COAL)
    assert example.told(rows, "gf.boiler.new.key") == key
    assert {rule for rule in rows if rule[3:] == "boiler.new"} == ({own} if own else set())
    if own:
        assert example.told(rows, own) == BAN
    heating = found(screen, example, site, **{**COAL, "boiler_purpose": "space_heating"})
    assert heating["gf.boiler.new.key"].outcome == "does_not_apply"
    steam = found(screen, example, site, **{**COAL, "boiler_purpose": "central_steam"})
    assert example.told(steam, "gf.boiler.new.key") in ("R undefined_term:space_heating", "N key_region")


@pytest.mark.parametrize(
    ("tph", "inside", "expected"),
    [
        (35.0, TRUE, "A principle due national_only"),
        (35.1, TRUE, "N capacity"),
        (30.0, FALSE, "N built_up"),
        (30.0, None, "R missing_layer:built_up"),
        (float("nan"), TRUE, "R missing_attribute:new_boiler_tph"),
    ],
)
def test_the_built_up_ban_reads_the_project_s_boiler(
    tph: float, inside: int | None, expected: str, screen: Any, example: Any
) -> None:
    rows = found(screen, example, "SP", **{**COAL, "new_boiler_tph": tph, "within.built_up": inside})
    assert example.told(rows, "gf.boiler.new.builtup") == expected


@pytest.mark.parametrize(
    ("boiler", "expected"),
    [
        ({}, "R missing_attribute:new_boiler_fuel;missing_attribute:boiler_purpose"),
        ({"uses_coal": FALSE}, "N new_coal_boiler"),
        ({"new_boiler_tph": 0.0}, "N new_coal_boiler"),
        ({"new_boiler_fuel": "gas", "new_boiler_tph": 20.0}, "N new_coal_boiler"),
        ({"new_boiler_fuel": "coal"}, "R missing_attribute:boiler_purpose"),
    ],
)
def test_a_project_without_a_boiler_is_cleared_only_where_it_says_so(
    boiler: dict[str, Any], expected: str, screen: Any, example: Any
) -> None:
    assert example.told(found(screen, example, "HZ", **boiler), "gf.boiler.new.key") == expected


def test_small_new_boilers_of_zhejiang_are_preferably_electric_or_gas(screen: Any, example: Any) -> None:
    small = {"new_boiler_fuel": "gas", "new_boiler_tph": 10.0, "boiler_purpose": "domestic"}
    row = found(screen, example, "HZ", **small)["zj.boiler.new.le10"]
    assert (row.outcome, row.contested_by) == ("applies", "industrial_use_only")
    large = found(screen, example, "HZ", **{**small, "new_boiler_tph": 10.1})
    assert example.told(large, "zj.boiler.new.le10") == "N capacity"


@pytest.mark.parametrize(
    ("site", "rule"),
    [("TS", "gf.captive.new"), ("HZ", "gf.captive.new"), ("SP", "jl.captive.new"), ("NJ", "js.captive.new")],
)
def test_a_new_captive_unit_is_asked_of_what_burns_coal(
    site: str, rule: str, screen: Any, example: Any
) -> None:
    asked = found(screen, example, site, uses_coal=TRUE)
    assert example.told(asked, rule) == "R missing_attribute:new_captive_unit"
    assert example.told(found(screen, example, site, uses_coal=FALSE), rule) == "N uses_coal"
    built = found(screen, example, site, uses_coal=TRUE, new_captive_unit=TRUE)
    assert example.told(built, rule) == BAN


def test_rules_for_boilers_and_units_are_not_asked_of_projects(screen: Any, example: Any) -> None:
    rows = found(screen, example, "HZ")
    assert not [rule for rule in rows if "chp30" in rule or "le35" in rule or "heatnet" in rule]
