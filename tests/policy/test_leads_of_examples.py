"""The rule that leads in the worked examples 1, 2 and 5: the province's own sentence before the nation's."""

from __future__ import annotations

from typing import Any

import pytest

from geoaq.findings import TRUE, UNKNOWN
from geoaq.policy import Pack, evaluate, lead

SITES = ("TS", "HZ", "WZ", "NJ", "CC")
Led = tuple[str, str, str]
NOT: Led = ("not", "", "")


def by_site(*leads: Led) -> list[Any]:
    return [pytest.param(site, one, id=site) for site, one in zip(SITES, leads, strict=True)]


def told(row: Any) -> Led:
    return row["lead"], row["lead_rule"], row["lead_timing"]


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("applies", "gf.boiler.le35.key", "overdue"),
        ("applies", "zj.boiler.eq35", "overdue"),
        ("applies", "zj.boiler.eq35", "overdue"),
        ("applies", "js.boiler.le35", "overdue"),
        NOT,
    ),
)
def test_example_1(site: str, expected: Led, led: Any, example: Any) -> None:
    assert told(led(example.boiler(site))) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("applies", "gf.boiler.chp30", "overdue"),
        ("applies", "zj.boiler.chp30", "no_date"),
        ("applies", "zj.boiler.chp30", "no_date"),
        ("applies", "js.boiler.chp30", "no_date"),
        ("applies", "jl.boiler.ule65", "overdue"),
    ),
)
def test_example_2_u1(site: str, expected: Led, led: Any, example: Any) -> None:
    u1 = example.boiler(site, capacity_tph=75.0, **example.anchor(TRUE, 28.0))
    assert told(led(u1)) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("review", "gf.boiler.chp30", "overdue"),
        ("review", "zj.boiler.chp30", "no_date"),
        ("review", "zj.boiler.chp30", "no_date"),
        ("review", "js.boiler.chp30", "no_date"),
        ("applies", "jl.boiler.ule65", "overdue"),
    ),
)
def test_example_2_u1_at_the_edge(site: str, expected: Led, pack: Pack, example: Any) -> None:
    u1 = example.boiler(site, capacity_tph=75.0, **example.anchor(UNKNOWN, 30.0, "inside_margin"))
    long = evaluate(pack, example.columns([u1]), subject="boiler", as_of=example.as_of)
    closing = long[long["rule_id"].astype(str).str.endswith("chp30")] if site != "CC" else long
    assert told(lead(pack, closing, 1).iloc[0]) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("review", "gf.chpsmall.chp30", "overdue"),
        ("review", "zj.chpsmall.chp30", "no_date"),
        ("review", "zj.chpsmall.chp30", "no_date"),
        ("review", "js.chpsmall.chp30", "no_date"),
        NOT,
    ),
)
def test_example_2_u2(site: str, expected: Led, pack: Pack, example: Any) -> None:
    u2 = example.columns([example.unit(site)])
    long = evaluate(pack, u2, subject="unit", as_of=example.as_of)
    asked = long[~long["rule_id"].isin(["zj.boiler.captive.ule"])]  # asks for emissions
    assert told(lead(pack, asked, 1).iloc[0]) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("applies", "gf.boiler.new.builtup", "due"),
        ("applies", "zj.boiler.new", "due"),
        ("applies", "zj.boiler.new", "due"),
        ("applies", "js.boiler.new", "due"),
        ("applies", "gf.boiler.new.builtup", "due"),
    ),
)
def test_example_5a(site: str, expected: Led, led: Any, example: Any) -> None:
    new = example.boiler(site, status="planned", capacity_tph=30.0, **{"within.built_up": TRUE})
    assert told(led(new)) == expected


@pytest.mark.parametrize("site", SITES)
def test_example_5b(site: str, led: Any, example: Any) -> None:
    assert (
        told(led(example.boiler(site, status="planned", capacity_tph=75.0, purpose="space_heating"))) == NOT
    )


@pytest.mark.parametrize(
    ("site", "expected"),
    by_site(
        ("review", "gf.boiler.new.key", "due"),
        ("review", "zj.boiler.new", "due"),
        ("review", "zj.boiler.new", "due"),
        ("review", "js.boiler.new", "due"),
        NOT,
    ),
)
def test_example_5c(site: str, expected: Led, led: Any, example: Any) -> None:
    new = example.boiler(site, status="planned", capacity_tph=75.0, purpose="central_steam")
    assert told(led(new)) == expected


def test_the_nation_leads_where_the_province_is_weaker_or_undecided(led: Any, example: Any) -> None:
    inside = {"within.heat_network": TRUE, "within.zj_heat_range": TRUE}
    assert led(example.boiler("HZ", capacity_tph=75.0, **inside))["lead_rule"] == "gf.boiler.heatnet"


def test_a_direct_sentence_leads_before_one_by_reference(pack: Pack, example: Any) -> None:
    leads = []
    for site in ("HZ", "WZ"):
        small = example.columns([example.boiler(site, capacity_tph=8.0, pm25_annual=40.0)])
        long = evaluate(pack, small, subject="boiler", as_of=example.as_of)
        of_the_nation = long[long["rule_id"].astype(str).str.startswith("gf.")]
        leads.append(lead(pack, of_the_nation, 1)["lead_rule"].iloc[0])
    assert leads == ["gf.boiler.le35.key", "gf.boiler.le10.nonattain"]


def test_each_subject_is_led_by_its_own_province(pack: Pack, example: Any) -> None:
    near = example.anchor(TRUE, 28.0)
    subjects = [example.boiler(site, capacity_tph=75.0, **near) for site in SITES * 2]
    long = evaluate(pack, example.columns(subjects), subject="boiler", as_of=example.as_of)
    rules = ["gf.boiler.chp30", "zj.boiler.chp30", "zj.boiler.chp30", "js.boiler.chp30", "jl.boiler.ule65"]
    assert lead(pack, long)["lead_rule"].tolist() == rules * 2
