"""Which fires lie in which outlines, with the footprint of their pixels as the error of their position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import TRUE, UNKNOWN, Tri
from geoaq.geodesy.planar import near_edges

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


class Fires(NamedTuple):
    """Fires as they are put to zones: ``lon lat`` (degrees, WGS 84), ``reach_m`` of their ground, moments.

    ``first`` and ``last`` are the first and the last detection, seconds since 1970 UTC; all of shape (n,).
    Of a fire that is asked about for one day of several they are the bounds of that day; ``seen`` is then a
    moment at which it was seen, -1 where none is known. None: ``first`` is one.
    """

    lon: Floats
    lat: Floats
    reach_m: Floats
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    seen: npt.NDArray[np.int64] | None = None


class Located(NamedTuple):
    """Pairs of a fire and an outline that it lies in (TRUE) or may lie in (UNKNOWN), by fire."""

    fire: Places
    outline: Places
    truth: Tri


def locate(fires: Fires, outlines: Sequence[shapely.Geometry]) -> Located:
    """Return which fires lie in which outlines (polygons, WGS 84).

    A fire whose ground reaches the edge is in neither way sure (`geoaq.geodesy.planar`).
    """
    shapes = np.array(list(outlines), object)
    points = shapely.points(fires.lon, fires.lat)
    # Asked this way round, an outline of many corners is prepared once for all the fires in its box.
    inside, inside_fire = shapely.STRtree(points).query(shapes, predicate="intersects")
    near_fire, near = near_edges(fires.lon, fires.lat, fires.reach_m, shapes)
    m = max(len(shapes), 1)
    sure = np.unique(inside_fire * m + inside)
    doubtful = np.unique(near_fire * m + near)
    pairs = np.union1d(sure, doubtful)
    truth = np.where(np.isin(pairs, doubtful), UNKNOWN, TRUE).astype(np.int8)
    return Located((pairs // m).astype(np.intp), (pairs % m).astype(np.intp), truth)
