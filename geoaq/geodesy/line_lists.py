"""Which bundles the points of a cell may need, line by line. Imported on use only (numba).

Why none is left out: let ρ be the reach of a cell (no point of it is farther from its centre), and U the
chord from the centre to some place on the line. A point of the cell has that place within U + ρ, so its
nearest point of the line has a chord of at most rival(U + ρ), and lies at most ρ more than that from the
centre. A bundle whose capsule is farther from the centre cannot hold it. Neither can one that is more than ρ
beyond the reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.compiler import compiled
from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Floats, Places, chord_ceiling
from geoaq.geodesy.grid import rival, square
from geoaq.geodesy.line_cells import PER_DEGREE, LineCells
from geoaq.geodesy.line_pieces import Groups

if TYPE_CHECKING:
    from geoaq.geodesy.line_index import LineIndex

_Column = TypeVar("_Column", Groups, Floats, Places)

_BLOCK = 8  # cells a side of the blocks (0.5°) whose lists the cells choose from
_REGION = 8  # blocks a side of the regions (4°) whose lists the blocks choose from


def cells_of(index: LineIndex, reach_m: float) -> LineCells:
    """Return the candidates of every cell within ``reach_m`` of a line."""
    ends, bundles = index.pieces.ends, index.bundles
    row, column, rows, columns = window(ends, reach_m)
    place = np.array([row, column, rows, columns], np.int64)
    ceiling = chord_ceiling(reach_m)
    spans = np.zeros((rows * columns, 2), np.int32)
    group, nearest, first, member = candidates(
        place, ceiling, bundles.group, bundles.axis, bundles.middle, bundles.half, spans
    )
    for values in (spans, group, nearest, first, member):
        values.flags.writeable = False
    return LineCells(reach_m, row, column, rows, columns, spans, group, nearest, first, member)


def window(ends: Floats, reach_m: float) -> tuple[int, int, int, int]:
    """Return the cells that a point within reach of an edge can be in: first row and column, rows, columns.

    A metre is at most 1/(b²/a) of latitude and 1/(a·cos φ) of longitude; a window that would leave ±180° runs
    round the Earth.
    """
    if len(ends) == 0:
        return 0, 0, 0, 0
    south, north = ends[:, [1, 3]].min(), ends[:, [1, 3]].max()
    west, east = ends[:, [0, 2]].min(), ends[:, [0, 2]].max()
    high = np.degrees(reach_m * SEMI_MAJOR_M / SEMI_MINOR_M**2) * 1.001
    south, north = max(south - high, -90.0), min(north + high, 90.0)
    narrow = np.cos(np.radians(max(abs(south), abs(north))))
    wide = np.degrees(reach_m / (SEMI_MAJOR_M * narrow)) * 1.001 if narrow > 1e-3 else 360.0
    if west - wide < -180.0 or east + wide > 180.0:
        west, east, wide = -180.0, 180.0, 0.0
    row, column = int((south + 90.0) * PER_DEGREE), int((west - wide + 180.0) * PER_DEGREE)
    rows = min(int((north + 90.0) * PER_DEGREE), 180 * PER_DEGREE - 1) - row + 1
    columns = min(int((east + wide + 180.0) * PER_DEGREE), 360 * PER_DEGREE - 1) - column + 1
    return row, column, rows, columns


@compiled
def to_axis(axis: Floats, j: int, x: float, y: float, z: float) -> float:
    """Return the distance of a place from the axis of a bundle, or the chord of a piece."""
    sx, sy, sz = x - axis[j, 0], y - axis[j, 1], z - axis[j, 2]
    wx, wy, wz = axis[j, 3], axis[j, 4], axis[j, 5]
    share = (sx * wx + sy * wy + sz * wz) / (wx * wx + wy * wy + wz * wz)
    share = min(max(share, 0.0), 1.0)
    dx, dy, dz = sx - share * wx, sy - share * wy, sz - share * wz
    return float(np.sqrt(dx * dx + dy * dy + dz * dz))


@compiled
def _within(
    row: int,
    column: int,
    size: int,
    ceiling: float,
    middle: Floats,
    half: Floats,
    among: Places,
    count: int,
    chosen: Places,
) -> int:
    # Bundles that some point of a square of cells may have within the ceiling; how many were chosen.
    x, y, z, reach = square(row / PER_DEGREE - 90.0, column / PER_DEGREE - 180.0, size / PER_DEGREE)
    found = 0
    for k in range(count):
        j = among[k]
        dx, dy, dz = middle[j, 0] - x, middle[j, 1] - y, middle[j, 2] - z
        limit = ceiling + reach + half[j]
        if dx * dx + dy * dy + dz * dz <= limit * limit:
            chosen[found] = j
            found += 1
    return found


@compiled
def _of_cell(
    x: float,
    y: float,
    z: float,
    reach: float,
    ceiling: float,
    of: Groups,
    axis: Floats,
    middle: Floats,
    among: Places,
    count: int,
    lower: Floats,
    group: Groups,
    nearest: Floats,
    first: Places,
    member: Places,
    entries: int,
    used: int,
) -> tuple[int, int]:
    # Write the entries of one cell, one line after the other; how many entries and members there are then.
    k = 0
    while k < count:
        line, end, least, upper = of[among[k]], k, np.inf, np.inf
        while end < count and of[among[end]] == line:
            j = among[end]
            lower[end] = to_axis(axis, j, x, y, z) - axis[j, 6]
            least = min(least, lower[end])
            dx, dy, dz = middle[j, 0] - x, middle[j, 1] - y, middle[j, 2] - z
            upper = min(upper, dx * dx + dy * dy + dz * dz)
            end += 1
        if least <= ceiling + reach:
            limit = min(rival(np.sqrt(upper) + reach), ceiling) + reach
            for m in range(k, end):
                if lower[m] <= limit:
                    member[used] = among[m]
                    used += 1
            group[entries], nearest[entries] = line, max(least - reach, 0.0)
            entries += 1
            first[entries] = used
        k = end
    return entries, used


@compiled
def candidates(
    place: npt.NDArray[np.int64],
    ceiling: float,
    of: Groups,
    axis: Floats,
    middle: Floats,
    half: Floats,
    spans: Places,
) -> tuple[Groups, Floats, Places, Places]:
    """List for each cell of the window ``place`` the bundles that its points may need, one entry a line.

    Parameters
    ----------
    place
        First row and column, rows and columns.
    ceiling
        Longest chord asked for, metres.
    of, axis, middle, half
        Of the bundles, which lie by group.
    spans
        Written: begin and end of each cell's entries.

    Returns
    -------
    tuple
        ``group``, ``nearest_m``, ``first`` and ``member`` of `LineCells`.
    """
    row0, column0, rows, columns = place
    n = len(of)
    everyone = np.arange(n).astype(np.int32)
    of_region, of_block = np.empty(n, np.int32), np.empty(n, np.int32)
    lower = np.empty(n)
    group, nearest = np.empty(1024, np.int16), np.empty(1024)
    first, member = np.zeros(1025, np.int32), np.empty(1 << 16, np.int32)
    entries, used = 0, 0
    wide = _BLOCK * _REGION
    for region in range(((rows + wide - 1) // wide) * ((columns + wide - 1) // wide)):
        across = (columns + wide - 1) // wide
        row1, column1 = region // across * wide, region % across * wide
        many = _within(row0 + row1, column0 + column1, wide, ceiling, middle, half, everyone, n, of_region)
        if many == 0:
            continue
        for block in range(_REGION * _REGION):
            row2, column2 = row1 + block // _REGION * _BLOCK, column1 + block % _REGION * _BLOCK
            if row2 >= rows or column2 >= columns:
                continue
            few = _within(
                row0 + row2, column0 + column2, _BLOCK, ceiling, middle, half, of_region, many, of_block
            )
            for cell in range(_BLOCK * _BLOCK if few else 0):
                row, column = row2 + cell // _BLOCK, column2 + cell % _BLOCK
                if row >= rows or column >= columns:
                    continue
                x, y, z, reach = square(
                    (row0 + row) / PER_DEGREE - 90.0,
                    (column0 + column) / PER_DEGREE - 180.0,
                    1.0 / PER_DEGREE,
                )
                if group.size < entries + few:
                    group, nearest = _longer(group, entries + few), _longer(nearest, entries + few)
                    first = _longer(first, entries + few + 1)
                if member.size < used + few:
                    member = _longer(member, used + few)
                begin = entries
                entries, used = _of_cell(
                    x, y, z, reach, ceiling, of, axis, middle, of_block, few,
                    lower, group, nearest, first, member, entries, used,
                )  # fmt: skip
                spans[row * columns + column, 0], spans[row * columns + column, 1] = begin, entries
    return group[:entries].copy(), nearest[:entries].copy(), first[: entries + 1].copy(), member[:used].copy()


@compiled
def _longer(column: _Column, used: int) -> _Column:
    longer = np.empty(2 * max(column.size, used), column.dtype)
    longer[: column.size] = column
    return longer
