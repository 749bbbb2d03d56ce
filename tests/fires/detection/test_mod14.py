"""The 53 fire pixels of a real MOD14 granule, with the means and deviations that the product printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from geoaq.fires.detection import ArrayScene, Detections, detect
from geoaq.fires.detection.confidence import by_ramps
from geoaq.fires.detection.sections import Ramps
from geoaq.frames.scenes import GOOD, HIGH, LOW, NOMINAL, ON_LAND, SEEN, ScenePlaces, SceneRows
from tests.fires.detection.agreement import rule_of

APART, BESIDE = 13, 5  # pixels from fire to fire, and tiles in a row
RADIUS = 2  # 5×5 without the pixel and its neighbours along the scan: 22


@pytest.fixture(scope="module")
def real(shared: Path) -> pd.DataFrame:
    table = pd.read_csv(shared / "data" / "rasters" / "MOD14_fire_pixels.csv")
    assert len(table) == 53
    return table.assign(dt=table["T21"] - table["T31"])


def test_the_file_is_one_of_land_by_day_and_all_within_reach_of_the_formulae(real: pd.DataFrame) -> None:
    tests = rule_of("modis").tests
    assert (real["SolZenAng"] < tests.light.day_below).all()
    assert (real["land"] == 1).all()
    # 23 fires are hot beyond doubt and would not need a background; the product gives theirs all the same.
    assert int((real["T21"] > tests.fixed.day_t4).sum()) == 23
    candidate = tests.candidate
    assert (real["T21"] > candidate.day_t4_least).all()
    assert (real["dt"] > candidate.day_dt_least).all()
    assert (real["R2"] < candidate.day_nir).all()


def test_every_real_fire_satisfies_each_contextual_formula_with_its_own_mean_and_deviation(
    real: pd.DataFrame,
) -> None:
    c = rule_of("modis").contextual
    passed = pd.DataFrame(
        {
            "difference by deviations": real["dt"] > real["MeanDT"] + c.day_dt_mads * real["MAD_DT"],
            "difference": real["dt"] > real["MeanDT"] + c.day_dt_over,
            "4 µm": real["T21"] > real["MeanT21"] + c.day_t4_mads * real["MAD_T21"],
            "11 µm": real["T31"] > real["MeanT31"] + real["MAD_T31"] - c.t11_below,
        }
    )
    assert (~passed).sum().to_dict() == dict.fromkeys(passed, 0)


def test_the_windows_of_the_file_are_those_of_the_rule(real: pd.DataFrame) -> None:
    window = rule_of("modis").window
    enough = np.maximum(window.least, window.share * real["WinSize"] ** 2)
    assert (real["NumValid"] >= enough).all()
    assert real["WinSize"].between(window.smallest, window.largest).all()
    # 3×3 has six pixels besides the fire and its two neighbours: the file begins at 5×5, as the rule has to.
    assert real["WinSize"].min() == 5
    assert (real["NumValid"] <= real["WinSize"] ** 2 - 3).all()


def alike(row: pd.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return 22 values near 4 µm and 22 near 11 µm with the means and mean absolute deviations of a row.

    Near 4 µm all but two deviate as much up or down. Near 11 µm two halves deviate differently, so that the
    deviation of the difference becomes what it has to be: |a − y| of one half and of the other.
    """
    a, b, c = (22 / 20 * float(row[name]) for name in ("MAD_T21", "MAD_T31", "MAD_DT"))
    assert abs(a - b) - 1e-3 <= c <= a + b + 1e-3, "no three deviations of two values and their difference"
    halves = (a + b - c, a - b - c) if c >= b else (b - c, b + c)
    sign, nothing = np.tile([1.0, -1.0], 10), np.zeros(2)
    return (
        row["MeanT21"] + np.concatenate([a * sign, nothing]),
        row["MeanT31"] + np.concatenate([np.repeat(halves, 10) * sign, nothing]),
    )


def scene_of(real: pd.DataFrame) -> tuple[ArrayScene, list[tuple[int, int]]]:
    """Return a scene with each real fire amid a background like its own, and where they are."""
    shape = APART * -(-len(real) // BESIDE), APART * BESIDE
    t4, t11 = np.full(shape, 280.0), np.full(shape, 277.0)
    nir = np.full(shape, 0.2)
    zenith = np.full(shape, float(real["SolZenAng"].mean()))
    places = []
    for number, row in enumerate(real.to_dict("records")):
        line, sample = (APART * n + APART // 2 for n in divmod(number, BESIDE))
        places.append((line, sample))
        own = np.s_[line - APART // 2 : line + APART // 2 + 1, sample - APART // 2 : sample + APART // 2 + 1]
        ring = np.ones((5, 5), bool)
        ring[RADIUS, RADIUS - 1 : RADIUS + 2] = False
        cut = np.s_[line - RADIUS : line + RADIUS + 1, sample - RADIUS : sample + RADIUS + 1]
        four, eleven = alike(pd.Series(row))
        t4[own], t11[own] = (np.resize(values[:20], (APART, APART)) for values in (four, eleven))
        t4[cut][ring], t11[cut][ring] = four, eleven
        t4[line, sample], t11[line, sample], nir[line, sample] = row["T21"], row["T31"], row["R2"]

    def flat(value: float) -> npt.NDArray[np.float32]:
        return np.full(shape, value, np.float32)

    def mark(value: int) -> npt.NDArray[np.uint8]:
        return np.full(shape, value, np.uint8)

    rows = SceneRows(
        t4.astype(np.float32), t11.astype(np.float32), (t11 - 0.5).astype(np.float32), flat(0.04),
        nir.astype(np.float32), flat(0.1), zenith.astype(np.float32), mark(ON_LAND), mark(GOOD), mark(GOOD),
        mark(SEEN),
    )  # fmt: skip
    lines, samples = np.mgrid[: shape[0], : shape[1]]
    # Seen from above with the sun behind: no glint.
    where = ScenePlaces(-121.5 + 0.012 * samples, 40.0 - 0.009 * lines, flat(10.0), flat(90.0), flat(90.0))
    times = np.full(shape[0], 1_541_703_600.0)
    return ArrayScene(rows, where, times, satellite="terra", swath=False), places


def found(real: pd.DataFrame) -> tuple[Detections, list[tuple[int, int]]]:
    scene, places = scene_of(real)
    return detect(scene, rule_of("modis"), progress=lambda done, of: None), places


def test_the_detector_finds_every_real_fire_amid_its_own_background_and_nothing_else(
    real: pd.DataFrame,
) -> None:
    seen, places = found(real)
    pixels = seen.pixels
    assert list(zip(pixels["line"].tolist(), pixels["sample"].tolist(), strict=True)) == places
    for ours, theirs in {
        "mean4": "MeanT21", "mad4": "MAD_T21", "mean11": "MeanT31", "mad11": "MAD_T31", "mean_dt": "MeanDT",
        "mad_dt": "MAD_DT",
    }.items():  # fmt: skip
        assert pixels[ours].to_numpy(float) == pytest.approx(real[theirs].to_numpy(float), abs=2e-4), ours
    assert set(pixels["window"]) == {5}
    assert set(pixels["n_valid"]) == {22}


def test_the_confidence_of_every_real_fire_is_that_which_the_product_prints(real: pd.DataFrame) -> None:
    rule = rule_of("modis")
    assert isinstance(rule.confidence, Ramps)
    pixels = {
        "t4_k": real["T21"], "t11_k": real["T31"], "mean4": real["MeanT21"], "mad4": real["MAD_T21"],
        "mean_dt": real["MeanDT"], "mad_dt": real["MAD_DT"], "clouds_beside": real["AdjCloud"],
        "waters_beside": real["AdjWater"],
    }  # fmt: skip
    asked = {name: values.to_numpy(float) for name, values in pixels.items()}
    asked |= {"day": np.ones(53, bool), "reasons": np.full(53, "contextual", object)}
    sure = by_ramps(asked, rule.confidence, candidates_only=False)
    assert sure.percent.tolist() == real["confidence"].tolist()
    printed = np.select([real["confidence"] < 30, real["confidence"] < 80], [LOW, NOMINAL], HIGH)
    assert sure.code.tolist() == printed.tolist()


@pytest.mark.parametrize("which", ["T21", "T31"])
def test_a_real_fire_that_is_made_to_miss_one_formula_is_no_fire_any_more(
    real: pd.DataFrame, which: str
) -> None:
    c = rule_of("modis").contextual
    weak = real[real["T21"] < 360.0].reset_index(drop=True)
    if which == "T21":  # just short of the mean by three deviations, and the difference with it
        weak["T21"] = weak["MeanT21"] + 0.99 * c.day_t4_mads * weak["MAD_T21"]
    else:
        weak["T31"] = weak["MeanT31"] + weak["MAD_T31"] - c.t11_below - 0.1
    assert not np.any(found(weak)[0].mask >= LOW)
