"""The rows of a scene that are still needed, in buffers that later rows overwrite. Imported on use only.

Brightness temperatures, flags and levels of line k stand in row k modulo the height of the buffer. What is
asked of single pixels alone is kept as the scene gave it, block by block.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.fires.detection.geometry import sizes_at_samples, sizes_at_zenith, sizes_by_distance
from geoaq.fires.detection.marks import COUNTS, Counts, mark_rows
from geoaq.fires.detection.scene import Resampled
from geoaq.fires.detection.sections import DetectorRule
from geoaq.frames.scenes import NO_DATA, Doubles, Marks, Scene, SceneRows

NEIGHBOURS = tuple((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if y or x)
_KEPT = ("red", "nir", "swir", "sun_zenith")


class _Block(NamedTuple):
    start: int
    stop: int
    kept: tuple[npt.NDArray[np.float32], ...]


class Buffer:
    """Rows of a scene as far as they were loaded, and the mask of the whole scene.

    Parameters
    ----------
    scene
        Where rows come from.
    rule
        The numbers of the detector.
    block_rows
        How many rows are loaded at once.

    Attributes
    ----------
    mask
        Codes, shape (rows, columns).
    loaded
        Rows so far.
    ahead
        How many rows beyond a line must be loaded before it can be decided.
    """

    def __init__(self, scene: Scene, rule: DetectorRule, block_rows: int) -> None:
        self.scene, self.rule = scene, rule
        self.block = min(block_rows, scene.rows + scene.rows % 2)
        self.ahead = max(rule.around.half_lines, rule.window.largest // 2 + 2)
        blocks = -(-(2 * self.ahead + 2 + self.block) // self.block)
        self.height = min(blocks, -(-scene.rows // self.block)) * self.block
        shape = (self.height, scene.columns)
        self.t4, self.t11 = np.empty(shape, np.float32), np.empty(shape, np.float32)
        self.flags, self.levels = np.zeros(shape, np.uint16), np.empty(shape, np.uint8)
        half = ((self.height + 1) // 2, (scene.columns + 1) // 2) if scene.frp_band else (0, 0)
        self.coarse = np.full(half, np.nan, np.float32)
        self.mask: Marks = np.empty((scene.rows, scene.columns), np.uint8)
        self.counts: Counts = np.zeros(COUNTS, np.int64)
        self.too_oblique = 0
        self.loaded = 0
        self.lowest = (
            rule.tests.candidate.day_t4_least - rule.around.t4_add
            if rule.around.kind == "median"
            else float("nan")
        )
        self._blocks: deque[_Block] = deque()

    @property
    def oldest(self) -> int:
        """The first line that no later one has overwritten."""
        return max(self.loaded - self.height, 0)

    def load(self) -> slice:
        """Load the next block; return its rows in the buffers."""
        start, stop = self.loaded, min(self.loaded + self.block, self.scene.rows)
        rows = checked_rows(self.scene.bands(start, stop), (stop - start, self.scene.columns))
        fill = rows.fill
        if np.isfinite(self.rule.view.zenith_most):
            oblique = ~(self.scene.places(start, stop).view_zenith <= self.rule.view.zenith_most)
            self.too_oblique += int(np.count_nonzero(oblique))
            fill = np.where(oblique, np.uint8(NO_DATA), fill)
        place = start % self.height
        here = slice(place, place + stop - start)
        self.t4[here], self.t11[here] = rows.t4, rows.t11
        mark_rows(
            self.rule.tests, self.lowest, rows.t4, rows.t11, rows.t11 if rows.t12 is None else rows.t12,
            rows.red, rows.nir, rows.swir, rows.sun_zenith, rows.water, rows.q4, rows.q11, fill,
            self.flags[here], self.levels[here], self.mask[start:stop], self.counts,
        )  # fmt: skip
        if self.scene.frp_band:
            shape = (stop - start + 1) // 2, self.coarse.shape[1]
            coarse = self.scene.moderate(start, stop)
            if coarse is None or coarse.shape != shape:
                given = "None" if coarse is None else str(coarse.shape)
                raise InputError("scene_rows", band="moderate", shape=given, wanted=str(shape))
            self.coarse[place // 2 : place // 2 + shape[0]] = coarse
        self._blocks.append(_Block(start, stop, (rows.red, rows.nir, rows.swir, rows.sun_zenith)))
        self.loaded = stop
        return here

    def forget(self, line: int) -> None:
        """Let go of what was kept of lines before one."""
        while self._blocks and self._blocks[0].stop <= line:
            self._blocks.popleft()

    def of(self, lines: Counts, samples: Counts) -> dict[str, npt.NDArray[Any]]:
        """Return what is known of single pixels.

        ``line sample t4_k t11_k flags red nir swir sun_zenith own_coarse``.
        """
        rows = lines % self.height
        known: dict[str, npt.NDArray[Any]] = {
            "line": lines,
            "sample": samples,
            "t4_k": self.t4[rows, samples].astype(np.float64),
            "t11_k": self.t11[rows, samples].astype(np.float64),
            "flags": self.flags[rows, samples],
        }
        values = np.full((len(_KEPT), len(lines)), np.nan)
        for block in self._blocks:
            inside = np.flatnonzero((lines >= block.start) & (lines < block.stop))
            if len(inside):
                for place, kept in enumerate(block.kept):
                    values[place, inside] = kept[lines[inside] - block.start, samples[inside]]
        known |= dict(zip(_KEPT, values, strict=True))
        coarse = np.full(len(lines), np.nan)
        if self.coarse.size:
            coarse = self.coarse[(lines // 2) % len(self.coarse), samples // 2].astype(np.float64)
        return known | {"own_coarse": coarse}

    def where(self, lines: Counts, samples: Counts) -> dict[str, Doubles]:
        """Return how single pixels lie.

        ``lon lat view_zenith view_azimuth sun_azimuth acquired scan_km track_km``.
        """
        names = ("lon", "lat", "view_zenith", "view_azimuth", "sun_azimuth")
        if not len(lines):
            return {name: np.empty(0) for name in (*names, "acquired", "scan_km", "track_km")}
        scan, scene = self.rule.scan, self.scene
        by_scan = scene.swath and scan.samples > 0
        margin = 0 if by_scan else 1
        start, stop = max(int(lines.min()) - margin, 0), min(int(lines.max()) + 1 + margin, scene.rows)
        places = scene.places(start, stop)
        rows = lines - start
        found = {
            name: np.asarray(array)[rows, samples].astype(np.float64)
            for name, array in zip(names, places, strict=True)
        }
        if by_scan and scene.columns == scan.samples:
            sizes = sizes_at_samples(scan, samples)
        elif by_scan:
            sizes = sizes_at_zenith(scan, found["view_zenith"])
        else:
            sizes = sizes_by_distance(places.lon, places.lat, rows, samples)
            sizes = self._of_source(start, stop, rows, samples, sizes)
        times = np.asarray(scene.times(start, stop), np.float64)[rows]
        return found | {"acquired": times, "scan_km": sizes[0], "track_km": sizes[1]}

    def _of_source(
        self, start: int, stop: int, rows: Counts, samples: Counts, cells: tuple[Doubles, Doubles]
    ) -> tuple[Doubles, Doubles]:
        """Return the sizes of the pixels that cells of a map show: one pixel may fill many cells."""
        scan, scene = self.rule.scan, self.scene
        source = scene.source(start, stop) if scan.samples > 0 and isinstance(scene, Resampled) else None
        if source is None:
            return cells
        sample = source[1][rows, samples].astype(np.float64)
        known = (sample >= 0.0) & (sample < scan.samples)
        pixels = sizes_at_samples(scan, np.where(known, sample, 0.0))
        return np.where(known, pixels[0], cells[0]), np.where(known, pixels[1], cells[1])


def beside(
    lines: Counts, samples: Counts, rows: int, columns: int
) -> tuple[Counts, Counts, npt.NDArray[np.bool_]]:
    """Return the eight neighbours of each pixel: lines, samples, and whether they are inside, shape (n, 8).

    A neighbour outside stands at the pixel's own place.
    """
    y = lines[:, None] + np.array([one[0] for one in NEIGHBOURS])
    x = samples[:, None] + np.array([one[1] for one in NEIGHBOURS])
    inside = (y >= 0) & (y < rows) & (x >= 0) & (x < columns)
    return np.where(inside, y, lines[:, None]), np.where(inside, x, samples[:, None]), inside


def checked_rows(rows: SceneRows, shape: tuple[int, int]) -> SceneRows:
    """Return rows as compiled loops take them, so that no kind of array has to be compiled for anew."""
    kinds = {np.dtype(np.float32), np.dtype(np.uint8)}
    arrays: list[npt.NDArray[Any] | None] = []
    for name, band in zip(rows._fields, rows, strict=True):
        if band is not None and (band.shape != shape or band.dtype not in kinds):
            raise InputError("scene_rows", band=name, shape=str(band.shape), wanted=str(shape))
        arrays.append(None if band is None else np.require(band, requirements=["C", "W"]))
    return SceneRows._make(arrays)
