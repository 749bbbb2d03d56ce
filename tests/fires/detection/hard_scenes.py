"""Small scenes in memory that are hard on a detector: coasts, glint, saturation, fill, night, rare ground.

Nothing here is physics. Each pixel is drawn so that thresholds are met, missed and just missed, and clear
pixels are made so rare in places that windows have to grow, some in vain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.frames.scenes import (
    BAD,
    BOW_TIE_FILL,
    GOOD,
    GROUND_UNKNOWN,
    NO_DATA,
    ON_LAND,
    ON_WATER,
    SATURATED,
    SEEN,
    ScenePlaces,
    SceneRows,
)

Singles = npt.NDArray[np.float32]


class HardScene(NamedTuple):
    """Arrays of one scene."""

    rows: SceneRows
    places: ScenePlaces
    times: npt.NDArray[np.float64]


def smooth(random: np.random.Generator, shape: tuple[int, int], scale: int) -> npt.NDArray[np.float64]:
    """Return a smooth field from 0 to 1, about ``scale`` pixels from hill to hill."""
    coarse = random.uniform(size=(shape[0] // scale + 3, shape[1] // scale + 3))
    y, x = (np.arange(n) / scale for n in shape)
    by_rows = np.array([np.interp(x, np.arange(coarse.shape[1]), row) for row in coarse])
    return np.array([np.interp(y, np.arange(coarse.shape[0]), column) for column in by_rows.T]).T


def hard_scene(
    seed: int, shape: tuple[int, int] = (200, 220), *, sensor: str = "viirs", sun: str = "day",
    fires: float = 0.06, clear: tuple[float, float] = (0.002, 0.6), desert: float = 0.14,
) -> HardScene:  # fmt: skip
    """Return a scene.

    ``sun`` is day, night or terminator (which also lies across the windows); ``fires`` the share of pixels
    that are made hot; ``clear`` the share of clear pixels where they are rarest and where they abound;
    ``desert`` the share, about, that is hot ground, alike over many pixels.
    """
    r = np.random.default_rng(seed)
    base = 300.0 + 12.0 * (smooth(r, shape, 40) - 0.5) + r.normal(0.0, 2.0, shape)
    t11 = base.copy()
    t4 = base + r.uniform(0.0, 8.0, shape)
    red, nir, swir = (r.uniform(low, high, shape) for low, high in ((0.03, 0.2), (0.1, 0.34), (0.05, 0.29)))
    water_mask = smooth(r, shape, 25) > 0.62
    unmasked = smooth(r, shape, 15) > 0.9
    wet = water_mask | unmasked
    red[wet], nir[wet], swir[wet] = (
        r.uniform(*edges, int(wet.sum())) for edges in ((0.05, 0.12), (0.03, 0.1), (0.0, 0.06))
    )
    bright = r.uniform(size=shape) < 0.02
    nir[bright], swir[bright] = 0.28, 0.36
    t4[bright] += 25.0

    sea_of_clouds = r.uniform(size=shape) > clear[0] + (clear[1] - clear[0]) * smooth(r, shape, 60) ** 4
    kind = r.integers(0, 4, shape)
    t11[sea_of_clouds & (kind == 0)] = 250.0
    t4[sea_of_clouds & (kind == 0)] = 262.0
    for which, value, cold in ((1, 0.62, 290.0), (2, 0.36, 284.0)):
        here = sea_of_clouds & (kind == which)
        red[here], nir[here] = value, value + 0.01
        t11[here] = cold - r.uniform(0.0, 4.0, int(here.sum()))
        t4[here] = t11[here] + 12.0
    t11[sea_of_clouds & (kind == 3)] = 264.5
    t4[sea_of_clouds & (kind == 3)] = 280.0

    hot = (r.uniform(size=shape) < fires * (0.3 + 1.4 * smooth(r, shape, 30))) & ~wet
    hot |= (r.uniform(size=shape) < 0.02) & wet
    n = int(hot.sum())
    extra = r.choice([22.0, 26.0, 31.0, 45.0, 62.0], n) + r.uniform(-3.0, 3.0, n)
    t11[hot] = base[hot] + r.uniform(-6.0, 12.0, n)
    t4[hot] = t11[hot] + extra
    red[hot] = r.uniform(0.03, 0.3, n)
    nir[hot] = r.uniform(0.08, 0.36, n)
    patch = smooth(r, shape, 22) > 1.0 - desert
    n = int(patch.sum())
    t11[patch] = 306.0 + r.normal(0.0, 1.0, n)
    t4[patch] = 339.0 + r.normal(0.0, 1.5, n)
    red[patch], nir[patch], swir[patch] = 0.2, 0.22, 0.25

    q4, q11 = np.full(shape, GOOD, np.uint8), np.full(shape, GOOD, np.uint8)
    odd = r.uniform(size=shape)
    t4[odd < 0.004], t11[odd < 0.004] = 367.0, 305.0 + 40.0 * r.uniform(size=int((odd < 0.004).sum()))
    q4[odd < 0.003] = SATURATED
    folded = (odd > 0.004) & (odd < 0.007)
    t4[folded], t11[folded] = (
        r.choice([207.38, 215.0, 320.0], int(folded.sum())),
        r.uniform(300.0, 350.0, int(folded.sum())),
    )
    t4[(odd > 0.007) & (odd < 0.008)] = 355.0
    t11[(odd > 0.008) & (odd < 0.009)] = 325.0
    odd = r.uniform(size=shape)
    q4[odd < 0.004] = BAD
    q11[(odd > 0.004) & (odd < 0.008)] = BAD
    q11[(odd > 0.008) & (odd < 0.012)] = SATURATED

    fill = np.full(shape, SEEN, np.uint8)
    edge = np.minimum(np.arange(shape[1]), np.arange(shape[1])[::-1])
    line = np.arange(shape[0]) % 32
    fill[np.ix_((line < 2) | (line > 29), edge < 60)] = BOW_TIE_FILL
    fill[np.ix_((line < 4) | (line > 27), edge < 30)] = BOW_TIE_FILL
    fill[:, :3] = NO_DATA
    fill[r.uniform(size=shape) < 0.003] = NO_DATA

    y, x = np.mgrid[: shape[0], : shape[1]] / np.array(shape)[:, None, None]
    boundary = 90.0 if sensor == "viirs" else 85.0
    zenith = {"day": 32.0 + 10.0 * x, "night": 130.0 + x, "terminator": boundary + 6.0 * (x + 0.4 * y - 0.7)}[
        sun
    ]
    dark = zenith >= 90.0
    if sun != "day":  # the night is cooler
        cooler = 25.0 if sun == "night" else 8.0
        t4 -= np.where(zenith >= boundary, cooler, 0.0) * (t4 < 360.0) * (t4 > 208.0)
        t11 -= np.where(zenith >= boundary, cooler, 0.0) * (t11 < 325.0)
    for band in (red, nir, swir):
        band[dark] = np.nan
    for band, share in ((t4, 0.003), (t11, 0.003), (red, 0.004), (nir, 0.004), (swir, 0.004)):
        band[r.uniform(size=shape) < share] = np.nan
    water = np.where(water_mask, ON_WATER, ON_LAND).astype(np.uint8)
    water[r.uniform(size=shape) < 0.01] = GROUND_UNKNOWN

    view_azimuth = np.where(x < 0.5, 100.0, 280.0) + r.normal(0.0, 1.0, shape)
    view_zenith = np.abs(x - 0.5) * 130.0
    sun_azimuth = np.full(shape, 95.0) + 10.0 * y
    unknown = r.uniform(size=shape) < 0.01
    view_azimuth[unknown] = np.nan

    def single(a: npt.NDArray[np.float64]) -> Singles:
        return np.ascontiguousarray(a, np.float32)

    t12 = None if sensor == "viirs" else single(t11 - r.uniform(0.0, 1.5, shape))
    rows = SceneRows(
        single(t4),
        single(t11),
        t12,
        single(red),
        single(nir),
        single(swir),
        single(zenith),
        water,
        q4,
        q11,
        fill,
    )
    places = ScenePlaces(
        118.0 + 0.004 * np.arange(shape[1]) + np.zeros(shape),
        46.0 - 0.0034 * np.arange(shape[0])[:, None] + np.zeros(shape),
        single(view_zenith), single(view_azimuth), single(sun_azimuth),
    )  # fmt: skip
    return HardScene(rows, places, 1_744_000_800.0 + 0.05 * np.arange(shape[0]))
