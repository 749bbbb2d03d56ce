"""Short lists against lines: a tree of bundles finds, numpy measures; no compiler is started."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import (
    FORMULA_LIMIT_M,
    Floats,
    chord_ceiling,
    chord_rival,
    earth_centred,
)
from geoaq.geodesy.line_cells import Nearest
from geoaq.geodesy.line_far import far_feet
from geoaq.geodesy.line_index import LineIndex
from geoaq.geodesy.line_pieces import feet, off_chord
from geoaq.geodesy.trees import found_within

_Ints = npt.NDArray[np.int64]
_CHUNK = 2_048


def tree_lines(index: LineIndex, x: Floats, y: Floats, reach_m: float) -> Nearest:
    """Return for each subject (x, y), degrees, the nearest point of every group within ``reach_m``."""
    parts = [_nothing()]
    ceiling = chord_ceiling(reach_m)
    bundles = index.bundles
    for start in range(0, x.size if bundles.group.size else 0, _CHUNK):
        lon, lat = x[start : start + _CHUNK], y[start : start + _CHUNK]
        where = earth_centred(lon, lat)
        counts, bundle = found_within(index.tree, where, ceiling + float(bundles.half.max()))
        subject = np.repeat(np.arange(lon.size), counts)
        key = subject * index.n_groups + bundles.group[bundle]
        found = _least(index, lon, lat, where, subject, bundle.astype(np.int64), key, ceiling)
        inside = found.distance_m <= reach_m
        parts.append(_shifted(found, inside, start))
    return _joined(parts)


def tree_nearest_line(index: LineIndex, x: Floats, y: Floats, wanted: npt.NDArray[np.bool_]) -> Nearest:
    """Return for each subject the nearest point of the groups ``wanted`` (n_groups,), however far."""
    from scipy.spatial import cKDTree

    bundles = index.bundles
    among = np.flatnonzero(wanted[bundles.group])
    if among.size == 0:
        return _nothing()
    tree = index.tree if among.size == bundles.group.size else cKDTree(bundles.middle[among])
    parts = [_nothing()]
    for start in range(0, x.size, _CHUNK):
        lon, lat = x[start : start + _CHUNK], y[start : start + _CHUNK]
        where = earth_centred(lon, lat)
        # The middle of a bundle is on its line: its chord bounds the search.
        ceiling = chord_rival(np.asarray(tree.query(where)[0], np.float64))
        counts, place = found_within(tree, where, ceiling + float(bundles.half[among].max()))
        subject = np.repeat(np.arange(lon.size), counts)
        found = _least(index, lon, lat, where, subject, among[place], subject, np.inf)
        parts.append(_shifted(found, np.ones(found.subject.size, np.bool_), start))
    return _joined(parts)


def _least(
    index: LineIndex,
    lon: Floats,
    lat: Floats,
    where: Floats,
    subject: _Ints,
    bundle: _Ints,
    key: _Ints,
    ceiling: float,
) -> Nearest:
    # The nearest point of each key (a subject, or a subject and a group) among the bundles given with it.
    pieces, bundles = index.pieces, index.bundles
    off = bundles.middle[bundle] - where[subject]
    near = np.sqrt((off * off).sum(1))
    limit = limits(key, near, ceiling)
    kept = near - bundles.half[bundle] <= limit
    subject, bundle, key, limit = subject[kept], bundle[kept], key[kept], limit[kept]

    row, piece = runs(bundles.first, bundle)
    subject, key = subject[row], key[row]
    chord, sagitta = off_chord(pieces.chord, piece, where[subject])
    kept = chord - sagitta <= limits(key, chord + sagitta, ceiling)
    subject, piece, key = subject[kept], piece[kept], key[kept]

    share, _, metres = feet(pieces, piece, where[subject])
    far = np.flatnonzero(metres > FORMULA_LIMIT_M)
    if far.size:
        share[far], metres[far] = far_feet(pieces, piece[far], lon[subject[far]], lat[subject[far]])
    order = np.lexsort((piece, metres, key))
    first = order[np.flatnonzero(np.diff(key[order], prepend=-1))]
    return Nearest(
        subject[first].astype(np.int32), piece[first].astype(np.int32), share[first], metres[first]
    )


def runs(first: npt.NDArray[np.integer[Any]], run: _Ints) -> tuple[_Ints, _Ints]:
    """Return the numbers from first[k] up to first[k + 1] of each ``run`` k, and the row of each number."""
    begin = first[run].astype(np.int64)
    size = first[run + 1] - begin
    row = np.repeat(np.arange(run.size), size)
    return row, np.arange(row.size) + (begin - np.cumsum(size) + size)[row]


def limits(key: _Ints, chord: Floats, ceiling: float | Floats) -> Floats:
    """Return for each row the chord beyond which nothing is nearer, given an upper bound on its key a row."""
    if key.size == 0:
        return np.empty(0)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    least = chord_rival(np.minimum.reduceat(chord[order], starts))
    limit = np.empty(key.size)
    limit[order] = np.repeat(least, np.diff(starts, append=key.size))
    return np.minimum(limit, ceiling)


def _shifted(found: Nearest, kept: npt.NDArray[np.bool_], start: int) -> Nearest:
    subject = (found.subject[kept] + start).astype(np.int32)
    return Nearest(subject, found.piece[kept], found.share[kept], found.distance_m[kept])


def _joined(parts: list[Nearest]) -> Nearest:
    return Nearest(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _nothing() -> Nearest:
    return Nearest(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0))
