"""How pixels are seen: the angle of a reflection, and the size of a pixel.

A pixel's size along the scan follows from the step of the scan angle there and from where the line of sight
meets a sphere; along the track from the distance alone. Steps are those of the sensor's zones, which put
together more detectors near nadir than at the edge (Wolfe et al., 2013, on VIIRS; Ichoku and Kaufman, 2005,
on MODIS).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.fires.detection.sections import Scan
from geoaq.frames.scenes import Doubles

EARTH_KM = 6371.0
Places = npt.NDArray[np.int64]


def glint_angle(
    view_zenith: npt.ArrayLike,
    sun_zenith: npt.ArrayLike,
    view_azimuth: npt.ArrayLike,
    sun_azimuth: npt.ArrayLike,
) -> Doubles:
    """Return the angle between the line of sight and a mirror's reflection of the sun, degrees.

    Parameters
    ----------
    view_zenith, sun_zenith, view_azimuth, sun_azimuth
        Degrees, any shape; azimuths point away from the pixel, so that a mirror has them opposite. NaN gives
        NaN.
    """
    view, sun = (
        np.radians(np.asarray(view_zenith, np.float64)),
        np.radians(np.asarray(sun_zenith, np.float64)),
    )
    between = np.radians(np.asarray(view_azimuth, np.float64) - np.asarray(sun_azimuth, np.float64))
    cosine = np.cos(view) * np.cos(sun) - np.sin(view) * np.sin(sun) * np.cos(between)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def sizes_at_samples(scan: Scan, samples: npt.ArrayLike) -> tuple[Doubles, Doubles]:
    """Return length along the scan and along the track of pixels of a whole swath, km.

    Parameters
    ----------
    scan
        The scan of the sensor.
    samples
        Places along the line, from 0 to ``scan.samples - 1``.
    """
    from_nadir = np.abs(np.asarray(samples, np.float64) - (scan.samples - 1) / 2.0)
    ends, angles = _zones(scan)
    return _sizes(scan, np.interp(from_nadir, ends, angles), _steps(scan, from_nadir, ends))


def sizes_at_zenith(scan: Scan, view_zenith: npt.ArrayLike) -> tuple[Doubles, Doubles]:
    """Return the same for pixels of a part of a swath, from the sensor's zenith angle, degrees (or NaN)."""
    zenith = np.radians(np.asarray(view_zenith, np.float64))
    angle = np.degrees(np.arcsin(EARTH_KM / (EARTH_KM + scan.altitude_km) * np.sin(zenith)))
    _, angles = _zones(scan)
    return _sizes(scan, angle, _steps(scan, angle, angles))


def sizes_by_distance(lon: Doubles, lat: Doubles, lines: Places, samples: Places) -> tuple[Doubles, Doubles]:
    """Return how far pixels are from their neighbours along their line and along their column, km.

    Parameters
    ----------
    lon, lat
        Centres of pixels, degrees, shape (rows, columns).
    lines, samples
        The pixels asked for, shape (n,). At a border, or beside an unknown place, only the other side counts;
        NaN where neither is known.
    """
    xyz = _on_sphere(lon, lat, lines, samples)
    steps = []
    for y, x in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        v, u = lines + y, samples + x
        inside = (v >= 0) & (v < lon.shape[0]) & (u >= 0) & (u < lon.shape[1])
        other = _on_sphere(lon, lat, np.where(inside, v, lines), np.where(inside, u, samples))
        chord = np.sqrt(((other - xyz) ** 2).sum(axis=0))
        steps.append(np.where(inside, 2.0 * EARTH_KM * np.arcsin(np.minimum(chord / 2.0, 1.0)), np.nan))
    return _mean_known(steps[0], steps[1]), _mean_known(steps[2], steps[3])


def _zones(scan: Scan) -> tuple[Doubles, Doubles]:
    """Return where zones end: samples from nadir, and degrees of scan."""
    return np.append(0.0, np.cumsum(scan.zone_samples)), np.append(0.0, scan.zone_ends_deg)


def _steps(scan: Scan, place: Doubles, ends: Doubles) -> Doubles:
    """Return the step of scan of each pixel, degrees; ``place`` and ``ends`` in the same unit."""
    counts, angles = _zones(scan)
    steps = np.diff(angles) / np.diff(counts)
    return np.asarray(steps[np.clip(np.searchsorted(ends, place, "right") - 1, 0, len(steps) - 1)])


def _sizes(scan: Scan, angle: Doubles, step: Doubles) -> tuple[Doubles, Doubles]:
    """Return lengths along scan and track, km, at scan angles with their steps, degrees."""
    turn = np.radians(angle)
    reach = (EARTH_KM + scan.altitude_km) / EARTH_KM
    zenith = np.arcsin(np.minimum(reach * np.sin(turn), 1.0))
    # Law of sines in the triangle of the Earth's centre, the satellite and the pixel; at nadir the altitude.
    central = zenith - turn
    tiny = np.sin(turn) < 1e-9
    slant = np.where(tiny, scan.altitude_km, EARTH_KM * np.sin(central) / np.where(tiny, 1.0, np.sin(turn)))
    farther = slant / scan.altitude_km
    _, angles = _zones(scan)
    widest = angles[1] / _zones(scan)[0][1]
    along_scan = scan.scan_m * (step / widest) * farther / np.cos(zenith) / 1000.0
    return np.asarray(along_scan), np.asarray(scan.track_m * farther / 1000.0)


def _on_sphere(lon: Doubles, lat: Doubles, lines: Places, samples: Places) -> Doubles:
    """Return places as unit vectors, shape (3, n)."""
    a, b = np.radians(lat[lines, samples]), np.radians(lon[lines, samples])
    return np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])


def _mean_known(one: Doubles, other: Doubles) -> Doubles:
    """Return the mean of two values, or the one that is known."""
    one, other = np.where(np.isnan(one), other, one), np.where(np.isnan(other), one, other)
    return np.asarray((one + other) / 2.0)
