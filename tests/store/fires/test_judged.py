"""What was judged comes out of the store as it went in, by every way of asking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.errors import InputError, NotReadyError
from geoaq.frames import FIRE_EVENTS, FIRE_JUDGED
from geoaq.store.fires.judging import Judgement, Past
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.registers import STATIC, Register
from tests.store.fires.conftest import MakeStore
from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import DAY0

ALL = (0, 10**10)
DAY = 86_400


def files(top: Path) -> list[Path]:
    """Return the files below a folder."""
    return sorted(path for path in top.rglob("*") if path.is_file())


def test_judged_pixels_come_back_by_time_place_class_county_and_event(make_store: MakeStore) -> None:
    store = make_store()
    pixels = judged(
        {"acquired": DAY0 + 5},
        {"acquired": DAY0 + 9, "lon": 117.0, "class": "static", "event": "", "static_source": "s7"},
        {"acquired": DAY0 + DAY, "satellite": "aqua", "adcode": "410100", "event": "e2"},
        {"acquired": DAY0 + DAY, "satellite": "cam", "kind": "camera", "event": "e1", "crop_share": np.nan},
    )
    keep(store, pixels, events({}, {"event": "e2"}))
    found = store.judged(*ALL)
    assert found.dtypes.astype(str).to_dict() == FIRE_JUDGED.dtypes
    whole = found.sort_values("key", ignore_index=True).astype(object)
    pd.testing.assert_frame_equal(whole, pixels.sort_values("key", ignore_index=True).astype(object))
    assert store.judged(*ALL, classes=["static"])["static_source"].tolist() == ["s7"]
    assert store.judged(*ALL, adcodes=["41"])["event"].tolist() == ["e2"]
    assert len(store.judged(*ALL, event="e1")) == 2
    assert len(store.judged(*ALL, kinds=["camera"])) == 1
    assert len(store.judged(*ALL, satellites=["snpp"], box=(116.5, 30.0, 118.0, 34.0))) == 1
    assert len(store.judged(DAY0 + 6, DAY0 + DAY)) == 1
    assert store.judged(5, 5).empty
    assert [place for place, _ in store.judged_days(*ALL)] == [
        SourceDay("aqua", "satellite", DAY0 // DAY + 1),
        SourceDay("cam", "camera", DAY0 // DAY + 1),
        SourceDay("snpp", "satellite", DAY0 // DAY),
    ]


def test_a_day_judged_again_takes_the_place_of_what_was_there(make_store: MakeStore) -> None:
    store = make_store()
    states = [store.judged_state()]
    keep(store, judged({}, {"acquired": DAY0 + DAY}), events({}))
    states.append(store.judged_state())
    keep(store, judged({"class": "mixed"}), events({"class": "mixed"}))
    states.append(store.judged_state())
    assert len(set(states)) == 3
    assert sorted(store.judged(*ALL)["class"].astype(str)) == ["mixed", "straw_likely"]
    assert len(files(store.folder.judged)) == len(store.judged_entries()) == 2
    assert store.events()["class"].tolist() == ["mixed"]


def test_events_are_asked_for_by_time_class_county_verdict_and_page(make_store: MakeStore) -> None:
    store = make_store()
    keep(
        store,
        judged({}),
        events(
            {},
            {"event": "e2", "first_seen": DAY0 + DAY, "last_seen": DAY0 + 3 * DAY, "class": "mixed"},
            {"event": "e3", "adcode": "410100", "verdict": "applies", "frp_peak_mw": 3.5},
            {"event": "e4", "alive": False, "merged_into": "e2"},
        ),
    )
    assert store.events().dtypes.astype(str).to_dict() == FIRE_EVENTS.dtypes
    assert store.events()["event"].tolist() == ["e1", "e3", "e2"]
    assert store.events(order="-frp_peak_mw", limit=1, classes=["straw_likely"], adcode_prefix="41")[
        "event"
    ].tolist() == ["e3"]
    assert store.events(DAY0 + 2 * DAY)["event"].tolist() == ["e2"]
    assert store.events(0, DAY0 + DAY, offset=1)["event"].tolist() == ["e3"]
    assert store.events(verdict="applies")["event"].tolist() == ["e3"]
    assert len(store.events(alive=None)) == 4
    assert store.events_by_id(["e4", "e1"])["event"].tolist() == ["e1", "e4"]
    keep(store, judged({}), events({}, {"event": "e0", "adcode": ""}))
    assert store.events(order="event", counties_first=True)["event"].tolist() == ["e1", "e2", "e3", "e0"]
    assert store.events(in_county=False)["event"].tolist() == ["e0"]
    assert store.count_events(in_county=True) == 3
    with pytest.raises(InputError):
        store.events(order="lon; DROP TABLE fire_events")


def test_an_event_that_was_merged_is_found_by_its_old_name(make_store: MakeStore) -> None:
    store = make_store()
    pixels = judged({"event": "e2"}, {"acquired": DAY0 + DAY, "event": "e2"})
    keep(
        store,
        pixels,
        events(
            {"alive": False, "merged_into": "e2"},
            {"event": "e2", "pixels": 2, "last_seen": DAY0 + DAY},
            {"event": "e3", "alive": False},
        ),
        (Past("e2", "new", "", "{}"), Past("e1", "merged_into", "e2", "{}"), Past("e3", "gone", "", "{}")),
    )
    found = store.event("e1")
    assert found is not None
    assert (found["event"], found["pixels"], found["alive"]) == ("e2", 2, True)
    assert len(store.members("e1")) == 2
    assert store.event("e9") is None
    gone = store.event("e3")
    assert gone is not None
    assert not gone["alive"]
    assert store.members("e3").empty
    assert store.event_history("e2")["what"].tolist() == ["new", "merged_into"]
    assert store.event_history("e1")[["other", "at"]].to_numpy().tolist() == [["e2", DAY0]]


def test_of_two_that_judge_at_once_on_two_machines_the_slower_one_is_told(make_store: MakeStore) -> None:
    store = make_store()
    late = Judgement(store.folder, store.engine)
    keep(store, judged({}), events({}))
    with pytest.raises(NotReadyError):
        late.commit(events({"event": "e5"}), ())
    assert store.events()["event"].tolist() == ["e1"]


def test_a_register_is_the_one_of_its_month_and_decisions_are_only_added(make_store: MakeStore) -> None:
    store = make_store()
    assert store.static_sources().empty
    plain = dict.fromkeys(STATIC, 1) | {"source": "s1", "night_share": float("nan")}
    one = pd.DataFrame([plain]).astype(STATIC)
    two = pd.DataFrame([plain, plain | {"source": "s2"}]).astype(STATIC)
    month = DAY0 // DAY
    store.keep_register(Register(month, "a", "b", 1), one)
    store.keep_register(Register(month + 31, "c", "d", 2), two)
    assert store.static_sources()["source"].tolist() == ["s1", "s2"]
    pd.testing.assert_frame_equal(store.static_sources(DAY0 + 5), one.assign(decision="open"))
    assert store.static_sources(DAY0 - 1).empty
    assert store.registers()[month].sha256 == "b"
    store.keep_register(Register(month, "a2", "b2", 0), one.iloc[:0])
    assert store.static_sources(DAY0).empty
    state = store.judged_state()
    store.review_static("s1", "confirmed", "王", "钢厂", DAY0)
    store.review_static("s1", "rejected", "李", "", DAY0 - 9)
    assert store.judged_state() != state
    assert store.static_reviews()["decision"].tolist() == ["confirmed", "rejected"]
    assert store.static_sources()["decision"].tolist() == ["rejected", "open"]
    store.review_static("s1", "rejected", "李", "", DAY0 + 3 * DAY)
    store.review_static("s1", "open", "李", "", DAY0 + 5 * DAY)
    rejected = store.static_rejections()
    found = [set(rejected.on(month + days)) for days in (-2, -1, 0, 2, 3, 4, 5, 99)]
    assert found == [set(), {"s1"}, {"s1"}, {"s1"}, {"s1"}, {"s1"}, set(), set()]
    with pytest.raises(InputError):
        store.review_static("s1", "maybe", "", "", 0)
    with pytest.raises(InputError):
        store.review_static("s9", "open", "", "", 0)
