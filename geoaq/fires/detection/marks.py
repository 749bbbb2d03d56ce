"""The tests that a pixel is put to itself, over millions of pixels. Imported on use only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.fires.detection.sections import PixelTests
from geoaq.frames.scenes import (
    BAD,
    BOW_TIE,
    BOW_TIE_FILL,
    CLOUD,
    GOOD,
    GROUND_UNKNOWN,
    HIGH,
    LAND,
    NOMINAL,
    NOT_PROCESSED,
    ON_WATER,
    SATURATED,
    SEEN,
    WATER,
    Marks,
    Singles,
)

# What is known of a pixel before it is compared with others.
PROCESSED, OVER_WATER, CLOUDY, HOT, BY_DAY, FIXED, FOLDED, OPEN_WATER, POSSIBLE, CEILING = (
    1 << bit for bit in range(10)
)
# What is counted besides: places of an array.
UNKNOWN_GROUND, UNKNOWN_REFLECTANCE, UNKNOWN_SUN, MIRRORING = range(4)
COUNTS = 4
# Temperatures at 4 µm are sorted into levels of an eighth of a kelvin: 0 is all that is below the first, the last
# all that is above; and this is a pixel that is not counted.
LEVELS, PER_KELVIN, NO_LEVEL = 42, 8.0, 255

Flags = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int64]

SOURCES = ("geoaq.fires.detection.marks", "geoaq.fires.detection.sections", "geoaq.frames.scenes")
compiled = compiler(SOURCES)


@compiled
def level_of(kelvin: float, lowest: float) -> int:
    """Return the level of a temperature; a higher one never has a lower level."""
    if kelvin < lowest:
        return 0
    return min(int((kelvin - lowest) * PER_KELVIN) + 1, LEVELS - 1)


@compiled
def mark_rows(
    tests: PixelTests,
    lowest: float,
    t4: Singles,
    t11: Singles,
    cold: Singles,
    red: Singles,
    nir: Singles,
    swir: Singles,
    sun: Singles,
    water: Marks,
    q4: Marks,
    q11: Marks,
    fill: Marks,
    flags: Flags,
    levels: Marks,
    mask: Marks,
    counts: Counts,
) -> None:
    """Set flags, levels and the first mask of some rows, all arrays shape (rows, columns).

    ``cold`` is 12 µm where the sensor has it, else 11 µm; ``lowest`` the temperature at which levels begin, NaN
    where none are wanted.
    """
    day_below = tests.light.day_below
    cloud, wet, fixed_by, fold = tests.cloud, tests.water, tests.fixed, tests.folding
    hot_by, bright_by, asked = tests.hot, tests.bright, tests.candidate
    for i in range(t4.shape[0]):
        for j in range(t4.shape[1]):
            a, b, zenith = np.float64(t4[i, j]), np.float64(t11[i, j]), np.float64(sun[i, j])
            flags[i, j] = 0
            levels[i, j] = NO_LEVEL
            seen = fill[i, j] == SEEN and a == a and b == b and q4[i, j] != BAD and q11[i, j] != BAD
            if not seen or zenith != zenith:
                mask[i, j] = BOW_TIE if fill[i, j] == BOW_TIE_FILL else NOT_PROCESSED
                counts[UNKNOWN_SUN] += seen
                continue
            c = np.float64(cold[i, j])
            r, n, w = np.float64(red[i, j]), np.float64(nir[i, j]), np.float64(swir[i, j])
            d, s = a - b, r + n
            day = zenith < day_below
            over_water = water[i, j] == ON_WATER or (wet.by_colour and day and r > n and n > w)
            counts[UNKNOWN_GROUND] += water[i, j] == GROUND_UNKNOWN
            ceiling = q4[i, j] == SATURATED or (fixed_by.saturates and a >= fixed_by.saturated_t4)
            saturated = ceiling and fixed_by.saturates
            open_water = mirrors = False
            if day:
                counts[UNKNOWN_REFLECTANCE] += s != s
                cloudy = (
                    c < cloud.cold
                    or (s > cloud.bright_sum and (cloud.bright_cold == np.inf or c < cloud.bright_cold))
                    or (s > cloud.dull_sum and c < cloud.dull_cold)
                    or (over_water and n > cloud.water_nir and c < cloud.water_cold)
                )
                fixed = a > fixed_by.day_t4 or (
                    saturated
                    and b > fixed_by.saturated_t11
                    and q11[i, j] == GOOD
                    and s < fixed_by.saturated_sum
                )
                folded = d < 0.0 and b > fold.day_t11 and q11[i, j] == GOOD
                hot = a > hot_by.day_t4 and d > hot_by.day_dt
                possible = a > asked.day_t4_least and d > asked.day_dt_least
                possible = possible and (asked.day_nir == np.inf or n < asked.day_nir)
                mirrors = w > bright_by.swir and w > n and n > bright_by.nir and a <= bright_by.t4
                open_water = (
                    not over_water
                    and n + r != 0.0
                    and (n - r) / (n + r) < wet.open_ndvi
                    and w < wet.open_swir
                    and n < wet.open_nir
                )
            else:
                cloudy = c < cloud.night_cold and a < cloud.night_t4
                fixed = saturated or a > fixed_by.night_t4
                folded = (d < 0.0 and b > fold.night_t11 and q11[i, j] == GOOD) or (
                    a <= fold.night_t4 and b > fold.night_far_t11
                )
                hot = a > hot_by.night_t4 and d > hot_by.night_dt
                possible = a > asked.night_t4 and d > asked.night_dt
            if cloudy and not fixed_by.through_cloud:
                fixed = folded = False
            folded = folded and not fixed
            if fixed or folded:
                cloudy = possible = False
                hot = hot or hot_by.fixed_too
            elif cloudy:
                possible = False
            elif mirrors:
                counts[MIRRORING] += possible
                possible = False
            flags[i, j] = (
                PROCESSED
                | OVER_WATER * over_water
                | CLOUDY * cloudy
                | HOT * hot
                | BY_DAY * day
                | FIXED * fixed
                | FOLDED * folded
                | OPEN_WATER * open_water
                | POSSIBLE * possible
                | CEILING * ceiling
            )
            if fixed:
                mask[i, j] = HIGH if saturated else NOMINAL
            elif folded:
                mask[i, j] = NOMINAL
            elif cloudy:
                mask[i, j] = CLOUD
            elif over_water:
                mask[i, j] = WATER
            else:
                mask[i, j] = LAND
                if not hot and lowest == lowest:
                    levels[i, j] = level_of(a, lowest)
