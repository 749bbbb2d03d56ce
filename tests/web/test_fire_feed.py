"""Detections fetched while the server runs, and the demonstration of a new installation."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.flows.fires import demonstration
from geoaq.flows.fires.ingest import ingest_files
from geoaq.store.fires.feed_log import FeedLog, Noted
from geoaq.store.fires.store import FireStore
from tests.flows.fires.sky import told_by_firms
from tests.io.fires.firms_server import KEY, Script, playing_firms
from tests.web.door import wait_for
from tests.web.real_server import Server, running
from web.app import create_app
from web.fire_choice import FireChoice
from web.fire_feed import FireFeed
from web.settings import Settings

ON = {"GEOAQ_JOB_COMMAND": json.dumps([sys.executable, "-m", "geoaq"]), "GEOAQ_FIRES_PULL_MINUTES": "1"}


@pytest.fixture
def script() -> Script:
    return Script(body=told_by_firms(lambda: datetime.now(UTC).date()))


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    with playing_firms(script) as found:
        yield found


def told(server: Server) -> dict[str, object]:
    """Return what the server says of its feed."""
    status, body, _ = server.ask("GET", "/fires/feed")
    assert status == 200
    found: dict[str, object] = json.loads(body)
    return found


def quiet(*_: object) -> None:
    """Show no progress."""


def small_demonstration(data: Path) -> None:
    """Make the demonstration ready, not judged."""
    catalog = Catalog.load()
    with demonstration.open_demonstration(data) as store:
        said = demonstration.demonstration(catalog.data_dir)
        demonstration.fill(store, said, catalog.products["fire_list"], quiet)


def test_nothing_is_fetched_unless_a_setting_asks_for_it(
    tmp_path: Path, script: Script, address: str
) -> None:
    data = tmp_path / "data"
    with running(data, GEOAQ_FIRMS_URL=address, GEOAQ_FIRMS_KEY=KEY) as server:
        said = told(server)
    assert (said["state"], said["every_minutes"], said["last_try"], said["demonstration"]) == (
        "off",
        0,
        None,
        None,
    )
    assert script.asked == []


def test_detections_are_fetched_while_the_server_runs_and_told(
    tmp_path: Path, script: Script, address: str
) -> None:
    data = tmp_path / "data"
    with running(data, **ON, GEOAQ_FIRMS_URL=address, GEOAQ_FIRMS_KEY=KEY) as server:
        wait_for(lambda: told(server)["state"] == "fresh" and not told(server)["under_way"])
        said = told(server)
    assert str(said["text"]).startswith("FIRMS")
    assert said["last_success"] == said["last_try"]
    assert "We acknowledge" in str(said["acknowledgement"])
    with FireStore(data) as store:
        assert len(store.visible(0, 1 << 40)) == 4 * 2 * 3
    log = (tmp_path / "server.log").read_text()
    assert KEY not in log + json.dumps(said)


def test_without_a_way_out_the_server_goes_on_and_the_log_takes_one_line(
    tmp_path: Path, script: Script, address: str
) -> None:
    script.faults = ["closed"] * 100
    data = tmp_path / "data"
    hurried = json.dumps([sys.executable, str(Path(__file__).with_name("hurried.py"))])
    environ = ON | {"GEOAQ_JOB_COMMAND": hurried, "GEOAQ_FIRMS_URL": address, "GEOAQ_FIRMS_KEY": KEY}
    with running(data, **environ) as server:
        wait_for(lambda: told(server)["state"] == "failed" and not told(server)["under_way"])
        said = told(server)
        assert server.ask("GET", "/healthz")[0] == 200
    assert said["last_success"] is None
    log = (tmp_path / "server.log").read_text()
    assert [line for line in log.splitlines() if "fires" in line and "http" not in line] == [
        line for line in log.splitlines() if "firms_unreachable" in line
    ]
    assert log.count("firms_unreachable") == 1


def test_a_server_that_stops_ends_a_fetch_under_way(tmp_path: Path, script: Script, address: str) -> None:
    script.faults = ["silent"] * 100
    data = tmp_path / "data"
    with running(data, **ON, GEOAQ_FIRMS_URL=address, GEOAQ_FIRMS_KEY=KEY) as server:
        wait_for(lambda: any("api/area" in path for path in script.asked))
        assert told(server)["under_way"] is True
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert [line for line in listing.splitlines() if "fires pull" in line and str(data) in line] == []
    with FireStore(data) as store:
        assert store.manifest.ingests() == []


def test_what_failed_at_some_sensors_is_named(tmp_path: Path) -> None:
    log = FeedLog(tmp_path)
    for name in ("modis", "snpp", "noaa20"):
        log.note(name, Noted(tried=1_760_000_000, succeeded=1_760_000_000, reached="2025-10-09", way="area"))
    log.note(
        "noaa21",
        Noted(tried=1_760_000_000, code="firms_unreachable", params={"attempts": "2", "problem": "<b>"}),
    )
    client = create_app({"data": tmp_path, "testing": True}).test_client()
    said = client.get("/fires/feed").get_json()
    assert said["state"] == "partly"
    assert said["text"] == "FIRMS 数据更新于 2025-10-09 16:53（北京时间），部分传感器未取全：VIIRS（NOAA-21）"
    assert said["sensors"][3]["problem"]["code"] == "firms_unreachable"
    assert client.get("/fires/feed?lang=en").get_json()["text"].endswith("not all came of: VIIRS (NOAA-21)")


def test_the_demonstration_is_shown_until_the_first_own_file_and_never_beside_it(tmp_path: Path) -> None:
    choice = FireChoice(tmp_path, demonstration=True)
    assert not choice.shown().demonstration
    small_demonstration(tmp_path)
    shown = choice.shown()
    assert shown.demonstration
    assert len(shown.store.visible(0, 1 << 40)) == 1508
    assert not FireChoice(tmp_path, demonstration=False).shown().demonstration
    (tmp_path / "own.csv").write_text(
        told_by_firms(lambda: datetime(2025, 6, 12, tzinfo=UTC).date())(
            "/api/area/csv/k/VIIRS_SNPP_NRT/1,2,3,4/1/2025-06-11"
        )
    )
    with FireStore(tmp_path) as own:
        product = Catalog.load().products["fire_list"]
        list(
            ingest_files(
                own, [tmp_path / "own.csv"], product=product, source="", fetched_at=0, progress=quiet
            )
        )
    shown = choice.shown()
    assert not shown.demonstration
    assert len(shown.store.visible(0, 1 << 40)) == 3
    choice.close()


def test_the_head_of_a_page_says_that_it_is_a_demonstration(tmp_path: Path) -> None:
    small_demonstration(tmp_path)
    client = create_app({"data": tmp_path, "testing": True}).test_client()
    said = client.get("/fires/feed?lang=en").get_json()["demonstration"]
    assert said["note"].startswith("Demonstration")
    assert said["attribution"] == "We acknowledge the use of data from NASA's FIRMS"
    assert demonstration.remove(tmp_path)
    assert not demonstration.remove(tmp_path)
    assert client.get("/fires/feed").get_json()["demonstration"] is None


def test_the_shipped_days_are_those_of_the_reference(root: Path, shared: Path) -> None:
    name = "fire-pixels-jilin-heilongjiang-2022-04.csv"
    assert (root / "layers/data" / name).read_bytes() == (shared / "data/facts" / name).read_bytes()


def test_environment_of_the_server_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOAQ_FIRES_PULL_MINUTES", "-1")
    with pytest.raises(Exception, match="GEOAQ_FIRES_PULL_MINUTES"):
        create_app({"data": Path(os.environ.get("TMPDIR", "/tmp"))})


def test_a_change_of_what_fires_are_judged_by_has_them_judged_anew(tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    note = f"import sys; open({str(told)!r}, 'a').write(' '.join(sys.argv[1:3]) + '\\n')"
    command = (sys.executable, "-c", note)
    settings = Settings(data=tmp_path / "data", job_command=command, fires_demonstration=False)
    feed = FireFeed(settings, logging.getLogger("test"))
    feed.start()
    try:
        feed.judge_soon()
        wait_for(lambda: told.exists() and told.read_text().count("fires judge\n") == 1)
        feed.judge_soon()
        wait_for(lambda: told.read_text().count("fires judge\n") == 2)
    finally:
        feed.close()
