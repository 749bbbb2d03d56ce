"""Fetching from FIRMS: played on this machine, with everything that goes wrong on the way."""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geoaq.errors import ConfigError, InputError, LimitError, NotReadyError
from geoaq.io.fires.asking import Patience
from geoaq.io.fires.feed import FirmsFeed, firms_key
from tests.io.fires.firms_server import KEY, Script, playing_firms, table

QUICK = Patience(attempts=3, wait_first_s=0.0, wait_max_s=0.01, connect_s=5.0, read_s=5.0)
CHINA = (73.0, 18.0, 136.0, 54.0)
DAY = date(2025, 6, 11)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with playing_firms(script) as found:
        yield found


@pytest.fixture
def feed(address: str) -> Callable[..., FirmsFeed]:
    def made(key: str | None = KEY, patience: Patience = QUICK, clock: Any = lambda: 0.0) -> FirmsFeed:
        return FirmsFeed(key, clock, address=address, patience=patience)

    return made


def fetch(feed: FirmsFeed, folder: Path, first: date = DAY, last: date = DAY) -> list[Any]:
    with feed:
        return list(feed.area("VIIRS_NOAA20_NRT", CHINA, first, last, folder))


def tables(script: Script) -> list[str]:
    """Return what was asked for beside the quota."""
    return [path for path in script.asked if "mapkey_status" not in path]


def test_days_are_asked_for_five_at_a_time(script: Script, feed: Callable[..., Any], tmp_path: Path) -> None:
    found = fetch(feed(), tmp_path, date(2025, 6, 1), date(2025, 6, 12))
    start = f"/api/area/csv/{KEY}/VIIRS_NOAA20_NRT/73,18,136,54"
    assert tables(script) == [f"{start}/5/2025-06-01", f"{start}/5/2025-06-06", f"{start}/2/2025-06-11"]
    assert [one.path.parent for one in found] == [tmp_path] * 3
    assert len({one.path for one in found}) == 3


def test_what_was_fetched_is_whole_and_can_be_read(
    feed: Callable[..., Any], tmp_path: Path, read: Callable[..., Any]
) -> None:
    (one,) = fetch(feed(), tmp_path)
    data = one.path.read_bytes()
    assert data == table("2025-06-11").encode()
    assert (one.sha256, one.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert len(read(one.path).frame) == 3
    assert [path.name for path in tmp_path.iterdir()] == [one.path.name]


def test_the_same_table_sent_twice_is_known_by_its_hash(feed: Callable[..., Any], tmp_path: Path) -> None:
    once, twice = fetch(feed(), tmp_path), fetch(feed(), tmp_path)
    assert [one.sha256 for one in once] == [one.sha256 for one in twice]


@pytest.mark.parametrize("fault", ["503", "429", "cut", "half", "page", "empty", "closed"])
def test_a_fault_that_passes_is_asked_again(
    script: Script, feed: Callable[..., Any], tmp_path: Path, fault: str
) -> None:
    script.faults = [fault, fault]
    (one,) = fetch(feed(), tmp_path)
    assert one.path.read_text() == table("2025-06-11")
    assert len(tables(script)) == 3


@pytest.mark.parametrize("fault", ["503", "cut", "half", "page", "empty", "closed"])
def test_a_fault_that_stays_ends_with_a_plain_word_and_without_a_file(
    script: Script, feed: Callable[..., Any], tmp_path: Path, fault: str
) -> None:
    script.faults = [fault] * 3
    with pytest.raises(NotReadyError) as caught:
        fetch(feed(), tmp_path)
    assert (caught.value.code, caught.value.params["attempts"]) == ("firms_unreachable", 3)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_leaves_the_table_of_an_earlier_day_alone(
    script: Script, feed: Callable[..., Any], tmp_path: Path
) -> None:
    (one,) = fetch(feed(), tmp_path)
    script.faults = ["half"] * 3
    with pytest.raises(NotReadyError):
        fetch(feed(), tmp_path)
    assert one.path.read_text() == table("2025-06-11")


def test_silence_is_not_waited_for_without_end(
    script: Script, feed: Callable[..., Any], tmp_path: Path
) -> None:
    script.faults = ["silent"]
    (one,) = fetch(
        feed(patience=Patience(attempts=2, wait_first_s=0.0, wait_max_s=0.01, read_s=0.2)), tmp_path
    )
    assert one.path.exists()


def test_an_answer_that_only_trickles_is_given_up(feed: Callable[..., Any], tmp_path: Path) -> None:
    ticks = itertools.count(step=1000)
    with pytest.raises(NotReadyError) as caught:
        fetch(feed(clock=lambda: float(next(ticks))), tmp_path)
    assert "too long" in caught.value.params["problem"]


def test_an_endless_answer_is_refused(feed: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        fetch(feed(patience=Patience(largest_mb=0)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_not_accepted_is_said_at_once(
    script: Script, feed: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        fetch(feed("f" * 32), tmp_path)
    assert caught.value.code == "firms_key_invalid"
    assert len(script.asked) == 1


def test_a_refusal_with_the_status_200_is_understood(
    script: Script, feed: Callable[..., Any], tmp_path: Path
) -> None:
    script.faults = ["says Invalid MAP_KEY."]
    with pytest.raises(InputError) as caught:
        fetch(feed(), tmp_path)
    assert caught.value.code == "firms_key_invalid"
    script.faults = [f"says Invalid area coordinate for {KEY}."]
    with pytest.raises(InputError) as caught:
        fetch(feed(), tmp_path)
    assert caught.value.code == "firms_refused"
    assert "Invalid area" in caught.value.message("en")
    assert KEY not in caught.value.message("en")


def test_no_request_is_made_when_the_quota_is_nearly_used(
    script: Script, feed: Callable[..., Any], tmp_path: Path
) -> None:
    script.used = 4960
    with pytest.raises(NotReadyError) as caught:
        fetch(feed(), tmp_path)
    assert (caught.value.code, tables(script)) == ("firms_quota", [])


def test_the_quota_can_be_asked_for(feed: Callable[..., Any]) -> None:
    with feed() as open_feed:
        assert (open_feed.quota().limit, open_feed.quota().used) == (5000, 10)


def test_a_table_without_fires_is_whole(script: Script, feed: Callable[..., Any], tmp_path: Path) -> None:
    header = table("2025-06-11").splitlines()[0]
    for body in (header, header + "\n"):
        script.faults = [f"says {body}"]
        (one,) = fetch(feed(), tmp_path)
        assert one.path.read_text() == body


def test_bulk_files_need_no_key(script: Script, feed: Callable[..., Any], tmp_path: Path) -> None:
    script.faults = ["503"]
    with feed(None) as open_feed:
        one = open_feed.bulk("noaa21", "24h", tmp_path)
        assert one.path.name == "J2_VIIRS_C2_Russia_Asia_24h.csv"
        with pytest.raises(ConfigError):
            list(open_feed.area("VIIRS_NOAA20_NRT", CHINA, DAY, DAY, tmp_path))
    assert set(script.asked) == {"/data/active_fire/noaa-21-viirs-c2/csv/J2_VIIRS_C2_Russia_Asia_24h.csv"}


@pytest.mark.parametrize("faults", [[], ["503"] * 3, ["cut"] * 3, ["closed"] * 3, ["says Sorry."]])
def test_the_key_is_in_no_log_and_no_error(
    script: Script, feed: Callable[..., Any], tmp_path: Path, caplog: Any, faults: list[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    script.faults = list(faults)
    said = ""
    try:
        (one,) = fetch(feed(), tmp_path)
        said = f"{one}"
    except (InputError, NotReadyError) as error:
        seen: BaseException | None = error
        while seen is not None:
            said += f"{seen!r} {seen} {vars(seen)}"
            seen = seen.__cause__ or seen.__context__
    assert said
    assert "HTTP Request" in caplog.text
    assert KEY not in said + caplog.text
    assert any(KEY in path for path in script.asked)


def test_the_key_comes_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOAQ_FIRMS_KEY", f" {KEY}\n")
    assert firms_key() == KEY
    for wrong in ("", "short", "../../etc/passwd", KEY + "/x"):
        monkeypatch.setenv("GEOAQ_FIRMS_KEY", wrong)
        with pytest.raises(ConfigError):
            firms_key()


@pytest.mark.parametrize(
    ("source", "bounds", "last"),
    [
        ("VIIRS", CHINA, DAY),
        ("VIIRS_NOAA20_NRT", (136.0, 18.0, 73.0, 54.0), DAY),
        ("VIIRS_NOAA20_NRT", CHINA, date(2025, 6, 10)),
    ],
)
def test_a_request_that_cannot_be_meant_is_not_made(
    script: Script, feed: Callable[..., Any], tmp_path: Path, source: str, bounds: Any, last: date
) -> None:
    with feed() as open_feed, pytest.raises(InputError):
        list(open_feed.area(source, bounds, DAY, last, tmp_path))
    assert script.asked == []
