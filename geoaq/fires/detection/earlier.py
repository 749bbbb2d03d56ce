"""What the same slot of earlier days says of a geostationary scene: how warm clear ground was at 4 µm."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from geoaq.fires.detection.sections import DetectorRule
from geoaq.frames.scenes import Scene, Singles

_BLOCK_ROWS = 64
# Candidates come line by line, and some ask for the rows of the block before.
_KEPT = 2


class RowsBefore(Protocol):
    """Gives the largest clear brightness temperature near 4 µm of earlier days by rows."""

    def __call__(self, start: int, stop: int) -> Singles:
        """Return rows from ``start`` until before ``stop``, K, NaN where no earlier day was clear."""


class EarlierDays:
    """The largest clear value near 4 µm of some scenes, each pixel for itself.

    Rows are read when a candidate lies in them, in blocks of which few are kept: memory grows neither with
    the scenes nor with their number.

    Parameters
    ----------
    scenes
        Scenes of the same slot of earlier days on the grid of the scene that is searched.
    rule
        The numbers of the detector: its tests say what is cloud.
    """

    def __init__(self, scenes: Sequence[Scene], rule: DetectorRule) -> None:
        self._scenes, self._rule = scenes, rule
        self._blocks: deque[tuple[int, Singles]] = deque(maxlen=_KEPT)

    def __call__(self, start: int, stop: int) -> Singles:
        """Return some rows, K, NaN where no scene was clear."""
        first = start // _BLOCK_ROWS * _BLOCK_ROWS
        blocks = [self._block(one) for one in range(first, stop, _BLOCK_ROWS)]
        return np.concatenate(blocks)[start - first : stop - first]

    def _block(self, start: int) -> Singles:
        for known, rows in self._blocks:
            if known == start:
                return rows
        stop = min(start + _BLOCK_ROWS, self._scenes[0].rows)
        largest = clear_t4(self._scenes[0], self._rule, start, stop)
        for scene in self._scenes[1:]:
            np.fmax(largest, clear_t4(scene, self._rule, start, stop), out=largest)
        self._blocks.append((start, largest))
        return largest


def clear_t4(scene: Scene, rule: DetectorRule, start: int, stop: int) -> Singles:
    """Return the brightness temperature near 4 µm of some rows where they were seen and clear, else NaN.

    Parameters
    ----------
    scene
        The scene.
    rule
        Its detector; hot pixels count as clear, for a fire of an earlier day is nothing new.
    start, stop
        Rows.

    Raises
    ------
    InputError
        ``scene_rows``: the scene gives arrays of another shape or kind than it says.
    """
    from geoaq.fires.detection.buffer import checked_rows
    from geoaq.fires.detection.marks import CLOUDY, COUNTS, PROCESSED, mark_rows

    shape = (stop - start, scene.columns)
    rows = checked_rows(scene.bands(start, stop), shape)
    flags = np.zeros(shape, np.uint16)
    mark_rows(
        rule.tests, float("nan"), rows.t4, rows.t11, rows.t11 if rows.t12 is None else rows.t12,
        rows.red, rows.nir, rows.swir, rows.sun_zenith, rows.water, rows.q4, rows.q11, rows.fill,
        flags, np.empty(shape, np.uint8), np.empty(shape, np.uint8), np.zeros(COUNTS, np.int64),
    )  # fmt: skip
    clear: Singles = np.where((flags & (PROCESSED | CLOUDY)) == PROCESSED, rows.t4, np.float32("nan"))
    return clear
