"""The edges of county polygons by cell, kept between runs: making them takes seconds, loading a moment.

A folder ``<key>.<source>`` holds one file an array; the key is the hash of what they were made from. All
of it can be thrown away: only the latest few are kept.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Folders that stay: two sources of two sets of boundaries, of which one may still be read.
_KEPT = 4


def load_edges(folder: Path, names: tuple[str, ...]) -> tuple[npt.NDArray[Any], ...] | None:
    """Return the arrays kept in a folder, mapped, in the order of ``names``; None where there are none."""
    if not folder.is_dir():
        return None
    return tuple(np.load(folder / f"{name}.npy", mmap_mode="r") for name in names)


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
    others = (path for path in folder.parent.iterdir() if path.is_dir() and not path.name.startswith("."))
    for old in sorted(others, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
