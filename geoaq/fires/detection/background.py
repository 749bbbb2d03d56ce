"""Backgrounds in growing windows, over hundreds of thousands of candidates. Imported on use only.

Sums of temperatures are exact in double precision, and mean absolute deviations are made of such sums, so
that nothing depends on the order in which the pixels of a window come.
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

compiled = compiler(("geoaq.fires.detection.background", "geoaq.fires.detection.planck", *SOURCES))


@compiled
def deviation(above: float, count_above: int, total: float, count: int, mean: float) -> float:
    """Return the mean absolute deviation from the sum and number of what is above the mean, and of all."""
    below = (count - count_above) * mean - (total - above)
    return ((above - count_above * mean) + below) / count


@compiled
def role(mark: int, own: int, beside: bool) -> int:
    """Say whether a pixel is background (1) or a hot pixel (2) of the own ground, or neither (0)."""
    if beside or mark & _GROUND != PROCESSED | own:
        return 0
    if mark & HOT:
        return 2
    return 0 if mark & CLOUDY else 1


@compiled
def gather(
    line: int,
    sample: int,
    half: int,
    reached: int,
    apart: int,
    rows: int,
    t4: Singles,
    t11: Singles,
    flags: Flags,
    numbers: Counts,
    sums: Doubles,
) -> None:
    """Add the pixels within ``half`` that are farther than ``reached``, and not the pixel itself.

    Of its own line nothing within ``apart`` is background. ``sums`` are those of 4 µm, 11 µm, and 4 µm of hot
    pixels.
    """
    height, columns = flags.shape
    own = flags[line % height, sample] & OVER_WATER
    n = fires = waters = lands = opens = 0
    sum4 = sum11 = sum_fires = 0.0
    left, right = max(sample - half, 0), min(sample + half + 1, columns)
    for y in range(max(line - half, 0), min(line + half + 1, rows)):
        row = y % height
        inner = abs(y - line) <= reached  # of this line only both ends are new
        x = left - 1
        while x + 1 < right:
            x += 1
            if inner and abs(x - sample) <= reached:
                x = sample + reached
                continue
            mark = flags[row, x]
            if not mark & PROCESSED or (y == line and x == sample):
                continue
            over_water = (mark & OVER_WATER) != 0
            waters += over_water
            lands += not over_water
            part = role(mark, own, y == line and abs(x - sample) <= apart)
            if part == 1:
                n += 1
                sum4 += np.float64(t4[row, x])
                sum11 += np.float64(t11[row, x])
                opens += (mark & OPEN_WATER) != 0
            elif part == 2:
                fires += 1
                sum_fires += np.float64(t4[row, x])
    numbers[VALID] += n
    numbers[FIRES] += fires
    numbers[WATERS] += waters
    numbers[LANDS] += lands
    numbers[OPEN] += opens
    sums[0] += sum4
    sums[1] += sum11
    sums[2] += sum_fires


@compiled
def look_beside(
    line: int, sample: int, rows: int, t4: Singles, flags: Flags, numbers: Counts, values: Doubles
) -> None:
    """Note the eight neighbours: how many, how many clouds and waters, and the warmest of them."""
    height, columns = flags.shape
    values[WARMEST] = -np.inf
    for y in range(max(line - 1, 0), min(line + 2, rows)):
        for x in range(max(sample - 1, 0), min(sample + 2, columns)):
            mark = flags[y % height, x]
            if mark & PROCESSED and not (y == line and x == sample):
                numbers[BESIDE] += 1
                numbers[CLOUDS_BESIDE] += (mark & CLOUDY) != 0
                numbers[WATERS_BESIDE] += (mark & OVER_WATER) != 0
                values[WARMEST] = max(values[WARMEST], np.float64(t4[y % height, x]))


@compiled
def spread(
    line: int,
    sample: int,
    half: int,
    apart: int,
    rows: int,
    t4: Singles,
    t11: Singles,
    flags: Flags,
    numbers: Counts,
    sums: Doubles,
    values: Doubles,
) -> None:
    """Set means and mean absolute deviations of a background that was gathered."""
    height, columns = flags.shape
    own = flags[line % height, sample] & OVER_WATER
    n, fires = numbers[VALID], numbers[FIRES]
    mean4, mean11, mean_dt, mean_fires = sums[0] / n, sums[1] / n, (sums[0] - sums[1]) / n, sums[2] / fires
    above4 = above11 = above_dt = above_fires = 0.0
    n4 = n11 = n_dt = n_fires = 0
    for y in range(max(line - half, 0), min(line + half + 1, rows)):
        row = y % height
        for x in range(max(sample - half, 0), min(sample + half + 1, columns)):
            part = role(flags[row, x], own, y == line and abs(x - sample) <= apart)
            a, b = np.float64(t4[row, x]), np.float64(t11[row, x])
            if part == 1:
                if a > mean4:
                    above4 += a
                    n4 += 1
                if b > mean11:
                    above11 += b
                    n11 += 1
                if a - b > mean_dt:
                    above_dt += a - b
                    n_dt += 1
            elif part == 2 and a > mean_fires:
                above_fires += a
                n_fires += 1
    values[MEAN4], values[MAD4] = mean4, deviation(above4, n4, sums[0], n, mean4)
    values[MEAN11], values[MAD11] = mean11, deviation(above11, n11, sums[1], n, mean11)
    values[MEAN_DT], values[MAD_DT] = mean_dt, deviation(above_dt, n_dt, sums[0] - sums[1], n, mean_dt)
    if fires > 0:
        values[FIRES_MEAN] = mean_fires
        values[FIRES_MAD] = deviation(above_fires, n_fires, sums[2], fires, mean_fires)


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
    values = np.full((lines.size, 9), np.nan)
    numbers = np.zeros((lines.size, 9), np.int64)
    sums = np.empty(3)
    apart = 1 if window.beside else 0
    for i in range(lines.size):
        line, sample = lines[i], samples[i]
        sums[:] = 0.0
        reached, enough = -1, False
        for half in range(window.smallest // 2, window.largest // 2 + 1):
            gather(line, sample, half, reached, apart, rows, t4, t11, flags, numbers[i], sums)
            reached = half
            n, pixels = numbers[i, VALID], (2 * half + 1) ** 2
            share, number = n >= window.share * pixels, n >= window.least
            enough = (share and number) if window.both else (share or number)
            if enough:
                break
        look_beside(line, sample, rows, t4, flags, numbers[i], values[i])
        if enough and numbers[i, VALID] > 0:
            numbers[i, WINDOW] = 2 * reached + 1
            spread(line, sample, reached, apart, rows, t4, t11, flags, numbers[i], sums, values[i])
    return values, numbers


@compiled
def burning(line: int, sample: int, rows: int, flags: Flags) -> bool:
    """Say whether the coarse pixel that holds a pixel holds a hot one."""
    for y in range(line // 2 * 2, min(line // 2 * 2 + 2, rows)):
        for x in range(sample // 2 * 2, min(sample // 2 * 2 + 2, flags.shape[1])):
            if flags[y % flags.shape[0], x] & HOT:
                return True
    return False


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
    """Return the mean radiances of each background, shape (n, 2): at ``um``, and of coarse pixels.

    ``sizes`` are the windows, 0 for none. A coarse pixel counts once for each of its pixels in the
    background; not at all if it holds the pixel itself or a hot one. ``coarse`` holds line 2k in row k
    modulo its height; it is empty where there is none.
    """
    height, columns = flags.shape
    found = np.full((lines.size, 2), np.nan)
    apart = 1 if beside else 0
    for i in range(lines.size):
        if sizes[i] == 0:
            continue
        line, sample, half = lines[i], samples[i], sizes[i] // 2
        own = flags[line % height, sample] & OVER_WATER
        total = total_coarse = 0.0
        n = n_coarse = 0
        for y in range(max(line - half, 0), min(line + half + 1, rows)):
            for x in range(max(sample - half, 0), min(sample + half + 1, columns)):
                if role(flags[y % height, x], own, y == line and abs(x - sample) <= apart) != 1:
                    continue
                total += FIRST / um**5 / np.expm1(SECOND / (um * np.float64(t4[y % height, x])))
                n += 1
                if coarse.size == 0 or (y // 2 == line // 2 and x // 2 == sample // 2):
                    continue
                value = np.float64(coarse[(y // 2) % coarse.shape[0], x // 2])
                if value == value and not burning(y, x, rows, flags):
                    total_coarse += value
                    n_coarse += 1
        found[i, 0] = total / n
        if n_coarse > 0:
            found[i, 1] = total_coarse / n_coarse
    return found
