"""The plants of a finished screening: those in reach of one subject, and all that were looked at."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


def in_reach(folder: Path, row: int, part: int) -> list[dict[str, Any]]:
    """Return the plants within reach of one subject, nearest first: the lines of ``anchors.parquet``."""
    import pyarrow.parquet as pq

    path = folder / "anchors.parquet"
    if not path.is_file():
        return []
    wanted = [("row", "=", row), ("part", "=", part)]
    rows: list[dict[str, Any]] = pq.read_table(path, filters=wanted).to_pylist()
    return sorted(rows, key=lambda one: float(one["distance_km"]))


@lru_cache(maxsize=4)
def looked_at(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the plants of ``plants.geojson`` by id: what it says of each, with ``lon`` and ``lat``."""
    path = folder / "plants.geojson"
    if not path.is_file():
        return {}
    found: dict[str, dict[str, Any]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        found[feature["properties"]["plant_id"]] = {**feature["properties"], "lon": lon, "lat": lat}
    return found
