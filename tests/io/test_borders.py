"""Boundaries that an office brings: in any of its formats, with a code or a name, and what is left out."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoaq.errors import InputError
from geoaq.io.borders import read_borders
from geoaq.zones.border import Borders

AREAS = [shapely.box(118, 30, 119, 31), shapely.box(119, 30, 120, 31), shapely.box(118, 31, 120, 32)]


def frame(**columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=AREAS, crs=4490)


def zipped(folder: Path, layer: gpd.GeoDataFrame, encoding: str) -> Path:
    layer.to_file(folder / "省界.shp", encoding=encoding, engine="pyogrio")
    (folder / "省界.cpg").unlink(missing_ok=True)
    path = folder / "省界.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for part in folder.glob("省界.*"):
            if part.suffix != ".zip":
                packed.write(part, part.name)
    return path


@pytest.mark.parametrize(
    "codes",
    [
        [340000, 330000, 320000],
        ["340000", "330000", "320000"],
        ["341800", "330500", "320400"],  # prefectures
        ["341882", "330523", "320481"],  # counties
        ["156340000", "156330000", "156320000"],  # with the number of China
        ["341882100000", "330523100000", "320481100000"],  # towns
        [340000.0, 330000.0, 320000.0],
    ],
)
def test_the_code_is_found_by_its_values_whatever_its_column_is_called(
    tmp_path: Path, codes: list[object]
) -> None:
    path = tmp_path / "lines.gpkg"
    frame(FID_1=[1, 2, 3], XZQDM=codes, 备注=["x", "y", "z"]).to_file(path, layer="省界")
    found = read_borders(path, version="2025")

    assert found.adcodes.tolist() == ["340000", "330000", "320000"]
    assert found.names.tolist() == ["安徽", "浙江", "江苏"]
    assert (found.name, found.version) == ("lines.gpkg", "2025")
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.issues.frame().empty


def test_names_of_provinces_do_where_there_is_no_code(tmp_path: Path) -> None:
    path = tmp_path / "省.geojson"
    layer = frame(NAME=["安徽省", "浙江", "江苏省"], 面积=[1.5, 2.5, 3.5]).to_crs(4326)
    path.write_text(layer.to_json(), "utf-8")

    assert read_borders(path).adcodes.tolist() == ["340000", "330000", "320000"]


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_zipped_shapefile_with_chinese_names_is_read(tmp_path: Path, encoding: str) -> None:
    path = zipped(tmp_path, frame(省=["广西壮族自治区", "内蒙古自治区", "香港特别行政区"]), encoding)

    assert read_borders(path).adcodes.tolist() == ["450000", "150000", "810000"]


@pytest.mark.parametrize("stated", [True, False])
def test_a_title_cut_in_the_middle_of_a_letter_does_not_make_the_file_unreadable(
    tmp_path: Path, stated: bool
) -> None:
    path = zipped(tmp_path, frame(code_of_un=["安徽省", "浙江省", "江苏省"]), "UTF-8")
    cut = tmp_path / "cut.zip"
    # Six letters are 18 bytes of UTF-8, and a dBASE title has ten.
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(cut, "w") as out:
        for name in whole.namelist():
            out.writestr(name, whole.read(name).replace(b"code_of_un", "行政区划代码".encode()[:10]))
        if stated:
            out.writestr("省界.cpg", "UTF-8")
    assert read_borders(cut).adcodes.tolist() == ["340000", "330000", "320000"]


def test_running_numbers_of_six_digits_are_no_codes(tmp_path: Path) -> None:
    path = tmp_path / "lines.gpkg"
    numbers, codes = [430101, 430102, 430103], ["341882", "330523", "320481"]
    frame(编号=numbers, adcode=codes).to_file(path)
    assert read_borders(path).adcodes.tolist() == ["340000", "330000", "320000"]

    named = tmp_path / "named.gpkg"
    frame(编码=numbers, 省=["安徽省", "浙 江 省", "江苏省"]).to_file(named)
    assert read_borders(named).adcodes.tolist() == ["340000", "330000", "320000"]


def test_neighbours_keep_their_shared_vertices_and_give_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.gpkg"
    frame(code=["341882", "330523", "320481"]).to_file(path)
    found = read_borders(path)
    borders = Borders.from_polygons(
        found.polygons, found.adcodes, source="user", name=found.name, version="", sha256=found.sha256
    )

    assert borders.pairs == (("330000", "340000"),)  # the third shares corners only, no whole edge
    assert (borders.source, borders.sha256) == ("user", found.sha256)
    lon, lat = np.array([118.5, 119.5, 119.0, 125.0]), np.array([30.5, 30.5, 30.5, 30.5])
    assert borders.locate(lon, lat).tolist() == ["340000", "330000", "330000", ""]


def test_features_that_are_no_area_or_of_no_province_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "lines.geojson"
    shapes = [*AREAS, shapely.LineString([(118, 20), (119, 21)]), shapely.box(110, 10, 111, 11)]
    codes = ["340000", "330000", "320000", "330000", "100000_JD"]
    path.write_text(gpd.GeoDataFrame({"adcode": codes}, geometry=shapes, crs=4326).to_json(), "utf-8")
    found = read_borders(path)

    assert found.adcodes.tolist() == ["340000", "330000", "320000"]
    issues = found.issues.frame()
    assert issues[["row", "code"]].to_numpy().tolist() == [
        [4, "border_not_area"],
        [5, "border_without_province"],
    ]


def test_a_file_that_cannot_tell_the_provinces_or_has_no_area_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.gpkg"
    frame(name=["一", "二", "三"], n=[1, 2, 3]).to_file(path)
    with pytest.raises(InputError) as caught:
        read_borders(path)
    assert caught.value.code == "borders_no_code"
    assert "行政区划代码" in caught.value.message("zh")

    line = tmp_path / "line.geojson"
    shapes = [shapely.LineString([(118, 30), (119, 31)])]
    line.write_text(gpd.GeoDataFrame({"adcode": ["330000"]}, geometry=shapes, crs=4326).to_json(), "utf-8")
    with pytest.raises(InputError) as caught:
        read_borders(line)
    assert caught.value.code == "borders_no_area"
