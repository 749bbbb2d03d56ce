"""The shape of the Earth: chords, the geodesics above them, and how far one can stray from the other.

How a distance is had from a chord
----------------------------------
Points are taken as earth-centred coordinates, and the geodesic ``s`` from the chord ``c``, without
trigonometry::

    s = c (1 + q/24 + 3q²/640 + 5q³/7168 + q·bend),   q = (c·κ)²

where κ is the normal curvature of the ellipsoid below the middle of the chord in the chord's direction, and
``bend`` the change of curvature along it. Along a geodesic of an ellipsoid κ goes with the inverse cube of
the gradient's length (Joachimsthal 1843); the variance of the direction of a plane curve of curvature
κ₀ + κ₁σ + κ₂σ²/2 then gives the 1/160 below. Against ``Geod`` on 200,000 random lines a length, all over
the Earth: 5 nm up to 100 km (the rounding of coordinates of 6,400 km), 10 nm at 150 km, 0.2 mm at 1,000 km.
So up to 100 km the closed form is the distance; a pair within ±20 nm of the radius, or beyond 100 km, is put
to ``Geod``.

Why a search by chords misses nothing
-------------------------------------
Normal curvatures of the ellipsoid lie between ``1/R`` and ``1/r``, with R = a²/b (poles) and r = b²/a
(meridian at the equator).

* *From below*: by Blaschke's rolling theorem the ellipsoid contains, with two of its points, the spindle of
  arcs of radius R between them; a path on the surface goes round it, so s ≥ 2R·asin(c/2R). A pair within a
  radius L has therefore a chord of at most 2R·sin(L/2R): `chord_ceiling`.
* *From above*: a geodesic is a curve in space of curvature at most 1/r; by Schur's theorem its chord is not
  shorter than that of an arc of a circle of radius r, so s ≤ 2r·asin(c/2r).
* Both together: if the anchor with the shortest chord has chord c, the nearest on the ellipsoid has a chord
  of at most 2R·sin((r/R)·asin(c/2r)): `chord_rival`, 0.6 mm more than c at 30 km. Whoever has no rival
  inside it is the nearest; otherwise ``Geod`` decides among the rivals.
* Lists by cell add the triangle inequality: the distance of a cell's farthest point from its centre.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]

SEMI_MAJOR_M = 6378137.0
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - 1.0 / 298.257223563)
FORMULA_LIMIT_M = 100_000.0
#: A degree of the meridian at the equator, a(1-e²)·π/180, rounded down: nowhere is one shorter, so that a box
#: made with it is never too small.
METRES_PER_DEGREE = 110_574.0
GUARD_M = 20e-9

_WIDE = SEMI_MAJOR_M**2 / SEMI_MINOR_M
_NARROW = SEMI_MINOR_M**2 / SEMI_MAJOR_M
_EARTH_M = 1.3e7  # longer than any chord
_ROUNDING_M = 1e-6


class Pairs(NamedTuple):
    """Pairs of a subject and an anchor within a radius, by subject, nearest first.

    ``subject`` and ``anchor`` are int32 positions in the arrays given, ``distance_m`` is float64 metres.
    """

    subject: Places
    anchor: Places
    distance_m: Floats


def earth_centred(lon: Floats, lat: Floats) -> Floats:
    """Return earth-centred coordinates, shape (n, 3), metres, of degrees on the ellipsoid."""
    longitude, latitude = np.radians(lon), np.radians(lat)
    e2 = 1.0 - (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - e2 * np.sin(latitude) ** 2)
    across = normal * np.cos(latitude)
    return np.column_stack(
        [across * np.cos(longitude), across * np.sin(longitude), normal * (1.0 - e2) * np.sin(latitude)]
    )


def chord_ceiling(radius_m: float) -> float:
    """Return a chord that no pair within ``radius_m`` exceeds, with a micrometre to spare."""
    if radius_m >= np.pi * _WIDE:
        return _EARTH_M
    return float(2.0 * _WIDE * np.sin(radius_m / (2.0 * _WIDE))) + _ROUNDING_M


def chord_rival(chord: Floats) -> Floats:
    """Return the longest chord of an anchor that may be nearer than one at ``chord``, plus a micrometre."""
    safe = np.minimum(chord, 1e7)
    arc = 2.0 * _NARROW * np.arcsin(safe / (2.0 * _NARROW))
    rival = 2.0 * _WIDE * np.sin(arc / (2.0 * _WIDE)) + _ROUNDING_M
    return np.where(chord < 1e7, rival, _EARTH_M)


def arc_of_chord(start: Floats, end: Floats) -> Floats:
    """Return geodesics between earth-centred points, shape (n, 3), by the closed form (5 nm to 100 km)."""
    weight = np.array([SEMI_MAJOR_M**-2, SEMI_MAJOR_M**-2, SEMI_MINOR_M**-2])
    way, middle = end - start, 0.5 * (start + end)
    form = (way * way * weight).sum(1)
    slope = (middle * middle * weight * weight).sum(1) / (1.0 - 0.25 * form)
    square = (way * way).sum(1)
    q = form * form / (np.where(square > 0.0, square, 1.0) * slope)
    bend = (form - (way * way * weight * weight).sum(1) / slope) / 160.0
    arc: Floats = np.sqrt(square) * (1.0 + q * (1.0 / 24.0 + bend + q * (3.0 / 640.0 + q * (5.0 / 7168.0))))
    return arc


def geodesic_m(
    lon: npt.ArrayLike, lat: npt.ArrayLike, to_lon: npt.ArrayLike, to_lat: npt.ArrayLike
) -> Floats:
    """Return the geodesic distance in metres between points given in degrees (WGS 84), by ``pyproj.Geod``."""
    from pyproj import Geod

    x, y = columns(lon, lat)
    u, v = columns(to_lon, to_lat)
    if x.size == 0:
        return np.empty(0)
    return np.asarray(Geod(ellps="WGS84").inv(x, y, u, v)[2], np.float64)


def columns(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes as contiguous float64 arrays of one length."""
    x = np.ascontiguousarray(lon, np.float64)
    y = np.ascontiguousarray(lat, np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"longitudes and latitudes must be of one length: {x.shape} and {y.shape}")
    return x, y


def require_positions(lon: Floats, lat: Floats) -> None:
    """Raise ``position_unusable`` for the first point that is not finite or out of range."""
    good = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    if not good.all():
        refuse(lon, lat, int(np.argmin(good)))


def refuse(lon: Floats, lat: Floats, index: int) -> NoReturn:
    """Raise ``position_unusable`` for the point at ``index``."""
    raise InputError("position_unusable", index=index, lon=float(lon[index]), lat=float(lat[index]))


def joined(parts: list[Pairs]) -> Pairs:
    """Return the pairs of several parts, one after another."""
    return Pairs(
        np.concatenate([part.subject for part in parts]),
        np.concatenate([part.anchor for part in parts]),
        np.concatenate([part.distance_m for part in parts]),
    )


def in_order(pairs: Pairs) -> Pairs:
    """Return pairs by subject, then distance, then anchor."""
    order = np.lexsort((pairs.anchor, pairs.distance_m, pairs.subject))
    return Pairs(pairs.subject[order], pairs.anchor[order], pairs.distance_m[order])
