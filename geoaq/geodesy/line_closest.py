"""The closest places of outlines and lines: ends of pieces of either against pieces of the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import FORMULA_LIMIT_M, Floats, chord_ceiling, chord_rival, geodesic_m
from geoaq.geodesy.line_index import LineIndex
from geoaq.geodesy.line_pieces import feet, off_chord, place_on
from geoaq.geodesy.line_trees import limits, runs
from geoaq.geodesy.trees import found_within

_Ints = npt.NDArray[np.int64]
_BUNDLES = 512  # of sites, whose neighbours are listed together
_ROWS = 400_000  # places measured together


class Closest(NamedTuple):
    """By key (site · number of lines + line): metres, and both places, shape (n, 2), degrees."""

    key: _Ints
    distance_m: Floats
    start: Floats
    foot: Floats


def least(parts: list[Closest]) -> Closest:
    """Return the nearest of each key, the first of equals."""
    every = Closest(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.lexsort((every.distance_m, every.key))
    first = order[np.flatnonzero(np.diff(every.key[order], prepend=-1))]
    return Closest(every.key[first], every.distance_m[first], every.start[first], every.foot[first])


def closest_places(index: LineIndex, outlines: LineIndex, reach_m: Floats) -> Closest:
    """Return the closest places of outlines (a group a site) and lines within each reach."""
    # The nearest bundles come first, since what they give narrows what is asked of the others.
    ceiling = np.array([chord_ceiling(reach) for reach in reach_m.tolist()])
    mine, theirs, key, limit = _bundles(index, outlines, ceiling)
    keys, place = np.unique(key, return_inverse=True)
    narrow = np.full(keys.size, np.inf)
    np.minimum.at(narrow, place, limit)
    found = []
    for forward in (True, False):
        one, other, of_one, of_other = (
            (outlines, index, mine, theirs) if forward else (index, outlines, theirs, mine)
        )
        ends = _ends(one)
        for begin, end in _portions(ends.first, of_one):
            part = slice(begin, end)
            feet_of = _feet_of_ends(ends, other, of_one[part], of_other[part], place[part], narrow)
            found.append(feet_of._replace(key=keys[feet_of.key]) if forward else _turned(feet_of, keys))
    return least([_nothing(), *found])


def _turned(found: Closest, keys: _Ints) -> Closest:
    return Closest(keys[found.key], found.distance_m, found.foot, found.start)


def _nothing() -> Closest:
    return Closest(np.empty(0, np.int64), np.empty(0), np.empty((0, 2)), np.empty((0, 2)))


def _bundles(index: LineIndex, outlines: LineIndex, of_site: Floats) -> tuple[_Ints, _Ints, _Ints, Floats]:
    # Pairs of a site's and a line's bundle that may hold the closest places, the nearest first; their key,
    # and its limit.
    own, far = outlines.bundles, index.bundles
    ceiling = of_site[own.group]
    mine, theirs, apart = [], [], []
    reach = ceiling + own.half + float(far.half.max())
    for start in range(0, own.half.size, _BUNDLES):
        part = slice(start, start + _BUNDLES)
        counts, place = found_within(index.tree, own.middle[part], reach[part])
        row = np.repeat(np.arange(start, start + counts.size), counts)
        off = own.middle[row] - far.middle[place]
        near = np.sqrt((off * off).sum(1))
        kept = near - own.half[row] - far.half[place] <= ceiling[row]
        mine.append(row[kept])
        theirs.append(place[kept].astype(np.int64))
        apart.append(near[kept])
    one, two, near = np.concatenate(mine), np.concatenate(theirs), np.concatenate(apart)
    key = own.group[one].astype(np.int64) * index.n_groups + far.group[two]
    limit = limits(key, near, ceiling[one])
    kept = np.flatnonzero(near - own.half[one] - far.half[two] <= limit)
    kept = kept[np.argsort(near[kept], kind="stable")]
    return one[kept], two[kept], key[kept], limit[kept]


class _Ends(NamedTuple):
    # Ends of pieces, bundle by bundle, each once where a piece goes on from the last.
    first: _Ints
    degrees: Floats
    where: Floats


def _ends(index: LineIndex) -> _Ends:
    pieces, first = index.pieces, index.bundles.first
    goes_on = np.zeros(pieces.group.size, np.bool_)
    goes_on[:-1] = (pieces.ends[:-1, 2:] == pieces.ends[1:, :2]).all(1)
    goes_on[first[1:] - 1] = False
    number = np.where(goes_on, 1, 2)
    before = np.append(0, np.cumsum(number))
    row = np.repeat(np.arange(number.size), number)
    start = np.arange(row.size) == before[row]
    chord = pieces.chord[row]
    degrees = np.where(start[:, None], pieces.ends[row, :2], pieces.ends[row, 2:])
    where = np.where(start[:, None], chord[:, :3], chord[:, :3] + chord[:, 3:6])
    return _Ends(before[first], degrees, where)


def _portions(first: _Ints, bundle: _Ints) -> list[tuple[int, int]]:
    # Runs of bundles with some hundred thousand ends each: few at first, when the limits are still wide.
    total = np.cumsum(first[bundle + 1] - first[bundle])
    portions, begin, size = [], 0, _ROWS // 64
    while begin < bundle.size:
        done = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + size, side="right")))
        portions.append((begin, end))
        begin, size = end, min(4 * size, _ROWS)
    return portions


def _feet_of_ends(
    ends: _Ends, other: LineIndex, of_one: _Ints, of_other: _Ints, key: _Ints, narrow: Floats
) -> Closest:
    # Feet of the ends in bundles `of_one` on the pieces in bundles `of_other`, the nearest of each key, whose
    # limits are narrowed.
    row, end = runs(ends.first, of_one)
    off, slack = off_chord(other.bundles.axis, of_other[row], ends.where[end])
    kept = off - slack <= narrow[key[row]]
    row, end = row[kept], end[kept]
    again, piece = runs(other.bundles.first, of_other[row])
    row, end = row[again], end[again]
    off, slack = off_chord(other.pieces.chord, piece, ends.where[end])
    kept = off - slack <= limits(key[row], off + slack, np.inf)
    kept &= off - slack <= narrow[key[row]]
    row, end, piece = row[kept], end[kept], piece[kept]
    share, _, metres = feet(other.pieces, piece, ends.where[end])
    np.minimum.at(narrow, key[row], chord_rival(metres))
    order = np.lexsort((metres, key[row]))
    best = order[np.flatnonzero(np.diff(key[row][order], prepend=-1))]
    start, foot = ends.degrees[end[best]], np.column_stack(place_on(other.pieces, piece[best], share[best]))
    distance = metres[best]
    far = np.flatnonzero(distance > FORMULA_LIMIT_M)
    distance[far] = geodesic_m(*start[far].T, *foot[far].T)
    return Closest(key[row][best], distance, start, foot)
