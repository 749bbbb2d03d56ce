"""What counts as new or existing, and which heating the bans on new boilers exempt."""

from __future__ import annotations

from typing import Any

import pytest

from geoaq.findings import TRUE
from geoaq.policy.terms import Term
from geoaq.policy.verdicts import any_verdict, existing_verdict

BANS = {"TS": "gf.boiler.new.key", "HZ": "zj.boiler.new", "WZ": "zj.boiler.new", "NJ": "js.boiler.new"}
BAN, LETTER = "A principle due", "literal_xinjian"


def new(example: Any, site: str, **changes: Any) -> Any:
    return example.boiler(site, **{"status": "planned", "capacity_tph": 75.0, **changes})


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("space_heating", "N not_space_heating"),
        ("heating_unstated", "R undefined_term:space_heating"),
        ("central_steam", "R undefined_term:space_heating"),
        ("domestic", BAN),
        ("", "R missing_attribute:purpose"),
    ],
)
@pytest.mark.parametrize("site", BANS)
def test_central_heating_alone_is_exempt(
    site: str, purpose: str, expected: str, screen: Any, example: Any
) -> None:
    assert example.told(screen(new(example, site, purpose=purpose)), BANS[site]) == expected


@pytest.mark.parametrize("site", ["TS", "HZ", "WZ", "NJ", "CC"])
def test_an_exempt_new_boiler_is_not_encouraged(site: str, led: Any, example: Any) -> None:
    assert led(new(example, site, purpose="space_heating"))["lead"] == "not"


def test_a_small_exempt_boiler_is_encouraged_only_by_the_sentence_for_small_ones(
    led: Any, example: Any
) -> None:
    small = {"purpose": "space_heating", "capacity_tph": 10.0}
    row = led(new(example, "HZ", **small))
    assert (row["lead"], row["lead_rule"]) == ("encouraged", "zj.boiler.new.le10")
    assert row["lead_contested_by"] == "industrial_use_only"
    assert led(new(example, "HZ", **{**small, "capacity_tph": 10.1}))["lead"] == "not"
    assert led(new(example, "NJ", **small))["lead"] == "not"


@pytest.mark.parametrize("site", BANS)
def test_a_relocated_boiler_is_a_new_one_and_the_letter_contests_it(
    site: str, screen: Any, led: Any, example: Any
) -> None:
    moved = screen(new(example, site, status="relocating"))
    assert example.told(moved, BANS[site]) == BAN
    assert moved[BANS[site]].contested_by == LETTER
    assert led(new(example, site, status="relocating"))["lead_contested_by"] == LETTER
    assert screen(new(example, site))[BANS[site]].contested_by == ""


def test_a_relocated_boiler_meets_no_rule_for_existing_ones(screen: Any, example: Any) -> None:
    near = example.anchor(TRUE, 12.0)
    found = screen(example.boiler("HZ", status="relocating", capacity_tph=20.0, **near))
    assert example.told(found, "zj.boiler.lt35") == "N existing"
    assert example.told(found, "zj.boiler.chp30") == "N existing"
    assert example.told(found, "zj.boiler.new") == BAN


def test_an_extension_is_not_decided_by_the_letter_either_way(screen: Any, led: Any, example: Any) -> None:
    altered = example.boiler("HZ", status="altering", capacity_tph=20.0)
    found = screen(altered)
    for rule in ("zj.boiler.lt35", "zj.boiler.new", "gf.boiler.new.key", "gf.boiler.le35.key"):
        assert example.told(found, rule) == "R undefined_term:altering"
    assert led(altered)["lead"] == "review"
    gas = screen(example.boiler("HZ", status="altering", fuel="gas"))
    assert example.told(gas, "zj.boiler.lt35") == "N coal"


def test_an_extension_or_a_relocation_exists_or_is_planned(screen: Any, example: Any) -> None:
    for status in ("altering", "relocating"):
        assert any_verdict(status, "") == (TRUE, "")
        wood = example.boiler("CC", status=status, fuel="biomass")
        assert screen(wood)["gf.boiler.biomass"].outcome == "applies"


@pytest.mark.parametrize("way", ["demolished", "clean_energy", "flue_cut"])
def test_evidence_of_elimination_decides_where_no_status_is_stated(
    way: str, screen: Any, example: Any
) -> None:
    row = screen(example.boiler("HZ", status="", eliminated_by=way, capacity_tph=20.0))["zj.boiler.lt35"]
    assert (row.outcome, row.failed_condition, row.reasons) == ("does_not_apply", "existing", "eliminated")
    assert existing_verdict("operating", way)[1] == "conflicting_sources"


def test_the_letter_of_new_build_is_compared_and_not_settled(pack: Any, example: Any) -> None:
    term: Term = pack.terms["new_build"]
    assert term.alternatives(example.as_of) == [LETTER]
