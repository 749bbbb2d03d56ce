"""The worked examples 3 and 6 of the policy reading, every cell and every variant.

The shorthand is that of the other examples: A with strength, timing and basis, N with the first failed
condition, R with the reasons, – for no row.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN

SITES = ("TS", "HZ", "WZ", "NJ", "SP", "NY")
MUST, SILENT = "A must due", "A must due national_only"


def table(text: str, sites: tuple[str, ...]) -> list[Any]:
    cells = []
    for line in text.strip().splitlines():
        rule, *expected = (cell.strip() for cell in line.split("|"))
        cells += [
            pytest.param(rule, site, cell, id=f"{rule}-{site}")
            for site, cell in zip(sites, expected, strict=True)
        ]
    return cells


EXAMPLE_3 = table(
    f"""
gf.border20 | {MUST} | {MUST} | {MUST} | {SILENT} | {SILENT} | {MUST}
zj.border20 | – | {MUST} | {MUST} | – | – | –
js.newcap   | – | – | – | R missing_attribute:adds_capacity | – | –
""",
    SITES,
)


def of(screen: Any, facts: dict[str, Any], **more: Any) -> Any:
    return screen(facts, "project", **more)


@pytest.mark.parametrize(("rule", "site", "expected"), EXAMPLE_3)
def test_example_3_a_clinker_line_of_19_6_km(
    rule: str, site: str, expected: str, screen: Any, example: Any
) -> None:
    found = of(screen, example.project(site))
    assert example.told(found, rule) == expected
    if rule.endswith("border20") and expected != "–":
        row = found[rule]
        assert (row.quantity, row.measured, row.limit) == ("distance_km", 19.6, 20.0)
        assert row.margin == pytest.approx(0.4)
        assert row.contested_by == ""


@pytest.mark.parametrize(
    ("adds", "expected"),
    [(TRUE, MUST), (FALSE, "N adds_capacity"), (UNKNOWN, "R missing_attribute:adds_capacity")],
)
def test_example_3_jiangsu_bars_clinker_only_where_capacity_is_added(
    adds: int, expected: str, screen: Any, example: Any
) -> None:
    assert example.told(of(screen, example.project("NJ", adds_capacity=adds)), "js.newcap") == expected


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    ("changes", "expected", "reasons"),
    [
        ({"nature": "rebuild"}, "N new_project", "altering_literal"),
        ({"nature": "expansion"}, "N new_project", "altering_literal"),
        ({"nature": "technical"}, "N new_project", "altering_literal"),
        ({"nature": ""}, "R missing_attribute:nature", "missing_attribute:nature"),
        ({"industry_code": ""}, "R missing_attribute:industry_code", "missing_attribute:industry_code"),
        ({"eia_kind": "registration"}, "R registration", "registration"),
    ],
)
def test_example_3_variants_of_the_project(
    site: str, changes: dict[str, Any], expected: str, reasons: str, screen: Any, example: Any
) -> None:
    found = of(screen, example.project(site, **changes))
    for rule in ("gf.border20", "zj.border20"):
        if rule in found:
            assert example.told(found, rule) == expected
            assert found[rule].reasons == reasons


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    ("truth", "km", "reasons", "expected"),
    [
        (UNKNOWN, 20.1, "inside_margin", "R inside_margin"),
        (UNKNOWN, 20.1, "", "R inside_margin"),
        (FALSE, 45.0, "", "N border_20km"),
        (FALSE, float("nan"), "", "N border_20km"),  # only the sea within 20 km, no province across it
        (UNKNOWN, 31.0, "sea", "R sea"),
        (UNKNOWN, 8.0, "hk_macao", "R hk_macao"),
        (UNKNOWN, 12.0, "conflicting_boundaries", "R conflicting_boundaries"),
        (UNKNOWN, 0.1, "home_unsure", "R home_unsure"),
    ],
)
def test_example_3_variants_of_the_distance(
    site: str, truth: int, km: float, reasons: str, expected: str, screen: Any, example: Any
) -> None:
    found = of(screen, example.project(site, **example.border(truth, km, reasons)))
    assert example.told(found, "gf.border20") == expected
    assert example.told(found, "zj.border20") in (expected, "–")


@pytest.mark.parametrize("site", SITES)
def test_example_3_cement_products_are_not_listed_and_the_other_reading_contests_it(
    site: str, screen: Any, example: Any
) -> None:
    row = of(screen, example.project(site, industry_code="3021", industry_text="水泥制品"))["gf.border20"]
    assert (row.outcome, row.failed_condition) == ("does_not_apply", "key_industry")
    assert row.contested_by == "two_high_catalogue"


@pytest.mark.parametrize("site", SITES)
def test_a_relocation_is_new_and_the_letter_contests_it(site: str, screen: Any, example: Any) -> None:
    row = of(screen, example.project(site, nature="relocation"))["gf.border20"]
    assert (row.outcome, row.contested_by) == ("applies", "literal_xinjian")


def test_without_a_boundary_layer_the_strip_is_not_cleared(screen: Any, example: Any) -> None:
    bare = dict.fromkeys(("border.truth", "border.reasons", "border.distance_m"))
    found = of(screen, example.project("TS", **bare))
    assert example.told(found, "gf.border20") == "R missing_layer:province_borders"


def test_a_point_that_contradicts_its_stated_county_decides_no_distance(screen: Any, example: Any) -> None:
    found = of(screen, example.project("TS", stated_ok=FALSE))
    assert example.told(found, "gf.border20") == "R conflicting_sources"


def test_what_is_across_a_border_within_the_error_gets_the_rows_of_both_provinces(
    screen: Any, example: Any
) -> None:
    near = {"alternatives": "330523", "boundary_reason": "inside_margin"}
    found = of(screen, example.project("341822", **near))
    assert example.told(found, "gf.border20") == MUST
    assert example.told(found, "zj.border20") == "R inside_margin"


OPEN = "R missing_attribute:dispersion_ug_m3;undefined_term:large_downwind"
EXAMPLE_6_SITES = ("TS", "HZ", "WZ", "NJ", "CC")
EXAMPLE_6 = table(
    f"""
gf.border20  | N border_20km | N border_20km | N border_20km | N border_20km | N border_20km
zj.border20  | – | N border_20km | N border_20km | – | –
gf.highstack | {OPEN} | {OPEN} | {OPEN} | {OPEN} | {OPEN}
zj.highstack | – | {OPEN} | {OPEN} | – | –
""",
    EXAMPLE_6_SITES,
)


def incinerator(example: Any, site: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "name": "生活垃圾焚烧发电项目",
        "industry_code": "4417",
        "industry_text": "D4417生物质能发电",
        "stack_m": 80.0,
        "new_stack": TRUE,
        **example.border(FALSE, 45.0),
    }
    found: dict[str, Any] = example.project(site, **{**facts, **changes})
    return found


@pytest.mark.parametrize(("rule", "site", "expected"), EXAMPLE_6)
def test_example_6_a_stack_of_80_m_45_km_away(
    rule: str, site: str, expected: str, screen: Any, led: Any, example: Any
) -> None:
    subject = incinerator(example, site)
    assert example.told(of(screen, subject), rule) == expected
    assert led(subject, "project")["lead"] == "review"


RESULT = {"dispersion_ug_m3": 3.2, "downwind_threshold_ug_m3": 1.0}


@pytest.mark.parametrize("site", EXAMPLE_6_SITES)
@pytest.mark.parametrize(
    ("changes", "expected", "contested"),
    [
        ({"stack_m": 40.0}, "N high_stack", ""),
        ({"stack_m": 45.0}, "N high_stack", ""),
        ({"stack_m": 0.0}, "N high_stack", ""),
        ({"stack_m": 40.0, **RESULT}, "N high_stack", ""),
        ({"stack_m": 45.0, **RESULT}, "N high_stack", "from_45_m"),
        ({"stack_m": 45.1, **RESULT}, "A", ""),
        ({"stack_m": float("nan")}, f"{OPEN};missing_attribute:stack_m", ""),
        ({"stack_m": float("nan"), **RESULT}, "R missing_attribute:stack_m", ""),
        (RESULT, "A", ""),
        ({**RESULT, "dispersion_ug_m3": 1.0}, "N large_downwind", ""),
        ({**RESULT, "dispersion_ug_m3": 0.2}, "N large_downwind", ""),
        ({"dispersion_ug_m3": 99.0}, "R undefined_term:large_downwind", ""),
        ({"downwind_threshold_ug_m3": 1.0}, "R missing_attribute:dispersion_ug_m3", ""),
        ({"nature": "rebuild", "new_stack": FALSE}, "N new_high_source", ""),
        ({"nature": "rebuild", "new_stack": UNKNOWN}, f"R missing_attribute:new_stack;{OPEN[2:]}", ""),
        ({"nature": "expansion", "new_stack": TRUE}, OPEN, ""),
        ({"nature": "expansion", "new_stack": TRUE, **RESULT}, "A", "new_project_only"),
        ({"nature": "relocation", **RESULT}, "A", "literal_xinjian"),
        ({"nature": "new", "new_stack": UNKNOWN, **RESULT}, "A", ""),
        ({"nature": "new", "new_stack": FALSE}, "N new_high_source", ""),
        ({"nature": "", "new_stack": TRUE}, f"R missing_attribute:nature;{OPEN[2:]}", ""),
        ({"eia_kind": "registration", **RESULT}, "R registration", ""),
    ],
)
def test_example_6_variants(
    site: str, changes: dict[str, Any], expected: str, contested: str, screen: Any, example: Any
) -> None:
    found = of(screen, incinerator(example, site, **changes))
    for rule in ("gf.highstack", "zj.highstack"):
        if rule in found:
            told = example.told(found, rule)
            assert told == expected or (expected == "A" and found[rule].outcome == "applies")
            assert contested == "" or contested in found[rule].contested_by.split(";")


def test_exactly_45_m_is_contested_only_where_the_other_reading_would_be_met(
    screen: Any, example: Any
) -> None:
    """Without a dispersion result the other reading gives review: that too is another outcome."""
    row = of(screen, incinerator(example, "TS", stack_m=45.0))["gf.highstack"]
    assert (row.outcome, row.contested_by) == ("does_not_apply", "from_45_m")
    assert of(screen, incinerator(example, "TS", stack_m=44.9))["gf.highstack"].contested_by == ""


def test_the_high_stack_is_asked_at_any_distance_and_not_in_the_strip_alone(
    screen: Any, example: Any
) -> None:
    for km, truth in ((5.0, TRUE), (300.0, FALSE)):
        facts = incinerator(example, "NY", **RESULT, **example.border(truth, km))
        assert of(screen, facts)["gf.highstack"].outcome == "applies"


def test_an_unlisted_waste_plant_in_the_strip_is_told_that_it_is_often_asked(
    screen: Any, example: Any
) -> None:
    row = of(screen, incinerator(example, "TS", **example.border(TRUE, 5.0)))["gf.border20"]
    assert (row.outcome, row.reasons) == ("does_not_apply", "industry_flagged")


def test_the_province_s_own_clause_leads_and_the_nation_s_stands_beside_it(led: Any, example: Any) -> None:
    leads = {site: led(example.project(site), "project")["lead_rule"] for site in SITES}
    assert leads == {**dict.fromkeys(SITES, "gf.border20"), "HZ": "zj.border20", "WZ": "zj.border20"}


def test_only_the_clauses_of_consultation_lead_a_project(led: Any, example: Any) -> None:
    cleared = {"stack_m": 20.0, **example.border(FALSE, 60.0)}
    row = led(example.project("NJ", adds_capacity=TRUE, uses_coal=TRUE, **cleared), "project")
    assert (row["lead"], row["lead_rule"], row["review_reasons"]) == ("not", "", "")
    assert row["lead_outcome"] == "does_not_apply"


def test_before_the_plan_was_issued_nothing_is_asked(screen: Any, led: Any, example: Any) -> None:
    early = date(2023, 11, 29)
    assert of(screen, example.project("HZ"), as_of=early) == {}
    assert led(example.project("HZ"), "project", as_of=early)["lead"] == "none"
    assert set(of(screen, example.project("HZ"), as_of=date(2024, 5, 21))) & {"zj.border20"} == set()


def test_macao_and_hong_kong_are_not_reached(screen: Any, example: Any) -> None:
    assert of(screen, example.project("810101")) == {}


def test_the_strip_has_one_home_with_its_end(pack: Any) -> None:
    strip = pack.strip("project")
    assert (strip.strip_km, strip.inclusive) == (20.0, True)
    with pytest.raises(KeyError):
        pack.strip("boiler")
