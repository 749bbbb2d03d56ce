"""The area of which half is found is that of figure 4 of Schroeder et al. (2014); the misprint OR is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from geoaq.fires.simulate.scene import SyntheticScene
from geoaq.fires.simulate.trials import (
    BY_DAY,
    BY_NIGHT,
    PUBLISHED_BY_DAY,
    PUBLISHED_BY_NIGHT,
    Chances,
    Detect,
    half_found,
    shares_found,
)
from geoaq.frames.scenes import Marks
from tests.fires.simulate.toy import FULL_SIZE, masks

LEAST, MOST = 0.85, 1.15
BACKGROUNDS = 1000 if FULL_SIZE else 300
AROUND = np.geomspace(0.6, 1.5, 9 if FULL_SIZE else 5)


def ratios(
    detect: Detect,
    published: Mapping[float, float],
    chances: Chances,
    around: np.ndarray = AROUND,
    backgrounds: int = BACKGROUNDS,
) -> dict[float, float]:
    """Return the area of which half is found over the published one, by temperature."""
    areas = {kelvin: list(area * around) for kelvin, area in published.items()}
    shares = shares_found(detect, areas, chances, backgrounds=backgrounds, places=1, seed=20140304)
    return {kelvin: half_found(areas[kelvin], shares[kelvin]) / published[kelvin] for kelvin in published}


def either(scene: SyntheticScene) -> Marks:
    """Return the mask with OR between the halves of the candidate test, as the paper prints it."""
    warm = masks(("candidate", "day_dt_least", -1e9), ("candidate", "day_dt_most", -1e9))
    warm_or_steep = masks(("candidate", "day_t4_least", 0.0), ("candidate", "day_t4_most", 0.0))
    return np.maximum(warm(scene), warm_or_steep(scene))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("published", "chances"),
    [(PUBLISHED_BY_DAY, BY_DAY), (PUBLISHED_BY_NIGHT, BY_NIGHT)],
    ids=["day", "night"],
)
def test_half_of_the_fires_of_the_published_area_is_found(
    published: dict[float, float], chances: Chances
) -> None:
    found = ratios(masks(), published, chances)
    assert all(LEAST <= ratio <= MOST for ratio in found.values()), found


@pytest.mark.slow
def test_the_candidate_test_with_or_finds_half_of_fires_half_as_large() -> None:
    some = {kelvin: PUBLISHED_BY_DAY[kelvin] for kelvin in (800.0, 1000.0)}
    found = ratios(either, some, BY_DAY, np.geomspace(0.3, 0.9, 6), 60)
    assert all(ratio < LEAST for ratio in found.values()), found
    assert all(0.4 < ratio < 0.75 for ratio in found.values()), found


def test_half_found_lies_between_the_areas_and_is_nan_outside_of_them() -> None:
    shares = np.array([0.1, 0.4, 0.6, 0.9])
    assert half_found([10.0, 20.0, 40.0, 80.0], shares) == pytest.approx(20.0 * 2.0**0.5)
    assert np.isnan(half_found([10.0, 20.0], np.array([0.1, 0.2])))
    assert np.isnan(half_found([10.0, 20.0], np.array([0.8, 0.9])))
