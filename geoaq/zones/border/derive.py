"""The lines between provinces, had from polygons: an edge that two provinces own is a province line.

An edge is compared by its two ends, bit for bit and in either direction. Coast and national borders have one
owner and never count; inner lines of a province have one owner twice. Nothing is snapped: an edge that misses
its neighbour by a hair stays unmatched, and the report names it, because a tolerance alone would weld one
coast to another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.errors import InputError
from geoaq.geodesy import geodesic_m

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int16]
Ints = npt.NDArray[np.int64]
Pair = tuple[str, str]

# An unmatched edge that runs this near to another province's unmatched edge is reported.
SNAP_M = 50.0
# Metres in a degree of the meridian at the equator, where it is shortest, and of the equator.
_DEGREE_OF_LAT_M = 110_574.0
_DEGREE_OF_LON_M = 111_320.0


class Lines(NamedTuple):
    """Edges, straight in longitude and latitude (RFC 7946), each with the group that it belongs to.

    ``start`` and ``end`` have shape (n, 2): longitude, latitude in degrees, WGS 84; ``group`` is int16.
    """

    start: Floats
    end: Floats
    group: Groups


class Edges(NamedTuple):
    """What polygons say of the lines between provinces.

    Attributes
    ----------
    shared
        Edges that two provinces own; ``group`` is a position in ``pairs``.
    pairs
        The two codes of each pair of provinces, ascending.
    coast
        Edges that one province owns (coast and national border); ``group`` is a position in ``provinces``.
    provinces
        The codes of all provinces, ascending.
    report
        Counts and lengths (``edges length_km pair_km coast_edges coast_km degenerate overlapping``), and
        ``unmatched_near``: edges of the coast that run within ``snap_m`` of another province's, each with
        ``province lon lat length_m``.
    """

    shared: Lines
    pairs: tuple[Pair, ...]
    coast: Lines
    provinces: tuple[str, ...]
    report: dict[str, Any]


def shared_edges(polygons: npt.NDArray[np.object_], province_of: npt.ArrayLike) -> Edges:
    """Derive province lines from polygons of provinces, cities or counties.

    Parameters
    ----------
    polygons
        Shape (n,), WGS 84; neighbours share the vertices of their line.
    province_of
        Shape (n,): the six-digit code of each polygon's province.

    Raises
    ------
    InputError
        ``borders_none``: no two provinces share an edge. ``borders_overlap``: three provinces own one edge.
    """
    provinces, owner_of = np.unique(np.asarray(province_of, str), return_inverse=True)
    start, end, owner, degenerate = _directed(polygons, owner_of)
    key, first = _undirected(start, end)
    # One row for each owner of each distinct edge, ascending.
    owned = np.unique(key * len(provinces) + owner)
    edge, by = owned // len(provinces), owned % len(provinces)
    owners = np.bincount(edge, minlength=len(first))
    times = np.bincount(key, minlength=len(first))
    if (owners > 2).any():
        k = first[int(np.argmax(owners > 2))]
        raise InputError("borders_overlap", lon=float(start[k, 0]), lat=float(start[k, 1]))
    offset = np.cumsum(owners) - owners
    two, one = np.flatnonzero(owners == 2), np.flatnonzero((owners == 1) & (times == 1))
    if not len(two):
        raise InputError("borders_none")
    pair_key = by[offset[two]] * len(provinces) + by[offset[two] + 1]
    distinct, group = np.unique(pair_key, return_inverse=True)
    codes = [(str(provinces[k // len(provinces)]), str(provinces[k % len(provinces)])) for k in distinct]
    shared = _ordered(start[first[two]], end[first[two]], group)
    coast = _ordered(start[first[one]], end[first[one]], by[offset[one]])
    length, coast_length = _lengths(shared), _lengths(coast)
    report = {
        "edges": len(two),
        "length_km": float(length.sum() / 1000.0),
        "pair_km": (np.bincount(shared.group, length, len(codes)) / 1000.0).tolist(),
        "coast_edges": len(one),
        "coast_km": float(coast_length.sum() / 1000.0),
        "degenerate": degenerate,
        "snap_m": SNAP_M,
        "unmatched_near": _unmatched_near(coast, coast_length, provinces),
    }
    return Edges(shared, tuple(codes), coast, tuple(provinces.tolist()), report)


def _directed(polygons: npt.NDArray[np.object_], owner_of: Ints) -> tuple[Floats, Floats, Ints, int]:
    """Return start, end and owner of every edge of every ring, without those of no length."""
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = xy + 0.0  # a negative zero is a zero
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = xy[begin], xy[begin + 1]
    long = (start != end).any(axis=1)
    owner = owner_of[polygon[part[ring[begin]]]].astype(np.int64)
    return start[long], end[long], owner[long], int((~long).sum())


def _undirected(start: Floats, end: Floats) -> tuple[Ints, Ints]:
    """Return for each edge the number of its undirected self, and where each of these stands first."""
    ends = np.concatenate([start, end])
    # A pair of floats as one complex number: sorted by both parts, compared bit for bit.
    _, number = np.unique(ends[:, 0] + 1j * ends[:, 1], return_inverse=True)
    a, b = number[: len(start)], number[len(start) :]
    low, high = np.minimum(a, b), np.maximum(a, b)
    _, first, key = np.unique(low * len(ends) + high, return_index=True, return_inverse=True)
    return key.astype(np.int64), first


def _ordered(start: Floats, end: Floats, group: Ints) -> Lines:
    """Return edges by group, then from west to east: the same for polygons in any order."""
    west = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] <= end[:, 1]))
    a, b = np.where(west[:, None], start, end), np.where(west[:, None], end, start)
    order = np.lexsort((b[:, 1], b[:, 0], a[:, 1], a[:, 0], group))
    return Lines(a[order], b[order], group[order].astype(np.int16))


def _lengths(lines: Lines) -> Floats:
    return geodesic_m(lines.start[:, 0], lines.start[:, 1], lines.end[:, 0], lines.end[:, 1])


def _unmatched_near(coast: Lines, length: Floats, provinces: npt.NDArray[np.str_]) -> list[dict[str, object]]:
    """Return the edges whose start, middle and end all lie within `SNAP_M` of another province's edge."""
    segments = shapely.linestrings(np.stack([coast.start, coast.end], axis=1))
    west, south, east, north = shapely.bounds(segments).T
    tall = SNAP_M / _DEGREE_OF_LAT_M
    wide = tall / np.cos(np.radians(np.minimum(np.maximum(np.abs(south), np.abs(north)), 89.0)))
    boxes = shapely.box(west - wide, south - tall, east + wide, north + tall)
    edge, other = shapely.STRtree(segments).query(boxes)
    foreign = coast.group[edge] != coast.group[other]
    edge, other = edge[foreign], other[foreign]
    near = np.ones(len(segments), np.bool_)
    for share in (0.0, 0.5, 1.0):
        point = coast.start + share * (coast.end - coast.start)
        least = np.full(len(segments), np.inf)
        np.minimum.at(least, edge, _distance_m(point[edge], coast.start[other], coast.end[other]))
        near &= least <= SNAP_M
    middle = 0.5 * (coast.start + coast.end)
    return [
        {
            "province": str(provinces[coast.group[k]]),
            "lon": round(float(middle[k, 0]), 6),
            "lat": round(float(middle[k, 1]), 6),
            "length_m": round(float(length[k]), 1),
        }
        for k in np.flatnonzero(near)
    ]


def _distance_m(point: Floats, start: Floats, end: Floats) -> Floats:
    """Return distances of points to segments on the plane about each point: for a report, good to 1 %."""
    scale = np.column_stack(
        [_DEGREE_OF_LON_M * np.cos(np.radians(point[:, 1])), np.full(len(point), _DEGREE_OF_LAT_M)]
    )
    a, way = (start - point) * scale, (end - start) * scale
    along = np.clip(-(a * way).sum(1) / (way * way).sum(1), 0.0, 1.0)
    foot = a + along[:, None] * way
    distance: Floats = np.hypot(foot[:, 0], foot[:, 1])
    return distance
