"""The loops over millions of points: pairs within a radius, and the nearest anchor. Imported on use only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.compiler import compiled
from geoaq.geodesy.ellipsoid import FORMULA_LIMIT_M, GUARD_M, SEMI_MAJOR_M, SEMI_MINOR_M, Floats, Places
from geoaq.geodesy.grid import COLUMNS, cell_of, position_of

Doubts = npt.NDArray[np.uint8]

_A2, _B2 = SEMI_MAJOR_M**2, SEMI_MINOR_M**2
_RIVAL_LIMIT_M = 500_000.0


@compiled
def arc(x: float, y: float, z: float, u: float, v: float, w: float) -> float:
    """Return `geoaq.geodesy.ellipsoid.arc_of_chord` for one pair."""
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


@compiled
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
        row, column = cell_of(lon[i], lat[i])
        begin, end = spans[row * COLUMNS + column]
        if begin == end:
            continue
        if pairs + end - begin > subject.size:
            return i, pairs, doubts
        x, y, z = position_of(lon[i], lat[i], row, column)
        first = pairs
        for k in range(begin, end):
            j = lists[k]
            dx, dy, dz = anchors[j, 0] - x, anchors[j, 1] - y, anchors[j, 2] - z
            if dx * dx + dy * dy + dz * dz > ceiling * ceiling:
                continue
            s = arc(x, y, z, anchors[j, 0], anchors[j, 1], anchors[j, 2])
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


@compiled
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
        row, column = cell_of(lon[i], lat[i])
        begin, end = spans[row * COLUMNS + column]
        x, y, z = position_of(lon[i], lat[i], row, column)
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
            distance[i] = arc(x, y, z, anchors[choice, 0], anchors[choice, 1], anchors[choice, 2])
            if distance[i] > FORMULA_LIMIT_M:
                doubtful[i] = 1
