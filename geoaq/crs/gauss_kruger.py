"""CGCS2000 Gauss-Krüger: zones (EPSG:4491–4554), and which column is the northing.

Chinese tables write **X for the northing and Y for the easting**; here the easting comes first, always.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError

Floats = npt.NDArray[np.float64]

GAUSS_KRUGER = range(4491, 4555)


def central_meridian(epsg: int) -> int:
    """Return the central meridian, degrees east, of a CGCS2000 Gauss-Krüger code (4491–4554).

    Examples
    --------
    >>> [central_meridian(code) for code in (4491, 4502, 4513, 4549)]
    [75, 75, 75, 120]
    """
    if epsg <= 4501:
        return 75 + 6 * (epsg - 4491)
    if epsg <= 4512:
        return 75 + 6 * (epsg - 4502)
    if epsg <= 4533:
        return 75 + 3 * (epsg - 4513)
    return 75 + 3 * (epsg - 4534)


def gk_zone(easting: float) -> int | None:
    """Return the EPSG code of the zone that an 8-digit easting names, or None if it is no easting at all.

    The first two digits are the zone: 13–23 are 6° zones (4491–4501), 25–45 are 3° zones (4513–4533).

    Parameters
    ----------
    easting
        Easting in metres, with the zone in front.

    Raises
    ------
    InputError
        ``gk_zone_unknown`` for a 6-digit easting: it fits every zone alike.

    Examples
    --------
    >>> gk_zone(40512345.6), gk_zone(20512345.6), gk_zone(120.5)
    (4528, 4498, None)
    """
    code = int(gk_zones(np.array([easting], np.float64))[0])
    if code < 0:
        raise InputError("gk_zone_unknown", easting=f"{easting:.3f}")
    return code or None


def gk_zones(easting: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return per easting the EPSG code of its zone; 0 if it is no easting, -1 if it has 6 digits (no zone).

    Parameters
    ----------
    easting
        Eastings in metres. NaN gives 0.
    """
    e = np.asarray(easting, np.float64)
    e = np.where(np.isfinite(e), e, 0.0)
    zone = np.floor(e / 1e6).astype(np.int64)
    fits = _easting_fits(e - zone * 1e6)
    codes = np.where((zone >= 13) & (zone <= 23), 4491 + zone - 13, 0)
    codes = np.where((zone >= 25) & (zone <= 45), 4513 + zone - 25, codes)
    codes = np.where(zone == 0, -1, codes)
    return np.where(fits, codes, 0).astype(np.int32)


def northing_column(first: npt.ArrayLike, second: npt.ArrayLike) -> Literal[0, 1] | None:
    """Say which of two columns of plane coordinates is the northing: 0, 1, or None if they do not tell.

    A northing in China (3° to 54° N) lies between 0.33 and 6.0 million metres, an easting has 6 digits
    (100,000–900,000) or 8 digits with its zone in front. Most pairs fit one order only; the order that more
    rows fit wins if at least half of the rows fit it. South of 8° N both may have 6 digits: None.

    Parameters
    ----------
    first, second
        The columns as they stand, metres; NaN is passed over.

    Examples
    --------
    >>> northing_column([3350123.0], [40512345.0])  # X north, Y east: the Chinese order
    0
    >>> northing_column([512345.0], [3350123.0])
    1
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    as_first = int((_northing_fits(a) & (gk_zones(b) != 0)).sum())
    as_second = int((_northing_fits(b) & (gk_zones(a) != 0)).sum())
    if as_first == as_second or 2 * max(as_first, as_second) < a.size:
        return None
    return 0 if as_first > as_second else 1


def _easting_fits(easting: Floats) -> npt.NDArray[np.bool_]:
    # A 6° zone is 3° wide each way: 334 km at the equator. 400 km leaves room for lists that overlap a zone.
    fits: npt.NDArray[np.bool_] = np.abs(easting - 500_000.0) <= 400_000.0
    return fits


def _northing_fits(northing: Floats) -> npt.NDArray[np.bool_]:
    fits: npt.NDArray[np.bool_] = (northing >= 330_000.0) & (northing <= 6_000_000.0)
    return fits


def gauss_kruger_to_degrees(easting: Floats, northing: Floats, epsg: int | None) -> tuple[Floats, Floats]:
    """Return longitude and latitude (degrees, CGCS2000) of plane coordinates in metres.

    Parameters
    ----------
    easting, northing
        Shape (n,), metres, with or without the zone in front of the easting.
    epsg
        The zone (4491–4554), or None to read it from each easting.

    Returns
    -------
    tuple of float64 arrays
        NaN where the numbers cannot be a coordinate of that zone.

    Raises
    ------
    InputError
        ``gk_zone_unknown`` when ``epsg`` is None and no easting names a zone.
    """
    from pyproj import Transformer

    zones = gk_zones(easting)
    if epsg is None and zones.size and bool((zones == -1).any()) and not bool((zones > 0).any()):
        first = easting[np.argmax(zones == -1)]
        raise InputError("gk_zone_unknown", easting=f"{first:.3f}")
    lon, lat = np.full(easting.shape, np.nan), np.full(easting.shape, np.nan)
    fits = _northing_fits(northing)
    for code in np.unique(zones[fits]).tolist():
        if code == 0 or (code == -1 and epsg is None):
            continue
        meridian = central_meridian(epsg if code == -1 and epsg is not None else code)
        if epsg is not None and meridian != central_meridian(epsg):
            continue
        # Every zone is the same projection about its meridian; a zone in front only adds millions of metres.
        rows = fits & (zones == code)
        plane = 4534 + (meridian - 75) // 3
        transformer = Transformer.from_crs(plane, 4490, always_xy=True)
        lon[rows], lat[rows] = transformer.transform(np.mod(easting[rows], 1e6), northing[rows])
    return lon, lat
