"""The whole flow on projects: what is written, the same bytes twice, and a clear answer to bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geoaq.cards.projects import limb_of
from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.flows.border import ProjectRequest, screen_projects
from geoaq.policy import load_pack
from tests.flows.border.sites import project, write_projects

FILES = {
    "consultees.parquet", "feet.geojson", "findings.csv", "findings.geojson", "findings.gpkg",
    "findings.parquet", "findings.xlsx", "issues.csv", "lines.geojson", "map.html", "near.parquet",
    "policy.json", "sites.geojson", "strips.geojson", "subjects.parquet", "summary.json",
}  # fmt: skip
# 新杭镇 in Guangde: Anhui, with Jiangsu and Zhejiang both within a few kilometres.
XINHANG = (119.62, 31.05)
NANJING = (118.85, 31.85)


@pytest.fixture
def request_(built_layers, root, tmp_path) -> ProjectRequest:
    return ProjectRequest(
        path=write_projects(tmp_path / "list.csv", [project(XINHANG), project(NANJING)]),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        formats=("csv", "parquet"),
    )


def subjects(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "subjects.parquet")


def site_file(path: Path, shapes: list[Any], **columns: Any) -> Path:
    records = {"项目编号": [f"P{k}" for k in range(1, len(shapes) + 1)], "建设性质": "新建", **columns}
    frame = geopandas.GeoDataFrame(records, geometry=shapes, crs=4326)
    frame.assign(国民经济行业类别及代码="3011", 行业代码版本="2017").to_file(path, driver="GPKG")
    return path


def test_two_processes_seconds_apart_write_the_same_bytes(root, built_layers, request_, tmp_path):
    folders = []
    for name in ("first", "second"):
        out = tmp_path / name / "out"
        command = [sys.executable, "-m", "geoaq", "screen", "projects", str(request_.path), "--out", str(out)]
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


def test_a_triple_point_names_both_neighbours_nearest_first(request_, tmp_path):
    screen_projects(request_, tmp_path / "out")
    one = subjects(tmp_path / "out").iloc[0]
    assert set(one["consultees"].split(";")) == {"320000", "330000"}
    assert set(one["consultee_names"].split(";")) == {"江苏省", "浙江省"}
    kilometres = [float(text) for text in one["consultee_km"].split(";")]
    assert kilometres == sorted(kilometres)
    pairs = pd.read_parquet(tmp_path / "out" / "consultees.parquet")
    pairs = pairs[(pairs["subject_id"] == "P1") & (pairs["truth"] == "inside")]
    assert pairs[["foot_lon", "foot_lat", "bearing_deg", "second_distance_km"]].notna().all(axis=None)


def test_counts_agree_with_the_tables_and_the_borders_are_recorded(request_, tmp_path):
    summary = screen_projects(request_, tmp_path / "out")
    found = subjects(tmp_path / "out")
    assert sum(summary.by_limb["a"].values()) == len(found) == summary.counts.verdicts.all.count
    assert summary.by_consultee["320000"] == found["consultees"].str.contains("320000").sum()
    assert (summary.borders.source, summary.borders.pairs) == ("amap", 70)
    assert summary.second_borders is not None
    assert summary.second_borders.source == "tianditu"
    assert summary.strip_km == 20.0
    assert "plants.parquet" not in summary.layers
    assert any(name.endswith("borders/index") for name in summary.layers)


def test_the_findings_of_a_project_begin_with_both_limbs(request_, tmp_path):
    screen_projects(request_, tmp_path / "out")
    found = pd.read_csv(tmp_path / "out" / "findings.csv", dtype=str)
    assert found["row"].astype(int).is_monotonic_increasing
    pack = load_pack(request_.catalog.policy_dir)
    for _, rules in found.groupby("row")["rule_id"]:
        others = [not limb_of(pack, rule) for rule in rules]
        assert others == sorted(others)
    assert found["rule_id"][0] == "gf.border20"


def test_the_workbook_says_what_must_be_asked_and_keeps_the_offices_columns(request_, tmp_path):
    screen_projects(replace(request_, formats=("xlsx",)), tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "findings.xlsx")
    head, first, *_ = book.worksheets[0].iter_rows(values_only=True)
    told = dict(zip(head, first, strict=True))
    assert told["项目名称"] == "示例熟料生产线"
    assert told["省界两侧范围"] == "符合条款情形"
    assert "江苏省" in told["会商省份"]
    assert "浙江省" in told["会商省份"]
    assert "公里" in told["会商省份"]
    assert told["政策依据（原文）"].startswith("对省界两侧20公里内")
    notes = [cell for row in book.worksheets[-1].iter_rows(values_only=True) for cell in row]
    assert "仅供内部筛查，不作审批、处罚、问责依据" in notes


def test_the_map_draws_strips_feet_and_sites_and_escapes_names(request_, tmp_path):
    evil = "<img src=x onerror=alert(1)></script>"
    listing = write_projects(tmp_path / "evil.csv", [project(XINHANG, 项目名称=evil)])
    screen_projects(replace(request_, path=listing, formats=("parquet", "map")), tmp_path / "out")
    page = (tmp_path / "out" / "map.html").read_text("utf-8")
    assert "<img src=x" not in page
    feet = json.loads((tmp_path / "out" / "feet.geojson").read_text("utf-8"))["features"]
    assert {one["properties"]["neighbour"] for one in feet} == {"320000", "330000"}
    strips = json.loads((tmp_path / "out" / "strips.geojson").read_text("utf-8"))["features"]
    assert {one["properties"]["adcode"] for one in strips} == {"320000-340000", "330000-340000"}


def test_an_outline_is_measured_from_its_nearest_part_and_one_in_two_provinces_is_said_so(request_, tmp_path):
    point = shapely.Point(*XINHANG)
    far = shapely.box(118.80, 31.80, 118.90, 31.90)
    wide = point.buffer(0.15, quad_segs=25_000)
    sites = site_file(tmp_path / "sites.gpkg", [far, wide])
    screen_projects(replace(request_, path=sites), tmp_path / "areas")
    centre = site_file(tmp_path / "centre.gpkg", [far.centroid])
    screen_projects(replace(request_, path=centre), tmp_path / "points")
    area, crossing = (subjects(tmp_path / "areas").iloc[k] for k in (0, 1))
    assert area["distance_km"] < subjects(tmp_path / "points").iloc[0]["distance_km"] - 3.0
    assert area["geometry_kind"] == "polygon"
    assert crossing["across"]
    assert crossing["distance_km"] == 0.0
    issues = pd.read_csv(tmp_path / "areas" / "issues.csv")
    assert issues.loc[issues["code"] == "site_across_provinces", "row"].tolist() == [2]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((121.00, 36.00), "outside_china"),
        ((31.05, 119.62), "coordinates_swapped"),
    ],
    ids=["in the sea", "latitude first"],
)
def test_a_place_that_cannot_be_is_said_or_put_right(request_, tmp_path, place, code):
    listing = write_projects(tmp_path / "bad.csv", [project(NANJING), project(place)])
    summary = screen_projects(replace(request_, path=listing), tmp_path / "out")
    assert code in summary.issue_codes
    assert summary.rows.read == 2


def test_shapes_that_cross_themselves_or_have_heights_are_used_and_said(request_, tmp_path):
    lon, lat = NANJING
    bow = shapely.Polygon([(lon, lat), (lon + 0.02, lat + 0.02), (lon + 0.02, lat), (lon, lat + 0.02)])
    tall = shapely.force_3d(shapely.box(lon, lat, lon + 0.01, lat + 0.01), 12.0)
    summary = screen_projects(
        replace(request_, path=site_file(tmp_path / "odd.gpkg", [bow, tall])), tmp_path / "out"
    )
    assert summary.rows.with_results == 2
    assert "site_z_dropped" in summary.issue_codes or "site_repaired" in summary.issue_codes


def test_an_unknown_industry_code_is_reviewed_and_a_wrong_datum_moves_the_distance(request_, tmp_path):
    odd = write_projects(tmp_path / "odd.csv", [project(XINHANG, 国民经济行业类别及代码="9999")])
    screen_projects(replace(request_, path=odd), tmp_path / "odd")
    assert subjects(tmp_path / "odd").iloc[0]["limb_a"] == "needs_review"
    shifted = write_projects(tmp_path / "gcj.csv", [project(XINHANG, 坐标系="GCJ-02")])
    screen_projects(replace(request_, path=shifted), tmp_path / "gcj")
    screen_projects(request_, tmp_path / "wgs")
    metres = abs(subjects(tmp_path / "gcj")["distance_km"][0] - subjects(tmp_path / "wgs")["distance_km"][0])
    assert 0.1 < metres < 0.7


def test_the_offices_own_line_decides_and_the_shipped_one_is_the_second_opinion(request_, tmp_path):
    # Two provinces of the office's own: Jiangsu and Anhui with a line along 118.9° east.
    west, east = shapely.box(117.0, 31.0, 118.9, 33.0), shapely.box(118.9, 31.0, 121.0, 33.0)
    line = geopandas.GeoDataFrame({"adcode": ["340000", "320000"]}, geometry=[west, east], crs=4326)
    line.to_file(tmp_path / "line.gpkg", driver="GPKG")
    listing = write_projects(tmp_path / "one.csv", [project((118.95, 31.85))])
    summary = screen_projects(
        replace(request_, path=listing, boundaries=tmp_path / "line.gpkg", boundary_error_m=50.0),
        tmp_path / "out",
    )
    one = subjects(tmp_path / "out").iloc[0]
    assert summary.borders.source == "user"
    assert summary.second_borders is not None
    assert summary.second_borders.source == "amap"
    assert one["distance_km"] == pytest.approx(4.73, abs=0.05)
    assert one["neighbour"] == "340000"
    assert np.isfinite(one["second_distance_km"])
    assert {given.role for given in summary.inputs} == {"list", "boundaries"}


def test_neighbours_of_the_offices_own_file_that_miss_each_other_are_told(request_, tmp_path):
    # Jiangsu and Zhejiang meet, Anhui is drawn 30 m off both: its lines are not there.
    areas = [shapely.box(119, 31, 121, 33), shapely.box(119, 29, 121, 31), shapely.box(117, 29, 118.9997, 33)]
    codes = ["320000", "330000", "340000"]
    line = geopandas.GeoDataFrame({"adcode": codes}, geometry=areas, crs=4326)
    line.to_file(tmp_path / "line.gpkg", driver="GPKG")
    listing = write_projects(tmp_path / "one.csv", [project(XINHANG)])
    screen_projects(replace(request_, path=listing, boundaries=tmp_path / "line.gpkg"), tmp_path / "out")

    issues = pd.read_csv(tmp_path / "out" / "issues.csv", dtype=str).fillna("")
    told = issues[issues["code"].isin(["border_line_missing", "border_unmatched"])]
    assert told["value"].tolist()[:2] == ["江苏—安徽", "浙江—安徽"]
    assert told["code"].tolist()[-1] == "border_unmatched"


def test_projects_of_another_screening_count_and_are_recorded(request_, tmp_path):
    screen_projects(request_, tmp_path / "first")
    other = write_projects(tmp_path / "other.csv", [project(XINHANG, 项目编号="Q7")])
    again = replace(request_, path=other, beside=(tmp_path / "first",))
    summary = screen_projects(again, tmp_path / "second")
    assert summary.projects_beside == 2
    assert subjects(tmp_path / "second").iloc[0]["near_projects"] >= 1
    near = pd.read_parquet(tmp_path / "second" / "near.parquet")
    assert near[["list", "other_id"]].to_numpy().tolist()[0] == [1, "P1"]
    with pytest.raises(InputError, match="elsewhere"):
        screen_projects(replace(request_, beside=(tmp_path / "elsewhere",)), tmp_path / "third")


@pytest.mark.parametrize("error", [0.0, -5.0, 50_000.0])
def test_an_error_of_the_line_that_cannot_be_is_refused(request_, tmp_path, error):
    with pytest.raises(InputError, match="boundary-error"):
        screen_projects(replace(request_, boundary_error_m=error), tmp_path / "out")
    assert not (tmp_path / "out").exists()
