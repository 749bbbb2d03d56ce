"""The loop over millions of points and the lines within reach of each. Imported on use only (numba)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoaq.geodesy.compiler import compiled
from geoaq.geodesy.ellipsoid import Floats, Places, chord_ceiling
from geoaq.geodesy.grid import Cells, cell_of, position_of
from geoaq.geodesy.line_cells import PER_DEGREE, Nearest
from geoaq.geodesy.line_lists import to_axis
from geoaq.geodesy.line_pieces import NEWTON_STEPS
from geoaq.geodesy.loops import arc

if TYPE_CHECKING:
    from geoaq.geodesy.line_index import LineIndex

_STILL = 1e-9  # of a piece: two micrometres
# What the shape of the ellipsoid can turn, per cube of a chord of up to 500 km: (1/r² - 1/R²)/24 and a
# little.
_RIVAL = 2.2e-17


def compiled_lines(index: LineIndex, x: Floats, y: Floats, reach_m: float) -> Nearest:
    """Return what `geoaq.geodesy.line_trees.tree_lines` does; the cells of the index must reach as far."""
    cells, bundles, pieces = index.cells, index.bundles, index.pieces
    ceiling = chord_ceiling(reach_m)
    place = np.array([cells.row, cells.column, cells.rows, cells.columns], np.int64)
    near = np.empty(x.size, np.int32)
    room = int(entries_near(x, y, place, cells.spans, cells.nearest_m, ceiling, near))
    subject, piece = np.empty(room, np.int32), np.empty(room, np.int32)
    share, distance = np.empty(room), np.empty(room)
    bound = np.empty(int(np.diff(cells.first).max(initial=0)))
    count = within_lines(
        x, y, near, cells.spans, cells.nearest_m, cells.first, cells.member, ceiling, reach_m,
        bundles.first, bundles.axis, pieces.chord, pieces.curve, bound, subject, piece, share, distance,
    )  # fmt: skip
    return Nearest(subject[:count], piece[:count], share[:count], distance[:count])


@compiled
def entries_near(
    lon: Floats, lat: Floats, place: Cells, spans: Places, nearest: Floats, ceiling: float, near: Places
) -> int:
    """Write the cell of each point, -1 without a line in reach; return how many entries there are."""
    row0, column0, rows, columns = place
    count = 0
    for i in range(lon.size):
        row = min(int((lat[i] + 90.0) * PER_DEGREE), 180 * PER_DEGREE - 1) - row0
        column = min(int((lon[i] + 180.0) * PER_DEGREE), 360 * PER_DEGREE - 1) - column0
        near[i] = -1
        if row < 0 or row >= rows or column < 0 or column >= columns:
            continue
        cell = row * columns + column
        for e in range(spans[cell, 0], spans[cell, 1]):
            if nearest[e] <= ceiling:
                near[i] = cell
                count += 1
    return count


@compiled
def foot_on(curve: Floats, j: int, x: float, y: float, z: float) -> tuple[float, float]:
    """Return share and distance of the foot of a place on a piece: `line_pieces.feet` for one."""
    ox, oy, oz = curve[j, 0, 0] - x, curve[j, 0, 1] - y, curve[j, 0, 2] - z
    ax, ay, az = curve[j, 1, 0], curve[j, 1, 1], curve[j, 1, 2]
    bx, by, bz = curve[j, 2, 0], curve[j, 2, 1], curve[j, 2, 2]
    cx, cy, cz = curve[j, 3, 0], curve[j, 3, 1], curve[j, 3, 2]
    t = -(ox * ax + oy * ay + oz * az) / (ax * ax + ay * ay + az * az)
    t = min(max(t, -0.5), 0.5)
    for _ in range(NEWTON_STEPS):
        dx = ox + t * (ax + t * (bx + t * cx))
        dy = oy + t * (ay + t * (by + t * cy))
        dz = oz + t * (az + t * (bz + t * cz))
        ux = ax + t * (2.0 * bx + t * (3.0 * cx))
        uy = ay + t * (2.0 * by + t * (3.0 * cy))
        uz = az + t * (2.0 * bz + t * (3.0 * cz))
        square = ux * ux + uy * uy + uz * uz
        turn = 2.0 * (dx * bx + dy * by + dz * bz) + t * (6.0 * (dx * cx + dy * cy + dz * cz))
        step = (dx * ux + dy * uy + dz * uz) / max(square + turn, 0.25 * square)
        before = t
        t = min(max(t - step, -0.5), 0.5)
        if abs(t - before) < _STILL:
            break
    u = curve[j, 0, 0] + t * (ax + t * (bx + t * cx))
    v = curve[j, 0, 1] + t * (ay + t * (by + t * cy))
    w = curve[j, 0, 2] + t * (az + t * (bz + t * cz))
    return t + 0.5, arc(x, y, z, u, v, w)


@compiled
def _nearest_in(
    x: float,
    y: float,
    z: float,
    begin: int,
    end: int,
    member: Places,
    ceiling: float,
    of_bundle: Places,
    axis: Floats,
    chord: Floats,
    curve: Floats,
    bound: Floats,
) -> tuple[float, int, float]:
    # Distance, piece and share of the nearest point among an entry's bundles. The one with the nearest
    # capsule is asked first; each of the others, and each piece, only while its lower bound does not exceed
    # what the pieces seen so far leave open.
    size = end - begin
    lead = 0
    for k in range(size):
        j = member[begin + k]
        bound[k] = to_axis(axis, j, x, y, z) - axis[j, 6]
        if bound[k] < bound[lead]:
            lead = k
    limit, best, choice, along = ceiling, np.inf, -1, 0.0
    for turn in range(size):
        # The nearest capsule takes the first turn, and the first takes its place.
        k = lead if turn == 0 else (0 if turn == lead else turn)
        if bound[k] > limit:
            continue
        j = member[begin + k]
        for p in range(of_bundle[j], of_bundle[j + 1]):
            c = to_axis(chord, p, x, y, z)
            if c - chord[p, 6] > limit:
                continue
            upper = c + chord[p, 6]
            limit = min(limit, upper + _RIVAL * upper * upper * upper + 2e-6)
            t, s = foot_on(curve, p, x, y, z)
            if s < best or (s == best and p < choice):
                best, choice, along = s, p, t
    return best, choice, along


@compiled
def within_lines(
    lon: Floats,
    lat: Floats,
    near: Places,
    spans: Places,
    nearest: Floats,
    first: Places,
    member: Places,
    ceiling: float,
    reach: float,
    of_bundle: Places,
    axis: Floats,
    chord: Floats,
    curve: Floats,
    bound: Floats,
    subject: Places,
    piece: Places,
    share: Floats,
    distance: Floats,
) -> int:
    """Write the nearest point of every line within reach of each point; return how many there are.

    The bundle whose capsule is nearest is asked first; each of the others, and each piece, only while its
    lower bound does not exceed what the pieces seen so far leave open.
    """
    count = 0
    for i in range(lon.size):
        if near[i] < 0:
            continue
        row, column = cell_of(lon[i], lat[i])
        x, y, z = position_of(lon[i], lat[i], row, column)
        for e in range(spans[near[i], 0], spans[near[i], 1]):
            if nearest[e] > ceiling:
                continue
            best, choice, along = _nearest_in(
                x, y, z, first[e], first[e + 1], member, ceiling, of_bundle, axis, chord, curve, bound
            )
            if best <= reach:
                subject[count], piece[count], share[count], distance[count] = i, choice, along, best
                count += 1
    return count
