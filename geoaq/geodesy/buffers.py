"""Strips about lines, for drawing: everything within a radius of a line of an index.

A first outline is made in chunks, each laid out in an azimuthal equidistant projection about its middle,
widened there, and taken back; it is good to a hundred metres, because small bays of the line are left out.
Then every corner is measured as decisions measure, and moved along the geodesic to its foot until it lies at
the radius. A picture, never a test.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import Floats, geodesic_m
from geoaq.geodesy.line_index import LineIndex
from geoaq.geodesy.lines import lines_within

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

# Length of a chunk, corners a quadrant of the first outline, and how much it may leave out.
_CHUNK_M = 40_000.0
_QUAD_SEGS = 32
_COARSE_M = 40.0
# How far the middle of a side may lie inside the circle: its length is that of a chord with this sagitta.
_SAGITTA_M = 0.18
# A corner is moved until it is this near to the radius, or this often: with two nearest points it takes some
# turns, and where a bay is narrower than two radii there is no such place, and the corner is left out.
_GOOD_M = 0.05
_TURNS = 16
# Sides that cross after the corners moved leave a new corner where they meet: it is moved in its turn.
_ROUNDS = 2
# Corners of the smallest ring.
_FEWEST = 3
# No corner of the first outline is farther off than this.
_OFF_M = 500.0


def line_buffer(index: LineIndex, group: int, *, radius_m: float) -> Polygon | MultiPolygon:
    """Return the area within ``radius_m`` of one line of an index.

    Parameters
    ----------
    index
        The lines (`geoaq.geodesy.build_lines`).
    group
        Which line.
    radius_m
        Metres, up to some tens of kilometres.

    Returns
    -------
    Polygon or MultiPolygon
        WGS 84; corners and sides lie within 0.2 m of the radius, but for the bottoms of narrow bays. A
        picture: distances decide.
    """
    import shapely

    ends = index.pieces.ends[np.asarray(index.pieces.group) == group]
    segments = shapely.multilinestrings(shapely.linestrings(ends.reshape(-1, 2, 2)))
    chunks = [
        chunk
        for line in shapely.get_parts(shapely.line_merge(segments))
        for chunk in _chunks(shapely.get_coordinates(line))
    ]
    area: Polygon | MultiPolygon = shapely.union_all([_widened(chunk, radius_m) for chunk in chunks])
    # A degree of the equator is the longest of all: no side comes out longer.
    side = np.sqrt(8.0 * radius_m * _SAGITTA_M) / 111_320.0
    for _ in range(_ROUNDS):
        moved = _moved(shapely.segmentize(area, side), index, group, radius_m)
        parts = shapely.get_parts(shapely.make_valid(moved))
        area = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return area


def _chunks(xy: Floats) -> list[Floats]:
    """Split a polyline into runs of about `_CHUNK_M`, each beginning where the one before ends."""
    length = geodesic_m(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    number = np.floor(np.cumsum(length) / _CHUNK_M).astype(np.int64)
    cuts = np.flatnonzero(np.diff(number)) + 1
    bounds = [0, *cuts.tolist(), len(length)]
    return [xy[a : b + 1] for a, b in pairwise(bounds)]


def _widened(xy: Floats, radius_m: float) -> Any:
    import shapely
    from pyproj import Proj

    middle = 0.5 * (xy.min(axis=0) + xy.max(axis=0))
    plane = Proj(proj="aeqd", lon_0=middle[0], lat_0=middle[1], ellps="WGS84")
    line = shapely.linestrings(*plane(xy[:, 0], xy[:, 1]))
    wide = shapely.buffer(shapely.simplify(line, _COARSE_M), radius_m, quad_segs=_QUAD_SEGS)
    return shapely.transform(wide, lambda uv: np.column_stack(plane(uv[:, 0], uv[:, 1], inverse=True)))


def _moved(outline: Any, index: LineIndex, group: int, radius_m: float) -> Any:
    """Return an outline with its corners moved to where their distance from the line is the radius."""
    import shapely
    from pyproj import Geod

    earth = Geod(ellps="WGS84")
    rings, of_ring = shapely.get_rings(shapely.get_parts(outline), return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    settled = np.ones(len(corners), np.bool_)
    left: npt.NDArray[np.intp] = np.arange(len(corners))
    for _ in range(_TURNS):
        lon, lat = corners[left].T
        hits = lines_within(index, lon, lat, reach_m=radius_m + _OFF_M)
        own = hits.group == group
        off = hits.distance_m[own] - radius_m
        wrong = np.abs(off) > _GOOD_M
        of_corner = hits.subject[own][wrong]
        left = left[of_corner]
        if not len(left):
            break
        moved = earth.fwd(lon[of_corner], lat[of_corner], hits.bearing_deg[own][wrong], off[wrong])
        corners[left] = np.column_stack(moved[:2])
    settled[left] = False
    parts = []
    for polygon in range(int(of_ring.max()) + 1):
        kept = [corners[(ring == k) & settled] for k in np.flatnonzero(of_ring == polygon)]
        shell, *holes = [xy for xy in kept if len(xy) >= _FEWEST]
        parts.append(shapely.Polygon(shell, holes))
    return shapely.MultiPolygon(parts)
