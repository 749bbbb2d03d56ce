"""The findings of a fire in both languages, in the wording of offices; borders that are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

from geoaq.cards.fire_bans import ban_findings, ban_line, clock_lines, verdict_text
from geoaq.catalog import Catalog
from geoaq.fires.duty import stages
from geoaq.flows.fires.ban_rules import duty_limits
from geoaq.flows.fires.bans import Bans, judge_events, open_bans
from geoaq.io.built import LayerSet, load_admin
from geoaq.zones import noburn
from geoaq.zones.admin import AdminIndex
from tests.flows.fires.fires_of_straw import SITES, event, findings, frame, moment


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return Catalog.load(root / "layers")


@pytest.fixture(scope="module")
def bans(catalog: Catalog) -> Bans:
    return open_bans(catalog.policy_dir)


def around(kind: str, **changes: object) -> noburn.Zone:
    words = {
        "id": f"z-{kind}", "version": 1, "kind": kind, "name": "<b>{某}</b>", "first": date(2020, 1, 1),
        "last": None, "class_": {"straw": "ban", "fuel": "II"}.get(kind, ""),
        "shape": shapely.box(117, 39, 119, 40),
        "text": noburn.Text("local_notice", "通告", "1号", "县政府", "2020-01-01", "第一条", "禁止露天焚烧"),
    }  # fmt: skip
    return noburn.Zone(**{**words, **changes})


def test_every_finding_has_words_in_both_languages(catalog: Catalog, bans: Bans) -> None:
    zones = [around(kind) for kind in (*noburn.ZONES, *noburn.FEATURES)]
    zones += [around("straw", id="z2", class_="limit"), around("road", id="z3", text=noburn.Text())]
    leave = noburn.Permit("p1", 1, "计划烧除", "1", "镇政府", "2024-10-01", 0, 2_000_000_000, zones[0].shape)
    own = replace(bans, zones=tuple(zones), permits=(leave,))
    events = [
        event(site, at=at)
        for site in (*SITES, "", "710100")
        for at in ("2022-05-01 12:00", "2024-10-20 12:00")
    ]
    events += [
        event("TS", **{"class": what}) for what in ("static", "mixed", "unknown", "suspect", "not_cropland")
    ]
    events += [event("CC", at="2024-04-20 12:00", last_seen=moment("2024-04-23 12:00"))]
    for judged in (judge_events(frame(*events), bans), judge_events(frame(*events), own)):
        for verdict, rules in zip(judged["verdict"], judged["rules"], strict=True):
            for lang in ("zh", "en"):
                assert verdict_text(verdict, lang)
                told = ban_findings(catalog, rules, lang)
                assert all(one["title"] and one["tag"] for one in told)
                words = " ".join(
                    " ".join((one["title"], one["tag"], one["source"], *one["why"])) for one in told
                )
                assert not [sign for sign in ("bans.", "terms.", "reasons.", "{about}") if sign in words]
                assert ban_line(catalog, verdict, rules, lang).startswith(verdict_text(verdict, lang))


def test_a_ban_is_told_as_a_suspicion_with_its_sentence_and_who_answers(catalog: Catalog, bans: Bans) -> None:
    judged = judge_events(frame(event("CC")), bans).iloc[0]
    told = {one["id"]: one for one in ban_findings(catalog, judged["rules"], "zh")}["jl.straw.all"]
    assert told["sign"] == "applies"
    assert "疑似火点，待核实" in told["tag"]
    assert told["quote"] == "坚持秸秆全域禁烧政策不变"
    assert told["responsible"].startswith("省农业农村厅")


def test_a_permit_says_that_it_allows_nothing_by_itself(catalog: Catalog, bans: Bans) -> None:
    shape = shapely.box(117, 39, 119, 40)
    leave = noburn.Permit("p1", 1, "计划烧除", "1", "镇政府", "2024-10-01", 0, 2_000_000_000, shape)
    judged = judge_events(frame(event("TS")), replace(bans, permits=(leave,))).iloc[0]
    told = {one["id"]: one for one in ban_findings(catalog, judged["rules"], "zh")}
    assert "许可不代表可以焚烧" in told["p1"]["title"]
    assert told["gf.straw.key"]["why"] == ["禁烧规定与许可不一致，待核"]


def test_the_clock_is_told_on_both_readings(bans: Bans) -> None:
    limits = duty_limits(bans.pack)["zj.straw.1530"]
    told = stages({"ignited": 0, "detected": 60, "responded": 300, "disposed": 1920}, limits)
    lines = clock_lines(told, "zh")
    assert lines[2] == "处置：要求 30 分钟；分段 27 分钟（未超时），累计 32 分钟（超时）"
    assert "—" in clock_lines(stages({}, limits), "en")[0]


def test_no_verdict_has_no_words(catalog: Catalog) -> None:
    assert (verdict_text("", "zh"), ban_findings(catalog, "", "zh"), ban_line(catalog, "", "", "zh")) == (
        "",
        [],
        "",
    )


def test_on_a_disputed_border_the_boundaries_are_asked(bans: Bans, built_layers: LayerSet) -> None:
    admin = AdminIndex(*load_admin(built_layers.path, "amap"))
    (county,) = admin.polygons(
        admin.within("adcode", "130227")
    )  # 迁西, in the key region, beside 承德's 宽城
    (other,) = admin.polygons(admin.within("adcode", "130827"))
    line = shapely.intersection(county, other)
    edge = shapely.get_coordinates(line)[len(shapely.get_coordinates(line)) // 2]
    words = {"disputed_border": True, "lon": float(edge[0]), "lat": float(edge[1])}
    asked = judge_events(frame(event("130227", **words)), bans, counties=admin)
    assert asked["verdict"].iloc[0] == "needs_review"
    assert findings(asked)["gf.straw.key"]["reasons"] == ["inside_margin"]
    # between two counties of the key region the border is disputed and the ban is not
    (home,) = admin.polygons(admin.within("adcode", "130202"))
    inner = shapely.get_coordinates(shapely.point_on_surface(home))[0]
    words = {"disputed_border": True, "lon": float(inner[0]), "lat": float(inner[1])}
    asked = judge_events(frame(event("130202", **words)), bans, counties=admin)
    assert asked["verdict"].iloc[0] == "applies"
    # where the ground may be another country's nothing is sure, though the whole province is banned
    words = {"lon": 130.13158, "lat": 42.98156, "satellites": "terra"}
    for disputed, verdict in ((False, "applies"), (True, "needs_review")):
        asked = judge_events(frame(event("222404", disputed_border=disputed, **words)), bans, counties=admin)
        assert asked["verdict"].iloc[0] == verdict
