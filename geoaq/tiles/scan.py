"""Going through the points of a small source: which are asked for, where in the tile, how strong.

Large ones are gone through by machine code (`geoaq.tiles.loops`) with the same meaning; a process that draws
lists of boilers never waits for a compiler.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from geoaq.tiles.mercator import Keys
from geoaq.tiles.segments import Codes, Segment, Times

#: Cells of a tile: 64 × 64, in Morton order.
CELLS = 4096
_CELL_BITS = 12
#: No mask: every id is wanted.
EVERY = np.empty(0, bool)
EVERY.setflags(write=False)
#: Later than any time, seconds.
NEVER = 2**32
NO_CODE = np.iinfo(np.uint16).max


@dataclass(frozen=True)
class Asked:
    """A tile and what is asked of it, as the loops want it.

    Attributes
    ----------
    first, last
        Lowest and highest key of the tile.
    since, until
        Seconds; ``until`` is the first moment that is too late.
    rows, words
        As `geoaq.tiles.filters.Filters.tables`.
    zoom
        Of the tile.
    strongest
        Row of the column that colours cells.
    among
        Which ids are wanted, by id; empty: every one. Looked at in the space order only.
    """

    first: np.uint64
    last: np.uint64
    since: int
    until: int
    rows: npt.NDArray[np.intp]
    words: npt.NDArray[np.bool_]
    zoom: int
    strongest: int
    among: npt.NDArray[np.bool_]

    @property
    def timed(self) -> bool:
        """Say whether time matters."""
        return self.since > 0 or self.until < NEVER


@dataclass
class Found:
    """What was found so far: how many, and by cell how many and the lowest code."""

    total: int = 0
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(CELLS, np.int64))
    lowest: Codes = field(default_factory=lambda: np.full(CELLS, NO_CODE, np.uint16))


def run(
    segment: Segment, start: int, stop: int, asked: Asked, found: Found, limit: int, *, spatial: bool
) -> npt.NDArray[np.int64]:
    """Add what is asked for between ``start`` and ``stop`` to ``found``.

    Parameters
    ----------
    spatial
        True: the run is a tile's, and time is looked at; False: a span's, and the place is looked at.

    Returns
    -------
    ndarray of int64
        Places of the first points found, at most ``limit``.
    """
    rows = segment.space if spatial else segment.time
    key: Keys = rows.key[start:stop]
    time: Times = rows.time[start:stop]
    mask = (
        (time >= asked.since) & (time < asked.until)
        if spatial
        else (key >= asked.first) & (key <= asked.last)
    )
    if spatial and asked.among.size:
        mask &= asked.among[segment.ids[start:stop]]
    for row, words in zip(asked.rows, asked.words, strict=True):
        mask &= words[rows.codes[row, start:stop]]
    at = np.flatnonzero(mask)
    # the twelve bits of a key below those of its tile
    shift = np.uint64(64 - 2 * asked.zoom - _CELL_BITS)
    cells = ((key[at] >> shift) & np.uint64(CELLS - 1)).astype(np.intp)
    found.counts += np.bincount(cells, minlength=CELLS)
    np.minimum.at(found.lowest, cells, rows.codes[asked.strongest, start:stop][at])
    found.total += len(at)
    return at[:limit] + start
