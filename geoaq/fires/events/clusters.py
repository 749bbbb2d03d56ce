"""Which fire pixels are one event: near in space and in time, transitively, whatever satellite saw them.

Two pixels are joined when the geodesic between their centres is at most the rule's distance and no more than
its window lies between them; an event is what hangs together by such pairs. A pair within 20 nm of the
distance is put to ``pyproj.Geod``. The partition is that of comparing every pair, in any order of the rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.fires.events.rule import EventRule
from geoaq.geodesy.ellipsoid import (
    FORMULA_LIMIT_M,
    METRES_PER_DEGREE,
    Floats,
    columns,
    geodesic_m,
    require_positions,
)

# No parallel is shorter than on a sphere of that radius (a(1-e²) is below every radius of curvature) either;
# 0.1 % to spare.
_METRES_PER_DEGREE = METRES_PER_DEGREE * 0.999
_WORD = 63
_DOUBTS = 1024


def cluster(pixels: pd.DataFrame, *, rule: EventRule) -> npt.NDArray[np.int32]:
    """Return the event of each pixel as a number: 0 for the first row's, and so on by first appearance.

    Official pushes are joined among themselves only: never with what an office found itself.

    Parameters
    ----------
    pixels
        ``lon lat acquired`` of `geoaq.frames.FIRE_PIXELS`, with ``kind`` where pushes may be among them and
        ``scan_km track_km`` where the rule goes by footprints.
    rule
        What joins two pixels.

    Raises
    ------
    InputError
        ``position_unusable``: a position is not finite or out of range.
    """
    lon, lat = columns(pixels["lon"], pixels["lat"])
    require_positions(lon, lat)
    acquired = np.ascontiguousarray(pixels["acquired"], np.int64)
    reach = _reach(pixels) if rule.linkage == "footprints" else np.empty(0, np.float32)
    if "kind" in pixels and len(pixels):
        pushed = (pixels["kind"] == "push").to_numpy(bool)
        if pushed.any() and not pushed.all():
            labels = np.empty(len(pixels), np.int64)
            for base, rows in ((0, np.flatnonzero(~pushed)), (len(pixels), np.flatnonzero(pushed))):
                some = reach[rows] if reach.size else reach
                labels[rows] = base + _cluster(lon[rows], lat[rows], acquired[rows], some, rule)
            return pd.factorize(labels)[0].astype(np.int32)
    return _cluster(lon, lat, acquired, reach, rule)


def _reach(pixels: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return half the longer side of each footprint, metres; 0 where it is unknown."""
    sides = np.fmax(pixels["scan_km"].to_numpy(np.float32), pixels["track_km"].to_numpy(np.float32))
    return np.ascontiguousarray(np.nan_to_num(sides, nan=0.0) * np.float32(500.0))


def _cluster(
    lon: Floats, lat: Floats, acquired: npt.NDArray[np.int64], reach: npt.NDArray[np.float32], rule: EventRule
) -> npt.NDArray[np.int32]:
    if lon.size == 0:
        return np.empty(0, np.int32)
    from geoaq.fires.events import loops

    widest = max(rule.distance_m, 2.0 * float(reach.max())) if reach.size else rule.distance_m
    if widest > FORMULA_LIMIT_M:
        raise InputError("footprint_too_large", metres=widest)
    first = int(acquired.min())
    bits = max(1, (int(acquired.max()) - first).bit_length())
    high, wide, count = _grid(lat, widest, bits)
    total = bits + int(180.0 / high * count + 2 * count).bit_length()
    keys, order = loops.sorted_keys(loops.keys_of(lon, lat, acquired, first, high, wide, count, bits), total)
    xyz = loops.positions_of(lon, lat, order, loops.SINES)
    cells, starts = loops.cells_of(keys, bits)
    if reach.size:
        reach = np.ascontiguousarray(reach[order])
    room = _DOUBTS
    while True:
        doubtful = np.empty((room, 2), np.int32)
        parent, doubts = loops.join(
            keys, xyz, reach, cells, starts, count, bits, rule.distance_m, rule.window_s, doubtful
        )
        if doubts <= room:
            break
        room = doubts
    if doubts:
        pair = doubtful[:doubts]
        here, there = order[pair[:, 0]], order[pair[:, 1]]
        limit = np.full(doubts, rule.distance_m)
        if reach.size:
            sides = reach[pair].astype(np.float64).sum(axis=1)
            limit = np.maximum(limit, sides)
        close = geodesic_m(lon[here], lat[here], lon[there], lat[there]) <= limit
        for i, j in pair[close].tolist():
            loops.united(parent, i, j)
    labels: npt.NDArray[np.int32] = loops.numbered(parent, order)
    return labels


def _grid(lat: Floats, widest: float, bits: int) -> tuple[float, float, int]:
    """Return a cell's height and width in degrees and the columns round the Earth.

    No pair within ``widest`` metres is more than one row and one column apart: a column is as wide as the
    distance at the latitude farthest from the equator. A cell may be larger, so that it fits one word.
    """
    while True:
        high = widest / _METRES_PER_DEGREE
        edge = np.cos(np.radians(min(90.0, float(np.abs(lat).max()) + high)))
        sine = np.sin(np.radians(high) / 2.0) / max(edge, 1e-12)
        wide = 360.0 if sine >= 1.0 else float(np.degrees(2.0 * np.arcsin(sine)))
        count = max(1, int(360.0 / wide))
        if bits + int(180.0 / high * count + 2 * count).bit_length() <= _WORD:
            return high, 360.0 / count, count
        widest *= 2.0
