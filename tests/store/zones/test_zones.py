"""Zones and permits in the database: versions are added, and what held on a day goes on holding for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shapely

from geoaq.errors import InputError, NotFoundError
from geoaq.store.fires.store import FireStore
from geoaq.store.zones import KeptPermit, KeptZone, ZoneStore, sifted

SQUARE = shapely.to_wkb(shapely.box(120.0, 36.0, 120.1, 36.1))
NOW, WHO = 1_780_000_000, "某某县生态环境局"


def zone(**changes: Any) -> KeptZone:
    words: dict[str, Any] = {
        "kind": "straw",
        "class_": "ban",
        "name": "机场净空区",
        "basis": "local_notice",
        "title": "关于划定秸秆禁烧区的通告",
        "issuer": "某某县人民政府",
        "day": "2024-05-01",
        "first": 19_850,
        "shape": SQUARE,
        "seasons": (("10-01", "11-30"),),
        "hours": (("06:00", "20:00"),),
        "complete_for": ("370202",),
    }
    return KeptZone(**{**words, **changes})


@pytest.fixture
def zones(make_store: Callable[[], FireStore]) -> ZoneStore:
    return ZoneStore(make_store().engine)


def test_a_zone_comes_back_as_it_was_given(zones: ZoneStore) -> None:
    (kept,) = zones.add_zones([zone()], by=WHO, now=NOW)
    assert zones.every_zone() == [kept]
    assert (kept.version, kept.by, kept.recorded) == (1, WHO, NOW)
    assert kept.zone.startswith("z")
    same = zone(zone=kept.zone, version=1, by=WHO, recorded=NOW)
    assert kept == same


def test_a_new_version_ends_the_old_one_the_day_before(zones: ZoneStore) -> None:
    (kept,) = zones.add_zones([zone()], by=WHO, now=NOW)
    zones.add_zones([zone(zone=kept.zone, first=20_000, class_="limit")], by=WHO, now=NOW + 1)
    assert [(one.version, one.first, one.last) for one in zones.held_zones()] == [
        (1, 19_850, 19_999),
        (2, 20_000, None),
    ]
    assert [one.last for one in zones.zone(kept.zone)] == [None, None]


def test_a_correction_of_the_same_first_day_holds_alone(zones: ZoneStore) -> None:
    (kept,) = zones.add_zones([zone()], by=WHO, now=NOW)
    zones.add_zones([zone(zone=kept.zone, name="更正")], by=WHO, now=NOW)
    assert [one.name for one in zones.held_zones()] == ["更正"]
    assert len(zones.every_zone()) == 2


def test_a_zone_that_ended_still_holds_for_earlier_fires(zones: ZoneStore) -> None:
    (kept,) = zones.add_zones([zone(last=30_000)], by=WHO, now=NOW)
    ended = zones.end_zone(kept.zone, first=20_100, by=WHO, remark="通告废止", now=NOW)
    assert (ended.version, ended.ended, ended.remark) == (2, True, "通告废止")
    assert [(one.version, one.last) for one in zones.held_zones()] == [(1, 20_099)]
    with pytest.raises(InputError, match="ended"):
        zones.end_zone(kept.zone, first=20_200, by=WHO, remark="", now=NOW)


def test_versions_are_added_all_or_none(zones: ZoneStore) -> None:
    with pytest.raises(NotFoundError):
        zones.add_zones([zone(), zone(zone="z00000000")], by=WHO, now=NOW)
    assert zones.every_zone() == []
    with pytest.raises(NotFoundError):
        zones.zone("z00000000")


def test_the_state_changes_with_every_version(zones: ZoneStore) -> None:
    states = [zones.state()]
    (kept,) = zones.add_zones([zone()], by=WHO, now=NOW)
    states.append(zones.state())
    zones.end_zone(kept.zone, first=20_000, by=WHO, remark="", now=NOW)
    states.append(zones.state())
    zones.add_permits([permit()], by=WHO, now=NOW)
    states.append(zones.state())
    assert len(set(states)) == 4
    assert zones.state() == states[-1]


def permit(**changes: Any) -> KeptPermit:
    words: dict[str, Any] = {
        "name": "计划烧除",
        "number": "2024-1",
        "issuer": "某某县农业农村局",
        "day": "2024-10-10",
        "begin": 100,
        "end": 9_000,
        "wind_ms": 5.4,
        "shape": SQUARE,
    }
    return KeptPermit(**{**words, **changes})


def test_a_permit_that_is_withdrawn_holds_until_then(zones: ZoneStore) -> None:
    (kept,) = zones.add_permits([permit()], by=WHO, now=NOW)
    assert zones.permits() == [kept]
    zones.end_permit(kept.permit, at=5_000, by=WHO, remark="天气转差", now=NOW)
    assert [(one.version, one.end) for one in zones.permits()] == [(2, 4_999)]
    assert [one.end for one in zones.every_permit()] == [9_000, 4_999]
    with pytest.raises(NotFoundError):
        zones.end_permit("p00000000", at=0, by=WHO, remark="", now=NOW)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"name": "另名", "quote": "另引", "remark": "另注"}, True),
        ({"complete_for": ("370202", "370203")}, False),
        ({"hours": ()}, False),
        ({"day": "2024-05-02"}, False),
        ({"shape": shapely.to_wkb(shapely.box(120.0, 36.0, 120.1, 36.2))}, False),
    ],
)
def test_the_same_zone_is_one_by_which_no_verdict_could_be_another(
    zones: ZoneStore, changes: dict[str, Any], same: bool
) -> None:
    (kept,) = zones.add_zones([zone()], by=WHO, now=NOW)
    found = sifted(zones, [zone(**changes)], [])
    assert [one.earlier for one in found.repeats] == [kept.zone] * same
    assert len(found.zones) == (not same)
    assert sifted(zones, [zone(zone=kept.zone)], []).repeats == ()


def test_a_permit_with_other_limits_of_weather_is_another(zones: ZoneStore) -> None:
    zones.add_permits([permit()], by=WHO, now=NOW)
    found = sifted(zones, [], [permit(), permit(wind_ms=3.0), permit(aqi=100.0), permit(aqi=100.0)])
    assert [(one.wind_ms, one.aqi) for one in found.permits] == [(3.0, None), (5.4, 100.0)]
    assert len(found.repeats) == 2
