"""Areas that a user supplied (heat-network coverage, built-up area, 供热范围): who is inside.

Points and polygons must both be WGS 84 (RFC 7946 edges, straight in longitude and latitude). A point nearer
to the area's edge than its own error budget is neither in nor out: the answer is UNKNOWN.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri

# Metres in a degree of latitude at the equator: the smallest on the ellipsoid, so that a search box made
# with it is never too small (WGS 84: a(1-e²)·π/180 = 110 574 m).
_METRES_PER_DEGREE = 110_574.0


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
        Shape (n,): TRUE, FALSE, or UNKNOWN where an edge of the area is within ``u_m``. The distance to an
        edge is measured on a plane with longitudes shrunk by cos(latitude): good to 1 % within 5 km, which is
        far finer than an error budget is known.
    """
    if len(polygons) == 0:
        return np.zeros(len(lon), np.int8)
    area = shapely.union_all(shapely.make_valid(polygons))
    shapely.prepare(area)
    points = shapely.points(lon, lat)
    truth: Tri = np.where(shapely.intersects(area, points), TRUE, FALSE).astype(np.int8)

    edges = _edges(area)
    tree = shapely.STRtree(edges)
    reach = u_m / _METRES_PER_DEGREE
    wide = reach / np.cos(np.radians(lat))
    boxes = shapely.box(lon - wide, lat - reach, lon + wide, lat + reach)
    subject, edge = tree.query(boxes)
    if len(subject):
        near = _edge_distance_m(lon[subject], lat[subject], edges[edge]) <= u_m[subject]
        truth[subject[near]] = UNKNOWN
    return truth


def touched(polygons: npt.NDArray[np.object_], areas: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return which polygons share a point with any of the areas (both WGS 84), shape of ``polygons``."""
    tree = shapely.STRtree(shapely.make_valid(areas))
    found: npt.NDArray[np.bool_] = np.zeros(len(polygons), np.bool_)
    found[tree.query(polygons, predicate="intersects")[0]] = True
    return found


def _edges(area: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Return every edge of the area as a two-point line."""
    rings = shapely.get_rings(shapely.get_parts(area))
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.stack([coords[:-1][same], coords[1:][same]], axis=1)
    lines: npt.NDArray[np.object_] = shapely.linestrings(ends)
    return lines


def _edge_distance_m(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], edges: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    """Return the distance of each point to its edge on the local plane, metres."""
    ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
    shrink = np.cos(np.radians(lat))
    a = np.stack([(ends[:, 0, 0] - lon) * shrink, ends[:, 0, 1] - lat], axis=1)
    b = np.stack([(ends[:, 1, 0] - lon) * shrink, ends[:, 1, 1] - lat], axis=1)
    along = b - a
    length2 = (along**2).sum(1)
    t = np.clip(-(a * along).sum(1) / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
    foot = a + t[:, None] * along
    distance: npt.NDArray[np.float64] = np.hypot(foot[:, 0], foot[:, 1]) * _METRES_PER_DEGREE
    return distance
