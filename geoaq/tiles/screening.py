"""The subjects of a screening as a source of points, made when a map first asks for their tiles.

What is made lies under ``cache/tiles`` of the data folder and can be thrown away at any time; the screening
itself is only read.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from geoaq.tiles.points import PointSource, opened
from geoaq.tiles.segments import FORMAT
from geoaq.tiles.writing import append, create

#: Column of a tile → column of ``subjects.parquet``; a list that lacks one leaves it out.
COLUMNS = {"verdict": "lead", "rule": "lead_rule", "timing": "lead_timing", "region": "adcode"}
# Strongest first: a cell of many subjects shows the first of these that is among them.
_SIGNS = ("applies", "encouraged", "review", "not", "none")
# A subject's number in a tile: its row and part, as `geoaq.store.reading` joins them.
PARTS = 4096
_KEPT = 32


def subject_source(folder: Path, name: str, cache: Path) -> PointSource:
    """Return the subjects of a screening that have a position, with the words by which a map filters them.

    Parameters
    ----------
    folder
        The screening, whose ``subjects.parquet`` is whole and never changes.
    name
        Its identity, by which what is made is found again.
    cache
        ``GEOAQ_DATA/cache/tiles``.
    """
    place = cache / f"{name}-{FORMAT}"
    with suppress(FileNotFoundError):
        return opened(place)
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging = cache / f".{name}.{secrets.token_hex(8)}"
    try:
        _make(folder, staging)
        with suppress(OSError):  # somebody else made the same meanwhile
            staging.rename(place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _forget_old(cache, place)
    return opened(place)


def _make(folder: Path, place: Path) -> None:
    import pyarrow.parquet as pq

    path = folder / "subjects.parquet"
    there = set(pq.read_schema(path).names)
    columns = {column: source for column, source in COLUMNS.items() if source in there}
    frame = pq.read_table(path, columns=["row", "part", "lon", "lat", *columns.values()]).to_pandas()
    frame = frame[frame["lon"].notna() & frame["lat"].notna()]
    points = frame.rename(columns={source: column for column, source in columns.items()})
    points = points.assign(id=points["row"].to_numpy("int64") * PARTS + points["part"].to_numpy("int64"))
    words = {column: list(_SIGNS) if column == "verdict" else [] for column in columns}
    create(place, words, strongest="verdict")
    append(place, points)


def _forget_old(cache: Path, newest: Path) -> None:
    """Remove the sources that were made longest ago, so that the cache stays small."""
    made = []
    for path in cache.iterdir():
        with suppress(FileNotFoundError):
            if not path.name.startswith(".") and path != newest:
                made.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(made, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
