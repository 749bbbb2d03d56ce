"""GCJ-02 and BD-09: the shifted coordinates of Chinese web maps, both ways.

The formulae are unofficial but the ones in common use. They shift inside the rectangle that they call China
(72.004–137.8347° E, 0.8293–55.8271° N) and leave everything outside as it is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_A = 6378245.0  # Krasovsky 1940, as the GCJ-02 formula has it
_EE = 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_CHUNK = 1 << 16
# The shifts change by less than 0.4 % of a step, so each turn gains more than two decimals: five turns end
# near a micrometre from a first error of a kilometre.
_TURNS = 5


def in_shifted_area(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Tell which points (degrees) lie in the rectangle where GCJ-02 and BD-09 are shifted."""
    inside: npt.NDArray[np.bool_] = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return inside


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS 84 degrees to GCJ-02.

    Parameters
    ----------
    lon, lat
        Longitudes and latitudes in degrees, one shape. NaN stays NaN.

    Returns
    -------
    tuple of float64 arrays
        Longitudes and latitudes in GCJ-02; unchanged outside the shifted rectangle.
    """
    return _by_chunk(lambda x, y: _where_shifted(_to_gcj02(x, y), x, y), lon, lat)


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_gcj02` by iteration; the way there and back again ends within a micrometre."""
    return _by_chunk(lambda x, y: _undo(_to_gcj02, x, y), lon, lat)


def wgs84_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS 84 degrees to BD-09 (GCJ-02, then Baidu's own shift); unchanged outside the rectangle."""
    return _by_chunk(lambda x, y: _where_shifted(_to_bd09(x, y), x, y), lon, lat)


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_bd09` by iteration; the way there and back again ends within a micrometre."""
    return _by_chunk(lambda x, y: _undo(_to_bd09, x, y), lon, lat)


def _to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    phi = np.radians(lat)
    w = 1.0 - _EE * np.sin(phi) ** 2
    root_w = np.sqrt(w)
    return (
        lon + np.degrees(east * root_w / (_A * np.cos(phi))),
        lat + np.degrees(north * w * root_w / (_A * (1.0 - _EE))),
    )


def _to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = _to_gcj02(lon, lat)
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _BD)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def _where_shifted(shifted: tuple[Floats, Floats], lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    inside = in_shifted_area(lon, lat)
    return np.where(inside, shifted[0], lon), np.where(inside, shifted[1], lat)


def _undo(
    forward: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: Floats, lat: Floats
) -> tuple[Floats, Floats]:
    # A point is undone where its original lies in the rectangle. Where the rectangle ends, a strip as wide as
    # the shift has two originals (or none); the one inside is taken. That line runs far from China's land.
    x, y = lon, lat
    for _ in range(_TURNS):
        u, v = forward(x, y)
        x, y = x + (lon - u), y + (lat - v)
    inside = in_shifted_area(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _by_chunk(
    shift: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[Floats, Floats]:
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    out_x, out_y = np.empty(x.size), np.empty(x.size)
    flat_x, flat_y = x.ravel(), y.ravel()
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for start in range(0, x.size, _CHUNK):
            part = slice(start, start + _CHUNK)
            out_x[part], out_y[part] = shift(flat_x[part], flat_y[part])
    return out_x.reshape(x.shape), out_y.reshape(x.shape)
