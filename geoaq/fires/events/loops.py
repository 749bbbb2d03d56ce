"""Joining millions of fire pixels, compiled. Imported on use only."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.geodesy.ellipsoid import GUARD_M, SEMI_MAJOR_M, SEMI_MINOR_M, Floats, Places

Keys: TypeAlias = npt.NDArray[np.uint64]
Times: TypeAlias = npt.NDArray[np.int64]
Reaches: TypeAlias = npt.NDArray[np.float32]

compiled = compiler(("geoaq.fires.events.loops", "geoaq.geodesy.ellipsoid"))

_A2, _B2 = SEMI_MAJOR_M**2, SEMI_MINOR_M**2
_E2 = 1.0 - _B2 / _A2
_DIGIT = 11
# Chords of up to 100 km are shorter than their geodesics by at most this times their cube, 5 % to spare.
_BEND = 1.05 / (24.0 * (_B2 / SEMI_MAJOR_M) ** 2)
_ROUNDING_M = 1e-6
# Sines of the eighths of a degree from -180° to 270°.
_WHOLE, _QUARTER = 180 * 8, 90 * 8
SINES: Floats = np.sin(np.radians(np.arange(-_WHOLE, _WHOLE + _QUARTER + 1) / 8.0))


@compiled
def keys_of(
    lon: Floats, lat: Floats, acquired: Times, first: int, high: float, wide: float, columns: int, bits: int
) -> Keys:
    """Return for each pixel one word: its cell (``high`` by ``wide`` degrees), then its time."""
    keys = np.empty(lon.size, np.uint64)
    for i in range(lon.size):
        column = int((lon[i] + 180.0) / wide) % columns
        cell = int((lat[i] + 90.0) / high) * columns + column
        keys[i] = np.uint64((cell << bits) | (acquired[i] - first))
    return keys


@compiled
def sorted_keys(keys: Keys, bits: int) -> tuple[Keys, Places]:
    """Return keys of ``bits`` bits in order, and where each one stood (stable; the keys given are lost)."""
    n = keys.size
    order, other_order = np.arange(n).astype(np.int32), np.empty(n, np.int32)
    other = np.empty(n, np.uint64)
    mask = np.uint64((1 << _DIGIT) - 1)
    for low in range(0, bits, _DIGIT):
        shift = np.uint64(low)
        place = np.zeros((1 << _DIGIT) + 1, np.int64)
        for i in range(n):
            place[np.int64((keys[i] >> shift) & mask) + 1] += 1
        for digit in range(1 << _DIGIT):
            place[digit + 1] += place[digit]
        for i in range(n):
            own = np.int64((keys[i] >> shift) & mask)
            other[place[own]] = keys[i]
            other_order[place[own]] = order[i]
            place[own] += 1
        keys, other = other, keys
        order, other_order = other_order, order
    return keys, order


@compiled
def cells_of(keys: Keys, bits: int) -> tuple[Times, Times]:
    """Return the distinct cells of sorted keys, and where each begins (one more at the end)."""
    shift = np.uint64(bits)
    count = 0
    for i in range(keys.size):
        if i == 0 or keys[i] >> shift != keys[i - 1] >> shift:
            count += 1
    cells, starts = np.empty(count, np.int64), np.empty(count + 1, np.int64)
    count = 0
    for i in range(keys.size):
        if i == 0 or keys[i] >> shift != keys[i - 1] >> shift:
            cells[count], starts[count] = np.int64(keys[i] >> shift), i
            count += 1
    starts[count] = keys.size
    return cells, starts


@compiled
def turned(degrees: float, sines: Floats) -> tuple[float, float]:
    """Return sine and cosine of an angle: from the next eighth of a degree by their series (1e-16)."""
    nearest = int(np.rint(degrees * 8.0))
    rest = np.radians(degrees - nearest / 8.0)
    square = rest * rest
    sine = rest * (1.0 - square * (1.0 / 6.0 - square / 120.0))
    cosine = 1.0 - square * (0.5 - square / 24.0)
    known, across = sines[nearest + _WHOLE], sines[nearest + _WHOLE + _QUARTER]
    return known * cosine + across * sine, across * cosine - known * sine


@compiled
def positions_of(lon: Floats, lat: Floats, order: Places, sines: Floats) -> Floats:
    """Return earth-centred coordinates, shape (n, 3), metres, in the order asked; ``sines`` are `SINES`."""
    xyz = np.empty((order.size, 3), np.float64)
    for p in range(order.size):  # apart from the sums below, so that many reads are under way at once
        xyz[p, 0], xyz[p, 1] = lon[order[p]], lat[order[p]]
    for p in range(order.size):
        sine, cosine = turned(xyz[p, 1], sines)
        east, home = turned(xyz[p, 0], sines)
        normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * sine * sine)
        xyz[p, 0] = normal * cosine * home
        xyz[p, 1] = normal * cosine * east
        xyz[p, 2] = normal * (1.0 - _E2) * sine
    return xyz


@compiled
def root_of(parent: Places, i: int) -> int:
    """Return the first pixel of the tree that holds one, halving the way to it."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def united(parent: Places, i: int, j: int) -> int:
    """Join two trees under the earlier root and return it."""
    i, j = root_of(parent, i), root_of(parent, j)
    if i < j:
        parent[j] = i
        return i
    parent[i] = j
    return j


@compiled
def linked(xyz: Floats, i: int, j: int, limit: float) -> int:
    """Say whether two positions are within a geodesic: 0 no, 1 yes, 2 within the guard of it."""
    dx, dy, dz = xyz[j, 0] - xyz[i, 0], xyz[j, 1] - xyz[i, 1], xyz[j, 2] - xyz[i, 2]
    flat, deep = dx * dx + dy * dy, dz * dz
    square = flat + deep
    far = limit + _ROUNDING_M
    if square > far * far:
        return 0
    near = limit - _BEND * limit * limit * limit - _ROUNDING_M
    if near > 0.0 and square <= near * near:
        return 1
    if square == 0.0:
        return 1
    mx, my, mz = 0.5 * (xyz[i, 0] + xyz[j, 0]), 0.5 * (xyz[i, 1] + xyz[j, 1]), 0.5 * (xyz[i, 2] + xyz[j, 2])
    form = flat / _A2 + deep / _B2
    slope = ((mx * mx + my * my) / (_A2 * _A2) + mz * mz / (_B2 * _B2)) / (1.0 - 0.25 * form)
    q = form * form / (square * slope)
    bend = (form - (flat / (_A2 * _A2) + deep / (_B2 * _B2)) / slope) / 160.0
    arc = np.sqrt(square) * (1.0 + q * (1.0 / 24.0 + bend + q * (3.0 / 640.0 + q * (5.0 / 7168.0))))
    if arc > limit + GUARD_M:
        return 0
    return 1 if arc < limit - GUARD_M else 2


@compiled
def position_in(cells: Times, wanted: int) -> int:
    """Return where a cell stands among the sorted ones, or -1."""
    low, high = 0, cells.size
    while low < high:
        middle = (low + high) // 2
        if cells[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < cells.size and cells[low] == wanted else -1


@compiled
def beside(cells: Times, k: int, side: int, columns: int, pointer: Times) -> int:
    """Return where the neighbour of a cell stands: side 0 itself, 1 east, 2 to 4 the row above; or -1.

    Cells are asked in order, so that the pointer of each side goes once through all of them; round the
    antimeridian the neighbour is looked up.
    """
    if side == 0:
        return k
    east = side - 3 if side > 1 else 1
    wanted = cells[k] + east + (columns if side > 1 else 0)
    turned_to = cells[k] % columns + east
    if turned_to < 0 or turned_to >= columns:
        m = position_in(cells, wanted + (columns if turned_to < 0 else -columns))
        return -1 if m == k else m
    m = pointer[side]
    while m < cells.size and cells[m] < wanted:
        m += 1
    pointer[side] = m
    return m if m < cells.size and cells[m] == wanted else -1


@compiled
def compare(
    keys: Keys,
    mask: int,
    xyz: Floats,
    reach: Reaches,
    ours: tuple[int, int],
    theirs: tuple[int, int],
    distance: float,
    window: int,
    parent: Places,
    doubtful: Places,
    doubts: int,
) -> int:
    """Join the pixels of two cells (or of one with itself), both in the order of time; return the doubts.

    A pixel that hangs on the same root already is not measured again.
    """
    low, end = theirs
    for i in range(ours[0], ours[1]):
        time = np.int64(keys[i]) & mask
        if ours[0] == theirs[0]:
            low = i + 1
        while low < end and (np.int64(keys[low]) & mask) < time - window:
            low += 1
        if low == end:
            break
        root = root_of(parent, i)
        for j in range(low, end):
            if (np.int64(keys[j]) & mask) - time > window:
                break
            if parent[j] == root:
                continue
            limit = distance
            if reach.size:
                limit = max(limit, float(reach[i]) + float(reach[j]))
            answer = linked(xyz, i, j, limit)
            if answer == 1:
                root = united(parent, i, j)
            elif answer == 2:
                if doubts < doubtful.shape[0]:
                    doubtful[doubts, 0], doubtful[doubts, 1] = i, j
                doubts += 1
    return doubts


@compiled
def join(
    keys: Keys,
    xyz: Floats,
    reach: Reaches,
    cells: Times,
    starts: Times,
    columns: int,
    bits: int,
    distance: float,
    window: int,
    doubtful: Places,
) -> tuple[Places, int]:
    """Join what lies within the distance and the window; return the trees and the number of doubtful pairs.

    Each cell is compared with itself and with half of its neighbours.
    """
    mask = (1 << bits) - 1
    parent = np.arange(keys.size).astype(np.int32)
    doubts = 0
    pointer = np.zeros(5, np.int64)
    for k in range(cells.size):
        ours = (starts[k], starts[k + 1])
        for side in range(5):
            m = beside(cells, k, side, columns, pointer)
            if m >= 0:
                theirs = (starts[m], starts[m + 1])
                doubts = compare(
                    keys, mask, xyz, reach, ours, theirs, distance, window, parent, doubtful, doubts
                )
    return parent, doubts


@compiled
def numbered(parent: Places, order: Places) -> Places:
    """Return each pixel's cluster in the order given first, numbered by where it first stands there."""
    label = np.empty(parent.size, np.int32)
    number = np.full(parent.size, -1, np.int32)
    for p in range(parent.size):
        label[order[p]] = root_of(parent, p)
    count = 0
    for i in range(parent.size):
        root = label[i]
        if number[root] < 0:
            number[root] = count
            count += 1
        label[i] = number[root]
    return label
