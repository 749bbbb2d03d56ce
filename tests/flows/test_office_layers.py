"""A file is looked through before it is kept: what is in it, what is wrong, and whether it is shifted."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoaq.cards import office_layers as cards
from geoaq.catalog import Catalog
from geoaq.crs import wgs84_to_gcj02
from geoaq.errors import InputError, LimitError
from geoaq.flows import office_layers
from geoaq.flows.shifted import looks_shifted
from geoaq.io.built import load_admin
from geoaq.zones.admin import AdminIndex

AREA = shapely.box(120.2, 31.8, 120.4, 31.95)
BOW = shapely.Polygon([(120.2, 31.8), (120.3, 31.9), (120.3, 31.8), (120.2, 31.9)])


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def look(catalog, built_layers, tmp_path):
    def check(*paths: Path, layer: str | None = "heat_network"):
        out = tmp_path / "out"
        found = office_layers.check(
            None if layer is None else catalog.layer(layer),
            paths,
            out,
            catalog=catalog,
            layers_dir=built_layers.path.parent,
            progress=lambda *_: None,
        )
        assert json.loads((out / "checked" / "report.json").read_text("utf-8")) == found
        assert all(cards.told(found, lang) for lang in ("zh", "en"))
        return found, out

    return check


def written(path: Path, *shapes, crs=4490, **columns) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    frame.to_file(path, **({"encoding": "gbk"} if path.suffix == ".shp" else {}))
    return path


def refusal(look, *paths: Path, layer: str | None = "heat_network") -> str:
    with pytest.raises(InputError) as caught:
        look(*paths, layer=layer)
    assert caught.value.message("zh")
    return caught.value.code


def test_areas_are_told_apart_from_what_is_not_used(look, tmp_path):
    shapes = (AREA, BOW, shapely.Point(120.3, 31.9), None, shapely.box(10, 10, 11, 11))
    path = written(tmp_path / "a.gpkg", *shapes, 名称=["<script>", "二", "三", "四", "五"])
    found, out = look(path)
    assert (found["features"], found["used"], found["empty"], found["other_geometry"]) == (5, 3, 1, 1)
    assert (found["mended"], found["outside"]) == (1, 1)
    assert found["mended_at"][0]["reason"] == "Self-intersection"
    names = ["江苏省 无锡市 江阴市", "江苏省 泰州市 靖江市", "江苏省 苏州市 张家港市"]
    assert (found["county_count"], sorted(found["counties"])) == (3, sorted(names)), "as the flow asks"
    assert (found["name_column"], found["crs_by_format"]) == ("名称", False)
    drawn = json.loads((out / "checked" / "display.geojson").read_text("utf-8"))
    assert [each["properties"]["name"] for each in drawn["features"]] == ["<script>", "二", "五"]
    assert (out / "file" / "a.gpkg").read_bytes() == path.read_bytes()
    said = " ".join(text for text, _ in cards.told(found, "zh"))
    assert "使用 3 个（面）" in said
    assert "1 个图形不在我国境内" in said


def test_the_parts_of_a_shapefile_with_gbk_attributes_become_one_file(look, tmp_path):
    written(tmp_path / "热网.shp", AREA, 名称=["热网一区"], 建设单位=["江阴热电"])
    parts = sorted(tmp_path.glob("热网.*"))
    found, out = look(*parts)
    (kept,) = (out / "file").iterdir()
    assert kept.name == "热网.zip"
    assert found["kind"] == "shp"
    assert found["name_column"] == "名称"
    first = kept.read_bytes()
    (out / "file" / "热网.zip").unlink()
    (out / "file").rename(tmp_path / "gone")
    for path in sorted(out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    out.rmdir()
    _, out = look(*reversed(parts))
    assert (out / "file" / "热网.zip").read_bytes() == first, "the same parts are the same bytes"


def test_a_shifted_layer_is_suspected_where_it_follows_county_lines(look, tmp_path, built_layers):
    admin = AdminIndex(*load_admin(built_layers.path, "amap"))
    place = np.flatnonzero(admin.counties["adcode"].astype(str) == "320281").astype(np.int32)
    county = admin.polygons(place)[0]
    shifted = shapely.transform(county, lambda at: np.stack(wgs84_to_gcj02(at[:, 0], at[:, 1]), axis=1))
    found, out = look(written(tmp_path / "a.gpkg", shifted))
    assert looks_shifted(found["coinciding"])
    assert any("GCJ-02" in text and mark == "warning" for text, mark in cards.told(found, "zh"))
    out.rename(tmp_path / "first")
    found, out = look(written(tmp_path / "b.gpkg", county))
    assert not looks_shifted(found["coinciding"])
    out.rename(tmp_path / "second")
    plain = gpd.GeoDataFrame({"来源": ["高德地图导出"]}, geometry=[AREA])
    (tmp_path / "c.geojson").write_text(plain.to_json(), "utf-8")
    found, _ = look(tmp_path / "c.geojson")
    assert found["crs_by_format"]
    assert found["datum_word"] == "高德"
    assert not looks_shifted(found["coinciding"]), "a box follows no line and cannot tell"


def test_a_layer_of_ones_own_holds_what_most_of_it_is(look, tmp_path):
    line = shapely.LineString([(120.2, 31.8), (120.4, 31.9)])
    found, _ = look(written(tmp_path / "a.gpkg", line, line, AREA), layer=None)
    assert (found["geometry"], found["used"], found["other_geometry"]) == ("line", 2, 1)


def test_a_table_of_cities_is_counted(look, tmp_path):
    lines = ("行政区划代码,年份,PM2.5年均浓度", "320200,2024,31.5", "320500,2023,30", "320600,2024,不详")
    (tmp_path / "pm25.csv").write_text("\n".join(lines), "utf-8")
    found, out = look(tmp_path / "pm25.csv", layer="attainment")
    assert (found["cities"], found["years"]) == (2, [2023, 2024])
    assert sum(found["issues"].values()) == 1
    assert not (out / "checked" / "display.geojson").exists()


def test_what_cannot_be_used_is_refused_with_its_reason(look, tmp_path, monkeypatch):
    points = written(tmp_path / "points.gpkg", shapely.Point(120.3, 31.9))
    assert refusal(look, points) == "layer_without_polygons"
    assert refusal(look, written(tmp_path / "far.gpkg", shapely.box(2, 48, 3, 49))) == "office_layer_outside"
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert refusal(look, tmp_path / "empty.geojson") == "layer_empty"
    (tmp_path / "noise.zip").write_bytes(b"PK\x03\x04" + bytes(500))
    assert refusal(look, tmp_path / "noise.zip") == "layer_broken"
    reaching = "<kml><Document><NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink></Document></kml>"
    (tmp_path / "link.kml").write_text(reaching)
    assert refusal(look, tmp_path / "link.kml") == "vector_reaches_out"
    area = written(tmp_path / "a.shp", AREA, 名称=["一"])
    area.with_suffix(".prj").unlink()
    parts = [path for path in tmp_path.glob("a.*") if path.suffix != ".gpkg"]
    assert refusal(look, *parts) == "crs_missing"
    assert refusal(look, points, tmp_path / "link.kml") == "parts_of_one_shapefile"
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for part in ("shp", "shx", "dbf"):
            out.writestr(f"../../b.{part}", bytes(3_000_000))
    monkeypatch.setattr(office_layers, "LIMITS", office_layers.replace(office_layers.LIMITS, unpacked_mb=2))
    with pytest.raises(LimitError) as caught:
        look(tmp_path / "bomb.zip")
    assert caught.value.code == "unpacks_too_large"
    assert not (tmp_path / "out").exists()
