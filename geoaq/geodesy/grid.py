"""Cells of a quarter of a degree, and for each the anchors that its points may need.

Why no anchor is left out stands in `geoaq.geodesy.ellipsoid`. Imported on use only (numba).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.compiler import compiled
from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Floats, Places

Cells = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PER_DEGREE = 4  # cells of 0.25°
ROWS, COLUMNS = 180 * PER_DEGREE, 360 * PER_DEGREE
BLOCK = 8  # cells a side of the blocks (2°) whose lists the cells choose from
# Above this many candidates the lists cost more memory than they save time.
MOST_CANDIDATES = 50_000_000

_A2, _B2 = SEMI_MAJOR_M**2, SEMI_MINOR_M**2
_E2 = 1.0 - _B2 / _A2
_RADIAN = np.pi / 180.0
_WIDEST_RADIUS = _A2 / SEMI_MINOR_M

_row_latitude = np.radians((np.arange(ROWS) + 0.5) / PER_DEGREE - 90.0)
_column_longitude = np.radians((np.arange(COLUMNS) + 0.5) / PER_DEGREE - 180.0)
_ROW = np.column_stack([np.sin(_row_latitude), np.cos(_row_latitude)])
_COLUMN = np.column_stack([np.sin(_column_longitude), np.cos(_column_longitude)])


@compiled
def cell_of(lon: float, lat: float) -> tuple[int, int]:
    """Return row and column of the cell that holds a usable point."""
    row = min(int((lat + 90.0) * PER_DEGREE), ROWS - 1)
    column = min(int((lon + 180.0) * PER_DEGREE), COLUMNS - 1)
    return row, column


@compiled
def occupy(lon: Floats, lat: Floats, taken: Flags) -> int:
    """Mark the cells that hold a point; return the position of the first unusable point, or -1."""
    for i in range(lon.size):
        if not (-180.0 <= lon[i] <= 180.0 and -90.0 <= lat[i] <= 90.0):
            return i
        row, column = cell_of(lon[i], lat[i])
        taken[row * COLUMNS + column] = True
    return -1


@compiled
def square(south: float, west: float, side: float) -> tuple[float, float, float, float]:
    """Return the centre of a square of degrees, and how far its farthest point can be (a chord).

    A step along the parallel and one along the meridian, squares added (exact for the first, bounded by the
    widest radius of curvature for the second), and a millimetre for rounding.
    """
    half = 0.5 * side
    latitude = (south + half) * _RADIAN
    longitude = (west + half) * _RADIAN
    nearest_equator = max(0.0, abs(south + half) - half) * _RADIAN
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(latitude) ** 2)
    x = normal * np.cos(latitude) * np.cos(longitude)
    y = normal * np.cos(latitude) * np.sin(longitude)
    z = normal * (1.0 - _E2) * np.sin(latitude)
    widest = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(nearest_equator) ** 2) * np.cos(nearest_equator)
    reach = half * _RADIAN * np.sqrt(_WIDEST_RADIUS**2 + widest**2) + 1e-3
    return x, y, z, reach


@compiled
def _centre(row: int, column: int, size: int) -> tuple[float, float, float, float]:
    return square((row * 1.0) / PER_DEGREE - 90.0, column * 1.0 / PER_DEGREE - 180.0, size * 1.0 / PER_DEGREE)


@compiled
def rival(chord: float) -> float:
    """Return `geoaq.geodesy.ellipsoid.chord_rival` for one number."""
    if chord >= 1e7:
        return 1.3e7
    narrow = _B2 / SEMI_MAJOR_M
    arc = 2.0 * narrow * np.arcsin(chord / (2.0 * narrow))
    return float(2.0 * _WIDEST_RADIUS * np.sin(arc / (2.0 * _WIDEST_RADIUS)) + 1e-6)


@compiled
def _choose(
    x: float,
    y: float,
    z: float,
    reach: float,
    ceiling: float,
    anchors: Floats,
    among: Places,
    count: int,
    chosen: Places,
) -> int:
    # Anchors that some point within `reach` of (x, y, z) may need: those within `ceiling` of it, or, with a
    # negative ceiling, those that may be its nearest. Returns how many were written to `chosen`.
    if ceiling < 0.0:
        least = np.inf
        for k in range(count):
            j = among[k]
            dx, dy, dz = anchors[j, 0] - x, anchors[j, 1] - y, anchors[j, 2] - z
            least = min(least, dx * dx + dy * dy + dz * dz)
        limit = rival(np.sqrt(least) + reach) + reach
    else:
        limit = ceiling + reach
    found = 0
    for k in range(count):
        j = among[k]
        dx, dy, dz = anchors[j, 0] - x, anchors[j, 1] - y, anchors[j, 2] - z
        if dx * dx + dy * dy + dz * dz <= limit * limit:
            chosen[found] = j
            found += 1
    return found


@compiled
def candidates(cells: Cells, anchors: Floats, ceiling: float, spans: Places) -> Places:
    """List for each cell the anchors that its points may need.

    Parameters
    ----------
    cells
        Numbers of the cells, those of one block together.
    anchors
        Earth-centred coordinates, shape (m, 3), metres.
    ceiling
        Longest chord asked for, metres; negative to ask for the nearest anchor.
    spans
        Written: begin and end of each cell's list, shape (cells of the Earth, 2).

    Returns
    -------
    array
        The lists one after another; empty when they would hold more than `MOST_CANDIDATES`.
    """
    everyone = np.arange(len(anchors)).astype(np.int32)
    of_block = np.empty(len(anchors), np.int32)
    of_cell = np.empty(len(anchors), np.int32)
    lists = np.empty(max(1024, 16 * cells.size), np.int32)
    used, in_block, last = 0, 0, np.int64(-1)
    for cell in cells:
        row, column = cell // COLUMNS, cell % COLUMNS
        block = (row // BLOCK) * COLUMNS + column // BLOCK
        if block != last:
            x, y, z, reach = _centre(row // BLOCK * BLOCK, column // BLOCK * BLOCK, BLOCK)
            in_block = _choose(x, y, z, reach, ceiling, anchors, everyone, len(anchors), of_block)
            last = block
        x, y, z, reach = _centre(row, column, 1)
        found = _choose(x, y, z, reach, ceiling, anchors, of_block, in_block, of_cell)
        if used + found > lists.size:
            if used + found > MOST_CANDIDATES:
                return lists[:0]
            longer = np.empty(2 * (used + found), np.int32)
            longer[:used] = lists[:used]
            lists = longer
        lists[used : used + found] = of_cell[:found]
        spans[cell, 0], spans[cell, 1] = used, used + found
        used += found
    return lists


@compiled
def position_of(lon: float, lat: float, row: int, column: int) -> tuple[float, float, float]:
    """Return the earth-centred coordinates of a point in its cell, metres.

    Sine and cosine come from those of the cell's centre and the series of the rest (at most 0.125°): as good
    as a library's to the last bit or two, and several times quicker.
    """
    d = (lat - ((row + 0.5) / PER_DEGREE - 90.0)) * _RADIAN
    e = (lon - ((column + 0.5) / PER_DEGREE - 180.0)) * _RADIAN
    d2, e2 = d * d, e * e
    sin_d = d * (1.0 - d2 * (1.0 / 6.0 - d2 * (1.0 / 120.0)))
    cos_d = 1.0 - d2 * (0.5 - d2 * (1.0 / 24.0 - d2 * (1.0 / 720.0)))
    sin_e = e * (1.0 - e2 * (1.0 / 6.0 - e2 * (1.0 / 120.0)))
    cos_e = 1.0 - e2 * (0.5 - e2 * (1.0 / 24.0 - e2 * (1.0 / 720.0)))
    sin_lat = _ROW[row, 0] * cos_d + _ROW[row, 1] * sin_d
    cos_lat = _ROW[row, 1] * cos_d - _ROW[row, 0] * sin_d
    sin_lon = _COLUMN[column, 0] * cos_e + _COLUMN[column, 1] * sin_e
    cos_lon = _COLUMN[column, 1] * cos_e - _COLUMN[column, 0] * sin_e
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * sin_lat * sin_lat)
    across = normal * cos_lat
    return across * cos_lon, across * sin_lon, normal * (1.0 - _E2) * sin_lat


def cell_lists(
    lon: Floats, lat: Floats, anchors: Floats, ceiling: float
) -> tuple[Places, Places] | int | None:
    """Return the candidates of every cell that holds a point: the lists, and each cell's span in them.

    Returns
    -------
    tuple, int or None
        ``(lists, spans)``; the position of the first unusable point; or None when the lists would be too
        long to be of use.
    """
    taken = np.zeros(ROWS * COLUMNS, np.bool_)
    bad = int(occupy(lon, lat, taken))
    if bad >= 0:
        return bad
    cells = np.flatnonzero(taken)
    block = cells // COLUMNS // BLOCK * COLUMNS + cells % COLUMNS // BLOCK
    spans = np.zeros((ROWS * COLUMNS, 2), np.int32)
    lists = candidates(cells[np.argsort(block, kind="stable")], anchors, ceiling, spans)
    return (lists, spans) if lists.size else None
