"""Where a list contradicts itself about the place, and where the national plan does not reach."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import evaluate, load_pack

PACK = load_pack(Path(__file__).resolve().parents[2] / "layers" / "policy")
AS_OF = date(2026, 11, 21)


def outcomes(adcode: str, stated_ok: int, **more: object) -> dict[str, tuple[str, str]]:
    facts = {
        "fuel": ["coal"], "boiler_class": ["steam"], "status": ["operating"], "purpose": ["industrial"],
        "capacity_tph": np.array([35.0]), "adcode": [adcode], "province_adcode": [adcode[:2] + "0000"],
        "alternatives": [""], "boundary_reason": [""], "stated_ok": np.array([stated_ok], np.int8),
    }  # fmt: skip
    found = evaluate(PACK, facts | more, subject="boiler", as_of=AS_OF)
    return {row.rule_id: (row.outcome, row.reasons) for row in found.itertuples()}


@pytest.mark.parametrize("agrees", [TRUE, UNKNOWN])
def test_a_place_that_agrees_or_is_not_stated_changes_nothing(agrees):
    assert outcomes("320281", agrees)["js.boiler.le35"] == ("applies", "")


def test_nobody_is_told_that_a_rule_reaches_a_boiler_whose_point_contradicts_its_stated_county():
    found = outcomes("320281", FALSE)
    assert found["js.boiler.le35"] == ("needs_review", "conflicting_sources")
    assert found["gf.boiler.le35.key"] == ("needs_review", "conflicting_sources")
    assert "applies" not in {outcome for outcome, _ in found.values()}


def test_what_does_not_depend_on_the_place_is_still_decided():
    assert outcomes("320281", FALSE, fuel=["gas"])["js.boiler.le35"][0] == "does_not_apply"


def test_a_province_that_is_neither_hit_nor_stated_gives_no_row():
    for stated in ("", "安徽省", "江苏省"):
        found = outcomes("320281", FALSE, province_stated=[stated], city_stated=[""])
        assert not [rule for rule in found if rule.startswith("zj.")]


@pytest.mark.parametrize("stated", [("浙江省", ""), ("浙江", ""), ("", "嘉兴市"), (" 浙江省 ", "嘉兴")])
def test_a_province_that_is_stated_and_not_hit_keeps_its_rules_for_review(stated: tuple[str, str]) -> None:
    said = {"province_stated": [stated[0]], "city_stated": [stated[1]]}
    found = outcomes("320281", FALSE, **said, capacity_tph=np.array([20.0]))
    assert found["zj.boiler.lt35"] == ("needs_review", "conflicting_sources")
    assert found["js.boiler.le35"] == ("needs_review", "conflicting_sources")
    gas = outcomes("320281", FALSE, **said, fuel=["gas"])
    assert gas["zj.boiler.lt35"][0] == "does_not_apply"
    agrees = outcomes("320281", UNKNOWN, **said)
    assert not [rule for rule in agrees if rule.startswith("zj.")]


def test_a_neighbour_is_as_open_where_the_row_contradicts_its_point_as_where_it_does_not():
    near = {"alternatives": ["330421"], "boundary_reason": ["inside_margin"]}
    assert outcomes("320281", TRUE, **near)["zj.boiler.eq35"] == ("needs_review", "inside_margin")
    assert outcomes("320281", FALSE, **near)["zj.boiler.eq35"] == ("needs_review", "conflicting_sources")


ATTAINED = {"pm25_annual": np.array([30.0]), "pm25_year": np.array([2025.0])}
LE10 = "gf.boiler.le10.nonattain"


@pytest.mark.parametrize("annual", [30.0, 40.0])
def test_attainment_is_open_where_the_point_contradicts_its_stated_county(annual: float) -> None:
    air = ATTAINED | {"pm25_annual": np.array([annual]), "capacity_tph": np.array([8.0])}
    assert outcomes("220102", TRUE, **air)[LE10][0] != "needs_review"
    assert outcomes("220102", FALSE, **air)[LE10] == ("needs_review", "conflicting_sources")


def test_attainment_is_open_where_another_city_that_may_hold_the_point_has_other_numbers() -> None:
    near = ATTAINED | {"capacity_tph": np.array([8.0]), "alternatives": ["220302"]}
    same = outcomes("220102", TRUE, **near, pm25_differs=np.array([0], np.int8))
    other = near | {"boundary_reason": ["conflicting_sources"], "pm25_differs": np.array([1], np.int8)}
    assert same[LE10][0] == "does_not_apply"
    assert outcomes("220102", TRUE, **near, pm25_differs=np.array([1], np.int8))[LE10] == (
        "needs_review",
        "inside_margin",
    )
    assert outcomes("220102", TRUE, **other)[LE10] == ("needs_review", "conflicting_sources")


def test_a_city_is_open_where_the_point_may_lie_in_a_county() -> None:
    new = {"status": ["planned"], "capacity_tph": np.array([30.0]), "within.built_up": np.array([TRUE])}
    rule = "gf.boiler.new.builtup"
    assert outcomes("220102", TRUE, **new)[rule][0] == "applies"
    assert outcomes("220102", TRUE, **new, alternatives=["220103"])[rule][0] == "applies"
    assert outcomes("220102", TRUE, **new, alternatives=["220122"])[rule] == ("needs_review", "inside_margin")


def test_a_layer_clears_nobody_in_a_county_that_it_does_not_cover():
    inside, outside = {"within.heat_network": np.array([TRUE], np.int8)}, np.array([FALSE], np.int8)
    cleared = {"within.heat_network": outside, "covered.heat_network": np.array([TRUE], np.int8)}
    silent = {"within.heat_network": outside, "covered.heat_network": outside}
    rule = "gf.boiler.heatnet"
    assert outcomes("320281", TRUE, **inside)[rule][0] == "applies"
    assert outcomes("320281", TRUE, **cleared)[rule][0] == "does_not_apply"
    assert outcomes("320281", TRUE, **silent)[rule] == ("needs_review", "missing_layer:heat_network")


@pytest.mark.parametrize("adcode", ["710000", "810003", "820006"])
def test_the_plan_of_the_state_council_gives_no_row_in_taiwan_hong_kong_and_macao(adcode):
    assert outcomes(adcode, UNKNOWN) == {}
