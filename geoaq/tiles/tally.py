"""Counting and listing what a source of points holds, by the same filters that its tiles have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.tiles.filters import Filters, tables
from geoaq.tiles.mercator import Keys, world_lonlat
from geoaq.tiles.points import PointSource
from geoaq.tiles.segments import Codes, Names, Rows, Times

_DAY_S = 86_400
# Days are those of Beijing time.
_EAST_S = 8 * 3600
_Floats = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


class Listed(NamedTuple):
    """Some points of a source, in the order asked for.

    Attributes
    ----------
    total
        How many fit in all.
    id, time, lon, lat
        Of those listed; the position to some centimetres.
    words
        By column.
    """

    total: int
    id: Names
    time: Times
    lon: _Floats
    lat: _Floats
    words: dict[str, list[str]]


def tally(source: PointSource, filters: Filters, columns: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Return how many points have each word, by column.

    Parameters
    ----------
    source, filters
        What is counted.
    columns
        The columns; what a column filters itself does not count for it, so that a word not chosen keeps its
        number.
    """
    counts = {}
    for name in columns:
        row, words = list(source.columns).index(name), source.columns[name]
        others = replace(filters, words=tuple(one for one in filters.words if one[0] != name))
        found = np.zeros(len(words), np.int64)
        for rows, mask in _fitting(source, others):
            found += np.bincount(rows.codes[row][mask], minlength=len(words))[: len(words)]
        counts[name] = {word: int(n) for word, n in zip(words, found, strict=True) if n}
    return counts


def count(source: PointSource, filters: Filters) -> int:
    """Return how many points fit."""
    return sum(int(np.count_nonzero(mask)) for _, mask in _fitting(source, filters))


def days(source: PointSource, filters: Filters) -> dict[int, int]:
    """Return how many points of each day of Beijing time fit, by days since 1970-01-01."""
    found: dict[int, int] = {}
    for rows, mask in _fitting(source, filters):
        day = (rows.time[mask].astype(np.int64) + _EAST_S) // _DAY_S
        if len(day):
            first = int(day[0])  # rows are in the order of time
            for at, n in enumerate(np.bincount(day - first)):
                if n:
                    found[first + at] = found.get(first + at, 0) + int(n)
    return found


def newest(source: PointSource, column: str) -> dict[str, int]:
    """Return the newest moment of each word of a column, seconds since 1970 UTC."""
    row, words = list(source.columns).index(column), source.columns[column]
    found: dict[str, int] = {}
    for segment in sorted(source.segments, key=lambda one: -int(one.time.time[-1])):
        if len(found) == len(words):
            break
        backwards = segment.time.codes[row][::-1]
        for code, at in zip(*np.unique(backwards, return_index=True), strict=True):
            moment = int(segment.time.time[len(backwards) - 1 - int(at)])
            word = words[int(code)]
            found[word] = max(found.get(word, 0), moment)
    return found


def extent(source: PointSource, filters: Filters) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the points that fit, degrees WGS 84; None where none does."""
    found = [_box(rows.key[mask]) for rows, mask in _fitting(source, filters) if mask.any()]
    if not found:
        return None
    west, south, east, north = (np.array(side) for side in zip(*found, strict=True))
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _box(keys: Keys) -> tuple[float, float, float, float]:
    lon, lat = world_lonlat(keys)
    return lon.min(), lat.min(), lon.max(), lat.max()


def listed(
    source: PointSource, filters: Filters, *, sort: str, descending: bool, offset: int, limit: int
) -> Listed:
    """Return one page of the points that fit.

    Parameters
    ----------
    source, filters
        What is listed.
    sort
        ``time``, or a column: by its words as numbers where all are, else by the dictionary's order. What is
        equal stands with the newest first, then by id.
    descending
        From the last to the first.
    offset, limit
        Which page.
    """
    names = list(source.columns)
    parts = [_picked(rows, mask) for rows, mask in _fitting(source, filters)]
    total = sum(len(part[0]) for part in parts)
    key = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, np.uint64)
    time = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, np.uint32)
    ids = np.concatenate([part[2] for part in parts]) if parts else np.empty(0, np.int64)
    codes: Codes = (
        np.concatenate([part[3] for part in parts], axis=1) if parts else np.empty((len(names), 0), np.uint16)
    )
    late = -time.astype(np.int64)
    if sort == "time":
        order = np.lexsort((ids, late if descending else -late))
    else:
        value = _ranks(source.columns[sort])[codes[names.index(sort)]]
        order = np.lexsort((ids, late, -value if descending else value))
    at = order[offset : offset + limit]
    lon, lat = world_lonlat(key[at])
    words = {name: [source.columns[name][code] for code in codes[row, at]] for row, name in enumerate(names)}
    return Listed(total, ids[at], time[at], lon, lat, words)


def _picked(rows: _Span, mask: _Mask) -> tuple[Any, Times, Names, Codes]:
    at = np.flatnonzero(mask)
    return rows.key[at], rows.time[at], rows.ids[rows.places[at]], np.take(rows.codes, at, axis=1)


class _Span(NamedTuple):
    """Points of one part within a span of time, in its order."""

    key: Any
    time: Times
    codes: Codes
    places: Any
    ids: Names


def _fitting(source: PointSource, filters: Filters) -> Iterator[tuple[_Span, _Mask]]:
    """Yield for each part the points within the span of time, and which of them fit the words."""
    wanted, asked = tables(filters.words, source.columns)
    for segment in source.segments_within(filters):
        ordered: Rows = segment.time
        start, stop = 0, len(ordered.time)
        if filters.since is not None:
            start = int(np.searchsorted(ordered.time, np.uint32(filters.since)))
        if filters.until is not None:
            stop = int(np.searchsorted(ordered.time, np.uint32(filters.until)))
        if stop <= start:
            continue
        codes = ordered.codes[:, start:stop]
        mask = np.ones(stop - start, bool)
        for row, fits in zip(wanted, asked, strict=True):
            mask &= fits[codes[row]]
        span = _Span(
            ordered.key[start:stop], ordered.time[start:stop], codes, segment.places[start:stop], segment.ids
        )
        yield span, mask


def _ranks(words: list[str]) -> npt.NDArray[np.float64]:
    """Return the value of each word by which a list is sorted; the empty word is less than any."""
    try:
        return np.array([float(word) if word else -np.inf for word in words])
    except ValueError:
        ranks = np.empty(len(words))
        ranks[np.argsort(np.array(words, object), kind="stable")] = np.arange(len(words))
        return ranks
