"""AGRI on FY-4A and FY-4B: look-up tables, the nominal grid, and angles of place and time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod, Transformer

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import InputError
from geoaq.frames.scenes import NO_DATA
from geoaq.io.scenes import open_scene
from geoaq.io.scenes.geostationary import GeostationaryPlaces
from geoaq.io.scenes.sun import sun_azimuth
from tests.io.scenes.agri_files import COLUMNS, END, FIRST, START, write_agri, write_geo

Kinds = Mapping[str, SceneProduct]


@pytest.mark.parametrize(
    ("letter", "longitude", "satellite"),
    [("A", "1047", "fy4a"), ("B", "1330", "fy4b"), ("B", "1050", "fy4b")],
)
def test_numbers_become_what_the_tables_of_the_file_say(
    kinds: Kinds, tmp_path: Path, letter: str, longitude: str, satellite: str
) -> None:
    path = write_agri(tmp_path, letter=letter, longitude=longitude)
    with open_scene([path], None, kinds) as scene:
        assert (scene.product.id, scene.satellite, scene.detector) == (f"{satellite}_agri", satellite, "agri")
        assert {flag.code for flag in scene.flags} == {"no_water_mask", "no_quality", "sun_computed"}
        rows, places = scene.bands(0, 40), scene.places(0, 40)
        assert scene.times(0, 1)[0] == pytest.approx(START.timestamp() + 257.0 / 80)
        assert scene.end == END.timestamp()
    assert np.isnan(rows.t4[:, :2]).all()
    assert (rows.fill[:, :2] == NO_DATA).all()
    assert rows.t12 is not None
    for values, kelvin in ((rows.t4, 302.0), (rows.t11, 296.0), (rows.t12, 295.0)):
        np.testing.assert_allclose(values[:, 2:], kelvin, atol=0.5001)
    middle = slice(1300, 1450)
    cosine = np.cos(np.radians(rows.sun_zenith[:, middle]))
    np.testing.assert_allclose(rows.nir[:, middle] * cosine, 0.2, atol=2e-4)
    seen = np.isfinite(places.lat)
    assert np.isnan(rows.sun_zenith[~seen]).all()
    assert places.lon[0, 1373] == pytest.approx(int(longitude) / 10.0, abs=0.03)
    assert places.lat[0, 1373] == pytest.approx(33.79, abs=0.01)


def test_the_grid_is_the_geostationary_projection(kinds: Kinds) -> None:
    grid = kinds["fy4a_agri"].grid
    assert grid is not None
    places = GeostationaryPlaces(grid, COLUMNS, 0, 104.7)
    to_plane = Transformer.from_crs(
        {"proj": "longlat", "a": 6378137.0, "b": 6356752.3},
        {"proj": "geos", "h": 35785863.0, "lon_0": 104.7, "a": 6378137.0, "b": 6356752.3, "sweep": "y"},
        always_xy=True,
    )
    for line in (0, 20, FIRST, 1373, 2700):
        lon, lat = places.rows(line, line + 1)
        seen = np.isfinite(lat[0])
        x, y = to_plane.transform(lon[0][seen], lat[0][seen])
        per_pixel = np.radians(2.0**16 / 10233137.0) * 35785863.0
        np.testing.assert_allclose(x / per_pixel, np.flatnonzero(seen) - 1373.5, atol=1e-4)
        np.testing.assert_allclose(y / per_pixel, 1373.5 - line, atol=1e-4)
    lon, lat = places.rows(1373, 1375)
    assert lat[0, 1373] > 0.0 > lat[1, 1373]
    assert np.isnan(places.rows(0, 1)[0][0, 0])


def test_the_satellite_stands_above_the_point_below_it(kinds: Kinds) -> None:
    grid = kinds["fy4a_agri"].grid
    assert grid is not None
    places = GeostationaryPlaces(grid, COLUMNS, 0, 104.7)
    zenith, azimuth = places.view(np.array([104.7, 104.7, 130.0]), np.array([0.0, 40.0, 45.0]))
    assert zenith[0] == pytest.approx(0.0, abs=1e-9)
    assert azimuth[1] == pytest.approx(180.0)
    assert zenith[1] == pytest.approx(46.2, abs=0.1)  # 40° N: the textbook's elevation of 43.8°
    toward, _, _ = Geod(ellps="WGS84").inv(130.0, 45.0, 104.7, 0.0)
    assert azimuth[2] == pytest.approx(toward % 360.0, abs=0.3)
    edge_lon, edge_lat = places.rows(1373, 1374)
    at = int(np.flatnonzero(np.isfinite(edge_lat[0]))[0])
    assert places.view(edge_lon[:, at], edge_lat[:, at])[0][0] == pytest.approx(90.0, abs=3.0)


def test_the_sun_stands_in_the_south_at_noon_and_in_the_east_before() -> None:
    noon = START.timestamp() - 30 * 60.0 + 2 * 60.0  # 13:02 in Beijing, at 104.7° E a little past local noon
    azimuth = sun_azimuth(np.array([noon, noon - 6 * 3600.0]), np.array(104.7), np.array(35.0))
    assert azimuth[0] == pytest.approx(180.0, abs=5.0)
    assert 75.0 < azimuth[1] < 100.0


def test_the_angles_of_the_second_file_are_held_against_time_and_place(kinds: Kinds, tmp_path: Path) -> None:
    path = write_agri(tmp_path)
    with open_scene([path], None, kinds) as scene:
        zenith = scene.sun_zenith(0, 40)
    geo = write_geo(tmp_path, zenith)
    with open_scene([geo, path], None, kinds) as scene:
        assert "sun_computed" not in {flag.code for flag in scene.flags}
        np.testing.assert_array_equal(scene.bands(0, 40).sun_zenith, zenith)
        assert float(np.nanmax(scene.places(0, 40).view_zenith)) == 41.0
    write_geo(tmp_path, zenith + 6.0)
    with pytest.raises(InputError) as refused:
        open_scene([geo, path], None, kinds)
    assert refused.value.code == "scene_sun_refused"


@pytest.mark.parametrize(
    "attributes",
    [{}, {"Begin Line Number": FIRST}, {"Begin Line Number": FIRST, "End Line Number": FIRST + 40},
     {"Begin Line Number": 2740, "End Line Number": 2779}],
)  # fmt: skip
def test_a_part_of_the_disk_must_say_which_lines_it_has(
    kinds: Kinds, tmp_path: Path, attributes: Mapping[str, int]
) -> None:
    path = write_agri(tmp_path, attributes=attributes)
    with pytest.raises(InputError) as refused:
        open_scene([path], None, kinds)
    assert refused.value.code == "scene_places_missing"


def test_a_grid_needs_the_longitude_of_the_satellite_in_a_name(kinds: Kinds) -> None:
    stated = kinds["fy4a_agri"].model_dump()
    for file in stated["files"]:
        file["names"] = [name.replace("(?P<sub_lon>", "(?:") for name in file["names"]]
    with pytest.raises(ValueError, match="sub_lon"):
        SceneProduct(**stated)
