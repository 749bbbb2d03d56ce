"""Detections do not hang on which corner a scene is read from, in how many pieces, or what lies around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from geoaq.fires.detection import Detections, detect
from geoaq.frames.scenes import NO_DATA, NOT_PROCESSED
from tests.fires.detection.agreement import Case, as_scene, modis_case, rule_of, same_pixels
from tests.fires.detection.hard_scenes import HardScene

Turn = Callable[[npt.NDArray[np.generic]], npt.NDArray[np.generic]]
CASES = {
    "viirs day": Case("viirs", "day", 41, (150, 170)),
    "viirs terminator": Case("viirs", "terminator", 42, (150, 170)),
    "modis day": modis_case("day", 43, (150, 170)),
    "modis terminator": modis_case("terminator", 44, (150, 170)),
}


def turned(scene: HardScene, turn: Turn) -> HardScene:
    """Return the scene with all its arrays turned; all of it was seen at one moment."""
    rows, places = (
        type(part)._make(None if a is None else np.ascontiguousarray(turn(a)) for a in part)
        for part in (scene.rows, scene.places)
    )
    return HardScene(rows, places, np.full(rows.t4.shape[0], scene.times[0]))


def found_in(scene: HardScene, sensor: str, **how: int) -> Detections:
    return detect(as_scene(scene, sensor), rule_of(sensor), progress=lambda done, of: None, **how)


class Way(NamedTuple):
    turn: Turn
    along_scan: bool = True  # the scan still runs along the rows


WAYS = {
    "top to bottom": Way(np.flipud),
    "left to right": Way(np.fliplr),
    "both": Way(lambda a: a[::-1, ::-1]),
    "rows for columns": Way(np.transpose, along_scan=False),
}


# A pixel of MODIS leaves out its neighbours along the scan, which a transposed scene has lost.
@pytest.mark.parametrize(
    ("name", "way"),
    [(name, way) for name in CASES for way in WAYS if WAYS[way].along_scan or CASES[name].sensor == "viirs"],
)
def test_a_scene_that_is_turned_has_the_same_fires(name: str, way: str) -> None:
    case, turn = CASES[name], WAYS[way].turn
    scene = turned(case.make(), np.asarray)
    plain, other = found_in(scene, case.sensor), found_in(turned(scene, turn), case.sensor)
    assert np.array_equal(turn(plain.mask), other.mask)
    # Where each pixel went, as numbers that are turned with the scene.
    numbers = turn(np.arange(plain.mask.size).reshape(plain.mask.shape))
    back = numbers[other.pixels["line"], other.pixels["sample"]]
    columns = plain.mask.shape[1]
    same_pixels(
        plain.pixels,
        other.pixels.assign(line=back // columns, sample=back % columns).astype({"line": "int64"}),
    )
    assert len(plain.pixels) > 100


@pytest.mark.parametrize("name", CASES)
def test_padding_with_nothing_changes_no_fire(name: str) -> None:
    case = CASES[name]
    scene = turned(case.make(), np.asarray)
    top, bottom, left, right = 6, 38, 44, 10

    def padded(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        nothing: float = np.nan if values.dtype.kind == "f" else NO_DATA
        return np.pad(values, ((top, bottom), (left, right)), constant_values=nothing)

    wide = turned(scene, padded)
    wide.places.lon[:] = np.linspace(118.0, 119.0, wide.places.lon.shape[1])
    plain, other = found_in(scene, case.sensor), found_in(wide, case.sensor)
    inside = np.s_[top:-bottom, left:-right]
    assert np.array_equal(plain.mask, other.mask[inside])
    outside = np.ones(other.mask.shape, bool)
    outside[inside] = False
    assert set(other.mask[outside].tolist()) == {NOT_PROCESSED}
    moved = other.pixels.assign(line=other.pixels["line"] - top, sample=other.pixels["sample"] - left)
    same_pixels(plain.pixels.drop(columns="frp_mw").assign(frp_mw=0.0), moved.assign(frp_mw=0.0))


@pytest.mark.parametrize("block_rows", [2, 6, 32, 74, 512])
@pytest.mark.parametrize("name", CASES)
def test_how_many_rows_are_read_at_once_changes_nothing(name: str, block_rows: int) -> None:
    case = CASES[name]
    scene = case.make()
    plain, other = found_in(scene, case.sensor), found_in(scene, case.sensor, block_rows=block_rows)
    assert np.array_equal(plain.mask, other.mask)
    pd.testing.assert_frame_equal(plain.pixels, other.pixels, check_exact=True)
    assert plain.notes == other.notes


def test_blocks_change_nothing_where_the_scene_is_taller_than_its_widest_window() -> None:
    scene = Case("viirs", "day", 45, (620, 90), 0.02, (0.05, 1.5), 0.04).make()
    plain, other = (found_in(scene, "viirs", block_rows=rows) for rows in (620, 32))
    assert np.array_equal(plain.mask, other.mask)
    pd.testing.assert_frame_equal(plain.pixels, other.pixels, check_exact=True)
    assert len(plain.pixels) > 100
