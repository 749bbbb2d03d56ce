"""Day or night where a list does not print it: by the height of the sun."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

# Days since 1 January 2000, 12:00 UTC.
_NOON_2000_S = 946_728_000


def by_day(pixels: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Return 1 by day and 0 at night: as printed (``daynight``), else whether the sun's centre is up.

    The place of the sun is that of the low-precision formulae of the Astronomical Almanac (0.01° from 1950 to
    2050, refraction and the equation of the equinoxes left out).

    Parameters
    ----------
    pixels
        ``daynight acquired lon lat`` of `geoaq.frames.FIRE_PIXELS`.
    """
    found = pixels["daynight"].to_numpy(np.int8).copy()
    rows = np.flatnonzero(found < 0)
    days = (pixels["acquired"].to_numpy(np.int64)[rows] - _NOON_2000_S) / 86_400.0
    lon, lat = (pixels[name].to_numpy(np.float64)[rows] for name in ("lon", "lat"))
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(
        280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly)
    )
    tilt = np.radians(23.439 - 4e-7 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    sidereal = np.radians(280.46062 + 360.98564737 * days + lon)
    height = np.sin(np.radians(lat)) * np.sin(declination)
    height += np.cos(np.radians(lat)) * np.cos(declination) * np.cos(sidereal - ascension)
    found[rows] = height > 0.0
    return found
