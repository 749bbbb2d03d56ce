"""The edges of county polygons by cell, kept between runs: making them takes seconds, loading a moment.

A folder ``<key>.<source>`` holds one file an array; the key is the hash of what they were made from. All
of it can be thrown away: only the latest few are kept.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Folders that stay: two sources of two sets of boundaries, of which one may still be read.
_KEPT = 4
_LONGEST_NS = 24 * 3600 * 10**9


def load_edges(folder: Path, names: tuple[str, ...]) -> tuple[npt.NDArray[Any], ...] | None:
    """Return the arrays kept in a folder, mapped, in the order of ``names``; None where there are none."""
    try:
        return tuple(np.load(folder / f"{name}.npy", mmap_mode="r") for name in names)
    except FileNotFoundError:  # never made, or forgotten by another process just now
        return None


def save_edges(folder: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Keep arrays in a folder; readers see all of them or none, and the first of two writers wins.

    Of the folders beside it the latest stay. Who has mapped one that goes, reads on.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    for name, array in arrays.items():
        np.save(aside / f"{name}.npy", array)
    try:
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(aside)
    _forget(folder.parent)


def _forget(place: Path) -> None:
    """Remove all but the latest folders; several processes may do so at the same moment."""
    found = []
    for path in place.iterdir():
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime_ns, path))
    kept = [path for _, path in sorted(found) if not path.name.startswith(".")]
    for old in kept[:-_KEPT]:
        gone = Path(tempfile.mkdtemp(prefix=f".{old.name}.", dir=place))
        with suppress(FileNotFoundError):  # by its name it is there as a whole or not at all
            old.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    # What a process that was ended left half written: older by far than what was written now.
    latest = max((changed for changed, _ in found), default=0)
    for changed, path in found:
        if path.name.startswith(".") and changed < latest - _LONGEST_NS:
            shutil.rmtree(path, ignore_errors=True)
