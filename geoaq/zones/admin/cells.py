"""A grid over China that answers most points at once: cells that no county line enters belong to one county.

Longitude and latitude in degrees, WGS 84. A cell that a line enters keeps the counties that come into
question there; whoever asks tests those polygons exactly. The grid is made once, when layers are built.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Geometries: TypeAlias = npt.NDArray[np.object_]

WEST, SOUTH = 73.0, 3.0
CELLS_PER_DEGREE = 50
COLUMNS, ROWS = 63 * CELLS_PER_DEGREE, 51 * CELLS_PER_DEGREE
# A line this near to a cell's edge (degrees, 0.1 mm) counts for both cells: far above rounding (1e-14),
# far below the step of the coordinates (1e-6).
_TOUCH = 1e-9


@dataclass(frozen=True)
class Cells:
    """The grid and the sets of counties that its codes beyond ``n`` stand for.

    Parameters
    ----------
    codes
        Shape (ROWS, COLUMNS), south first: 0 outside, 1…n wholly county code-1, n+1… a set of counties.
    set_start, set_member
        Set k has the members ``set_member[set_start[k]:set_start[k + 1]]``, ascending.
    overlapping, examined
        How many of the examined centres of line cells lie in more than one county: 0 for sound boundaries.
    """

    codes: Codes
    set_start: npt.NDArray[np.int32]
    set_member: npt.NDArray[np.int32]
    overlapping: int
    examined: int


def column(lon: Floats) -> Ints:
    """Return the grid column of each longitude (may lie outside the grid)."""
    return np.floor((lon - WEST) * CELLS_PER_DEGREE).astype(np.int64)


def row(lat: Floats) -> Ints:
    """Return the grid row of each latitude, south first (may lie outside the grid)."""
    return np.floor((lat - SOUTH) * CELLS_PER_DEGREE).astype(np.int64)


def make_cells(polygons: Geometries) -> Cells:
    """Lay the grid over county polygons (WGS 84, shape (n,))."""
    from scipy import ndimage

    cell, county = _line_cells(polygons)
    line_cells = distinct(cell)
    inside_point, inside_county = _inside(polygons, line_cells)
    counts = np.bincount(inside_point, minlength=len(line_cells))
    pairs = distinct(
        np.concatenate([cell, line_cells[inside_point]]) * len(polygons)
        + np.concatenate([county, inside_county])
    )
    members, set_of_cell = _sets(pairs // len(polygons), pairs % len(polygons))

    on_line = np.zeros(ROWS * COLUMNS, bool)
    on_line[line_cells] = True
    parts, n_parts = ndimage.label(~on_line.reshape(ROWS, COLUMNS))
    parts = parts.ravel()
    _, first = np.unique(parts, return_index=True)
    first = first[1:] if on_line.any() else first
    whole = np.zeros(n_parts + 1, np.int64)
    point, owner = _inside(polygons, first)
    for which, county_of_part in sorted(zip(point.tolist(), owner.tolist(), strict=True), reverse=True):
        whole[which + 1] = county_of_part + 1  # the lowest county is written last and stays

    top = len(polygons) + len(members) + 1
    codes = whole[parts]
    codes[line_cells] = len(polygons) + 1 + set_of_cell
    start = np.cumsum([0, *map(len, members)]).astype(np.int32)
    flat = np.array([county for group in members for county in group], np.int32)
    grid = codes.reshape(ROWS, COLUMNS)
    small: Codes = grid.astype(np.uint16) if top < 2**16 else grid.astype(np.uint32)
    return Cells(small, start, flat, int((counts > 1).sum()), len(line_cells))


def _inside(polygons: Geometries, cells: Ints) -> tuple[Ints, Ints]:
    """Return (position in ``cells``, polygon) for every polygon that holds the centre of a cell."""
    lon = WEST + (cells % COLUMNS + 0.5) / CELLS_PER_DEGREE
    lat = SOUTH + (cells // COLUMNS + 0.5) / CELLS_PER_DEGREE
    # asked by polygon, each is prepared once; asked by point, its edges would be walked for each
    polygon, point = shapely.STRtree(shapely.points(lon, lat)).query(polygons, predicate="intersects")
    return point, polygon


def _sets(cell: Ints, county: Ints) -> tuple[list[tuple[int, ...]], Ints]:
    """Return the distinct sets of counties, and the set of each cell (``cell`` ascending)."""
    _, start = np.unique(cell, return_index=True)
    number: dict[tuple[int, ...], int] = {}
    set_of_cell = np.empty(len(start), np.int64)
    bounds = [*start.tolist(), len(cell)]
    owners = county.tolist()
    for k in range(len(start)):
        group = tuple(owners[bounds[k] : bounds[k + 1]])
        set_of_cell[k] = number.setdefault(group, len(number))
    return list(number), set_of_cell


def _line_cells(polygons: Geometries) -> tuple[Ints, Ints]:
    """Return (cell, polygon) for every cell that an edge of the polygon enters or touches."""
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    owner = polygon[part]
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    x = (xy[:, 0] - WEST) * CELLS_PER_DEGREE
    y = (xy[:, 1] - SOUTH) * CELLS_PER_DEGREE
    county = owner[ring].astype(np.int64)
    n = len(polygons)
    found = [touched(x, y, county, n)]
    for along, across, swap in ((x, y, False), (y, x, True)):
        edge, line, at = crossings(along[begin], across[begin], along[begin + 1], across[begin + 1])
        line_f = line.astype(np.float64)
        found.append(touched(*((at, line_f) if swap else (line_f, at)), county[begin[edge]], n))
    pairs = distinct(np.concatenate(found))
    return pairs // n, pairs % n


def touched(x: Floats, y: Floats, county: Ints, n: int) -> Ints:
    """Return cell * n + county for points in grid units; a point on the edge of a cell touches both."""
    touch = _TOUCH * CELLS_PER_DEGREE
    west, east = np.floor(x - touch).astype(np.int64), np.floor(x + touch).astype(np.int64)
    south, north = np.floor(y - touch).astype(np.int64), np.floor(y + touch).astype(np.int64)
    keys = [(r * COLUMNS + c) * n + county for r in (south, north) for c in (west, east)]
    return distinct(np.concatenate(keys))


def distinct(keys: Ints) -> Ints:
    """Return keys in order, each once (by sorting: ``np.unique`` hashes, which takes ten times as long)."""
    keys = np.sort(keys)
    once: Ints = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return once


def crossings(a: Floats, b: Floats, a2: Floats, b2: Floats) -> tuple[Ints, Ints, Floats]:
    """Return (edge, grid line, position on it) where edges (a, b)-(a2, b2) cross the lines of axis ``a``."""
    low = np.floor(np.minimum(a, a2)).astype(np.int64)
    count = np.floor(np.maximum(a, a2)).astype(np.int64) - low
    edge = np.repeat(np.arange(len(a)), count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    line = low[edge] + 1 + nth
    share = (line - a[edge]) / (a2[edge] - a[edge])
    return edge, line, b[edge] + share * (b2[edge] - b[edge])
