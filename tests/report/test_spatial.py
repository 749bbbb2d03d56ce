from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from geoaq import report
from geoaq.report.spatial import points_wkb
from tests.report import sample


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "findings.gpkg"
    layers = (report.plant_layer(sample.plants()), report.disc_layer(sample.discs()))
    report.write_geopackage(path, sample.subjects(), layers, sample.CITATIONS, as_of=sample.AS_OF)
    return path


def test_geojson_is_one_point_a_subject_longitude_first_with_six_decimals(tmp_path: Path) -> None:
    path = tmp_path / "findings.geojson"
    report.write_geojson(path, sample.subjects(), sample.CITATIONS)
    text = path.read_text("utf-8")
    found = json.loads(text)
    assert set(found) == {"type", "features"}
    assert [feature["id"] for feature in found["features"]] == ["3-0", "4-0", "5-1", "5-2", "7-0"]
    assert '"coordinates":[118.100000,28.200000]' in text
    first, last = found["features"][0]["properties"], found["features"][4]["properties"]
    assert first["sentence"] == "符合关停整合条款（待核实）"
    assert (first["distance_km"], first["margin_m"]) == (28.31046, 1689.5)
    assert (last["capacity_tph"], last["anchor_id"], last["distance_km"]) == (None, None, None)


def test_geojson_keeps_what_a_user_typed_as_data(tmp_path: Path) -> None:
    path = tmp_path / "findings.geojson"
    nasty = '</script>"\\\n\u2028<b>'
    report.write_geojson(path, sample.subjects().assign(name=nasty), sample.CITATIONS)
    assert json.loads(path.read_text("utf-8"))["features"][0]["properties"]["name"] == nasty


def test_geojson_of_no_subject_is_a_collection(tmp_path: Path) -> None:
    path = tmp_path / "findings.geojson"
    report.write_geojson(path, sample.subjects()[:0], sample.CITATIONS)
    assert json.loads(path.read_text("utf-8")) == {"type": "FeatureCollection", "features": []}


def test_geopackage_has_three_layers_in_wgs_84(package: Path) -> None:
    assert [tuple(layer) for layer in pyogrio.list_layers(package)] == [
        ("subjects", "Point"),
        ("plants", "Point"),
        ("discs", "Polygon"),
    ]
    subjects = pyogrio.read_dataframe(package, layer="subjects")
    assert subjects.crs.to_epsg() == 4326
    assert subjects.geometry.x.tolist() == sample.subjects()["lon"].tolist()
    assert subjects["sentence"][4] == "不符合条款情形"
    assert not {"contact", "phone"} & set(subjects.columns)
    plants = pyogrio.read_dataframe(package, layer="plants")
    assert plants["installed_mw"].tolist() == [600.0]


def test_geopackage_carries_the_day_of_the_rules_and_no_clock(package: Path) -> None:
    with sqlite3.connect(package) as base:
        changed = {row[0] for row in base.execute("select last_change from gpkg_contents")}
    base.close()
    assert changed == {"2026-11-21T00:00:00.000Z"}
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_geopackage_may_have_no_plant_and_no_disc(tmp_path: Path) -> None:
    path = tmp_path / "findings.gpkg"
    layers = (report.plant_layer(sample.plants()[:0]), report.disc_layer(sample.discs()[:0]))
    report.write_geopackage(path, sample.subjects(), layers, sample.CITATIONS, as_of=sample.AS_OF)
    assert len(pyogrio.read_dataframe(path, layer="plants")) == 0


def test_points_are_well_known_binary() -> None:
    import shapely

    points = shapely.from_wkb(points_wkb(np.array([120.5]), np.array([30.25])).to_pylist())
    assert (points[0].x, points[0].y) == (120.5, 30.25)
