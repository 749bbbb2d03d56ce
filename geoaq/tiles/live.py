"""Tiles made when they are asked for, from a source of points; kept while the source stays as it is."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.tiles import mvt
from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import POINTS_MAX, Cells, Points, PointSource

#: Layers of a live tile: it has one or the other.
POINT_LAYER, CELL_LAYER = "points", "cells"
# Another number is another ETag: raise it when the same source gives other bytes.
_FORMAT = 2
_GZIP_LEVEL = 4


def tag(source: PointSource, tile: Address, asked: Hashable) -> str:
    """Return a text that is another one whenever the tile could be.

    Parameters
    ----------
    source, tile
        Of what.
    asked
        What of it, as `repr` says it: filters, or another way to choose.
    """
    stated = f"{_FORMAT}|{source.version}|{tile}|{asked!r}"
    return hashlib.sha256(stated.encode()).hexdigest()[:20]


def packed_tile(source: PointSource, tile: Address, filters: Filters) -> bytes:
    """Return a tile, gzipped; no bytes where nothing of what is asked for lies in it.

    It has a layer ``points``, or ``cells`` where there are more than `POINTS_MAX`. Points carry their id, the
    words of the source's columns and, where they have one, ``time`` (seconds since 1970 UTC); cells stand at
    their centre and carry ``count`` and the strongest word.
    """
    return kept_tile(source, tag(source, tile, filters), lambda: encoded(source, tile, filters))


def kept_tile(source: PointSource, name: str, made: Callable[[], bytes]) -> bytes:
    """Return the tile of a tag, gzipped: what is kept of it, or what ``made`` gives, kept from then on."""
    kept = source.tiles.get(name)
    if kept is None:
        body = made()
        kept = gzip.compress(body, _GZIP_LEVEL, mtime=0) if body else b""
        source.tiles.put(name, kept)
    return kept


def encoded(
    source: PointSource,
    tile: Address,
    filters: Filters,
    limit: int = POINTS_MAX,
    *,
    among: npt.NDArray[np.bool_] | None = None,
    names: npt.NDArray[np.int64] | None = None,
) -> bytes:
    """Return a tile as it is; no bytes where it is empty.

    Parameters
    ----------
    source, tile, filters, limit, among
        As `geoaq.tiles.points.PointSource.points_in_tile`.
    names
        By id of the source: the id that a feature gets in its place.
    """
    found = source.points_in_tile(tile, filters, limit, among)
    return (_compiled if source.large else _plain)(source, found, names)


def _compiled(source: PointSource, found: Points | Cells, names: npt.NDArray[np.int64] | None) -> bytes:
    if isinstance(found, Cells):
        columns = {source.strongest: source.columns[source.strongest]}
        layer = source.layers.get(CELL_LAYER)
        if layer is None:
            layer = source.layers[CELL_LAYER] = mvt.CompiledLayer(CELL_LAYER, columns, "count")
        return layer.tile(found.x, found.y, found.strongest[np.newaxis], whole=found.count)
    ids = found.id if names is None else names[found.id]
    whole = "time" if found.time.any() else None
    layer = source.layers.get(f"{POINT_LAYER} {whole}")
    if layer is None:
        layer = mvt.CompiledLayer(POINT_LAYER, source.columns, whole)
        source.layers[f"{POINT_LAYER} {whole}"] = layer
    if whole is None:
        return layer.tile(found.x, found.y, found.codes, ids=ids)
    return layer.tile(found.x, found.y, found.codes, whole=found.time.astype(np.int64), ids=ids)


def _plain(source: PointSource, found: Points | Cells, names: npt.NDArray[np.int64] | None) -> bytes:
    properties: dict[str, tuple[Any, Any]] = {}
    columns: Mapping[str, list[str]] = source.columns
    if isinstance(found, Points):
        for codes, (name, words) in zip(found.codes, columns.items(), strict=True):
            properties[name] = codes, words
        if np.any(found.time):
            properties["time"] = found.time, None
        ids = found.id if names is None else names[found.id]
        return mvt.layer(POINT_LAYER, found.x, found.y, properties, ids)
    properties["count"] = found.count, None
    properties[source.strongest] = found.strongest, columns[source.strongest]
    return mvt.layer(CELL_LAYER, found.x, found.y, properties)
