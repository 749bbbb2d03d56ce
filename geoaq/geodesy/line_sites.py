"""Exact distance of whole sites to lines: from the nearest part of the site.

Two lines that do not cross are nearest at an end of a piece of one of them, but for this: the curvatures of
two lines that are straight in degrees differ with latitude, by at most 2·sec²φ·d/R² for lines d apart. A
closest place inside two pieces is then nearer than their ends by at most that times ℓ²/8, ℓ the shorter
piece. Outlines are therefore cut into pieces of 500 m: 0.12 mm at 25 km and 55°N, and in proportion to the
distance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.geodesy.ellipsoid import GUARD_M, Floats
from geoaq.geodesy.line_closest import Closest, closest_places, least
from geoaq.geodesy.line_index import LineIndex, build_lines
from geoaq.geodesy.line_trees import runs
from geoaq.geodesy.lines import LineHits, classes_of, lines_within, nearest_of_groups, settled, told

SITE_PIECE_M = 500.0

_Ints = npt.NDArray[np.int64]
_SITES = 4_096  # searched together
_CORNERS = 64


def sites_within(index: LineIndex, sites: npt.NDArray[np.object_], *, reach_m: float) -> LineHits:
    """Return for every site and every line within reach the nearest point of that line to the site.

    Parameters
    ----------
    index
        The lines (`geoaq.geodesy.build_lines`).
    sites
        Shape (n,): valid shapely polygons, lines or points, single or multiple, degrees, WGS 84, straight in
        longitude and latitude between their corners (RFC 7946); None or an empty one has no hits. A polygon
        is its area: a line in a hole is measured to the rim of the hole.
    reach_m
        Metres; a line at exactly this distance is in.

    Returns
    -------
    LineHits
        ``subject`` is the position of the site, ``from_lon`` and ``from_lat`` its nearest point. A line that
        the site touches, crosses or holds is at 0 m, both places are one that they share, and the bearing is
        0. Distances within 0.5 mm of the least geodesic up to 25 km (proved; a sum of this and
        `lines_within`).

    Raises
    ------
    InputError
        ``position_unusable`` with the position of a site that has a corner out of range;
        ``edge_out_of_range`` for an outline beyond 85° of latitude.
    """
    if not reach_m >= 0.0:
        raise ValueError(f"reach_m must not be negative: {reach_m}")
    shapes = np.asarray(sites, object)
    return settled(_searched(index, shapes, np.full(shapes.size, reach_m)), reach_m)


def nearest_to_sites(
    index: LineIndex,
    sites: npt.NDArray[np.object_],
    *,
    wanted: npt.ArrayLike | None = None,
    of_class: npt.ArrayLike | None = None,
) -> LineHits:
    """Return for each site the nearest line among those that it may take, at any distance.

    `geoaq.geodesy.nearest_of_groups` for whole sites; arguments as there, sites and result as in
    `sites_within`.
    """
    shapes = np.asarray(sites, object)
    table, classes = classes_of(index, shapes.size, wanted, of_class)
    there = _there(shapes)
    # Some corners of the site bound the search.
    x, y, row = _corners(shapes, there)
    bound = nearest_of_groups(index, x, y, wanted=table, of_class=classes[row])
    reach = np.full(shapes.size, np.inf)
    np.minimum.at(reach, row[bound.subject], bound.distance_m + 1e-3)
    reach[~np.isfinite(reach)] = -1.0
    # A site that is asked about several times is searched once, as far as the farthest of them asks.
    _, first, of = np.unique([id(shape) for shape in shapes.tolist()], return_index=True, return_inverse=True)
    widest = np.full(first.size, -1.0)
    np.maximum.at(widest, of, reach)
    found = _searched(index, shapes[first], widest)
    start = np.searchsorted(found.subject, np.arange(first.size + 1))
    subject, at = runs(start, of)
    hits = found.rows(at)._replace(subject=subject.astype(np.int32))
    hits = hits.rows(np.flatnonzero(table[classes[hits.subject], hits.group]))
    return hits.rows(np.flatnonzero(np.diff(hits.subject, prepend=-1)))


def _corners(shapes: npt.NDArray[np.object_], there: _Ints) -> tuple[Floats, Floats, _Ints]:
    # Corners of each site, and whose they are: one of a plain site, some dozens of one with many.
    import shapely

    corner, site = shapely.get_coordinates(shapes[there], return_index=True)
    begin = np.searchsorted(site, np.arange(there.size))
    number = np.diff(np.append(begin, site.size))
    step = np.where(number > _CORNERS, number // _CORNERS, number)
    chosen = np.flatnonzero((np.arange(site.size) - begin[site]) % step[site] == 0)
    return corner[chosen, 0], corner[chosen, 1], there[site[chosen]]


def _there(shapes: npt.NDArray[np.object_]) -> _Ints:
    import shapely

    return np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))


def _searched(index: LineIndex, shapes: npt.NDArray[np.object_], reach_m: Floats) -> LineHits:
    # The nearest point of every line within the reach of each site and a little more; a reach below 0 asks
    # for none.
    there = _there(shapes)
    there = there[reach_m[there] >= 0.0]
    parts = []
    for start in range(0, there.size if index.pieces.group.size else 0, _SITES):
        rows = there[start : start + _SITES]
        found = _closest_of(index, shapes[rows], rows, reach_m[rows] + GUARD_M)
        site, group = np.divmod(found.key, index.n_groups)
        parts.append((rows[site], group, found.distance_m, found.start, found.foot))
    nothing = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty((0, 2)), np.empty((0, 2))
    subject, group, metres, begin, foot = (np.concatenate(part) for part in zip(nothing, *parts, strict=True))
    near = np.flatnonzero(metres <= reach_m[subject] + GUARD_M)
    return told(
        subject[near].astype(np.int32),
        group[near].astype(np.int16),
        metres[near],
        (foot[near, 0], foot[near, 1]),
        (begin[near, 0], begin[near, 1]),
    )


def _closest_of(index: LineIndex, shapes: npt.NDArray[np.object_], rows: _Ints, reach_m: Floats) -> Closest:
    outlines, alone, owner = _outlines(shapes, rows)
    parts = [_crossings(index, shapes)]
    if alone.size:
        parts.append(_from_points(index, alone, owner, float(reach_m[owner].max())))
    if outlines.pieces.group.size:
        parts.append(closest_places(index, outlines, reach_m))
    return least(parts)


def _crossings(index: LineIndex, shapes: npt.NDArray[np.object_]) -> Closest:
    # Lines and outlines are straight in one plane, that of degrees: there the question is exact.
    import shapely

    site, piece = index.planar.query(shapes, predicate="intersects")
    key = site * index.n_groups + index.pieces.group[piece].astype(np.int64)
    order = np.lexsort((piece, key))
    first = order[np.flatnonzero(np.diff(key[order], prepend=-1))]
    lines = index.planar.geometries[piece[first]]
    shared = shapely.intersection(lines, shapes[site[first]])
    place, at = shapely.get_coordinates(shared, return_index=True)
    places = place[np.searchsorted(at, np.arange(first.size))]
    return Closest(key[first], np.zeros(first.size), places, places)


def _outlines(shapes: npt.NDArray[np.object_], rows: _Ints) -> tuple[LineIndex, Floats, _Ints]:
    # Kept until other sites are asked about: the same ones are measured to one set of lines after another.
    return _edges(tuple(shapes.tolist()), tuple(rows.tolist()))


@lru_cache(maxsize=1)
def _edges(sites: tuple[Any, ...], rows: tuple[int, ...]) -> tuple[LineIndex, Floats, _Ints]:
    # The edges of all sites as lines, a group a site, and the sites that are single points.
    import shapely

    shapes = np.empty(len(sites), object)
    shapes[:] = sites

    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = shapely.get_dimensions(parts) == 2
    rings, of_area = shapely.get_rings(parts[area], return_index=True)
    chains = np.concatenate([rings, parts[~area]])
    owner = np.concatenate([owner[area][of_area], owner[~area]])
    places, chain = shapely.get_coordinates(chains, return_index=True)
    bad = np.flatnonzero(~((np.abs(places[:, 0]) <= 180.0) & (np.abs(places[:, 1]) <= 90.0)))
    if bad.size:
        lon, lat = places[bad[0]].tolist()
        raise InputError("position_unusable", index=rows[int(owner[chain[bad[0]]])], lon=lon, lat=lat)
    edge = np.flatnonzero(np.diff(chain) == 0)
    ends = np.column_stack([places[edge], places[edge + 1]])
    group = owner[chain[edge]]
    index = build_lines(
        ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3], group, n_groups=len(shapes), piece_m=SITE_PIECE_M
    )
    alone = np.isin(owner[chain], index.pieces.group, invert=True)
    single = np.flatnonzero(alone | (shapely.get_dimensions(chains) == 0)[chain])
    return index, places[single], owner[chain[single]]


def _from_points(index: LineIndex, places: Floats, owner: _Ints, reach_m: float) -> Closest:
    hits = lines_within(index, places[:, 0], places[:, 1], reach_m=reach_m)
    key = owner[hits.subject] * index.n_groups + hits.group.astype(np.int64)
    foot = np.column_stack([hits.foot_lon, hits.foot_lat])
    return Closest(key, hits.distance_m, places[hits.subject], foot)
