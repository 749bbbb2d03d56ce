"""Filtered tiles of many points against DuckDB and PostGIS; built tiles against the reference reader.

``python benchmarks/tiles.py [--points 10000000]``. Of each question a quarter of the tiles is decoded and
found equal before all are timed, the second time that they are asked for. PostGIS is asked where
GEOAQ_BENCH_POSTGIS names a server. The points are synthetic: 20,000 places, ten years.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import cycle
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pandas as pd
from pmtiles.reader import MmapSource, Reader
from tiles_served import busy, hammer, server
from tiles_ways import CLASSES, DuckDb, Own, PostGis, Task

from geoaq.settings import data_dir
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import PointSource
from geoaq.tiles.static import built_tiles
from geoaq.tiles.writing import append

END = 1_765_000_000
DAY = 86_400
TASKS = (
    Task("24 hours", END - DAY, END),
    Task("30 days", END - 30 * DAY, END),
    Task("1 year, class, satellites", END - 365 * DAY, END, (0,), (0, 2)),
    Task("all"),
)
TILES = 24
ADDED = 10_000
PORT, SERVED_S = 5205, 5.0


def made(n: int) -> pd.DataFrame:
    random = np.random.default_rng(1)
    places = np.column_stack([random.uniform(100, 124, 20_000), random.uniform(22, 45, 20_000)])
    lon, lat = (places[random.integers(0, 20_000, n)] + random.normal(0, 0.1, (n, 2))).T
    seconds = random.integers(END - 3650 * DAY, END, n)
    codes = {"class": random.integers(0, 3, n), "satellite": random.integers(0, 4, n)}
    return pd.DataFrame({"id": np.arange(n), "lon": lon, "lat": lat, "time": seconds, **codes})


def some_tiles(points: pd.DataFrame, zoom: int) -> list[Address]:
    chosen = points.sample(TILES, random_state=zoom)
    x = (chosen["lon"] + 180) / 360 * 2**zoom
    y = (1 - np.arcsinh(np.tan(np.radians(chosen["lat"]))) / np.pi) / 2 * 2**zoom
    return [Address(zoom, int(a), int(b)) for a, b in zip(x, y, strict=True)]


def content(body: bytes) -> dict[Any, Any]:
    """Return points by id with their place, or cells by place with count and class."""
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}
    found: dict[Any, Any] = {}
    for name, layer in layers.items():
        for one in layer["features"]:
            said, (x, y) = one["properties"], one["geometry"]["coordinates"]
            kind = said["class"] if isinstance(said["class"], int) else CLASSES.index(said["class"])
            if name == "points":
                found[one["id"]] = (x, y, kind, said["time"])
            else:
                found["cell", x // 64, y // 64] = (said["count"], kind)
    return found


def require_equal(mine: bytes, theirs: bytes, said: str) -> None:
    own, peer = content(mine), content(theirs)
    same = own.keys() == peer.keys() and all(
        own[key] == peer[key]
        if isinstance(key, tuple)
        else own[key][2:] == peer[key][2:]
        # we cut off at the unit, they round to it
        and max(abs(own[key][axis] - peer[key][axis]) for axis in (0, 1)) <= 1
        for key in own
    )
    if not same:
        raise SystemExit(f"{said}: the tiles differ ({len(own)} and {len(peer)} features)")


def milliseconds(work: Callable[[Address], object], tiles: Iterable[Address]) -> np.ndarray[Any, Any]:
    times = []
    for tile in tiles:
        start = time.perf_counter()
        work(tile)
        times.append(time.perf_counter() - start)
    return np.array(times) * 1000


def live(points: pd.DataFrame, folder: Path) -> None:
    start = time.perf_counter()
    own = Own(folder / "source", points)
    size = sum(path.stat().st_size for path in own.folder.rglob("*") if path.is_file())
    print(
        f"{len(points):,} points: made in {time.perf_counter() - start:.1f} s, {size / 1e6:,.0f} MB on disk"
    )
    peers: list[DuckDb | PostGis] = []
    for way in (DuckDb, PostGis):
        try:
            peers.append(way(points))
        except ImportError as error:
            print(f"left out: {way.name}: {error}")
    for zoom in (5, 9):
        tiles = some_tiles(points, zoom)
        for task in TASKS:
            mine = milliseconds(lambda tile, task=task: own.tile(tile, task), tiles * 2)[TILES:]
            line = f"z{zoom} {task.name:26} geoaq {np.median(mine):7.2f} / {np.quantile(mine, 0.99):7.2f} ms"
            for peer in peers:
                for tile in tiles[: TILES // 4]:
                    said = f"{peer.name} {tile} {task.name}"
                    require_equal(own.tile(tile, task), peer.tile(tile, task), said)
                theirs = milliseconds(lambda tile, peer=peer, task=task: peer.tile(tile, task), tiles * 2)[
                    TILES:
                ]
                line += f" | {peer.name} {np.median(theirs):8.1f} / {np.quantile(theirs, 0.99):8.1f}"
                line += f" = {np.median(theirs) / np.median(mine):6.1f}×"
            print(line, flush=True)
    whole = milliseconds(lambda tile: own.tile(tile, TASKS[-1]), [Address(3, 6, 3)] * 2)[1:]
    print(f"whole country, unfiltered: {whole[0]:.0f} ms")
    fresh = points.iloc[:ADDED].assign(id=np.arange(len(points), len(points) + ADDED))
    words = {"class": "straw", "satellite": "N20", "time": pd.Timestamp(END, unit="s", tz="UTC")}
    start = time.perf_counter()
    append(own.folder, fresh.assign(**words))
    seen = len(PointSource(own.folder))
    print(f"{ADDED:,} added, {seen:,} seen after {time.perf_counter() - start:.2f} s")
    print(
        f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"
    )


def built() -> None:
    tiles = built_tiles(data_dir() / "layers")
    archive = tiles.archive("counties")
    found = [Address(z, x, y) for z in (6, 8, 9) for x, y in np.ndindex(1 << z, 1 << z) if _near(z, x, y)]
    found = [tile for tile in found if archive.tile(tile)][::7]
    with tiles.path("counties").open("rb") as file:
        reference = Reader(MmapSource(file))
        if any(reference.get(*tile) != archive.tile(tile) for tile in found[:200]):
            raise SystemExit("the reference reader finds other tiles")
        theirs = milliseconds(lambda tile: reference.get(*tile), found[:200])
    mine = milliseconds(archive.tile, found)
    ratio = theirs.mean() / mine.mean()
    print(f"built tiles: {1000 / mine.mean():,.0f}/s, pmtiles {1000 / theirs.mean():,.0f}/s = {ratio:.0f}×")
    served(found)


def _near(z: int, x: int, y: int) -> bool:
    return 0.75 < x / 2**z < 0.86 and 0.33 < y / 2**z < 0.46


def served(tiles: list[Address]) -> None:
    """Print how many tiles a second the server answers, over connections that stay open."""
    paths = cycle([f"/tiles/counties/{tile.z}/{tile.x}/{tile.y}.mvt" for tile in tiles])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layers").symlink_to(data_dir().absolute() / "layers")
        with server(PORT, Path(folder)) as process:
            hammer(PORT, lambda: next(paths), connections=4, seconds=0.5)
            before = busy(process)
            counted = hammer(PORT, lambda: next(paths), connections=8, seconds=SERVED_S)
            spent = busy(process) - before
    n = len(counted.seconds)
    p50, p99 = np.quantile(np.array(counted.seconds) * 1000, (0.5, 0.99))
    print(
        f"served: {n / SERVED_S:,.0f}/s, {n / spent:,.0f} per second of one core,"
        f" {counted.size / n:,.0f} bytes each, p50 {p50:.2f} / p99 {p99:.2f} ms, {counted.statuses}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    asked = parser.parse_args()
    print("p50 / p99 of tiles, milliseconds; one processor each")
    with tempfile.TemporaryDirectory() as folder:
        live(made(asked.points), Path(folder))
    built()


if __name__ == "__main__":
    main()
