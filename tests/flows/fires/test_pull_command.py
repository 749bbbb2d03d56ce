"""``geoaq fires pull`` as it is typed: what it says, what it returns, and that the key is nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoaq.cli import main
from geoaq.io.built import LayerSet
from geoaq.store.fires.store import FireStore
from tests.flows.fires.sky import A_DAY, TODAY, told_by_firms
from tests.io.fires.firms_server import KEY, Script, playing_firms
from tests.web.door import wait_for

SPAN = ("--from", "2025-06-11", "--to", "2025-06-12")


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """Play FIRMS; state lies in the test's folder, messages are English."""
    found = Script(body=told_by_firms(lambda: TODAY))
    with playing_firms(found) as address:
        for name, value in (
            ("GEOAQ_DATA", str(tmp_path / "data")),
            ("GEOAQ_LANG", "en"),
            ("GEOAQ_FIRMS_KEY", KEY),
            ("GEOAQ_FIRMS_URL", address),
        ):
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("GEOAQ_DATABASE_URL", raising=False)
        yield found


def test_it_says_of_each_sensor_what_came_and_thanks_the_source(
    script: Script, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "pull", *SPAN]) == 0
    said = capfd.readouterr()
    lines = [line for line in said.out.splitlines() if "detections" in line]
    assert lines[0].startswith("MODIS (Terra, Aqua): ")
    assert len(lines) == 4
    assert all(f"1 tables of 2025-06-11 to 2025-06-12 (UTC), {2 * A_DAY} detections" in one for one in lines)
    assert "We acknowledge the use of data from NASA's FIRMS." in said.out
    assert KEY not in said.out + said.err
    assert any(KEY in path for path in script.asked)


def test_a_sensor_that_is_missing_makes_another_exit_code_and_the_others_stay(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script.faults = ["503"]
    assert main(["fires", "pull", *SPAN, "--attempts", "1"]) == 3
    said = capfd.readouterr()
    assert "MODIS (Terra, Aqua): nothing of 2025-06-11 to 2025-06-12 (UTC) came." in said.err
    assert "We acknowledge" in said.out
    assert "status 503" in said.err
    assert KEY not in said.out + said.err
    script.faults = ["closed"] * 4
    assert main(["fires", "pull", *SPAN, "--attempts", "1"]) == 2
    assert "We acknowledge" not in capfd.readouterr().out
    with FireStore(tmp_path / "data") as store:
        assert len(store.visible(0, 10**10)) == 3 * 2 * A_DAY


def test_what_came_is_judged_and_without_layers_that_is_said(
    script: Script, built_layers: LayerSet, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "pull", *SPAN, "--sensor", "snpp"]) == 0
    assert "layers" in capfd.readouterr().err
    data = tmp_path / "data"
    (data / "layers").symlink_to(built_layers.path.parent)
    (data / "cache").rmdir()
    (data / "cache").symlink_to(built_layers.path.parent.parent / "cache")
    with FireStore(data) as store:
        assert store.events(0, 1 << 40).empty
    assert main(["fires", "pull", *SPAN]) == 0
    with FireStore(data) as store:
        events = store.events(0, 1 << 40)
        assert len(store.judged(0, 1 << 40)) == int(events["pixels"].sum()) == 4 * 2 * A_DAY
        assert set(events["county"]) == {"上虞区"}
        assert set(events["verdict"]) <= {"applies", "needs_review", "does_not_apply"}


def test_a_fetch_that_is_killed_loses_nothing_and_the_next_one_goes_on(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script.faults = ["", "", "silent"]
    process = subprocess.Popen(
        [sys.executable, "-m", "geoaq", "fires", "pull", *SPAN], stdout=subprocess.PIPE, text=True
    )
    wait_for(lambda: len([path for path in script.asked if "/area/" in path]) == 3)
    process.kill()
    said, _ = process.communicate()
    assert said.count("detections") <= 2
    assert main(["fires", "pull", *SPAN]) == 0
    assert capfd.readouterr().out.count("detections") == 4
    with FireStore(tmp_path / "data") as store:
        frame = store.visible(0, 1 << 40)
        assert (len(frame), frame["key"].duplicated().any()) == (4 * 2 * A_DAY, False)
        assert len(store.manifest.ingests()) == 4
    assert not (tmp_path / "data" / "cache" / "firms").exists()


def test_the_chinese_lines_say_the_same(
    script: Script, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    script.faults = ["says Invalid MAP_KEY."]
    assert main(["fires", "pull", *SPAN, "--sensor", "snpp"]) == 2
    said = capfd.readouterr()
    assert "FIRMS 不接受此 MAP_KEY" in said.err
    assert main(["fires", "pull", *SPAN, "--sensor", "snpp"]) == 0
    assert "已取到 2025-06-11 至 2025-06-12" in capfd.readouterr().out


def test_files_are_saved_for_another_machine_and_taken_in_there(
    script: Script, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "disk"
    assert main(["fires", "pull", *SPAN, "--save", str(out)]) == 0
    assert not (tmp_path / "data").exists()
    files = sorted(str(path) for path in out.iterdir())
    assert len(files) == 4
    assert all(re.search(r"_NRT_73_18_136_54_2025-06-11_2\.csv$", name) for name in files)
    assert "saved in" in capfd.readouterr().out
    assert main(["fires", "ingest", *files, "--source", "FIRMS"]) == 0
    assert main(["fires", "pull", *SPAN]) == 0
    with FireStore(tmp_path / "data") as store:
        assert len(store.manifest.ingests()) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "3", "--from", "2025-06-01"], "--days"),
        (["--from", "June"], "--from"),
        (["--archive"], "--archive"),
        (["--sensor", "landsat"], "modis, snpp, noaa20, noaa21"),
        (["--archive", *SPAN, "--sensor", "noaa21"], "modis, snpp, noaa20"),
        (["--box", "1,2,3"], "--box"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anybody_is_asked(
    script: Script, words: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "pull", *words]) == 2
    assert said in capfd.readouterr().err
    assert script.asked == []


def test_a_key_that_is_none_is_said_and_not_shown(
    script: Script, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEOAQ_FIRMS_KEY", "secret/../key")
    assert main(["fires", "pull", *SPAN]) == 2
    said = capfd.readouterr().err
    assert "GEOAQ_FIRMS_KEY" in said
    assert "secret" not in said
    assert script.asked == []
