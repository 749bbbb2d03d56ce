"""What both literal references share: masks by shifting, the background of one pixel, the angle of glint.

Written to be read beside the papers, and slow: every pixel that matters is walked through in a Python loop.
All arithmetic is in float64, all comparisons are strict as printed, and NaN compares false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.frames.scenes import (
    BAD,
    BOW_TIE,
    BOW_TIE_FILL,
    CLOUD,
    LAND,
    NOT_PROCESSED,
    ON_WATER,
    SEEN,
    WATER,
    ScenePlaces,
    SceneRows,
)

Flags = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]
Marks = npt.NDArray[np.uint8]
Pixel = tuple[int, int]


class Bands(NamedTuple):
    """A scene in float64, and which of its pixels can be looked at."""

    t4: Doubles
    t11: Doubles
    t12: Doubles
    d: Doubles
    red: Doubles
    nir: Doubles
    swir: Doubles
    sun: Doubles
    q4: Marks
    q11: Marks
    on_water: Flags
    processed: Flags
    bow_tie: Flags
    glint: Doubles


class Background(NamedTuple):
    """Mean and mean absolute deviation (Giglio et al. 2003, section 3.2.4) around one pixel."""

    window: int
    n: int
    mean4: float
    mad4: float
    mean_dt: float
    mad_dt: float
    mean11: float
    mad11: float
    fires: int
    fire_mean4: float
    fire_mad4: float
    t4s: Doubles  # of the valid pixels, one by one


class Answer(NamedTuple):
    """The mask, the background of every pixel that has one, and the confidence where the sensor has one."""

    mask: Marks
    backgrounds: dict[Pixel, Background]
    confidence: dict[Pixel, int]
    candidates: int
    rule_of: dict[Pixel, str]


def bands_of(rows: SceneRows, places: ScenePlaces) -> Bands:
    """Return the scene as float64, with the pixels that can be processed and the angle of glint."""
    t4, t11 = rows.t4.astype(float), rows.t11.astype(float)
    processed = (rows.fill == SEEN) & ~np.isnan(t4) & ~np.isnan(t11) & (rows.q4 != BAD) & (rows.q11 != BAD)
    return Bands(
        t4, t11, t11 if rows.t12 is None else rows.t12.astype(float), t4 - t11,
        rows.red.astype(float), rows.nir.astype(float), rows.swir.astype(float),
        rows.sun_zenith.astype(float), rows.q4, rows.q11, rows.water == ON_WATER, processed,
        rows.fill == BOW_TIE_FILL, glint_angle(rows.sun_zenith, places),
    )  # fmt: skip


def glint_angle(sun_zenith: npt.NDArray[np.float32], places: ScenePlaces) -> Doubles:
    """Return degrees between the view and the mirrored sun (Giglio et al. 2003, equation 11).

    Both azimuths point away from the pixel, so that the mirror is at a difference of 180°.
    """
    v, s = (np.radians(a.astype(float)) for a in (places.view_zenith, sun_zenith))
    phi = np.radians(places.view_azimuth.astype(float) - places.sun_azimuth.astype(float))
    return np.degrees(
        np.arccos(np.clip(np.cos(v) * np.cos(s) - np.sin(v) * np.sin(s) * np.cos(phi), -1.0, 1.0))
    )


def plain_mask(bands: Bands, cloud: Flags, water: Flags) -> Marks:
    """Return the mask of a scene without any fire."""
    mask = np.where(water, WATER, LAND).astype(np.uint8)
    mask[cloud] = CLOUD
    mask[~bands.processed] = NOT_PROCESSED
    mask[~bands.processed & bands.bow_tie] = BOW_TIE
    return mask


def box(line: int, sample: int, half: int, shape: tuple[int, ...], half_lines: int | None = None) -> Pixel:
    """Return the window around a pixel, clipped to the scene, as two slices."""
    tall = half if half_lines is None else half_lines
    return (  # type: ignore[return-value]
        slice(max(0, line - tall), min(shape[0], line + tall + 1)),
        slice(max(0, sample - half), min(shape[1], sample + half + 1)),
    )


def neighbours(line: int, sample: int, shape: tuple[int, ...]) -> Iterator[Pixel]:
    """Yield the up to eight pixels around one."""
    for y in (line - 1, line, line + 1):
        for x in (sample - 1, sample, sample + 1):
            if (y, x) != (line, sample) and 0 <= y < shape[0] and 0 <= x < shape[1]:
                yield y, x


def beside(flags: Flags) -> Flags:
    """Say for every pixel whether one of its eight neighbours is flagged."""
    wide = np.pad(flags, 1)
    rows, columns = flags.shape
    found = np.zeros_like(flags)
    for down in range(3):
        for right in range(3):
            if (down, right) != (1, 1):
                found |= wide[down : down + rows, right : right + columns]
    return found


def mean_and_mad(values: Doubles) -> tuple[float, float]:
    """Return mean and mean absolute deviation from it; NaN of nothing."""
    if values.size == 0:
        return float("nan"), float("nan")
    mean = float(values.mean())
    return mean, float(np.abs(values - mean).mean())


def power_per_km2(t4: float, a: Background, wavelength_um: float, coefficient: float) -> float:
    """Return MW km⁻²: σ/a · (L − mean L of the background), Wooster et al. (2003)."""

    def planck(kelvin: Doubles) -> Doubles:
        c, h, k = 299_792_458.0, 6.62607015e-34, 1.380649e-23
        metres = wavelength_um * 1e-6
        per_metre = 2.0 * h * c**2 / metres**5 / np.expm1(h * c / (metres * k * kelvin))
        return np.asarray(per_metre * 1e-6)

    excess = float(planck(np.array(t4)) - planck(a.t4s).mean())
    return 5.670374419e-8 / coefficient * excess


def background(
    pixel: Pixel, bands: Bands, usable: Flags, fires: Flags, water: Flags, windows: Sequence[int], *,
    share: float, least: int, both: bool, along_scan: int,
) -> tuple[Background, bool]:  # fmt: skip
    """Grow the window around a pixel until its background is enough, and say whether it ever was.

    ``usable`` are processed, clear pixels without fire, ``fires`` the background fires; both count only on
    the ground of the pixel itself. ``along_scan`` neighbours to each side are left out with the pixel.
    """
    line, sample = pixel
    shape = bands.t4.shape
    for k in windows:
        cut = box(line, sample, k // 2, shape)
        top, left = cut[0].start, cut[1].start  # type: ignore[attr-defined]
        same = water[cut] == water[pixel]
        same[line - top, max(0, sample - left - along_scan) : sample - left + along_scan + 1] = False
        valid = usable[cut] & same
        n = int(np.count_nonzero(valid))
        by_share, by_number = n >= share * k * k, n >= least
        enough = (by_share and by_number) if both else (by_share or by_number)
        if enough or k == windows[-1]:
            burning = bands.t4[cut][fires[cut] & same]
            return (
                Background(
                    k,
                    n,
                    *mean_and_mad(bands.t4[cut][valid]),
                    *mean_and_mad(bands.d[cut][valid]),
                    *mean_and_mad(bands.t11[cut][valid]),
                    burning.size,
                    *mean_and_mad(burning),
                    bands.t4[cut][valid],
                ),
                enough,
            )
    raise AssertionError("no windows")
