"""Where nothing burns, nothing is found, but for roofs, which no test of surroundings can tell from fires."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geoaq.fires.simulate.landscapes import MAKERS
from geoaq.fires.simulate.rates import DAYS, NATURAL, NIGHTS, natural_alarms, plain_alarms, roofs
from geoaq.fires.simulate.scene import SceneSpec, simulate_scene
from geoaq.fires.simulate.trials import BY_DAY, BY_NIGHT, Background
from geoaq.frames.scenes import GLINT, LOW, NOMINAL, UNCLASSIFIED
from tests.fires.simulate.toy import FULL_SIZE, detections, masks, planted

SIDE, SCENES = (512, 4) if FULL_SIZE else (128, 2)
LIKELY = 1e-6
HARD = SceneSpec(512, 768, first_sample=2600, features=tuple(MAKERS))
#: Clear noons from April to September over warm ground.
NOONS = [
    Background(ground_k, 3.0, 0.08, zenith)
    for ground_k in (300.0, 305.0, 310.0, 315.0)
    for zenith in (20.0, 30.0, 40.0)
]
#: Reflectance of the whole pixel: least and most share found.
ROOFS = {(0.2, 0.3): (0.0, 0.0), (0.3, 0.4): (0.05, 0.29), (0.4, 0.6): (0.55, 0.93), (0.6, 1.0): (0.97, 1.0)}
POINTS = 0.05


@pytest.mark.slow
def test_natural_ground_gives_no_false_alarm() -> None:
    pixels = alarms = 0
    for chances, cases in ((BY_DAY, DAYS), (BY_NIGHT, NIGHTS)):
        for seed, (kelvin, sigma) in enumerate(cases):
            here = chances._replace(ground_k=(kelvin, kelvin), sigma_k=(sigma, sigma))
            found = plain_alarms(masks(), here, SIDE, SCENES, seed)
            pixels += found.pixels
            alarms += found.sure + found.low
    if FULL_SIZE:
        assert pixels >= 10_000_000
        assert alarms / pixels <= LIKELY
    else:
        assert alarms == 0


@pytest.mark.parametrize(
    "change",
    [{}, {"sun": (40.0, 206.0)}, {"sun": (130.0, 206.0), "ground_k": 285.0}],
    ids=["noon", "afternoon", "night"],
)
def test_water_cloud_smoke_and_hot_ground_give_no_false_alarm(change: dict[str, object]) -> None:
    scene = simulate_scene(replace(HARD, **change), 3)  # type: ignore[arg-type]
    found = natural_alarms(scene, detections(scene).mask)
    assert set(found) == set(NATURAL)
    assert all(one.pixels > 5000 for one in found.values())
    assert {name: (one.sure, one.low) for name, one in found.items() if one.sure or one.low} == {}


def test_the_edge_of_a_desert_is_held_back_by_its_test_alone() -> None:
    scene = simulate_scene(replace(HARD, first_sample=5200, features=("desert",)), 3)  # far from the glint
    with_test, without = detections(scene), masks(("desert", "mads", -np.inf))(scene)
    assert with_test.notes["desert"] > 10_000
    assert (without >= LOW).sum() > 10_000
    # a corner with too few hot pixels around it may slip through
    assert (with_test.mask >= LOW).sum() <= 2
    assert not (with_test.mask >= NOMINAL).any()


def test_ponds_that_mirror_the_sun_are_no_fires() -> None:
    scene = simulate_scene(replace(HARD, first_sample=2200, ground_k=310.0, features=("ponds",)), 3)
    ponds = planted(scene, detections(scene).mask)
    assert (ponds["pixel_reflectance"] > 0.4).sum() > 20
    assert not (ponds["code"] >= LOW).any()
    # colour tells that they are water, and no other water lies around to compare them with
    assert (ponds["code"] == UNCLASSIFIED).sum() > 10


def test_roofs_under_the_mirrored_sun_are_taken_for_glint() -> None:
    near, far = (
        planted(scene, detections(scene).mask)
        for scene in (
            simulate_scene(replace(HARD, first_sample=first, features=("roofs",)), 3)
            for first in (2200, 4800)
        )
    )
    assert (near["code"] == GLINT).mean() > 0.2
    assert (far["code"] == GLINT).sum() == 0
    assert (far["code"] >= NOMINAL).mean() > 0.2


@pytest.mark.slow
def test_roofs_and_panels_are_taken_for_fires_as_often_as_the_algorithm_must() -> None:
    found = roofs(masks(), NOONS, 1600 if FULL_SIZE else 225, 4)
    by_reflectance = found.groupby(pd.cut(found["pixel_reflectance"], [0.0, 0.2, 0.3, 0.4, 0.6, 1.0]))["code"]
    shares = by_reflectance.agg(lambda code: (code >= LOW).mean())
    for (low, high), (least, most) in ROOFS.items():
        share = float(shares[pd.Interval(low, high)])
        assert least - POINTS <= share <= most + POINTS, f"{low}-{high}: {share:.3f}"
    flagged = found.loc[found["code"] >= LOW, "code"]
    assert (flagged >= NOMINAL).mean() > 0.9
