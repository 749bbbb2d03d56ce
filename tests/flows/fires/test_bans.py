"""Example 4: whether a straw fire is banned there and then, by the plans in force at that moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geoaq.flows.fires.bans import Bans, judge_events, open_bans
from tests.flows.fires.fires_of_straw import SITES, event, findings, frame, moment

EXAMPLE = {
    "TS": {"gf.straw.key": "applies direct"},
    "HZ": {"gf.straw.key": "applies direct"},
    "WZ": {"gf.straw.key": "applies reference"},
    "NJ": {"js.straw.all": "applies direct", "gf.straw.key": "applies direct"},
    "CC": {"jl.straw.all": "applies direct", "gf.straw.key": "does_not_apply "},
    "QD": {"gf.straw.local": "needs_review direct", "gf.straw.key": "does_not_apply "},
}


@pytest.fixture(scope="module")
def bans(root: Path) -> Bans:
    return open_bans(root / "layers" / "policy")


def one(bans: Bans, site: str, **changes: Any) -> tuple[str, dict[str, dict[str, Any]]]:
    judged = judge_events(frame(event(site, **changes)), bans)
    return judged["verdict"].iloc[0], findings(judged)


@pytest.mark.parametrize("site", sorted(SITES))
def test_the_ban_of_example_four_is_that_of_the_table(site: str, bans: Bans) -> None:
    verdict, found = one(bans, site)
    assert verdict == ("needs_review" if site == "QD" else "applies")
    for rule, told in EXAMPLE[site].items():
        assert f"{found[rule]['outcome']} {found[rule]['basis']}" == told


def test_outside_the_key_regions_a_missing_local_text_leaves_it_open(bans: Bans) -> None:
    _, found = one(bans, "QD")
    assert found["gf.straw.local"]["reasons"] == ["missing_layer:straw_ban"]


def test_the_clock_is_zhejiangs_alone_and_waits_for_its_moments(bans: Bans) -> None:
    for site in SITES:
        _, found = one(bans, site)
        assert ("zj.straw.1530" in found) == (site in ("HZ", "WZ"))
    _, found = one(bans, "HZ")
    assert found["zj.straw.1530"]["outcome"] == "needs_review"
    assert "missing_attribute:detected" in found["zj.straw.1530"]["reasons"]


def test_the_draft_is_shown_within_its_scope_and_decides_nothing(bans: Bans) -> None:
    for site in SITES:
        _, found = one(bans, site)
        assert ("qd.straw" in found) == (site == "TS")
    _, found = one(bans, "TS")
    assert found["qd.straw"]["outcome"] == ""


@pytest.mark.parametrize("site", ["TS", "CC", "NJ", "HZ"])
def test_a_fire_of_2022_is_judged_by_nothing_that_came_later(site: str, bans: Bans) -> None:
    verdict, found = one(bans, site, at="2022-04-10 13:00")
    assert verdict == "needs_review"
    assert found["moment"]["reasons"] == ["before_the_rules"]
    assert not [name for name in found if name.startswith(("gf.", "jl.", "js.", "zj.", "qd."))]


def test_each_text_reaches_from_its_own_day_on(bans: Bans) -> None:
    assert one(bans, "CC", at="2024-04-21 23:59")[0] == "needs_review"
    assert one(bans, "CC", at="2024-04-22 00:00")[0] == "applies"
    assert one(bans, "WZ", at="2024-05-21 12:00")[0] == "needs_review"
    assert one(bans, "WZ", at="2024-05-22 12:00")[0] == "applies"
    assert one(bans, "TS", at="2023-11-29 12:00")[0] == "needs_review"
    assert one(bans, "TS", at="2023-11-30 00:00")[0] == "applies"


def test_a_fire_that_burns_on_is_judged_by_the_texts_of_each_day_and_the_day_is_named(bans: Bans) -> None:
    """吉林 bans from 22 April 2024 on: a fire of the 20th that burns into that day is banned then."""
    on = {"at": "2024-04-20 23:50", "last_seen": moment("2024-04-23 00:10")}
    verdict, found = one(bans, "CC", **on)
    assert verdict == "applies"
    assert found["jl.straw.all"]["outcome"] == "applies"
    assert found["days"]["day"] == "2024-04-22"
    assert found["days"]["days"] == [
        ["2024-04-20", "2024-04-21", "needs_review"],
        ["2024-04-22", "2024-04-23", "applies"],
    ]
    early = {"at": "2024-04-20 23:50", "last_seen": moment("2024-04-21 23:59")}
    verdict, found = one(bans, "CC", **early)
    assert (verdict, found["days"]["day"]) == ("needs_review", "2024-04-20")
    assert "jl.straw.all" not in found


def test_a_fire_of_one_day_names_no_day_and_one_of_2022_meets_no_text_on_any(bans: Bans) -> None:
    assert "days" not in one(bans, "CC", at="2024-04-22 00:00", last_seen=moment("2024-04-22 23:59"))[1]
    verdict, found = one(bans, "TS", at="2022-04-10 13:00", last_seen=moment("2022-04-13 13:00"))
    assert verdict == "needs_review"
    assert found["moment"]["reasons"] == ["before_the_rules"]
    assert found["days"]["days"] == [["2022-04-10", "2022-04-13", "needs_review"]]
    assert not [name for name in found if name.startswith(("gf.", "jl.", "js.", "zj.", "qd."))]


@pytest.mark.parametrize("what", ["static", "not_cropland", "suspect", "unknown"])
def test_what_is_not_taken_for_straw_is_open_and_never_cleared(what: str, bans: Bans) -> None:
    verdict, found = one(bans, "TS", **{"class": what})
    assert verdict == "needs_review"
    assert found["gf.straw.key"]["reasons"] == [f"evidence:{what}"]


def test_a_mixed_footprint_is_told_beside_the_ban(bans: Bans) -> None:
    verdict, found = one(bans, "TS", **{"class": "mixed"})
    assert (verdict, found["gf.straw.key"]["reasons"]) == ("applies", ["evidence:mixed"])


def test_an_official_push_counts_as_straw_where_nothing_speaks_against_it(bans: Bans) -> None:
    verdict, found = one(bans, "TS", **{"class": "unknown"}, official=True)
    assert (verdict, found["gf.straw.key"]["reasons"]) == ("applies", ["evidence:official_push"])
    assert one(bans, "TS", **{"class": "static"}, official=True)[0] == "needs_review"


def test_on_the_edge_of_a_region_nothing_is_sure(bans: Bans) -> None:
    # 唐山 is a key region, 承德 beside it is not
    verdict, found = one(bans, "TS", counties="130202=3;130827=1")
    assert (verdict, found["gf.straw.key"]["reasons"]) == ("needs_review", ["inside_margin"])
    # two counties of one region: the ban is the same in both
    assert one(bans, "TS", counties="130202=3;130203=1")[0] == "applies"


def test_a_disputed_border_without_boundaries_to_ask_is_open(bans: Bans) -> None:
    assert one(bans, "TS", disputed_border=True)[0] == "needs_review"


def test_at_sea_and_where_no_text_speaks_it_is_open(bans: Bans) -> None:
    assert one(bans, "")[0] == "needs_review"
    verdict, found = one(bans, "710100")
    assert (verdict, found["moment"]["reasons"]) == ("needs_review", ["no_text_here"])


def test_rules_are_codes_and_numbers_and_no_sentence(bans: Bans) -> None:
    judged = judge_events(frame(*(event(site) for site in SITES)), bans)
    for text in judged["rules"]:
        for finding in json.loads(text):
            assert {"by", "id", "outcome", "reasons"} <= set(finding)
            assert not any(" " in reason for reason in finding["reasons"])


@pytest.mark.parametrize("at_once", [1, 30, 400_000])
def test_many_events_are_judged_as_each_alone(
    bans: Bans, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geoaq.flows.fires.bans._DAYS_AT_ONCE", at_once)
    events = [
        event(site, at=at)
        for site in SITES
        for at in ("2022-05-01 12:00", "2024-01-05 12:00", "2025-06-01 02:00")
    ]
    events += [event(site, at="2024-04-20 12:00", last_seen=moment("2024-05-25 12:00")) for site in SITES]
    together = judge_events(frame(*events), bans)
    alone = [judge_events(frame(single), bans).iloc[0] for single in events]
    assert together["verdict"].tolist() == [row["verdict"] for row in alone]
    assert together["rules"].tolist() == [row["rules"] for row in alone]
    assert len(judge_events(frame(*events).iloc[:0], bans)) == 0
