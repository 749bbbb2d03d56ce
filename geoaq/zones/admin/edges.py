"""The edges that enter each cell of the grid: with them a point near a line is decided without its polygon.

Each cell that a line enters keeps its edges, whose they are (an edge that two counties share is kept once),
and which counties hold the cell's centre. The counties that hold a point of the cell follow from the edges
between it and the centre. Where rounding could turn the sign of a determinant, and in cells with a polygon
that is not valid, ``shapely`` decides: the answers are its answers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.zones.admin import cells as grid
from geoaq.zones.admin.cells import Codes, Floats, Geometries, Ints

# Sets with more members than bits in a mask, and centres this near (degrees) to an edge, are left to shapely.
_MOST = 31
_NEAR = 1e-9


class CellEdges(NamedTuple):
    """Arrays of `geoaq.zones.admin.edge_loops.locate`, for one grid and its polygons.

    Parameters
    ----------
    home
        Shape (ROWS * COLUMNS,): position of the county that has the whole cell, -1 outside, -2-k line cell k.
    start
        Line cell k has the edges ``start[k]`` to ``start[k + 1]``.
    edges
        Shape (m, 4): lon, lat, lon, lat in degrees; eastward, northward along a meridian.
    owners
        Shape (m,): bit j for the j-th member of the cell's set.
    centre
        Shape (k,): which members hold the centre of the cell.
    set_of
        Shape (k,): the set of counties of the cell, -1 where shapely is to decide.
    """

    home: npt.NDArray[np.int32]
    start: Ints
    edges: Floats
    owners: npt.NDArray[np.uint32]
    centre: npt.NDArray[np.uint32]
    set_of: npt.NDArray[np.int32]


def make_edges(
    polygons: Geometries, codes: Codes, set_start: npt.NDArray[np.int32], set_member: npt.NDArray[np.int32]
) -> CellEdges:
    """Return the edges of the line cells of a grid that `make_cells` made of the same polygons.

    Parameters
    ----------
    polygons
        Shape (n,), WGS 84.
    codes, set_start, set_member
        As in `geoaq.zones.admin.Cells`.
    """
    n = len(polygons)
    flat = codes.ravel()
    line_cells = np.flatnonzero(flat > n)
    home = flat.astype(np.int32) - 1
    home[line_cells] = -2 - np.arange(len(line_cells), dtype=np.int32)
    set_of = flat[line_cells].astype(np.int32) - n - 1

    ends, owner = _edges(polygons)
    cell, edge = _entered(ends)
    k = np.searchsorted(line_cells, cell)
    key = np.repeat(np.arange(len(set_start) - 1), np.diff(set_start)) * n + set_member
    place = np.searchsorted(key, set_of[k].astype(np.int64) * n + owner[edge]) - set_start[set_of[k]]
    many = np.diff(set_start)[set_of] > _MOST
    bit = (1 << np.minimum(place, _MOST)).astype(np.uint32)

    order = np.argsort(k * len(ends) + _same_edge(ends)[edge], kind="stable")
    k, edge, bit = k[order], edge[order], bit[order]
    fresh = np.append(True, (np.diff(k) != 0) | (ends[edge[1:]] != ends[edge[:-1]]).any(axis=1))[: len(k)]
    first = np.flatnonzero(fresh)
    owners = np.bitwise_xor.reduceat(bit, first) if len(first) else bit
    lasting = owners != 0
    first, owners = first[lasting], owners[lasting]
    start = np.searchsorted(k[first], np.arange(len(line_cells) + 1))
    kept = np.ascontiguousarray(ends[edge[first]])

    centre = _centre(polygons, line_cells, set_of, set_start, set_member)
    unsure = many | _too_near(kept, k[first], line_cells)
    unsure |= _invalid(polygons, set_start, set_member)[set_of]
    set_of[unsure] = -1
    return CellEdges(home, start.astype(np.int64), kept, owners, centre, set_of)


def _edges(polygons: Geometries) -> tuple[Floats, Ints]:
    """Return the edges of all rings, shape (m, 4), eastward, and the polygon of each."""
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    begin = np.flatnonzero((ring[1:] == ring[:-1]) & (xy[1:] != xy[:-1]).any(axis=1))
    a, b = xy[begin], xy[begin + 1]
    back = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    ends = np.where(back[:, None], np.hstack([b, a]), np.hstack([a, b])) + 0.0
    return ends, polygon[part][ring[begin]].astype(np.int64)


def _same_edge(ends: Floats) -> Ints:
    """Return one number for edges that are the same."""
    order = np.lexsort(ends.T)
    fresh = np.append(False, (ends[order[1:]] != ends[order[:-1]]).any(axis=1))
    number = np.empty(len(ends), np.int64)
    number[order] = np.cumsum(fresh[: len(ends)])
    return number


def _entered(ends: Floats) -> tuple[Ints, Ints]:
    """Return (cell, edge) for every cell that an edge enters or touches."""
    m = len(ends)
    number = np.arange(m)
    x, y, u, v = ((ends - [grid.WEST, grid.SOUTH, grid.WEST, grid.SOUTH]) * grid.CELLS_PER_DEGREE).T
    found = [grid.touched(x, y, number, m), grid.touched(u, v, number, m)]
    for a, b, a2, b2, swap in ((x, y, u, v, False), (y, x, v, u, True)):
        edge, line, at = grid.crossings(a, b, a2, b2)
        line_f = line.astype(np.float64)
        found.append(grid.touched(*((at, line_f) if swap else (line_f, at)), edge, m))
    pairs = grid.distinct(np.concatenate(found))
    return pairs // m, pairs % m


def _centre(
    polygons: Geometries,
    line_cells: Ints,
    set_of: npt.NDArray[np.int32],
    set_start: npt.NDArray[np.int32],
    set_member: npt.NDArray[np.int32],
) -> npt.NDArray[np.uint32]:
    """Return which members of its set hold the centre of each line cell."""
    width = np.diff(set_start)[set_of]
    point = np.repeat(np.arange(len(line_cells)), width)
    place = np.arange(len(point)) - np.repeat(np.cumsum(width) - width, width)
    county = set_member[set_start[set_of[point]] + place]
    shapely.prepare(polygons)
    inside = shapely.intersects_xy(polygons[county], *(xy[point] for xy in _middles(line_cells)))
    point, place = point[inside], place[inside]
    holds = np.zeros(len(line_cells), np.uint32)
    np.bitwise_or.at(holds, point, (1 << np.minimum(place, _MOST)).astype(np.uint32))
    return holds


def _middles(line_cells: Ints) -> tuple[Floats, Floats]:
    column, row = line_cells % grid.COLUMNS, line_cells // grid.COLUMNS
    lon: Floats = grid.WEST + (column + 0.5) / grid.CELLS_PER_DEGREE
    lat: Floats = grid.SOUTH + (row + 0.5) / grid.CELLS_PER_DEGREE
    return lon, lat


def _too_near(edges: Floats, cell: Ints, line_cells: Ints) -> npt.NDArray[np.bool_]:
    """Say which line cells have an edge at their very centre."""
    lon, lat = _middles(line_cells)
    x, y = lon[cell] - edges[:, 0], lat[cell] - edges[:, 1]
    u, v = (edges[:, 2:] - edges[:, :2]).T
    along = np.clip((x * u + y * v) / (u * u + v * v), 0.0, 1.0)
    near = np.hypot(x - along * u, y - along * v) < _NEAR
    return np.bincount(cell[near], minlength=len(line_cells)) > 0


def _invalid(
    polygons: Geometries, set_start: npt.NDArray[np.int32], set_member: npt.NDArray[np.int32]
) -> npt.NDArray[np.bool_]:
    """Say which sets have a member that is not a valid polygon."""
    broken = np.append(0, np.cumsum(~shapely.is_valid(polygons)[set_member]))
    some: npt.NDArray[np.bool_] = broken[set_start[1:]] > broken[set_start[:-1]]
    return some
