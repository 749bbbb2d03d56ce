"""Files of detections go into the store by the command line, and come out as files for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.errors import InputError
from geoaq.flows.fires import ingest as flow
from geoaq.flows.fires.ingest import ingest_files
from geoaq.frames import FIRE_PIXELS
from geoaq.io.fires import FireChunk, read_fire_chunks
from geoaq.store.fires.store import FireStore

HEAD = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,"
    "bright_ti5,frp,daynight\n"
)
NRT = HEAD + "33.10000,116.20000,331.4,0.39,0.44,2024-06-01,0512,N,VIIRS,n,2.0NRT,295.1,4.21,D\n"
URT = HEAD + (
    "33.10010,116.20000,331.4,0.39,0.44,2024-06-01,0512,N,VIIRS,n,2.0URT,295.1,4.21,D\n"
    "33.30000,116.40000,367.0,0.39,0.44,2024-06-01,1748,N,VIIRS,h,2.0URT,295.1,41.5,N\n"
)
ALL = (0, 10**10)
EXPORT = ("fires", "export", "--plain", "--from", "2024-06-02", "--to", "2024-06-02")


def quiet(*_: object) -> None:
    """Show no progress."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two files of FIRMS; state lies beside them, messages are English."""
    monkeypatch.setenv("GEOAQ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GEOAQ_LANG", "en")
    monkeypatch.delenv("GEOAQ_DATABASE_URL", raising=False)
    (tmp_path / "nrt.csv").write_text(NRT)
    (tmp_path / "urt.csv").write_text(URT)
    return tmp_path


def test_files_are_taken_in_once_and_the_higher_level_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(folder / "urt.csv"), str(folder / "nrt.csv")]
    assert main(["fires", "ingest", *files, "--source", "FIRMS"]) == 0
    (folder / "again.csv").write_text(NRT)
    assert main(["fires", "ingest", str(folder / "again.csv")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == ["Taken in", "Taken in", "Taken in before, left alone"]
    assert main(["fires", "status"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in said[:2]] == [["S-NPP", "URT", "2"], ["S-NPP", "NRT", "1"]]
    with FireStore(folder / "data") as store:
        shown = store.visible(*ALL)
        assert sorted(zip(shown["level"], shown["lat"].round(4), strict=True)) == [(0, 33.3), (2, 33.1)]
        assert [(one.name, one.source) for one in store.manifest.ingests()] == [
            ("urt.csv", "FIRMS"),
            ("nrt.csv", "FIRMS"),
        ]


def test_a_file_that_cannot_be_read_is_told_of_and_keeps_no_other_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wrong.csv").write_text("Invalid MAP_KEY.")
    files = [str(folder / name) for name in ("nrt.csv", "wrong.csv", "urt.csv")]
    assert main(["fires", "ingest", *files]) == 2
    said = capsys.readouterr()
    assert "Taken in: nrt.csv" in said.out
    assert "wrong.csv" in said.err
    assert "1 of 3 files" in said.err
    with FireStore(folder / "data") as store:
        assert [one.name for one in store.manifest.ingests()] == ["nrt.csv", "urt.csv"]
    assert main(["fires", "ingest", str(folder / "missing.csv")]) == 2
    capsys.readouterr()
    assert main(["fires", "ingest", str(folder / "urt.csv"), str(folder / "nrt.csv"), "--kind", "ufo"]) == 2
    assert capsys.readouterr().err.count("camera") == 1


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("zh", ["    2 行不可用，未入库", "    不可用 2 处（第 3、4 行）：时间无法识别"]),
        ("en", ["    2 rows left out", "    Unusable, 2 times (rows 3, 4): The time cannot be read"]),
    ],
)
def test_what_was_wrong_with_rows_is_said_in_words_with_their_numbers(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    lines: list[str],
) -> None:
    monkeypatch.setenv("GEOAQ_LANG", lang)
    rows = ["经度,纬度,发现时间", "125.1,43.9,2025-10-21 09:15", "125.1,43.9,昨天", "125.1,43.9,下午"]
    (folder / "巡查.csv").write_text("\n".join(rows), "utf-8")
    assert main(["fires", "ingest", str(folder / "巡查.csv"), "--datum", "WGS84"]) == 0
    said = capsys.readouterr().out.splitlines()
    for line in lines:
        assert any(one.startswith(line) for one in said)


def test_a_file_that_changes_while_it_is_read_is_not_kept(folder: Path) -> None:
    product = Catalog.load().products["fire_list"]
    path = folder / "urt.csv"

    def growing(step: str, _done: int, _total: int) -> None:
        if step == "fires_reading":
            path.write_text(URT + "33.1,116.2,331.4,0.39")

    with FireStore(folder / "data") as store:
        taking = ingest_files(
            store, [path], product=product, source="", fetched_at=0, progress=growing
        )  # fmt: skip
        with pytest.raises(InputError, match=r"urt\.csv"):
            list(taking)
        assert store.manifest.ingests() == []


@pytest.mark.parametrize("suffix", ["csv", "parquet", "geojson"])
def test_days_of_beijing_time_are_written_for_others(folder: Path, suffix: str) -> None:
    main(["fires", "ingest", str(folder / "urt.csv"), str(folder / "nrt.csv")])
    out = folder / f"out.{suffix}"
    # 2024-06-01 17:48 UTC is the second day of June in China.
    assert main([*EXPORT, "--out", str(out)]) == 0
    if suffix == "parquet":
        (row,) = pq.read_table(out).to_pylist()
        assert tuple(row) == FIRE_PIXELS.names
        assert row["acquired"] == 1_717_264_080
        return
    if suffix == "csv":
        (row,) = pd.read_csv(out, keep_default_na=False).to_dict("records")
        assert row["fire_type"] == ""
        place = row["lon"], row["lat"]
    else:
        (feature,) = json.loads(out.read_text("utf-8"))["features"]
        row, place = feature["properties"], tuple(feature["geometry"]["coordinates"])
        assert "fire_type" not in row
        assert row["frp_mw"] == 41.5
    assert place == (116.4, 33.3)
    assert (row["acquired_utc"], row["acquired_beijing"]) == ("2024-06-01T17:48:00Z", "2024-06-02 01:48:00")
    assert main([*EXPORT, "--out", str(out)]) == 2


@pytest.mark.parametrize("suffix", ["csv", "parquet", "geojson"])
def test_days_without_detections_give_a_file_without_rows(folder: Path, suffix: str) -> None:
    out = folder / f"none.{suffix}"
    assert main([*EXPORT, "--out", str(out)]) == 0
    if suffix == "geojson":
        assert json.loads(out.read_text())["features"] == []
    else:
        assert len(pd.read_csv(out) if suffix == "csv" else pq.read_table(out)) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--from", "2024-6-1"],
        ["--to", "tomorrow"],
        ["--box", "1,2,3"],
        ["--box", "120,30,110,31"],
        ["--out", "x.docx"],
    ],
)
def test_an_option_that_cannot_be_read_says_what_would_be_right(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"--from": "2024-06-01", "--to": "2024-06-02", "--out": str(folder / "x.csv")}
    given |= dict(zip(options[::2], options[1::2], strict=True))
    assert main(["fires", "export", "--plain", *(word for pair in given.items() for word in pair)]) == 2
    assert options[1].rsplit("/", 1)[-1] in capsys.readouterr().err


@pytest.mark.shared
def test_every_real_file_goes_in_and_a_second_time_changes_nothing(shared: Path, tmp_path: Path) -> None:
    files = sorted((shared / "data" / "fires").glob("noaa21*")) + sorted(
        (shared / "data" / "fires").glob("viirs_c2_*")
    )
    product = Catalog.load().products["fire_list"]
    told = {"product": product, "source": "FIRMS", "fetched_at": 0, "progress": quiet}
    with FireStore(tmp_path / "a") as one, FireStore(tmp_path / "b") as other:
        rows = [outcome.taken.ingest.rows for outcome in ingest_files(one, files, **told)]  # type: ignore[arg-type]
        assert rows == [2824, 555, 518]
        list(ingest_files(other, [*reversed(files), *files], **told))  # type: ignore[arg-type]
        assert one.manifest.state() == other.manifest.state()
        assert len(one.visible(*ALL)) == 3897


def test_ctrl_c_keeps_the_files_before_it_and_nothing_of_the_one_under_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(path: Path, **told: Any) -> Iterator[FireChunk]:
        yield from read_fire_chunks(path, **told)
        if path.name == "urt.csv":
            raise KeyboardInterrupt

    monkeypatch.setattr(flow, "read_fire_chunks", stopped)
    files = [str(folder / "nrt.csv"), str(folder / "urt.csv")]
    assert main(["fires", "ingest", *files]) == 130
    with FireStore(folder / "data") as store:
        assert [one.name for one in store.manifest.ingests()] == ["nrt.csv"]
        assert len(list(store.folder.pixels.rglob("*.*"))) == 1
    monkeypatch.undo()
    monkeypatch.setenv("GEOAQ_DATA", str(folder / "data"))
    assert main(["fires", "ingest", *files]) == 0
    with FireStore(folder / "data") as store:
        assert [one.name for one in store.manifest.ingests()] == ["nrt.csv", "urt.csv"]
