from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.fires.events import Assignment, assign, cluster
from geoaq.frames import fire_keys
from tests.fires.toy import NOON, RULE, east_of, fires

NOBODY = pd.DataFrame({"event": np.array([], object), "first_seen": np.array([], np.int64)})
HOUR = 3_600


def known_of(pixels: pd.DataFrame, assignment: Assignment) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return members and known events after an assignment."""
    members = pixels.assign(event=assignment.ids[cluster(pixels, rule=RULE)])
    known = members.groupby("event")["acquired"].min().rename("first_seen").reset_index()
    return members, known.astype({"event": object})


def first_time(pixels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    members = pixels.iloc[:0].assign(event=np.array([], object))
    return known_of(pixels, again(pixels, members, NOBODY))


def again(pixels: pd.DataFrame, members: pd.DataFrame, known: pd.DataFrame) -> Assignment:
    return assign(pixels, cluster(pixels, rule=RULE), members=members, known=known, rule=RULE)


def moved(pixels: pd.DataFrame, metres: float) -> pd.DataFrame:
    """Return the same detections a little farther east, as another level of processing has them."""
    places = [east_of(x, y, metres) for x, y in zip(pixels["lon"], pixels["lat"], strict=True)]
    lon, lat = (np.round(values, 5) for values in zip(*places, strict=True))
    key = fire_keys(pixels["satellite"], pixels["acquired"].to_numpy(), lon, lat)
    return pixels.assign(lon=lon, lat=lat, key=key)


def two_fires(apart_m: float = 1_800.0) -> pd.DataFrame:
    x, y = east_of(117.0, 34.0, apart_m)
    return fires([117.0, 117.001, x], [34.0, 34.001, y], [NOON, NOON, NOON + HOUR], "snpp")


def nothing_else(found: Assignment) -> bool:
    return not (len(found.merged) or len(found.split) or found.gone or found.new)


def test_an_id_says_the_minute_and_the_place_of_the_first_pixel() -> None:
    _, known = first_time(fires([117.0], [34.0], [NOON]))

    assert known["event"].tolist() == ["20250407T0440Z-ww51qmsb3"]


def test_events_keep_their_ids_when_a_level_moves_every_pixel() -> None:
    pixels = two_fires()
    members, known = first_time(pixels)

    found = again(moved(pixels, 120.0), members, known)

    assert sorted(set(found.ids)) == sorted(known["event"])
    assert nothing_else(found)


def test_an_event_keeps_its_id_when_an_earlier_pixel_of_another_satellite_comes_in_late() -> None:
    pixels = fires([117.0, 117.002], [34.0, 34.0], [NOON, NOON], "snpp")
    members, known = first_time(pixels)
    late = fires([117.004], [34.0], [NOON - 5 * HOUR], "terra")

    found = again(pd.concat([late, pixels], ignore_index=True), members, known)

    assert found.ids.tolist() == known["event"].tolist()
    assert nothing_else(found)


def test_of_two_that_grow_together_the_older_survives_and_the_other_is_recorded() -> None:
    pixels = two_fires()
    members, known = first_time(pixels)
    older, younger = known.sort_values("first_seen")["event"]
    bridge = fires([east_of(117.0, 34.0, 950.0)[0]], [34.0], [NOON + 2 * HOUR], "noaa20")

    found = again(pd.concat([bridge, pixels], ignore_index=True), members, known)

    assert found.ids.tolist() == [older]
    assert found.merged.to_numpy().tolist() == [[younger, older]]
    assert found.new == found.gone == ()


def test_an_event_that_falls_apart_keeps_its_id_where_most_of_it_is() -> None:
    pixels = two_fires()
    bridge = fires([east_of(117.0, 34.0, 950.0)[0]], [34.0], [NOON + 2 * HOUR], "noaa20")
    members, known = first_time(pd.concat([bridge, pixels], ignore_index=True))

    found = again(pixels, members, known)

    assert found.ids[0] == known["event"][0]
    assert found.new == (found.ids[1],)
    assert found.split.to_numpy().tolist() == [[known["event"][0], found.ids[1]]]
    assert found.gone == ()


def test_an_event_whose_pixels_a_correction_took_away_is_gone() -> None:
    pixels = two_fires(apart_m=50_000.0)
    members, known = first_time(pixels)

    found = again(pixels.iloc[:2], members, known)

    assert len(found.gone) == 1
    assert found.ids.tolist() == [event for event in known["event"] if event not in found.gone]


def test_an_event_whose_only_pixel_moved_far_is_found_by_the_rule_itself() -> None:
    pixels = fires([117.0], [34.0], [NOON], "snpp")
    members, known = first_time(pixels)

    found = again(moved(pixels, 800.0), members, known)

    assert found.ids.tolist() == known["event"].tolist()
    assert again(moved(pixels, 1_200.0), members, known).gone == tuple(known["event"])


def test_a_push_does_not_take_the_id_of_an_own_discovery_of_the_same_pixel() -> None:
    own = fires([117.0], [34.0], [NOON])
    members, known = first_time(own)
    both = pd.concat([fires([117.0], [34.0], [NOON], kind="push"), own], ignore_index=True)

    found = again(both, members, known)

    assert found.ids[1] == known["event"][0]
    assert found.new == (f"{known['event'][0]}-2",)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_ids_merges_and_splits_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 60
    pixels = fires(
        117.0 + random.uniform(0, 0.06, n), 34.0 + random.uniform(0, 0.06, n),
        NOON + random.integers(0, 3 * 1440, n) * 60, random.choice(["snpp", "noaa20", "terra"], n),
    )  # fmt: skip
    members, known = first_time(pixels.iloc[:45])
    later = pd.concat([moved(pixels.iloc[8:30], 60.0), pixels.iloc[30:]], ignore_index=True)
    order, shuffle = random.permutation(len(later)), random.permutation(len(members))

    found = again(later, members, known)
    turned = again(later.iloc[order], members.iloc[shuffle], known.iloc[::-1])

    ids, same = found.ids[cluster(later, rule=RULE)], turned.ids[cluster(later.iloc[order], rule=RULE)]
    assert ids[order].tolist() == same.tolist()
    assert len(set(found.ids)) == len(found.ids)
    assert found.merged.equals(turned.merged)
    assert found.split.equals(turned.split)
    assert (found.gone, found.new) == (turned.gone, turned.new)
    # every known event is somewhere, and once
    ends = [set(found.merged["event"]), set(found.gone), set(found.ids) & set(known["event"])]
    assert sorted(event for end in ends for event in end) == sorted(known["event"])
