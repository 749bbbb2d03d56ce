"""The ways to find all anchors within a radius and the nearest one that ``heating.py`` puts side by side.

Exact: ours, scipy's tree with ``pyproj.Geod`` on every pair, DuckDB's ``ST_Distance_Spheroid``, PostGIS.
Inexact, as often met: Web Mercator, China Albers, the UTM zone of each point, the sphere.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer
from scipy.spatial import cKDTree

from geoaq import geodesy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
GEOD = Geod(ellps="WGS84")
SPHERE_M = 6_371_008.8
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84"
POSTGIS_VARIABLE = "GEOAQ_BENCH_POSTGIS"


class Task(NamedTuple):
    """Subjects, anchors (degrees) and the radius."""

    lon: Floats
    lat: Floats
    anchor_lon: Floats
    anchor_lat: Floats
    radius_m: float


class Answer(NamedTuple):
    """Pairs within the radius; the nearest anchor and its distance, or None where the way has none."""

    subject: Ints
    anchor: Ints
    distance_m: Floats | None
    nearest: Ints | None = None
    nearest_m: Floats | None = None

    def keys(self, anchors: int) -> Ints:
        """Return the pairs as sorted numbers."""
        return np.sort(self.subject.astype(np.int64) * anchors + self.anchor)


# --- exact


def ours(task: Task) -> Answer:
    points = task[:4]
    pairs = geodesy.pairs_within(*points, radius_m=task.radius_m)
    return Answer(*pairs, *geodesy.nearest(*points))


def _earth_centred(lon: Floats, lat: Floats) -> Floats:
    x, y = np.radians(lon), np.radians(lat)
    e2 = GEOD.f * (2 - GEOD.f)
    normal = GEOD.a / np.sqrt(1 - e2 * np.sin(y) ** 2)
    return np.column_stack(
        [normal * np.cos(y) * np.cos(x), normal * np.cos(y) * np.sin(x), normal * (1 - e2) * np.sin(y)]
    )


def tree_and_geod(task: Task) -> Answer:
    """Ask scipy's cKDTree by chord, pyproj.Geod for every pair: the good exact recipe.

    The pairs are asked from the anchors' side against a tree of the subjects, which is quicker than the
    other way round (2,000 lists instead of a million); a chord is never longer than the geodesic.
    """
    x, y, u, v, radius_m = task
    subjects, anchors = _earth_centred(x, y), _earth_centred(u, v)
    lists = cKDTree(subjects, balanced_tree=False, compact_nodes=False).query_ball_point(anchors, radius_m)
    anchor = np.repeat(np.arange(u.size), [len(found) for found in lists])
    subject = np.concatenate([np.asarray(found, np.int64) for found in lists])
    distance = np.asarray(GEOD.inv(x[subject], y[subject], u[anchor], v[anchor])[2])
    inside = distance <= radius_m
    subject, anchor, distance = subject[inside], anchor[inside], distance[inside]
    order = np.lexsort((distance, subject))

    chords, places = cKDTree(anchors).query(subjects, k=2)
    near = np.asarray(places[:, 0], np.int64)
    near_m = np.asarray(GEOD.inv(x, y, u[near], v[near])[2])
    # Where the second is hardly farther, Geod decides (the order of chords may differ by 2 % of c³/24R²).
    open_choice = np.flatnonzero(chords[:, 1] - chords[:, 0] <= 3e-17 * chords[:, 0] ** 3 + 1e-3)
    second = places[open_choice, 1]
    second_m = np.asarray(GEOD.inv(x[open_choice], y[open_choice], u[second], v[second])[2])
    better = second_m < near_m[open_choice]
    near[open_choice[better]] = second[better]
    near_m[open_choice[better]] = second_m[better]
    return Answer(subject[order], anchor[order], distance[order], near, near_m)


DUCKDB_QUERY = """
    with cells as (
        select a, u, v, dx, dy, cx, cy
        from (select *, unnest(generate_series(floor((u - dx) * 2)::int, floor((u + dx) * 2)::int)) as cx
              from anchors),
             lateral (select unnest(generate_series(floor((v - dy) * 2)::int,
                                                    floor((v + dy) * 2)::int)) as cy))
    select s, a, d from (
        select s, a, ST_Distance_Spheroid(ST_Point2D(y, x)::POINT_2D, ST_Point2D(v, u)::POINT_2D) as d
        from (select *, floor(x * 2)::int as cx, floor(y * 2)::int as cy from subjects)
        join cells using (cx, cy)
        where y between v - dy and v + dy and x between u - dx and u + dx)
    where d <= ?
"""


def duckdb_spheroid(task: Task) -> Answer:
    """Join by cells of half a degree and a bounding box, then ``ST_Distance_Spheroid``; pairs only.

    The cells make it an equality join: ten times quicker here than the box alone.
    """
    import pyarrow as pa

    x, y, u, v, radius_m = task
    # A degree of latitude has at least 110,574 m; of longitude, this times the cosine (WGS 84).
    high = np.radians(np.minimum(np.abs(v) + radius_m / 110_574, 89.9))
    box = {"dx": radius_m / (110_574 * np.cos(high)), "dy": np.full(u.size, radius_m / 110_574)}
    with duckdb_connection() as connection:
        connection.register("subjects", pa.table({"s": np.arange(x.size), "x": x, "y": y}))
        connection.register("anchors", pa.table({"a": np.arange(u.size), "u": u, "v": v} | box))
        table = connection.execute(DUCKDB_QUERY, [radius_m]).fetchnumpy()
    return Answer(*(np.asarray(table[name]) for name in ("s", "a", "d")))


@contextmanager
def duckdb_connection() -> Iterator[Any]:
    """Open DuckDB with its spatial extension from the wheel (no network), or say why it cannot."""
    import duckdb
    import duckdb_extension_spatial as wheel

    pattern = f"extensions/v{duckdb.__version__}/*.duckdb_extension"
    found = list(Path(wheel.__file__).parent.glob(pattern))
    if not found:
        raise ImportError(f"the spatial extension's wheel has none for DuckDB {duckdb.__version__}")
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.load_extension(str(found[0]))
        yield connection


def postgis_geography(task: Task) -> Answer:
    """``ST_DWithin`` on geography, after the load; pairs only (its nearest is measured not to be exact)."""
    import psycopg

    if POSTGIS_VARIABLE not in os.environ:
        raise ImportError(f"no server named in {POSTGIS_VARIABLE}")
    with psycopg.connect(os.environ[POSTGIS_VARIABLE]) as connection, connection.cursor() as cursor:
        for name, lon, lat in (("s", task.lon, task.lat), ("a", task.anchor_lon, task.anchor_lat)):
            cursor.execute(f"create temp table {name} (i int, x float8, y float8, g geography)")
            lines = io.StringIO()
            np.savetxt(lines, np.column_stack([np.arange(lon.size), lon, lat]), "%d\t%.17g\t%.17g")
            with cursor.copy(f"copy {name} (i, x, y) from stdin") as copy:
                copy.write(lines.getvalue())
            cursor.execute(f"update {name} set g = ST_MakePoint(x, y)::geography")
        cursor.execute("create index on s using gist (g); analyze s; analyze a")
        cursor.execute(
            "select s.i, a.i, ST_Distance(s.g, a.g) as d from a join s on ST_DWithin(s.g, a.g, %s)"
            " order by 1, 3",
            [task.radius_m],
        )
        rows = np.array(cursor.fetchall(), np.float64).reshape(-1, 3)
    return Answer(rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2])


# --- inexact: what the same question gives on a plane or a sphere


def _plane(task: Task, crs: str) -> Answer:
    transform = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    subjects = np.column_stack(transform(task.lon, task.lat))
    anchors = np.column_stack(transform(task.anchor_lon, task.anchor_lat))
    return _by_tree(subjects, anchors, task.radius_m)


def _by_tree(subjects: Floats, anchors: Floats, radius: float) -> Answer:
    lists = cKDTree(subjects).query_ball_point(anchors, radius)
    anchor = np.repeat(np.arange(len(anchors)), [len(found) for found in lists])
    subject = np.concatenate([np.asarray(found, np.int64) for found in lists])
    return Answer(subject, anchor, None, np.asarray(cKDTree(anchors).query(subjects)[1], np.int64))


def web_mercator(task: Task) -> Answer:
    return _plane(task, "EPSG:3857")


def china_albers(task: Task) -> Answer:
    return _plane(task, ALBERS)


def utm_own_zone(task: Task) -> Answer:
    zones = np.floor(task.lon / 6).astype(int) + 31
    parts, nearest = [], np.full(task.lon.size, -1, np.int64)
    for zone in np.unique(zones).tolist():
        rows = np.flatnonzero(zones == zone)
        part = _plane(task._replace(lon=task.lon[rows], lat=task.lat[rows]), f"EPSG:{32600 + zone}")
        parts.append((rows[part.subject], part.anchor))
        nearest[rows] = part.nearest
    return Answer(*(np.concatenate(column) for column in zip(*parts, strict=True)), None, nearest)


def sphere(task: Task) -> Answer:
    def on_sphere(lon: Floats, lat: Floats) -> Floats:
        x, y = np.radians(lon), np.radians(lat)
        return SPHERE_M * np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])

    chord = 2 * SPHERE_M * np.sin(task.radius_m / (2 * SPHERE_M))
    return _by_tree(on_sphere(task.lon, task.lat), on_sphere(task.anchor_lon, task.anchor_lat), float(chord))


EXACT = {
    "ours": ours,
    "cKDTree + Geod": tree_and_geod,
    "DuckDB spheroid": duckdb_spheroid,
    "PostGIS": postgis_geography,
}
INEXACT = {
    "EPSG:3857": web_mercator,
    "China Albers": china_albers,
    "UTM, own zone": utm_own_zone,
    "sphere": sphere,
}
