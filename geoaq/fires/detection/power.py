"""Radiative power of fires from how far their radiance exceeds that of the background.

FRP = A σ / a (L - L̄): a band near 4 µm sees a radiance of about a T⁴ between 600 and 1500 K (Wooster et
al., 2003).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.fires.detection.judging import Pixels
from geoaq.fires.detection.planck import radiance
from geoaq.fires.detection.sections import Power
from geoaq.frames.scenes import Doubles

STEFAN_BOLTZMANN = 5.670374419e-8  # W m-2 K-4, CODATA 2018


class Powers(NamedTuple):
    """Power of each pixel, MW, NaN where it cannot be said; and by which method, empty for none."""

    frp_mw: Doubles
    method: npt.NDArray[np.object_]


def power_mw(area_m2: Doubles, excess: Doubles, a: float) -> Doubles:
    """Return the power of pixels, MW.

    Parameters
    ----------
    area_m2
        Their area, m².
    excess
        Radiance above the background, W m⁻² sr⁻¹ µm⁻¹.
    a
        What a black body's radiance is divided by T⁴ near the temperature of fires, W m⁻² sr⁻¹ µm⁻¹ K⁻⁴.
    """
    return area_m2 * STEFAN_BOLTZMANN / a * excess * 1e-6


def powers(pixels: Pixels, columns: int, by: Power) -> Powers:
    """Return the power of each fire pixel, from the coarse band where there is one.

    The power of a coarse pixel is divided among the fire pixels in it in equal parts: rows of it are no
    independent measurements, their sum is.

    Parameters
    ----------
    pixels
        Fires: ``line sample t4_k t11_k saturated scan_km track_km own_coarse coarse_around radiance_around``.
    columns
        Columns of the scene.
    """
    area = pixels["scan_km"] * pixels["track_km"] * 1e6
    found, method = np.full(len(area), np.nan), np.full(len(area), "", object)
    t4 = pixels["t4_k"]
    fine = ~pixels["saturated"] & (t4 < by.t4_below) & (t4 >= pixels["t11_k"])
    excess = radiance(by.um, t4[fine]) - pixels["radiance_around"][fine]
    found[fine] = power_mw(area[fine], excess, by.a)
    method[fine] = by.method
    if by.coarse_method:
        coarse = _coarse(pixels, columns, area, by)
        found = np.where(coarse > 0.0, coarse, found)
        method[coarse > 0.0] = by.coarse_method
    unknown = ~(found > 0.0)
    found[unknown], method[unknown] = np.nan, ""
    return Powers(found, method)


def _coarse(pixels: Pixels, columns: int, area: Doubles, by: Power) -> Doubles:
    """Return each pixel's part of the power of its coarse pixel."""
    _, parent, count = np.unique(
        pixels["line"] // 2 * ((columns + 1) // 2) + pixels["sample"] // 2,
        return_inverse=True,
        return_counts=True,
    )
    around = pixels["coarse_around"]
    known = np.isfinite(around)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(parent, np.where(known, around, 0.0)) / np.bincount(parent, known)
    mean_area = 4.0 * np.bincount(parent, area) / count
    total = power_mw(mean_area[parent], pixels["own_coarse"] - mean[parent], by.coarse_a)
    return np.asarray(total / count[parent])
