"""What a finished screening of projects knows beside the projects: lines in reach, others near, the wind."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from geoaq.store.place import read_json


def in_reach(folder: Path, row: int, part: int) -> list[dict[str, Any]]:
    """Return the province lines in reach of one project, nearest first: the lines of ``consultees.parquet``.

    A length that was not measured is None.
    """
    return plain_lines(folder / "consultees.parquet", (row, part))


def near(folder: Path, row: int, part: int) -> list[dict[str, Any]]:
    """Return the other projects in the strips of one, nearest first: the lines of ``near.parquet``."""
    return plain_lines(folder / "near.parquet", (row, part))


@lru_cache(maxsize=4)
def wind(folder: Path) -> dict[str, Any] | None:
    """Return ``wind.json``: what the wind of an office says of its projects; None where none was given."""
    return read_json(folder / "wind.json")


def plain_lines(path: Path, key: tuple[int, int] | None = None) -> list[dict[str, Any]]:
    """Return the lines of a table by distance, those of one row and part where a key is given."""
    import pyarrow.parquet as pq

    if not path.is_file():
        return []
    wanted = None if key is None else [("row", "=", key[0]), ("part", "=", key[1])]
    rows: list[dict[str, Any]] = pq.read_table(path, filters=wanted).to_pylist()
    plain = [{name: None if value != value else value for name, value in one.items()} for one in rows]
    return sorted(plain, key=lambda one: (one["distance_km"] is None, one["distance_km"] or 0.0))
