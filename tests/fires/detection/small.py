"""A small scene of clear land by day, to which tests do one thing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from geoaq.fires.detection import ArrayScene, Detections, DetectorRule, detect, detector_rule
from geoaq.frames.scenes import ScenePlaces, SceneRows

TABLES = Path(__file__).resolve().parents[3] / "layers" / "product" / "detector"


def table_of(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))


@cache
def rule_of(name: str) -> DetectorRule:
    return detector_rule(table_of(name), name)


def land(rows: int = 40, columns: int = 44, *, t4: float = 305.0, t11: float = 300.0) -> SceneRows:
    """Return land that ripples by half a kelvin, so that deviations are not zero."""
    ripple = 0.5 * ((np.add.outer(np.arange(rows), np.arange(columns)) % 3) - 1)

    def full(value: float) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.full((rows, columns), value, np.float32)

    def zeros() -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.zeros((rows, columns), np.uint8)

    return SceneRows(
        (full(t4) + ripple).astype(np.float32), (full(t11) + ripple).astype(np.float32), None,
        full(0.08), full(0.2), full(0.15), full(40.0), zeros(), zeros(), zeros(), zeros(),
    )  # fmt: skip


def places_of(rows: SceneRows, *, view_zenith: float = 20.0, view_azimuth: float = 100.0) -> ScenePlaces:
    """Return places 375 m apart near 36° N 115° E, with the sun in the south."""
    shape = rows.t4.shape
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    return ScenePlaces(
        115.0 + x * 0.00416, 36.0 - y * 0.00338, np.full(shape, view_zenith, np.float32),
        np.full(shape, view_azimuth, np.float32), np.full(shape, 180.0, np.float32),
    )  # fmt: skip


def found(
    rows: SceneRows,
    name: str = "viirs_i",
    *,
    places: ScenePlaces | None = None,
    coarse: np.ndarray[Any, np.dtype[np.float32]] | None = None,
    swath: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    **options: Any,
) -> Detections:
    times = 1_744_000_000.0 + 0.1 * np.arange(len(rows.t4))
    scene = ArrayScene(rows, places or places_of(rows), times, coarse, satellite="noaa21", swath=swath)
    return detect(scene, rule_of(name), progress=progress, **options)
