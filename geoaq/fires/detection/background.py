"""Backgrounds in growing windows, over hundreds of thousands of candidates. Imported on use only.

Sums of temperatures are exact in double precision, and mean absolute deviations are made of such sums, so that
nothing depends on the order in which the pixels of a window come.
"""

from __future__ import annotations

import numpy as np

from geoaq.compiler import compiler
from geoaq.fires.detection.marks import (
    CLOUDY,
    HOT,
    OPEN_WATER,
    OVER_WATER,
    PROCESSED,
    SOURCES,
    Counts,
    Flags,
)
from geoaq.fires.detection.planck import FIRST, SECOND
from geoaq.fires.detection.sections import Window
from geoaq.frames.scenes import Doubles, Singles

# What is found for each pixel: places in the two arrays of `backgrounds`.
MEAN4, MAD4, MEAN_DT, MAD_DT, MEAN11, MAD11, FIRES_MEAN, FIRES_MAD, WARMEST = range(9)
VALID, WINDOW, FIRES, WATERS, LANDS, OPEN, CLOUDS_BESIDE, WATERS_BESIDE, BESIDE = range(9)
_GROUND = PROCESSED | OVER_WATER
_CLEAR = PROCESSED | OVER_WATER | CLOUDY | HOT

compiled = compiler(("geoaq.fires.detection.background", "geoaq.fires.detection.planck", *SOURCES))


@compiled
def deviation(above: float, count_above: int, total: float, count: int, mean: float) -> float:
    """Return the mean absolute deviation from the sum and number of what is above the mean, and of all."""
    below = (count - count_above) * mean - (total - above)
    return ((above - count_above * mean) + below) / count


@compiled
def backgrounds(
    lines: Counts,
    samples: Counts,
    window: Window,
    rows: int,
    t4: Singles,
    t11: Singles,
    flags: Flags,
) -> tuple[Doubles, Counts]:
    """Return the background of each pixel: means and deviations (n, 9), numbers (n, 9).

    The first array is NaN and the window 0 where no window holds enough. Arrays hold line k in row k modulo
    their height.
    """
    height, columns = flags.shape
    values = np.full((lines.size, 9), np.nan)
    numbers = np.zeros((lines.size, 9), np.int64)
    for i in range(lines.size):
        line, sample = lines[i], samples[i]
        own = flags[line % height, sample] & OVER_WATER
        n = fires = waters = lands = opens = 0
        sum4 = sum11 = sum_fires = 0.0
        reached, enough = -1, False
        half = window.smallest // 2
        while True:
            top, bottom = max(line - half, 0), min(line + half + 1, rows)
            left, right = max(sample - half, 0), min(sample + half + 1, columns)
            for y in range(top, bottom):
                row = y % height
                inner = abs(y - line) <= reached  # of this line only both ends are new
                x = left
                while x < right:
                    if inner and sample - reached <= x <= sample + reached:
                        x = sample + reached + 1
                        continue
                    mark = flags[row, x]
                    if mark & PROCESSED and not (y == line and x == sample):
                        if mark & OVER_WATER:
                            waters += 1
                        else:
                            lands += 1
                        beside = window.beside and y == line and abs(x - sample) == 1
                        if mark & _GROUND == PROCESSED | own and not beside:
                            if mark & HOT:
                                fires += 1
                                sum_fires += np.float64(t4[row, x])
                            elif not mark & CLOUDY:
                                n += 1
                                sum4 += np.float64(t4[row, x])
                                sum11 += np.float64(t11[row, x])
                                opens += (mark & OPEN_WATER) != 0
                    x += 1
            size = 2 * half + 1
            share, number = n >= window.share * (size * size), n >= window.least
            enough = (share and number) if window.both else (share or number)
            if enough or size >= window.largest:
                break
            reached = half
            half += 1
        numbers[i, VALID] = n
        numbers[i, FIRES], numbers[i, WATERS] = fires, waters
        numbers[i, LANDS], numbers[i, OPEN] = lands, opens
        warmest = -np.inf
        for y in range(max(line - 1, 0), min(line + 2, rows)):
            for x in range(max(sample - 1, 0), min(sample + 2, columns)):
                mark = flags[y % height, x]
                if mark & PROCESSED and not (y == line and x == sample):
                    numbers[i, BESIDE] += 1
                    numbers[i, CLOUDS_BESIDE] += (mark & CLOUDY) != 0
                    numbers[i, WATERS_BESIDE] += (mark & OVER_WATER) != 0
                    warmest = max(warmest, np.float64(t4[y % height, x]))
        values[i, WARMEST] = warmest
        if not enough or n == 0:
            continue
        numbers[i, WINDOW] = 2 * half + 1
        mean4, mean11, mean_dt = sum4 / n, sum11 / n, (sum4 - sum11) / n
        mean_fires = sum_fires / fires
        above4 = above11 = above_dt = above_fires = 0.0
        n4 = n11 = n_dt = n_fires = 0
        for y in range(top, bottom):
            row = y % height
            for x in range(left, right):
                mark = flags[row, x]
                near = abs(x - sample) <= (1 if window.beside else 0)
                if mark & _GROUND != PROCESSED | own or (y == line and near):
                    continue
                a = np.float64(t4[row, x])
                if mark & HOT:
                    if a > mean_fires:
                        above_fires += a
                        n_fires += 1
                elif not mark & CLOUDY:
                    b = np.float64(t11[row, x])
                    if a > mean4:
                        above4 += a
                        n4 += 1
                    if b > mean11:
                        above11 += b
                        n11 += 1
                    if a - b > mean_dt:
                        above_dt += a - b
                        n_dt += 1
        values[i, MEAN4], values[i, MAD4] = mean4, deviation(above4, n4, sum4, n, mean4)
        values[i, MEAN11], values[i, MAD11] = mean11, deviation(above11, n11, sum11, n, mean11)
        values[i, MEAN_DT] = mean_dt
        values[i, MAD_DT] = deviation(above_dt, n_dt, sum4 - sum11, n, mean_dt)
        if fires > 0:
            values[i, FIRES_MEAN] = mean_fires
            values[i, FIRES_MAD] = deviation(above_fires, n_fires, sum_fires, fires, mean_fires)
    return values, numbers


@compiled
def radiances(
    lines: Counts,
    samples: Counts,
    sizes: Counts,
    beside: bool,
    um: float,
    rows: int,
    t4: Singles,
    flags: Flags,
    coarse: Singles,
) -> Doubles:
    """Return the mean radiance of each background, shape (n, 2): of its pixels at ``um``, and of coarse pixels.

    ``sizes`` are the windows, 0 for none. A coarse pixel counts once for each of its pixels in the background; not at all if
    it holds the pixel itself or a hot one. ``coarse`` holds line 2k in row k modulo its height; empty for none.
    """
    height, columns = flags.shape
    found = np.full((lines.size, 2), np.nan)
    for i in range(lines.size):
        if sizes[i] == 0:
            continue
        line, sample, half = lines[i], samples[i], sizes[i] // 2
        own = flags[line % height, sample] & OVER_WATER
        total = total_coarse = 0.0
        n = n_coarse = 0
        for y in range(max(line - half, 0), min(line + half + 1, rows)):
            for x in range(max(sample - half, 0), min(sample + half + 1, columns)):
                if flags[y % height, x] & _CLEAR != PROCESSED | own or (y == line and x == sample):
                    continue
                if beside and y == line and abs(x - sample) == 1:
                    continue
                total += FIRST / um**5 / np.expm1(SECOND / (um * np.float64(t4[y % height, x])))
                n += 1
                if coarse.size == 0 or (y // 2 == line // 2 and x // 2 == sample // 2):
                    continue
                value = np.float64(coarse[(y // 2) % coarse.shape[0], x // 2])
                burning = False
                for v in range(y // 2 * 2, min(y // 2 * 2 + 2, rows)):
                    for u in range(x // 2 * 2, min(x // 2 * 2 + 2, columns)):
                        burning = burning or (flags[v % height, u] & HOT) != 0
                if value == value and not burning:
                    total_coarse += value
                    n_coarse += 1
        found[i, 0] = total / n
        if n_coarse > 0:
            found[i, 1] = total_coarse / n_coarse
    return found
