"""Where the pixels of a synthetic swath lie, how large they are, and how sun and satellite stand over them.

On a sphere, along a great circle, without the Earth's turning: true to a pixel's size and shape, overlap of
the scans included, not to an orbit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geoaq.fires.simulate.sensors import Sensor
from geoaq.frames.scenes import BOW_TIE_FILL, SEEN, Doubles, Marks, ScenePlaces, Singles

_EARTH_KM = 6371.0


class Look(NamedTuple):
    """How samples are seen; each (columns,).

    Attributes
    ----------
    arc
        Angle at the Earth's centre from nadir, radians, right of the track positive.
    scan_m, track_m
        Size of the pixel.
    view_zenith
        Degrees.
    deleted
        Rows at each end of a scan that are deleted on board.
    """

    arc: Doubles
    scan_m: Doubles
    track_m: Doubles
    view_zenith: Doubles
    deleted: Marks


def look(sensor: Sensor, first_sample: int, columns: int) -> Look:
    """Return how the samples from ``first_sample`` on are seen."""
    sizes = [zone.samples for zone in sensor.zones]
    steps = np.repeat([zone.step_deg for zone in sensor.zones], sizes)
    off = np.cumsum(steps) - steps / 2.0
    here = slice(first_sample, first_sample + columns)
    angle = np.radians(np.concatenate([-off[::-1], off]))[here]
    step = np.radians(np.concatenate([steps[::-1], steps]))[here]
    deleted = np.repeat([zone.deleted for zone in sensor.zones], sizes)
    deleted = np.concatenate([deleted[::-1], deleted])[here]
    zenith = np.arcsin((_EARTH_KM + sensor.height_km) / _EARTH_KM * np.sin(angle))
    arc = zenith - angle
    range_km = _EARTH_KM * np.sin(arc) / np.sin(angle)
    return Look(
        arc,
        1e3 * range_km * step / np.cos(zenith),
        sensor.track_m * range_km / sensor.height_km,
        np.degrees(np.abs(zenith)),
        deleted.astype(np.uint8),
    )


def bow_tie(sensor: Sensor, seen: Look, rows: int) -> Marks:
    """Return `SEEN` or `BOW_TIE_FILL` of each pixel, for a scene that begins with a scan."""
    row = np.arange(rows)[:, None] % sensor.scan_rows
    gone = (row < seen.deleted) | (row >= sensor.scan_rows - seen.deleted.astype(np.int64))
    return np.where(gone, BOW_TIE_FILL, SEEN).astype(np.uint8)


class Stand(NamedTuple):
    """Places of all pixels, and the sun's and the glint's angle.

    Attributes
    ----------
    places
        As the detector takes them.
    sun_zenith
        Degrees, (rows, columns).
    """

    places: ScenePlaces
    sun_zenith: Singles


def stand(
    sensor: Sensor,
    seen: Look,
    rows: int,
    *,
    centre: tuple[float, float],
    heading_deg: float,
    sun: tuple[float, float],
) -> Stand:
    """Return the places of a scene.

    Parameters
    ----------
    centre
        Longitude and latitude of the point under the satellite in the middle of the scene, degrees.
    heading_deg
        Of the satellite, clockwise from north.
    sun
        Zenith and azimuth of the sun in the middle of the scene, degrees.
    """
    up, east, north = _axes(*np.radians(centre))
    turn = np.radians(heading_deg)
    ahead = np.cos(turn) * north + np.sin(turn) * east
    right = np.sin(turn) * -north + np.cos(turn) * east
    scan, row = np.divmod(np.arange(rows), sensor.scan_rows)
    advance = sensor.scan_rows * sensor.track_m / 1e3 / _EARTH_KM
    middle = (scan - (rows / sensor.scan_rows - 1.0) / 2.0) * advance
    within = (row - (sensor.scan_rows - 1) / 2.0)[:, None] * seen.track_m / 1e3 / _EARTH_KM
    along = middle[:, None] + within / np.cos(seen.arc)
    across = np.broadcast_to(seen.arc, along.shape)[..., None]
    below = np.cos(along)[..., None] * up + np.sin(along)[..., None] * ahead
    pixel = np.cos(across) * below + np.sin(across) * right
    lon, lat = np.arctan2(pixel[..., 1], pixel[..., 0]), np.arcsin(pixel[..., 2])
    zenith, azimuth = np.radians(sun)
    up, east, north = _axes(*_middle(lon, lat))
    light = np.cos(zenith) * up + np.sin(zenith) * (np.cos(azimuth) * north + np.sin(azimuth) * east)
    places = ScenePlaces(
        np.degrees(lon),
        np.degrees(lat),
        np.broadcast_to(seen.view_zenith.astype(np.float32), along.shape).copy(),
        _azimuth(lon, lat, below),
        _azimuth(lon, lat, np.broadcast_to(light, pixel.shape)),
    )
    height = np.clip(pixel @ light, -1.0, 1.0)
    return Stand(places, np.degrees(np.arccos(height)).astype(np.float32))


def glint_angle(places: ScenePlaces, sun_zenith: Singles) -> Singles:
    """Return the angle between the satellite and the mirrored sun, degrees."""
    view, sun = np.radians(places.view_zenith), np.radians(sun_zenith)
    between = np.radians(places.view_azimuth - places.sun_azimuth)
    cosine = np.cos(view) * np.cos(sun) - np.sin(view) * np.sin(sun) * np.cos(between)
    found: Singles = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))).astype(np.float32)
    return found


def _middle(lon: Doubles, lat: Doubles) -> tuple[float, float]:
    """Return longitude and latitude in the middle of a scene."""
    at = lon.shape[0] // 2, lon.shape[1] // 2
    return float(lon[at]), float(lat[at])


def _axes(lon: float, lat: float) -> tuple[Doubles, Doubles, Doubles]:
    """Return the unit vectors up, east and north at a place given in radians."""
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    return up, east, np.cross(up, east)


def _azimuth(lon: Doubles, lat: Doubles, towards: Doubles) -> Singles:
    """Return the azimuth, degrees from north, of a direction as seen from each place."""
    x, y, z = (towards[..., k] for k in range(3))
    east = -np.sin(lon) * x + np.cos(lon) * y
    north = -np.sin(lat) * (np.cos(lon) * x + np.sin(lon) * y) + np.cos(lat) * z
    found: Singles = (np.degrees(np.arctan2(east, north)) % 360.0).astype(np.float32)
    return found
