"""What of a source lies in a tile: the points themselves, or cells where they are too many to tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from geoaq.tiles.filters import Filters, tables
from geoaq.tiles.kept import Kept
from geoaq.tiles.mercator import Address, Keys, Units, tile_units
from geoaq.tiles.mvt import CompiledLayer
from geoaq.tiles.scan import CELLS, EVERY, NEVER, NO_CODE, Asked, Found, run
from geoaq.tiles.segments import MANIFEST, Codes, Names, Segment, Times, map_segment, read_manifest

#: More points than this become cells.
POINTS_MAX = 4000
#: From so many points on a source is gone through by machine code, which takes a second to be loaded.
LARGE = 300_000
_TRIES = 5
# Going through a span of time is followed by looking points up in the other order.
_TIME_PAYS = 0.7
_CELL_UNITS = 64
_KEPT_BYTES = 8_000_000


@dataclass(frozen=True)
class Points:
    """Points in a tile, by id.

    Attributes
    ----------
    x, y
        0 … 4095 from the tile's north-west corner.
    id
        What the caller called them.
    time
        Seconds since 1970 UTC; 0 where a point has none.
    codes
        Places in the dictionaries of the source's columns, shape (columns, n).
    """

    x: Units
    y: Units
    id: Names
    time: Times
    codes: Codes


@dataclass(frozen=True)
class Cells:
    """Cells of a tile that hold points: 64 × 64, each 64 units wide.

    Attributes
    ----------
    x, y
        Their centres, 32 … 4064.
    count
        Points in each.
    strongest
        The earliest word among them, as its place in the dictionary.
    """

    x: Units
    y: Units
    count: npt.NDArray[np.int64]
    strongest: Codes


class PointSource:
    """One state of a source, mapped: what is added later is seen by `opened` anew.

    Parameters
    ----------
    folder
        What `geoaq.tiles.writing` keeps.

    Attributes
    ----------
    version
        Another one whenever the source holds something else.
    segments
        Its parts, oldest first.
    note
        What its keeper remembers of it.
    columns
        Words by column.
    tiles
        What was made of this state.
    large
        Whether it is gone through by machine code.
    layers
        How its layers are written, by name, once one was.
    """

    def __init__(self, folder: Path) -> None:
        for left in reversed(range(_TRIES)):
            manifest = read_manifest(folder)
            try:
                self.segments = tuple(_mapped(folder, name) for name, _ in manifest.segments)
                break
            except FileNotFoundError:  # merged between the two looks
                if not left:
                    raise
        self.version = manifest.version
        self.note = manifest.note
        self.columns = manifest.columns
        self.strongest = manifest.strongest
        self.tiles = Kept(_KEPT_BYTES)
        self.layers: dict[str, CompiledLayer] = {}
        self.large = len(self) >= LARGE
        self._strongest = list(self.columns).index(self.strongest)
        self._tables = lru_cache(maxsize=64)(partial(tables, columns=self.columns))

    def __len__(self) -> int:
        return sum(len(segment.space.key) for segment in self.segments)

    def segments_within(self, filters: Filters) -> tuple[Segment, ...]:
        """Return the parts that hold something of the span of time that is asked for."""
        if not filters.timed:
            return self.segments
        since, until = filters.since or 0, NEVER if filters.until is None else filters.until
        return tuple(one for one in self.segments if one.time.time[0] < until and one.time.time[-1] >= since)

    def points_in_tile(
        self,
        tile: Address,
        filters: Filters | None = None,
        limit: int = POINTS_MAX,
        among: npt.NDArray[np.bool_] | None = None,
    ) -> Points | Cells:
        """Return what lies in a tile and is asked for; cells where that is more than ``limit`` points.

        Parameters
        ----------
        tile, filters
            Both must hold.
        limit
            So many points at most.
        among
            Of a source whose ids count from 0: which of them are wanted. Not writable.
        """
        filters = filters or Filters()
        rows, words = self._tables(filters.words)
        asked = Asked(
            tile.first,
            tile.last,
            filters.since or 0,
            NEVER if filters.until is None else filters.until,
            rows,
            words,
            tile.z,
            self._strongest,
            EVERY if among is None else among,
        )
        by_time = filters.timed and among is None
        way = _picked if self.large else _looked_up
        return way(self.segments_within(filters), asked, tile, limit, len(self.columns), by_time=by_time)


def opened(folder: Path) -> PointSource:
    """Return the source at ``folder`` as it is now; one that did not change is not opened twice.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    seen = (folder / MANIFEST).stat()
    return _opened(folder, seen.st_ino, seen.st_mtime_ns)


# Parts of a source that several of its states share are mapped once: each takes eight handles.
_MAPPED: WeakValueDictionary[tuple[Path, str], Segment] = WeakValueDictionary()


def _mapped(folder: Path, name: str) -> Segment:
    segment = _MAPPED.get((folder, name))
    if segment is None:
        segment = _MAPPED[folder, name] = map_segment(folder, name)
    return segment


@lru_cache(maxsize=16)
def _opened(folder: Path, _inode: int, _mtime_ns: int) -> PointSource:
    return PointSource(folder)


_Part = tuple[Keys, Times, Names, Codes]


def _picked(
    segments: Sequence[Segment], asked: Asked, tile: Address, limit: int, columns: int, *, by_time: bool
) -> Points | Cells:
    """Return what is found, by the compiled loop."""
    from geoaq.tiles.loops import pick

    counts, lowest = np.zeros(CELLS, np.int64), np.full(CELLS, NO_CODE, np.uint16)
    x, y, time = np.empty(limit, np.uint32), np.empty(limit, np.uint32), np.empty(limit, np.uint32)
    names, codes = np.empty(limit, np.int64), np.empty((columns, limit), np.uint16)
    n = 0
    for one in segments:
        n += pick(
            one.space.key, one.space.time, one.space.codes, one.ids,
            one.time.key, one.time.time, one.time.codes, one.places,
            asked.first, asked.last, asked.since, asked.until, by_time, asked.timed, asked.among, asked.rows,
            asked.words, tile.z, asked.strongest, counts, lowest, n, x, y, names, time, codes,
        )  # fmt: skip
    if n > limit:
        return _cells(counts, lowest)
    order = np.argsort(names[:n])
    return Points(x[order], y[order], names[order], time[order], codes[:, order])


def _looked_up(
    segments: Sequence[Segment], asked: Asked, tile: Address, limit: int, columns: int, *, by_time: bool
) -> Points | Cells:
    """Return what is found, without a compiler."""
    found = Found()
    parts = [_look(segment, asked, found, limit, by_time=by_time) for segment in segments]
    if found.total > limit:
        return _cells(found.counts, found.lowest)
    key, time, names, codes = (
        np.concatenate(arrays, axis=-1) for arrays in zip(*(_nothing(columns), *parts), strict=True)
    )
    order = np.argsort(names, kind="stable")
    x, y = tile_units(key[order], tile)
    return Points(x, y, names[order], time[order], codes[:, order])


def _look(segment: Segment, asked: Asked, found: Found, limit: int, *, by_time: bool) -> _Part:
    """Add what is found in one segment, by the order in which it is the shorter run; return its points."""
    space = segment.space
    start, stop = _between(space.key, asked.first, asked.last)
    at = None
    if by_time:
        early, late = (
            int(np.searchsorted(segment.time.time, np.uint32(moment)))
            if moment < NEVER
            else len(segment.time.time)
            for moment in (asked.since, asked.until)
        )
        if late - early < _TIME_PAYS * (stop - start):
            at = run(segment, early, late, asked, found, limit, spatial=False)
            at = segment.places[at].astype(np.int64)
    if at is None:
        at = run(segment, start, stop, asked, found, limit, spatial=True)
    return (
        space.key[at],
        space.time[at],
        segment.ids[at],
        np.take(space.codes, at, axis=1),
    )


def _between(keys: Keys, first: np.uint64, last: np.uint64) -> tuple[int, int]:
    return int(np.searchsorted(keys, first)), int(np.searchsorted(keys, last, side="right"))


def _nothing(columns: int) -> _Part:
    return (
        np.empty(0, np.uint64),
        np.empty(0, np.uint32),
        np.empty(0, np.int64),
        np.empty((columns, 0), np.uint16),
    )


def _cells(counts: npt.NDArray[np.int64], lowest: Codes) -> Cells:
    cells = np.flatnonzero(counts)
    return Cells(_CENTRES[0][cells], _CENTRES[1][cells], counts[cells], lowest[cells])


def _centres() -> tuple[Units, Units]:
    """Return where the cells of a tile have their centres, in Morton order."""
    # the twelve bits of a cell, put at the top of a key, are those of its corner
    corners = np.arange(CELLS, dtype=np.uint64) << np.uint64(64 - CELLS.bit_length() + 1)
    x, y = tile_units(corners, Address(0, 0, 0))
    half = np.uint32(_CELL_UNITS // 2)
    return x + half, y + half


_CENTRES = _centres()
