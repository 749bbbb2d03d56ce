"""The hard scenes on which the detector is held against the literal references, and what holding means."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geoaq.fires.detection import ArrayScene, Detections, DetectorRule, detector_rule
from geoaq.frames.scenes import LOW
from tests.fires.detection.hard_scenes import HardScene, hard_scene
from tests.fires.detection.reference import modis, viirs
from tests.fires.detection.reference.common import Answer, Background, power_per_km2

LAYERS = Path(__file__).resolve().parents[3] / "layers" / "product" / "detector"
STATISTICS = ("mean4", "mad4", "mean_dt", "mad_dt", "mean11", "mad11")


class Case(NamedTuple):
    """One hard scene: the arguments of `hard_scene`."""

    sensor: str
    sun: str
    seed: int
    shape: tuple[int, int] = (200, 220)
    fires: float = 0.06
    clear: tuple[float, float] = (0.002, 0.6)
    desert: float = 0.14

    def make(self) -> HardScene:
        return hard_scene(
            self.seed, self.shape, sensor=self.sensor, sun=self.sun, fires=self.fires, clear=self.clear,
            desert=self.desert,
        )  # fmt: skip


def modis_case(sun: str, seed: int, shape: tuple[int, int] = (200, 220)) -> Case:
    return Case("modis", sun, seed, shape, 0.04, (0.15, 3.0))


VIIRS = [Case("viirs", sun, seed) for seed in (1, 2, 3, 4) for sun in ("day", "night", "terminator")] + [
    Case(
        "viirs", "day", 11, (560, 540), 0.004, (0.01, 0.9), 0.03
    ),  # wider and taller than the window of BT4s
    Case("viirs", "terminator", 12, (64, 900), 0.03),
    Case("viirs", "day", 13, (330, 41), 0.03, (0.3, 4.0)),
]
MODIS = [modis_case(sun, seed) for seed in (21, 22, 23, 24) for sun in ("day", "night", "terminator")] + [
    modis_case("day", 31, (45, 700)),
    modis_case("terminator", 32, (330, 64)),
]
RULES = {"viirs": "viirs_i", "modis": "modis"}


@cache
def rule_of(sensor: str) -> DetectorRule:
    name = RULES[sensor]
    return detector_rule(tomllib.loads((LAYERS / f"{name}.toml").read_text("utf-8")), name)


def as_scene(scene: HardScene, sensor: str) -> ArrayScene:
    """Return the scene as a resampled one: it has not the columns of a swath of its sensor."""
    satellite = {"viirs": "noaa21", "modis": "terra"}[sensor]
    return ArrayScene(scene.rows, scene.places, scene.times, satellite=satellite, swath=False)


def by_reference(scene: HardScene, sensor: str) -> Answer:
    return {"viirs": viirs, "modis": modis}[sensor].detect(scene.rows, scene.places)


def differences(found: Detections, expected: Answer) -> list[str]:
    """Say where a detection is not the reference's: class by class, and every statistic of every fire."""
    wrong = [
        f"line {y}, sample {x}: {found.mask[y, x]} instead of {expected.mask[y, x]}"
        f" ({expected.rule_of.get((int(y), int(x)))})"
        for y, x in np.argwhere(found.mask != expected.mask)
    ]
    table = found.pixels
    listed = list(zip(table["line"].tolist(), table["sample"].tolist(), strict=True))
    if listed != [tuple(p) for p in np.argwhere(expected.mask >= LOW).tolist()]:
        return [*wrong, "the table does not list the fires of the mask, line by line"]
    if not np.array_equal(table["code"], expected.mask[expected.mask >= LOW]):
        wrong.append("the table has other codes than the mask")
    around = [expected.backgrounds.get(pixel) for pixel in listed]
    for name in STATISTICS:
        theirs = np.array([np.nan if a is None else getattr(a, name) for a in around])
        unlike = ~np.isclose(table[name].to_numpy(float), theirs, rtol=1e-10, atol=1e-9, equal_nan=True)
        wrong += [
            f"{name} at {listed[i]}: {table[name].iloc[i]} for {theirs[i]}" for i in np.flatnonzero(unlike)
        ]
    for name, field in (("n_valid", "n"), ("window", "window")):
        wrong += [
            f"{name} at {listed[i]}: {table[name].iloc[i]} instead of {getattr(a, field)}"
            for i, a in enumerate(around)
            if a is not None and table[name].iloc[i] != getattr(a, field)
        ]
    wrong += powers_unlike(table, around)
    if expected.confidence:
        percent = [expected.confidence[pixel] for pixel in listed]
        wrong += [
            f"confidence at {listed[i]}: {table['confidence_pct'].iloc[i]} instead of {percent[i]}"
            for i in np.flatnonzero(table["confidence_pct"].to_numpy(int) != percent)
        ]
    return wrong


def powers_unlike(table: pd.DataFrame, around: list[Background | None]) -> list[str]:
    """Compare power by the 4 µm band itself, for the area that the table says, where it can be had."""
    wrong = []
    for row, a in zip(table.to_dict("records"), around, strict=True):
        modis = row["confidence_pct"] >= 0
        whole = not row["saturated"] and not row["folded"] and (modis or row["t4_k"] < 355.0)
        can = a is not None and whole
        power = float("nan")
        if can and a is not None:
            um, coefficient = (3.96, 3.0e-9) if modis else (3.74, 3.24e-9)
            power = power_per_km2(row["t4_k"], a, um, coefficient) * row["scan_km"] * row["track_km"]
        method = ("MODIS" if modis else "I4_unsat") if can else ""
        if row["frp_method"] != method or not np.isclose(row["frp_mw"], power, rtol=1e-6, equal_nan=True):
            where = f"({row['line']}, {row['sample']})"
            wrong.append(f"power at {where}: {row['frp_mw']} ({row['frp_method']}) for {power}")
    return wrong


def same_pixels(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Compare two tables of fire pixels by everything that does not hang on the order of rows and columns."""
    names = [
        "line",
        "sample",
        "code",
        "confidence_pct",
        "t4_k",
        "t11_k",
        "day",
        "n_valid",
        "window",
        "glint_deg",
    ]
    a, b = (table.sort_values(["line", "sample"], ignore_index=True) for table in (one, other))
    pd.testing.assert_frame_equal(a[names], b[names], check_dtype=False)
    assert a["reasons"].astype(str).tolist() == b["reasons"].astype(str).tolist()
    # Sums in another order differ in their last digits.
    statistics = [*STATISTICS, "frp_mw"]
    pd.testing.assert_frame_equal(a[statistics], b[statistics], rtol=1e-9, atol=1e-9)
