"""Near the edges of outlines, on a local plane: for error budgets and footprints, not for limits of rules.

Longitudes are shrunk by cos(latitude): good to 1 % within 5 km, far finer than a budget is known. Edges are
straight in longitude and latitude (RFC 7946).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.geodesy.ellipsoid import METRES_PER_DEGREE, Floats

Rows = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]


def near_edges(lon: Floats, lat: Floats, reach_m: Floats, shapes: Geometries) -> tuple[Rows, Rows]:
    """Return pairs of a point and a shape with an edge in its reach; a pair comes once for each such edge.

    Parameters
    ----------
    lon, lat
        Points, shape (n,), degrees, WGS 84.
    reach_m
        How far each reaches, shape (n,), metres.
    shapes
        Polygons, shape (m,), WGS 84.

    Returns
    -------
    tuple of numpy.ndarray
        Rows of points and of shapes.
    """
    edges, owner = _edges(shapes)
    high = reach_m / METRES_PER_DEGREE
    wide = high / np.cos(np.radians(lat))
    boxes = shapely.box(lon - wide, lat - high, lon + wide, lat + high)
    point, edge = shapely.STRtree(edges).query(boxes)
    near = _apart_m(lon[point], lat[point], edges[edge]) <= reach_m[point]
    return point[near], owner[edge[near]]


def _edges(shapes: Geometries) -> tuple[Geometries, Rows]:
    """Return every edge as a line of two points, and the shape that it belongs to."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    lines: Geometries = shapely.linestrings(np.stack([corners[:-1][same], corners[1:][same]], axis=1))
    return lines, of_part[of_ring[ring[1:][same]]].astype(np.intp)


def _apart_m(lon: Floats, lat: Floats, edges: Geometries) -> Floats:
    """Return the distance of each point to its edge."""
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
