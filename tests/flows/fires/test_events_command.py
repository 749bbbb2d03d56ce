"""What was judged, by the command line: events as a list and as files, one event, and fire pixels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.flows.fires.own_zones import own_bans
from geoaq.frames import FIRE_JUDGED
from geoaq.io.built import LayerSet
from geoaq.store.fires.store import FireStore
from geoaq.store.zones import ZoneStore
from tests.flows.fires.book import book, judged
from tests.store.fires import rows as made
from tests.store.fires.rows import DAY0, about, fires


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a store of two events that are judged."""
    monkeypatch.setenv("GEOAQ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GEOAQ_LANG", "en")
    monkeypatch.delenv("GEOAQ_DATABASE_URL", raising=False)
    sides = {"scan_km": 0.4, "track_km": 0.4, "daynight": 1}
    with FireStore(tmp_path / "data") as store:
        rows = fires(
            {"lon": 115.5, "frp_mw": 3.5, **sides}, {"lon": 115.505, **sides}, {"lon": 116.5, **sides}
        )
        store.ingest(made.given(rows), **about("a"))
        judged(store)
    return tmp_path


def test_events_are_listed_and_written_as_csv_workbook_and_geojson(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "events"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 2 events shown"
    assert main(["fires", "events", "--area", "341321", "--class", "unknown"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 events shown"
    assert main(["fires", "events", "--from", "2024-03-02"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 0 events shown"
    assert main(["fires", "events", "--from", "2024-03-02", "--to", "2024-03-01"]) == 2
    assert capsys.readouterr().err.startswith("--to")
    for suffix in ("csv", "xlsx", "geojson"):
        out = folder / f"events.{suffix}"
        assert main(["fires", "events", "--out", str(out)]) == 0
        assert main(["fires", "events", "--out", str(out)]) == 2
    head, *lines = (folder / "events.csv").read_text("utf-8-sig").splitlines()
    assert head.startswith('"event","first_seen"')
    assert len(lines) == 2
    assert "2024-03-01 08:00:00" in lines[0]
    features = json.loads((folder / "events.geojson").read_text())["features"]
    assert sorted(one["properties"]["pixels"] for one in features) == [1, 2]
    assert isinstance(features[0]["properties"]["rules"], list)
    sheet = openpyxl.load_workbook(folder / "events.xlsx").active
    assert sheet is not None
    assert sheet["A2"].value == "Event"
    assert sheet.max_row == 4
    assert main(["fires", "events", "--class", "smoke"]) == 2
    assert main(["fires", "events", "--verdict", "guilty"]) == 2


def test_the_same_events_make_the_same_workbook(folder: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert main(["fires", "events", "--out", str(folder / name)]) == 0
    assert (folder / "a.xlsx").read_bytes() == (folder / "b.xlsx").read_bytes()


def test_one_event_is_told_with_its_history_and_its_pixels(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FireStore(folder / "data") as store:
        events = store.events(order="-pixels")
    assert main(["fires", "events", "--event", events["event"].tolist()[0]]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "began with 2 pixels" in said[1]
    assert len(said) == 4
    assert all("  S-NPP  " in line for line in said[2:])
    assert main(["fires", "events", "--event", "20240101T0000Z-000000000"]) == 2


def test_fire_pixels_are_written_with_what_was_judged_of_them(folder: Path) -> None:
    span = ["fires", "export", "--from", "2024-03-01", "--to", "2024-03-01"]
    assert main([*span, "--out", str(folder / "p.parquet")]) == 0
    table = pq.read_table(folder / "p.parquet")
    assert tuple(table.column_names) == FIRE_JUDGED.names
    assert table.num_rows == 3
    assert main([*span, "--out", str(folder / "p.csv"), "--area", "341302", "--class", "unknown"]) == 0
    head, *lines = (folder / "p.csv").read_text("utf-8-sig").splitlines()
    assert '"disputed_border","disputed_by","township",' in head
    assert head.endswith('"grid","grid_code","grid_share","event"')
    assert len(lines) == 2
    assert main([*span, "--out", str(folder / "p.geojson"), "--plain"]) == 0
    features = json.loads((folder / "p.geojson").read_text())["features"]
    assert "class" not in features[0]["properties"]
    assert main([*span, "--out", str(folder / "q.csv"), "--plain", "--class", "unknown"]) == 2


def test_fire_pixels_are_written_as_a_workbook_without_formulas(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    span = ["fires", "export", "--from", "2024-03-01", "--to", "2024-03-01"]
    out = folder / "p.xlsx"
    assert main([*span, "--out", str(out)]) == 0
    sheet, beside = openpyxl.load_workbook(out).worksheets
    rows = [dict(zip([cell.value for cell in sheet[1]], row, strict=True)) for row in sheet.values][1:]
    assert len(rows) == 3
    assert {row["Satellite or source"] for row in rows} == {"S-NPP"}
    assert {row["Day or night"] for row in rows} == {"day"}
    assert {row["Seen (Beijing time)"] for row in rows} == {"2024-03-01 08:00:00"}
    assert "not verified on the ground" in str(beside["A1"].value)
    assert main([*span, "--out", str(folder / "plain.xlsx"), "--plain"]) == 0
    with FireStore(folder / "data") as store:
        store.ingest(made.given(fires({"satellite": "platform:=1+1", "kind": "platform"})), **about("c"))
    assert main([*span, "--out", str(folder / "safe.xlsx"), "--plain"]) == 0
    cells = [cell for row in openpyxl.load_workbook(folder / "safe.xlsx").worksheets[0] for cell in row]
    assert "'=1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    monkeypatch.setattr("geoaq.report.detections_workbook.MOST_ROWS", 2)
    capsys.readouterr()
    assert main([*span, "--out", str(folder / "q.xlsx"), "--plain"]) != 0
    assert "more than 2 detections" in capsys.readouterr().err
    assert not (folder / "q.xlsx").exists()


def test_what_cannot_be_judged_yet_is_not_written_in_half(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FireStore(folder / "data") as store:
        store.ingest(made.given(fires({"acquired": DAY0 + 86_400})), **about("b"))
    out = folder / "p.csv"
    assert main(["fires", "export", "--from", "2024-03-01", "--to", "2024-03-03", "--out", str(out)]) != 0
    assert not out.exists()
    assert "layers" in capsys.readouterr().err


def test_verdicts_of_before_a_zone_was_kept_are_found_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("geoaq.cli.fires.judged", lambda store, progress: asked.append(store))
    with FireStore(folder / "data") as store:
        # Judged by the plans alone, as if nobody had asked for the zones that an office may have kept.
        assert main(["fires", "events"]) == 0
        assert len(asked) == 1
        bans = own_bans(ZoneStore(store.engine), Catalog.load().policy_dir, folder / "data" / "layers")
        judged(store, book=replace(book(), bans=bans))
    assert main(["fires", "events"]) == 0
    assert len(asked) == 1


def test_a_bulletin_is_never_written_from_verdicts_of_before_a_zone_was_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def make(*_: object, **__: object) -> None:
        asked.append("made")

    monkeypatch.setattr("geoaq.cli.fires_bulletin.judged", lambda *_: asked.append("judged"))
    monkeypatch.setattr("geoaq.flows.fires.bulletin.make_bulletin", make)
    monkeypatch.setattr("geoaq.flows.fires.bulletin.write_bulletin", lambda *_, **__: None)
    command = ["fires", "bulletin", "--area", "341300", "--day", "2024-03-01", "--out", str(folder / "b")]
    assert main(command) == 0
    assert asked == ["judged", "made"]
    with FireStore(folder / "data") as store:
        layers = folder / "data" / "layers"
        bans = own_bans(ZoneStore(store.engine), Catalog.load().policy_dir, layers)
        judged(store, book=replace(book(), bans=bans))
    assert main(command) == 0
    assert asked == ["judged", "made", "made"]


def test_an_area_that_is_none_is_refused_and_a_code_may_be_given_in_full(
    folder: Path, built_layers: LayerSet, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ["--from", "2024-03-01", "--to", "2024-03-01"]
    for codes in (["34"], ["3413"], ["340000"], ["341300"], ["100000"], ["11", "341302"]):
        areas = [word for code in codes for word in ("--area", code)]
        out = folder / f"{'-'.join(codes)}.csv"
        assert main(["fires", "export", *span, *areas, "--out", str(out)]) == 0
        assert len(out.read_text("utf-8-sig").splitlines()) > 1
        assert main(["fires", "events", *areas]) == 0
        assert not capsys.readouterr().out.splitlines()[-1].startswith("0 of")
    (folder / "data" / "layers").symlink_to(built_layers.path.parent)
    for code in ("xx", "3", "宿州", "990000", "34139900"):
        assert main(["fires", "export", *span, "--area", code, "--out", str(folder / "no.csv")]) == 2
        assert f"has the code “{code}”" in capsys.readouterr().err
        assert main(["fires", "events", "--area", "34", "--area", code]) == 2
    assert main(["fires", "events", "--area", "349"]) == 2  # no county of 安徽 has such a code
    assert not (folder / "no.csv").exists()


def test_a_file_that_is_there_is_called_a_file_and_one_that_is_not_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    out = folder / "e.csv"
    out.write_text("")
    assert main(["fires", "events", "--out", str(out)]) == 2
    assert "文件“e.csv”已存在" in capsys.readouterr().err
    assert main(["fires", "ingest", str(folder / "none.csv")]) == 2
    assert "没有文件“none.csv”。" in capsys.readouterr().err


def test_an_event_outside_every_county_is_listed_with_that_word(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FireStore(folder / "data") as store:
        store.ingest(made.given(fires({"lon": 121.0, "scan_km": 0.4, "track_km": 0.4})), **about("sea"))
        judged(store)
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    assert main(["fires", "events"]) == 0
    said = capsys.readouterr().out
    assert "  位于各县界外  1 个火点" in said
    assert "341302（341302）" in said
    assert "（）" not in said
