"""The disc is a picture of the radius: it agrees with the verdict but for the sagitta of its edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geoaq import geodesy
from geoaq.errors import InputError

GEOD = Geod(ellps="WGS84")
RADIUS_M = 30_000.0


def placed(
    lon: np.ndarray, lat: np.ndarray, azimuth: np.ndarray, distance_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    x, y, _ = GEOD.fwd(lon, lat, azimuth, distance_m)
    return np.asarray(x), np.asarray(y)


# --- the picture


@pytest.mark.parametrize(
    ("lon", "lat"), [(110.0, 18.3), (120.1, 30.2), (125.3, 43.8), (122.5, 53.4), (-70.0, -50.0)]
)
def test_picture_and_verdict_agree_but_for_the_sagitta_of_the_corners(lon: float, lat: float) -> None:
    polygon = geodesy.disc(lon, lat, radius_m=RADIUS_M)
    corners = np.array(polygon.exterior.coords)
    assert len(corners) == 4 * 64 + 1
    off = np.asarray(GEOD.inv(np.full(257, lon), np.full(257, lat), *corners.T)[2]) - RADIUS_M
    assert np.abs(off).max() < 1e-6
    assert polygon.exterior.is_ccw

    # Edges are straight in degrees: inside the circle by the sagitta, beyond it by a bulge of centimetres.
    sagitta = RADIUS_M * (1 - np.cos(np.pi / 4 / 64))
    azimuth = np.arange(-180.0, 180.0, 0.13)
    for distance_m, inside in ((RADIUS_M - sagitta - 0.5, True), (RADIUS_M + 0.5, False)):
        x, y = placed(
            np.full(azimuth.size, lon), np.full(azimuth.size, lat), azimuth, np.full(azimuth.size, distance_m)
        )
        assert (shapely.contains_xy(polygon, x, y) == inside).all()
        pairs = geodesy.pairs_within(x, y, [lon], [lat], radius_m=RADIUS_M)
        assert len(pairs.subject) == (azimuth.size if inside else 0)


@pytest.mark.parametrize(("lon", "lat", "radius_m"), [(179.9, 0.0, 3e4), (0.0, 89.9, 3e4), (0.0, 0.0, 1.5e7)])
def test_a_disc_that_no_flat_map_holds_is_refused(lon: float, lat: float, radius_m: float) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        geodesy.disc(lon, lat, radius_m=radius_m)
