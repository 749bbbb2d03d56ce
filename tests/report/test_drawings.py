"""Plants, discs and an office's own areas as a map draws them."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from geoaq import geodesy, report
from geoaq.report.drawings import MOST_CORNERS


def plants() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plant_id": ["A", "B"],
            "name": ["甲", None],
            "lon": [120.1234567, 121.0],
            "lat": [31.7654321, 32.0],
            "installed_mw": [660.0, np.nan],
            "heat_evidence": ["user", "none"],
            "confirmed_document": ["能源〔2025〕1号", "能源〔2025〕2号"],
            "confirmed_issuer": ["能源局", ""],
        }
    )


def corners(collection: dict) -> int:
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in collection["features"]]
    return int(shapely.get_num_coordinates(shapes).sum())


def test_a_plant_is_confirmed_by_document_and_issuer_only_and_lies_within_a_metre() -> None:
    first, second = report.plant_features(plants())["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [120.12346, 31.76543]}
    assert first["properties"]["confirmed"] is True
    assert first["properties"]["confirmed_document"] == "能源〔2025〕1号"
    assert (second["properties"]["confirmed"], second["properties"]["installed_mw"]) == (False, None)
    assert second["properties"]["name"] == ""


def test_a_disc_carries_its_plant_and_five_decimals() -> None:
    disc = geopandas.GeoDataFrame(
        {"plant_id": ["A"], "confirmed": [True]}, geometry=[shapely.Point(120, 31).buffer(0.3)], crs=4326
    )
    (found,) = report.disc_features(disc)["features"]
    assert found["properties"] == {"plant_id": "A", "confirmed": True}
    ring = np.array(found["geometry"]["coordinates"][0])
    assert np.array_equal(ring, np.round(ring, 5))


def test_a_curve_through_the_corners_of_a_disc_lies_within_two_metres_of_the_circle() -> None:
    """The same curve as `discs.js` draws, against distances on the ellipsoid."""
    lon, lat, radius = 126.6, 45.8, 30_000.0
    disc = geopandas.GeoDataFrame(
        {"plant_id": ["A"], "confirmed": [True]}, geometry=[geodesy.disc(lon, lat, radius_m=radius)], crs=4326
    )
    (found,) = report.disc_features(disc)["features"]
    ring = np.array(found["geometry"]["coordinates"][0])[:-1]
    assert len(ring) == 32
    to_plane = Transformer.from_crs(4326, 3857, always_xy=True)
    corner = np.column_stack(to_plane.transform(*ring.T))
    angle = 2 * np.pi / len(corner)
    handle = (np.roll(corner, -1, 0) - np.roll(corner, 1, 0)) * (
        4 / 3 * np.tan(angle / 4) / (2 * np.sin(angle))
    )
    after, t = np.roll(corner, -1, 0), np.linspace(0, 1, 33)[:, None, None]
    curve = (
        (1 - t) ** 3 * corner
        + 3 * (1 - t) ** 2 * t * (corner + handle)
        + 3 * (1 - t) * t**2 * (after - np.roll(handle, -1, 0))
        + t**3 * after
    ).reshape(-1, 2)
    x, y = to_plane.transform(*curve.T, direction="INVERSE")
    away = Geod(ellps="WGS84").inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2]
    assert np.abs(away - radius).max() < 2.0


def test_an_area_keeps_its_shape_within_ten_metres_and_loses_every_attribute() -> None:
    circle = shapely.Point(120.0, 31.0).buffer(0.1, quad_segs=4096)
    drawn = report.area_features(np.array([circle], object))
    (found,) = drawn["features"]
    assert found["properties"] == {}
    assert (drawn["tolerance_m"], drawn["left_out"]) == (5.0, 0)
    shape = shapely.from_geojson(json.dumps(found["geometry"]))
    assert shapely.hausdorff_distance(shape, circle) * 111_320 < 10
    assert shapely.get_num_coordinates(shape) < shapely.get_num_coordinates(circle) / 10


def test_however_large_a_layer_is_its_picture_is_bounded_and_says_what_it_lacks() -> None:
    x, y = np.meshgrid(np.arange(200) * 0.01 + 110, np.arange(150) * 0.01 + 30)
    size = np.linspace(0.001, 0.004, x.size)
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + size, y.ravel() + size)
    drawn = report.area_features(squares)
    assert corners(drawn) <= MOST_CORNERS
    assert drawn["left_out"] == len(squares) - len(drawn["features"]) > 0
    kept = shapely.from_geojson(json.dumps(drawn["features"][0]["geometry"]))
    assert kept.area >= shapely.area(squares).min()


def test_many_small_areas_are_all_drawn_within_the_tolerance_that_is_said() -> None:
    turn = np.linspace(0, 2 * np.pi, 120)
    ring = 0.02 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    shapes = np.array(
        [shapely.Polygon(ring + np.array([110 + k % 60 / 6, 30 + k // 60 / 6])) for k in range(2000)]
    )
    names = [{"name": str(k)} for k in range(2000)]
    drawn = report.drawings.picture_features(shapes, names)
    assert (len(drawn["features"]), drawn["left_out"]) == (2000, 0)
    assert corners(drawn) <= MOST_CORNERS
    first = shapely.from_geojson(json.dumps(drawn["features"][7]["geometry"]))
    assert drawn["features"][7]["properties"] == {"name": "7"}
    assert shapely.hausdorff_distance(first, shapes[7]) * 111_320 <= drawn["tolerance_m"] + 1.5


def test_what_is_written_is_geojson_without_blanks(tmp_path: Path) -> None:
    report.write_features(tmp_path / "plants.geojson", report.plant_features(plants()))
    text = (tmp_path / "plants.geojson").read_text("utf-8")
    assert text.endswith("}\n")
    assert '"type":"FeatureCollection"' in text
    assert json.loads(text) == report.plant_features(plants())
