"""Datums of Chinese coordinates, told apart and brought to WGS 84.

A coordinate carries its datum as a short text:

========== =====================================================================================
``wgs84``    geographic, WGS 84
``cgcs2000`` geographic, CGCS2000 (EPSG:4490); equal to WGS 84 within decimetres, kept as a label
``gcj02``    geographic, shifted as on Amap, Tencent and Google.cn
``bd09``     geographic, shifted twice as on Baidu
``gk:4549``  CGCS2000 Gauss-Krüger of that EPSG code (4491–4554), metres
``gk``       CGCS2000 Gauss-Krüger, the zone read from each 8-digit easting
========== =====================================================================================

Chinese tables write **X for the northing and Y for the easting**. Functions here take the easting (or the
longitude) first, always; `northing_column` says which of two columns is the northing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoaq.crs.gauss_kruger import (
    GAUSS_KRUGER,
    central_meridian,
    gauss_kruger_to_degrees,
    gk_zone,
    gk_zones,
    northing_column,
)
from geoaq.crs.shifted import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    in_shifted_area,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geoaq.crs.spelling import parse_datum
from geoaq.errors import InputError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "GAUSS_KRUGER",
    "GEOGRAPHIC",
    "bd09_to_wgs84",
    "central_meridian",
    "gcj02_to_wgs84",
    "gk_zone",
    "gk_zones",
    "in_shifted_area",
    "northing_column",
    "parse_datum",
    "require_crs",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

Floats = npt.NDArray[np.float64]

GEOGRAPHIC = ("wgs84", "cgcs2000", "gcj02", "bd09")


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """Bring coordinates of a known datum to WGS 84.

    Parameters
    ----------
    x, y
        Longitude and latitude in degrees; for ``gk`` and ``gk:<epsg>`` **easting and northing** in metres
        (the Chinese Y and X). With ``gk:<epsg>`` the zone may stand in front of the easting or not.
    datum
        One of the texts that `parse_datum` returns.

    Returns
    -------
    tuple of float64 arrays
        Longitude and latitude, degrees. A row that cannot be a coordinate of that datum (not finite, out of
        range, an easting of another zone, 6 digits under ``gk``, northing and easting swapped) is NaN in
        both: the caller makes it an issue.

    Raises
    ------
    InputError
        ``datum_unknown`` for another datum; ``gk_zone_unknown`` under ``gk`` when no easting names a zone.

    Examples
    --------
    >>> lon, lat = to_wgs84([500000.0], [3320113.398], "gk:4549")
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (120.0, 30.0)
    """
    a, b = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
    if datum == "gk" or (datum.startswith("gk:") and datum[3:].isdigit() and int(datum[3:]) in GAUSS_KRUGER):
        flat = gauss_kruger_to_degrees(a.ravel(), b.ravel(), int(datum[3:]) if datum != "gk" else None)
        return flat[0].reshape(a.shape), flat[1].reshape(a.shape)
    if datum not in GEOGRAPHIC:
        raise InputError("datum_unknown", text=datum)
    good = (np.abs(a) <= 180.0) & (np.abs(b) <= 90.0)
    lon, lat = np.where(good, a, np.nan), np.where(good, b, np.nan)
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "bd09":
        return bd09_to_wgs84(lon, lat)
    return lon, lat


def require_crs(frame: GeoDataFrame) -> GeoDataFrame:
    """Return the layer in WGS 84, or refuse it.

    Raises
    ------
    InputError
        ``crs_missing`` when the layer does not say its coordinate system; ``datum_refused`` when its datum is
        Beijing 1954 or Xian 1980 (pyproj would shift them by nothing, silently).
    """
    if frame.crs is None:
        raise InputError("crs_missing")
    ellipsoid_names = " ".join(
        str(part) for part in (frame.crs.name, getattr(frame.crs.geodetic_crs, "name", ""), frame.crs.datum)
    )
    for old, words in (("Beijing 1954", r"Beijing.?1954"), ("Xian 1980", r"Xi'?an.?(19)?80")):
        if re.search(words, ellipsoid_names, re.IGNORECASE):
            raise InputError("datum_refused", datum=old)
    return frame.to_crs(4326)
