"""The passage through a scene: candidates are taken up with their rows and decided when enough rows follow.

Imported on use only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.fires.detection.around import above_median, means_around
from geoaq.fires.detection.background import backgrounds, radiances
from geoaq.fires.detection.buffer import Buffer, beside
from geoaq.fires.detection.confidence import may_be_residual
from geoaq.fires.detection.earlier import RowsBefore
from geoaq.fires.detection.geometry import glint_angle
from geoaq.fires.detection.judging import stands_out, verdicts
from geoaq.fires.detection.marks import (
    BY_DAY,
    CEILING,
    CLOUDY,
    FIXED,
    FOLDED,
    IMPOSSIBLE,
    LEVELS,
    MIRRORING,
    OVER_WATER,
    POSSIBLE,
    PROCESSED,
    UNKNOWN_GROUND,
    UNKNOWN_REFLECTANCE,
    UNKNOWN_SUN,
    Counts,
)
from geoaq.fires.detection.sections import Neighbours
from geoaq.frames.scenes import GLINT, LOW, UNCLASSIFIED, Singles

Arrays = dict[str, npt.NDArray[Any]]
Bools = npt.NDArray[np.bool_]
_VALUES = ("mean4", "mad4", "mean_dt", "mad_dt", "mean11", "mad11", "fires_mean", "fires_mad", "warmest")
_NUMBERS = (
    "n_valid", "window", "fires", "waters", "lands", "open", "clouds_beside", "waters_beside", "beside",
)  # fmt: skip
_AT_ONCE = 65_536  # candidates
# All satellites together see fewer fires in a day: more in one scene are counts or a broken band, and would
# take a kilobyte or two each.
MOST_FIRES = 200_000


class Passing:
    """Candidates of a scene on their way through the buffer.

    Parameters
    ----------
    buffer
        Rows of the scene.
    background_t4
        As in `geoaq.fires.detection.detect`.
    """

    def __init__(self, buffer: Buffer, background_t4: Singles | RowsBefore | None) -> None:
        self._buffer, self._rule, self._before = buffer, buffer.rule, background_t4
        self._waiting: list[tuple[Counts, Counts]] = []
        self._fires: list[Arrays] = []
        self._missed: list[Arrays] = []
        self._beside: list[Arrays] = []
        self._tally: dict[str, int] = {"candidates": 0, "angles_unknown": 0}
        self._tally |= dict.fromkeys(("desert", "coast", "clearing"), 0)
        columns = buffer.scene.columns
        self._median = self._rule.around.kind == "median"
        self._columns: npt.NDArray[Any] = (
            np.zeros((columns, LEVELS), np.int16) if self._median else np.zeros((columns, 3))
        )
        self._state: Counts = np.full(1, -1, np.int64)
        self._found = 0

    def load(self) -> None:
        """Load the next block and take up what may be a fire in it."""
        start = self._buffer.loaded
        rows = self._buffer.load()
        place = np.flatnonzero(self._buffer.flags[rows] & (POSSIBLE | FIXED | FOLDED))
        line, sample = np.divmod(place, self._buffer.scene.columns)
        self._waiting.append((line + start, sample))

    def decide(self, upto: int) -> None:
        """Decide what lies in lines before ``upto``."""
        lines, samples = (np.concatenate(arrays) for arrays in zip(*self._waiting, strict=True))
        ready = int(np.searchsorted(lines, upto))
        self._waiting = [(lines[ready:], samples[ready:])]
        begin = 0
        while True:  # no more rows at once than were read at once, whose places have to be read
            near = int(np.searchsorted(lines[:ready], lines[begin] + self._buffer.block)) if ready else 0
            end = min(begin + _AT_ONCE, near)
            self._judge(np.ascontiguousarray(lines[begin:end]), np.ascontiguousarray(samples[begin:end]))
            begin = end
            if begin >= ready:
                break
        self._buffer.forget(upto - 2)

    def notes(self) -> dict[str, int]:
        """Return counts of what was met on the way."""
        counts = self._buffer.counts
        return self._tally | {
            "ground_unknown": int(counts[UNKNOWN_GROUND]),
            "reflectance_unknown": int(counts[UNKNOWN_REFLECTANCE]),
            "sun_unknown": int(counts[UNKNOWN_SUN]),
            "temperature_impossible": int(counts[IMPOSSIBLE]),
            "bright": int(counts[MIRRORING]),
            "too_oblique": self._buffer.too_oblique,
        }

    def fires(self) -> Arrays:
        """Return the pixels that are fires so far."""
        return self._joined(self._fires)

    def beside_fires(self) -> Arrays:
        """Return pixels that are saturation if a fire beside them stays one; none is a fire itself."""
        if not self._beside:
            return {name: values[:0] for name, values in self._fires[0].items()}
        found = self._joined(self._missed + self._beside)  # first those that have a background
        key = found["line"] * self._buffer.scene.columns + found["sample"]
        order = np.argsort(key, kind="stable")
        first = order[np.append(True, np.diff(key[order]) != 0)[: len(order)]]
        code = self._buffer.mask[found["line"][first], found["sample"][first]]
        first = first[(code < LOW) & (code != GLINT)]
        return {name: values[first] for name, values in found.items()}

    def _judge(self, lines: Counts, samples: Counts) -> None:
        """Judge some of what may be a fire; it comes line by line, each from left to right."""
        buffer, rule, rows = self._buffer, self._rule, self._buffer.scene.rows
        flags = buffer.flags[lines % buffer.height, samples]
        certain = (flags & (FIXED | FOLDED)) != 0
        kept = certain | self._above_limits(lines, samples, flags)
        lines, samples, certain = lines[kept], samples[kept], certain[kept]
        self._tally["candidates"] += int(np.count_nonzero(~certain))
        values, numbers = backgrounds(lines, samples, rule.window, rows, buffer.t4, buffer.t11, buffer.flags)
        alone = ~certain & (numbers[:, _NUMBERS.index("window")] == 0)
        buffer.mask[lines[alone], samples[alone]] = UNCLASSIFIED

        context = dict(zip(_VALUES, values.T, strict=True)) | dict(zip(_NUMBERS, numbers.T, strict=True))
        t4 = buffer.t4[lines % buffer.height, samples].astype(np.float64)
        t11 = buffer.t11[lines % buffer.height, samples].astype(np.float64)
        day = (flags[kept] & BY_DAY) != 0
        out = certain | stands_out({**context, "t4_k": t4, "t11_k": t11, "day": day}, rule)
        pixels = self._with_context(lines, samples, context | {"certain": certain}, out)
        self._tally["angles_unknown"] += int(np.count_nonzero(np.isnan(pixels["glint_deg"]) & pixels["day"]))
        code, rejected = verdicts(pixels, rule)
        for name in rule.rejections:
            if name != "glint":  # the mask tells how many those are
                self._tally[name] += int(np.count_nonzero(rejected == name))
        buffer.mask[pixels["line"], pixels["sample"]] = code
        fires = {name: array[code >= LOW] for name, array in pixels.items()}
        folding = (fires["flags"] & FOLDED) != 0
        sure = np.where(folding, "folding", "fixed")
        fires["reasons"] = np.where(fires["certain"], sure, "contextual").astype(object)
        self._found += len(fires["line"])
        if self._found > MOST_FIRES:
            raise InputError("scene_all_fire", most=MOST_FIRES)
        self._fires.append(self._with_radiance(fires))
        if isinstance(rule.confidence, Neighbours):
            alike = may_be_residual({"t4_k": t4, "t11_k": t11}, rule.confidence) & day & ~out
            missed = self._with_context(lines, samples, context | {"certain": certain}, alike)
            self._missed.append(self._with_radiance(missed))
            self._beside.append(self._residual(fires["line"], fires["sample"], rule.confidence))

    def _above_limits(self, lines: Counts, samples: Counts, flags: npt.NDArray[np.uint16]) -> Bools:
        """Say which pixels are candidates, the limits of the ground around them considered."""
        buffer, around, by = self._buffer, self._rule.around, self._rule.tests.candidate
        rows = lines % buffer.height
        t4 = buffer.t4[rows, samples].astype(np.float64)
        dt = t4 - buffer.t11[rows, samples].astype(np.float64)
        found: Bools = (flags & POSSIBLE) != 0
        open_yet = (t4 <= by.day_t4_most) | (dt <= by.day_dt_most)
        near = np.flatnonzero(found & ((flags & BY_DAY) != 0) & open_yet)
        total = buffer.scene.rows
        if self._median:
            found[near] = above_median(
                lines[near], samples[near], t4[near] - around.t4_add, around.least, around.half_lines,
                around.half_samples, buffer.lowest, total, buffer.oldest, buffer.t4, buffer.levels,
                self._columns, self._state,
            )  # fmt: skip
            return found
        count, mean4, mean_dt = means_around(
            lines[near], samples[near], around.half_lines, around.half_samples, total, buffer.oldest,
            buffer.t4, buffer.t11, buffer.flags, self._columns, self._state,
        ).T  # fmt: skip
        enough = count >= around.least
        least_t4 = np.clip(mean4 + around.t4_add, by.day_t4_least, by.day_t4_most)
        least_dt = np.clip(mean_dt + around.dt_add, by.day_dt_least, by.day_dt_most)
        found[near] = (t4[near] > np.where(enough, least_t4, by.day_t4_most)) & (
            dt[near] > np.where(enough, least_dt, by.day_dt_most)
        )
        return found

    def _seen(self, lines: Counts, samples: Counts) -> Arrays:
        """Return all that is known of single pixels without their background."""
        pixels = self._buffer.of(lines, samples)
        pixels |= self._buffer.where(lines, samples)
        flags = pixels["flags"]
        pixels["day"] = (flags & BY_DAY) != 0
        pixels["over_water"] = (flags & OVER_WATER) != 0
        pixels["saturated"] = (flags & CEILING) != 0
        pixels["folded"] = pixels["t4_k"] < pixels["t11_k"]
        pixels["code"] = self._buffer.mask[lines, samples]
        pixels["glint_deg"] = glint_angle(
            pixels["view_zenith"], pixels["sun_zenith"], pixels["view_azimuth"], pixels["sun_azimuth"]
        )
        before = self._earlier(lines, samples)
        pixels["compared"] = np.isfinite(before)
        pixels["confirmed"] = pixels["t4_k"] > before + self._rule.view.temporal_add
        return pixels

    def _earlier(self, lines: Counts, samples: Counts) -> Singles:
        """Return the largest clear value near 4 µm of earlier days, NaN where none is known."""
        before = self._before
        if before is None or not len(lines):
            return np.full(len(lines), np.nan, np.float32)
        if isinstance(before, np.ndarray):
            return before[lines, samples]
        first = int(lines.min())
        return before(first, int(lines.max()) + 1)[lines - first, samples]

    def _with_context(self, lines: Counts, samples: Counts, context: Arrays, chosen: Bools) -> Arrays:
        """Return all that is known of some pixels, and what was found around them."""
        pixels = self._seen(lines[chosen], samples[chosen])
        pixels |= {name: array[chosen] for name, array in context.items()}
        return pixels | {
            "contextual": ~pixels["certain"],
            "reasons": np.full(len(pixels["line"]), "", object),
        }

    def _with_radiance(self, pixels: Arrays) -> Arrays:
        """Return pixels and the mean radiance of their backgrounds."""
        buffer, rule = self._buffer, self._rule
        around = radiances(
            pixels["line"], pixels["sample"], pixels["window"], rule.window.beside, rule.power.um,
            buffer.scene.rows, buffer.t4, buffer.flags, buffer.coarse,
        )  # fmt: skip
        return pixels | {"radiance_around": around[:, 0], "coarse_around": around[:, 1]}

    def _residual(self, lines: Counts, samples: Counts, by: Neighbours) -> Arrays:
        """Return the pixels beside these that look like saturation, without a background."""
        buffer = self._buffer
        y, x, inside = beside(lines, samples, *buffer.mask.shape)
        y, x = y[inside], x[inside]
        rows = y % buffer.height
        t4, t11 = buffer.t4[rows, x].astype(np.float64), buffer.t11[rows, x].astype(np.float64)
        alike = (buffer.flags[rows, x] & (PROCESSED | BY_DAY | CLOUDY)) == PROCESSED | BY_DAY
        alike &= may_be_residual({"t4_k": t4, "t11_k": t11}, by)
        many = len(y)
        context: Arrays = dict.fromkeys(_VALUES, np.full(many, np.nan))
        context |= dict.fromkeys(_NUMBERS, np.zeros(many, np.int64))
        return self._with_radiance(
            self._with_context(y, x, context | {"certain": np.zeros(many, bool)}, alike)
        )

    @staticmethod
    def _joined(parts: list[Arrays]) -> Arrays:
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
