"""Areas that a user supplied (heat-network coverage, built-up area, 供热范围): who is inside.

Points and polygons must both be WGS 84 (RFC 7946 edges, straight in longitude and latitude). A point nearer
to the area's edge than its own error budget is neither in nor out: the answer is UNKNOWN.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.geodesy.planar import near_edges


def within(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    u_m: npt.NDArray[np.float64],
    polygons: npt.NDArray[np.object_],
) -> Tri:
    """Return for each point whether it lies in any of the polygons.

    Parameters
    ----------
    lon, lat
        Points, shape (n,), degrees, WGS 84.
    u_m
        Error budget of each position, shape (n,), metres.
    polygons
        Shapely polygons in WGS 84, shape (m,).

    Returns
    -------
    Tri
        Shape (n,): TRUE, FALSE, or UNKNOWN where an edge of the area is within ``u_m``
        (`geoaq.geodesy.planar`).
    """
    if len(polygons) == 0:
        return np.zeros(len(lon), np.int8)
    area = shapely.union_all(shapely.make_valid(polygons))
    shapely.prepare(area)
    points = shapely.points(lon, lat)
    truth: Tri = np.where(shapely.intersects(area, points), TRUE, FALSE).astype(np.int8)

    truth[near_edges(lon, lat, u_m, np.array([area]))[0]] = UNKNOWN
    return truth


def touched(polygons: npt.NDArray[np.object_], areas: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return which polygons share a point with any of the areas (both WGS 84), shape of ``polygons``."""
    tree = shapely.STRtree(shapely.make_valid(areas))
    found: npt.NDArray[np.bool_] = np.zeros(len(polygons), np.bool_)
    found[tree.query(polygons, predicate="intersects")[0]] = True
    return found

