"""The 375 m fires of VIIRS, literally, with the published numbers in place.

Schroeder et al. (2014), Remote Sensing of Environment 143, 85-96, and the algorithm theoretical basis
document of VNP14IMG (Schroeder and Giglio, 2016). Where the two differ, or say nothing, the comment says what
is taken. The candidate test joins its two halves by AND: the OR in the typeset paper is a misprint, refuted
by its own figure 4 and by the real product.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geoaq.frames.scenes import (
    CLOUD,
    GLINT,
    GOOD,
    HIGH,
    LAND,
    LOW,
    NOMINAL,
    SATURATED,
    UNCLASSIFIED,
    WATER,
    ScenePlaces,
    SceneRows,
)
from tests.fires.detection.reference.common import (
    Answer,
    Background,
    Bands,
    Doubles,
    Flags,
    Marks,
    Pixel,
    background,
    bands_of,
    beside,
    box,
    neighbours,
    plain_mask,
)

WINDOWS = range(11, 32, 2)  # section 3.2: 11×11 grows to 31×31


class Masks(NamedTuple):
    """What can be said of each pixel by itself."""

    b: Bands
    day: Flags
    fixed_high: Flags
    fixed_nominal: Flags
    folding: Flags
    cloud: Flags
    water: Flags
    fires: Flags
    bright: Flags


def detect(rows: SceneRows, places: ScenePlaces, *, both: bool = False) -> Answer:
    """Return what the published algorithm finds; ``both`` asks for 25 % and 10 pixels instead of either."""
    return decide(masks_of(rows, places), both=both)


def masks_of(rows: SceneRows, places: ScenePlaces) -> Masks:
    """Return the masks of a scene."""
    b = bands_of(rows, places)
    day = b.sun < 90.0  # night is a solar zenith angle of 90° and more
    s = b.red + b.nir
    fixed_high, fixed_nominal = fixed_fires(b, day, s)
    folding = folding_fires(b, day) & ~fixed_high & ~fixed_nominal
    sure = fixed_high | fixed_nominal | folding

    # Table 1: opaque clouds
    by_day = (b.t11 < 265.0) | ((s > 0.9) & (b.t11 < 295.0)) | ((s > 0.7) & (b.t11 < 285.0))
    by_night = (b.t11 < 265.0) & (b.t4 < 295.0)
    cloud = b.processed & np.where(day, by_day, by_night) & ~sure
    # A mask of water, and the falling spectrum of water by day
    water = b.on_water | (day & (b.red > b.nir) & (b.nir > b.swir))
    # Background fires stay out of every background
    fires = b.processed & (sure | np.where(day, (b.t4 > 335.0) & (b.d > 30.0), (b.t4 > 300.0) & (b.d > 10.0)))
    # Bright targets, without the further clauses that the paper prints and the ATBD drops
    bright = day & (b.swir > 0.3) & (b.swir > b.nir) & (b.nir > 0.25) & (b.t4 <= 335.0)
    return Masks(b, day, fixed_high, fixed_nominal, folding, cloud, water, fires, bright)


def decide(m: Masks, *, both: bool = False, lines: slice = slice(None)) -> Answer:
    """Decide on every candidate of a scene, or on those of some lines of it only."""
    b = m.b
    sure = m.fixed_high | m.fixed_nominal | m.folding
    usable = b.processed & ~m.cloud & ~m.fires
    here = np.zeros(b.t4.shape, bool)
    here[lines] = True
    asked = b.processed & ~m.cloud & ~m.bright & ~sure & here
    candidates = candidates_of(b, m.day, asked, usable & ~m.water)

    mask = plain_mask(b, m.cloud, m.water)
    mask[m.fixed_high] = HIGH
    mask[m.fixed_nominal | m.folding] = NOMINAL
    found: dict[Pixel, Background] = {}
    contextual = np.zeros(mask.shape, bool)
    rule_of = dict.fromkeys(pixels(m.fixed_high | m.fixed_nominal), "fixed")
    rule_of |= dict.fromkeys(pixels(m.folding), "folding")
    for pixel in [*pixels(candidates), *pixels(sure & here)]:
        around, enough = background(
            pixel, b, usable, m.fires, m.water, WINDOWS, share=0.25, least=10, both=both, along_scan=0
        )
        if enough:
            found[pixel] = around
        if sure[pixel]:
            continue
        day, water = bool(m.day[pixel]), bool(m.water[pixel])
        mask[pixel] = verdict(pixel, b, day, water, around) if enough else UNCLASSIFIED
        contextual[pixel] = mask[pixel] == NOMINAL
        rule_of[pixel] = "contextual"
    lower(b, m.day, contextual, mask)
    residual(b, m.day, m.fixed_high, mask)
    return Answer(mask, found, {}, int(candidates.sum()), rule_of)


def pixels(flags: Flags) -> list[Pixel]:
    return [(int(y), int(x)) for y, x in zip(*np.nonzero(flags), strict=True)]


def fixed_fires(b: Bands, day: Flags, s: Doubles) -> tuple[Flags, Flags]:
    """Return saturated fires (367 K), and the fires of the night above 320 K.

    The real product calls the second nominal: 45 of 47 rows of NOAA-21 NRT of 2025-04-07.
    """
    saturated = (b.q4 == SATURATED) | (b.t4 >= 367.0)
    by_day = day & saturated & (b.t11 > 290.0) & (b.q11 == GOOD) & (s < 0.7)
    high = b.processed & (by_day | (~day & saturated))
    return high, b.processed & ~day & ~saturated & (b.t4 > 320.0) & (b.q4 == GOOD)


def folding_fires(b: Bands, day: Flags) -> Flags:
    """Return fires so hot that I4 folded; the lower end is 208 K in the paper, 207.38 K in real rows."""
    by_day = (b.d < 0.0) & (b.t11 > 325.0) & (b.q11 == GOOD)
    by_night = ((b.d < 0.0) & (b.t11 > 310.0) & (b.q11 == GOOD)) | ((b.t4 <= 210.0) & (b.t11 > 335.0))
    return b.processed & np.where(day, by_day, by_night)


def candidates_of(b: Bands, day: Flags, asked: Flags, clear_land: Flags) -> Flags:
    """Return the candidates: by day above BT4s of their own 501×501 window, by night above 295 K."""
    candidates = asked & ~day & (b.t4 > 295.0) & (b.d > 10.0)
    # BT4s is never below 325 K, so that nothing cooler needs its median.
    for pixel in pixels(asked & day & (b.t4 > 325.0) & (b.d > 25.0)):
        cut = box(*pixel, 250, b.t4.shape)
        land = b.t4[cut][clear_land[cut]]
        threshold = 330.0 if land.size < 10 else min(330.0, max(325.0, float(np.median(land)) + 25.0))
        candidates[pixel] = b.t4[pixel] > threshold
    return candidates


def verdict(pixel: Pixel, b: Bands, day: bool, water: bool, a: Background) -> int:
    """Return the class of a candidate by its background: NOMINAL, GLINT, or the ground that it stands on."""
    ground = WATER if water else LAND
    t4, t11, d, nir = (float(x[pixel]) for x in (b.t4, b.t11, b.d, b.nir))
    if not day:
        hot = d > a.mean_dt + 3.0 * a.mad_dt and d > a.mean_dt + 9.0 and t4 > a.mean4 + 3.0 * a.mad4
        return NOMINAL if hot else ground
    if not (
        d > a.mean_dt + 2.0 * a.mad_dt
        and d > a.mean_dt + 10.0
        and t4 > a.mean4 + 3.5 * a.mad4
        and (t11 > a.mean11 + a.mad11 - 4.0 or a.fire_mad4 > 5.0)
    ):
        return ground
    desert_edge = (
        a.fires > 0.1 * a.n
        and a.fires > 4
        and nir > 0.15
        and a.fire_mean4 < 345.0
        and a.fire_mad4 < 3.0
        and t4 < a.fire_mean4 + 6.0 * a.fire_mad4
    )
    if desert_edge:
        return ground
    glint, s = float(b.glint[pixel]), float(b.red[pixel] + b.nir[pixel])
    if (glint < 15.0 and s > 0.35) or (glint < 25.0 and s > 0.40):
        return GLINT
    return NOMINAL


def lower(b: Bands, day: Flags, contextual: Flags, mask: Marks) -> None:
    """Lower weak or glinting contextual fires of the day that stand alone; all at once, as the mask was."""
    before = mask.copy()
    for pixel in pixels(contextual & day & ((b.d <= 30.0) | (b.glint < 15.0))):
        around = [p for p in neighbours(*pixel, before.shape) if b.processed[p]]
        alone = not any(before[p] in (NOMINAL, HIGH) for p in around)
        weak = bool(around) and b.t4[pixel] - max(b.t4[p] for p in around) < 15.0
        glints = sum(int(before[p] == GLINT) for p in around)
        if (alone and weak) or not around or glints >= 2:
            mask[pixel] = LOW


def residual(b: Bands, day: Flags, fixed_high: Flags, mask: Marks) -> None:
    """Put to low what saturation or folding left beside a fire (ATBD); all at once, on the mask before."""
    fire = (mask == NOMINAL) | (mask == HIGH)
    strange = (b.t11 >= 325.0) | (b.t4 == 355.0) | (b.d < 0.0)
    mask[b.processed & day & strange & (mask != CLOUD) & (mask != GLINT) & ~fixed_high & beside(fire)] = LOW
