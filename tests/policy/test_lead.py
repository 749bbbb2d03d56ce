"""Which finding leads, and what is shown beside the outcomes."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import Pack, evaluate, informational, lead


def test_the_strongest_word_leads_and_at_equal_strength_the_most_urgent(led: Any, example: Any) -> None:
    near = example.anchor(TRUE, 12.0)
    first = led(example.boiler("HZ", capacity_tph=20.0, **near))
    assert (first["lead_rule"], first["lead_timing"]) == ("zj.boiler.lt35", "due")
    assert (first["lead"], first["lead_strength"]) == ("applies", "must")
    big = led(example.boiler("HZ", capacity_tph=75.0, **near))
    assert (big["lead_rule"], big["lead_timing"]) == ("zj.boiler.chp30", "no_date")
    assert big["chp_outcome"] == "applies"


def test_the_province_leads_at_equal_weight(led: Any, example: Any) -> None:
    assert led(example.boiler("HZ"))["lead_rule"] == "zj.boiler.eq35"
    assert (
        led(example.boiler("CC", capacity_tph=8.0, pm25_annual=40.0))["lead_rule"]
        == "jl.boiler.le10.nonattain"
    )


def test_what_applies_leads_and_what_needs_review_stays_visible(led: Any, example: Any) -> None:
    row = led(
        example.boiler(
            "TS", **example.anchor(UNKNOWN, 29.9, "inside_margin"), **{"within.heat_network": None}
        )
    )
    assert (row["lead"], row["lead_rule"]) == ("applies", "gf.boiler.le35.key")
    assert row["chp_outcome"] == "needs_review"
    assert row["review_reasons"].split(";") == ["inside_margin", "missing_layer:heat_network"]


def test_a_word_that_only_encourages_is_a_sign_of_its_own(led: Any, example: Any) -> None:
    row = led(example.boiler("HZ", status="planned", fuel="gas", capacity_tph=6.0))
    assert (row["lead"], row["lead_rule"]) == ("encouraged", "zj.boiler.new.le10")


def test_review_leads_where_nothing_applies(led: Any, example: Any) -> None:
    row = led(example.boiler("CC", **{"within.heat_network": None}))
    assert (row["lead"], row["lead_outcome"]) == ("review", "needs_review")
    assert row["lead_rule"] == "jl.boiler.heatnet"
    assert row["review_reasons"] == "missing_layer:heat_network"


def test_nothing_leads_where_nothing_is_met(led: Any, example: Any) -> None:
    row = led(example.boiler("TS", fuel="gas"))
    assert row[["lead", "lead_rule", "lead_outcome", "lead_timing"]].tolist() == [
        "not",
        "",
        "does_not_apply",
        "",
    ]
    assert (row["chp_outcome"], row["review_reasons"]) == ("does_not_apply", "")


def test_subjects_that_no_rule_in_force_reaches_lead_with_none(pack: Pack, example: Any) -> None:
    facts = example.columns([example.boiler(site) for site in example.sites])
    long = evaluate(pack, facts, subject="boiler", as_of=date(2022, 4, 15))
    assert len(long) == 0
    assert lead(pack, long, 5)["lead"].tolist() == ["none"] * 5
    assert lead(pack, long, 5)["lead_outcome"].tolist() == [""] * 5
    assert lead(pack, long, 5)["chp_outcome"].tolist() == [""] * 5


def test_leads_stand_at_their_subjects(pack: Pack, example: Any) -> None:
    subjects = [example.boiler(site, fuel=fuel) for fuel in ("coal", "gas") for site in example.sites]
    long = evaluate(pack, example.columns(subjects), subject="boiler", as_of=example.as_of)
    together = lead(pack, long, len(subjects)).astype(str)
    for position, subject in enumerate(subjects):
        one = evaluate(pack, example.columns([subject]), subject="boiler", as_of=example.as_of)
        assert lead(pack, one).astype(str).iloc[0].tolist() == together.iloc[position].tolist()
    assert len(lead(pack, long)) == len(subjects)


def beside(
    pack: Pack, facts: dict[str, Any], example: Any, subject: Any = "boiler", as_of: Any = None
) -> set[str]:
    shown = informational(pack, example.columns([facts]), subject=subject, as_of=as_of or example.as_of)
    return set(shown["id"])


WINTER = {"warm_winter", "build_first", "no_early_demolition", "no_uniform_closure"}


@pytest.mark.parametrize(
    ("site", "plan"),
    [
        ("TS", {"heating_plan"}),
        ("HZ", {"heating_plan", "heating_plan_zj"}),
        ("CC", {"heating_plan", "heating_plan_jl"}),
        ("NJ", {"heating_plan"}),
    ],
)
def test_brakes_stand_beside_every_heating_boiler_in_the_season(
    site: str, plan: set[str], pack: Pack, example: Any
) -> None:
    heating = example.boiler(site, purpose="space_heating", capacity_tph=75.0)
    assert beside(pack, heating, example) - {"qd.boiler.le35"} == WINTER | plan
    summer = date(2026, 7, 1)
    assert beside(pack, heating, example, as_of=summer) == plan


def test_brakes_do_not_stand_beside_what_heats_nothing(pack: Pack, example: Any) -> None:
    assert beside(pack, example.boiler("CC"), example) == set()
    assert beside(pack, example.boiler("CC", purpose="space_heating", status="demolished"), example) == set()


def test_a_brake_binds_only_where_its_document_is_in_force(pack: Pack, example: Any) -> None:
    facts = example.columns([example.boiler("TS", purpose="space_heating")])
    shown = informational(pack, facts, subject="boiler", as_of=example.as_of).set_index("id")
    assert shown.loc["warm_winter", "binding"]
    assert shown.loc["warm_winter", "in_season"]
    assert not shown.loc["build_first", "binding"]
    assert not shown.loc["heating_plan", "in_season"]
    before = informational(pack, facts, subject="boiler", as_of=date(2022, 12, 1))
    assert "warm_winter" not in set(before["id"])


def test_the_counter_clause_stands_beside_units(pack: Pack, example: Any) -> None:
    assert beside(pack, example.unit("HZ"), example, "unit") == {"power_security", "power_security_zj"}
    assert beside(pack, example.unit("NJ"), example, "unit") == {"power_security"}


def test_a_draft_is_shown_in_its_own_area_and_never_an_outcome(pack: Pack, screen: Any, example: Any) -> None:
    for site, expected in (("TS", {"qd.boiler.le35"}), ("HZ", set()), ("CC", set())):
        assert beside(pack, example.boiler(site), example) == expected
        assert not [rule for rule in screen(example.boiler(site)) if rule.startswith("qd.")]
    within_window = screen(example.boiler("TS"), as_of=date(2023, 12, 31))
    assert not [rule for rule in within_window if rule.startswith("qd.")]
    blank = example.columns([example.boiler("TS", capacity_tph=float("nan"))])
    shown = informational(pack, blank, subject="boiler", as_of=example.as_of)
    assert shown[["id", "kind", "truth"]].to_numpy().tolist() == [["qd.boiler.le35", "draft", "needs_review"]]
    furnace = example.boiler("TS", boiler_class="hot_air", capacity_tph=8.0)
    assert "qd.hotblast" in beside(pack, furnace, example)


def test_informational_rows_are_by_subject(pack: Pack, example: Any) -> None:
    facts = example.columns([example.boiler(site, purpose="space_heating") for site in example.sites])
    shown = informational(pack, facts, subject="boiler", as_of=example.as_of)
    assert (np.diff(shown["subject"]) >= 0).all()
    assert FALSE not in shown["truth"].tolist()
