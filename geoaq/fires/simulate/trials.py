"""Fields of fires of known size on plain ground, seen and put to a detector: which share of them is found.

The backgrounds are those of figure 4 of Schroeder et al., RSE 143 (2014): what burns is a black body seen
without air, over ground that is seen through it; a pixel at nadir.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from geoaq.fires.simulate.physics import AIR, Air
from geoaq.fires.simulate.scene import SceneSpec, SyntheticScene, Target, simulate_scene
from geoaq.frames.scenes import LOW, Doubles, Marks

#: Fires of a field lie this many pixels apart: none is in another's background, 11 pixels wide.
APART = 24
Detect = Callable[[SyntheticScene], Marks]


class Background(NamedTuple):
    """Ground of a field: temperature and its spread, K, reflectance near 4 µm, zenith angle of the sun."""

    ground_k: float
    sigma_k: float
    rho4: float
    sun_zenith: float


class Chances(NamedTuple):
    """Ranges that backgrounds are drawn from, evenly.

    Attributes
    ----------
    ground_k, sigma_k, rho4, sun_zenith
        Least and most.
    air
        Over the ground; what burns is seen without it.
    """

    ground_k: tuple[float, float]
    sigma_k: tuple[float, float]
    rho4: tuple[float, float]
    sun_zenith: tuple[float, float]
    air: Air = AIR

    def draw(self, random: np.random.Generator) -> Background:
        """Return one background."""
        return Background(*(float(random.uniform(*span)) for span in self[:4]))


#: Area, m², of which half is found by day and by night, by temperature, K: figure 4, read off the print.
PUBLISHED_BY_DAY = {1000.0: 34.0, 900.0: 52.0, 800.0: 91.0, 700.0: 179.0}
PUBLISHED_BY_NIGHT = {900.0: 9.7, 800.0: 17.0, 700.0: 33.0, 650.0: 50.0, 600.0: 85.0, 550.0: 151.0}
#: What the backgrounds of these curves are drawn from.
BY_DAY = Chances((288.0, 312.0), (2.0, 6.0), (0.04, 0.14), (20.0, 60.0))
BY_NIGHT = Chances((275.0, 297.0), (2.0, 6.0), (0.04, 0.14), (130.0, 130.0))


def field_of_fires(
    fires: Sequence[tuple[float, float]], ground: Background, air: Air, seed: int
) -> SyntheticScene:
    """Return a scene with fires well apart, row by row in the order given.

    Parameters
    ----------
    fires
        Area, m², and temperature, K, of each.
    """
    across = int(np.ceil(np.sqrt(len(fires))))
    down = -(-len(fires) // across)
    targets = tuple(
        Target((k // across) * APART + APART // 2, (k % across) * APART + APART // 2, "fire", area, kelvin)
        for k, (area, kelvin) in enumerate(fires)
    )
    spec = SceneSpec(
        rows=down * APART,
        columns=across * APART,
        ground_k=ground.ground_k,
        ground_sigma_k=ground.sigma_k,
        rho4=ground.rho4,
        sun=(ground.sun_zenith, 206.0),
        air=air,
        air_over_fires=False,
        targets=targets,
    )
    return simulate_scene(spec, seed)


def shares_found(
    detect: Detect,
    areas: dict[float, Sequence[float]],
    chances: Chances,
    *,
    backgrounds: int,
    places: int,
    seed: int,
) -> dict[float, Doubles]:
    """Return which share of fires is found, of any class, for each temperature and area.

    Parameters
    ----------
    detect
        Gives the mask of a scene.
    areas
        For each temperature, K, the areas to try, m², ascending.
    chances
        Where backgrounds are drawn from.
    backgrounds, places
        Each fire is tried on so many backgrounds, at so many places of each; a background is a scene of its
        own, so that the median of its surroundings is that of the background.
    """
    random = np.random.default_rng(seed)
    fires = [(area, kelvin) for kelvin, some in areas.items() for area in some] * places
    found = np.zeros(len(fires))
    for _ in range(backgrounds):
        scene = field_of_fires(fires, chances.draw(random), chances.air, int(random.integers(1 << 62)))
        line, sample = (scene.truth[name].to_numpy(np.int64) for name in ("line", "sample"))
        found += detect(scene)[line, sample] >= LOW
    shares = found.reshape(places, -1).sum(axis=0) / (backgrounds * places)
    ends = np.cumsum([len(some) for some in areas.values()])[:-1]
    return dict(zip(areas, np.split(shares, ends), strict=True))


def half_found(areas: Sequence[float], shares: Doubles) -> float:
    """Return the area, m², of which half is found, NaN where that lies outside the areas.

    Between the last area of which less is found and the next, straight in the logarithm of the area.
    """
    below = np.flatnonzero(shares < 0.5)
    if not len(below) or below[-1] + 1 == len(shares):
        return float("nan")
    k = int(below[-1])
    part = (0.5 - shares[k]) / (shares[k + 1] - shares[k])
    return float(np.exp(np.log(areas[k]) + part * (np.log(areas[k + 1]) - np.log(areas[k]))))
