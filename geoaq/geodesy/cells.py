"""Long lists: compiled cell lists find and measure the pairs, ``pyproj.Geod`` settles what is doubtful."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import (
    Floats,
    Pairs,
    Places,
    chord_ceiling,
    earth_centred,
    geodesic_m,
    in_order,
    refuse,
)
from geoaq.geodesy.trees import tree_nearest

_Scalar = TypeVar("_Scalar", np.int32, np.float64)

_PAIR_ROOM = 1 << 20


def compiled_pairs(x: Floats, y: Floats, u: Floats, v: Floats, radius_m: float) -> Pairs | None:
    """Return the pairs within the radius, or None where cell lists would be of no use."""
    from geoaq.geodesy import grid, loops

    anchors, ceiling = earth_centred(u, v), chord_ceiling(radius_m)
    made = grid.cell_lists(x, y, anchors, ceiling)
    if made is None:
        return None
    if isinstance(made, int):
        refuse(x, y, made)
    lists, spans = made
    room = max(_PAIR_ROOM, u.size)
    subject, anchor, distance = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    doubtful = np.empty(room, np.int32)
    doubts: list[npt.NDArray[np.int64]] = []
    start, count = 0, 0
    while start < x.size:
        places = slice(count, min(count + doubtful.size, distance.size))
        out = subject[places], anchor[places], distance[places], doubtful
        start, found, unsure = loops.within(x, y, start, anchors, lists, spans, ceiling, radius_m, *out)
        doubts.append(doubtful[:unsure].astype(np.int64) + count)
        count += found
        if start < x.size and distance.size - count < doubtful.size:
            # As much again as the points so far suggest, at least a quarter more.
            wanted = int(count * max(1.05 * x.size / max(start, 1), 1.25)) + doubtful.size
            subject, anchor = _longer(subject, count, wanted), _longer(anchor, count, wanted)
            distance = _longer(distance, count, wanted)
    pairs = Pairs(subject[:count], anchor[:count], distance[:count])
    unsettled = np.concatenate([*doubts, np.empty(0, np.int64)])
    return _settled(pairs, unsettled, x, y, u, v, radius_m) if unsettled.size else pairs


def _longer(column: npt.NDArray[_Scalar], used: int, size: int) -> npt.NDArray[_Scalar]:
    longer = np.empty(size, column.dtype)
    longer[:used] = column[:used]
    return longer


def _settled(
    pairs: Pairs, doubtful: npt.NDArray[np.int64], x: Floats, y: Floats, u: Floats, v: Floats, radius_m: float
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
    from geoaq.geodesy import grid, loops

    anchors = earth_centred(u, v)
    made = grid.cell_lists(x, y, anchors, -1.0)
    if made is None:
        return None
    if isinstance(made, int):
        refuse(x, y, made)
    index, distance, doubtful = np.empty(x.size, np.int32), np.empty(x.size), np.zeros(x.size, np.uint8)
    loops.nearest(x, y, anchors, *made, index, distance, doubtful)
    far = np.flatnonzero(doubtful == 1)
    distance[far] = geodesic_m(x[far], y[far], u[index[far]], v[index[far]])
    open_choice = np.flatnonzero(doubtful == 2)
    if open_choice.size:
        index[open_choice], distance[open_choice] = tree_nearest(x[open_choice], y[open_choice], u, v)
    return index, distance
