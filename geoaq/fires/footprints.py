"""The ground that a fire pixel covers: an ellipse or a rectangle of scan by track, turned to the orbit.

The centre of a pixel is not the place of the fire. The bearing of the track follows from the orbit (Capderou,
Satellites: Orbits and Missions, 2005, ground track of a circular orbit above a turning Earth); at the edge of
a swath it is some degrees off, which matters little where scan and track are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]
Shape = Literal["ellipse", "rectangle"]

_DAY_S, _SIDEREAL_MIN = 86_400, 1436.068
_CORNERS = 64
_E2 = 1.0 - (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2


def track_bearing(pixels: pd.DataFrame, orbits: Mapping[str, Any]) -> Floats:
    """Return the bearing of each pixel's track, degrees from north, -90 to 90; NaN for unknown orbits.

    Parameters
    ----------
    pixels
        ``satellite acquired lon lat`` of `geoaq.frames.FIRE_PIXELS`.
    orbits
        The table of ``layers/data/satellite-orbits.toml``.
    """
    satellite = pixels["satellite"].astype(object).to_numpy()
    lat = np.radians(pixels["lat"].to_numpy(np.float64))
    solar = (pixels["acquired"].to_numpy(np.int64) % _DAY_S) / 3600.0 + pixels["lon"].to_numpy(
        np.float64
    ) / 15.0
    bearing = np.full(len(pixels), np.nan)
    bearing[np.isin(satellite, list(orbits["geostationary"]["satellites"]))] = 0.0
    for name, orbit in orbits["polar"].items():
        rows = np.flatnonzero(satellite == name)
        tilt = np.cos(np.radians(orbit["inclination_deg"]))
        cosine = np.maximum(np.cos(lat[rows]), abs(tilt))
        east = tilt / cosine - orbit["period_min"] / _SIDEREAL_MIN * cosine
        north = np.sqrt(np.maximum(1.0 - (tilt / cosine) ** 2, 0.0))
        rising = np.abs((solar[rows] - orbit["node"] + 12.0) % 24.0 - 12.0) <= 6.0
        bearing[rows] = np.degrees(np.arctan2(east, north)) * np.where(rising, 1.0, -1.0)
    return bearing


def sizes_known(pixels: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say of which pixels the list states how large they are: ``scan_km track_km``, both above 0."""
    scan, track = (pixels[name].to_numpy(np.float32) for name in ("scan_km", "track_km"))
    return np.asarray((scan > 0.0) & (track > 0.0) & np.isfinite(scan) & np.isfinite(track), np.bool_)


def with_sizes(pixels: pd.DataFrame, radius_m: Mapping[str, float]) -> pd.DataFrame:
    """Return pixels with a size for each: where none is known, that of a circle about the stated place.

    Parameters
    ----------
    pixels
        ``scan_km track_km kind`` of `geoaq.frames.FIRE_PIXELS`.
    radius_m
        Radius of the circle by kind, metres: assumed (``layers/policy/fire_quality.toml [unknown_size]``).
    """
    known = sizes_known(pixels)
    if known.all():
        return pixels
    kinds = pixels["kind"].astype("category")
    across = np.array([radius_m[str(kind)] / 500.0 for kind in kinds.cat.categories], np.float32)
    assumed = across[kinds.cat.codes.to_numpy()]
    sides = {name: pixels[name].to_numpy(np.float32) for name in ("scan_km", "track_km")}
    return pixels.assign(**{name: np.where(known, side, assumed) for name, side in sides.items()})


def footprints(pixels: pd.DataFrame, bearing_deg: Floats, *, shape: Shape = "ellipse") -> Geometries:
    """Return the footprint of each pixel as a polygon in degrees (WGS 84); None where its size is unknown.

    Parameters
    ----------
    pixels
        ``lon lat scan_km track_km`` of `geoaq.frames.FIRE_PIXELS`.
    bearing_deg
        As `track_bearing` returns it; where it is NaN the footprint is a circle (a square that faces north)
        of the same area.
    shape
        An ellipse is a polygon of 64 corners of the ellipse's area.
    """
    scan, track = (pixels[name].to_numpy(np.float64) * 500.0 for name in ("scan_km", "track_km"))
    unknown = np.isnan(bearing_deg)
    even = np.sqrt(scan * track)
    scan, track = np.where(unknown, even, scan), np.where(unknown, even, track)
    turn = np.radians(np.where(unknown, 0.0, bearing_deg))[:, None]
    if shape == "ellipse":
        angle = 2.0 * np.pi * np.arange(_CORNERS) / _CORNERS
        stretch = np.sqrt((2.0 * np.pi / _CORNERS) / np.sin(2.0 * np.pi / _CORNERS))
        across, along = stretch * np.cos(angle), stretch * np.sin(angle)
    else:
        across, along = np.array([1.0, -1.0, -1.0, 1.0]), np.array([1.0, 1.0, -1.0, -1.0])
    right, ahead = scan[:, None] * across, track[:, None] * along
    east = right * np.cos(turn) + ahead * np.sin(turn)
    north = ahead * np.cos(turn) - right * np.sin(turn)
    lon, lat = (pixels[name].to_numpy(np.float64)[:, None] for name in ("lon", "lat"))
    sine, cosine = np.sin(np.radians(lat)), np.cos(np.radians(lat))
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * sine**2)
    meridian = normal * (1.0 - _E2) / (1.0 - _E2 * sine**2)
    x, y = lon + np.degrees(east / (normal * cosine)), lat + np.degrees(north / meridian)
    found: Geometries = np.full(len(pixels), None, object)
    known = np.flatnonzero(np.isfinite(scan * track) & (scan * track > 0.0))
    found[known] = shapely.polygons(np.stack([x[known], y[known]], axis=-1))
    return found
