"""The compiled part of `geoaq.geodesy`: cell lists and the loops over millions of points.

Import this module on use only: it brings numba along (a second or more in a cold process). Machine code is
kept under ``NUMBA_CACHE_DIR``, else under ``cache/numba`` of the data folder, in a folder named by the hash
of the sources (numba alone would not see a constant change in another file); where that cannot be written,
code is made anew in each process. The reasons behind every bound stand in `geoaq.geodesy.ellipsoid`.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt

from geoaq.geodesy import ellipsoid
from geoaq.geodesy.ellipsoid import (
    FORMULA_LIMIT_M,
    GUARD_M,
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    Floats,
    Places,
)
from geoaq.settings import data_dir

Cells = npt.NDArray[np.int64]
Doubts = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


def cache_folder() -> Path | None:
    """Return the folder for machine code, made if need be, or None where nothing can be written."""
    stated = os.environ.get("NUMBA_CACHE_DIR")
    sources = inspect.getsource(sys.modules[__name__]) + inspect.getsource(ellipsoid)
    version = hashlib.sha256(sources.encode()).hexdigest()[:16]
    folder = Path(stated or data_dir() / "cache" / "numba") / version
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


_FOLDER = cache_folder()
if _FOLDER is not None:
    vars(numba.config)["CACHE_DIR"] = str(_FOLDER)
_compiled = numba.njit(cache=_FOLDER is not None, error_model="numpy", fastmath={"contract"})

PER_DEGREE = 4  # cells of 0.25°
ROWS, COLUMNS = 180 * PER_DEGREE, 360 * PER_DEGREE
BLOCK = 8  # cells a side of the blocks (2°) whose lists the cells choose from
# Above this many candidates the lists cost more memory than they save time.
MOST_CANDIDATES = 50_000_000

_A2, _B2 = SEMI_MAJOR_M**2, SEMI_MINOR_M**2
_E2 = 1.0 - _B2 / _A2
_RADIAN = np.pi / 180.0
_WIDEST_RADIUS = _A2 / SEMI_MINOR_M
_RIVAL_LIMIT_M = 500_000.0

_row_latitude = np.radians((np.arange(ROWS) + 0.5) / PER_DEGREE - 90.0)
_column_longitude = np.radians((np.arange(COLUMNS) + 0.5) / PER_DEGREE - 180.0)
_ROW = np.column_stack([np.sin(_row_latitude), np.cos(_row_latitude)])
_COLUMN = np.column_stack([np.sin(_column_longitude), np.cos(_column_longitude)])


@_compiled
def _cell(lon: float, lat: float) -> tuple[int, int]:
    row = min(int((lat + 90.0) * PER_DEGREE), ROWS - 1)
    column = min(int((lon + 180.0) * PER_DEGREE), COLUMNS - 1)
    return row, column


@_compiled
def occupy(lon: Floats, lat: Floats, taken: Flags) -> int:
    """Mark the cells that hold a point; return the position of the first unusable point, or -1."""
    for i in range(lon.size):
        if not (-180.0 <= lon[i] <= 180.0 and -90.0 <= lat[i] <= 90.0):
            return i
        row, column = _cell(lon[i], lat[i])
        taken[row * COLUMNS + column] = True
    return -1


@_compiled
def _centre(row: int, column: int, size: int) -> tuple[float, float, float, float]:
    # Centre of a square of `size` cells on the ellipsoid, and how far its farthest point can be (a chord):
    # a step along the parallel and one along the meridian, squares added (exact for the first, bounded by the
    # widest radius of curvature for the second), and a millimetre for rounding.
    south = (row * 1.0) / PER_DEGREE - 90.0
    half = 0.5 * size / PER_DEGREE
    latitude = (south + half) * _RADIAN
    longitude = (column * 1.0 / PER_DEGREE - 180.0 + half) * _RADIAN
    nearest_equator = max(0.0, abs(south + half) - half) * _RADIAN
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(latitude) ** 2)
    x = normal * np.cos(latitude) * np.cos(longitude)
    y = normal * np.cos(latitude) * np.sin(longitude)
    z = normal * (1.0 - _E2) * np.sin(latitude)
    widest = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(nearest_equator) ** 2) * np.cos(nearest_equator)
    reach = half * _RADIAN * np.sqrt(_WIDEST_RADIUS**2 + widest**2) + 1e-3
    return x, y, z, reach


@_compiled
def _rival(chord: float) -> float:
    # `geoaq.geodesy.ellipsoid.chord_rival` for one number.
    if chord >= 1e7:
        return 1.3e7
    narrow = _B2 / SEMI_MAJOR_M
    arc = 2.0 * narrow * np.arcsin(chord / (2.0 * narrow))
    return float(2.0 * _WIDEST_RADIUS * np.sin(arc / (2.0 * _WIDEST_RADIUS)) + 1e-6)


@_compiled
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
        limit = _rival(np.sqrt(least) + reach) + reach
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


@_compiled
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


@_compiled
def _position(lon: float, lat: float, row: int, column: int) -> tuple[float, float, float]:
    # Earth-centred coordinates. The sine and cosine of a point come from those of its cell's centre and the
    # series of the rest (at most 0.125°): as good as a library's, to the last bit or two.
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


@_compiled
def _arc(x: float, y: float, z: float, u: float, v: float, w: float) -> float:
    # `geoaq.geodesy.ellipsoid.arc_of_chord` for one pair.
    dx, dy, dz = u - x, v - y, w - z
    mx, my, mz = 0.5 * (u + x), 0.5 * (v + y), 0.5 * (w + z)
    flat, deep = dx * dx + dy * dy, dz * dz
    form = flat / _A2 + deep / _B2
    slope = ((mx * mx + my * my) / (_A2 * _A2) + mz * mz / (_B2 * _B2)) / (1.0 - 0.25 * form)
    square = flat + deep
    if square == 0.0:
        return 0.0
    q = form * form / (square * slope)
    bend = (form - (flat / (_A2 * _A2) + deep / (_B2 * _B2)) / slope) / 160.0
    stretch = 1.0 + q * (1.0 / 24.0 + bend + q * (3.0 / 640.0 + q * (5.0 / 7168.0)))
    return float(np.sqrt(square) * stretch)


@_compiled
def within(
    lon: Floats,
    lat: Floats,
    start: int,
    anchors: Floats,
    lists: Places,
    spans: Places,
    ceiling: float,
    radius: float,
    subject: Places,
    anchor: Places,
    distance: Floats,
    doubtful: Places,
) -> tuple[int, int, int]:
    """Write the pairs of the points from `start` on, nearest first, until the room is used up.

    Returns
    -------
    tuple
        The point to go on with, the pairs written, and the doubtful ones (their places in ``doubtful``):
        those within the guard of the radius or beyond the formula's range.
    """
    pairs, doubts = 0, 0
    for i in range(start, lon.size):
        row, column = _cell(lon[i], lat[i])
        begin, end = spans[row * COLUMNS + column]
        if begin == end:
            continue
        if pairs + end - begin > subject.size:
            return i, pairs, doubts
        x, y, z = _position(lon[i], lat[i], row, column)
        first = pairs
        for k in range(begin, end):
            j = lists[k]
            dx, dy, dz = anchors[j, 0] - x, anchors[j, 1] - y, anchors[j, 2] - z
            if dx * dx + dy * dy + dz * dz > ceiling * ceiling:
                continue
            s = _arc(x, y, z, anchors[j, 0], anchors[j, 1], anchors[j, 2])
            if s > radius + GUARD_M and s <= FORMULA_LIMIT_M:
                continue
            place = pairs
            while place > first and distance[place - 1] > s:
                distance[place], anchor[place] = distance[place - 1], anchor[place - 1]
                place -= 1
            subject[pairs] = i
            distance[place], anchor[place] = s, j
            pairs += 1
        for place in range(first, pairs):
            if abs(distance[place] - radius) <= GUARD_M or distance[place] > FORMULA_LIMIT_M:
                doubtful[doubts] = place
                doubts += 1
    return lon.size, pairs, doubts


@_compiled
def nearest(
    lon: Floats,
    lat: Floats,
    anchors: Floats,
    lists: Places,
    spans: Places,
    index: Places,
    distance: Floats,
    doubtful: Doubts,
) -> None:
    """Write each point's nearest anchor; mark as doubtful 1 a distance, 2 a choice, that Geod must settle."""
    for i in range(lon.size):
        row, column = _cell(lon[i], lat[i])
        begin, end = spans[row * COLUMNS + column]
        x, y, z = _position(lon[i], lat[i], row, column)
        best, second, choice = np.inf, np.inf, -1
        for k in range(begin, end):
            j = lists[k]
            dx, dy, dz = anchors[j, 0] - x, anchors[j, 1] - y, anchors[j, 2] - z
            square = dx * dx + dy * dy + dz * dz
            if square < best:
                best, second, choice = square, best, j
            elif square < second:
                second = square
        index[i] = choice
        chord = np.sqrt(best)
        # The second must be out of reach of the first by more than the shape of the ellipsoid can turn.
        rival = chord + 2.2e-17 * chord * chord * chord + 2e-6
        if chord > _RIVAL_LIMIT_M or second <= rival * rival:
            doubtful[i] = 2
        else:
            distance[i] = _arc(x, y, z, anchors[choice, 0], anchors[choice, 1], anchors[choice, 2])
            if distance[i] > FORMULA_LIMIT_M:
                doubtful[i] = 1


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
