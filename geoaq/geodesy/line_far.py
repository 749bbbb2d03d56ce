"""Feet on lines more than 100 km away, by ``pyproj.Geod`` alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Floats, geodesic_m
from geoaq.geodesy.line_pieces import Pieces, place_on

_HALVINGS = 40


def far_feet(pieces: Pieces, index: npt.NDArray[np.int64], lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the feet of far points on pieces, and the distances.

    The distance falls along a piece while its geodesic from the point runs forward over the line, and grows
    after that: the place of the turn is found by halving. (A distance from a far point can also rise first,
    where the line bends away more than the circle about the point; then the nearer end is taken.)

    Parameters
    ----------
    index
        Shape (k,): a piece for each point.
    lon, lat
        Shape (k,), degrees.

    Returns
    -------
    share : float64 array
        Shape (k,), 0…1 along the piece.
    distance_m : float64 array
        Shape (k,), metres.
    """
    low, high = np.zeros(lon.size), np.ones(lon.size)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        falls = _slope(pieces, index, middle, lon, lat) < 0.0
        low, high = np.where(falls, middle, low), np.where(falls, high, middle)
    shares = np.stack([0.5 * (low + high), np.zeros(lon.size), np.ones(lon.size)])
    metres = np.stack([geodesic_m(lon, lat, *place_on(pieces, index, share)) for share in shares])
    best = metres.argmin(0)
    row = np.arange(lon.size)
    return shares[best, row], metres[best, row]


def azimuth(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Return the geodesic's bearing at points towards others, degrees clockwise from north, 0…360."""
    from pyproj import Geod

    if lon.size == 0:
        return np.empty(0)
    degrees = np.asarray(Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[0], np.float64)
    return np.where(degrees < 0.0, degrees + 360.0, degrees) % 360.0


def _slope(pieces: Pieces, index: npt.NDArray[np.int64], share: Floats, lon: Floats, lat: Floats) -> Floats:
    # Change of the distance along the piece, but for a positive factor: the line's way against the
    # geodesic's.
    from pyproj import Geod

    x, y = place_on(pieces, index, share)
    back = np.radians(np.asarray(Geod(ellps="WGS84").inv(lon, lat, x, y)[1], np.float64))
    way = pieces.ends[index, 2:] - pieces.ends[index, :2]
    latitude = np.radians(y)
    ratio = (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2
    squeeze = (1.0 - (1.0 - ratio) * np.sin(latitude) ** 2) / ratio  # N / M
    return -(np.cos(back) * way[:, 1] + np.sin(back) * np.cos(latitude) * squeeze * way[:, 0])
