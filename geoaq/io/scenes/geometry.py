"""Whether longitudes and latitudes of a scene can be those of its rows and columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.frames.scenes import Doubles
from geoaq.io.scenes.scene import SceneFile

_RADIUS_KM = 6371.0
_ALONG = 17
# Steps from pixel to pixel: km that any sensor read here may make along the track, how much one may be longer
# than the middle one, and how straight a line of pixels must be (cosine between successive steps).
_STEP_KM = (0.02, 25.0)
_UNEVEN = 4.0
_STRAIGHT = 0.7
# Rows and columns of a swath do not run along each other, and at latitudes below this rows follow one another
# towards north or south: no satellite of this kind flies along a parallel there.
_CROSSING = 0.7
_UPRIGHT_BELOW = 60.0


def check_places(scene: SceneFile, rows: npt.NDArray[np.int_], lon: Doubles, lat: Doubles) -> None:
    """Refuse places that cannot be true.

    Parameters
    ----------
    scene
        The scene.
    rows
        Numbers of the rows looked at, ascending.
    lon, lat
        Their places as `SceneFile.lon_lat` gives them, shape (len(rows), columns).

    Raises
    ------
    InputError
        ``scene_places_missing``, ``scene_places_range``, ``scene_places_swapped``, ``scene_places_jump``,
        ``scene_axes``.
    """
    name = ", ".join(scene.names)
    _check_range(scene, rows, name)
    if not np.isfinite(lon).any():
        raise InputError("scene_places_missing", name=name)
    if not scene.swath:
        return
    along = np.unique(np.linspace(0, lon.shape[1] - 1, min(lon.shape[1], _ALONG)).round().astype(int))
    good = np.isfinite(lon[:, along]).all(axis=1)
    if good.sum() < 2 or len(along) < 2:
        return
    rows, lon, lat = rows[good], lon[good][:, along], lat[good][:, along]
    points = _points(lon, lat)
    down = np.diff(points, axis=0) / np.diff(rows)[:, None, None]
    across = np.diff(points, axis=1) / np.diff(along)[None, :, None]
    middle = down[:, down.shape[1] // 2]
    _check_line(middle, rows, name)
    _check_line(across[across.shape[0] // 2], None, name)
    first, second = _unit(middle.mean(axis=0)), _unit(across.mean(axis=(0, 1)))
    if abs(float(first @ second)) > _CROSSING:
        raise InputError("scene_places_jump", name=name, row=int(rows[0]) + 1)
    _check_axes(lon, lat, name)


def _check_range(scene: SceneFile, rows: npt.NDArray[np.int_], name: str) -> None:
    """Refuse numbers beyond those of a globe; `SceneFile.lon_lat` has none of them left."""
    if not (scene.has("lon") and scene.has("lat")):
        return
    lon = np.concatenate([np.ravel(scene.raw_places("lon", int(row))) for row in rows])
    lat = np.concatenate([np.ravel(scene.raw_places("lat", int(row))) for row in rows])
    lon, lat = lon[np.isfinite(lon)], lat[np.isfinite(lat)]
    beyond = np.abs(lat) > 90.0
    if beyond.any() and (np.abs(lon) <= 90.0).all() and (np.abs(lat) <= 180.0).all():
        raise InputError("scene_places_swapped", name=name)
    if beyond.any() or (lon < -180.0).any() or (lon > 360.0).any():
        raise InputError("scene_places_range", name=name)


def _check_line(steps: Doubles, rows: npt.NDArray[np.int_] | None, name: str) -> None:
    """Refuse a line of places that stands still, jumps or turns; ``steps`` in km a pixel, shape (n, 3)."""
    length = np.linalg.norm(steps, axis=1)
    usual = float(np.median(length))
    odd = (length < usual / _UNEVEN) | (length > usual * _UNEVEN)
    odd |= (length < _STEP_KM[0]) | (length > _STEP_KM[1])
    odd[1:] |= (_unit(steps[1:]) * _unit(steps[:-1])).sum(axis=1) < _STRAIGHT
    if odd.any():
        row = 1 if rows is None else int(rows[int(np.flatnonzero(odd)[0])]) + 1
        raise InputError("scene_places_jump", name=name, row=row)


def _check_axes(lon: Doubles, lat: Doubles, name: str) -> None:
    """Refuse rows that run along the scan: successive rows must lie north or south of each other."""
    if float(np.abs(lat).max()) > _UPRIGHT_BELOW:
        return
    middle = lon.shape[1] // 2
    north = float(lat[-1, middle] - lat[0, middle])
    east = (float(lon[-1, middle] - lon[0, middle]) + 180.0) % 360.0 - 180.0
    if abs(east) * np.cos(np.radians(lat[:, middle].mean())) > abs(north):
        raise InputError("scene_axes", name=name)


def _points(lon: Doubles, lat: Doubles) -> Doubles:
    """Return places on a sphere, km, shape (…, 3)."""
    east, north = np.radians(lon), np.radians(lat)
    cosine = np.cos(north)
    points: Doubles = _RADIUS_KM * np.stack(
        [cosine * np.cos(east), cosine * np.sin(east), np.sin(north)], axis=-1
    )
    return points


def _unit(vectors: Doubles) -> Doubles:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Doubles = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0.0)
    return unit
