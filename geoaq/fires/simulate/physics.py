"""From the ground to the number in the file: mixing by Planck's law, air, noise, full and folded counts.

A pixel of radiance L has, for each band (Schroeder et al., RSE 143, 2014; the band taken at one wavelength)::

    L = τ·[p·B(T_fire) + (1 − p)·(ε·B(T_ground) + ρ·E0·cos θ / π)] + (1 − τ)·B(T_air)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geoaq.fires.detection.planck import radiance, temperature
from geoaq.frames.scenes import GOOD, SATURATED, Doubles, Marks, Singles

# Solid angle of the sun and its temperature as a black body: 11.7 W m-2 µm-1 at 3.74 µm.
_SUN_SR, _SUN_K = 6.794e-5, 5778.0
# Noise of a band: kelvin at this temperature, less where more light comes in, as the root of the radiance.
NOISE_K, _NOISE_AT_K = 0.4, 270.0
_STEP_K = 0.01
# Full pixels are made of several looks, of which some may have fallen over the end. NOAA-21's list of 7 April
# 2025 has 202 full rows and 15 that are colder near 4 µm than near 11 µm.
_MIXED_SHARE = 15 / 217


class Air(NamedTuple):
    """The air: what it lets through near 4 and near 11 µm, and how much colder than the ground it is, K."""

    through4: float = 0.85
    through11: float = 0.90
    colder_k: float = 10.0


#: Air of a clear day over plains.
AIR = Air()
#: No air at all.
NO_AIR = Air(1.0, 1.0, 0.0)


def sunlight(wavelength_um: float) -> float:
    """Return what the sun sends above the air, W m-2 µm-1."""
    return float(_SUN_SR * radiance(wavelength_um, np.float64(_SUN_K)))


def ground_radiance(
    wavelength_um: float,
    kelvin: Singles,
    emissivity: Singles | float,
    reflected: Singles | float,
    cosine: Singles,
) -> Doubles:
    """Return what the ground sends up, without a fire, W m-2 sr-1 µm-1.

    Parameters
    ----------
    kelvin
        Of the ground.
    emissivity
        Of the ground in this band.
    reflected
        Reflectance in this band; no light is reflected near 11 µm.
    cosine
        Of the sun's zenith angle, 0 at night.
    """
    sun = sunlight(wavelength_um) / np.pi
    found: Doubles = (
        emissivity * radiance(wavelength_um, kelvin.astype(np.float64)) + reflected * sun * cosine
    )
    return found


def through_air(wavelength_um: float, below: Doubles, through: float, air_k: float) -> Doubles:
    """Return what arrives above the air."""
    return through * below + (1.0 - through) * float(radiance(wavelength_um, np.float64(air_k)))


def spread_along_scan(light: Doubles) -> Doubles:
    """Return radiances as a triangular response two samples wide sees them: 1/8, 3/4, 1/8 along the scan."""
    wide = np.pad(light, ((0, 0), (1, 1)), mode="edge")
    found: Doubles = 0.125 * wide[:, :-2] + 0.75 * light + 0.125 * wide[:, 2:]
    return found


def noisy_temperature(wavelength_um: float, light: Doubles, random: np.random.Generator) -> Doubles:
    """Return brightness temperatures with the noise of the band."""
    kelvin: Doubles = temperature(wavelength_um, light)
    noise = NOISE_K * np.sqrt(radiance(wavelength_um, np.float64(_NOISE_AT_K)) / light)
    kelvin += noise * random.standard_normal(light.shape, np.float32)
    return kelvin


class Read(NamedTuple):
    """What the file says: brightness temperature in steps of 0.01 K, and its quality."""

    kelvin: Singles
    quality: Marks


def read_out(kelvin: Doubles, full_k: float) -> Read:
    """Return brightness temperatures as they are stored: full pixels at ``full_k``, marked `SATURATED`."""
    full = kelvin >= full_k
    stored = np.round(np.where(full, full_k, kelvin) / _STEP_K) * _STEP_K
    full |= stored >= full_k
    return Read(stored.astype(np.float32), np.where(full, SATURATED, GOOD).astype(np.uint8))


def fold(
    read: Read, kelvin: Doubles, *, above_k: float, folded_k: float, random: np.random.Generator
) -> Read:
    """Return the readings of a band whose counts fall over the upper end, unmarked, as the sensor does it.

    Parameters
    ----------
    kelvin
        Brightness temperature before storing.
    above_k
        From here on the count falls over: the pixel shows ``folded_k`` and is marked `GOOD`.
    folded_k
        The lower end of the band.

    Notes
    -----
    Of the pixels that are only full, one in fourteen mixes full and fallen looks: any value between the ends.
    """
    stored, quality = read.kelvin.copy(), read.quality.copy()
    over = kelvin >= above_k
    mixed = (quality == SATURATED) & ~over & (random.random(kelvin.shape, np.float32) < _MIXED_SHARE)
    top = float(np.max(stored, initial=folded_k))
    share = random.random(int(mixed.sum()))
    stored[over] = folded_k
    stored[mixed] = np.round((folded_k + share * (top - folded_k)) / _STEP_K) * _STEP_K
    quality[over | mixed] = GOOD
    return Read(stored, quality)
