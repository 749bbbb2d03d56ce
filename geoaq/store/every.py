"""The tables of a finished screening of projects read once and whole, for what shows every project."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from geoaq.store import reading
from geoaq.store.consultees import plain_lines

Key = tuple[int, int]
ByKey = defaultdict[Key, list[dict[str, Any]]]


def subjects(folder: Path) -> list[dict[str, Any]]:
    """Return what `geoaq.store.reading.subject` returns of each, in the order of the list."""
    return [
        {str(name): None if value is None or value != value else value for name, value in record.items()}
        for record in reading.subjects(folder).to_dict("records")
    ]


def findings(folder: Path) -> ByKey:
    """Return what `geoaq.store.reading.findings` returns of each subject, by row and part."""
    import pyarrow.parquet as pq

    return _grouped(pq.read_table(folder / "findings.parquet").to_pylist())


def in_reach(folder: Path) -> ByKey:
    """Return what `geoaq.store.consultees.in_reach` returns of each project, by row and part."""
    return _grouped(plain_lines(folder / "consultees.parquet"))


def near(folder: Path) -> ByKey:
    """Return what `geoaq.store.consultees.near` returns of each project, by row and part."""
    return _grouped(plain_lines(folder / "near.parquet"))


def _grouped(rows: list[dict[str, Any]]) -> ByKey:
    found: ByKey = defaultdict(list)
    for one in rows:
        found[one["row"], one["part"]].append(one)
    return found
