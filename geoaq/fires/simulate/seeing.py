"""What a satellite sees of a stage: radiances band by band, and the numbers that a file would hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geoaq.fires.detection.planck import radiance
from geoaq.fires.simulate.physics import (
    Air,
    Read,
    fold,
    ground_radiance,
    noisy_temperature,
    read_out,
    spread_along_scan,
    sunlight,
    through_air,
)
from geoaq.fires.simulate.sensors import Sensor
from geoaq.fires.simulate.stage import Stage
from geoaq.frames.scenes import BAD, SEEN, Doubles, Marks, SceneRows, Singles

# Opaque cloud: reflectance near 4 µm, and in the three bands of the sun.
_CLOUD_RHO4, _CLOUD_LIGHT = 0.05, (0.62, 0.60, 0.45)
# Thin cloud: how much of what it holds back at 11 µm it adds in the three bands of the sun.
_THIN_LIGHT = (0.35, 0.35, 0.15)
_LIGHT_NOISE, _LIGHT_STEP = 0.003, 0.0001


class See(NamedTuple):
    """The bands, and the radiance of the coarse pixels, W m-2 sr-1 µm-1, or None."""

    rows: SceneRows
    coarse: Singles | None


class _Fires(NamedTuple):
    """What burns: its places, its share of the pixel, and its temperature."""

    line: np.ndarray[tuple[int], np.dtype[np.int64]]
    sample: np.ndarray[tuple[int], np.dtype[np.int64]]
    share: Doubles
    kelvin: Doubles


def see(
    stage: Stage,
    sensor: Sensor,
    sun_zenith: Singles,
    fill: Marks,
    *,
    air: Air,
    air_k: float,
    air_over_fires: bool,
    spread: bool,
    fold_above_k: float | None,
) -> See:
    """Return the scene as a file would hold it; see `geoaq.fires.simulate.scene.SceneSpec` for the options.

    Parameters
    ----------
    fill
        Which pixels are seen at all; all bands of the others are NaN and `BAD`.
    """
    cosine = np.cos(np.radians(np.minimum(sun_zenith, 90.0))).clip(0.0).astype(np.float32)
    fires = _burning(stage)
    random = stage.random

    def light(um: float, *, near_4: bool) -> Doubles:
        through = air.through4 if near_4 else air.through11
        eps, rho = (stage.eps4, stage.rho4) if near_4 else (stage.eps11, 0.0)
        ground = ground_radiance(um, stage.kelvin, eps, rho, cosine)
        total = through_air(um, ground, through, air_k)
        over = through if air_over_fires else 1.0
        glow = fires.share * (over * radiance(um, fires.kelvin) - through * ground[fires.line, fires.sample])
        np.add.at(total, (fires.line, fires.sample), glow)
        _add_sky(total, stage, um, cosine if near_4 else None)
        return spread_along_scan(total) if spread else total

    kelvin4 = noisy_temperature(sensor.um4, light(sensor.um4, near_4=True), random)
    four = read_out(kelvin4, sensor.full4)
    if fold_above_k is not None and sensor.folded4:
        four = fold(four, kelvin4, above_k=fold_above_k, folded_k=sensor.folded4, random=random)
    far = [um for um in (sensor.um11, sensor.um12) if um]
    eleven, *twelve = (
        read_out(noisy_temperature(um, light(um, near_4=False), random), sensor.full11) for um in far
    )
    coarse = _coarse(light(sensor.um_coarse, near_4=True), fill) if sensor.um_coarse else None
    rows = _rows(stage, four, eleven, twelve[0] if twelve else None, sun_zenith, fill)
    return See(rows, coarse)


def _burning(stage: Stage) -> _Fires:
    """Return what burns, of all that was planted."""
    hot = [target for target in stage.targets if not np.isnan(target.temperature_k)]
    share = [target.area_m2 / stage.pixel_m2(target.sample) for target in hot]
    return _Fires(
        np.array([target.line for target in hot], np.int64),
        np.array([target.sample for target in hot], np.int64),
        np.array(share, np.float64),
        np.array([target.temperature_k for target in hot], np.float64),
    )


def _add_sky(total: Doubles, stage: Stage, um: float, cosine: Singles | None) -> None:
    """Put thin and opaque cloud over the radiances, in place; ``cosine`` where the band holds sunlight."""
    row, column = np.nonzero((stage.cloud > 0.0) | (stage.thin < 1.0))
    if not len(row):
        return
    top = radiance(um, stage.cloud_k[row, column])
    thin, cover = stage.thin[row, column], stage.cloud[row, column]
    below = thin * total[row, column] + (1.0 - thin) * top
    sun = 0.0 if cosine is None else _CLOUD_RHO4 * sunlight(um) / np.pi * cosine[row, column]
    total[row, column] = (1.0 - cover) * below + cover * (top + sun)


def _coarse(light: Doubles, fill: Marks) -> Singles:
    """Return the means of two by two pixels; NaN where one of them is not seen."""
    rows, columns = light.shape
    known = np.where(fill == SEEN, light, np.nan)
    found: Singles = known.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3)).astype(np.float32)
    return found


def _rows(
    stage: Stage, four: Read, eleven: Read, twelve: Read | None, sun_zenith: Singles, fill: Marks
) -> SceneRows:
    """Return all bands with what is not seen taken out."""
    gone = fill != SEEN
    night = sun_zenith >= 90.0
    lights: list[Singles] = []
    for band, cloud, thin in zip((stage.red, stage.nir, stage.swir), _CLOUD_LIGHT, _THIN_LIGHT, strict=True):
        seen = band + (1.0 - stage.thin) * thin * stage.day
        seen += stage.cloud * (cloud - seen)
        seen += _LIGHT_NOISE * stage.random.standard_normal(band.shape, np.float32)
        seen = np.round(seen / _LIGHT_STEP) * _LIGHT_STEP
        lights.append(np.where(gone | night, np.nan, seen).astype(np.float32))
    t4, t11 = (np.where(gone, np.nan, read.kelvin).astype(np.float32) for read in (four, eleven))
    t12 = None if twelve is None else np.where(gone, np.nan, twelve.kelvin).astype(np.float32)
    q4, q11 = (np.where(gone, BAD, read.quality).astype(np.uint8) for read in (four, eleven))
    red, nir, swir = lights
    return SceneRows(t4, t11, t12, red, nir, swir, sun_zenith, stage.water, q4, q11, fill)
