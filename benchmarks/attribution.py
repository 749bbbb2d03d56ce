"""Which county holds each of many points: geoaq beside sedonadb, DuckDB and geopandas.

``python benchmarks/attribution.py [--points 100000 …] [--rounds 1] [--checked 20000]``

First the answers: points everywhere, on vertices and a billionth of a degree beside them, against shapely's
tree. Then the times, with every index ready beforehand where a way has one, on one thread, all ways in this
process; the answers are compared. Of several counties the lowest is meant. The points are synthetic (towns
near real power plants).

Full scale: ``--points 1000000 --checked 1000000``, ``--points 10000000 --peers sedonadb``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alone
import numpy as np
import numpy.typing as npt
import shapely
from heating import natural

from geoaq.flows.fires.places import county_index

WANTED = 20.0
Floats = npt.NDArray[np.float64]
Found = npt.NDArray[np.int32]


def lowest(point: Any, county: Any, n: int) -> Found:
    found = np.full(n, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(found, np.asarray(point, np.intp), np.asarray(county, np.int32))
    found[found == np.iinfo(np.int32).max] = -1
    return found


def geopandas_way(polygons: npt.NDArray[np.object_]) -> Callable[[Floats, Floats], Found]:
    import geopandas

    areas = geopandas.GeoDataFrame(geometry=polygons)
    _ = areas.sindex

    def way(lon: Floats, lat: Floats) -> Found:
        points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat))
        joined = points.sjoin(areas, predicate="intersects")
        return lowest(joined.index, joined["index_right"], len(lon))

    return way


def duckdb_way(polygons: npt.NDArray[np.object_]) -> Callable[[Floats, Floats], Found]:
    import duckdb
    import duckdb_extension_spatial as wheel
    import pyarrow as pa

    connection = duckdb.connect(config={"threads": 1})
    found_in = Path(wheel.__file__).parent.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")
    connection.load_extension(str(next(found_in)))
    raw = pa.table(
        {"k": np.arange(len(polygons)), "w": pa.array(shapely.to_wkb(polygons).tolist(), pa.binary())}
    )
    connection.register("raw", raw)
    connection.execute("create table areas as select k, ST_GeomFromWKB(w) as a from raw")

    def way(lon: Floats, lat: Floats) -> Found:
        connection.register("points", pa.table({"i": np.arange(len(lon)), "x": lon, "y": lat}))
        found = connection.execute(
            "select i, min(k) as k from points join areas on ST_Intersects(a, ST_Point(x, y)) group by i"
        ).fetchnumpy()
        return lowest(found["i"], found["k"], len(lon))

    return way


def sedona_way(polygons: npt.NDArray[np.object_]) -> Callable[[Floats, Floats], Found]:
    import pyarrow as pa
    import sedonadb

    connection = sedonadb.connect()
    connection.sql("set datafusion.execution.target_partitions = 1").execute()
    raw = pa.table(
        {"k": np.arange(len(polygons)), "w": pa.array(shapely.to_wkb(polygons).tolist(), pa.binary())}
    )
    connection.create_data_frame(raw).to_view("raw", overwrite=True)
    connection.sql("select k, ST_GeomFromWKB(w) as a from raw").to_memtable().to_view("areas", overwrite=True)

    def way(lon: Floats, lat: Floats) -> Found:
        points = pa.table({"i": np.arange(len(lon)), "x": lon, "y": lat})
        connection.create_data_frame(points).to_view("points", overwrite=True)
        found = connection.sql(
            "select i, min(k) as k from points join areas on ST_Intersects(a, ST_Point(x, y)) group by i"
        ).to_pandas()
        return lowest(found["i"], found["k"], len(lon))

    return way


PEERS = {"sedonadb": sedona_way, "DuckDB": duckdb_way, "geopandas": geopandas_way}


def checked(ours: Callable[[Floats, Floats], Found], polygons: npt.NDArray[np.object_], points: int) -> bool:
    random = np.random.default_rng(7)
    tree = shapely.STRtree(polygons)
    vertex = shapely.get_coordinates(polygons)
    vertex = vertex[random.integers(0, len(vertex), max(1, points // 10))]
    drawn = natural(points, 200)
    cases = {
        "everywhere": (drawn.lon, drawn.lat),
        "on vertices": vertex.T,
        "1e-9° beside vertices": (vertex + random.normal(0.0, 1e-9, vertex.shape)).T,
    }
    good = True
    for name, (lon, lat) in cases.items():
        truth = lowest(*tree.query(shapely.points(lon, lat), predicate="intersects"), len(lon))
        differ = int((ours(np.ascontiguousarray(lon), np.ascontiguousarray(lat)) != truth).sum())
        print(f"  {len(lon):>9,} points {name}: {differ} differ from shapely's tree", flush=True)
        good &= differ == 0
    return good


def race(ways: dict[str, Callable[[Floats, Floats], Found]], points: int, rounds: int) -> bool:
    drawn = natural(points, 200)
    spent: dict[str, list[float]] = {name: [] for name in ways}
    good, truth = True, None
    for _ in range(rounds):
        for name, way in ways.items():
            begin = time.perf_counter()
            found = way(drawn.lon, drawn.lat)
            spent[name].append(time.perf_counter() - begin)
            truth = found if truth is None else truth
            differ = int((found != truth).sum())
            if differ:
                print(f"  {name}: {differ} DIFFER")
                good = False
    quick = float(np.median(spent["geoaq"]))
    print(f"{points:,} points, the same answers: {good}")
    for name, times in spent.items():
        print(f"  {name:<10} {np.median(times):>8.3f} s   x {np.median(times) / quick:6.1f}", flush=True)
    best = min((float(np.median(times)) for name, times in spent.items() if name != "geoaq"), default=np.inf)
    print(f"  the quickest peer: x {best / quick:.1f} (wanted {WANTED:.0f})", flush=True)
    return good and best / quick >= WANTED


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--checked", type=int, default=20_000)
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    asked = parser.parse_args()
    layers = Path(os.environ.get("GEOAQ_DATA") or alone.ROOT / "data") / "layers"
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        county_index(layers, Path(folder))
        made = time.perf_counter() - begin
        begin = time.perf_counter()
        index = county_index(layers, Path(folder))
        loaded = time.perf_counter() - begin
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.npy")) / 1e6
        print(f"edges by cell: made in {made:.1f} s, {size:.0f} MB, loaded in {loaded:.2f} s")
        polygons = index.polygons(np.arange(len(index.counties), dtype=np.int32))
        index.locate([117.0], [34.0])
        good = [checked(index.locate, polygons, asked.checked)]
        ways: dict[str, Callable[[Floats, Floats], Found]] = {"geoaq": index.locate}
        for name in asked.peers:
            try:
                ways[name] = PEERS[name](polygons)
            except (ImportError, RuntimeError, OSError) as missing:
                print(f"  left out: {name} ({missing})")
        good += [race(ways, points, asked.rounds) for points in asked.points]
    print("the same answers, all as wanted" if all(good) else "NOT AS WANTED: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
