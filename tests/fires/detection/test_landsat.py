"""The masks of Landsat: silent on a real scene without fire, and not silent once a fire is mixed into it."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
import rasterio

from geoaq.fires.detection.planck import radiance
from geoaq.fires.detection.shortwave import Shortwave, kumar_roy_fires, murphy_fires, schroeder_fires

WAVELENGTH_UM = {5: 0.865, 6: 1.609, 7: 2.201}
PIXEL_M2 = 900.0


class Crop(NamedTuple):
    """The crop of Landsat-8 of 2015: reflectances as delivered, and what a radiance adds to them."""

    bands: dict[int, npt.NDArray[np.float64]]
    cos_sun: float
    per_radiance: dict[int, float]

    def plain(self) -> Shortwave:
        b = self.bands
        return Shortwave(b[4], b[5], b[6], b[7], blue=b[2])

    def corrected(self) -> Shortwave:
        b = {band: values / self.cos_sun for band, values in self.bands.items()}
        return Shortwave(b[4], b[5], b[6], b[7], blue=b[2])

    def with_fire(self, line: int, sample: int, area_m2: float, kelvin: float) -> Crop:
        """Return the crop with a black body of that area and temperature in one of its pixels."""
        bands = {band: values.copy() for band, values in self.bands.items()}
        share = area_m2 / PIXEL_M2
        for band, micrometres in WAVELENGTH_UM.items():
            glow = share * float(radiance(micrometres, kelvin)) * self.per_radiance[band]
            bands[band][line, sample] = (1.0 - share) * bands[band][line, sample] + glow
        return self._replace(bands=bands)


@pytest.fixture(scope="module")
def crop(shared: Path) -> Crop:
    folder = shared / "data" / "rasters"
    metadata = dict(re.findall(r"(\w+) = (\S+)", (folder / "l8_MTL.txt").read_text("ascii")))
    bands, per_radiance = {}, {}
    for band in (2, 4, 5, 6, 7):
        gain, offset = (float(metadata[f"REFLECTANCE_{what}_BAND_{band}"]) for what in ("MULT", "ADD"))
        with rasterio.open(folder / f"l8_B{band}.tif") as raster:
            counts = raster.read(1).astype(float)
        bands[band] = np.where(counts > 0, gain * counts + offset, np.nan)
        per_radiance[band] = gain / float(metadata[f"RADIANCE_MULT_BAND_{band}"])
    return Crop(bands, math.sin(math.radians(float(metadata["SUN_ELEVATION"]))), per_radiance)


def masks(crop: Crop) -> dict[str, npt.NDArray[np.bool_]]:
    return {
        "Murphy": murphy_fires(crop.plain()),
        "Schroeder": schroeder_fires(crop.plain()),
        "Kumar and Roy": kumar_roy_fires(crop.corrected()),
    }


def test_the_real_crop_has_no_fire_by_any_mask(crop: Crop) -> None:
    assert crop.bands[7].shape == (603, 627)
    # It is no empty picture: much green land, some of it bare, some bright with cloud, some near the limits.
    assert np.mean(crop.bands[5] / crop.bands[4] > 3.0) > 0.5
    assert np.mean(crop.bands[4] > 0.1) > 0.1
    assert crop.bands[7].max() > 0.4
    assert (crop.bands[7] / crop.bands[5]).max() > 1.0
    assert {name: int(mask.sum()) for name, mask in masks(crop).items()} == {
        "Murphy": 0, "Schroeder": 0, "Kumar and Roy": 0,
    }  # fmt: skip


def test_a_fire_mixed_into_the_real_crop_is_found_by_each_mask_and_nothing_else_is(crop: Crop) -> None:
    land = (crop.bands[5] / crop.bands[4] > 3.0) & (crop.bands[4] < 0.1)
    ys, xs = np.nonzero(land)
    chosen = np.random.default_rng(8).choice(ys.size, 20, replace=False)
    for line, sample in zip(ys[chosen].tolist(), xs[chosen].tolist(), strict=True):
        for name, mask in masks(crop.with_fire(line, sample, 60.0, 1000.0)).items():
            # Murphy adds saturated neighbours only where they are handed in, Kumar and Roy dark ones.
            assert mask[line, sample], name
            assert mask.sum() == 1, name


def test_a_fire_of_a_few_square_metres_stays_below_all_masks(crop: Crop) -> None:
    line, sample = (int(i[0]) for i in np.nonzero(crop.bands[5] / crop.bands[4] > 6.0))
    assert not any(mask.any() for mask in masks(crop.with_fire(line, sample, 0.5, 800.0)).values())


def flat(**bands: float) -> dict[str, npt.NDArray[np.float64]]:
    usual = {"red": 0.05, "nir": 0.3, "swir16": 0.2, "swir22": 0.1}
    random = np.random.default_rng(1)
    return {name: value + random.normal(0.0, 0.004, (70, 70)) for name, value in (usual | bands).items()}


def test_a_fire_that_folds_the_longest_band_needs_the_coastal_band() -> None:
    bands = flat(coastal=0.1)
    for name, value in {"swir16": 0.9, "nir": 0.5, "swir22": 0.05}.items():
        bands[name][30, 40] = value
    assert np.argwhere(schroeder_fires(Shortwave(**bands))).tolist() == [[30, 40]]
    assert not schroeder_fires(Shortwave(**(bands | {"coastal": None}))).any()


def test_a_potential_fire_has_to_stand_out_from_what_lies_around_it() -> None:
    bands = flat(nir=0.15, swir16=0.1)
    for name, value in {"swir22": 0.4, "nir": 0.2, "swir16": 0.2}.items():
        bands[name][30, 40] = value  # below every certain threshold: ratio 2, step 0.2
    assert np.argwhere(schroeder_fires(Shortwave(**bands))).tolist() == [[30, 40]]
    like_it = {name: np.full((70, 70), float(values[30, 40])) for name, values in bands.items()}
    assert not schroeder_fires(Shortwave(**like_it)).any()


def test_water_is_left_out_of_the_background_where_its_bands_are_there() -> None:
    # Dark water beside land widens the deviation so far that a weak fire is lost in it.
    bands = flat(nir=0.15, swir16=0.13, swir22=0.15, coastal=0.14, blue=0.12, green=0.1)
    for name, value in {"red": 0.08, "nir": 0.04, "swir16": 0.02, "swir22": 0.005}.items():
        bands[name][:, :38] = value
    for name, value in {"swir22": 0.26, "nir": 0.08, "swir16": 0.1}.items():
        bands[name][30, 45] = value
    seen = Shortwave(**bands)
    assert np.argwhere(schroeder_fires(seen)).tolist() == [[30, 45]]
    assert not schroeder_fires(seen._replace(green=None)).any()


def test_beside_a_hot_pixel_a_saturated_one_burns_and_elsewhere_it_does_not() -> None:
    bands = flat()
    for name, value in {"swir22": 0.6, "swir16": 0.3}.items():
        bands[name][30, 40] = value
    saturated = np.zeros((70, 70), bool)
    saturated[31, 41] = saturated[10, 10] = True
    assert np.argwhere(murphy_fires(Shortwave(**bands), saturated)).tolist() == [[30, 40], [31, 41]]


def test_nothing_is_found_where_nothing_is_known() -> None:
    unknown = Shortwave(*(np.full((9, 9), np.nan) for _ in range(4)))
    assert not murphy_fires(unknown).any()
    assert not schroeder_fires(unknown).any()
    assert not kumar_roy_fires(unknown).any()
