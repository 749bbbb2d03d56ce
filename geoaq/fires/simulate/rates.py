"""How often a detector is wrong where nothing burns: on plain and on difficult ground, and over roofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.simulate.geometry import look
from geoaq.fires.simulate.scene import SceneSpec, SyntheticScene, Target, simulate_scene
from geoaq.fires.simulate.sensors import SENSORS
from geoaq.fires.simulate.stage import REGIONS
from geoaq.fires.simulate.trials import APART, Background, Chances, Detect
from geoaq.frames.scenes import CLOUD, LOW, NOMINAL, ON_LAND, SEEN, Marks

Bits = npt.NDArray[np.bool_]
#: Regions of nature: no fire, no roof and no furnace is looked for in their clear pixels.
NATURAL = ("plain", "coast", "river", "ponds", "cloud", "thin_cloud", "smoke", "hot_soil", "desert")
#: Plain ground, by day and by night: its temperature and spread, K.
DAYS = tuple((kelvin, sigma) for kelvin in (300.0, 315.0, 330.0) for sigma in (1.5, 3.0, 6.0))
NIGHTS = tuple((285.0, sigma) for sigma in (1.5, 3.0, 6.0))
# Where a roof is looked at: the first sample of its field.
_EAST = 4550


class Alarms(NamedTuple):
    """Clear land pixels without a fire, and how many of them were taken for one: nominal or high, and low."""

    pixels: int
    sure: int
    low: int


def plain_alarms(detect: Detect, chances: Chances, side: int, scenes: int, seed: int) -> Alarms:
    """Return the false alarms on plain ground, square scenes of ``side`` pixels, a background for each."""
    random = np.random.default_rng(seed)
    total = np.zeros(3, np.int64)
    for _ in range(scenes):
        ground = chances.draw(random)
        spec = SceneSpec(
            rows=side,
            columns=side,
            ground_k=ground.ground_k,
            ground_sigma_k=ground.sigma_k,
            rho4=ground.rho4,
            sun=(ground.sun_zenith, 206.0),
            air=chances.air,
        )
        scene = simulate_scene(spec, int(random.integers(1 << 62)))
        total += _alarms(detect(scene), _clear_land(scene))
    return Alarms(*(int(number) for number in total))


def natural_alarms(scene: SyntheticScene, mask: Marks) -> dict[str, Alarms]:
    """Return the false alarms on each kind of natural ground, pixels within two of a planted thing left out.

    Parameters
    ----------
    mask
        What a detector made of the scene.
    """
    from scipy.ndimage import binary_dilation

    planted = np.zeros(mask.shape, bool)
    planted[scene.truth["line"], scene.truth["sample"]] = True
    clear = _clear_land(scene) & (mask != CLOUD) & ~binary_dilation(planted, np.ones((5, 5), bool))
    return {
        name: Alarms(
            *(int(number) for number in _alarms(mask, clear & (scene.regions == REGIONS.index(name))))
        )
        for name in NATURAL
    }


def roofs(detect: Detect, grounds: Sequence[Background], per_scene: int, seed: int) -> pd.DataFrame:
    """Return roofs and panels, one to a pixel, and what a detector took them for.

    Each covers 0.2 to 1 of its pixel with a reflectance of 0.5 to 0.8 near 4 µm, is as warm as the ground
    around it, and half of them are dark to the eye, as panels are. The view is from the west under 45°, far
    from the mirrored sun: where that is near, roofs are taken for its glint.

    Returns
    -------
    DataFrame
        ``kind``, ``pixel_reflectance`` near 4 µm of the whole pixel, ``code`` of the mask.
    """
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(per_scene))) * APART
    seen = look(SENSORS["viirs_i"], _EAST, side)
    pixel_m2 = float((seen.scan_m * seen.track_m).mean())
    parts = []
    for ground in grounds:
        spec = SceneSpec(
            rows=side,
            columns=side,
            first_sample=_EAST,
            ground_k=ground.ground_k,
            ground_sigma_k=ground.sigma_k,
            rho4=ground.rho4,
            sun=(ground.sun_zenith, 206.0),
        )
        targets = tuple(_roof(k, side // APART, pixel_m2, random) for k in range(per_scene))
        scene = simulate_scene(replace(spec, targets=targets), int(random.integers(1 << 62)))
        line, sample = (scene.truth[name].to_numpy(np.int64) for name in ("line", "sample"))
        table = scene.truth[["kind", "pixel_reflectance"]]
        parts.append(table.assign(code=detect(scene)[line, sample]))
    return pd.concat(parts, ignore_index=True)


def _roof(k: int, across: int, pixel_m2: float, random: np.random.Generator) -> Target:
    """Return the k-th roof or panel of a field."""
    line, sample = (APART * place + APART // 2 for place in divmod(k, across))
    share, rho4 = random.uniform((0.2, 0.5), (1.0, 0.8))
    return Target(line, sample, "roof" if k % 2 else "panel", share * pixel_m2, reflectance=float(rho4))


def _clear_land(scene: SyntheticScene) -> Bits:
    """Return the pixels that are seen and that the mask of water has as land."""
    found: Bits = (scene.whole.fill == SEEN) & (scene.whole.water == ON_LAND)
    return found


def _alarms(mask: Marks, clear: Bits) -> npt.NDArray[np.int64]:
    """Return clear pixels, and those of them that are nominal or high, and low."""
    return np.array([clear.sum(), (clear & (mask >= NOMINAL)).sum(), (clear & (mask == LOW)).sum()])
