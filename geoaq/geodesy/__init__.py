"""Exact distance on the ellipsoid, for millions of points: all anchors within a radius, and the nearest.

A distance is the geodesic on WGS 84 (CGCS2000 differs by 0.1 mm in the semi-minor axis). ``pyproj.Geod`` is
the arbiter: wherever another way could decide otherwise than it, it is asked, however often. Short lists go
through a tree of chords and ``Geod`` alone (`geoaq.geodesy.trees`), long ones through compiled cell lists
(`geoaq.geodesy.cells`); why both miss nothing stands in `geoaq.geodesy.ellipsoid`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.geodesy.buffers import line_buffer
from geoaq.geodesy.ellipsoid import (
    Floats,
    Pairs,
    Places,
    columns,
    geodesic_m,
    require_positions,
)
from geoaq.geodesy.line_index import LineIndex, build_lines
from geoaq.geodesy.line_sites import nearest_to_sites, sites_within
from geoaq.geodesy.lines import LineHits, lines_within, nearest_of_groups
from geoaq.geodesy.trees import tree_nearest, tree_nearest_other, tree_pairs

if TYPE_CHECKING:
    from shapely import Polygon

__all__ = [
    "COMPILED_FROM",
    "LineHits",
    "LineIndex",
    "Pairs",
    "build_lines",
    "disc",
    "geodesic_m",
    "line_buffer",
    "lines_within",
    "nearest",
    "nearest_of_groups",
    "nearest_to_sites",
    "pairs_within",
    "sites_within",
]

# From this many points on the compiled cell lists are quicker than a tree.
COMPILED_FROM = 20_000


def pairs_within(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    anchor_lon: npt.ArrayLike,
    anchor_lat: npt.ArrayLike,
    *,
    radius_m: float,
) -> Pairs:
    """Return every pair whose geodesic distance is at most ``radius_m``.

    Parameters
    ----------
    lon, lat
        Subjects, shape (n,), degrees, WGS 84: -180…180 and -90…90, anywhere on the Earth.
    anchor_lon, anchor_lat
        Anchors, shape (m,), degrees, WGS 84.
    radius_m
        The radius in metres; a pair at exactly this distance is in.

    Returns
    -------
    Pairs
        By subject, then by distance, then by anchor. Distances equal those of ``pyproj.Geod`` within 1e-8 m.

    Raises
    ------
    InputError
        ``position_unusable`` with the index of the first point that is not finite or out of range.
    """
    if not radius_m >= 0.0:
        raise ValueError(f"radius_m must not be negative: {radius_m}")
    x, y = columns(lon, lat)
    u, v = columns(anchor_lon, anchor_lat)
    require_positions(u, v)
    if x.size >= COMPILED_FROM and u.size:
        from geoaq.geodesy.cells import compiled_pairs

        found = compiled_pairs(x, y, u, v, radius_m)
        if found is not None:
            return found
    require_positions(x, y)
    return tree_pairs(x, y, u, v, radius_m)


def nearest(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    anchor_lon: npt.ArrayLike,
    anchor_lat: npt.ArrayLike,
    *,
    skip: npt.ArrayLike | None = None,
) -> tuple[Places, Floats]:
    """Return the nearest anchor of each subject on the ellipsoid, and its distance.

    Parameters
    ----------
    lon, lat
        Subjects, shape (n,), degrees, WGS 84.
    anchor_lon, anchor_lat
        Anchors, shape (m,), degrees, WGS 84.
    skip
        Shape (n,), int: an anchor that this subject may not take (itself), -1 for none.

    Returns
    -------
    index : int32 array
        Position of the anchor, the first of equals; -1 where there is none.
    distance_m : float64 array
        Metres, equal to ``pyproj.Geod`` within 1e-8 m; NaN where there is none.

    Raises
    ------
    InputError
        ``position_unusable`` with the index of the first point that is not finite or out of range.
    """
    x, y = columns(lon, lat)
    u, v = columns(anchor_lon, anchor_lat)
    require_positions(u, v)
    if u.size == 0:
        require_positions(x, y)
        return np.full(x.size, -1, np.int32), np.full(x.size, np.nan)
    single = _first_of_equals(u, v)
    index, distance = _nearest_of_distinct(x, y, u[single], v[single])
    index = single[index]
    if skip is not None:
        own = np.asarray(skip, np.int64)
        rows = np.flatnonzero((own >= 0) & (own < u.size))
        if rows.size:
            index[rows], distance[rows] = tree_nearest_other(x[rows], y[rows], u, v, own[rows])
    return index, distance


def disc(lon: float, lat: float, *, radius_m: float, quad_segs: int = 64) -> Polygon:
    """Return a disc for drawing: a polygon in WGS 84 whose corners lie at ``radius_m`` from the centre.

    Made in an azimuthal equidistant projection about the centre, in which distances from the centre are
    geodesic. The polygon lies inside the circle by at most ``radius_m·(1 - cos(π/4/quad_segs))`` (2.3 m at
    30 km), so it is a picture, never a test.

    Parameters
    ----------
    lon, lat
        The centre, degrees, WGS 84.
    radius_m
        Metres.
    quad_segs
        Corners a quadrant.

    Raises
    ------
    InputError
        ``position_unusable`` for an unusable centre; ``disc_out_of_map`` if it holds a pole or crosses 180°.
    """
    import shapely
    from pyproj import Proj

    require_positions(np.array([lon], np.float64), np.array([lat], np.float64))
    angle = np.arange(4 * quad_segs) * (np.pi / 2.0 / quad_segs)
    plane = Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")
    x, y = plane(radius_m * np.cos(angle), radius_m * np.sin(angle), inverse=True)
    reach = np.abs(x - lon).max()
    if not np.isfinite(x).all() or reach > 90.0 or radius_m >= _distance_to_pole(lon, lat):
        raise InputError("disc_out_of_map", lon=lon, lat=lat, radius_km=radius_m / 1000.0)
    return shapely.Polygon(np.column_stack([x, y]))


def _first_of_equals(u: Floats, v: Floats) -> Places:
    # Plants that share one coordinate would all be rivals of each other: only the first is asked for.
    single = np.unique(np.column_stack([u, v]), axis=0, return_index=True)[1]
    return np.sort(single).astype(np.int32)


def _nearest_of_distinct(x: Floats, y: Floats, u: Floats, v: Floats) -> tuple[Places, Floats]:
    if x.size >= COMPILED_FROM:
        from geoaq.geodesy.cells import compiled_nearest

        found = compiled_nearest(x, y, u, v)
        if found is not None:
            return found
    require_positions(x, y)
    return tree_nearest(x, y, u, v)


def _distance_to_pole(lon: float, lat: float) -> float:
    return float(geodesic_m([lon], [lat], [lon], [90.0 if lat >= 0.0 else -90.0])[0])
