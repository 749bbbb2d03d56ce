"""Tiles made when they are asked for, from a source of points; kept while the source stays as it is."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from geoaq.tiles import mvt
from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import POINTS_MAX, Points, PointSource

#: Layers of a live tile: it has one or the other.
POINT_LAYER, CELL_LAYER = "points", "cells"
# Another number is another ETag: raise it when the same source gives other bytes.
_FORMAT = 1
_GZIP_LEVEL = 4


def tag(source: PointSource, tile: Address, filters: Filters) -> str:
    """Return a text that is another one whenever the tile could be."""
    stated = f"{_FORMAT}|{source.version}|{tile}|{filters}"
    return hashlib.sha256(stated.encode()).hexdigest()[:20]


def packed_tile(source: PointSource, tile: Address, filters: Filters) -> bytes:
    """Return a tile, gzipped: a layer ``points``, or ``cells`` where there are more than `POINTS_MAX`.

    Points carry their id, the words of the source's columns and, where they have one, ``time`` (seconds since
    1970 UTC); cells stand at their centre and carry ``count`` and the strongest word.
    """
    kept = source.tiles.get((tile, filters))
    if kept is None:
        kept = gzip.compress(encoded(source, tile, filters), _GZIP_LEVEL, mtime=0)
        source.tiles.put((tile, filters), kept)
    return kept


def encoded(source: PointSource, tile: Address, filters: Filters, limit: int = POINTS_MAX) -> bytes:
    """Return a tile as it is."""
    found = source.points_in_tile(tile, filters, limit)
    properties: dict[str, tuple[Any, Any]] = {}
    columns: Mapping[str, list[str]] = source.columns
    if isinstance(found, Points):
        for codes, (name, words) in zip(found.codes, columns.items(), strict=True):
            properties[name] = codes, words
        if np.any(found.time):
            properties["time"] = found.time, None
        return mvt.layer(POINT_LAYER, found.x, found.y, properties, found.id)
    properties["count"] = found.count, None
    properties[source.strongest] = found.strongest, columns[source.strongest]
    return mvt.layer(CELL_LAYER, found.x, found.y, properties)
