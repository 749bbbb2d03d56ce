"""Any order and any repetition of lists ends in the same state; what is visible is the highest level."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaq.errors import ConfigError, InputError
from geoaq.frames import NRT, RT, SP, URT, IssueLog
from geoaq.store.fires.store import FireStore
from tests.store.fires import rows as made
from tests.store.fires.rows import DAY0, Given, about, as_records, fires, in_pieces

ALL = (0, 10**10)
MakeStore = Callable[[], FireStore]

ROWS = st.fixed_dictionaries(
    {
        "satellite": st.sampled_from(["snpp", "noaa20"]),
        "acquired": st.sampled_from([DAY0 + s for s in (0, 30, 600, 1260, 2520, 86_399, 86_400)]),
        "lon": st.sampled_from([116.0, 116.5]),
        "level": st.sampled_from([URT, RT, NRT, SP]),
        "frp_mw": st.sampled_from([float("nan"), 1.0, 2.5]),
        "t4_k": st.sampled_from([float("nan"), 331.5]),
        "number": st.sampled_from(["", "皖-7", "豫-12"]),
    }
)
LISTS = st.lists(st.lists(ROWS, min_size=1, max_size=6), min_size=1, max_size=5)


def expected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is visible of the set of rows, by going through it row by row."""

    def better_first(row: dict[str, Any]) -> tuple[Any, ...]:
        ranked = [(row[name] is None, -(row[name] or 0)) for name in ("frp_mw", "t4_k")]
        return (*ranked, row["acquired"])

    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=better_first):
        kept.setdefault((row["level"], row["key"], row["number"]), row)
    shown = []
    for row in kept.values():
        others = [
            one
            for one in kept.values()
            if one["satellite"] == row["satellite"] and one["acquired"] // 86_400 == row["acquired"] // 86_400
        ]
        above = [one for one in others if one["level"] > row["level"]]
        if any(one["level"] == SP for one in above):
            continue
        if all(row["acquired"] > one["acquired"] + 600 for one in above):
            shown.append(row)
    return sorted(shown, key=lambda row: (row["key"], row["number"]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=LISTS, data=st.data())
def test_any_order_and_any_repetition_of_lists_ends_in_the_same_state(
    make_store: MakeStore, lists: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    frames = [fires(*rows) for rows in lists]
    order = data.draw(st.permutations(range(len(frames))))
    again = data.draw(st.lists(st.sampled_from(range(len(frames))), max_size=3))
    first, second = make_store(), make_store()
    for number, frame in enumerate(frames):
        first.ingest(made.given(frame), **about(f"a{number}"))
    for place, number in enumerate([*order, *again]):
        # Repeated with the same bytes, and as another file with the same rows, in other pieces.
        name = f"a{number}" if place % 2 else f"b{place}"
        pieces = in_pieces(frames[number], [len(frames[number]) // 2])
        second.ingest(made.given(*pieces), **about(name), waiting=2)
    assert first.manifest.state() == second.manifest.state()
    found = as_records(first.visible(*ALL))
    assert found == as_records(second.visible(*ALL))
    assert found == expected(as_records(pd.concat(frames, ignore_index=True)))


def test_a_lower_level_shows_only_what_the_higher_one_has_not_reached(make_store: MakeStore) -> None:
    store = make_store()
    urt = [{"acquired": DAY0 + minute * 60, "level": URT} for minute in (0, 100, 110, 111, 200)]
    store.ingest(made.given(fires(*urt)), **about("a"))
    store.ingest(made.given(fires({"acquired": DAY0 + 6000, "level": NRT})), **about("b"))
    shown = store.visible(*ALL)
    minutes = ((shown["acquired"] - DAY0) // 60).tolist()
    assert list(zip(minutes, shown["level"], strict=True)) == [(100, NRT), (111, URT), (200, URT)]
    store.ingest(made.given(fires({"acquired": DAY0 + 60, "level": SP})), **about("c"))
    assert store.visible(*ALL)["level"].tolist() == [SP]


def test_pushes_stand_beside_what_was_found_and_beside_each_other(make_store: MakeStore) -> None:
    store = make_store()
    rows = fires({}, {"kind": "push", "number": "1"}, {"kind": "push", "number": "2", "deadline": DAY0 + 9})
    store.ingest(made.given(rows), **about("a"))
    assert len(store.visible(*ALL)) == 3
    pushed = store.visible(*ALL, kinds=["push"])
    assert pushed["number"].tolist() == ["1", "2"]
    assert pushed["deadline"].tolist() == [-1, DAY0 + 9]


def test_a_span_of_time_a_box_and_satellites_pick_what_they_say(make_store: MakeStore) -> None:
    store = make_store()
    rows = [
        {"acquired": DAY0 + hour * 3600, "lon": 100.0 + hour, "satellite": satellite}
        for hour in range(30)
        for satellite in ("snpp", "noaa21")
    ]
    frame = fires(*rows)
    store.ingest(made.given(frame), **about("a"))
    since, until, box = DAY0 + 3 * 3600, DAY0 + 27 * 3600, (104.0, 30.0, 126.0, 33.0)
    wanted = frame[(frame["acquired"] >= since) & (frame["acquired"] < until)]
    assert as_records(store.visible(since, until)) == as_records(wanted)
    inside = wanted[wanted["lon"].between(104.0, 126.0)]
    assert as_records(store.visible(since, until, box=box)) == as_records(inside)
    alone = inside[inside["satellite"] == "noaa21"]
    assert as_records(store.visible(since, until, box=box, satellites=["noaa21"])) == as_records(alone)
    assert store.visible(until, since).empty
    assert store.visible(0, 10).dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()


def test_what_changed_since_a_token_is_told_by_source_and_day(make_store: MakeStore) -> None:
    store = make_store()
    assert store.changed_since(0) == (0, ())
    store.ingest(made.given(fires({}, {"acquired": DAY0 + 86_400})), **about("a"))
    token, days = store.changed_since(0)
    assert [day.day - DAY0 // 86_400 for day in days] == [0, 1]
    store.ingest(made.given(fires({})), **about("b"))
    assert store.changed_since(token).days == ()
    store.ingest(made.given(fires({"lat": 33.5})), **about("c"))
    assert [day.day - DAY0 // 86_400 for day in store.changed_since(token).days] == [0]


def test_where_rows_came_from_what_was_wrong_and_long_texts_are_kept(make_store: MakeStore) -> None:
    store = make_store()
    frame = fires({}, {"lat": 34.0})
    log = IssueLog()
    log.add(4, "latitude", "91", "out_of_range")
    keys = frame["key"]
    extra = pd.DataFrame({"key": keys, "data": ['{"remark": "南坡"}', "{}"]}).astype({"key": "uint64"})
    taken = store.ingest(lambda: [Given(frame, extra, log), Given(frame, extra)], **about("a"))
    assert store.manifest.ingests() == [taken.ingest]
    assert (taken.ingest.rows, taken.ingest.issues, taken.ingest.fetched_at) == (4, 1, DAY0)
    assert store.issues(taken.ingest)["value"].tolist() == ["91"]
    assert store.manifest.extra(keys)[int(keys[0])] == ('{"remark": "南坡"}',)
    assert json.loads(store.manifest.extra([int(keys[1])])[int(keys[1])][0]) == {}


def test_a_list_that_was_taken_in_is_not_read_again(make_store: MakeStore) -> None:
    store = make_store()
    first = store.ingest(made.given(fires({})), **about("a"))

    def unread() -> Any:
        raise AssertionError

    assert store.ingest(unread, **about("a")) == (first.ingest, False, 0)


def test_a_list_that_is_stopped_leaves_the_store_as_it_was(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(fires({})), **about("a"))
    before, files = store.manifest.state(), sorted(store.folder.root.rglob("*.*"))

    def stopping(step: str, done: int, _total: int) -> None:
        if step == "fires_uniting" and done == 2:
            raise KeyboardInterrupt

    three = fires(*({"acquired": DAY0 + day * 86_400, "lat": 31.0} for day in range(3)))
    with pytest.raises(KeyboardInterrupt):
        store.ingest(made.given(three), **{**about("b"), "progress": stopping})
    assert store.manifest.state() == before
    assert sorted(store.folder.root.rglob("*.*")) == files
    assert store.ingest(made.given(three), **about("b")).changed == 3


def test_rows_that_do_not_fit_into_memory_are_sorted_on_disk_to_the_same_end(make_store: MakeStore) -> None:
    rng = np.random.default_rng(7)
    rows = [
        {"acquired": DAY0 + int(s), "lon": float(lon), "satellite": name, "number": number}
        for s, lon, name, number in zip(
            rng.integers(0, 5 * 86_400, 400),
            rng.integers(100, 104, 400),
            rng.choice(["snpp", "terra"], 400),
            rng.choice(["", "a", "b"], 400),
            strict=True,
        )
    ]
    frame = fires(*rows)
    small, large = make_store(), make_store()
    small.ingest(made.given(*in_pieces(frame, range(10, 400, 10))), **about("a"), waiting=25)
    large.ingest(made.given(frame), **about("a"))
    assert small.manifest.state() == large.manifest.state()
    assert not (small.folder.root / "spill").exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("acquired", -1),
        ("acquired", 86_400 * 90_000),
        ("level", 4),
        ("frp_mw", "1.5"),
        ("kind", "ufo"),
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused_whole(
    make_store: MakeStore, column: str, value: object
) -> None:
    store = make_store()
    frame = fires({}, {"lat": 32.0})
    wrong = [frame[column].iloc[0], value]
    dtype = "object" if isinstance(value, str) and column != "kind" else frame[column].dtype
    bad = frame.assign(**{column: pd.Series(wrong).astype("category" if column == "kind" else dtype)})
    with pytest.raises(InputError):
        store.ingest(made.given(frame, bad), **about("a"))
    assert store.visible(*ALL).empty


def test_a_name_that_people_gave_never_becomes_part_of_a_path(make_store: MakeStore) -> None:
    store = make_store()
    frame = fires(*({"satellite": name, "kind": "camera"} for name in ("camera:../../etc", "camera:南坡")))
    store.ingest(made.given(frame), **about("a"))
    assert sorted(store.visible(*ALL)["satellite"]) == sorted(frame["satellite"])
    for path in store.folder.pixels.rglob("*.parquet"):
        assert path.relative_to(store.folder.pixels).parts[0].isascii()


def test_files_of_another_database_are_not_touched(make_store: MakeStore, tmp_path: Path) -> None:
    one, other = make_store(), make_store()
    one.ingest(made.given(fires({})), **about("a"))
    other.folder.claim(other.manifest.store())
    with pytest.raises(ConfigError):
        one.folder.claim(other.manifest.store())
    lost = tmp_path / "lost"
    lost.mkdir()
    (one.folder.root).rename(lost / "fires")
    (lost / "fires" / "fires.sqlite").unlink(missing_ok=True)
    files = sorted(lost.rglob("*.parquet"))
    with pytest.raises(ConfigError):
        FireStore(lost)
    assert sorted(lost.rglob("*.parquet")) == files


def test_a_file_that_is_lost_or_damaged_is_named(make_store: MakeStore) -> None:
    store = make_store()
    store.ingest(made.given(fires({})), **about("a"))
    (path,) = store.folder.pixels.rglob("*.parquet")
    path.write_bytes(b"PAR1 nothing")
    with pytest.raises(ConfigError, match=path.name):
        store.visible(*ALL)
    path.unlink()
    with pytest.raises(ConfigError, match=path.name):
        store.visible(*ALL)
