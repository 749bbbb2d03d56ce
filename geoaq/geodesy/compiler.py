"""numba for the loops of this room; see `geoaq.compiler`. Import this module on use only."""

from __future__ import annotations

from pathlib import Path

from geoaq import compiler

_NAMES = ("ellipsoid", "compiler", "grid", "loops", "line_lists", "line_loops")
_SOURCES = tuple(f"geoaq.geodesy.{name}" for name in _NAMES)

compiled = compiler.compiler(_SOURCES)


def cache_folder() -> Path | None:
    """Return the folder for the machine code of this room, or None where nothing can be written."""
    return compiler.cache_folder(_SOURCES)
