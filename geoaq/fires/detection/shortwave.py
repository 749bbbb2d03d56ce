"""Burning pixels by short-wave reflectance, as Landsat-8/9 and Sentinel-2 see it: to check other fires by.

Such a sensor has no band near 4 µm and passes every five to eight days about 10:30 local time. Its masks
are a reference of 20 to 30 m for what a coarse sensor should have seen then, not a means of watching.

Three published masks are given. Each needs reflectances at the top of the atmosphere; a clause that needs
a band which was not handed in is left out, and the docstring says which one that is.

References
----------
Murphy et al. (2016), HOTMAP, Remote Sensing of Environment 177, 78-88.
Schroeder et al. (2016), Landsat-8, Remote Sensing of Environment 185, 210-220.
Kumar and Roy (2018), GOLI, International Journal of Digital Earth 11, 154-178.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reflectance = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]


class Shortwave(NamedTuple):
    """Reflectances of a scene at the top of the atmosphere, each of shape (rows, columns), NaN where unknown.

    Attributes
    ----------
    red, nir, swir16, swir22
        Near 0.65, 0.86, 1.61 and 2.2 µm: bands 4 to 7 of Landsat-8/9, 4, 8A, 11 and 12 of Sentinel-2.
    coastal, blue, green
        Near 0.44, 0.48 and 0.56 µm: bands 1 to 3; None where there is none.
    """

    red: Reflectance
    nir: Reflectance
    swir16: Reflectance
    swir22: Reflectance
    coastal: Reflectance | None = None
    blue: Reflectance | None = None
    green: Reflectance | None = None


def murphy_fires(seen: Shortwave, saturated: Flags | None = None) -> Flags:
    """Return burning pixels after Murphy et al. (2016).

    Parameters
    ----------
    seen
        Reflectances.
    saturated
        Pixels whose band near 1.6 or 2.2 µm is saturated; beside a hot pixel they burn too.

    Returns
    -------
    Flags
        Shape (rows, columns).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        hot = (seen.swir22 / seen.swir16 >= 1.4) & (seen.swir22 / seen.nir >= 1.4) & (seen.swir22 >= 0.15)
        warm = (seen.swir16 / seen.nir >= 2.0) & (seen.swir16 >= 0.5)
    return hot | ((warm if saturated is None else warm | saturated) & _beside(hot))


def schroeder_fires(seen: Shortwave) -> Flags:
    """Return burning pixels of the day after Schroeder et al. (2016).

    Without ``coastal`` no pixel is found by the folding of its band near 2.2 µm, and without ``coastal``,
    ``blue`` and ``green`` water is not left out of the backgrounds.

    Parameters
    ----------
    seen
        Reflectances, not divided by the cosine of the sun's zenith angle.

    Returns
    -------
    Flags
        Shape (rows, columns).
    """
    ratio = _ratio(seen)
    step = seen.swir22 - seen.nir
    sure = (ratio > 2.5) & (step > 0.3) & (seen.swir22 > 0.5)
    water = np.zeros(sure.shape, bool)
    if seen.coastal is not None:
        sure |= (seen.swir16 > 0.8) & (seen.coastal < 0.2) & ((seen.nir > 0.4) | (seen.swir22 < 0.1))
        if seen.blue is not None and seen.green is not None:
            bluish = (seen.coastal > seen.blue) & (seen.blue > seen.green) & (seen.green > seen.red)
            water = (
                (seen.red > seen.nir) & (seen.nir > seen.swir16) & (seen.swir16 > seen.swir22)
                & (seen.coastal - seen.swir22 < 0.2) & ((seen.green > seen.blue) | bluish)
            )  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        potential = (ratio > 1.8) & (step > 0.17) & (seen.swir22 / seen.swir16 > 1.6) & ~sure
    valid = (seen.swir22 > 0.0) & ~sure & ~water
    return sure | _stands_out(potential, ratio, seen.swir22, valid, windows=(61,), share=0.0)


def kumar_roy_fires(seen: Shortwave) -> Flags:
    """Return burning pixels of the day after Kumar and Roy (2018).

    Without ``blue`` and ``green`` water is not left out of the backgrounds.

    Parameters
    ----------
    seen
        Reflectances, divided by the cosine of the sun's zenith angle.

    Returns
    -------
    Flags
        Shape (rows, columns).
    """
    sure = seen.red <= 0.53 * seen.swir22 - 0.214
    sure |= (seen.red <= 0.35 * seen.swir16 - 0.044) & _beside(sure)
    potential = (seen.red <= 0.53 * seen.swir22 - 0.125) | (seen.swir16 <= 1.08 * seen.swir22 - 0.048)
    water = np.zeros(sure.shape, bool)
    if seen.blue is not None and seen.green is not None:
        water = (seen.blue > seen.green) & (seen.green > seen.red) & (seen.red > seen.nir)
    valid = (seen.swir22 > 0.0) & ~sure & ~water
    return sure | _stands_out(
        potential & ~sure, _ratio(seen), seen.swir22, valid, windows=range(5, 62, 2), share=0.25
    )


def _ratio(seen: Shortwave) -> Reflectance:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(seen.nir > 0.0, seen.swir22 / seen.nir, np.nan)


def _beside(flags: Flags) -> Flags:
    """Say for every pixel whether it or one of its eight neighbours is flagged."""
    wide = np.pad(flags, 1)
    rows, columns = flags.shape
    found = flags.copy()
    for down in range(3):
        for right in range(3):
            found |= wide[down : down + rows, right : right + columns]
    return found


def _stands_out(
    potential: Flags, ratio: Reflectance, swir22: Reflectance, valid: Flags, *,
    windows: Sequence[int], share: float,
) -> Flags:  # fmt: skip
    """Say which potential fires stand out from the valid pixels around them, by standard deviations."""
    found = np.zeros(potential.shape, bool)
    usable = valid & ~np.isnan(ratio)
    for line, sample in zip(*np.nonzero(potential), strict=True):
        for side in windows:
            half = side // 2
            cut = np.s_[max(0, line - half) : line + half + 1, max(0, sample - half) : sample + half + 1]
            if np.count_nonzero(usable[cut]) >= max(1.0, share * side * side):
                found[line, sample] = all(
                    values[line, sample] > around.mean() + max(3.0 * around.std(), least)
                    for values, least in ((ratio, 0.8), (swir22, 0.08))
                    for around in (values[cut][usable[cut]].astype(float),)
                )
                break
    return found
