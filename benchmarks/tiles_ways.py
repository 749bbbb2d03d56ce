"""Three ways to a filtered tile of many points: ours, DuckDB's ``ST_AsMVT``, PostGIS's ``ST_AsMVT``.

All three hold the same points in the same plane (world units of Web Mercator, y up), answer with points up to
a limit and with 64 × 64 cells beyond it, and do not pack what they answer.
"""

from __future__ import annotations

import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from heating_ways import POSTGIS_VARIABLE, duckdb_connection

from geoaq.tiles.filters import Filters
from geoaq.tiles.live import encoded
from geoaq.tiles.mercator import Address, keys_of, world_units
from geoaq.tiles.points import POINTS_MAX, PointSource
from geoaq.tiles.writing import append, create

CLASSES = ("straw", "unclear", "static")
SATELLITES = ("N20", "N21", "SNPP", "MODIS")
WORLD = 2**32


class Task(NamedTuple):
    """A span of time in seconds since 1970, or none, and the codes that are asked for."""

    name: str
    since: int | None = None
    until: int | None = None
    classes: tuple[int, ...] = ()
    satellites: tuple[int, ...] = ()


class Own:
    """Columns in space and in time order."""

    name = "geoaq"

    def __init__(self, folder: Path, points: pd.DataFrame) -> None:
        create(folder, {"class": CLASSES, "satellite": SATELLITES}, strongest="class")
        words = {"class": np.array(CLASSES, object)[points["class"]]}
        words["satellite"] = np.array(SATELLITES, object)[points["satellite"]]
        append(folder, points.assign(**words, time=pd.to_datetime(points["time"], unit="s", utc=True)))
        self.folder = folder
        self.source = PointSource(folder)

    def tile(self, tile: Address, task: Task) -> bytes:
        words = {
            "class": tuple(CLASSES[code] for code in task.classes),
            "satellite": tuple(SATELLITES[code] for code in task.satellites),
        }
        asked = tuple((name, chosen) for name, chosen in words.items() if chosen)
        return encoded(self.source, tile, Filters(task.since, task.until, asked))


def planar(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points with world units x and y (up) in place of degrees, in space order."""
    keys = keys_of(points["lon"].to_numpy(), points["lat"].to_numpy())
    x, y = world_units(keys)
    frame = points[["id", "time", "class", "satellite"]].assign(x=x.astype(float), y=WORLD - 1.0 - y)
    return frame.iloc[np.argsort(keys, kind="stable")].reset_index(drop=True)


def bounds(tile: Address) -> tuple[float, float, float, float]:
    """Return the tile's box in world units, y up."""
    side = WORLD >> tile.z
    west, south = tile.x * side, WORLD - (tile.y + 1) * side
    return west, south, west + side, south + side


def where(task: Task) -> str:
    """Return the conditions but the place, in SQL."""
    parts = []
    if task.since is not None:
        parts.append(f'"time" >= {task.since} and "time" < {task.until}')
    for name, codes in (("class", task.classes), ("satellite", task.satellites)):
        if codes:
            parts.append(f'"{name}" in ({",".join(map(str, codes))})')
    return " and ".join(parts) or "true"


class DuckDb:
    """A table in space order, so that whole row groups are passed over; counted first, then drawn."""

    name = "DuckDB ST_AsMVT"
    inside = "x >= {west} and x < {east} and y >= {south} and y < {north}"
    geometry = (
        "ST_AsMVTGeom(ST_Point({x}, {y}),"
        " ST_Extent(ST_MakeEnvelope({west}, {south}, {east}, {north})), 4096, 0, false)"
    )
    aggregate = "select ST_AsMVT(r, '{layer}', 4096, 'g'{id}) from ({rows}) as r"

    def __init__(self, points: pd.DataFrame) -> None:
        self._open = ExitStack()
        self.connection = self._open.enter_context(duckdb_connection())
        frame = planar(points)  # noqa: F841 - DuckDB reads it by its name
        self.connection.execute(
            'create table points as select id::integer as id, "time"::integer as "time",'
            ' "class"::integer as "class", satellite::integer as satellite, x, y from frame'
        )

    def one(self, query: str) -> Any:
        return self.connection.execute(query).fetchone()[0]

    def tile(self, tile: Address, task: Task) -> bytes:
        west, south, east, north = bounds(tile)
        box = {"west": west, "south": south, "east": east, "north": north, "cell": (WORLD >> tile.z) // 64}
        chosen = f"from points where {self.inside.format(**box)} and {where(task)}"
        if self.one(f"select count(*) {chosen}") <= POINTS_MAX:
            point = self.geometry.format(**box, x="x", y="y")
            rows = f'select {point} as g, id, "class", satellite, "time" {chosen}'
            return bytes(self.one(self.aggregate.format(rows=rows, layer="points", id=", 'id'")) or b"")
        cells = (
            f"select floor((x - {west}) / {box['cell']}) as cx,"
            f" floor(({north} - 1 - y) / {box['cell']}) as cy,"
            f' count(*) as count, min("class") as "class" {chosen} group by 1, 2'
        )
        x, y = f"{west} + (cx + 0.5) * {box['cell']}", f"{north} - (cy + 0.5) * {box['cell']}"
        point = self.geometry.format(**box, x=f"({x})", y=f"({y})")
        rows = f'select {point} as g, count, "class" from ({cells}) as cells'
        return bytes(self.one(self.aggregate.format(rows=rows, layer="cells", id="")) or b"")


class PostGis:
    """A table with GiST indexes of the place, and of place and time, and a B-tree of the time, vacuumed.

    Each tile is one prepared statement that looks for its points once; planned for its own values, which is
    several times as fast here as a plan for all. A table that an earlier run has filled is used again.
    """

    name = "PostGIS ST_AsMVT"
    _inside = "g && ST_MakeEnvelope(%s, %s, %s, %s) and x >= %s and x < %s and y >= %s and y < %s"
    _statement = """
        with chosen as materialized (select id, "time", "class", satellite, x, y from {table} where {where}),
        box as (select ST_MakeEnvelope(%s, %s, %s, %s) as b)
        select case when (select count(*) from chosen) <= {most} then (
            select ST_AsMVT(r, 'points', 4096, 'g', 'id') from (
                select ST_AsMVTGeom(ST_MakePoint(x, y), (select b from box), 4096, 0, false) as g,
                    id, "class", satellite, "time" from chosen) as r
        ) else (
            select ST_AsMVT(r, 'cells', 4096, 'g') from (
                select ST_AsMVTGeom(ST_MakePoint(%s + (cx + 0.5) * %s, %s - (cy + 0.5) * %s),
                    (select b from box), 4096, 0, false) as g, count, "class"
                from (select floor((x - %s) / %s) as cx, floor((%s - 1 - y) / %s) as cy,
                    count(*) as count, min("class") as "class" from chosen group by 1, 2) as cells) as r
        ) end"""

    def __init__(self, points: pd.DataFrame) -> None:
        import psycopg

        if POSTGIS_VARIABLE not in os.environ:
            raise ImportError(f"no server named in {POSTGIS_VARIABLE}")
        self.connection = psycopg.connect(os.environ[POSTGIS_VARIABLE], autocommit=True)
        run = self.connection.execute
        run("set jit = off")
        run("set max_parallel_workers_per_gather = 0")
        run("set plan_cache_mode = force_custom_plan")
        run("create extension if not exists btree_gist")
        self._table = f"bench_tiles_{len(points)}"
        found = run("select obj_description(to_regclass(%s))", [self._table]).fetchone()
        if found is None or found[0] != "complete":
            self._fill(points)

    def _fill(self, points: pd.DataFrame) -> None:
        run, table = self.connection.execute, self._table
        run(f"drop table if exists {table}")
        run(
            f'create unlogged table {table} (id integer, "time" integer, "class" smallint,'
            " satellite smallint, x float8, y float8,"
            " g geometry generated always as (ST_MakePoint(x, y)) stored)"
        )
        frame = planar(points)
        copied = f'copy {table} (id, "time", "class", satellite, x, y) from stdin with (format csv)'
        with self.connection.cursor() as cursor, cursor.copy(copied) as copy:
            for start in range(0, len(frame), 100_000):
                text = io.StringIO()
                frame.iloc[start : start + 100_000].to_csv(text, header=False, index=False)
                copy.write(text.getvalue())
        run(f"create index on {table} using gist (g)")
        run(f'create index on {table} using gist (g, "time")')
        run(f'create index on {table} ("time")')
        run(f"vacuum analyze {table}")
        run(f"comment on table {table} is 'complete'")

    def tile(self, tile: Address, task: Task) -> bytes:
        west, south, east, north = map(float, bounds(tile))
        conditions, values = [self._inside], [west, south, east, north, west, east, south, north]
        if task.since is not None:
            conditions.append('"time" >= %s and "time" < %s')
            values += [task.since, task.until]
        for name, codes in (("class", task.classes), ("satellite", task.satellites)):
            if codes:
                conditions.append(f'"{name}" = any(%s::smallint[])')
                values.append(list(codes))
        cell = (WORLD >> tile.z) / 64
        values += [west, south, east, north, *(2 * [west, cell, north, cell])]
        query = self._statement.format(table=self._table, where=" and ".join(conditions), most=POINTS_MAX)
        found = self.connection.execute(query, values, prepare=True).fetchone()
        return bytes((found and found[0]) or b"")
