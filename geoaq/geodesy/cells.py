"""Long lists: compiled cell lists find and measure the pairs, ``pyproj.Geod`` settles what is doubtful."""

from __future__ import annotations

import numpy as np

from geoaq.geodesy.ellipsoid import (
    Floats,
    Pairs,
    Places,
    chord_ceiling,
    earth_centred,
    geodesic_m,
    in_order,
    joined,
    refuse,
)
from geoaq.geodesy.trees import tree_nearest

_PAIR_ROOM = 1 << 20


def compiled_pairs(x: Floats, y: Floats, u: Floats, v: Floats, radius_m: float) -> Pairs | None:
    """Return the pairs within the radius, or None where cell lists would be of no use."""
    from geoaq import geodesy_kernels as kernels

    anchors, ceiling = earth_centred(u, v), chord_ceiling(radius_m)
    made = kernels.cell_lists(x, y, anchors, ceiling)
    if made is None:
        return None
    if isinstance(made, int):
        refuse(x, y, made)
    lists, spans = made
    room = max(_PAIR_ROOM, u.size)
    subject, anchor = np.empty(room, np.int32), np.empty(room, np.int32)
    distance, doubtful = np.empty(room), np.empty(room, np.int32)
    parts = [Pairs(subject[:0].copy(), anchor[:0].copy(), distance[:0].copy())]
    start = 0
    while start < x.size:
        start, count, doubts = kernels.within(
            x, y, start, anchors, lists, spans, ceiling, radius_m, subject, anchor, distance, doubtful
        )
        pairs = Pairs(subject[:count].copy(), anchor[:count].copy(), distance[:count].copy())
        parts.append(_settled(pairs, doubtful[:doubts], x, y, u, v, radius_m) if doubts else pairs)
    return joined(parts)


def _settled(
    pairs: Pairs, doubtful: Places, x: Floats, y: Floats, u: Floats, v: Floats, radius_m: float
) -> Pairs:
    row, anchor = pairs.subject[doubtful], pairs.anchor[doubtful]
    pairs.distance_m[doubtful] = geodesic_m(x[row], y[row], u[anchor], v[anchor])
    inside = np.ones(len(pairs.subject), np.bool_)
    inside[doubtful] = pairs.distance_m[doubtful] <= radius_m
    kept = Pairs(pairs.subject[inside], pairs.anchor[inside], pairs.distance_m[inside])
    backward = (np.diff(kept.distance_m) < 0.0) & (np.diff(kept.subject) == 0)
    return in_order(kept) if backward.any() else kept


def compiled_nearest(x: Floats, y: Floats, u: Floats, v: Floats) -> tuple[Places, Floats] | None:
    """Return the nearest of distinct anchors and its distance, or None where cell lists are of no use."""
    from geoaq import geodesy_kernels as kernels

    anchors = earth_centred(u, v)
    made = kernels.cell_lists(x, y, anchors, -1.0)
    if made is None:
        return None
    if isinstance(made, int):
        refuse(x, y, made)
    index, distance, doubtful = np.empty(x.size, np.int32), np.empty(x.size), np.zeros(x.size, np.uint8)
    kernels.nearest(x, y, anchors, *made, index, distance, doubtful)
    far = np.flatnonzero(doubtful == 1)
    distance[far] = geodesic_m(x[far], y[far], u[index[far]], v[index[far]])
    open_choice = np.flatnonzero(doubtful == 2)
    if open_choice.size:
        index[open_choice], distance[open_choice] = tree_nearest(x[open_choice], y[open_choice], u, v)
    return index, distance
