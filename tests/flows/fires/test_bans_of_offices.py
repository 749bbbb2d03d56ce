"""What an office's own zones, distances and permits make of a fire beside the plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

from geoaq.flows.fires.bans import Bans, judge_events, open_bans
from geoaq.zones import noburn
from tests.flows.fires.fires_of_straw import event, findings, frame, moment

GEOD = Geod(ellps="WGS84")
LON, LAT = 120.3, 36.3
NOTICE = noburn.Text(
    "local_notice", "关于划定秸秆禁烧区的通告", "青政发〔2024〕1号", "某某市人民政府", "2024-05-01", "第二条"
)


def place(east_m: float, north_m: float = 0.0) -> dict[str, Any]:
    """Return a place so many metres from the middle, by the geodesic."""
    lon, lat, _ = GEOD.fwd(LON, LAT, 90.0, east_m)
    lon, lat, _ = GEOD.fwd(lon, lat, 0.0, north_m)
    return {"lon": lon, "lat": lat}


def square(half_m: float = 5_000.0) -> shapely.Polygon:
    """Return a square about the middle."""
    east, north = place(half_m)["lon"] - LON, place(0.0, half_m)["lat"] - LAT
    return shapely.box(LON - east, LAT - north, LON + east, LAT + north)


def zone(**changes: Any) -> noburn.Zone:
    words: dict[str, Any] = {
        "id": "z1", "version": 1, "kind": "straw", "class_": "ban", "name": "机场净空区", "text": NOTICE,
        "first": date(2024, 5, 1), "last": None, "shape": square(),
    }  # fmt: skip
    return noburn.Zone(**{**words, **changes})


def permit(**changes: Any) -> noburn.Permit:
    words: dict[str, Any] = {
        "id": "p1", "version": 1, "name": "计划烧除", "number": "2024-7", "issuer": "某某镇人民政府",
        "day": "2024-10-18", "begin": moment("2024-10-20 12:00"), "end": moment("2024-10-20 16:00"),
        "shape": square(),
    }  # fmt: skip
    return noburn.Permit(**{**words, **changes})


@pytest.fixture(scope="module")
def plans(root: Path) -> Bans:
    return open_bans(root / "layers" / "policy")


def one(
    plans: Bans,
    *zones: noburn.Zone,
    site: str = "QD",
    permits: tuple[noburn.Permit, ...] = (),
    **changes: Any,
) -> tuple[str, dict[str, dict[str, Any]]]:
    bans = replace(plans, zones=zones, permits=permits)
    weather: dict[str, Any] = {name: [changes.pop(name)] for name in ("wind_ms", "aqi") if name in changes}
    judged = judge_events(frame(event(site, **{"lon": LON, "lat": LAT, **changes})), bans, weather=weather)
    return judged["verdict"].iloc[0], findings(judged)


def test_a_local_notice_settles_what_the_nation_left_open(plans: Bans) -> None:
    verdict, found = one(plans, zone())
    assert verdict == "applies"
    assert found["z1"]["outcome"] == "applies"
    assert found["z1"]["text"]["number"] == "青政发〔2024〕1号"
    assert found["gf.straw.local"]["outcome"] == "applies"
    assert found["gf.straw.local"]["truth"] == "TTT"


def test_outside_the_zone_it_stays_open_unless_the_text_lists_every_zone(plans: Bans) -> None:
    far = place(20_000.0)
    verdict, found = one(plans, zone(), **far)
    assert (verdict, "z1" in found) == ("needs_review", False)
    assert found["gf.straw.local"]["reasons"] == ["missing_layer:straw_ban"]
    verdict, found = one(plans, zone(complete_for=("370200",)), **far)
    assert (verdict, found["gf.straw.local"]["failed"]) == ("does_not_apply", "straw_ban")
    # a county of another prefecture is not spoken of
    assert one(plans, zone(complete_for=("370600",)), **far)[0] == "needs_review"
    # an event that may lie in another county is not cleared
    assert (
        one(plans, zone(complete_for=("370202",)), counties="370202=1;370602=1", **far)[0] == "needs_review"
    )


@pytest.mark.parametrize(
    ("east_m", "verdict"), [(4_000.0, "applies"), (4_600.0, "needs_review"), (5_400.0, "needs_review")]
)
def test_near_the_edge_the_footprint_decides(east_m: float, verdict: str, plans: Bans) -> None:
    # VIIRS without a stated footprint reaches 560 m
    found = one(plans, zone(complete_for=("370202",)), **place(east_m))
    assert found[0] == verdict
    if verdict == "needs_review":
        assert found[1]["z1"]["reasons"] == ["inside_margin"]
    assert one(plans, zone(complete_for=("370202",)), **place(5_700.0))[0] == "does_not_apply"


def test_a_stated_footprint_and_the_extent_of_the_event_count(plans: Bans) -> None:
    assert one(plans, zone(), footprint_m=200.0, **place(4_600.0))[0] == "applies"
    assert one(plans, zone(), across_m=3_000.0, **place(4_000.0))[0] == "needs_review"
    assert one(plans, zone(), satellites="snpp;terra", **place(4_000.0))[0] == "needs_review"


def test_a_zone_holds_from_its_own_day_for_a_fire_that_burns_on(plans: Bans) -> None:
    later = zone(first=date(2024, 10, 21), text=replace(NOTICE, day="2024-10-21"))
    verdict, found = one(plans, later, last_seen=moment("2024-10-21 09:00"))
    assert (verdict, found["days"]["day"]) == ("applies", "2024-10-21")
    assert found["z1"]["outcome"] == "applies"
    assert one(plans, later, last_seen=moment("2024-10-20 23:59"))[0] == "needs_review"
    # a zone that has ended by the second day bans the first alone
    verdict, found = one(plans, zone(last=date(2024, 10, 20)), last_seen=moment("2024-10-21 09:00"))
    assert [run[2] for run in found["days"]["days"]] == ["applies", "needs_review"]
    assert (verdict, found["days"]["day"]) == ("applies", "2024-10-20")


def test_hours_are_sure_where_it_was_seen_and_open_on_the_days_between(plans: Bans) -> None:
    daily = zone(hours=(("06:00", "20:00"),), complete_for=("370202",))
    night = {"at": "2024-10-20 21:00"}
    assert one(plans, daily, **night)[0] == "does_not_apply"
    verdict, found = one(plans, daily, **night, last_seen=moment("2024-10-21 07:00"))
    assert (verdict, found["days"]["day"]) == ("applies", "2024-10-21")
    verdict, found = one(plans, daily, **night, last_seen=moment("2024-10-21 05:00"))
    assert (verdict, found["days"]["day"]) == ("does_not_apply", "2024-10-20")
    verdict, found = one(plans, daily, **night, last_seen=moment("2024-10-22 05:00"))
    assert (verdict, found["days"]["day"]) == ("needs_review", "2024-10-21")
    assert found["z1"]["reasons"] == ["window_edge"]


def test_seasons_and_hours_are_beijings(plans: Bans) -> None:
    autumn = zone(seasons=(("10-01", "11-30"),), hours=(("06:00", "20:00"),))
    assert one(plans, autumn)[0] == "applies"
    verdict, found = one(plans, autumn, at="2024-10-20 20:01")
    assert (verdict, found["z1"]["failed"]) == ("does_not_apply", "hours")
    verdict, found = one(plans, autumn, at="2024-12-01 10:00")
    assert (verdict, found["z1"]["failed"]) == ("does_not_apply", "season")
    # 06:00 in Beijing is 22:00 UTC of the day before
    assert one(plans, autumn, at="2024-10-01 06:00")[0] == "applies"
    night = zone(seasons=(("11-01", "02-28"),), hours=(("20:00", "06:00"),))
    assert one(plans, night, at="2025-01-05 05:59")[0] == "applies"


def test_a_fire_that_runs_into_the_hours_is_open(plans: Bans) -> None:
    day = zone(hours=(("06:00", "20:00"),))
    verdict, found = one(plans, day, at="2024-10-20 05:30", last_seen=moment("2024-10-20 13:00"))
    assert (verdict, found["z1"]["reasons"]) == ("needs_review", ["window_edge"])


def test_a_zone_is_cited_only_on_days_on_which_it_holds(plans: Bans) -> None:
    later = zone(first=date(2024, 11, 1))
    verdict, found = one(plans, later)
    assert (verdict, "z1" in found) == ("needs_review", False)
    over = zone(last=date(2024, 10, 19))
    assert "z1" not in one(plans, over)[1]
    # nor before its text was issued, whatever day it names as its first
    late = zone(first=date(2020, 1, 1), text=replace(NOTICE, day="2024-10-21"))
    assert "z1" not in one(plans, late)[1]
    assert "z1" in one(plans, replace(late, text=replace(NOTICE, day="2024-10-20")))[1]


def test_a_fire_of_2022_is_judged_by_the_notice_of_its_day_alone(plans: Bans) -> None:
    notice = replace(NOTICE, day="2020-12-20")
    old = zone(first=date(2021, 1, 1), text=notice)
    verdict, found = one(plans, old, at="2022-04-10 13:00")
    assert (verdict, found["z1"]["outcome"]) == ("applies", "applies")
    assert not [name for name in found if name.startswith("gf.")]
    # what the other texts of that day said is not on file: off its season nothing is cleared
    verdict, found = one(plans, replace(old, seasons=(("10-01", "11-30"),)), at="2022-04-10 13:00")
    assert (verdict, found["z1"]["outcome"]) == ("needs_review", "does_not_apply")


def test_a_zone_without_a_cited_text_bans_nothing(plans: Bans) -> None:
    verdict, found = one(plans, zone(text=noburn.Text("local_notice", "某通告")))
    assert (verdict, found["z1"]["reasons"]) == ("needs_review", ["no_cited_text"])
    assert found["gf.straw.local"]["reasons"] == ["no_cited_text"]


def test_a_zone_of_limited_burning_is_open(plans: Bans) -> None:
    verdict, found = one(plans, zone(class_="limit"))
    assert (verdict, found["z1"]["reasons"]) == ("needs_review", ["limited_zone"])


def test_a_zone_of_polluting_fuels_is_shown_and_bans_no_straw(plans: Bans) -> None:
    verdict, found = one(plans, zone(kind="fuel", class_="II"))
    assert (verdict, found["z1"]["outcome"]) == ("needs_review", "")
    assert found["gf.straw.local"]["reasons"] == ["missing_layer:straw_ban"]


@pytest.mark.parametrize("site", ["CC", "NJ", "TS"])
def test_a_permit_where_a_text_bans_all_burning_is_a_conflict(site: str, plans: Bans) -> None:
    verdict, found = one(plans, site=site, permits=(permit(),))
    assert verdict == "applies"
    rule = {"CC": "jl.straw.all", "NJ": "js.straw.all", "TS": "gf.straw.key"}[site]
    assert found[rule]["reasons"] == ["conflicting_sources"]
    assert found["p1"]["reasons"] == ["permit_matches"]
    assert found["p1"]["outcome"] == ""


def test_a_permit_alone_never_clears_a_fire(plans: Bans) -> None:
    assert one(plans, permits=(permit(),))[0] == "needs_review"
    assert one(plans, zone(class_="limit"), permits=(permit(),))[0] == "needs_review"


def test_a_permit_that_was_issued_after_the_fire_is_none(plans: Bans) -> None:
    for day, held in (("2024-10-20", True), ("2024-10-21", False)):
        assert ("p1" in one(plans, permits=(permit(day=day),))[1]) is held


def test_a_permit_fits_by_place_time_and_weather(plans: Bans) -> None:
    assert "p1" not in one(plans, permits=(permit(),), **place(9_000.0))[1]
    assert "p1" not in one(plans, permits=(permit(),), at="2024-10-20 17:00")[1]
    assert one(plans, permits=(permit(wind_ms=5.4),))[1]["p1"]["reasons"] == [
        "permit_matches",
        "permit_weather",
    ]
    assert one(plans, permits=(permit(wind_ms=5.4),), wind_ms=5.4)[1]["p1"]["reasons"] == ["permit_matches"]
    assert "p1" not in one(plans, permits=(permit(wind_ms=5.4, aqi=100.0),), wind_ms=3.0, aqi=101.0)[1]
    edge = one(plans, permits=(permit(),), **place(5_200.0))[1]["p1"]["reasons"]
    assert edge == ["permit_matches", "inside_margin"]
    runs_on = one(plans, permits=(permit(),), last_seen=moment("2024-10-20 18:00"))[1]["p1"]["reasons"]
    assert runs_on == ["permit_matches", "window_edge"]


def airport(**changes: Any) -> noburn.Zone:
    words: dict[str, Any] = {
        "id": "a1",
        "kind": "airport",
        "class_": "",
        "name": "某机场",
        "text": noburn.Text(),
    }
    words |= {"shape": shapely.Point(LON, LAT), "text": noburn.Text()}
    return zone(**{**words, **changes})


def test_a_distance_without_its_layer_says_so_and_decides_nothing(plans: Bans) -> None:
    verdict, found = one(plans, site="TS")
    assert verdict == "applies"
    kinds = ("airport", "motorway", "railway", "road")
    assert found["distance"]["reasons"] == [f"missing_layer:{kind}" for kind in kinds]


def test_a_distance_without_a_cited_text_is_shown_and_decides_nothing(plans: Bans) -> None:
    verdict, found = one(plans, airport(), **place(10_000.0))
    assert (verdict, found["a1"]["outcome"]) == ("needs_review", "needs_review")
    assert (found["a1"]["km"], found["a1"]["limit_km"], found["a1"]["bans"]) == (10.0, 15.0, False)
    assert one(plans, airport(), zone(complete_for=("370202",)), **place(10_000.0))[0] == "does_not_apply"


@pytest.mark.parametrize(
    ("east_m", "outcome"), [(14_000.0, "applies"), (14_700.0, "needs_review"), (15_300.0, "needs_review")]
)
def test_a_distance_with_its_text_counts_up_to_the_footprint(
    east_m: float, outcome: str, plans: Bans
) -> None:
    verdict, found = one(plans, airport(text=NOTICE), **place(east_m))
    assert (verdict, found["a1"]["outcome"]) == (outcome, outcome)
    assert "a1" not in one(plans, airport(text=NOTICE), **place(15_700.0))[1]


def test_the_distance_of_a_text_goes_before_that_of_practice(plans: Bans) -> None:
    assert one(plans, airport(text=NOTICE, radius_km=5.0), **place(10_000.0))[0] == "needs_review"
    assert one(plans, airport(text=NOTICE, radius_km=12.0), **place(10_000.0))[0] == "applies"


def test_inside_an_airport_and_along_a_line_the_distance_is_exact(plans: Bans) -> None:
    assert one(plans, airport(text=NOTICE, shape=square(2_000.0)))[1]["a1"]["km"] == 0.0
    track = shapely.LineString([(LON, LAT - 1.0), (LON, LAT + 1.0)])
    railway = airport(id="r1", kind="railway", shape=track, text=NOTICE)
    found = one(plans, railway, **place(1_000.0))[1]["r1"]
    assert (found["km"], found["outcome"]) == (1.0, "applies")


def test_the_token_changes_with_the_zones(root: Path) -> None:
    policy = root / "layers" / "policy"
    tokens = [open_bans(policy, state=state).token for state in ("", "", "a")]
    assert tokens[0] == tokens[1] != tokens[2]


def test_fires_in_many_zones_are_judged_as_each_alone(plans: Bans) -> None:
    zones = (zone(), zone(id="z2", class_="limit", shape=square(8_000.0)), airport(text=NOTICE))
    bans = replace(plans, zones=zones, permits=(permit(),))
    events = [event("QD", **place(east)) for east in (0.0, 4_700.0, 7_000.0, 8_200.0, 14_500.0, 40_000.0)]
    on = moment("2024-10-23 09:00")  # two at one place, each of several days
    events += [{**one, "last_seen": on, "event": f"{one['event']} on"} for one in events[::-1]]
    together = judge_events(frame(*events), bans)
    alone = [judge_events(frame(single), bans).iloc[0] for single in events]
    assert together["rules"].tolist() == [row["rules"] for row in alone]
    assert together["verdict"].tolist() == [row["verdict"] for row in alone]
