"""Whether what a scene holds can be true: units, places, axes and the sun, looked at in rows spread over it.

A scene that cannot be true is refused, and one that needs care is flagged: never a plausible wrong answer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.frames.scenes import Doubles, Singles
from geoaq.io.scenes.geometry import check_places
from geoaq.io.scenes.scene import SceneFile, SceneFlag
from geoaq.io.scenes.sun import sun_zenith

_SAMPLED_ROWS = 24
_ALONG = 33
# What most pixels of the Earth lie within: brightness temperatures, K; reflectances; angles, degrees.
_KELVIN = (150.0, 520.0)
_REFLECTANCE = (-0.2, 2.0)
_ZENITH = (0.0, 180.0)
_VIEW = {"view_zenith": (0.0, 90.0), "view_azimuth": (-180.0, 360.0), "sun_azimuth": (-180.0, 360.0)}
# The sun high enough that the cosine does not blow small numbers up.
_HIGH_SUN = 75.0
_MANY = 1000
# By day the ground sends sunlight near 4 µm too, so that most pixels are warmer there than at 11 µm.
_COLDER_BY_DAY = -5.0
_BLOCK = 128


def check_scene(scene: SceneFile) -> None:
    """Look at rows of a scene, refuse it where it cannot be true, and note its flags.

    Raises
    ------
    InputError
        As `geoaq.io.scenes.open_scene` says.
    """
    rows = _rows_to_look_at(scene)
    _note_what_is_missing(scene)
    seen = [scene.bands(row, row + 1) for row in rows]
    four, eleven = (np.concatenate([getattr(one, name) for one in seen]) for name in ("t4", "t11"))
    zenith = np.concatenate([one.sun_zenith for one in seen])
    _check_within(scene, "sun_zenith", zenith, _ZENITH)
    if not (np.isfinite(four).any() and np.isfinite(eleven).any()):
        _refuse_empty(scene)
    for name, values in (("t4", four), ("t11", eleven)):
        _check_within(scene, name, values, _KELVIN)
        _note_whole_numbers(scene, name, values)
    _check_exchanged(scene, four, eleven, zenith)
    for name in ("red", "nir", "swir"):
        values = np.concatenate([getattr(one, name) for one in seen])
        _check_within(scene, name, np.where(zenith < _HIGH_SUN, values, np.nan), _REFLECTANCE)
        _note_no_reflectance(scene, name, values[(zenith < _HIGH_SUN) & np.isfinite(four)])
    places = [scene.places(row, row + 1) for row in rows]
    lon, lat = (np.concatenate([getattr(one, name) for one in places]) for name in ("lon", "lat"))
    for name, limits in _VIEW.items():
        _check_within(scene, name, np.concatenate([getattr(one, name) for one in places]), limits)
    check_places(scene, np.array(rows), lon, lat)
    _check_sun(scene, rows, lon, lat, zenith)
    if scene.frp_band and not all(scene.repeats_coarse(row) for row in rows):
        raise InputError("scene_coarse_apart", name=", ".join(scene.names), step=scene.product.moderate_step)


def _rows_to_look_at(scene: SceneFile) -> list[int]:
    """Return rows spread over the scene, in the middle of scans, where nothing is deleted on board."""
    step = scene.product.rows_per_scan
    scans = max(1, scene.rows // step)
    chosen = np.unique(np.linspace(0, scans - 1, min(scans, _SAMPLED_ROWS)).round().astype(int))
    return [min(int(scan) * step + step // 2, scene.rows - 1) for scan in chosen]


def _note_what_is_missing(scene: SceneFile) -> None:
    if not scene.swath and not scene.on_grid:
        scene.flags.append(SceneFlag("resampled", {}))
        if scene.repeated:
            scene.flags.append(SceneFlag("repeated_cells", {"count": scene.repeated}))
    angles = ("view_zenith", "view_azimuth", "sun_azimuth")
    if not scene.on_grid and not all(scene.has(name) for name in angles):
        scene.flags.append(SceneFlag("no_angles", {}))
    if not scene.has("water"):
        scene.flags.append(SceneFlag("no_water_mask", {}))
    if not scene.has("sun_zenith"):
        scene.flags.append(SceneFlag("sun_computed", {}))
    if not (scene.flagged("t4") and scene.flagged("t11")):
        scene.flags.append(SceneFlag("no_quality", {}))
    if not scene.frp_band and any(band.band == "moderate" for band in scene.product.bands):
        scene.flags.append(SceneFlag("no_frp_band", {}))


def _check_within(
    scene: SceneFile, band: str, values: npt.NDArray[np.floating], limits: tuple[float, float]
) -> None:
    there = values[np.isfinite(values)]
    if len(there) == 0:
        return
    if 2 * int(((there >= limits[0]) & (there <= limits[1])).sum()) <= len(there):
        low, high = np.percentile(there, [5, 95])
        raise InputError(
            "scene_units",
            name=", ".join(scene.names),
            band=band,
            low=f"{low:.4g}",
            high=f"{high:.4g}",
            least=f"{limits[0]:g}",
            most=f"{limits[1]:g}",
        )


def _check_exchanged(scene: SceneFile, four: Singles, eleven: Singles, zenith: Singles) -> None:
    """Refuse a scene whose two temperatures stand in each other's place, which a day shows."""
    apart = (four - eleven)[zenith < _HIGH_SUN]
    apart = apart[np.isfinite(apart)]
    if len(apart) and float(np.median(apart)) < _COLDER_BY_DAY:
        kelvin = f"{np.median(apart):.1f}"
        raise InputError("scene_bands_exchanged", name=", ".join(scene.names), kelvin=kelvin)


def _note_no_reflectance(scene: SceneFile, band: str, by_day: Singles) -> None:
    """Flag a band that is mostly empty by day: cloud, glint and what is certain are told by it."""
    if len(by_day) and 2 * int(np.isfinite(by_day).sum()) < len(by_day):
        scene.flags.append(SceneFlag("no_reflectance", {"band": band}))


def _note_whole_numbers(scene: SceneFile, band: str, values: Singles) -> None:
    """Flag temperatures without a decimal: counts of a picture may look like temperatures."""
    there = values[np.isfinite(values)]
    if len(there) > _MANY and (there == np.rint(there)).all():
        scene.flags.append(SceneFlag("whole_kelvin", {"band": band}))


def _refuse_empty(scene: SceneFile) -> None:
    """Refuse a scene without a pixel of data, once all rows were looked at."""
    for start in range(0, scene.rows, _BLOCK):
        rows = scene.bands(start, min(scene.rows, start + _BLOCK))
        if (np.isfinite(rows.t4) & np.isfinite(rows.t11)).any():
            return
    raise InputError("scene_empty", name=", ".join(scene.names))


def _check_sun(scene: SceneFile, rows: list[int], lon: Doubles, lat: Doubles, zenith: Singles) -> None:
    """Hold the sun's zenith angle in the file against that of place and time.

    A wrong time zone moves it by more than 80 degrees, the places of another granule by some, longitude and
    latitude exchanged by many.
    """
    if not scene.has("sun_zenith"):
        return
    along = np.linspace(0, scene.columns - 1, min(scene.columns, _ALONG)).astype(int)
    times = np.array([scene.times(row, row + 1)[0] for row in rows])
    apart = np.abs(sun_zenith(times[:, None], lon[:, along], lat[:, along]) - zenith[:, along])
    apart = apart[np.isfinite(apart)]
    if len(apart) == 0 or float(np.median(apart)) <= scene.product.sun_within_deg:
        return
    params = {"name": ", ".join(scene.names), "degrees": f"{np.median(apart):.1f}"}
    if scene.product.sun_refuses:
        raise InputError("scene_sun_refused", **params)
    scene.flags.append(SceneFlag("sun_differs", params))
