"""Short lists: a tree of chords finds the pairs, ``pyproj.Geod`` measures every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import (
    Floats,
    Pairs,
    Places,
    chord_ceiling,
    chord_rival,
    earth_centred,
    geodesic_m,
    in_order,
    joined,
)

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

_CHUNK = 1 << 15


def tree_pairs(x: Floats, y: Floats, u: Floats, v: Floats, radius_m: float) -> Pairs:
    """Return the pairs of subjects (x, y) and anchors (u, v), degrees, within ``radius_m``."""
    parts = [Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))]
    if u.size:
        tree = _tree(u, v)
        ceiling = chord_ceiling(radius_m)
        for start in range(0, x.size, _CHUNK):
            part = slice(start, start + _CHUNK)
            counts, anchor = found_within(tree, earth_centred(x[part], y[part]), ceiling)
            subject = np.repeat(np.arange(start, start + counts.size, dtype=np.int32), counts)
            distance = geodesic_m(x[subject], y[subject], u[anchor], v[anchor])
            inside = distance <= radius_m
            parts.append(in_order(Pairs(subject[inside], anchor[inside], distance[inside])))
    return joined(parts)


def tree_nearest(x: Floats, y: Floats, u: Floats, v: Floats) -> tuple[Places, Floats]:
    """Return the nearest anchor of each subject and its distance; at least one anchor is needed."""
    index = np.zeros(x.size, np.int32)
    tree = _tree(u, v)
    for start in range(0, x.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        where = earth_centred(x[part], y[part])
        found = tree.query(where, k=[1, 2])
        chords = np.asarray(found[0])
        index[part] = np.asarray(found[1])[:, 0]
        doubtful = np.flatnonzero(chords[:, 1] <= chord_rival(chords[:, 0]))
        if doubtful.size:
            counts, anchor = found_within(tree, where[doubtful], chord_rival(chords[doubtful, 0]))
            row = np.repeat(doubtful + start, counts)
            distance = geodesic_m(x[row], y[row], u[anchor], v[anchor])
            _take_least(row, anchor, distance, index)
    return index, geodesic_m(x, y, u[index], v[index])


def tree_nearest_other(
    x: Floats, y: Floats, u: Floats, v: Floats, own: npt.NDArray[np.int64]
) -> tuple[Places, Floats]:
    """Return the nearest anchor that is not the subject's own, and its distance; -1 and NaN if alone."""
    index = np.full(x.size, -1, np.int32)
    if u.size == 1:
        return index, np.full(x.size, np.nan)
    tree, where = _tree(u, v), earth_centred(x, y)
    found = tree.query(where, k=[1, 2])
    # One of the two nearest is another one: its chord bounds the search among all.
    chord = np.where(np.asarray(found[1]) == own[:, None], np.inf, np.asarray(found[0])).min(1)
    counts, anchor = found_within(tree, where, chord_rival(chord))
    row = np.repeat(np.arange(x.size), counts)
    other = anchor != own[row]
    row, anchor = row[other], anchor[other]
    metres = geodesic_m(x[row], y[row], u[anchor], v[anchor])
    _take_least(row, anchor, metres, index)
    return index, geodesic_m(x, y, u[index], v[index])


def _take_least(row: npt.NDArray[np.int64], anchor: Places, distance: Floats, index: Places) -> None:
    # Write for each row its anchor of least distance, the first of equals.
    order = np.lexsort((anchor, distance, row))
    firsts = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    index[row[firsts]] = anchor[firsts]


def _tree(lon: Floats, lat: Floats) -> cKDTree:
    from scipy.spatial import cKDTree

    return cKDTree(earth_centred(lon, lat))


def found_within(tree: cKDTree, where: Floats, reach: float | Floats) -> tuple[npt.NDArray[np.int64], Places]:
    """Return how many points of the tree lie within reach of each place, and these one after another."""
    lists = np.atleast_1d(np.asarray(tree.query_ball_point(where, reach), object))
    counts = np.fromiter((len(found) for found in lists), np.int64, len(lists))
    return counts, np.fromiter((j for found in lists for j in found), np.int32, int(counts.sum()))
