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


class Grounds(NamedTuple):
    """The ground of fires, each once: a fire that is asked about for several days in a row stays where it is.

    ``start`` is the first fire of each, ``fires_of`` how many there are in a row.
    """

    lon: Floats
    lat: Floats
    reach_m: Floats
    start: Places
    fires_of: Places

    def fires(self, ground: Places) -> tuple[Places, Places]:
        """Return for grounds each fire of theirs: the position in ``ground``, and the fire."""
        count = self.fires_of[ground]
        position = np.repeat(np.arange(len(ground)), count)
        of_ground = np.arange(len(position)) - np.repeat(np.cumsum(count) - count, count)
        return position, self.start[ground[position]] + of_ground


def grounds_of(fires: Fires) -> Grounds:
    """Return the ground of fires, one for those that follow on one another at one place."""
    columns = fires.lon, fires.lat, fires.reach_m
    moved = np.any([np.diff(one) != 0.0 for one in columns], axis=0)
    start = np.flatnonzero(np.append(True, moved))[: len(fires.lon)]
    count = np.diff(np.append(start, len(fires.lon)))
    return Grounds(fires.lon[start], fires.lat[start], fires.reach_m[start], start, count)


def locate(fires: Fires, outlines: Sequence[shapely.Geometry]) -> Located:
    """Return which fires lie in which outlines (polygons, WGS 84).

    A fire whose ground reaches the edge is in neither way sure (`geoaq.geodesy.planar`).
    """
    shapes = np.array(list(outlines), object)
    grounds = grounds_of(fires)
    points = shapely.points(grounds.lon, grounds.lat)
    # Asked this way round, an outline of many corners is prepared once for all the fires in its box.
    inside, inside_ground = shapely.STRtree(points).query(shapes, predicate="intersects")
    near_ground, near = near_edges(grounds.lon, grounds.lat, grounds.reach_m, shapes)
    m = max(len(shapes), 1)
    sure = np.unique(inside_ground * m + inside)
    doubtful = np.unique(near_ground * m + near)
    pairs = np.union1d(sure, doubtful)
    truth = np.where(np.isin(pairs, doubtful), UNKNOWN, TRUE).astype(np.int8)
    pair, fire = grounds.fires((pairs // m).astype(np.intp))
    return Located(fire, (pairs % m).astype(np.intp)[pair], truth[pair])
