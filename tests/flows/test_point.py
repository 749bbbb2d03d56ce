"""A place asked about alone gets what a list of boilers and of projects standing there would get."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geoaq import flows
from geoaq.cards.point import point_card
from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.findings import FALSE, TRUE
from geoaq.flows.border import ProjectRequest, screen_projects
from geoaq.flows.point import OfficeArea, at_point, office_areas, open_point_ground
from geoaq.io.lists.place import read_place
from geoaq.store.office_layers import OfficeLayers, Version

AS_OF = date(2026, 11, 21)
PLACES = {
    "新杭镇": (119.52, 31.06),
    "江阴": (120.280001, 31.900001),
    "三河": (117.078333, 39.982222),
    "加格达奇": (124.126667, 50.424444),
    "南阳": (112.528611, 32.990833),
}


@pytest.fixture(scope="module")
def catalog():
    return Catalog.load()


@pytest.fixture(scope="module")
def ground(catalog, built_layers):
    return open_point_ground(catalog, built_layers.path.parent)


def asked(ground, lon, lat, **how):
    return at_point(ground, f"{lon:.6f}, {lat:.6f}", as_of=AS_OF, datum="WGS84", **how)


def listed(path, header, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_plants_and_distances_are_those_of_a_boiler_that_stands_there(
    ground, catalog, built_layers, tmp_path
):
    rows = [
        [name, f"{lon:.6f}", f"{lat:.6f}", "WGS84", "蒸汽锅炉", "20", "煤"]
        for name, (lon, lat) in PLACES.items()
    ]
    path = listed(
        tmp_path / "锅炉.csv",
        ["企业名称", "经度", "纬度", "坐标系", "锅炉类型", "额定容量（蒸吨/小时）", "燃料种类"],
        rows,
    )
    request = flows.ScreeningRequest(
        path=path,
        as_of=AS_OF,
        layers_dir=built_layers.path.parent,
        catalog=catalog,
        formats=("parquet",),
    )
    flows.screen(request, tmp_path / "out")
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet").set_index("name")
    anchors = pd.read_parquet(tmp_path / "out" / "anchors.parquet")
    findings = pd.read_parquet(tmp_path / "out" / "findings.parquet")
    for name, place in PLACES.items():
        found = asked(ground, *place)
        row = subjects.loc[name]
        assert found.place["adcode"] == row["adcode"]
        assert found.anchor["anchor_id"] == row["anchor_id"]
        assert found.anchor["distance_m"] == pytest.approx(row["distance_km"] * 1000, abs=1e-6)
        near = anchors[anchors["row"] == row["row"]]
        assert sorted(found.anchors["plant_id"]) == sorted(near["plant_id"])
        told = findings[(findings["row"] == row["row"]) & (findings["outcome"] != "does_not_apply")]
        may = {one.rule_id for one in found.rules if one.subject == "boiler"}
        assert set(told["rule_id"]) <= may


def test_lines_and_consultees_are_those_of_a_project_that_stands_there(
    ground, catalog, built_layers, tmp_path
):
    rows = [
        [name, f"{lon:.6f}", f"{lat:.6f}", "WGS84", "C3011 水泥制造", "新建"]
        for name, (lon, lat) in PLACES.items()
    ]
    path = listed(
        tmp_path / "项目.csv", ["项目名称", "经度", "纬度", "坐标系", "国民经济行业类别", "建设性质"], rows
    )
    request = ProjectRequest(
        path=path, as_of=AS_OF, layers_dir=built_layers.path.parent, catalog=catalog, formats=("parquet",)
    )
    screen_projects(request, tmp_path / "out")
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet").set_index("name")
    for name, place in PLACES.items():
        found = asked(ground, *place)
        row = subjects.loc[name]
        assert found.strip["consultees"] == row["consultees"]
        assert found.strip["distance_m"] == pytest.approx(row["distance_km"] * 1000, abs=1e-6)


def test_the_triple_point_names_both_neighbours(ground):
    found = asked(ground, *PLACES["新杭镇"])
    assert found.place["province_adcode"] == "340000"
    assert found.strip["consultees"] == "320000;330000"
    assert {"gf.border20", "gf.highstack"} <= {one.rule_id for one in found.rules if one.sure}


def test_the_foot_of_a_line_is_as_far_as_it_says(ground):
    found = asked(ground, *PLACES["新杭镇"])
    geod = Geod(ellps="WGS84")
    for one in found.lines.itertuples():
        far = geod.inv(*PLACES["新杭镇"], one.foot_lon, one.foot_lat)[2]
        assert far == pytest.approx(one.distance_m, abs=1e-3)


def test_a_key_region_is_named_and_its_rules_hold_only_there(ground):
    inside, outside = asked(ground, *PLACES["江阴"]), asked(ground, *PLACES["新杭镇"])
    assert [(one.region, one.part, one.sure) for one in inside.regions] == [("key", "YRD", True)]
    assert not outside.regions
    rules = [{one.rule_id for one in found.rules} for found in (inside, outside)]
    assert "gf.boiler.le35.key" in rules[0] - rules[1]


def test_a_place_before_the_plan_has_none_of_its_rules(ground):
    found = at_point(ground, "120.28, 31.90", as_of=date(2023, 1, 1))
    assert not found.rules


def test_a_place_at_sea_lies_in_no_county(ground, catalog):
    found = asked(ground, 124.0, 31.0)
    card = point_card(catalog, **vars(found), as_of=AS_OF, lang="zh")
    assert card["place"]["adcode"] == ""
    assert "不在任何一个县级行政区内" in card["place"]["text"]


@pytest.mark.parametrize(
    "text", ["126.98, 37.57", "124.0, 31.0", "122.0080, 31.2"], ids=["首尔", "东海", "近岸"]
)
def test_of_a_place_in_no_county_nothing_is_sure(ground, text):
    found = at_point(ground, text, as_of=AS_OF)
    assert found.place["adcode"] == ""
    assert not [one.region for one in found.regions if one.sure]
    assert not [one.rule_id for one in found.rules if one.sure]
    assert all("missing_attribute:adcode" in one.reasons for one in found.rules)


@pytest.mark.parametrize("left_out", [0, 3])
def test_an_added_layer_says_outside_only_where_all_of_it_is_drawn(ground, tmp_path, left_out):
    file, checked = tmp_path / "管网.gpkg", tmp_path / "checked"
    checked.mkdir()
    file.write_text("a")
    ring = [[120.30, 31.90], [120.31, 31.90], [120.31, 31.91], [120.30, 31.91], [120.30, 31.90]]
    area = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    drawn = {"type": "FeatureCollection", "features": [area], "tolerance_m": 5.0, "left_out": left_out}
    (checked / "display.geojson").write_text(json.dumps(drawn))
    OfficeLayers(tmp_path).put("heat_network", file, checked, now=datetime(2026, 11, 22, tzinfo=UTC))
    inside, outside = (
        asked(ground, lon, 31.905, areas=office_areas(tmp_path)).zones[0] for lon in (120.305, 120.295)
    )
    assert inside.truth == TRUE
    assert (outside.truth, outside.covered) == (FALSE, left_out == 0)


@pytest.mark.parametrize("at", [(120.305, 31.905), (120.305, 31.9101), (120.3, 31.93), (120.9, 31.2)])
def test_an_added_layer_says_at_a_place_what_it_says_in_a_screening(ground, at):
    corners = [(120.30, 31.90), (120.305, 31.90), (120.305, 31.905), (120.29, 31.95), (120.301, 31.92)]
    shapes = np.array([shapely.box(x, y, x + 0.01, y + 0.01) for x, y in corners], object)
    version = Version("heat_network", "a" * 64, Path(), "管网", "", "", datetime(2026, 11, 22, tzinfo=UTC))
    area = OfficeArea(version, shapes, 0.0, True, shapely.STRtree(shapes))
    found = asked(ground, *at, areas=[area])
    row = pd.DataFrame([found.place])
    whole = replace(ground, areas={"heat_network": shapes}).within(row)
    (zone,) = found.zones
    assert (zone.truth, zone.covered) == (whole["within.heat_network"][0], whole["covered.heat_network"][0])


def test_a_shifted_datum_is_brought_back_and_an_unstated_one_widens_the_error(ground):
    plain = at_point(ground, "120.280001, 31.900001", as_of=AS_OF, datum="WGS84")
    shifted = at_point(ground, "120.280001, 31.900001", as_of=AS_OF, datum="GCJ-02")
    unstated = at_point(ground, "120.280001, 31.900001", as_of=AS_OF)
    metres = Geod(ellps="WGS84").inv(
        plain.place["lon"], plain.place["lat"], shifted.place["lon"], shifted.place["lat"]
    )[2]
    assert 300 < metres < 800
    assert unstated.place["u_m"] > plain.place["u_m"] + 200


@pytest.mark.parametrize("text", ["", "abc", "120.28", "0, 0", "2.35, 48.85", "200, 95", "x" * 5000])
def test_what_is_no_place_in_china_is_refused(text):
    with pytest.raises(InputError) as caught:
        read_place(text)
    assert caught.value.code == "place_unreadable"
    assert len(caught.value.message("zh")) < 200


@pytest.mark.parametrize(
    "text", ["119°31′12″E 31°03′36″N", "31.06, 119.52", "北纬31°03′36″，东经119°31′12″", "119.52 31.06"]
)
def test_a_place_is_read_in_any_spelling(text):
    frame, _ = read_place(text, "WGS84")
    assert np.allclose(frame[["lon", "lat"]].to_numpy(), [[119.52, 31.06]], atol=1e-9)


def test_the_card_quotes_each_rule_with_its_document(ground, catalog):
    for lang in ("zh", "en"):
        card = point_card(catalog, **vars(asked(ground, *PLACES["江阴"])), as_of=AS_OF, lang=lang)
        rules = [one for kind in card["rules"] for one in kind["items"]]
        assert rules
        assert all(one["quote"] and one["document"].startswith("《") for one in rules)
        assert len(card["anchors"]["items"]) == 4
        distances = [float(one["distance"]) for one in card["anchors"]["items"]]
        assert distances == sorted(distances)
