"""The stage that a scene is set on: the ground of every pixel, the sky over it, and what burns or shines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from geoaq.fires.simulate.geometry import Look
from geoaq.frames.scenes import ON_LAND, ON_WATER, Marks, Singles

#: What a square of a scene is; their places in this tuple are the codes of `Stage.regions`.
REGIONS = (
    "plain", "coast", "river", "ponds", "cloud", "thin_cloud", "smoke", "hot_soil", "desert", "roofs",
    "flares", "steel", "fires", "hole",
)  # fmt: skip
#: Side of the squares, pixels.
SIDE = 64


class Target(NamedTuple):
    """A thing planted in one pixel.

    Attributes
    ----------
    line, sample
        Its pixel.
    kind
        ``fire``, ``lone_fire``, ``flare``, ``steel``, ``roof``, ``panel`` or ``pond``.
    area_m2
        Of what burns, or of the roof, the panels or the water.
    temperature_k
        Of what burns; NaN for what only shines.
    reflectance
        Of what shines, near 4 µm, by itself and not of its pixel; NaN for what burns.
    """

    line: int
    sample: int
    kind: str
    area_m2: float
    temperature_k: float = float("nan")
    reflectance: float = float("nan")


class Square(NamedTuple):
    """A part of the scene; `lines` and `samples` as numpy slices."""

    lines: slice
    samples: slice

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.lines.stop - self.lines.start, self.samples.stop - self.samples.start

    @property
    def at(self) -> tuple[slice, slice]:
        """Index into an array of the scene."""
        return self.lines, self.samples


@dataclass
class Stage:
    """The scene before it is seen; arrays have shape (rows, columns).

    Attributes
    ----------
    random
        Where all chance comes from.
    day
        Whether the sun is up in the middle.
    kelvin
        Of the ground.
    rho4, eps4
        Reflectance and emissivity near 4 µm; ``eps11`` the emissivity near 11 µm.
    red, nir, swir
        Reflectance at the top of the air.
    water
        What the mask of land and water says.
    cloud
        Share of the pixel under opaque cloud of ``cloud_k``.
    thin
        What thin cloud, of ``cloud_k`` too, lets through.
    seen
        How the samples are seen.
    glint
        Angle to the mirrored sun, degrees.
    regions
        Codes of `REGIONS`.
    targets
        What was planted.
    """

    random: np.random.Generator
    day: bool
    seen: Look
    glint: Singles
    kelvin: Singles
    rho4: Singles
    eps4: Singles
    eps11: Singles
    red: Singles
    nir: Singles
    swir: Singles
    water: Marks
    cloud: Singles
    thin: Singles
    cloud_k: Singles
    regions: Marks
    targets: list[Target] = field(default_factory=list)

    def pixel_m2(self, sample: int) -> float:
        """Return the area of a pixel."""
        return float(self.seen.scan_m[sample] * self.seen.track_m[sample])

    def burn(self, line: int, sample: int, kind: str, area_m2: float, temperature_k: float) -> None:
        """Plant what burns."""
        self.targets.append(Target(line, sample, kind, area_m2, temperature_k))

    def shine(self, target: Target, light: tuple[float, float, float]) -> None:
        """Plant what reflects over part of a pixel, at the temperature of the ground around it.

        Parameters
        ----------
        target
            With its reflectance near 4 µm; what is not reflected is emitted.
        light
            Its reflectance in red, near and shortwave infrared.
        """
        at, rho4 = (target.line, target.sample), target.reflectance
        share = min(target.area_m2 / self.pixel_m2(target.sample), 1.0)
        self.rho4[at] += share * (rho4 - self.rho4[at])
        self.eps4[at] += share * (1.0 - rho4 - self.eps4[at])
        for band, value in zip((self.red, self.nir, self.swir), light, strict=True):
            band[at] += share * (value - band[at])
        self.targets.append(target)

    def lay_water(self, square: Square, share: Singles, *, mapped: bool) -> None:
        """Lay water over a share of each pixel of a square: cooler by day, warmer by night, dark.

        Parameters
        ----------
        mapped
            Whether the mask knows of it, where it covers half of a pixel.
        """
        at = square.at
        for band, value in (
            (self.rho4, 0.02), (self.eps4, 0.98), (self.eps11, 0.99), (self.red, 0.07), (self.nir, 0.045),
            (self.swir, 0.02),
        ):  # fmt: skip
            band[at] += share * (np.float32(value) - band[at])
        self.kelvin[at] += share * np.float32(-7.0 if self.day else 4.0)
        if mapped:
            self.water[at] = np.where(share >= 0.5, ON_WATER, ON_LAND)

    def spots(self, square: Square, count: int, *, apart: int = 8) -> Iterator[tuple[int, int]]:
        """Yield at most ``count`` pixels of a square, ``apart`` from each other and from its edge."""
        cells = [
            (line, sample)
            for line in range(square.lines.start + apart, square.lines.stop - apart, apart)
            for sample in range(square.samples.start + apart, square.samples.stop - apart, apart)
        ]
        for k in self.random.permutation(len(cells))[:count]:
            yield cells[k]


def smooth(random: np.random.Generator, shape: tuple[int, int], length: float) -> Singles:
    """Return a field of mean 0 and standard deviation 1 that changes over ``length`` pixels."""
    from scipy.ndimage import gaussian_filter, zoom

    stride = max(1, int(length // 2))
    coarse = tuple(-(-side // stride) + 6 for side in shape)
    drawn = gaussian_filter(random.standard_normal(coarse, np.float32), length / stride, mode="wrap")
    fine = drawn if stride == 1 else zoom(drawn, stride, order=1)
    found: Singles = np.ascontiguousarray(fine[: shape[0], : shape[1]])
    found -= found.mean()
    found /= found.std()
    return found
