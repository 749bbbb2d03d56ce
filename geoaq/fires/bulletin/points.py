"""One detection as the authorities' lists print it: degrees, minutes and seconds, times, footprint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
#: The sensor that each satellite's detections come from.
SENSORS = {
    "terra": "MODIS", "aqua": "MODIS", "snpp": "VIIRS", "noaa20": "VIIRS", "noaa21": "VIIRS",
    "himawari8": "AHI", "himawari9": "AHI", "landsat8": "OLI", "landsat9": "OLI", "fy3d": "MERSI-II",
    "fy3e": "MERSI-LL", "fy4a": "AGRI", "fy4b": "AGRI", "gk2a": "AMI",
}  # fmt: skip
_MILLI = 3_600_000


def dms(degrees: float, axis: str) -> str:
    """Return an angle as a bulletin prints it, to a thousandth of a second (3 cm).

    Parameters
    ----------
    degrees
        WGS 84, -180 to 180.
    axis
        ``lon`` or ``lat``.

    Examples
    --------
    >>> dms(116.24369139, "lon"), dms(29.99999999, "lat")
    ('116°14′37.289″E', '30°00′00.000″N')
    """
    letter = {"lon": "EW", "lat": "NS"}[axis][degrees < 0]
    whole = round(abs(degrees) * _MILLI)
    seconds, milli = divmod(whole, 1000)
    minutes, second = divmod(seconds, 60)
    degree, minute = divmod(minutes, 60)
    return f"{degree}°{minute:02d}′{second:02d}.{milli:03d}″{letter}"


def beijing(moment: int) -> str:
    """Return seconds since 1970 UTC as Beijing time to the minute.

    Examples
    --------
    >>> beijing(1_744_000_800)
    '2025-04-07 12:40'
    """
    return datetime.fromtimestamp(moment, BEIJING).strftime("%Y-%m-%d %H:%M")


def utc(moment: int) -> str:
    """Return seconds since 1970 as UTC to the minute.

    Examples
    --------
    >>> utc(1_744_000_800)
    '2025-04-07T04:40Z'
    """
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%MZ")


def footprint(scan_km: float, track_km: float) -> str:
    """Return the size of a pixel, '' where it is not known.

    Examples
    --------
    >>> footprint(0.386, 0.361), footprint(float("nan"), 1.0)
    ('0.39×0.36', '')
    """
    if not (scan_km > 0 and track_km > 0):
        return ""
    return f"{scan_km:.2f}×{track_km:.2f}"
