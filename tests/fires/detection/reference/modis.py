"""The 1 km fires of MODIS, collection 6, literally: Giglio, Schroeder and Justice (2016), Remote Sensing of
Environment 178, 31-41, where it changes Giglio et al. (2003), Remote Sensing of Environment 87, 273-282.

The numbers stand in place. Confidence is the geometric mean of ramps (Giglio et al. 2003, section 3.4), by
day with the ends that a real granule of collection 6 follows to the last per cent.
"""

from __future__ import annotations

import math

import numpy as np

from geoaq.frames.scenes import (
    GLINT,
    HIGH,
    LAND,
    LOW,
    NOMINAL,
    UNCLASSIFIED,
    WATER,
    ScenePlaces,
    SceneRows,
)
from tests.fires.detection.reference.common import (
    Answer,
    Background,
    Bands,
    Flags,
    Pixel,
    background,
    bands_of,
    box,
    neighbours,
    plain_mask,
)

WINDOWS = range(3, 22, 2)


def detect(rows: SceneRows, places: ScenePlaces) -> Answer:
    """Return what the published algorithm finds."""
    b = bands_of(rows, places)
    day = b.sun < 85.0
    s = b.red + b.nir
    water = b.on_water  # by the mask alone
    by_day = (
        (s > 1.2)
        | (b.t12 < 265.0)
        | ((s > 0.7) & (b.t12 < 285.0))
        | (water & (b.nir > 0.25) & (b.t12 < 300.0))
    )
    cloud = b.processed & np.where(day, by_day, b.t12 < 265.0)
    clear = b.processed & ~cloud
    absolute = clear & np.where(day, b.t4 > 360.0, b.t4 > 320.0)
    fires = b.processed & np.where(day, (b.t4 > 325.0) & (b.d > 20.0), (b.t4 > 310.0) & (b.d > 10.0))
    usable = clear & ~fires
    with np.errstate(invalid="ignore", divide="ignore"):
        ndvi = (b.nir - b.red) / (b.nir + b.red)
    unmasked_water = b.processed & day & ~water & (ndvi < 0.0) & (b.swir < 0.05) & (b.nir < 0.15)

    candidates = potential(b, day, clear, absolute) | absolute
    mask = plain_mask(b, cloud, water)
    found: dict[Pixel, Background] = {}
    confidence: dict[Pixel, int] = {}
    rule_of: dict[Pixel, str] = {}
    for y, x in zip(*np.nonzero(candidates), strict=True):
        pixel = int(y), int(x)
        around, enough = background(
            pixel, b, usable, fires, water, WINDOWS, share=0.25, least=8, both=True, along_scan=1
        )
        if enough:
            found[pixel] = around
        elif not absolute[pixel]:
            mask[pixel] = UNCLASSIFIED
            continue
        rule_of[pixel] = "absolute" if absolute[pixel] else "contextual"
        if not absolute[pixel] and not stands_out(pixel, b, bool(day[pixel]), around):
            continue
        rejected = day[pixel] and rejection(
            pixel, b, bool(absolute[pixel]), usable, water, unmasked_water, around
        )
        if rejected:
            mask[pixel] = rejected
            continue
        confidence[pixel] = percent = confidence_of(
            pixel, b, bool(day[pixel]), cloud, water, around if enough else None
        )
        mask[pixel] = LOW if percent < 30 else NOMINAL if percent < 80 else HIGH
    return Answer(mask, found, confidence, int(candidates.sum()), rule_of)


def potential(b: Bands, day: Flags, clear: Flags, absolute: Flags) -> Flags:
    """Return potential fires: by day above thresholds of the scene around them, by night above fixed ones."""
    chosen = clear & ~day & (b.t4 > 305.0) & (b.d > 10.0)
    typical = clear & day & ~absolute
    # The thresholds are never below 300 K and 10 K, so that nothing cooler needs its means.
    for y, x in zip(*np.nonzero(clear & day & (b.t4 > 300.0) & (b.d > 10.0) & (b.nir < 0.35)), strict=True):
        cut = box(int(y), int(x), 150, b.t4.shape, half_lines=15)
        t4, d = b.t4[cut][typical[cut]], b.d[cut][typical[cut]]
        hot = 330.0 if t4.size == 0 else min(330.0, max(300.0, float(t4.mean()) + 5.0))
        step = 35.0 if d.size == 0 else min(35.0, max(10.0, float(d.mean()) + 5.0))
        chosen[y, x] = b.t4[y, x] > hot and b.d[y, x] > step
    return chosen


def stands_out(pixel: Pixel, b: Bands, day: bool, a: Background) -> bool:
    """Say whether a potential fire stands out from its background."""
    t4, t11, d = float(b.t4[pixel]), float(b.t11[pixel]), float(b.d[pixel])
    hot = d > a.mean_dt + 3.5 * a.mad_dt and d > a.mean_dt + 6.0 and t4 > a.mean4 + 3.0 * a.mad4
    return hot and (not day or t11 > a.mean11 + a.mad11 - 4.0 or a.fire_mad4 > 5.0)


def rejection(
    pixel: Pixel, b: Bands, absolute: bool, usable: Flags, water: Flags, unmasked: Flags, a: Background
) -> int:
    """Return what a fire of the day is taken for instead, or 0."""
    cut = box(*pixel, a.window // 2, b.t4.shape)
    seen = b.processed[cut]
    t4, t11, nir, glint = (float(x[pixel]) for x in (b.t4, b.t11, b.nir, b.glint))
    line, sample = pixel
    own = np.zeros_like(b.processed)
    own[pixel] = True
    waters = int(np.count_nonzero(water[cut] & seen & ~own[cut]))
    lands = int(np.count_nonzero(~water[cut] & seen & ~own[cut]))
    if (
        glint < 2.0
        or (glint < 10.0 and b.red[pixel] > 0.1 and nir > 0.2 and b.swir[pixel] > 0.12)
        or (glint < 15.0 and waters > 0)
    ):
        return GLINT
    if absolute:
        return 0
    if water[pixel]:
        return WATER if lands > 0 or desert_edge(t4, nir, a) else 0
    own[line, max(0, sample - 1) : sample + 2] = True  # what the background leaves out
    if np.any(unmasked[cut] & usable[cut] & ~own[cut]):
        return LAND
    forest_clearing = t11 > a.mean11 + 3.7 * a.mad11 and nir > 0.28 and t4 < 325.0
    return LAND if forest_clearing or desert_edge(t4, nir, a) else 0


def desert_edge(t4: float, nir: float, a: Background) -> bool:
    """Say whether the pixel is like the many hot pixels beside it."""
    return (
        a.fires > 0.1 * a.n
        and a.fires >= 4
        and nir > 0.15
        and a.fire_mean4 < 345.0
        and a.fire_mad4 < 3.0
        and t4 < a.fire_mean4 + 6.0 * a.fire_mad4
    )


def ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def over(excess: float, spread: float) -> float:
    """Return the excess in units of the spread; without any spread it is out of all proportion."""
    return excess / spread if spread > 0.0 else math.copysign(math.inf, excess)


def confidence_of(pixel: Pixel, b: Bands, day: bool, cloud: Flags, water: Flags, a: Background | None) -> int:
    """Return confidence in per cent, by the temperature alone where there is no background."""
    t4, d = float(b.t4[pixel]), float(b.d[pixel])
    parts = [ramp(t4, 300.0, 360.0) if day else ramp(t4, 305.0, 320.0)]
    if a is not None:
        parts.append(ramp(over(t4 - a.mean4, a.mad4), 3.0, 6.0))
        parts.append(ramp(over(d - a.mean_dt, a.mad_dt), 3.5, 6.0))
        if day:
            around = [p for p in neighbours(*pixel, b.t4.shape) if b.processed[p]]
            parts.append(1.0 - ramp(sum(int(cloud[p]) for p in around), 0.0, 4.0))
            parts.append(1.0 - ramp(sum(int(water[p]) for p in around), 0.0, 4.0))
    return math.floor(100.0 * math.prod(parts) ** (1.0 / len(parts)) + 1e-9)
