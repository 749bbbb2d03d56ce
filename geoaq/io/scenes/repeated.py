"""Cells of a map that show one and the same source pixel: the first in reading order stands for all.

Nearest-neighbour resampling puts a pixel of the swath into several cells. Counted each, one fire would be
several, and a background would weigh some pixels twice.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.io.scenes.decoding import BandReader

_ROWS = 256
# No sensor read here has more lines in a scene or samples in a line.
_MOST_LINES, _MOST_SAMPLES = 1 << 16, 1 << 13


class RepeatedCells:
    """Which cells repeat a source pixel.

    Parameters
    ----------
    line, sample
        The bands of the source pixel's line and sample; cells without one are never repeated.
    shape
        Rows and columns of the map.
    """

    def __init__(self, line: BandReader, sample: BandReader, shape: tuple[int, int]) -> None:
        self._line, self._sample, self._shape = line, sample, shape
        self._bits: npt.NDArray[np.uint8] | None = None
        self._count = 0

    @property
    def count(self) -> int:
        """Return the number of repeated cells."""
        self._find()
        return self._count

    def rows(self, start: int, stop: int) -> npt.NDArray[np.bool_]:
        """Return which cells of some rows are repeated, shape (stop - start, columns)."""
        bits = self._find()[start:stop]
        return np.unpackbits(bits, axis=1, count=self._shape[1]).view(bool)

    def _find(self) -> npt.NDArray[np.uint8]:
        """Look once through the whole map, row by row; a bit a cell is kept."""
        if self._bits is not None:
            return self._bits
        rows, columns = self._shape
        seen = np.zeros(_MOST_LINES * _MOST_SAMPLES // 8, np.uint8)
        found = np.zeros((rows, -(-columns // 8)), np.uint8)
        for start in range(0, rows, _ROWS):
            stop = min(rows, start + _ROWS)
            line = self._line.read(start, stop).values.astype(np.float64).reshape(-1)
            sample = self._sample.read(start, stop).values.astype(np.float64).reshape(-1)
            there = np.flatnonzero((line >= 0.0) & (sample >= 0.0))
            if (line[there] >= _MOST_LINES).any() or (sample[there] >= _MOST_SAMPLES).any():
                raise InputError("scene_source_lines", name=self._line.file.name)
            key = line[there].astype(np.int64) * _MOST_SAMPLES + sample[there].astype(np.int64)
            unique, first = np.unique(key, return_index=True)
            bit = np.uint8(1) << (unique & 7).astype(np.uint8)
            repeated = np.ones(len(key), bool)
            repeated[first] = (seen[unique >> 3] & bit) > 0
            np.bitwise_or.at(seen, unique >> 3, bit)
            block = np.zeros((stop - start) * columns, bool)
            block[there] = repeated
            found[start:stop] = np.packbits(block.reshape(-1, columns), axis=1)
            self._count += int(repeated.sum())
        self._bits = found
        return found
