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
    from_lon: Floats
    from_lat: Floats

    def rows(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.integer[Any]]) -> LineHits:
        """Return some of the hits: a mask, or positions."""
        return LineHits(**{name: values[chosen] for name, values in self._asdict().items()})


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
    return settled(hits, reach_m)


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
    table, classes = classes_of(index, x.size, wanted, of_class)
    parts = []
    for one in np.unique(classes[classes >= 0]).tolist():
        rows = np.flatnonzero(classes == one)
        found = tree_nearest_line(index, x[rows], y[rows], table[one])
        parts.append(found._replace(subject=rows[found.subject].astype(np.int32)))
    nothing = Nearest(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0))
    found = Nearest(*(np.concatenate(values) for values in zip(nothing, *parts, strict=True)))
    return _told(index, found, x, y)


def classes_of(
    index: LineIndex, subjects: int, wanted: npt.ArrayLike | None, of_class: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return the lines that each class may take, and the class of each subject, with all by default."""
    table = np.ones((1, index.n_groups), np.bool_) if wanted is None else np.asarray(wanted, np.bool_)
    if table.ndim != 2 or table.shape[1] != index.n_groups:
        raise ValueError(f"wanted must be of shape (n_classes, {index.n_groups}): {table.shape}")
    classes = np.zeros(subjects, np.int64) if of_class is None else np.asarray(of_class, np.int64)
    if classes.shape != (subjects,) or classes.max(initial=-1) >= len(table):
        raise ValueError(f"of_class must name one of {len(table)} classes for each of {subjects} subjects")
    return table, classes


def settled(hits: LineHits, reach_m: float) -> LineHits:
    """Return the hits within reach; those within the guard of it are put to ``Geod``."""
    doubtful = np.flatnonzero(np.abs(hits.distance_m - reach_m) <= GUARD_M)
    start, foot = (hits.from_lon, hits.from_lat), (hits.foot_lon, hits.foot_lat)
    hits.distance_m[doubtful] = geodesic_m(*(part[doubtful] for part in (*start, *foot)))
    inside = hits.distance_m <= reach_m
    return hits if inside.all() else hits.rows(inside)


def _told(index: LineIndex, found: Nearest, x: Floats, y: Floats) -> LineHits:
    piece = found.piece.astype(np.int64)
    foot = place_on(index.pieces, piece, found.share)
    group = index.pieces.group[piece]
    return told(found.subject, group, found.distance_m, foot, (x[found.subject], y[found.subject]))


def told(
    subject: Places,
    group: Groups,
    distance: Floats,
    foot: tuple[Floats, Floats],
    start: tuple[Floats, Floats],
) -> LineHits:
    """Return hits in the order that is promised, with their bearings; feet and starts in degrees."""
    order = np.lexsort((group, distance, subject))
    distance = distance[order]
    (foot_lon, foot_lat), (lon, lat) = ((x[order], y[order]) for x, y in (foot, start))
    toward = bearing(lon, lat, earth_centred(lon, lat), earth_centred(foot_lon, foot_lat))
    far = np.flatnonzero(distance > FORMULA_LIMIT_M)
    toward[far] = azimuth(lon[far], lat[far], foot_lon[far], foot_lat[far])
    return LineHits(subject[order], group[order], distance, foot_lon, foot_lat, toward, lon, lat)
