"""The subjects of a screening as a source of points, made when a map first asks for their tiles.

A tile shows exactly the subjects that the list shows: whoever asks says by a mask which they are, so that no
filter has a second meaning here. What is made lies under ``cache/tiles`` of the data folder and can be thrown
away at any time; the screening itself is only read.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from geoaq.tiles import live
from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import PointSource, opened
from geoaq.tiles.segments import FORMAT, MANIFEST
from geoaq.tiles.writing import append, create

# Strongest first: a cell of many subjects shows the first of these that is among them.
_SIGNS = ("applies", "encouraged", "review", "not", "none")
# A subject's number in a tile: its row and part, as `geoaq.store.reading` joins them.
PARTS = 4096
_NUMBERS = "numbers.npy"
_LAYOUT = 2
_KEPT = 32
# A source is made in seconds.
_STALE_S = 3600
Mask = npt.NDArray[np.bool_]
# A map asks for a dozen tiles at a time: the first one makes the source, the others wait for it.
_MAKING = Lock()


@dataclass(frozen=True)
class SubjectTiles:
    """The tiles of one screening.

    Parameters
    ----------
    source
        The subjects that have a position; their ids are places in ``subjects.parquet``, from 0.
    numbers
        By place: row × 4096 + part, which a feature has as its id.
    """

    source: PointSource
    numbers: npt.NDArray[np.int64]

    def tag(self, tile: Address, choice: Hashable) -> str:
        """Return a text that is another one whenever the tile could be; ``choice`` as `repr` says it."""
        return live.tag(self.source, tile, choice)

    def packed(self, tile: Address, tag: str, among: Callable[[], Mask | None]) -> bytes:
        """Return a tile, gzipped; no bytes where none of the subjects that are wanted lies in it.

        Parameters
        ----------
        tile
            Which.
        tag
            Its tag, by which it is kept.
        among
            Asked when the tile has to be made: which subjects are wanted, by place, or None for all.
        """
        return live.kept_tile(
            self.source,
            tag,
            lambda: live.encoded(self.source, tile, Filters(), among=among(), names=self.numbers),
        )


def subject_tiles(folder: Path, name: str, cache: Path) -> SubjectTiles:
    """Return the tiles of a screening: layers ``points`` or ``cells`` with ``verdict``, the lead's sign.

    Parameters
    ----------
    folder
        The screening, whose ``subjects.parquet`` is whole and never changes.
    name
        Its identity, by which what is made is found again.
    cache
        ``GEOAQ_DATA/cache/tiles``.
    """
    place = cache / f"{name}-{FORMAT}-{_LAYOUT}"
    with suppress(FileNotFoundError):
        return _opened(place, opened(place))
    with _MAKING:
        if not (place / MANIFEST).exists():
            _put(folder, place)
    return _opened(place, opened(place))


def _put(folder: Path, place: Path) -> None:
    """Make the source of a screening and put it in place whole."""
    cache = place.parent
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging = cache / f".{place.name}.{secrets.token_hex(8)}"
    try:
        _make(folder, staging)
        with suppress(OSError):  # another process made the same meanwhile
            staging.rename(place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _forget_old(cache, place)


@lru_cache(maxsize=16)
def _opened(place: Path, source: PointSource) -> SubjectTiles:
    return SubjectTiles(source, np.asarray(np.load(place / _NUMBERS, mmap_mode="r")))


def _make(folder: Path, place: Path) -> None:
    import pyarrow.parquet as pq

    columns = ["row", "part", "lon", "lat", "lead"]
    frame = pq.read_table(folder / "subjects.parquet", columns=columns).to_pandas()
    numbers = frame["row"].to_numpy("int64") * PARTS + frame["part"].to_numpy("int64")
    points = frame.rename(columns={"lead": "verdict"}).assign(id=np.arange(len(frame)))
    create(place, {"verdict": _SIGNS}, strongest="verdict")
    np.save(place / _NUMBERS, numbers)
    append(place, points[points["lon"].notna() & points["lat"].notna()])


def _forget_old(cache: Path, newest: Path) -> None:
    """Remove the sources that were made longest ago, and what a process that was killed left behind."""
    made, left = [], []
    stale = newest.stat().st_mtime - _STALE_S
    for path in cache.iterdir():
        with suppress(FileNotFoundError):
            changed = path.stat().st_mtime
            if path.name.startswith("."):
                left += [path] if changed < stale else []
            elif path != newest:
                made.append((changed, path))
    for _, path in sorted(made, reverse=True)[_KEPT - 1 :]:
        # Out of the way at once: half a source in its place would never be made anew.
        doomed = cache / f".{path.name}.{secrets.token_hex(8)}"
        with suppress(FileNotFoundError):  # another process was quicker
            path.rename(doomed)
            left.append(doomed)
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
