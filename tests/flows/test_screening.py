"""The whole flow on a synthetic office list: what is written, what is not, and the same bytes twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.errors import InputError, NotFoundError
from geoaq.flows import ScreeningRequest, screen, write_sample
from tests.flows.places import SITES, boiler, write_plants, write_rows

FILES = {
    "anchors.parquet", "findings.csv", "findings.geojson", "findings.gpkg", "findings.parquet",
    "discs.geojson", "findings.xlsx", "issues.csv", "map.html", "plants.geojson", "subjects.parquet",
    "summary.json",
}  # fmt: skip
SECRET = "13912345678"
PERSONAL = {"联系电话": SECRET, "联系人": "张三丰"}


@pytest.fixture
def request_(built_layers, root, tmp_path) -> ScreeningRequest:
    rows = [boiler("NJ", **PERSONAL), boiler("CC", **{"额定容量（t/h）": "8"}, **PERSONAL)]
    return ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
    )


def outcome(out: Path, row: int, rule: str) -> str | None:
    findings = pd.read_parquet(out / "findings.parquet")
    found = findings[(findings["row"] == row) & (findings["rule_id"] == rule)]
    return None if found.empty else str(found["outcome"].iloc[0])


def test_two_processes_seconds_apart_write_the_same_bytes_in_every_file(root, built_layers, tmp_path):
    listing = tmp_path / "list.xlsx"
    write_sample(listing, 60, seed=7)
    folders = []
    for name in ("first", "second"):
        out = tmp_path / name / "out"
        command = [sys.executable, "-m", "geoaq", "screen", "boilers", str(listing), "--out", str(out)]
        run = subprocess.run(
            [*command, "--as-of", "2026-11-21"],
            cwd=root,
            env=os.environ | {"GEOAQ_DATA": str(built_layers.path.parent.parent)},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        folders.append(out)
        time.sleep(2.1)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert set(first) == FILES
    assert [name for name in sorted(FILES) if first[name] != second[name]] == []
    everything = b"".join(first[name] for name in ("summary.json", "map.html", "findings.csv", "issues.csv"))
    assert str(tmp_path).encode() not in everything


def test_results_and_unusable_rows_sum_to_the_rows_read_and_each_unusable_row_has_an_error(
    request_, tmp_path
):
    listing = tmp_path / "sample.xlsx"
    write_sample(listing, 120, seed=3)
    summary = screen(replace(request_, path=listing, formats=("csv", "parquet")), tmp_path / "out")
    rows = summary.rows
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet")
    issues = pd.read_csv(tmp_path / "out" / "issues.csv")
    assert rows.read == 120
    assert rows.with_results == subjects["row"].nunique()
    assert rows.unusable == issues.loc[issues["severity"] == "error", "row"].nunique() > 0
    assert summary.counts.verdicts.all.count == len(subjects)
    assert summary.synthetic


def test_personal_columns_stay_in_the_offices_own_workbook(request_, tmp_path):
    screen(request_, tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        if path.name == "findings.xlsx":
            continue
        content = path.read_bytes()
        assert SECRET.encode() not in content
        assert "张三丰".encode() not in content, path.name
    sheet = openpyxl.load_workbook(tmp_path / "out" / "findings.xlsx").worksheets[0]
    assert SECRET in [str(cell.value) for row in sheet for cell in row]


def test_before_a_plan_was_issued_nothing_of_it_is_cited(request_, tmp_path):
    summary = screen(replace(request_, as_of=date(2022, 11, 21), formats=("parquet",)), tmp_path / "out")
    assert len(pd.read_parquet(tmp_path / "out" / "findings.parquet")) == 0
    assert {entry.reason for entry in summary.rules_not_in_force} == {"not_yet", "draft"}


def test_a_layer_that_the_office_adds_makes_its_rule_decidable(request_, tmp_path):
    lon, lat, _ = SITES["NJ"]
    around = shapely.box(lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)
    area = geopandas.GeoDataFrame(geometry=[around], crs=4326)
    area.to_file(tmp_path / "network.gpkg", driver="GPKG")
    means = "行政区划代码,PM2.5年均浓度,年份\n220100,32,2025\n320100,28,2025\n"
    (tmp_path / "air.csv").write_text(means, "utf-8")
    layers = {"heat_network": tmp_path / "network.gpkg", "attainment": tmp_path / "air.csv"}
    screen(replace(request_, formats=("parquet",)), tmp_path / "without")
    screen(replace(request_, formats=("parquet",), user_layers=layers), tmp_path / "with")
    assert outcome(tmp_path / "without", 2, "gf.boiler.heatnet") == "needs_review"
    assert outcome(tmp_path / "with", 2, "gf.boiler.heatnet") == "applies"
    # The file touches no county of Changchun: it says nothing there until the office declares it complete.
    assert outcome(tmp_path / "with", 3, "gf.boiler.heatnet") == "needs_review"
    declared = {"heat_network": ("220100",)}
    screen(
        replace(request_, formats=("parquet",), user_layers=layers, layer_complete=declared), tmp_path / "all"
    )
    assert outcome(tmp_path / "all", 3, "gf.boiler.heatnet") == "does_not_apply"
    assert outcome(tmp_path / "all", 2, "gf.boiler.heatnet") == "applies"
    assert outcome(tmp_path / "without", 3, "gf.boiler.le10.nonattain") == "needs_review"
    findings = pd.read_parquet(tmp_path / "with" / "findings.parquet")
    contested = findings[(findings["row"] == 3) & (findings["rule_id"] == "gf.boiler.le10.nonattain")].iloc[0]
    assert (contested["outcome"], contested["contested_by"]) == ("does_not_apply", "attainment_gb3095_2026")


def test_an_own_plant_replaces_the_shipped_one_of_the_same_id(request_, tmp_path):
    screen(request_, tmp_path / "shipped")
    nearest = pd.read_parquet(tmp_path / "shipped" / "subjects.parquet")["anchor_id"].iloc[0]
    plants = write_plants(tmp_path / "plants.csv", [(nearest, "NJ", 600.0, 300.0)])
    screen(replace(request_, plants=plants), tmp_path / "own")
    own = pd.read_parquet(tmp_path / "own" / "subjects.parquet").iloc[0]
    assert (own["anchor_id"], own["distance_km"]) == (nearest, 0.0)
    # On the very spot of the plant the boiler may be the plant's own.
    assert outcome(tmp_path / "own", 2, "js.boiler.chp30") == "needs_review"
    assert "own_plant" in own["review_reasons"]


def test_small_chp_units_are_subjects_of_their_own(request_, tmp_path):
    lon, lat, _ = SITES["NJ"]
    (tmp_path / "units.csv").write_text(
        "电厂名称,机组编号,经度,纬度,坐标系,坐标来源,机组容量（MW）,机组类型,燃料,是否自备,是否列入关停计划,状态\n"
        f"甲热电厂,1号,{lon + 0.05:.6f},{lat:.6f},WGS84,现场GPS,12,背压,燃煤,是,是,在用\n"
        f"乙热电厂,1号,{lon + 0.05:.6f},{lat:.6f},WGS84,现场GPS,12,背压,燃煤,是,,在用\n",
        "utf-8",
    )
    plants = write_plants(tmp_path / "plants.csv", [("P", "NJ", 300.0, 300.0)])
    request = replace(request_, path=tmp_path / "units.csv", plants=plants, plants_only=True)
    summary = screen(request, tmp_path / "out", subject="unit")
    assert summary.counts.capacity_unit == "MW"
    assert outcome(tmp_path / "out", 2, "js.chpsmall.chp30") == "applies"
    assert outcome(tmp_path / "out", 3, "js.chpsmall.chp30") == "needs_review"
    assert outcome(tmp_path / "out", 2, "js.boiler.chp30") is None


def test_stopping_the_work_leaves_nothing_behind(request_, tmp_path):
    def stop(step: str, done: int, _total: int) -> None:
        if step == "documents" and done == 1:
            raise KeyboardInterrupt

    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        screen(request_, tmp_path / "out", progress=stop)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        ({"complete_for": ("999999",)}, InputError, "999999"),
        ({"user_layers": {"nowhere": Path("x.gpkg")}}, NotFoundError, "nowhere"),
    ],
    ids=["no such area", "no such layer"],
)
def test_a_request_that_cannot_be_met_says_what_would_be_right(request_, tmp_path, changes, error, word):
    with pytest.raises(error, match=word):
        screen(replace(request_, **changes), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_map_file_carries_names_as_text_and_stays_small(request_, tmp_path):
    evil = "<img src=x onerror=alert(1)></script>"
    request = replace(request_, path=write_rows(tmp_path / "evil.csv", [boiler("NJ", 单位名称=evil)]))
    screen(request, tmp_path / "out")
    page = (tmp_path / "out" / "map.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert len(page.encode()) <= 20_000_000
    assert json.loads((tmp_path / "out" / "findings.geojson").read_text("utf-8"))["features"]


def test_every_distance_in_the_tables_is_the_geodesic_one(request_, built_layers, tmp_path):
    from pyproj import Geod

    listing = tmp_path / "sample.xlsx"
    write_sample(listing, 120, seed=11)
    screen(replace(request_, path=listing, formats=("parquet",)), tmp_path / "out")
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet")
    plants = pd.read_parquet(built_layers.path / "plants.parquet").set_index("plant_id")
    plants = plants.loc[subjects["anchor_id"]]
    metres = Geod(ellps="WGS84").inv(subjects["lon"], subjects["lat"], plants["lon"], plants["lat"])[2]
    assert np.abs(np.asarray(metres) / 1000 - subjects["distance_km"]).max() < 1e-9
