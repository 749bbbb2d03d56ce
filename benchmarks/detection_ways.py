"""What ``detection.py`` runs in its own process: granules, and the literal reference on one of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.catalog import Catalog
from geoaq.fires.detection import ArrayScene, Detections, DetectorRule, detector_rule
from geoaq.frames.scenes import (
    BOW_TIE_FILL,
    GOOD,
    ON_LAND,
    ON_WATER,
    SATURATED,
    SEEN,
    UNCLASSIFIED,
    ScenePlaces,
    SceneRows,
)

ROOT = Path(__file__).resolve().parent.parent
TILE = (202, 200)
ZONES = ((1184, 0), (1920, 2), (3200, 4))  # samples from nadir, rows deleted at either end of a scan of 32
# Where a piece of the granule is cut, the reference looks so many rows further.
HALO, CERTAIN = 260, 2


class Granule(NamedTuple):
    rows: SceneRows
    places: ScenePlaces
    times: npt.NDArray[np.float64]
    coarse: npt.NDArray[np.float32]

    def scene(self) -> ArrayScene:
        return ArrayScene(self.rows, self.places, self.times, self.coarse, satellite="noaa21")


def rule_of(name: str) -> DetectorRule:
    return detector_rule(Catalog.load(ROOT / "layers").detector(name), name)


def silent(done: int, of: int) -> None:
    pass


def coarse_hills(random: np.random.Generator, shape: tuple[int, int], scale: int) -> npt.NDArray[np.float32]:
    """Return a smooth field from 0 to 1."""
    grid = random.uniform(size=(shape[0] // scale + 2, shape[1] // scale + 2))
    y, x = (np.arange(n) / scale for n in shape)
    across = np.array([np.interp(x, np.arange(grid.shape[1]), row) for row in grid], np.float32)
    low = y.astype(int)
    part = (y - low).astype(np.float32)[:, None]
    return across[low] * (1 - part) + across[low + 1] * part


def granule(tiles: int, seed: int = 20250407, shape: tuple[int, int] = (6464, 6400)) -> Granule:
    """Return a granule by day: plain land, lakes and clouds, and so many tiles of hard ground in it."""
    from tests.fires.detection.hard_scenes import hard_scene

    r = np.random.default_rng(seed)

    def noise(sigma: float) -> npt.NDArray[np.float32]:
        return r.standard_normal(shape, np.float32) * np.float32(sigma)

    t11 = np.float32(294.0) + 10 * coarse_hills(r, shape, 300) + noise(1.0)
    t4 = t11 + np.float32(5.0) + noise(0.8)
    red, nir, swir = (np.float32(level) + noise(0.01) for level in (0.09, 0.24, 0.19))
    cloud = coarse_hills(r, shape, 120) > 0.72
    t11[cloud], t4[cloud], red[cloud], nir[cloud] = 255.0, 268.0, 0.5, 0.52
    water = np.where(coarse_hills(r, shape, 90) > 0.93, ON_WATER, ON_LAND).astype(np.uint8)
    lake = water == ON_WATER
    red[lake], nir[lake], swir[lake] = 0.06, 0.04, 0.01
    q4, q11, fill = (np.full(shape, value, np.uint8) for value in (GOOD, GOOD, SEEN))
    fires = r.integers(0, shape[0] * shape[1], 900)
    t4.ravel()[fires] += r.uniform(20.0, 90.0, 900).astype(np.float32)

    from_nadir = np.abs(np.arange(shape[1]) - (shape[1] - 1) / 2)
    deleted = np.select([from_nadir < end for end, _ in ZONES], [rows for _, rows in ZONES], 4)
    line = np.arange(shape[0]) % 32
    fill[np.minimum(line, 31 - line)[:, None] < deleted] = BOW_TIE_FILL
    bands = {"t4": t4, "t11": t11, "red": red, "nir": nir, "swir": swir, "water": water, "q4": q4, "q11": q11}
    slots = [
        (top, left)
        for top in range(0, shape[0] - TILE[0] + 1, TILE[0])
        for left in range(0, shape[1], TILE[1])
    ]
    for number, slot in enumerate(r.permutation(len(slots))[:tiles].tolist()):
        top, left = slots[slot]
        hard = hard_scene(seed + number % 24, TILE).rows
        at = np.s_[top : top + TILE[0], left : left + TILE[1]]
        for name, whole in (*bands.items(), ("fill", fill)):
            whole[at] = getattr(hard, name)
    np.minimum(t4, np.float32(367.0), out=t4)
    q4[t4 >= 367.0] = SATURATED
    return _placed(bands, fill, shape)


def _placed(
    bands: dict[str, npt.NDArray[Any]], fill: npt.NDArray[np.uint8], shape: tuple[int, int]
) -> Granule:
    """Put the bands under a satellite that flies over China at noon, and under the sun of that moment."""
    from geoaq.fires.simulate.geometry import look, stand
    from geoaq.fires.simulate.sensors import SENSORS
    from geoaq.io.scenes.sun import sun_zenith

    sensor = SENSORS["viirs_i"]
    stood = stand(
        sensor, look(sensor, 0, shape[1]), shape[0], centre=(85.0, 33.0), heading_deg=350.0, sun=(40.0, 200.0)
    )
    times = 1_744_011_000.0 + (np.arange(shape[0]) // 32) * 1.78
    zenith = np.empty(shape, np.float32)
    for top in range(0, shape[0], 512):
        cut = np.s_[top : top + 512]
        zenith[cut] = sun_zenith(times[cut, None], stood.places.lon[cut], stood.places.lat[cut])
    rows = SceneRows(
        bands["t4"], bands["t11"], None, bands["red"], bands["nir"], bands["swir"], zenith, bands["water"],
        bands["q4"], bands["q11"], fill,
    )  # fmt: skip
    from geoaq.fires.detection.planck import radiance

    coarse = radiance(4.05, bands["t4"][::2, ::2]).astype(np.float32)
    return Granule(rows, stood.places, times, coarse)


class Literal(NamedTuple):
    mask: npt.NDArray[np.uint8]
    n_of: dict[tuple[int, int], tuple[int, int, float, float]]  # window, valid, means near 4 µm and of ΔT
    candidates: int
    growing: int
    masks_s: float
    decide_s: float


def literal(whole: Granule, piece: int = 512) -> Literal:
    """Return what the literal reference finds, piece by piece: a whole granule in float64 is too much.

    Masks are made of each piece with the rows around it; candidates are decided once, but for two rows at
    every cut.
    """
    from tests.fires.detection.reference import viirs

    count = whole.rows.t4.shape[0]
    mask = np.zeros(whole.rows.t4.shape, np.uint8)
    found: dict[tuple[int, int], tuple[int, int, float, float]] = {}
    spent, candidates, growing = [0.0, 0.0], 0, 0
    for top in range(0, count, piece):
        bottom = min(count, top + piece)
        low, high = max(0, top - HALO), min(count, bottom + HALO)
        rows = SceneRows._make(None if band is None else band[low:high] for band in whole.rows)
        places = ScenePlaces._make(array[low:high] for array in whole.places)
        begin = time.perf_counter()
        masks = viirs.masks_of(rows, places)
        middle = time.perf_counter()
        here = slice(max(0, top - CERTAIN - low), bottom + CERTAIN - low)
        answer = viirs.decide(masks, lines=here)
        spent[0] += middle - begin
        spent[1] += time.perf_counter() - middle
        mask[top:bottom] = answer.mask[top - low : bottom - low]
        candidates += answer.candidates
        growing += int(np.count_nonzero(mask[top:bottom] == UNCLASSIFIED))
        for (line, sample), a in answer.backgrounds.items():
            if top <= line + low < bottom:
                found[line + low, sample] = (a.window, a.n, a.mean4, a.mean_dt)
                growing += a.window > 11
    return Literal(mask, found, candidates, growing, *spent)


def unlike(found: Detections, expected: Literal) -> list[str]:
    """Say where the detector and the reference differ."""
    wrong = [
        f"line {y}, sample {x}: {found.mask[y, x]} instead of {expected.mask[y, x]}"
        for y, x in np.argwhere(found.mask != expected.mask)[:5]
    ]
    columns = ("line", "sample", "window", "n_valid", "mean4", "mean_dt")
    for line, sample, *ours in found.pixels[list(columns)].itertuples(index=False):
        theirs = expected.n_of.get((int(line), int(sample)))
        if theirs is not None and not np.allclose(ours, theirs, rtol=1e-9):
            wrong.append(f"line {line}, sample {sample}: {ours} instead of {theirs}")
    return wrong
