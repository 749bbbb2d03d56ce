"""Judged bit by bit, in any order, stopped and gone on with: the same as judged at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaq.fires.events import cluster
from geoaq.frames import FIRE_JUDGED, NRT, RT, URT
from geoaq.store.fires.store import FireStore
from tests.flows.fires.book import book, events_of, judged, other_bans, pixels_of
from tests.store.fires import rows as made
from tests.store.fires.dying import moments_apart
from tests.store.fires.rows import DAY0, about, fires

DAY = 86_400
ALL = (0, 10**10)
MakeStore = Callable[[], FireStore]
PLACES = st.sampled_from([115.5, 115.508, 115.516, 115.999, 116.003])
ROWS = st.fixed_dictionaries(
    {
        "satellite": st.sampled_from(["snpp", "noaa20"]),
        "acquired": st.integers(0, 9).map(lambda half: DAY0 + half * 43_200 + 300),
        "lon": PLACES,
        "level": st.sampled_from([URT, RT, NRT]),
        "frp_mw": st.sampled_from([float("nan"), 2.5]),
        "scan_km": st.just(0.4),
        "track_km": st.just(0.4),
        "kind": st.sampled_from(["satellite", "satellite", "satellite", "push"]),
    }
)
# each is judged some ten times over; all of them are tried when a release is accepted
EXAMPLES = 24 // moments_apart(5)
LISTS = st.lists(st.lists(ROWS, min_size=1, max_size=8), min_size=1, max_size=4)


def partition(store: FireStore) -> None:
    """Compare the events of the store with clustering all its loose pixels at once."""
    whole = store.judged(*ALL)
    loose = whole[whole["class"] != "static"].reset_index(drop=True)
    assert (whole.loc[whole["class"] == "static", "event"] == "").all()
    labels = cluster(loose, rule=book().events)
    pairs = pd.DataFrame({"label": labels, "event": loose["event"].astype(object)}).drop_duplicates()
    assert pairs["label"].is_unique
    assert pairs["event"].is_unique
    events = store.events()
    assert set(events["event"]) == set(pairs["event"])
    counted = loose["event"].astype(object).value_counts()
    assert events.set_index("event")["pixels"].to_dict() == counted.to_dict()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=LISTS, data=st.data())
def test_what_is_judged_does_not_depend_on_the_order_of_lists(
    make_store: MakeStore, lists: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    frames = [fires(*rows) for rows in lists]
    order = data.draw(st.permutations(range(len(frames))))
    first, second = make_store(), make_store()
    for number, frame in enumerate(frames):
        first.ingest(made.given(frame), **about(f"a{number}"))
        judged(first, rows_at_once=data.draw(st.sampled_from([1, 10, 1000])))
        partition(first)
    for number in order:
        second.ingest(made.given(frames[number]), **about(f"b{number}"))
    judged(second, rows_at_once=10_000)
    pd.testing.assert_frame_equal(pixels_of(first), pixels_of(second))
    pd.testing.assert_frame_equal(events_of(first), events_of(second))
    assert judged(first) == (0, 0, 0)


def test_an_event_keeps_its_name_when_it_grows_and_a_merge_is_on_record(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(fires({"lon": 115.5}, {"lon": 115.516, "acquired": DAY0 + 60})), **about("a"))
    judged(store)
    one, two = store.events()["event"]
    store.ingest(made.given(fires({"lon": 115.508, "acquired": DAY0 + DAY})), **about("b"))
    assert judged(store, now=1) == (1, 1, 2)
    events = store.events()
    assert events["event"].tolist() == [one]
    assert events["pixels"].tolist() == [3]
    found = store.event(two)
    assert found is not None
    assert found["event"] == one
    assert len(store.members(two)) == 3
    history = store.event_history(one)
    assert history[["event", "what"]].to_numpy().tolist() == [
        [one, "new"], [one, "grew"], [two, "merged_into"],
    ]  # fmt: skip
    # The clock was set back in between: the order is that of the changes.
    assert history["at"].tolist() == [5, 1, 1]
    # NRT without the pixel between them: the two part again, and the part bears a name of its own.
    store.ingest(made.given(fires({"lon": 115.9, "acquired": DAY0 + DAY, "level": 3})), **about("c"))
    judged(store)
    partition(store)
    assert len(store.events()) == 3
    assert "split_from" in set(store.event_history(one)["what"])


def test_a_pixel_that_is_withdrawn_leaves_an_event_that_is_gone_on_record(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(fires({"lon": 115.5})), **about("a"))
    judged(store)
    (gone,) = store.events()["event"]
    store.ingest(made.given(fires({"lon": 116.5, "level": 3})), **about("b"))
    judged(store)
    found = store.event(gone)
    assert found is not None
    assert not found["alive"]
    assert store.event_history(gone)["what"].tolist() == ["new", "gone"]
    assert store.events()["adcode"].tolist() == ["341321"]
    partition(store)


def furnace() -> pd.DataFrame:
    """Return a place that is hot every sixth night from March to July, and a field beside it in August."""
    nights = [
        {"acquired": DAY0 + night * DAY + 18 * 3600, "lon": 115.5 + 0.0005 * (night % 3), "daynight": 0,
         "scan_km": 0.4, "track_km": 0.4, "frp_mw": 1.0}
        for night in range(0, 150, 6)
    ]  # fmt: skip
    field = {"acquired": DAY0 + 165 * DAY, "lon": 115.7, "scan_km": 0.4, "track_km": 0.4, "daynight": 1}
    later = {"acquired": DAY0 + 165 * DAY + 18 * 3600, "lon": 115.5, "scan_km": 0.4, "track_km": 0.4,
             "daynight": 0, "frp_mw": 1.1}  # fmt: skip
    return fires(*nights, field, later)


def test_a_source_is_static_from_the_month_after_it_was_learned_and_no_event(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(furnace()), **about("a"))
    judged(store)
    partition(store)
    whole = store.judged(*ALL).sort_values("acquired")
    assert whole["class"].tolist()[0] != "static"
    assert whole["class"].tolist()[-1] == "static"
    (source,) = set(whole["static_source"]) - {""}
    assert store.static_sources()["source"].tolist() == [source]
    assert judged(store) == (0, 0, 0)
    # Somebody finds that it is none: its pixels of that day and later are judged like any other.
    store.review_static(source, "rejected", "王", "", DAY0 + 160 * DAY)
    assert judged(store).days > 0
    assert store.judged(*ALL).sort_values("acquired")["class"].tolist()[-1] != "static"
    partition(store)


def test_a_month_that_only_patrols_told_of_is_learned_from_like_any_other(make_store: MakeStore) -> None:
    whole, without = make_store(), make_store()
    told = {"kind": "platform", "satellite": "platform:某县", "lon": 116.9, "scan_km": 0.4, "track_km": 0.4}
    before, after = {"acquired": DAY0 - 40 * DAY, **told}, {"acquired": DAY0 + 200 * DAY, **told}
    for store, rows in ((whole, fires(before, after)), (without, fires(after))):
        store.ingest(made.given(rows), **about("a"))
        store.ingest(made.given(furnace()), **about("b"))
        judged(store)
        partition(store)
    assert whole.static_sources()["source"].tolist() == without.static_sources()["source"].tolist() != []


def test_days_that_change_nothing_before_them_are_all_that_is_judged_again(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(furnace()), **about("a"))
    judged(store)
    before = {entry.place: entry.sha256 for entry in store.judged_entries()}
    late = fires({"acquired": DAY0 + 170 * DAY, "lon": 116.5, "scan_km": 0.4, "track_km": 0.4})
    store.ingest(made.given(late), **about("b"))
    assert judged(store) == (1, 1, 1)
    after = {entry.place: entry.sha256 for entry in store.judged_entries()}
    assert {place: after[place] for place in before} == before


def test_who_stops_it_finds_what_was_done_and_goes_on(make_store: MakeStore) -> None:
    store, other = make_store(), make_store()
    for one in (store, other):
        one.ingest(made.given(furnace()), **about("a"))

    def stopping(step: str, done: int, _total: int) -> None:
        if step == "fires_judging" and done >= 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judged(store, progress=stopping, rows_at_once=3)
    assert 0 < len(store.judged(*ALL)) < 27
    partition(store)
    judged(store, rows_at_once=3)
    judged(other, rows_at_once=1000)
    pd.testing.assert_frame_equal(pixels_of(store), pixels_of(other))
    pd.testing.assert_frame_equal(events_of(store), events_of(other))


def test_other_zones_change_verdicts_and_nothing_else(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(fires({"lon": 115.5}, {"lon": 116.5})), **about("a"))
    judged(store)
    pixels, state = pixels_of(store), store.judged_state()
    assert set(store.events()["verdict"]) <= {"applies", "does_not_apply", "needs_review"}
    done = judged(store, book=other_bans("x" * 64))
    assert done == (0, 0, 2)
    assert store.judged_state() != state
    pd.testing.assert_frame_equal(pixels_of(store), pixels)
    assert judged(store, book=other_bans("x" * 64)) == (0, 0, 0)


def test_a_judged_pixel_says_whose_ground_it_is_and_how_much_of_it(make_store: MakeStore) -> None:
    store = make_store()
    sides = {"scan_km": 0.8, "track_km": 0.8, "lat": 33.0}
    store.ingest(
        made.given(fires({"lon": 115.999, **sides}, {"lon": 115.5, **sides}, {"lon": 90.0})), **about("a")
    )
    judged(store)
    whole = store.judged(*ALL).sort_values("lon", ascending=False)
    assert whole.dtypes.astype(str).to_dict() == FIRE_JUDGED.dtypes
    assert whole["adcode"].tolist() == ["341302", "341302", ""]
    assert whole["disputed_border"].tolist() == [True, False, False]
    assert whole["others"].tolist()[0].startswith("341321=")
    assert whole["county_share"].to_numpy()[1] == 1.0
    assert whole["county_share"].to_numpy()[2] == 0.0
    assert np.isnan(whole["crop_share"]).all()


def test_a_push_beside_a_border_is_disputed_before_anybody_is_blamed(make_store: MakeStore) -> None:
    """700 m off the line: within what a push may be off by, beyond what a drone may."""
    beside = {"lon": 115.9925, "lat": 33.0, "scan_km": np.nan, "track_km": np.nan}
    store = make_store()
    store.ingest(
        made.given(
            fires(
                {**beside, "kind": "push", "satellite": "push:county", "number": "7"},
                {**beside, "kind": "drone", "satellite": "drone:1", "acquired": DAY0 + 3 * DAY},
                {**beside, "kind": "push", "satellite": "push:county", "number": "8", "lon": 115.9},
            )
        ),
        **about("a"),
    )
    judged(store)
    whole = store.judged(*ALL).set_index("satellite")
    push, far = whole.loc[["push:county"]].sort_values("lon", ascending=False).itertuples()
    assert (push.adcode, push.disputed_border, push.disputed_by) == ("341302", True, "footprint;assumed_size")
    assert push.others.startswith("341321=0.0")
    assert np.isnan(push.scan_km)
    assert not far.disputed_border
    assert not whole.loc["drone:1", "disputed_border"]
    assert store.events().set_index("satellites")["disputed_border"].to_dict()["drone:1"] is False
    assert store.events()["disputed_border"].sum() == 1
