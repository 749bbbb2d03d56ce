"""Which fires lie in which outlines, with the footprint of their pixels as the error of their position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import TRUE, UNKNOWN, Tri

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
# Metres in a degree of the meridian at the equator, where it is shortest: never too small a reach.
METRES_PER_DEGREE = 110_574.0


class Fires(NamedTuple):
    """Fires as they are put to zones: ``lon lat`` (degrees, WGS 84), ``reach_m`` of their ground, moments.

    ``first`` and ``last`` are the first and the last detection, seconds since 1970 UTC; all of shape (n,).
    """

    lon: Floats
    lat: Floats
    reach_m: Floats
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


class Located(NamedTuple):
    """Pairs of a fire and an outline that it lies in (TRUE) or may lie in (UNKNOWN), by fire."""

    fire: Places
    outline: Places
    truth: Tri


def locate(fires: Fires, outlines: Sequence[shapely.Geometry]) -> Located:
    """Return which fires lie in which outlines (polygons, WGS 84).

    A fire whose ground reaches the edge is in neither way sure: distances to an edge are measured on a plane
    with longitudes shrunk by cos(latitude), good to 1 % within 5 km, far finer than a footprint is known.
    """
    shapes = np.array(list(outlines), object)
    points = shapely.points(fires.lon, fires.lat)
    # Asked this way round, an outline of many corners is prepared once for all the fires in its box.
    inside, inside_fire = shapely.STRtree(points).query(shapes, predicate="intersects")
    edges, owner = _edges(shapes)
    high = fires.reach_m / METRES_PER_DEGREE
    wide = high / np.cos(np.radians(fires.lat))
    boxes = shapely.box(fires.lon - wide, fires.lat - high, fires.lon + wide, fires.lat + high)
    near_fire, edge = shapely.STRtree(edges).query(boxes)
    close = _apart_m(fires.lon[near_fire], fires.lat[near_fire], edges[edge]) <= fires.reach_m[near_fire]
    m = max(len(shapes), 1)
    sure = np.unique(inside_fire * m + inside)
    doubtful = np.unique(near_fire[close] * m + owner[edge[close]])
    pairs = np.union1d(sure, doubtful)
    truth = np.where(np.isin(pairs, doubtful), UNKNOWN, TRUE).astype(np.int8)
    return Located((pairs // m).astype(np.intp), (pairs % m).astype(np.intp), truth)


def _edges(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], Places]:
    """Return every edge as a line of two points, and the outline that it belongs to."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    lines: npt.NDArray[np.object_] = shapely.linestrings(
        np.stack([corners[:-1][same], corners[1:][same]], axis=1)
    )
    return lines, of_part[of_ring[ring[1:][same]]].astype(np.intp)


def _apart_m(lon: Floats, lat: Floats, edges: npt.NDArray[np.object_]) -> Floats:
    ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
    shrink = np.cos(np.radians(lat))
    a = np.stack([(ends[:, 0, 0] - lon) * shrink, ends[:, 0, 1] - lat], axis=1)
    b = np.stack([(ends[:, 1, 0] - lon) * shrink, ends[:, 1, 1] - lat], axis=1)
    along = b - a
    length2 = (along**2).sum(1)
    t = np.clip(-(a * along).sum(1) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
    foot = a + t[:, None] * along
    apart: Floats = np.hypot(foot[:, 0], foot[:, 1]) * METRES_PER_DEGREE
    return apart
