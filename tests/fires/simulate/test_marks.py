"""What a simulated fire is marked as follows from what it is, and its power from what it radiates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geoaq.fires.simulate.landscapes import MAKERS
from geoaq.fires.simulate.physics import AIR
from geoaq.fires.simulate.scene import SceneSpec, Target, simulate_scene
from geoaq.fires.simulate.trials import Background, field_of_fires
from geoaq.frames.scenes import CLOUD, HIGH, LOW, NOMINAL, UNCLASSIFIED
from tests.fires.simulate.toy import FULL_SIZE, detections, planted

PLAIN = SceneSpec(96, 96)
#: What the method adds to the power of a fire, by its temperature, K: a T⁴ beside Planck's law.
ERRORS = {600.0: -0.21, 700.0: -0.01, 800.0: 0.11, 900.0: 0.14, 1000.0: 0.12, 1200.0: 0.0}


def test_a_full_pixel_is_of_high_confidence_by_day_and_by_night() -> None:
    for change in ({}, {"sun": (130.0, 206.0), "ground_k": 285.0}):
        lone = (Target(48, 48, "fire", 3000.0, 1000.0),)
        found = detections(simulate_scene(replace(PLAIN, targets=lone, **change), 1))  # type: ignore[arg-type]
        (pixel,) = found.pixels.itertuples()
        assert (pixel.line, pixel.sample, pixel.code, pixel.t4_k) == (48, 48, HIGH, 367.0)
        assert pixel.saturated
        assert not pixel.folded


def test_a_folded_pixel_is_a_fire_and_of_low_confidence_beside_another() -> None:
    for many, code in ((False, NOMINAL), (True, LOW)):
        targets = [Target(48, 48, "fire", 6000.0, 1000.0)]
        if many:
            targets += [Target(48, 47, "fire", 1000.0, 900.0), Target(49, 48, "fire", 1000.0, 900.0)]
        found = detections(
            simulate_scene(replace(PLAIN, targets=tuple(targets), fold_above_k=500.0), 1)
        ).pixels.set_index(["line", "sample"])
        assert found.loc[(48, 48), "code"] == code
        assert found.loc[(48, 48), "folded"]
        assert found.loc[(48, 48), "t4_k"] == pytest.approx(207.38, abs=1e-3)
        assert len(found) == (3 if many else 1)


def test_pixels_that_are_partly_folded_lie_beside_the_fire_at_low_confidence() -> None:
    lines = [
        Target(line, sample, "fire", 6000.0, 1000.0) for line in range(8, 90, 8) for sample in range(20, 76)
    ]
    found = detections(simulate_scene(replace(PLAIN, targets=tuple(lines), fold_above_k=2000.0), 2))
    mixed = found.pixels[(found.pixels["t4_k"] < 367.0) & (found.pixels["t11_k"] >= 325.0)]
    assert len(mixed) > 10
    assert (mixed["code"] == LOW).all()
    assert set(found.pixels.loc[found.pixels["t4_k"] == 367.0, "code"]) == {HIGH}


def test_a_fire_in_a_hole_of_the_cloud_is_unclassified_and_one_under_cloud_is_not_seen() -> None:
    scene = simulate_scene(SceneSpec(256, 256, features=("hole", "cloud"), sun=(40.0, 206.0)), 5)
    truth = planted(scene, detections(scene).mask)
    lone = truth[truth["kind"] == "lone_fire"]
    assert len(lone) > 2
    assert (lone["code"] == UNCLASSIFIED).all()
    hidden = truth[truth["sight"] == "cloud"]
    assert len(hidden) > 10
    assert (hidden["code"] == CLOUD).mean() > 0.9
    assert not (hidden["code"] >= LOW).any()


def test_furnaces_and_flares_are_found_as_their_heat_allows() -> None:
    day, night = (
        planted(scene, detections(scene).mask)
        for scene in (
            simulate_scene(SceneSpec(256, 384, features=("steel", "flares"), **change), 6)  # type: ignore[arg-type]
            for change in ({"sun": (40.0, 206.0)}, {"sun": (130.0, 206.0), "ground_k": 285.0})
        )
    )
    assert (day.loc[day["kind"] == "steel", "code"] == HIGH).all()
    assert not (day.loc[day["kind"] == "flare", "code"] >= LOW).any()  # 5 m² do not warm a pixel to 330 K
    assert (night["code"] >= NOMINAL).all()


@pytest.mark.parametrize("by_day", [True, False], ids=["day", "night"])
def test_nominal_fires_are_never_below_those_of_the_real_product(by_day: bool) -> None:
    # 2,083 nominal rows of NOAA-21 by day from 325.06 and 25.20 K, 378 by night from 295.02 and 10.04 K
    change = {"sun": (35.0, 206.0)} if by_day else {"sun": (130.0, 206.0), "ground_k": 287.0}
    t4_k, above_t11 = (325.0, 25.0) if by_day else (295.0, 10.0)
    count = 0
    for seed in range(8 if FULL_SIZE else 2):
        scene = simulate_scene(SceneSpec(512, 768, features=tuple(MAKERS), **change), seed)  # type: ignore[arg-type]
        found = detections(scene).pixels
        nominal = found[found["code"] == NOMINAL]
        assert nominal["t4_k"].min() > t4_k
        assert (nominal["t4_k"] - nominal["t11_k"]).min() > above_t11
        count += len(nominal)
    assert count > 100


def test_the_power_of_a_fire_is_right_but_for_the_error_of_the_method() -> None:
    for kelvin, error in ERRORS.items():
        fires = [(4000.0, kelvin)] * (400 if FULL_SIZE else 49)
        scene = field_of_fires(fires, Background(298.0, 2.0, 0.08, 40.0), AIR, 8)
        found = detections(scene).pixels
        assert len(found) == len(fires)
        assert set(found["frp_method"]) == {"M13"}
        ratio = np.median(found["frp_mw"].to_numpy() / scene.truth["frp_mw"].to_numpy())
        assert ratio - 1.0 == pytest.approx(error, abs=0.03)
