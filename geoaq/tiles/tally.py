"""Counting and listing what a source of points holds, by the same filters that its tiles have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
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
    ranks = None if sort == "time" else _ranks(source.columns[sort])
    spans, places, values = [], [], [np.empty(0)]
    for span, mask in _fitting(source, filters):
        at = np.flatnonzero(mask)
        spans.append(span)
        places.append(at)
        values.append(
            span.time[at].astype(float) if ranks is None else ranks[span.codes[names.index(sort)][at]]
        )
    value = -np.concatenate(values) if descending else np.concatenate(values)
    late = -np.concatenate([np.empty(0), *(span.time[at] for span, at in zip(spans, places, strict=True))])
    first = _first(value, late, offset + limit)
    ids = _taken(spans, places, first, lambda span, at: span.ids[span.places[at]])
    chosen = first[np.lexsort((ids, late[first], value[first]))][offset : offset + limit]
    lon, lat = world_lonlat(_taken(spans, places, chosen, lambda span, at: span.key[at]).astype(np.uint64))
    words = {
        name: [
            source.columns[name][int(code)] for code in _taken(spans, places, chosen, partial(_codes, row))
        ]
        for row, name in enumerate(names)
    }
    ids = _taken(spans, places, chosen, lambda span, at: span.ids[span.places[at]])
    time = _taken(spans, places, chosen, lambda span, at: span.time[at])
    return Listed(len(value), ids, time, lon, lat, words)


def _codes(row: int, span: _Span, at: npt.NDArray[np.intp]) -> Codes:
    return np.take(span.codes[row], at)


def _first(value: _Floats, late: _Floats, count: int) -> npt.NDArray[np.intp]:
    """Return the places of the first ``count`` by value, then by lateness, and of whatever equals the last.

    Of millions of points a page shows some: it does not take putting all of them in order.
    """
    if count >= len(value):
        return np.arange(len(value))
    last = np.partition(value, count - 1)[count - 1]
    before, equal = np.flatnonzero(value < last), np.flatnonzero(value == last)
    missing = count - len(before)
    latest = np.partition(late[equal], missing - 1)[missing - 1]
    return np.concatenate([before, equal[late[equal] <= latest]])


def _taken(
    spans: Sequence[_Span],
    places: Sequence[npt.NDArray[np.intp]],
    chosen: npt.NDArray[np.intp],
    column: Callable[[_Span, npt.NDArray[np.intp]], Any],
) -> Any:
    """Return a column of the points that were chosen among those of all parts."""
    ends = np.cumsum([len(at) for at in places])
    of = np.searchsorted(ends, chosen, side="right")
    found = np.empty(len(chosen), np.int64)
    for part in np.unique(of):
        mine = of == part
        at = places[part][chosen[mine] - (ends[part] - len(places[part]))]
        found[mine] = column(spans[part], at).astype(np.int64)
    return found


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
