"""The files of a source of points: immutable segments of columns, and the manifest that names them.

A segment holds its points twice: ordered by Morton key (``space-``), where a tile is one run, and ordered by
time (``time-``), where a span of time is one run. Files are plain ``.npy`` and mapped, never read whole.

===================  =======  ==========================================================
``space-key``        uint64   Morton key, ascending
``space-time``       uint32   seconds since 1970 UTC; 0 where a point has no time
``space-id``         int64    what the caller calls the point
``space-codes``      uint16   one row a column of words: places in the column's dictionary
``time-key``         uint64   the key, by ascending time
``time-time``        uint32   ascending
``time-at``          uint32   where the point stands in the space order
``time-codes``       uint16   as above
===================  =======  ==========================================================
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.tiles.mercator import Keys

FORMAT = 1
MANIFEST = "manifest.json"
#: Words that one column can hold.
WORDS_MAX = 65_536
Codes = npt.NDArray[np.uint16]
Times = npt.NDArray[np.uint32]
Names = npt.NDArray[np.int64]
Order = npt.NDArray[np.intp]
Places = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Manifest:
    """What a source holds.

    Attributes
    ----------
    columns
        Words by column; words are only ever added, at the end, so that old segments stay right.
    strongest
        The column by which a cell of many points is coloured: the earliest of its words wins.
    segments
        Name and number of points, oldest first.
    note
        What the keeper of the source has to remember of it; no part of the version.
    """

    columns: dict[str, list[str]]
    strongest: str
    segments: tuple[tuple[str, int], ...] = ()
    note: str = ""

    @property
    def version(self) -> str:
        """Return a text that is another one whenever the source holds something else."""
        return hashlib.sha256(replace(self, note="").text().encode()).hexdigest()[:16]

    def text(self) -> str:
        """Return the manifest as it is written."""
        stated = {
            "format": FORMAT,
            "columns": self.columns,
            "strongest": self.strongest,
            "segments": [list(segment) for segment in self.segments],
        } | ({"note": self.note} if self.note else {})
        return json.dumps(stated, ensure_ascii=False)

    def with_segments(self, segments: Sequence[tuple[str, int]]) -> Manifest:
        """Return the same source with other segments."""
        return replace(self, segments=tuple(segments))


@dataclass(frozen=True)
class Rows:
    """Points in one order: keys, times, codes (one row a column)."""

    key: Keys
    time: Times
    codes: Codes


@dataclass(frozen=True)
class Segment:
    """One segment, mapped: two orders, ids in the order of space, and where those of time stand in it."""

    space: Rows
    time: Rows
    ids: Names
    places: Places


def read_manifest(folder: Path) -> Manifest:
    """Return what the source at ``folder`` holds now.

    Raises
    ------
    FileNotFoundError
        There is no source, or one of another format.
    """
    stated = json.loads((folder / MANIFEST).read_text("utf-8"))
    if stated["format"] != FORMAT:
        raise FileNotFoundError(f"a source of points of format {stated['format']}, not {FORMAT}")
    segments = tuple((str(name), int(points)) for name, points in stated["segments"])
    return Manifest(stated["columns"], stated["strongest"], segments, stated.get("note", ""))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place: whoever reads sees the old one or the new one."""
    fresh = folder / f".{MANIFEST}.{secrets.token_hex(4)}"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(manifest.text())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / MANIFEST)
    flush(folder)


def write_segment(folder: Path, key: Keys, time: Times, names: Names, codes: Codes) -> tuple[str, int]:
    """Write a segment that no manifest names yet; return its name and number of points.

    Parameters
    ----------
    codes
        Shape (columns, points).
    """
    name = f"segment-{secrets.token_hex(8)}"
    place = folder / name
    place.mkdir()
    by_key: Order = np.argsort(key, kind="stable")
    by_time: Order = np.argsort(time[by_key], kind="stable")
    at = by_key[by_time]
    for file, array in (
        ("space-key", key[by_key]),
        ("space-time", time[by_key]),
        ("space-id", names[by_key]),
        ("space-codes", np.take(codes, by_key, axis=1)),
        ("time-key", key[at]),
        ("time-time", time[at]),
        ("time-at", by_time.astype(np.uint32)),
        ("time-codes", np.take(codes, at, axis=1)),
    ):
        with (place / f"{file}.npy").open("wb") as target:
            np.save(target, np.ascontiguousarray(array))
            target.flush()
            os.fsync(target.fileno())
    flush(place)
    flush(folder)
    return name, len(key)


def map_segment(folder: Path, name: str) -> Segment:
    """Return a segment, its files mapped.

    Raises
    ------
    FileNotFoundError
        It was merged into another one meanwhile: read the manifest again.
    """
    place = folder / name
    space, time = (
        Rows(*(_mapped(place / f"{order}-{column}.npy") for column in ("key", "time", "codes")))
        for order in ("space", "time")
    )
    return Segment(space, time, _mapped(place / "space-id.npy"), _mapped(place / "time-at.npy"))


def forget_segments(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest names: merged segments, and what a process that was killed left behind.

    Whoever has mapped a removed segment goes on reading it.
    """
    named = {name for name, _ in manifest.segments}
    for path in folder.iterdir():
        if path.name.startswith("segment-") and path.name not in named:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f".{MANIFEST}."):
            path.unlink(missing_ok=True)


def flush(folder: Path) -> None:
    """Write the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mapped(path: Path) -> Any:
    # without numpy's own class for mapped files the loops are compiled for one type, not two
    return np.asarray(np.load(path, mmap_mode="r"))
