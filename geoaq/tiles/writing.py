"""Keeping a source of points: made once, added to, put in order.

One writer at a time (a lock in the folder, which ends with its process); readers need none. Points that were
added are seen by whoever opens the source afterwards. A process that is killed leaves the source as it was
before or after what it did.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import LimitError
from geoaq.tiles.mercator import keys_of
from geoaq.tiles.segments import (
    MANIFEST,
    WORDS_MAX,
    Codes,
    Manifest,
    forget_segments,
    map_segment,
    read_manifest,
    write_manifest,
    write_segment,
)

# A merge up to this many points takes a part of a second and is done when points are added; larger ones wait
# for `compact`.
_QUICK_MERGE = 400_000


def create(folder: Path, columns: Mapping[str, Sequence[str]], *, strongest: str) -> None:
    """Make an empty source.

    Parameters
    ----------
    folder
        Made when missing; must not hold a source yet.
    columns
        Columns of words, and the words known beforehand in their order; others are added as they come.
    strongest
        One of the columns: a cell of many points shows the earliest of its words.

    Raises
    ------
    FileExistsError
        There is a source already.
    """
    if strongest not in columns:
        raise ValueError(f"no column {strongest!r} to colour cells by")
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        if (folder / MANIFEST).exists():
            raise FileExistsError(folder / MANIFEST)
        write_manifest(folder, Manifest({name: list(words) for name, words in columns.items()}, strongest))


def append(folder: Path, points: pd.DataFrame) -> None:
    """Add points.

    Parameters
    ----------
    folder
        The source.
    points
        ``lon lat`` in degrees WGS 84, ``id`` whole numbers, one column of words for each of the source
        (missing is the empty word), and ``time``, timestamps with a time zone from 1970 to 2106, where points
        have one.

    Raises
    ------
    ValueError
        A position or time that is missing or out of range.
    LimitError
        ``too_many_words``: a column would have more than 65,536 different words.
    """
    with writing(folder):
        manifest = read_manifest(folder)
        if len(points) == 0:
            return
        columns, codes = _coded(manifest, points)
        segment = write_segment(
            folder,
            keys_of(points["lon"].to_numpy(float), points["lat"].to_numpy(float)),
            _seconds(points),
            points["id"].to_numpy(np.int64),
            codes,
        )
        manifest = replace(manifest, columns=columns).with_segments([*manifest.segments, segment])
        write_manifest(folder, manifest)  # from here on the points are seen
        first = len(manifest.segments)
        total = 0
        for name_and_points in reversed(manifest.segments):
            if total + name_and_points[1] > min(_QUICK_MERGE, 4 * total + segment[1]):
                break
            total += name_and_points[1]
            first -= 1
        _merge(folder, manifest, first)


def compact(folder: Path) -> None:
    """Merge all segments into one (ten million points: some seconds); the source holds what it held."""
    with writing(folder):
        _merge(folder, read_manifest(folder), 0)


def _merge(folder: Path, manifest: Manifest, first: int) -> None:
    """Merge the segments from ``first`` on, then remove what is not named any more."""
    if len(manifest.segments) - first > 1:
        merged = [map_segment(folder, name) for name, _ in manifest.segments[first:]]
        segment = write_segment(
            folder,
            np.concatenate([one.space.key for one in merged]),
            np.concatenate([one.space.time for one in merged]),
            np.concatenate([one.ids for one in merged]),
            np.concatenate([one.space.codes for one in merged], axis=1),
        )
        manifest = manifest.with_segments([*manifest.segments[:first], segment])
        write_manifest(folder, manifest)
    forget_segments(folder, manifest)


def _coded(manifest: Manifest, points: pd.DataFrame) -> tuple[dict[str, list[str]], Codes]:
    """Return the dictionaries with the words of ``points`` added, and the points' places in them."""
    columns = {}
    codes = np.empty((len(manifest.columns), len(points)), np.uint16)
    for row, (name, words) in enumerate(manifest.columns.items()):
        found, values = pd.factorize(points[name].astype(object).fillna("").astype(str))
        known = {word: at for at, word in enumerate(words)}
        for value in values:
            known.setdefault(str(value), len(known))
        if len(known) > WORDS_MAX:
            raise LimitError("too_many_words", name=name, limit=WORDS_MAX)
        codes[row] = np.array([known[str(value)] for value in values], np.uint16)[found]
        columns[name] = list(known)
    return columns, codes


def _seconds(points: pd.DataFrame) -> npt.NDArray[np.uint32]:
    if "time" not in points:
        return np.zeros(len(points), np.uint32)
    times = pd.to_datetime(points["time"], utc=True)
    if times.isna().any():
        raise ValueError("a time is missing")
    seconds = times.dt.as_unit("s").astype("int64").to_numpy()
    if seconds.min() < 0 or seconds.max() >= 1 << 32:
        raise ValueError("a time before 1970 or after 2106")
    return seconds.astype(np.uint32)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one writer of the source at ``folder`` for the length of the block."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
