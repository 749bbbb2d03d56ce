"""Exact distance to lines: for points, the nearest point of every line within reach, and the nearest at all.

A line is a set of edges straight in longitude and latitude, the edges of one group of a `LineIndex`. Short
lists of points go through a tree (`geoaq.geodesy.line_trees`), long ones through compiled cell lists
(`geoaq.geodesy.line_loops`); why both miss nothing stands in `geoaq.geodesy.line_pieces`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import (
    FORMULA_LIMIT_M,
    GUARD_M,
    Floats,
    Places,
    columns,
    earth_centred,
    geodesic_m,
    require_positions,
)
from geoaq.geodesy.line_cells import CELLS_REACH_M, Nearest
from geoaq.geodesy.line_far import azimuth
from geoaq.geodesy.line_index import LineIndex
from geoaq.geodesy.line_pieces import Groups, bearing, place_on
from geoaq.geodesy.line_trees import tree_lines, tree_nearest_line

# From this many points on the compiled cell lists are quicker than a tree, if they reach far enough.
COMPILED_FROM = 2_000


class LineHits(NamedTuple):
    """Nearest points of lines, by subject, then by distance, then by group.

    Attributes
    ----------
    subject
        int32, position in the arrays given.
    group
        int16, the line.
    distance_m
        float64, the geodesic to the foot, metres.
    foot_lon, foot_lat
        float64, degrees: the nearest point of the line.
    bearing_deg
        float64, from the subject to the foot, degrees clockwise from north, 0 ≤ bearing < 360; 0 for a
        subject on the line.
    """

    subject: Places
    group: Groups
    distance_m: Floats
    foot_lon: Floats
    foot_lat: Floats
    bearing_deg: Floats


def lines_within(index: LineIndex, lon: npt.ArrayLike, lat: npt.ArrayLike, *, reach_m: float) -> LineHits:
    """Return for every subject and every line within reach the nearest point of that line.

    Parameters
    ----------
    index
        The lines (`geoaq.geodesy.build_lines`).
    lon, lat
        Subjects, shape (n,), degrees, WGS 84, anywhere on the Earth.
    reach_m
        Metres; a line at exactly this distance is in.

    Returns
    -------
    LineHits
        Distances equal the least geodesic of ``pyproj.Geod`` within 1e-8 m up to 100 km (proved: 0.33 mm at
        25 km), 1e-5 m beyond. Within 20 nm of the reach ``Geod`` itself decides.

    Raises
    ------
    InputError
        ``position_unusable`` with the index of the first point that is not finite or out of range.
    """
    if not reach_m >= 0.0:
        raise ValueError(f"reach_m must not be negative: {reach_m}")
    x, y = columns(lon, lat)
    require_positions(x, y)
    if x.size >= COMPILED_FROM and index.pieces.group.size and reach_m <= CELLS_REACH_M:
        from geoaq.geodesy.line_loops import compiled_lines

        found = compiled_lines(index, x, y, reach_m + GUARD_M)
    else:
        found = tree_lines(index, x, y, reach_m + GUARD_M)
    hits = _told(index, found, x, y)
    doubtful = np.flatnonzero(np.abs(hits.distance_m - reach_m) <= GUARD_M)
    if doubtful.size == 0:
        return hits
    row = hits.subject[doubtful]
    hits.distance_m[doubtful] = geodesic_m(x[row], y[row], hits.foot_lon[doubtful], hits.foot_lat[doubtful])
    return chosen(hits, hits.distance_m <= reach_m)


def nearest_of_groups(
    index: LineIndex,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    wanted: npt.ArrayLike | None = None,
    of_class: npt.ArrayLike | None = None,
) -> LineHits:
    """Return for each subject the nearest line among those that it may take, at any distance.

    Parameters
    ----------
    index
        The lines.
    lon, lat
        Subjects, shape (n,), degrees, WGS 84.
    wanted
        Shape (n_classes, n_groups), bool: the lines that each class of subjects may take (a class is a
        province, say, and its lines are its own borders). By default every line, for everyone.
    of_class
        Shape (n,), int: the class of each subject, -1 for none; by default all are of class 0.

    Returns
    -------
    LineHits
        One row a subject at most; none for a subject without a class or whose class has no line. Distances as
        in `lines_within`.

    Raises
    ------
    InputError
        ``position_unusable`` with the index of the first point that is not finite or out of range.
    """
    x, y = columns(lon, lat)
    require_positions(x, y)
    table = np.ones((1, index.n_groups), np.bool_) if wanted is None else np.asarray(wanted, np.bool_)
    if table.ndim != 2 or table.shape[1] != index.n_groups:
        raise ValueError(f"wanted must be of shape (n_classes, {index.n_groups}): {table.shape}")
    classes = np.zeros(x.size, np.int64) if of_class is None else np.asarray(of_class, np.int64)
    parts = []
    for one in np.unique(classes[classes >= 0]).tolist():
        rows = np.flatnonzero(classes == one)
        found = tree_nearest_line(index, x[rows], y[rows], table[one])
        parts.append(found._replace(subject=rows[found.subject].astype(np.int32)))
    nothing = Nearest(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0))
    found = Nearest(*(np.concatenate(values) for values in zip(nothing, *parts, strict=True)))
    return _told(index, found, x, y)


def chosen(hits: LineHits, rows: npt.NDArray[Any]) -> LineHits:
    """Return some of the hits: a mask, or positions."""
    return LineHits(**{name: values[rows] for name, values in hits._asdict().items()})


def _told(index: LineIndex, found: Nearest, x: Floats, y: Floats) -> LineHits:
    # The foot in degrees, the bearing, and the order that is promised.
    group = index.pieces.group[found.piece]
    order = np.lexsort((group, found.distance_m, found.subject))
    subject, distance = found.subject[order], found.distance_m[order]
    piece = found.piece[order].astype(np.int64)
    foot_lon, foot_lat = place_on(index.pieces, piece, found.share[order])
    lon, lat = x[subject], y[subject]
    where, foot = earth_centred(lon, lat), earth_centred(foot_lon, foot_lat)
    toward = bearing(lon, lat, where, foot)
    far = np.flatnonzero(distance > FORMULA_LIMIT_M)
    toward[far] = azimuth(lon[far], lat[far], foot_lon[far], foot_lat[far])
    return LineHits(subject, group[order], distance, foot_lon, foot_lat, toward)
