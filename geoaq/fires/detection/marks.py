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
    COLDEST_K,
    GOOD,
    GROUND_UNKNOWN,
    HIGH,
    HOTTEST_K,
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
UNKNOWN_GROUND, UNKNOWN_REFLECTANCE, UNKNOWN_SUN, MIRRORING, IMPOSSIBLE = range(5)
COUNTS = 5
# Temperatures at 4 µm are sorted into levels of an eighth of a kelvin: 0 is all that is below the first,
# the last all that is above; and this is a pixel that is not counted.
LEVELS, PER_KELVIN, NO_LEVEL = 42, 8.0, 255

Flags = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int64]

SOURCES = ("geoaq.fires.detection.marks", "geoaq.fires.detection.sections", "geoaq.frames.scenes")
Truth = bool | np.bool_
Kinds = tuple[Truth, Truth, Truth, Truth, Truth, Truth, Truth]
compiled = compiler(SOURCES)


@compiled
def level_of(kelvin: float, lowest: float) -> int:
    """Return the level of a temperature; a higher one never has a lower level."""
    if kelvin < lowest:
        return 0
    return min(int((kelvin - lowest) * PER_KELVIN) + 1, LEVELS - 1)


@compiled
def by_day(
    tests: PixelTests,
    a: float,
    b: float,
    cold: float,
    red: float,
    nir: float,
    swir: float,
    over_water: Truth,
    saturated: Truth,
    far_good: Truth,
) -> Kinds:
    """Return what a pixel is by day.

    Cloud, hot beyond doubt, folded, hot, possible, mirroring, and land like water. ``a`` is 4 µm, ``b`` is
    11 µm.
    """
    cloud, wet, by, asked = tests.cloud, tests.water, tests.fixed, tests.candidate
    d, s = a - b, red + nir
    cloudy = (
        cold < cloud.cold
        or (s > cloud.bright_sum and (cloud.bright_cold == np.inf or cold < cloud.bright_cold))
        or (s > cloud.dull_sum and cold < cloud.dull_cold)
        or (over_water and nir > cloud.water_nir and cold < cloud.water_cold)
    )
    ceiling = saturated and b > by.saturated_t11 and far_good and s < by.saturated_sum
    folded = d < 0.0 and b > tests.folding.day_t11 and far_good
    hot = a > tests.hot.day_t4 and d > tests.hot.day_dt
    possible = a > asked.day_t4_least and d > asked.day_dt_least
    possible = possible and (asked.day_nir == np.inf or nir < asked.day_nir)
    mirrors = swir > tests.bright.swir and swir > nir and nir > tests.bright.nir and a <= tests.bright.t4
    open_water = not over_water and nir + red != 0.0 and (nir - red) / (nir + red) < wet.open_ndvi
    open_water = open_water and swir < wet.open_swir and nir < wet.open_nir
    return cloudy, ceiling or a > by.day_t4, folded, hot, possible, mirrors, open_water


@compiled
def by_night(tests: PixelTests, a: float, b: float, cold: float, saturated: Truth, far_good: Truth) -> Kinds:
    """Return the same of a pixel at night."""
    fold, asked = tests.folding, tests.candidate
    d = a - b
    cloudy = cold < tests.cloud.night_cold and a < tests.cloud.night_t4
    folded = (d < 0.0 and b > fold.night_t11 and far_good) or (a <= fold.night_t4 and b > fold.night_far_t11)
    hot = a > tests.hot.night_t4 and d > tests.hot.night_dt
    possible = a > asked.night_t4 and d > asked.night_dt
    return cloudy, saturated or a > tests.fixed.night_t4, folded, hot, possible, False, False


@compiled
def temperate(kelvin: float) -> bool:
    """Say whether a number can be a brightness temperature; NaN cannot."""
    return COLDEST_K <= kelvin <= HOTTEST_K


@compiled
def code_of(cloudy: Truth, over_water: Truth) -> int:
    """Return the code of a pixel that is no fire."""
    if cloudy:
        return CLOUD
    return WATER if over_water else LAND


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

    ``cold`` is 12 µm where the sensor has it, else 11 µm, which also counts where 12 µm is unknown; what
    cannot be a temperature, or an angle of the sun, is not processed. ``lowest`` is the temperature at which
    levels begin, NaN where none are wanted.
    """
    leveled = lowest == lowest
    for i in range(t4.shape[0]):
        for j in range(t4.shape[1]):
            a, b, zenith = np.float64(t4[i, j]), np.float64(t11[i, j]), np.float64(sun[i, j])
            flags[i, j] = 0
            levels[i, j] = NO_LEVEL
            seen = fill[i, j] == SEEN and a == a and b == b and q4[i, j] != BAD and q11[i, j] != BAD
            possible_k = temperate(a) and temperate(b)
            if not (seen and possible_k and 0.0 <= zenith <= 180.0):
                mask[i, j] = BOW_TIE if fill[i, j] == BOW_TIE_FILL else NOT_PROCESSED
                counts[IMPOSSIBLE] += seen and not possible_k
                counts[UNKNOWN_SUN] += seen and possible_k
                continue
            r, n, w = np.float64(red[i, j]), np.float64(nir[i, j]), np.float64(swir[i, j])
            day, far_good = zenith < tests.light.day_below, q11[i, j] == GOOD
            over_water = water[i, j] == ON_WATER or (tests.water.by_colour and day and r > n and n > w)
            ceiling = q4[i, j] == SATURATED or (tests.fixed.saturates and a >= tests.fixed.saturated_t4)
            saturated = ceiling and tests.fixed.saturates
            c = np.float64(cold[i, j])
            if not temperate(c):
                c = b
            if day:
                found = by_day(tests, a, b, c, r, n, w, over_water, saturated, far_good)
            else:
                found = by_night(tests, a, b, c, saturated, far_good)
            cloudy, fixed, folded, hot, possible, mirrors, open_water = found
            kept = tests.fixed.through_cloud or not cloudy
            fixed, folded = fixed and kept, folded and kept and not fixed
            certain = fixed or folded
            cloudy = cloudy and not certain
            hot = hot or (certain and tests.hot.fixed_too)
            possible = possible and not certain and not cloudy
            counts[UNKNOWN_GROUND] += water[i, j] == GROUND_UNKNOWN
            counts[UNKNOWN_REFLECTANCE] += day and r + n != r + n
            counts[MIRRORING] += possible and mirrors
            possible = possible and not mirrors
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
            if certain:
                mask[i, j] = HIGH if fixed and saturated else NOMINAL
            else:
                mask[i, j] = code_of(cloudy, over_water)
                if leveled and not (cloudy or over_water or hot):
                    levels[i, j] = level_of(a, lowest)
