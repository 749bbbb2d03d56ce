"""Radiance of a black body at one wavelength, and its inverse (Planck's law, CODATA 2018)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FIRST, SECOND = 1.191042972e8, 1.438776877e4  # 2hc² in W µm⁴ m⁻² sr⁻¹, hc/k in µm K
Floats = npt.NDArray[np.float64]


def radiance(wavelength_um: float, kelvin: npt.ArrayLike) -> Floats:
    """Return the radiance of a black body, W m⁻² sr⁻¹ µm⁻¹.

    Parameters
    ----------
    wavelength_um
        Wavelength, µm.
    kelvin
        Temperature, K, any shape; NaN gives NaN.
    """
    temperature_k = np.asarray(kelvin, np.float64)
    return np.asarray(FIRST / wavelength_um**5 / np.expm1(SECOND / (wavelength_um * temperature_k)))


def temperature(wavelength_um: float, seen: npt.ArrayLike) -> Floats:
    """Return the temperature of a black body with this radiance, K: the inverse of `radiance`.

    Parameters
    ----------
    wavelength_um
        Wavelength, µm.
    seen
        Radiance, W m⁻² sr⁻¹ µm⁻¹, positive, any shape; NaN gives NaN.
    """
    value = np.asarray(seen, np.float64)
    return np.asarray(SECOND / wavelength_um / np.log1p(FIRST / wavelength_um**5 / value))
