"""Bad input through the command line: a clear answer each, and nothing half written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.cli import main
from tests.flows.border.sites import project, write_projects

XINHANG = (119.62, 31.05)


@pytest.fixture(autouse=True)
def data(built_layers, monkeypatch) -> None:
    monkeypatch.setenv("GEOAQ_DATA", str(built_layers.path.parent.parent))


def screen(path: Path, out: Path, *options: str) -> int:
    day = ("--as-of", "2026-11-21", "--formats", "csv,parquet")
    return main(["screen", "projects", str(path), "--out", str(out), *day, *options])


def geojson(path: Path, geometry: object, **properties: str) -> Path:
    stated = {"项目编号": "S1", "建设性质": "新建", "国民经济行业类别及代码": "3011", "行业代码版本": "2017"}
    feature = {"type": "Feature", "properties": stated | properties, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def circle(n: int, radius: float = 0.01, height: float | None = None) -> dict[str, object]:
    turn = np.linspace(0.0, 2.0 * np.pi, n)
    ring = np.column_stack([XINHANG[0] + radius * np.cos(turn), XINHANG[1] + radius * np.sin(turn)])
    ring[-1] = ring[0]
    corners = [[*corner, *([] if height is None else [height])] for corner in ring.tolist()]
    return {"type": "Polygon", "coordinates": [corners]}


def test_a_site_of_a_hundred_thousand_vertices_is_measured(tmp_path):
    assert screen(geojson(tmp_path / "site.geojson", circle(100_000)), tmp_path / "out") == 0
    one = pd.read_parquet(tmp_path / "out" / "subjects.parquet").iloc[0]
    assert set(one["consultees"].split(";")) >= {"320000", "330000"}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (circle(50, height=12.0), "site_z_dropped"),
        ({"type": "LineString", "coordinates": [[119.6, 31.0], [119.7, 31.1]]}, "site_line"),
        ({"type": "Point", "coordinates": [31.05, 119.62]}, "coordinates_swapped"),
        (circle(200, radius=0.2), "site_across_provinces"),
    ],
    ids=["heights", "a line", "latitude first", "two provinces"],
)
def test_an_odd_shape_is_an_issue_of_its_row(tmp_path, geometry, code):
    status = screen(geojson(tmp_path / "site.geojson", geometry), tmp_path / "out")
    if status == 0:
        assert code in pd.read_csv(tmp_path / "out" / "issues.csv")["code"].tolist()
    else:
        assert (status, code) == (2, "site_line")
        assert not (tmp_path / "out").exists()


def test_options_that_cannot_be_are_refused_with_what_would_be_right(tmp_path, capsys):
    listing = write_projects(tmp_path / "list.csv", [project(XINHANG)])
    for options in (
        ("--as-of", "soon"),
        ("--boundary-error", "-1"),
        ("--boundaries", str(listing)),
        ("--wind", str(listing)),
        ("--with", str(tmp_path)),
        ("--datum", "北京54"),
    ):
        assert screen(listing, tmp_path / "out", *options) == 2
        assert capsys.readouterr().err.strip()
        assert not (tmp_path / "out").exists()


def test_a_workbook_of_boundaries_is_told_what_would_be_right(tmp_path, capsys):
    listing = write_projects(tmp_path / "list.csv", [project(XINHANG)])
    book = tmp_path / "line.xlsx"
    assert main(["template", str(book)]) == 0
    assert screen(listing, tmp_path / "out", "--boundaries", str(book)) == 2
    said = capsys.readouterr().err
    assert "line.xlsx" in said
    assert "GeoPackage" in said
    assert "单独打包" not in said


def test_the_help_of_templates_names_every_list(root, capsys):
    assert main(["template", "--help"]) == 0
    said = capsys.readouterr().out
    for path in (root / "layers" / "product").glob("*.toml"):
        assert path.stem in said


def test_a_missing_list_and_an_empty_one_say_so(tmp_path, capsys):
    assert screen(tmp_path / "nowhere.xlsx", tmp_path / "out") == 2
    (tmp_path / "empty.csv").write_text("", "utf-8")
    assert screen(tmp_path / "empty.csv", tmp_path / "out") == 2
    assert capsys.readouterr().err.count("\n") >= 2


@pytest.mark.parametrize("threshold", ["-1", "0", "nan", "inf"])
def test_a_threshold_that_decides_nothing_is_refused(tmp_path, capsys, threshold):
    site = geojson(tmp_path / "site.geojson", circle(50))
    assert screen(site, tmp_path / "out", "--downwind-threshold", threshold) == 2
    assert "--downwind-threshold" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["render", "compare"])
def test_a_sheet_that_is_not_there_is_said_so(tmp_path, capsys, command):
    where = ("--out", str(tmp_path / "out")) if command == "render" else ()
    assert main(["sheet", command, str(tmp_path / "no.json"), *where]) == 2
    assert "no.json" in capsys.readouterr().err
