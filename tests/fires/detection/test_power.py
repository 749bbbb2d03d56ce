"""Power of fires, and by which method."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.fires.detection import ArrayScene, Detections, detect
from geoaq.fires.detection.geometry import sizes_at_samples
from geoaq.fires.detection.planck import radiance
from geoaq.fires.detection.power import STEFAN_BOLTZMANN, power_mw
from geoaq.frames.scenes import BOW_TIE_FILL, SEEN, SceneRows, Singles
from tests.fires.detection.small import found, land, places_of, rule_of


def test_a_radiance_of_a_times_the_fourth_power_gives_stefan_and_boltzmann() -> None:
    excess = np.array([3.0e-9 * 900.0**4])
    assert power_mw(np.array([100.0]), excess, 3.0e-9) == pytest.approx(STEFAN_BOLTZMANN * 900.0**4 * 1e-4)


@pytest.mark.parametrize(
    ("kelvin", "least", "most"), [(700, 0.8, 1.2), (900, 0.95, 1.25), (1000, 0.95, 1.25)]
)
def test_power_from_the_fine_band_is_that_of_the_fire_within_the_error_of_the_method(
    kelvin: float, least: float, most: float
) -> None:
    rows = land()
    background = float(radiance(3.74, 305.0))
    fraction = (float(radiance(3.74, 345.0)) - background) / float(radiance(3.74, kelvin))
    rows.t4[20, 20] = 345.0
    (frp,) = found(rows).pixels["frp_mw"]
    size = rule_of("viirs_i").scan
    true = fraction * size.scan_m * size.track_m * STEFAN_BOLTZMANN * kelvin**4 * 1e-6
    # 20° off nadir the pixel is a tenth larger.
    assert least < frp / true < most * 1.15


def test_fires_of_one_coarse_pixel_share_its_power_in_equal_parts() -> None:
    rows = land()
    rows.t4[20, 20], rows.t4[21, 21], rows.t4[24, 24] = 345.0, 352.0, 350.0
    coarse = np.full((20, 22), 0.4, np.float32)
    coarse[10, 10], coarse[12, 12] = 3.0, 2.0
    pixels = found(rows, coarse=coarse).pixels
    assert pixels["frp_method"].tolist() == ["M13"] * 3
    first, second, third = pixels["frp_mw"]
    assert first == second
    assert (first + second) / third == pytest.approx((3.0 - 0.4) / (2.0 - 0.4), rel=1e-3)


def test_a_coarse_pixel_that_burns_is_no_background_of_another() -> None:
    rows = land()
    rows.t4[20, 20], rows.t4[20, 22] = 350.0, 350.0
    coarse = np.full((20, 22), 0.4, np.float32)
    coarse[10, 10], coarse[10, 11] = 3.0, 90.0
    first, second = found(rows, coarse=coarse).pixels["frp_mw"]
    assert second / first == pytest.approx((90.0 - 0.4) / (3.0 - 0.4), rel=1e-6)


def test_without_the_coarse_band_hot_or_saturated_pixels_have_no_power() -> None:
    rows = land()
    rows.t4[10, 10], rows.t4[20, 20], rows.t4[30, 30] = 354.0, 356.0, 367.0
    pixels = found(rows).pixels
    assert pixels["frp_method"].tolist() == ["I4_unsat", "", ""]
    assert pixels["frp_mw"].notna().tolist() == [True, False, False]


def test_where_the_coarse_band_has_no_value_the_fine_one_takes_over() -> None:
    rows = land()
    rows.t4[20, 20] = 345.0
    pixels = found(rows, coarse=np.full((20, 22), np.nan, np.float32)).pixels
    assert pixels["frp_method"].tolist() == ["I4_unsat"]


class OnAMap(ArrayScene):
    """A scene whose cells show pixels of a swath."""

    shown: tuple[Singles, Singles]

    def source(self, start: int, stop: int) -> tuple[Singles, Singles]:
        return self.shown[0][start:stop], self.shown[1][start:stop]


def on_a_map(times: int, first_sample: int) -> Detections:
    """Return what is found where each pixel fills so many cells down and across; the first stands for all."""
    rows = land()
    rows.t4[20, 20], rows.t4[20, 30] = 345.0, 350.0

    def repeated(band: np.ndarray) -> np.ndarray:
        return np.repeat(np.repeat(band, times, axis=0), times, axis=1)

    cells = SceneRows._make(None if band is None else repeated(band) for band in rows)
    cells.fill[:] = BOW_TIE_FILL
    cells.fill[::times, ::times] = SEEN
    scene = OnAMap(cells, places_of(cells), np.zeros(len(cells.t4)), satellite="noaa21", swath=False)
    line, sample = np.mgrid[:40, first_sample : first_sample + 44].astype(np.float32)
    scene.shown = repeated(line), repeated(sample)
    return detect(scene, rule_of("viirs_i"), progress=lambda _done, _of: None)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_pixel_that_fills_many_cells_of_a_map_has_the_size_of_its_pixel(times: int) -> None:
    """One cell stands for it: with the cell's area its power would shrink with the cells."""
    pixels = on_a_map(times, 6000).pixels
    scan, track = sizes_at_samples(rule_of("viirs_i").scan, [6020, 6030])

    assert pixels["scan_km"].tolist() == pytest.approx(scan.tolist())
    assert pixels["track_km"].tolist() == pytest.approx(track.tolist())
    assert pixels["frp_mw"].tolist() == pytest.approx(on_a_map(1, 6000).pixels["frp_mw"].tolist(), rel=0.02)


def test_cells_without_a_source_have_the_size_of_the_cell() -> None:
    pixels = on_a_map(1, 7000).pixels

    assert pixels["scan_km"].tolist() == pytest.approx([0.3745] * 2, abs=0.002)
