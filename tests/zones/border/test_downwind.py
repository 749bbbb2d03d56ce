"""What lies downwind of a site, on a toy map of provinces."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from pyproj import Geod

from geoaq.zones.border.downwind import City, _rays, downwind, sector_polygon
from geoaq.zones.border.wind import rose

SITE = (120.0, 30.0)
GEOD = Geod(ellps="WGS84")


def halves(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Give the home province west of 120.5°, a neighbour east of it, nobody south of 29.8°."""
    found = np.where(lon < 120.5, "330000", "310000").astype(object)
    found[lat < 29.8] = ""
    return found


def test_the_share_toward_a_neighbour_is_that_of_the_bearings_that_it_fills() -> None:
    wind = rose([270.0] * 6 + [90.0] * 3 + [np.nan], [3.0] * 9 + [0.0])
    (east,) = downwind(wind, *SITE, home="330000", province_of=halves)
    assert east.province == "310000"
    # West wind goes east: six of ten hours.
    assert east.share == pytest.approx(0.6)
    ((start, end),) = east.arcs
    # 120.5° E lies 48.2 km east; at 100 km it is met from a bearing of about 29° on.
    assert 27 <= start <= 31
    assert end > 90


def test_a_sector_that_is_filled_in_part_counts_in_part() -> None:
    def north_east(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
        return np.where((lon > SITE[0]) & (lat > SITE[1] + 0.02), "320000", "330000").astype(object)

    wind = rose([180.0] * 4, [3.0] * 4)
    (found,) = downwind(wind, *SITE, home="330000", province_of=north_east)
    assert found.share == pytest.approx(0.5, abs=0.03)


def test_a_neighbour_toward_which_no_wind_blows_is_still_there() -> None:
    (east,) = downwind(rose([90.0], [3.0]), *SITE, home="330000", province_of=halves)
    assert east.share == 0.0


def test_nobody_within_reach_is_an_empty_list() -> None:
    wind = rose([270.0], [3.0])
    assert downwind(wind, *SITE, home="330000", province_of=halves, reach_km=40.0) == []


def test_cities_within_reach_are_named_with_geodesic_distance_and_bearing() -> None:
    lon, lat, _ = GEOD.fwd(*SITE, 80.0, 60_000.0)
    far, there, _ = GEOD.fwd(*SITE, 80.0, 101_000.0)
    near, own = City("近", "310000", lon, lat), City("本省", "330000", 119.9, 30.0)
    cities = [City("远", "310000", far, there), near, own]
    wind = rose([270.0, 90.0], [3.0, 3.0])
    (east,) = downwind(wind, *SITE, home="330000", province_of=halves, cities=cities)
    (city,) = east.cities
    assert city.name == "近"
    assert city.distance_km == pytest.approx(60.0, abs=1e-6)
    assert city.bearing_deg == pytest.approx(80.0, abs=0.2)
    assert city.share == 0.5


@pytest.mark.parametrize("lat", [18.5, 30.0, 53.0])
def test_the_rays_follow_the_geodesic_closely(lat: float) -> None:
    x, y = _rays(120.0, lat, 100.0)
    for ray in (0, 45, 133, 270):
        azimuth, _, metres = GEOD.inv(120.0, lat, x[ray, -1], y[ray, -1])
        assert metres == pytest.approx(100_000.0, abs=100.0)
        assert (azimuth - ray - 0.5 + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize(("start", "end"), [(78.75, 101.25), (348.75, 11.25), (0.0, 90.0)])
def test_a_drawn_sector_has_its_arc_at_the_reach_and_its_sides_on_bearings(start: float, end: float) -> None:
    sector = sector_polygon(*SITE, from_deg=start, to_deg=end, radius_km=100.0)
    assert sector.is_valid
    corners = shapely.get_coordinates(sector)[1:-1]
    azimuth, _, metres = GEOD.inv(
        np.full(len(corners), SITE[0]), np.full(len(corners), SITE[1]), corners[:, 0], corners[:, 1]
    )
    np.testing.assert_allclose(metres, 100_000.0, atol=0.01)
    sides = (azimuth[[0, -1]] - [start, end] + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(sides, 0.0, atol=0.01)
    assert len(corners) == round(((end - start) % 360.0) * 4) + 1
