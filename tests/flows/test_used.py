"""What a screening rested on stands in its folder, and every page says the same of each boiler."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely

from geoaq.cards import heads, lists
from geoaq.cards.why import why_card
from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.flows import ScreeningRequest, screen, summary_lines, write_sample
from geoaq.store import reading
from geoaq.store.choice import Choice
from tests.flows.places import SITES, at, boiler, write_plants, write_rows

NAME = "张三丰"


@pytest.fixture
def request_(built_layers, root, tmp_path) -> ScreeningRequest:
    small = {"额定容量（t/h）": "2"}
    rows = [boiler("NJ", **at("NJ", 90, 27_460), **{"额定容量（t/h）": "75"}), boiler("HZ", **small)]
    lon, lat, _ = SITES["HZ"]
    area = geopandas.GeoDataFrame(
        {"owner": [NAME]}, geometry=[shapely.Point(lon, lat).buffer(0.05, quad_segs=512)], crs=4326
    )
    area.to_file(tmp_path / "network.gpkg", driver="GPKG")
    (tmp_path / "air.csv").write_text("行政区划代码,PM2.5年均浓度,年份\n320100,28,2025\n", "utf-8")
    return ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        plants=write_plants(tmp_path / "plants.csv", [("P", "NJ", 600.0, 300.0)]),
        plants_only=True,
        user_layers={"heat_network": tmp_path / "network.gpkg", "attainment": tmp_path / "air.csv"},
    )


def drawn(out: Path, name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((out / name).read_text("utf-8"))["features"]
    return features


def embedded(out: Path) -> dict[str, Any]:
    page = (out / "map.html").read_text("utf-8")
    found = re.search(r'id="geoaq-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_plants_discs_and_own_layers_are_those_that_were_used(request_, tmp_path):
    screen(request_, tmp_path / "out")
    out = tmp_path / "out"
    (plant,) = drawn(out, "plants.geojson")
    assert plant["properties"] == {
        "plant_id": "P", "name": "P热电厂", "installed_mw": 600.0, "confirmed": True, "heat_evidence": "user",
        "confirmed_document": "能源〔2025〕1号", "confirmed_issuer": "能源局",
    }  # fmt: skip
    assert plant["geometry"]["coordinates"] == [118.85, 31.85]
    (disc,) = drawn(out, "discs.geojson")
    assert disc["properties"] == {"plant_id": "P", "confirmed": True}
    (area,) = drawn(out, "layer-heat_network.geojson")
    assert area["properties"] == {}
    assert NAME not in (out / "layer-heat_network.geojson").read_text("utf-8")
    assert not (out / "layer-attainment.geojson").exists()
    layers = embedded(out)["layers"]
    assert layers["chp_anchors"]["features"] == [plant]
    assert layers["heating_discs"]["features"] == [disc]
    assert layers["heat_network"]["features"] == [area]


def test_the_shipped_plants_are_drawn_only_where_they_came_into_question(request_, tmp_path):
    screen(replace(request_, plants=None, plants_only=False), tmp_path / "out")
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet")
    pairs = pd.read_parquet(tmp_path / "out" / "anchors.parquet")
    shown = {one["properties"]["plant_id"]: one for one in drawn(tmp_path / "out", "plants.geojson")}
    assert set(shown) == set(pairs["plant_id"]) | set(subjects["anchor_id"])
    for pair in pairs.to_dict("records"):
        plant = shown[pair["plant_id"]]
        assert pair["plant_name"] == plant["properties"]["name"]
        assert pair["installed_mw"] == plant["properties"]["installed_mw"]
        assert [pair["lon"], pair["lat"]] == pytest.approx(plant["geometry"]["coordinates"], abs=1e-5)


def test_the_head_says_which_layers_the_screening_brings_and_how_the_list_was_read(request_, tmp_path):
    screen(request_, tmp_path / "out")
    head = heads.head(request_.catalog, tmp_path / "out", "zh")
    assert head["layers"] == {
        "chp_anchors": "plants.geojson", "heating_discs": "discs.geojson",
        "heat_network": "layer-heat_network.geojson", "attainment": None,
    }  # fmt: skip
    assert head["plants"] == "own"
    assert head["notes"][0] == "读取：csv，编码 UTF-8，表头第1行"
    assert "电厂：只用本单位名录" in head["notes"]
    assert embedded(tmp_path / "out")["head"]["layers"] == head["layers"]


def test_a_list_without_a_datum_says_what_its_coordinates_tell(request_, tmp_path):
    rows = [boiler("NJ", 坐标系="")]
    screen(replace(request_, path=write_rows(tmp_path / "bare.csv", rows)), tmp_path / "out")
    notes = heads.head(request_.catalog, tmp_path / "out", "zh")["notes"]
    said = next(note for note in notes if note.startswith("坐标系："))
    assert said.startswith("坐标系：1 台未注明，误差已放宽。无法判断：可用的只有 ")


def test_rows_to_check_are_counted_once_a_row_and_repairs_by_themselves(request_, tmp_path):
    listing = tmp_path / "sample.xlsx"
    write_sample(listing, 120, seed=3)
    summary = screen(replace(request_, path=listing), tmp_path / "out")
    issues = pd.read_csv(tmp_path / "out" / "issues.csv")
    doubtful = issues[issues["severity"].isin(["error", "warning"]) & (issues["row"] > 0)]
    repairs = int((issues["severity"] == "repair").sum())
    assert summary.rows.to_check == doubtful["row"].nunique()
    line = f"{summary.rows.to_check}行数据待核，已自动修正{repairs}处，见 issues.csv"
    assert line in summary_lines(summary, "zh")
    counts = heads.head(request_.catalog, tmp_path / "out", "zh")["counts"]
    assert (counts["issues"], counts["repairs"]) == (summary.rows.to_check, repairs)
    assert heads.head(request_.catalog, tmp_path / "out", "zh")["notes"][0].startswith("读取：xlsx，工作表“")
    assert "示例数据（合成）" in (tmp_path / "out" / "map.html").read_text("utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_list_card_map_and_workbook_say_one_and_the_same_sentence(request_, tmp_path, lang):
    listing = tmp_path / "sample.xlsx"
    write_sample(listing, 120, seed=5)
    out = tmp_path / "out"
    screen(replace(request_, path=listing, lang=lang), out)
    subjects = reading.subjects(out)
    rows = reading.page(out, reading.chosen(out, Choice()), page_size=200).rows
    listed = {line["key"]: line for line in (lists.line(request_.catalog, row, lang) for row in rows)}
    data = embedded(out)["list"]
    geojson = {one["id"]: one["properties"]["sentence"] for one in drawn(out, "findings.geojson")}
    for at_, key in enumerate(data["key"]):
        card = why_card(request_.catalog, out, *map(int, key.split("-")), lang)
        phrase = data["words"][data["tag"][at_]]
        assert phrase == listed[key]["tag"] == card["tags"][0]["text"] == geojson[key]
        assert data["words"][data["distance_text"][at_]] == listed[key]["distance"]
        number = card["headline"] or {"value": "", "unit": "", "detail": ""}
        for name, text in number.items():
            place = data[f"headline_{name}"][at_]
            assert ("" if place < 0 else data["words"][place]) == text
    book = openpyxl.load_workbook(out / "findings.xlsx").worksheets[0]
    cells = {str(cell.value) for row in book for cell in row}
    single = subjects.groupby("row")["part"].transform("size") == 1
    for row, part in subjects.loc[single, ["row", "part"]].itertuples(index=False):
        assert listed[f"{row}-{part}"]["tag"] in cells


def test_the_biggest_number_on_a_card_is_the_one_that_decides(request_, tmp_path):
    screen(request_, tmp_path / "out")
    far, small = (why_card(request_.catalog, tmp_path / "out", row, 0, "zh") for row in (2, 3))
    assert far["rules"][0]["rule_id"] == "js.boiler.chp30"
    assert (far["headline"]["value"], far["headline"]["unit"]) == ("27.46", "公里")
    assert "距 30 公里线 2.54 公里" in far["headline"]["detail"]
    assert far["facts"][0]["label"] == "电厂"
    wanted = r"P热电厂 · 60 万千瓦 · 27\.46 公里 ± 0\.\d+ 公里 · 已确认为热电联产 能源〔2025〕1号 · 编号 P"
    assert re.fullmatch(wanted, far["facts"][0]["text"])
    assert small["rules"][0]["rule_id"] == "zj.boiler.lt35"
    assert small["headline"] == {
        "value": "2",
        "unit": "蒸吨/小时",
        "detail": "比限值35蒸吨/小时低 33 蒸吨/小时",
    }


def test_our_own_list_alone_needs_a_list(request_, tmp_path):
    with pytest.raises(InputError, match="plant list alone"):
        screen(replace(request_, plants=None), tmp_path / "out")
