"""Whom a document reaches: places near a border, provinces that are silent, days of effect."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geoaq.findings import TRUE
from geoaq.policy import Pack, evaluate
from geoaq.policy.evaluate import silent_provinces


def test_a_place_within_its_error_of_a_region_needs_review(screen: Any, example: Any) -> None:
    # 唐山 玉田 against 承德 宽城: key on one side only
    edge = {"alternatives": "130827", "boundary_reason": "inside_margin"}
    assert example.told(screen(example.boiler("130229", **edge)), "gf.boiler.le35.key") == "R inside_margin"
    other = {"alternatives": "130827", "boundary_reason": "conflicting_sources"}
    told = example.told(screen(example.boiler("130229", **other)), "gf.boiler.le35.key")
    assert told == "R conflicting_sources"
    # two key prefectures: whichever it is, the answer is the same
    both = {"alternatives": "120119", "boundary_reason": "inside_margin"}
    assert example.told(screen(example.boiler("130229", **both)), "gf.boiler.le35.key") == "A basic overdue"


def test_a_place_at_a_provincial_border_gets_the_rows_of_both_provinces(screen: Any, example: Any) -> None:
    found = screen(example.boiler("320509", alternatives="330421", boundary_reason="inside_margin"))
    assert example.told(found, "js.boiler.le35") == "R inside_margin"
    assert example.told(found, "zj.boiler.eq35") == "R inside_margin"
    assert example.told(found, "gf.boiler.le35.key") == "A basic overdue"


def test_a_point_that_lies_nowhere_gets_the_national_rules_as_review(screen: Any, example: Any) -> None:
    found = screen(example.boiler(""))
    assert example.told(found, "gf.boiler.le35.key") == "R missing_attribute:adcode"
    assert {rule.split(".")[0] for rule in found} == {"gf"}
    assert {row.outcome for row in screen(example.boiler("", fuel="gas")).values()} == {"does_not_apply"}


def test_jiyuan_is_key_though_no_prefecture_holds_it(screen: Any, example: Any) -> None:
    assert example.told(screen(example.boiler("419001")), "gf.boiler.le35.key") == "A basic overdue"


def test_a_province_adds_and_never_deletes(screen: Any, example: Any) -> None:
    """With every province in force the national rows are the same as with the nation alone."""
    alone = date(2024, 4, 1)
    for site in example.sites:
        national = {r: row.outcome for r, row in screen(example.boiler(site), as_of=alone).items()}
        assert all(rule.startswith("gf.") for rule in national)
        now = screen(example.boiler(site))
        for rule, outcome in national.items():
            widened = site == "WZ" and rule in ("gf.boiler.le35.key", "gf.boiler.ule.key")
            assert now[rule].outcome == ("applies" if widened else outcome)


def test_wenzhou_is_reached_only_while_the_text_of_zhejiang_is_in_force(screen: Any, example: Any) -> None:
    before = screen(example.boiler("WZ"), as_of=date(2024, 5, 21))
    assert example.told(before, "gf.boiler.le35.key") == "N key_region"
    after = screen(example.boiler("WZ"), as_of=date(2024, 5, 22))
    assert example.told(after, "gf.boiler.le35.key") == "A basic not_yet reference"


@pytest.mark.parametrize(
    ("as_of", "sources"),
    [
        (date(2023, 11, 29), set()),
        (date(2023, 11, 30), {"gf"}),
        (date(2024, 4, 22), {"gf", "jl"}),
        (date(2024, 5, 22), {"gf", "jl", "zj"}),
        (date(2024, 7, 11), {"gf", "jl", "zj", "js"}),
    ],
)
def test_nothing_is_cited_before_it_was_issued(
    as_of: date, sources: set[str], pack: Pack, example: Any
) -> None:
    subjects = [example.boiler(site) for site in example.sites]
    long = evaluate(pack, example.columns(subjects), subject="boiler", as_of=as_of)
    assert {str(rule).split(".")[0] for rule in long["rule_id"]} == sources
    assert len(long) == 0 or as_of >= date(2023, 11, 30)


def test_last_winters_screening_gives_last_winters_answer(screen: Any, example: Any) -> None:
    then = screen(
        example.boiler("CC", capacity_tph=8.0, pm25_annual=32.0, pm25_year=2024), as_of=date(2026, 1, 15)
    )
    assert then["jl.boiler.le10.nonattain"].contested_by == ""  # GB 3095-2026 was not yet in force


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (float("nan"), "R missing_attribute:pm25_year"),
        (2025.0, "A basic overdue"),
        (2026.0, "R undefined_term:attainment"),
    ],
)
def test_an_attainment_without_a_full_year_by_2025_decides_nothing(
    year: float, expected: str, screen: Any, example: Any
) -> None:
    found = screen(example.boiler("CC", capacity_tph=8.0, pm25_annual=40.0, pm25_year=year))
    assert example.told(found, "jl.boiler.le10.nonattain") == expected
    city_missing = screen(example.boiler("CC", capacity_tph=8.0, pm25_annual=float("nan")))
    assert example.told(city_missing, "jl.boiler.le10.nonattain") == "R missing_attribute:pm25_annual"


def test_a_silent_province_leaves_the_national_rule_and_says_so(
    pack: Pack, screen: Any, example: Any
) -> None:
    as_of = example.as_of
    assert silent_provinces(pack, pack.rules["gf.boiler.heatnet"], as_of) == {"320000"}
    assert silent_provinces(pack, pack.rules["gf.captive.new"], as_of) == set()
    assert silent_provinces(pack, pack.rules["gf.boiler.chp30"], as_of) == {"220000"}
    inside = {"within.heat_network": TRUE}
    told = [
        example.told(screen(example.boiler(site, **inside)), "gf.boiler.heatnet")
        for site in ("TS", "NJ", "CC")
    ]
    assert told == ["A must no_date", "A must no_date national_only", "A must no_date"]
