"""Going through one run of points: which are asked for, where in the tile, how strong.

Two ways with one meaning: a loop over arrays for short runs, and machine code (`geoaq.tiles.loops`) for long
ones, so that a process that draws small lists never waits for a compiler.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address, Keys
from geoaq.tiles.segments import Codes, Rows, Times

#: Cells of a tile: 64 × 64, in Morton order.
CELLS = 4096
_CELL_BITS = 12
# From here on the compiled loop pays for being loaded.
_LONG_RUN = 60_000
#: No mask: every id is wanted.
EVERY = np.empty(0, bool)
EVERY.setflags(write=False)
# What the loop is handed where ids do not matter: of one type with those of a mapped file.
NO_NAMES = np.empty(0, np.int64)
NO_NAMES.setflags(write=False)
#: Later than any time, seconds.
NEVER = 2**32
_NO_CODE = np.iinfo(np.uint16).max


@dataclass
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
    shift
        By which a key becomes the number of its cell, its lowest twelve bits.
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
    shift: np.uint64
    strongest: int
    among: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        tile: Address,
        filters: Filters,
        columns: dict[str, list[str]],
        strongest: str,
        among: npt.NDArray[np.bool_] | None,
    ) -> Asked:
        """Return what ``filters``, and a mask of ids, ask of a tile."""
        return cls(
            tile.first,
            tile.last,
            filters.since or 0,
            NEVER if filters.until is None else filters.until,
            *filters.tables(columns),
            np.uint64(64 - 2 * tile.z - _CELL_BITS),
            list(columns).index(strongest),
            EVERY if among is None else among,
        )


@dataclass
class Found:
    """What was found so far: how many, and by cell how many and the lowest code."""

    total: int = 0
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(CELLS, np.int64))
    lowest: Codes = field(default_factory=lambda: np.full(CELLS, _NO_CODE, np.uint16))


def run(
    rows: Rows, start: int, stop: int, asked: Asked, found: Found, limit: int, *, spatial: bool
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
    if stop - start < _LONG_RUN:
        return _short(rows, start, stop, asked, found, limit, spatial=spatial)
    from geoaq.tiles.loops import long_run

    at = np.empty(limit, np.int64)
    names = np.asarray(rows.names, np.int64) if asked.among.size else NO_NAMES
    here = long_run(
        rows.key, rows.time, rows.codes, start, stop, asked.first, asked.last, asked.since, asked.until,
        spatial, names, asked.among, asked.rows, asked.words, asked.shift, asked.strongest, found.counts,
        found.lowest, at,
    )  # fmt: skip
    found.total += here
    return at[: min(here, limit)]


def _short(
    rows: Rows, start: int, stop: int, asked: Asked, found: Found, limit: int, *, spatial: bool
) -> npt.NDArray[np.int64]:
    key: Keys = rows.key[start:stop]
    time: Times = rows.time[start:stop]
    mask = (
        (time >= asked.since) & (time < asked.until)
        if spatial
        else (key >= asked.first) & (key <= asked.last)
    )
    if asked.among.size:
        mask &= asked.among[rows.names[start:stop]]
    for row, words in zip(asked.rows, asked.words, strict=True):
        mask &= words[rows.codes[row, start:stop]]
    at = np.flatnonzero(mask)
    cells = ((key[at] >> asked.shift) & np.uint64(CELLS - 1)).astype(np.intp)
    found.counts += np.bincount(cells, minlength=CELLS)
    np.minimum.at(found.lowest, cells, rows.codes[asked.strongest, start:stop][at])
    found.total += len(at)
    return at[:limit] + start
