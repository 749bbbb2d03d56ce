"""The ways to find the province lines within a distance that ``border.py`` puts side by side.

Exact: ours, and the recipe (an azimuthal equidistant projection for each point, and shapely in it). Inexact:
sedonadb (sphere), PostGIS geography (its lines are geodesics), and planes: Web Mercator, China Albers, UTM.
"""

from __future__ import annotations

import io
import os
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from heating_ways import ALBERS, GEOD, POSTGIS_VARIABLE
from pyproj import Proj, Transformer

from geoaq import geodesy
from geoaq.geodesy import LineIndex

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


class Task(NamedTuple):
    """Points (degrees), the lines, and the reach in metres; lines are cut to 2 km at most for every way."""

    lon: Floats
    lat: Floats
    index: LineIndex
    reach_m: float

    def some(self, count: int) -> Task:
        return self._replace(lon=self.lon[:count], lat=self.lat[:count])


class Answer(NamedTuple):
    """Pairs of a point and a line within reach, sorted, and their metres."""

    subject: Ints
    group: Ints
    distance_m: Floats

    @classmethod
    def of(cls, subject: Any, group: Any, distance_m: Any) -> Answer:
        order = np.lexsort((np.asarray(group), np.asarray(subject)))
        columns = (
            np.asarray(subject, np.int64),
            np.asarray(group, np.int64),
            np.asarray(distance_m, np.float64),
        )
        return cls(*(column[order] for column in columns))

    def keys(self) -> Ints:
        return self.subject * 1000 + self.group


class Ours:
    """Points through `geoaq.geodesy.lines_within`: foot and bearing of every pair included."""

    name = "ours"

    def __call__(self, task: Task) -> Answer:
        hits = geodesy.lines_within(task.index, task.lon, task.lat, reach_m=task.reach_m)
        return Answer.of(hits.subject, hits.group, hits.distance_m)


class OwnProjection:
    """The exact recipe: boxes by STRtree, then for each point near a line its own projection and shapely."""

    name = "own AEQD + shapely"

    def __init__(self, index: LineIndex) -> None:
        self.ends, self.group = index.pieces.ends, index.pieces.group
        self.tree = shapely.STRtree(shapely.linestrings(self.ends.reshape(-1, 2, 2)))
        self.origin = shapely.Point(0.0, 0.0)

    def __call__(self, task: Task) -> Answer:
        high = task.reach_m / 110_574.0
        wide = high / np.cos(np.radians(np.minimum(np.abs(task.lat) + high, 89.0)))
        boxes = shapely.box(task.lon - wide, task.lat - high, task.lon + wide, task.lat + high)
        point, piece = self.tree.query(boxes)
        order = np.argsort(point, kind="stable")
        point, piece = point[order], piece[order]
        starts = np.flatnonzero(np.diff(point, prepend=-1))
        found: list[tuple[int, int, float]] = []
        for begin, end in zip(starts, [*starts[1:], point.size], strict=True):
            i, near = int(point[begin]), piece[begin:end]
            plane = Proj(proj="aeqd", lon_0=task.lon[i], lat_0=task.lat[i], ellps="WGS84")
            x, y = plane(self.ends[near][:, [0, 2]], self.ends[near][:, [1, 3]])
            metres = shapely.distance(self.origin, shapely.linestrings(np.stack([x, y], -1)))
            least = np.full(task.index.n_groups, np.inf)
            np.minimum.at(least, self.group[near], metres)
            found += [(i, int(g), least[g]) for g in np.flatnonzero(least <= task.reach_m)]
        return Answer.of(*zip(*found, strict=True))


class Sedona:
    """``ST_DWithin`` and ``ST_Distance`` on geography; lines in bundles (quicker than in whole)."""

    name = "sedonadb geography"

    def __init__(self, index: LineIndex) -> None:
        import pyarrow as pa
        import sedonadb

        self.connection = sedonadb.connect()
        bundle = np.repeat(np.arange(index.bundles.group.size), np.diff(index.bundles.first))
        lines = shapely.linestrings(index.pieces.ends.reshape(-1, 2, 2))
        merged = shapely.to_wkb(shapely.line_merge(shapely.multilinestrings(lines, indices=bundle)))
        table = pa.table({"g": index.bundles.group, "w": pa.array(merged.tolist(), pa.binary())})
        self._view("lines", "select g, ST_GeogFromWKB(w) as l from raw", table)

    def __call__(self, task: Task) -> Answer:
        import pyarrow as pa

        table = pa.table({"i": np.arange(task.lon.size), "x": task.lon, "y": task.lat})
        self._view("points", "select i, ST_GeogPoint(x, y) as p from raw", table)
        found = self.connection.sql(
            "select i, g, min(ST_Distance(p, l)) as d from points join lines"
            f" on ST_DWithin(p, l, {task.reach_m}) group by i, g"
        ).to_pandas()
        return Answer.of(found["i"], found["g"], found["d"])

    def _view(self, name: str, query: str, table: Any) -> None:
        self.connection.create_data_frame(table).to_view("raw", overwrite=True)
        self.connection.sql(query).to_memtable().to_view(name, overwrite=True)


class PostGis:
    """``ST_DWithin`` and ``ST_Distance`` on geography, after the load of the lines."""

    name = "PostGIS geography"

    def __init__(self, index: LineIndex) -> None:
        import psycopg

        if POSTGIS_VARIABLE not in os.environ:
            raise ImportError(f"no server named in {POSTGIS_VARIABLE}")
        self.connection = psycopg.connect(os.environ[POSTGIS_VARIABLE])
        self._table("l", "g int, a float8, b float8, c float8, d float8", np.column_stack(
            [index.pieces.group, index.pieces.ends]), "ST_MakeLine(ST_MakePoint(a, b), ST_MakePoint(c, d))"
        )  # fmt: skip

    def __call__(self, task: Task) -> Answer:
        rows = np.column_stack([np.arange(task.lon.size), task.lon, task.lat])
        self._table("p", "i int, x float8, y float8", rows, "ST_MakePoint(x, y)")
        found = self.connection.execute(
            "select p.i, l.g, min(ST_Distance(p.geog, l.geog)) from p join l"
            " on ST_DWithin(p.geog, l.geog, %s) group by 1, 2",
            [task.reach_m],
        ).fetchall()
        return Answer.of(*zip(*found, strict=True))

    def _table(self, name: str, columns: str, rows: Floats, shape: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"drop table if exists {name}; create temp table {name} ({columns}, geog geography)"
            )
            names = ", ".join(column.split()[0] for column in columns.split(", "))
            lines = io.StringIO()
            np.savetxt(lines, rows, ["%d"] + ["%.17g"] * (rows.shape[1] - 1), delimiter="\t")
            with cursor.copy(f"copy {name} ({names}) from stdin") as copy:
                copy.write(lines.getvalue())
            cursor.execute(f"update {name} set geog = ({shape})::geography")
            cursor.execute(f"create index on {name} using gist (geog); analyze {name}")


def on_plane(task: Task, answer: Answer, crs: str) -> Floats:
    """Return the distances of the pairs of an answer as they are measured on a plane, metres."""
    transform = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    ends, metres = task.index.pieces.ends, np.empty(answer.subject.size)
    for group in np.unique(answer.group):
        rows = np.flatnonzero(answer.group == group)
        some = ends[task.index.pieces.group == group]
        x, y = transform(some[:, [0, 2]], some[:, [1, 3]])
        line = shapely.multilinestrings(shapely.linestrings(np.stack([x, y], -1)))
        shapely.prepare(line)
        point = answer.subject[rows]
        metres[rows] = shapely.distance(line, shapely.points(*transform(task.lon[point], task.lat[point])))
    return metres


def in_own_zone(task: Task, answer: Answer) -> Floats:
    """Return the distances of the pairs in the UTM zone of each point, metres."""
    zone = np.floor(task.lon[answer.subject] / 6).astype(int) + 31
    metres = np.empty(answer.subject.size)
    for one in np.unique(zone).tolist():
        rows = zone == one
        metres[rows] = on_plane(task, Answer(*(column[rows] for column in answer)), f"EPSG:{32600 + one}")
    return metres


PLANES = {
    "EPSG:3857": lambda task, answer: on_plane(task, answer, "EPSG:3857"),
    "China Albers": lambda task, answer: on_plane(task, answer, ALBERS),
    "UTM, own zone": in_own_zone,
}


def by_geod(lon: float, lat: float, edges: Floats) -> float:
    """Return the least geodesic to edges straight in degrees: ``Geod``, sampled, then golden section."""
    share = np.linspace(0.0, 1.0, 5)
    sampled = np.stack([_along(lon, lat, edges, np.full(len(edges), s)) for s in share])
    near = np.flatnonzero(sampled.min(0) - np.asarray(GEOD.inv(*edges.T)[2]) <= sampled.min())
    best = sampled[:, near].argmin(0)
    low, high = share[np.maximum(best - 1, 0)], share[np.minimum(best + 1, 4)]
    for _ in range(40):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        nearer = _along(lon, lat, edges[near], left) < _along(lon, lat, edges[near], right)
        low, high = np.where(nearer, low, left), np.where(nearer, right, high)
    return float(min(_along(lon, lat, edges[near], 0.5 * (low + high)).min(), sampled.min()))


def _along(lon: float, lat: float, edges: Floats, share: Floats) -> Floats:
    place = (1.0 - share)[:, None] * edges[:, :2] + share[:, None] * edges[:, 2:]
    start = np.full(len(edges), lon), np.full(len(edges), lat)
    return np.asarray(GEOD.inv(*start, place[:, 0], place[:, 1])[2])
