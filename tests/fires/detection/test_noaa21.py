"""The envelope of a real product, NOAA-21 of 2025-04-07, and what the detector makes of the same rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from geoaq.fires.detection import ArrayScene, Detections, detect
from geoaq.fires.detection.sections import Neighbours
from geoaq.fires.simulate.scene import SceneSpec, simulate_scene
from geoaq.frames.scenes import GOOD, HIGH, LOW, NOMINAL, ON_LAND, SATURATED, SEEN, ScenePlaces, SceneRows
from tests.fires.detection.agreement import rule_of

APART, IN_A_ROW = 13, 48


@pytest.fixture(scope="module")
def real(shared: Path) -> pd.DataFrame:
    table = pd.read_csv(shared / "data" / "fires" / "noaa21_firms_nrt_2025-04-07.csv")
    return table.assign(dt=table["bright_ti4"] - table["bright_ti5"], day=table["daynight"] == "D")


def of(table: pd.DataFrame, day: bool, confidence: str) -> pd.DataFrame:
    return table[(table["day"] == day) & (table["confidence"] == confidence)]


def test_the_file_holds_what_it_is_known_to_hold(real: pd.DataFrame) -> None:
    assert real.groupby(["daynight", "confidence"]).size().to_dict() == {
        ("D", "nominal"): 2083, ("D", "low"): 173, ("D", "high"): 188,
        ("N", "nominal"): 378, ("N", "high"): 2,
    }  # fmt: skip


def test_no_nominal_row_lies_below_either_half_of_the_candidate_test_and_some_lie_just_above(
    real: pd.DataFrame,
) -> None:
    candidate = rule_of("viirs").tests.candidate
    day, night = of(real, True, "nominal"), of(real, False, "nominal")
    # With OR between the halves, one of the two would be undercut.
    assert candidate.day_t4_least < day["bright_ti4"].min() < candidate.day_t4_least + 0.1
    assert candidate.day_dt_most < day["dt"].min() < candidate.day_dt_most + 0.25
    assert candidate.night_t4 < night["bright_ti4"].min() < candidate.night_t4 + 0.1
    assert candidate.night_dt < night["dt"].min() < candidate.night_dt + 0.1


def test_high_rows_are_the_saturated_ones_and_hot_ones_of_the_night_are_nominal(real: pd.DataFrame) -> None:
    fixed = rule_of("viirs").tests.fixed
    high = real[real["confidence"] == "high"]
    assert len(high) == 190
    assert set(high["bright_ti4"]) == {fixed.saturated_t4}
    night = of(real, False, "nominal")
    assert int((night["bright_ti4"] > fixed.night_t4).sum()) == 45
    assert real["bright_ti4"].max() == fixed.saturated_t4


def test_low_rows_are_weak_or_beside_saturation_but_for_some_that_the_file_cannot_explain(
    real: pd.DataFrame,
) -> None:
    lower = rule_of("viirs").confidence
    assert isinstance(lower, Neighbours)
    low = real[real["confidence"] == "low"]
    residual = (low["bright_ti5"] >= lower.residual_t11) | (low["dt"] < 0)
    rest = low[~((low["dt"] <= lower.low_dt) | residual)]
    # Glint is not in the file. 17 of these lie from 355.5 to 356.2 K: the printed "355 K" is no sharp number.
    assert len(rest) == 19
    assert int(rest["bright_ti4"].between(355.5, 356.25).sum()) == 17


def amid_plain_ground(rows: pd.DataFrame, day: bool) -> tuple[ArrayScene, npt.NDArray[np.int64]]:
    """Return a scene with each real pixel alone on cool, even ground, and where they are."""
    shape = APART * -(-len(rows) // IN_A_ROW), APART * IN_A_ROW
    random = np.random.default_rng(20250407)
    t11 = np.full(shape, 292.0 if day else 280.0) + random.normal(0.0, 0.5, shape)
    places = np.array([divmod(number, IN_A_ROW) for number in range(len(rows))]) * APART + APART // 2
    for (line, sample), own in zip(places.tolist(), rows["bright_ti5"].tolist(), strict=True):
        around = np.s_[
            line - APART // 2 : line + APART // 2 + 1, sample - APART // 2 : sample + APART // 2 + 1
        ]
        t11[around] += min(0.0, own - 1.0 - t11[around].mean())  # some fires are seen through thin cloud
    t4 = t11 + (4.0 if day else 1.0) + random.normal(0.0, 0.5, shape)
    at = tuple(places.T)
    t4[at], t11[at] = rows["bright_ti4"], rows["bright_ti5"]

    def flat(value: float) -> npt.NDArray[np.float32]:
        return np.full(shape, value, np.float32)

    def mark(value: int) -> npt.NDArray[np.uint8]:
        return np.full(shape, value, np.uint8)

    q4 = mark(GOOD)
    q4[t4 >= 367.0] = SATURATED
    seen = SceneRows(
        t4.astype(np.float32), t11.astype(np.float32), None,
        *(flat(value if day else np.nan) for value in (0.08, 0.22, 0.2)), flat(35.0 if day else 140.0),
        mark(ON_LAND), q4, mark(GOOD), mark(SEEN),
    )  # fmt: skip
    y, x = np.mgrid[: shape[0], : shape[1]]
    where = ScenePlaces(-100.0 + 0.004 * x, 20.0 - 0.0034 * y, flat(20.0), flat(100.0), flat(100.0))
    times = np.full(shape[0], 1_744_000_000.0)
    return ArrayScene(seen, where, times, satellite="noaa21", swath=False), places


def found_in(scene: ArrayScene) -> Detections:
    return detect(scene, rule_of("viirs"), progress=lambda done, of: None)


@pytest.mark.parametrize(
    ("day", "confidence", "code"),
    [(True, "nominal", NOMINAL), (False, "nominal", NOMINAL), (True, "high", HIGH), (False, "high", HIGH)],
)
def test_each_real_row_alone_on_plain_ground_gets_the_class_that_it_has(
    real: pd.DataFrame, day: bool, confidence: str, code: int
) -> None:
    rows = of(real, day, confidence)
    # A fire whose ground is colder than cloud may be is seen through cloud, or none of plain ground.
    rows = rows[rows["bright_ti5"] > 267.0]
    scene, places = amid_plain_ground(rows, day)
    mask = found_in(scene).mask
    assert np.flatnonzero(mask[tuple(places.T)] != code).tolist() == []
    assert int(np.count_nonzero(mask >= LOW)) == len(rows)


@pytest.mark.parametrize("day", [True, False])
def test_simulated_nominal_fires_lie_in_the_same_envelope(real: pd.DataFrame, day: bool) -> None:
    spec = SceneSpec(
        rows=384, columns=640, sun=(40.0, 200.0) if day else (130.0, 20.0), ground_k=302.0 if day else 288.0,
        features=("fires", "flares", "steel", "coast", "cloud", "thin_cloud", "smoke", "hot_soil"),
    )  # fmt: skip
    fires = [found_in(simulate_scene(spec, seed)).pixels for seed in range(3)]
    pixels = pd.concat(fires, ignore_index=True)
    nominal = pixels[(pixels["code"] == NOMINAL) & ~pixels["folded"].astype(bool)]
    assert len(nominal) >= 100
    theirs = of(real, day, "nominal")
    assert nominal["t4_k"].min() > np.floor(theirs["bright_ti4"].min())
    assert (nominal["t4_k"] - nominal["t11_k"]).min() > np.floor(theirs["dt"].min())
    high = pixels[pixels["code"] == HIGH]
    assert len(high) > 0
    assert high["t4_k"].min() == pytest.approx(367.0, abs=0.01)
