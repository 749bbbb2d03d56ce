"""Deciding millions of points among the edges of their cells, compiled. Imported on use only."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.zones.admin.cells import CELLS_PER_DEGREE, COLUMNS, ROWS, SOUTH, WEST, Floats

Places: TypeAlias = npt.NDArray[np.int32]
Starts: TypeAlias = npt.NDArray[np.int64]
Masks: TypeAlias = npt.NDArray[np.uint32]
Flags: TypeAlias = npt.NDArray[np.bool_]

compiled = compiler(("geoaq.zones.admin.edge_loops", "geoaq.zones.admin.cells"))

# Nearer to zero than this times the terms, the sign of a determinant of doubles is not certain (Shewchuk 1997
# needs a third of it).
_DOUBT = 1e-15
DOUBTFUL = -2


@compiled
def side(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> int:
    """Say on which side of the line from a to b a point lies: 1 left, -1 right, 0 not certain."""
    left, right = (bx - ax) * (y - ay), (by - ay) * (x - ax)
    value = left - right
    if abs(value) <= _DOUBT * (abs(left) + abs(right)):
        return 0
    return 1 if value > 0.0 else -1


@compiled
def crossed(
    edges: Floats, owners: Masks, begin: int, end: int, x: float, y: float, u: float, v: float
) -> int:
    """Return which members' lines are crossed oddly often on the way from (x, y) to (u, v); -1 not certain.

    The way goes along the meridian to (x, v), then along the parallel, a hair to the east and north of both,
    so that no vertex lies on it. Edges go eastward, those along a meridian northward.
    """
    found = 0
    low, high = min(y, v), max(y, v)
    west, east = min(x, u), max(x, u)
    for k in range(begin, end):
        ax, ay, bx, by = edges[k]
        if ax <= x <= bx and min(ay, by) <= y <= max(ay, by) and side(ax, ay, bx, by, x, y) == 0:
            return -1  # on the line, as far as can be told
        if ax <= x < bx and max(ay, by) >= low and min(ay, by) <= high:
            here, there = side(ax, ay, bx, by, x, y), side(ax, ay, bx, by, x, v)
            if here == 0 or there == 0:
                return -1
            if here != there:
                found ^= int(np.int64(owners[k]))
        if (ay <= v) != (by <= v) and bx >= west and ax <= east:
            here, there = side(ax, ay, bx, by, x, v), side(ax, ay, bx, by, u, v)
            if here == 0 or there == 0:
                return -1
            if here != there:
                found ^= int(np.int64(owners[k]))
    return found


@compiled
def locate(
    lon: Floats,
    lat: Floats,
    home: Places,
    start: Starts,
    edges: Floats,
    owners: Masks,
    centre: Masks,
    set_of: Places,
    set_start: Places,
    set_member: Places,
    located: Places,
) -> int:
    """Write the position of each point's county, -1 outside, DOUBTFUL where not certain; count the last."""
    doubts = 0
    for i in range(lon.size):
        x, y = lon[i], lat[i]
        located[i] = -1
        column, row = np.floor((x - WEST) * CELLS_PER_DEGREE), np.floor((y - SOUTH) * CELLS_PER_DEGREE)
        if not (0.0 <= column < COLUMNS and 0.0 <= row < ROWS):
            continue
        found = home[int(row) * COLUMNS + int(column)]
        if found >= -1:
            located[i] = found
            continue
        cell = -2 - found
        which = set_of[cell]
        odd = -1
        if which >= 0:
            u, v = WEST + (column + 0.5) / CELLS_PER_DEGREE, SOUTH + (row + 0.5) / CELLS_PER_DEGREE
            odd = crossed(edges, owners, start[cell], start[cell + 1], x, y, u, v)
        if odd < 0:
            located[i] = DOUBTFUL
            doubts += 1
            continue
        holds = np.int64(centre[cell]) ^ odd
        for k in range(set_start[which + 1] - set_start[which]):
            if holds & (1 << k):
                located[i] = set_member[set_start[which] + k]
                break
    return doubts


@compiled
def entered(
    west: Floats,
    south: Floats,
    east: Floats,
    north: Floats,
    home: Places,
    start: Starts,
    edges: Floats,
    set_of: Places,
    found: Flags,
) -> None:
    """Say which boxes a line enters or touches, or may; a box is some cells wide at most."""
    for i in range(west.size):
        found[i] = False
        first = max(int(np.floor((west[i] - WEST) * CELLS_PER_DEGREE)), 0)
        last = min(int(np.floor((east[i] - WEST) * CELLS_PER_DEGREE)), COLUMNS - 1)
        low = max(int(np.floor((south[i] - SOUTH) * CELLS_PER_DEGREE)), 0)
        high = min(int(np.floor((north[i] - SOUTH) * CELLS_PER_DEGREE)), ROWS - 1)
        for row in range(low, high + 1):
            for column in range(first, last + 1):
                cell = -2 - home[row * COLUMNS + column]
                if cell < 0:
                    continue
                if set_of[cell] < 0:
                    found[i] = True
                for k in range(start[cell], start[cell + 1]):
                    if found[i]:
                        break
                    found[i] = meets(edges[k], west[i], south[i], east[i], north[i])


@compiled
def meets(edge: Floats, west: float, south: float, east: float, north: float) -> bool:
    """Say whether an edge enters or touches a box, by the line that parts them if there is one."""
    ax, ay, bx, by = edge[0], edge[1], edge[2], edge[3]
    if bx < west or ax > east or max(ay, by) < south or min(ay, by) > north:
        return False
    one, two = side(ax, ay, bx, by, west, south), side(ax, ay, bx, by, east, south)
    three, four = side(ax, ay, bx, by, west, north), side(ax, ay, bx, by, east, north)
    return not (one == two == three == four and one != 0)
