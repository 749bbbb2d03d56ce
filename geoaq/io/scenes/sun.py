"""How high the sun stood: to hold a scene's places and times against its own angles."""

from __future__ import annotations

import numpy as np

from geoaq.frames.scenes import Doubles

# 2000-01-01 12:00 UTC, seconds since 1970.
_J2000 = 946_728_000.0


def sun_zenith(seconds: Doubles, lon: Doubles, lat: Doubles) -> Doubles:
    """Return the sun's zenith angle, degrees; good to a few hundredths of a degree from 1950 to 2050.

    Parameters
    ----------
    seconds
        Since 1970, UTC.
    lon, lat
        Degrees; any shapes that go together.

    Notes
    -----
    Low-precision formulae for the sun of the Astronomical Almanac, section C; no refraction, no parallax.
    """
    declination, hour = _sun(seconds, lon)
    latitude = np.radians(lat)
    cosine = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour)
    zenith: Doubles = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return zenith


def sun_azimuth(seconds: Doubles, lon: Doubles, lat: Doubles) -> Doubles:
    """Return the sun's azimuth, degrees clockwise from north, as `sun_zenith` takes place and time."""
    declination, hour = _sun(seconds, lon)
    latitude = np.radians(lat)
    east = -np.cos(declination) * np.sin(hour)
    north = np.cos(latitude) * np.sin(declination) - np.sin(latitude) * np.cos(declination) * np.cos(hour)
    azimuth: Doubles = np.degrees(np.arctan2(east, north)) % 360.0
    return azimuth


def _sun(seconds: Doubles, lon: Doubles) -> tuple[Doubles, Doubles]:
    """Return the sun's declination and hour angle, radians."""
    days = (np.asarray(seconds) - _J2000) / 86_400.0
    anomaly = np.radians((357.528 + 0.9856003 * days) % 360.0)
    longitude = np.radians(
        (280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly)) % 360.0
    )
    tilt = np.radians(23.439 - 4e-7 * days)
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    ascension = np.degrees(np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude)))
    sidereal = (280.46062 + 360.98564737 * days) % 360.0
    return declination, np.asarray(np.radians(sidereal + lon - ascension))
