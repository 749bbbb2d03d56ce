"""Names on the map stand inside the area that they name."""

from __future__ import annotations

import json

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from geoaq.build.names import label_points, named
from geoaq.io.built import LayerSet

KINDS = ("provinces", "cities", "counties")


def areas(layers: LayerSet, kind: str) -> dict[tuple[str, str], shapely.Geometry]:
    shown = layers.report["display"]
    files = [kind] if kind in shown else [name for name in shown if name.startswith(f"{kind}/")]
    found = {}
    for name in files:
        for entry in json.loads(layers.display(name).read_text("utf-8"))["features"]:
            words = entry["properties"]
            found[words["adcode"], words["name"]] = shape(entry["geometry"])
    return found


def test_every_area_has_one_name_that_stands_inside_it(built_layers: LayerSet) -> None:
    names = json.loads(built_layers.names.read_text("utf-8"))
    assert set(names) == set(KINDS)
    for kind in KINDS:
        drawn = areas(built_layers, kind)
        assert len(names[kind]) == len(drawn)
        for name, lon, lat, extent, adcode in names[kind]:
            area = drawn[adcode, name]
            assert shapely.contains_xy(area, lon, lat), (kind, name)
            assert 0 < extent <= area.area + 1e-3


def test_the_largest_area_comes_first(built_layers: LayerSet) -> None:
    names = json.loads(built_layers.names.read_text("utf-8"))
    assert names["provinces"][0][0] == "新疆维吾尔自治区"
    for kind in KINDS:
        extents = [entry[3] for entry in names[kind]]
        assert extents == sorted(extents, reverse=True)


def test_a_name_stands_beside_the_hole_and_in_the_largest_part() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 9, 9))
    far = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(20, 20, 24, 24)])
    points, extents = label_points([ring, far])

    assert shapely.contains_xy(ring, *points[0])
    assert points[1].tolist() == [22.0, 22.0]
    assert extents.tolist() == [51.0, 16.0]


@given(
    st.lists(st.floats(1, 9), min_size=5, max_size=20),
    st.floats(70, 130),
    st.floats(15, 50),
)
def test_a_name_stands_inside_any_star(radii: list[float], lon: float, lat: float) -> None:
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = shapely.Polygon(np.c_[lon + radii * np.cos(angle), lat + radii * np.sin(angle)])
    ((_, x, y, _, code),) = named([star], [{"name": "星", "adcode": "000000"}])

    assert shapely.contains_xy(star, x, y)
    assert code == "000000"
