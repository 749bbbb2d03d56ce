"""Fetching into the store, from FIRMS as it is played on this machine: nothing lost, nothing doubled."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from geoaq.catalog import Catalog
from geoaq.errors import CancelledError, ConfigError, InputError, LimitError, NotReadyError
from geoaq.flows.fires.fetching import PRODUCTS, Wanted, fetching_alone, open_feed
from geoaq.flows.fires.pulling import Pull, Pulled, taking
from geoaq.io.fires.asking import Patience
from geoaq.io.fires.feed import FirmsFeed
from geoaq.store.fires.feed_log import FeedLog
from geoaq.store.fires.looks import Looks
from geoaq.store.fires.store import FireStore
from tests.flows.fires.sky import A_DAY, DAY_S, NOON, TODAY, told_by_firms
from tests.io.fires.conftest import BULK
from tests.io.fires.firms_server import KEY, Script, playing_firms

QUICK = Patience(attempts=2, wait_first_s=0.0, wait_max_s=0.01, connect_s=5.0, read_s=0.5)
SENSORS = tuple(PRODUCTS)
ALL = (0, 10**10)


def quiet(*_: object) -> None:
    """Show no progress."""


@pytest.fixture
def script() -> Script:
    return Script(body=told_by_firms(lambda: TODAY))


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with playing_firms(script) as found:
        yield found


@pytest.fixture
def fetch(address: str, tmp_path: Path) -> Callable[..., dict[str, Pulled]]:
    """Fetch into the store of the test's folder."""
    product = Catalog.load().products["fire_list"]

    def fetched(
        wanted: Wanted | None = None, *, now: int = NOON, key: str | None = KEY, progress: Any = quiet
    ) -> dict[str, Pulled]:
        with (
            FirmsFeed(key, lambda: 0.0, address=address, patience=QUICK) as feed,
            fetching_alone(tmp_path) as folder,
            FireStore(tmp_path) as store,
        ):
            take = taking(store, product, now, progress)
            work = Pull(feed, take, folder, keyed=key is not None, now=now, progress=progress,
                        looks=Looks(store.engine))  # fmt: skip
            return {one.sensor: one for one in work.run(wanted or Wanted(), FeedLog(tmp_path))}

    return fetched


def held(data: Path) -> dict[str, int]:
    """Return how many detections of each satellite the store shows; none may be there twice."""
    with FireStore(data) as store:
        frame = store.visible(*ALL)
        assert not frame["key"].duplicated().any()
        return {str(name): int(n) for name, n in frame["satellite"].value_counts().items() if n}


def whole(days: int, *without: str) -> dict[str, int]:
    """Return what the store shows when so many days came of every sensor but some."""
    names = {"modis": "terra"}
    return {names.get(one, one): days * A_DAY for one in SENSORS if one not in without}


def tables(script: Script) -> list[str]:
    return [path for path in script.asked if "mapkey_status" not in path]


def test_all_sensors_are_fetched_and_where_each_table_came_from_is_kept(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    outcomes = fetch()
    assert [one.problem for one in outcomes.values()] == [None] * 4
    assert {(one.way, one.rows) for one in outcomes.values()} == {("area", 2 * A_DAY)}
    assert held(tmp_path) == whole(2)
    assert [path.split("/")[-3:] for path in tables(script)] == [["73,18,136,54", "2", "2025-06-11"]] * 4
    with FireStore(tmp_path) as store:
        ingests = store.manifest.ingests()
    assert [one.source for one in ingests] == [f"FIRMS {recent}" for recent, _ in PRODUCTS.values()]
    assert {(one.fetched_at, len(one.sha256)) for one in ingests} == {(NOON, 64)}
    assert KEY not in str(ingests)
    assert not (tmp_path / "cache" / "firms").exists()


def test_the_same_tables_fetched_again_change_nothing(
    fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    fetch()
    again = fetch()
    assert [(one.problem, one.changed) for one in again.values()] == [(None, 0)] * 4
    assert held(tmp_path) == whole(2)


def test_a_range_is_asked_for_five_days_at_a_time(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    fetch(Wanted(("snpp",), date(2025, 6, 1), TODAY))
    assert [path.split("/")[-2:] for path in tables(script)] == [
        ["5", "2025-06-01"],
        ["5", "2025-06-06"],
        ["2", "2025-06-11"],
    ]
    assert held(tmp_path) == {"snpp": 12 * A_DAY}


@pytest.mark.parametrize("fault", ["503", "cut", "half", "page", "empty", "closed", "silent", "says Sorry."])
def test_a_sensor_that_fails_stops_no_other_and_comes_next_time(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path, fault: str
) -> None:
    script.faults = [fault] * 4  # two attempts each at the area and at the bulk file; a refusal takes one
    if fault.startswith("says"):
        script.faults = [fault] * 2
    outcomes = fetch()
    assert [name for name, one in outcomes.items() if one.problem] == ["modis"]
    assert outcomes["modis"].way == ""
    assert held(tmp_path) == whole(2, "modis")
    noted = FeedLog(tmp_path).read()
    assert noted["modis"].code in {"firms_unreachable", "firms_refused"}
    assert (noted["modis"].succeeded, noted["snpp"].succeeded) == (None, NOON)
    assert fetch()["modis"].problem is None
    assert held(tmp_path) == whole(2)
    assert FeedLog(tmp_path).read()["modis"].code == ""


def test_when_the_interface_is_down_the_bulk_files_are_taken(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    script.faults = ["503", "503"]
    one = fetch()["modis"]
    assert (one.way, one.problem, one.fallback and one.fallback.code) == ("bulk", None, "firms_unreachable")
    assert held(tmp_path) == whole(2)


def test_without_a_key_the_bulk_files_are_taken(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    outcomes = fetch(key=None)
    assert {(one.way, one.problem, one.fallback) for one in outcomes.values()} == {("bulk", None, None)}
    assert held(tmp_path) == whole(2)
    assert all("/data/active_fire/" in path and "48h" in path for path in script.asked)


@pytest.mark.parametrize("trouble", ["key", "quota"])
def test_a_key_that_is_refused_or_used_up_is_asked_with_once(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path, trouble: str
) -> None:
    script.used = 4990 if trouble == "quota" else 10
    outcomes = fetch(key="f" * 32 if trouble == "key" else KEY)
    code = {"key": "firms_key_invalid", "quota": "firms_quota"}[trouble]
    assert {(one.way, one.problem) for one in outcomes.values()} == {("bulk", None)}
    assert {one.fallback.code for one in outcomes.values() if one.fallback} == {code}
    assert len([path for path in script.asked if "mapkey_status" in path]) == 1
    assert held(tmp_path) == whole(2)


def test_days_that_no_bulk_file_holds_are_said_to_be_missing(
    fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    one = fetch(Wanted(("snpp",), TODAY - timedelta(days=20)), key=None)["snpp"]
    assert (one.way, one.problem and one.problem.code) == ("bulk", "firms_bulk_short")
    assert held(tmp_path) == {"snpp": 7 * A_DAY}
    assert FeedLog(tmp_path).read()["snpp"].reached == ""
    old = fetch(Wanted(("snpp",), date(2025, 1, 1), date(2025, 1, 3)), key=None)["snpp"]
    assert (old.way, old.problem and old.problem.code) == ("", "firms_key_missing")


def test_a_pause_is_made_up_for(fetch: Callable[..., dict[str, Pulled]], tmp_path: Path) -> None:
    fetch(now=NOON - 6 * DAY_S)
    outcomes = fetch()
    assert {str(one.first) for one in outcomes.values()} == {"2025-06-05"}
    assert held(tmp_path) == whole(8)


@pytest.mark.parametrize("days", [-4, 400])
def test_a_clock_that_was_wrong_for_a_while_loses_no_day(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path, days: int
) -> None:
    fetch(now=NOON - 5 * DAY_S)
    fetch(now=NOON + days * DAY_S)
    script.asked.clear()
    outcomes = fetch()
    assert all(one.problem is None for one in outcomes.values())
    assert {one.first <= TODAY - timedelta(days=5) for one in outcomes.values()} == {True}
    shown = held(tmp_path)
    assert all(shown[name] >= 7 * A_DAY for name in whole(1))


def test_work_that_is_stopped_keeps_what_came_and_goes_on(
    fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    def stopping(step: str, done: int, _total: int) -> None:
        if step == "fires_pulling" and done == 2:
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        fetch(progress=stopping)
    assert held(tmp_path) == whole(2, "noaa20", "noaa21")
    fetch()
    assert held(tmp_path) == whole(2)


def test_a_full_disk_ends_the_work_in_words(
    fetch: Callable[..., dict[str, Pulled]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Iterator[Any]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(FirmsFeed, "area", full)
    with pytest.raises(LimitError) as caught:
        fetch()
    assert caught.value.code == "no_room"


def test_two_processes_do_not_fetch_at_once(tmp_path: Path) -> None:
    with fetching_alone(tmp_path), pytest.raises(NotReadyError) as caught, fetching_alone(tmp_path):
        pass
    assert caught.value.code == "pull_under_way"


def test_what_cannot_be_meant_is_refused_before_anybody_is_asked() -> None:
    for wrong in (
        lambda: Wanted(("landsat",)),
        lambda: Wanted(("noaa21",), archive=True),
        lambda: Wanted(first=TODAY, last=date(2025, 6, 1)),
    ):
        with pytest.raises(InputError):
            wrong()


def test_the_key_is_never_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOAQ_FIRMS_KEY", KEY)
    monkeypatch.setenv("GEOAQ_FIRMS_URL", "http://firms.example")
    with pytest.raises(ConfigError), open_feed(lambda: 0.0, attempts=1):
        pass


def test_notes_that_cannot_be_read_are_as_if_there_were_none(
    fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    fetch()
    (tmp_path / "fires" / "feed.json").write_text('{"modis": {"tri')
    assert {str(one.first) for one in fetch().values()} == {"2025-06-11"}
    assert held(tmp_path) == whole(2)


def test_what_was_fetched_and_held_no_fire_was_looked_at_be_it_a_part_or_all_of_the_country(
    script: Script, fetch: Callable[..., dict[str, Pulled]], tmp_path: Path
) -> None:
    script.body = lambda path: BULK + "\n"
    box, inside, day = (116.0, 33.0, 118.0, 35.0), (116.5, 33.5, 117.0, 34.0), (NOON // DAY_S - 1) * DAY_S
    for _ in range(2):
        fetch(Wanted(bounds=box))
    with FireStore(tmp_path) as store:
        looks = Looks(store.engine)
        assert looks.whole((day, day + DAY_S), inside) == {"terra", "aqua", "snpp", "noaa20", "noaa21"}
        assert looks.whole((day, NOON), inside) == set()  # the last hours are not processed yet
        assert looks.whole((day, day + DAY_S), (115.0, 33.5, 117.0, 34.0)) == set()
        assert looks.whole((day - DAY_S, day + DAY_S), inside) == set()
    fetch()
    with FireStore(tmp_path) as store:
        looks = Looks(store.engine)
        assert len(looks.whole((day, day + DAY_S), (74.0, 19.0, 135.0, 53.0))) == 5
        assert looks.whole((day, NOON), inside) == set()
        noted = looks.count()
    fetch()
    with FireStore(tmp_path) as store:
        assert Looks(store.engine).count() == noted


@pytest.mark.parametrize(("whole_answers", "looked_at"), [(True, 5), (False, 0)])
def test_bulk_files_without_a_fire_are_a_look_where_all_of_them_came(
    whole_answers: bool,
    looked_at: int,
    script: Script,
    fetch: Callable[..., dict[str, Pulled]],
    tmp_path: Path,
) -> None:
    script.body = lambda path: BULK + "\n" if whole_answers or "SouthEast" in path else "no table"
    fetch(Wanted(bounds=(116.0, 33.0, 118.0, 35.0)), key=None)
    day = (NOON // DAY_S - 1) * DAY_S
    with FireStore(tmp_path) as store:
        assert len(Looks(store.engine).whole((day, day + DAY_S), (90.0, 33.5, 117.0, 34.0))) == looked_at
