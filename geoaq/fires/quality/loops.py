"""Static sources, and which pixels lie in their reach, over millions of pixels. Imported on use only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.fires.events.loops import Times, united
from geoaq.geodesy.ellipsoid import Floats, Places

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]

compiled = compiler(("geoaq.fires.quality.loops", "geoaq.fires.events.loops", "geoaq.geodesy.ellipsoid"))


@compiled
def first_from(cells: Times, wanted: int) -> int:
    """Return where the first of the sorted cells stands that is not below the wanted one."""
    low, high = 0, cells.size
    while low < high:
        middle = (low + high) // 2
        if cells[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def near(xyz: Floats, i: int, j: int, square: float) -> bool:
    """Say whether the chord of two positions squared is at most ``square``."""
    dx, dy, dz = xyz[j, 0] - xyz[i, 0], xyz[j, 1] - xyz[i, 1], xyz[j, 2] - xyz[i, 2]
    return bool(dx * dx + dy * dy + dz * dz <= square)


@compiled
def days_around(
    i: int,
    k: int,
    xyz: Floats,
    days: Days,
    cells: Times,
    starts: Times,
    columns: int,
    across: int,
    up: int,
    square: float,
    seen: Days,
) -> int:
    """Return on how many days pixels lie around a pixel of cell ``k``, at most as many as ``seen`` holds."""
    count = 0
    for turn in range(-up, up + 1):
        middle = cells[k] + turn * columns
        m = first_from(cells, middle - across)
        while m < cells.size and cells[m] <= middle + across:
            for j in range(starts[m], starts[m + 1]):
                known = False
                for q in range(count):
                    if seen[q] == days[j]:
                        known = True
                        break
                if known or not near(xyz, i, j, square):
                    continue
                seen[count] = days[j]
                count += 1
                if count == seen.size:
                    return count
            m += 1
    return count


@compiled
def cores(
    xyz: Floats,
    days: Days,
    cells: Times,
    starts: Times,
    columns: int,
    across: Times,
    up: int,
    distance: float,
    least: int,
) -> Flags:
    """Say which pixels have pixels of ``least`` distinct days within the distance, their own day counted.

    Two pixels of one cell are always within the distance; ``across`` are the columns and ``up`` the rows that
    it can reach from each cell.
    """
    found = np.zeros(days.size, np.bool_)
    seen = np.empty(least, np.int32)
    square = distance * distance
    for k in range(cells.size):
        count = 1
        for i in range(starts[k] + 1, starts[k + 1]):
            count += days[i] != days[i - 1]
        if count >= least:
            found[starts[k] : starts[k + 1]] = True
            continue
        for i in range(starts[k], starts[k + 1]):
            around = days_around(i, k, xyz, days, cells, starts, columns, across[k], up, square, seen)
            found[i] = around >= least
    return found


@compiled
def touching(xyz: Floats, ours: tuple[int, int], theirs: tuple[int, int], square: float) -> bool:
    """Say whether some pixel of one cell is within the distance of some pixel of another."""
    for i in range(ours[0], ours[1]):
        for j in range(theirs[0], theirs[1]):
            if near(xyz, i, j, square):
                return True
    return False


@compiled
def joined(
    xyz: Floats, cells: Times, starts: Times, columns: int, across: Times, up: int, distance: float
) -> Places:
    """Return for each cell the first cell that it hangs together with by pixels within the distance."""
    parent = np.arange(cells.size).astype(np.int32)
    square = distance * distance
    for k in range(cells.size):
        ours = (starts[k], starts[k + 1])
        for turn in range(up + 1):
            middle = cells[k] + turn * columns
            m = first_from(cells, middle - across[k]) if turn else k + 1
            while m < cells.size and cells[m] <= middle + across[k]:
                i, j = k, m
                while parent[i] != i:
                    i = parent[i]
                while parent[j] != j:
                    j = parent[j]
                if i != j and touching(xyz, ours, (starts[m], starts[m + 1]), square):
                    united(parent, k, m)
                m += 1
    for k in range(cells.size):
        parent[k] = parent[parent[k]]  # a root is never behind what hangs on it
    return parent


@compiled
def covering(
    lon: Floats,
    lat: Floats,
    width_m: Singles,
    acquired: Times,
    source_lon: Floats,
    source_lat: Floats,
    radius_m: Floats,
    begin: Times,
    end: Times,
    power: Floats,
    least_m: float,
    scale: Floats,
) -> tuple[Places, Floats]:
    """Return the source in whose reach each pixel lies deepest (-1 none), and the largest power of all such.

    A source reaches its radius and the width of the pixel, at least ``least_m``, from ``begin`` until before
    ``end``. Sources are sorted by latitude. ``scale`` are metres in a degree of latitude and of longitude at
    each source, shape (n, 2): right to 0.1 % within 10 km.
    """
    found = np.full(lon.size, -1, np.int32)
    most = np.full(lon.size, np.nan)
    widest = radius_m.max() if radius_m.size else 0.0
    for i in range(lon.size):
        wide = max(least_m, float(width_m[i]))
        reach = (widest + wide) / 110_000.0
        low, high = 0, source_lat.size
        while low < high:
            middle = (low + high) // 2
            if source_lat[middle] < lat[i] - reach:
                low = middle + 1
            else:
                high = middle
        deepest = 0.0
        for k in range(low, source_lat.size):
            if source_lat[k] > lat[i] + reach:
                break
            if acquired[i] < begin[k] or acquired[i] >= end[k]:
                continue
            east, north = (lon[i] - source_lon[k]) * scale[k, 1], (lat[i] - source_lat[k]) * scale[k, 0]
            own = radius_m[k] + wide
            square = east * east + north * north
            if square > own * own:
                continue
            outside = np.sqrt(square) - own
            if found[i] < 0 or outside < deepest:
                found[i], deepest = k, outside
            if not most[i] >= power[k]:
                most[i] = power[k]
    return found, most


@compiled
def shares_of(
    lon: Floats,
    lat: Floats,
    across_m: Singles,
    along_m: Singles,
    bearing: Singles,
    scale: Floats,
    codes: npt.NDArray[np.uint8],
    weights: Floats,
    west: float,
    north: float,
    cell: float,
    cell_m: float,
    least_known: float,
) -> Singles:
    """Return the mean weight of the classes under each ellipse, NaN where too little of it has a class.

    The ellipse of half axes ``across_m`` and ``along_m`` is asked on a lattice of 12 to 160 points across, no
    coarser than the cells while that is fine enough. ``weights`` are by class, NaN for none; ``scale`` are
    metres in a degree of latitude and of longitude at each quarter of a degree from the South Pole.
    """
    found = np.full(lon.size, np.nan, np.float32)
    for i in range(lon.size):
        row = min(max(int((lat[i] + 90.0) * 4.0), 0), scale.shape[0] - 1)
        longer = 2.0 * max(across_m[i], along_m[i])
        points = min(max(int(np.ceil(longer / cell_m)), 12), 160)
        sine, cosine = np.sin(bearing[i]), np.cos(bearing[i])
        total, known, asked = 0.0, 0, 0
        for p in range(points):
            u = (2.0 * p + 1.0) / points - 1.0
            for q in range(points):
                v = (2.0 * q + 1.0) / points - 1.0
                if u * u + v * v > 1.0:
                    continue
                right, ahead = u * across_m[i], v * along_m[i]
                x = lon[i] + (right * cosine + ahead * sine) / scale[row, 1]
                y = lat[i] + (ahead * cosine - right * sine) / scale[row, 0]
                asked += 1
                down, over = int(np.floor((north - y) / cell)), int(np.floor((x - west) / cell))
                if 0 <= down < codes.shape[0] and 0 <= over < codes.shape[1]:
                    weight = weights[codes[down, over]]
                    if weight == weight:
                        total += weight
                        known += 1
        if known > 0 and known >= least_known * asked:
            found[i] = total / known
    return found
