from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.fires.bulletin import (
    GROUPS,
    STRAW,
    by_unit,
    group_events,
    group_pixels,
    latest_checks,
    ledger,
    open_border,
)
from geoaq.frames import FIRE_CLASSES, FIRE_KINDS
from tests.fires.bulletin_toy import NO_CHECKS, checks, county_units, events_of, judged

PLACES = ("341302", "341322", "411481", "419001", "")
UNITS = county_units("341302", "341322", "411481", "419001")
AREA = pd.Series({"341302": 150_000.0, "341322": 180_000.0, "411481": 130_000.0})

rows = st.lists(
    st.fixed_dictionaries(
        {
            "class": st.sampled_from(FIRE_CLASSES),
            "kind": st.sampled_from(FIRE_KINDS),
            "adcode": st.sampled_from(PLACES),
            "event": st.sampled_from(["E0", "E1", "E2", "E3", ""]),
            "disputed_border": st.booleans(),
            "others": st.sampled_from(["", "341322=0.3", "411481=0.2"]),
            "disputed_by": st.sampled_from(["", "footprint", "conflicting_sources"]),
        }
    ),
    max_size=30,
)
found_on_the_spot = st.dictionaries(
    st.sampled_from(["E0", "E1", "E2", "E9"]),
    st.sampled_from(["straw", "not_straw", "no_trace", "pending", "straw@341322"]),
)


@settings(max_examples=60, deadline=None)
@given(rows, found_on_the_spot)
def test_every_detection_is_in_one_group_and_the_sums_add_up_at_every_level(stated, results) -> None:
    pixels, checked = judged(stated), checks(**results)
    grouped = group_pixels(pixels, checked)
    table = ledger(grouped)
    assert int(table.to_numpy().sum()) == len(pixels)
    for level in ("county", "city", "province"):
        units = by_unit(pixels, grouped, events_of(pixels), checked, UNITS, AREA, level=level, surveyed=True)
        straw = int(table.loc[list(STRAW), "satellite"].sum())
        assert int(units["straw"].sum() + units["open"].sum()) == straw
        assert (units["straw"] == units["verified"] + units["suspected"]).all()
        assert int(units["others"].sum()) == int(table.loc[list(STRAW), "other"].sum())
        assert (units.loc[units["verified"] == 0, "rank"] == 0).all()


def test_official_pushes_are_in_the_ledger_and_in_no_ranking() -> None:
    pixels = judged([{"kind": "push"}, {"kind": "push"}, {"kind": "satellite"}, {"kind": "camera"}])
    checked = checks(**dict.fromkeys(pixels["event"], "straw"))
    grouped = group_pixels(pixels, checked)
    assert ledger(grouped).loc["verified"].tolist() == [1, 1, 2]
    units = by_unit(pixels, grouped, events_of(pixels), checked, UNITS, AREA, level="county", surveyed=True)
    assert units.loc["341302", ["verified", "others", "events_verified"]].tolist() == [1, 1, 2]


def test_what_looks_every_few_minutes_stands_beside_the_points() -> None:
    pixels = judged([{"event": "E0"}, *({"event": "E0", "satellite": "himawari9"} for _ in range(6))])
    told = checks(E0="straw")
    grouped = group_pixels(pixels, told, beside=("himawari9",))
    assert grouped["source"].tolist() == ["satellite"] + ["other"] * 6
    units = by_unit(pixels, grouped, events_of(pixels), told, UNITS, AREA, level="county", surveyed=True)
    assert units[["verified", "others", "events"]].to_numpy().tolist() == [[1, 6, 1]]


def test_a_point_at_an_open_border_is_nobodys_until_the_spot_is_named() -> None:
    pixels = judged(
        [{"disputed_border": True, "others": "411481=0.3", "disputed_by": "footprint", "event": "E0"}]
    )
    for checked, verified, open_points in ((checks(E0="straw"), 0, 1), (checks(E0="straw@411481"), 1, 0)):
        grouped = group_pixels(pixels, checked)
        units = by_unit(
            pixels, grouped, events_of(pixels), checked, UNITS, AREA, level="county", surveyed=True
        )
        assert int(units["verified"].sum()) == verified
        assert int(units["open"].sum()) == open_points
    assert units.index.tolist() == ["411481"]


def test_a_neighbour_of_the_same_prefecture_leaves_only_the_county_open() -> None:
    pixels = judged([{"disputed_border": True, "others": "341322=0.3", "disputed_by": "footprint"}])
    grouped = group_pixels(pixels, NO_CHECKS)
    found = [bool(open_border(pixels, grouped, level)[0]) for level in ("county", "city", "province")]
    assert found == [True, False, False]


def test_a_place_that_two_sources_draw_differently_is_open_at_every_level() -> None:
    pixels = judged([{"disputed_border": True, "disputed_by": "conflicting_sources"}])
    grouped = group_pixels(pixels, NO_CHECKS)
    assert open_border(pixels, grouped, "province").tolist() == [True]


def test_a_place_that_may_lie_abroad_is_open_at_every_level() -> None:
    pixels = judged([{"adcode": "222404", "disputed_border": True, "disputed_by": "outside"}])
    grouped = group_pixels(pixels, NO_CHECKS)
    assert all(open_border(pixels, grouped, level)[0] for level in ("county", "city", "province"))


def test_a_county_without_a_prefecture_of_its_digits_is_not_lost() -> None:
    pixels = judged([{"adcode": "419001"}])
    units = by_unit(
        pixels,
        group_pixels(pixels, NO_CHECKS),
        events_of(pixels),
        NO_CHECKS,
        UNITS,
        AREA,
        level="city",
        surveyed=True,
    )
    assert units["straw"].to_dict() == {"419001": 1}


def test_the_last_check_of_an_event_counts_by_its_time_then_by_its_row() -> None:
    table = pd.DataFrame(
        {
            "event": ["E0", "E0", "E1", "E1"],
            "result": ["straw", "not_straw", "pending", "straw"],
            "adcode": "",
            "checked_at": [20, 10, -1, -1],
        }
    )
    assert latest_checks(table)["result"].to_dict() == {"E0": "straw", "E1": "straw"}


def test_the_hectares_of_a_unit_itself_go_before_the_sum_of_its_counties() -> None:
    pixels = judged([{"adcode": "341302"}, {"adcode": "411481"}])
    grouped = group_pixels(pixels, NO_CHECKS)
    own = pd.concat([AREA, pd.Series({"410000": 7.9e6})])
    units = by_unit(
        pixels, grouped, events_of(pixels), NO_CHECKS, UNITS, own, level="province", surveyed=True
    )
    assert units["arable_ha"].to_dict() == {"340000": 330_000.0, "410000": 7.9e6}
    less = by_unit(
        pixels,
        grouped,
        events_of(pixels),
        NO_CHECKS,
        UNITS,
        AREA.drop("341322"),
        level="province",
        surveyed=True,
    )
    assert np.isnan(less.loc["340000", "arable_ha"])


def test_groups_of_events_are_those_of_detections() -> None:
    pixels = judged([{"class": name, "event": f"E{n}"} for n, name in enumerate(FIRE_CLASSES)])
    grouped = group_events(events_of(pixels), checks(E1="straw"))
    assert grouped["group"].astype(object).tolist() == [
        "straw_likely", "verified", "static", "not_cropland", "suspect", "unknown",
    ]  # fmt: skip
    assert set(grouped["group"]) <= set(GROUPS)


def test_what_is_seen_after_a_check_is_open_again_and_what_was_verified_stays() -> None:
    pixels = judged(
        [{"event": event, "acquired": 1000 + 100 * n} for event in ("E0", "E1") for n in range(3)]
    )
    told = checks(E0="no_trace", E1="straw").assign(checked_at=1100)
    groups = group_pixels(pixels, told)["group"].tolist()
    assert groups == ["checked_no_trace"] * 2 + ["straw_likely"] + ["verified"] * 2 + ["straw_likely"]
    assert group_events(events_of(pixels), told)["group"].tolist() == ["straw_likely", "verified"]
    assert group_events(events_of(pixels), told.assign(checked_at=1200))["group"].tolist() == [
        "checked_no_trace", "verified",
    ]  # fmt: skip


def test_a_check_in_one_county_of_an_event_says_nothing_of_another() -> None:
    places = [{"adcode": "341302"}, {"adcode": "341322"}, {"adcode": "341322", "disputed_border": True}]
    pixels = judged([{"event": "E0", **place} for place in places])
    told = checks(E0="straw@341302").assign(counties="341322=2;341302=1")
    grouped = group_pixels(pixels, told)
    assert grouped["group"].tolist() == ["verified", "straw_likely", "verified"]
    assert grouped["place"].tolist() == ["341302", "341322", "341302"]
    # A county that is none of the event's corrects the place of all of it.
    moved = group_pixels(pixels, checks(E0="straw@411481").assign(counties="341322=2;341302=1"))
    assert set(zip(moved["place"], moved["group"], strict=True)) == {("411481", "verified")}
