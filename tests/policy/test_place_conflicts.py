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


def test_a_province_whose_county_was_not_hit_gives_no_row():
    assert not [rule for rule in outcomes("320281", FALSE) if rule.startswith("zj.")]


@pytest.mark.parametrize("adcode", ["710000", "810003", "820006"])
def test_the_plan_of_the_state_council_gives_no_row_in_taiwan_hong_kong_and_macao(adcode):
    assert outcomes(adcode, UNKNOWN) == {}
