"""Which province lines lie within 20 km, and how far: geoaq beside the exact recipe and the usual ways.

``python benchmarks/border.py [--points 100000 1000000] [--sample 1000] [--checked 2100] [--rounds 3]``

First the answers: distances to every pair's line against ``Geod`` (dense sampling and golden section), and
masks a metre on either side of 20 km. Then the times, with the index made and loaded beforehand for every
way, all ways in one process and each round; the slow ones on a sample of the same points; pairs and metres
are compared. Then what many points cost beside pyarrow's parse of their csv, the reload of the index, and
what the usual planes make of the same distances. Lines are those of Amap; the points are synthetic (towns
near real power plants).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import alone
import numpy as np
import pyarrow as pa
from border_ways import (
    PLANES,
    Answer,
    Ours,
    OwnProjection,
    PostGis,
    Sedona,
    Task,
    by_geod,
)
from heating import natural
from heating_ways import GEOD
from pyarrow import csv

from geoaq import geodesy
from geoaq.build.sources import read_boundaries
from geoaq.geodesy import LineIndex
from geoaq.zones.border.derive import Edges, shared_edges

REACH_M = 20_000.0
CHECKED_M = 25_000.0
WANTED_EXACT, WANTED_SEDONA, WANTED_PARSES = 75.0, 3.5, 60.0
WANTED_RELOAD_S, WANTED_MB = 0.3, 100.0


def china() -> Edges:
    counties = read_boundaries("amap", alone.ROOT / "layers" / "data" / "place-aliases.toml")
    return shared_edges(counties.polygons, counties.counties["province_adcode"].to_numpy(str))


def kept(edges: Edges, folder: Path) -> tuple[LineIndex, bool]:
    """Make the index, keep it, load it again; print what that takes; say whether it is as small and quick."""
    start, end, group = edges.shared
    begin = time.perf_counter()
    index = geodesy.build_lines(*start.T, *end.T, group, n_groups=len(edges.pairs))
    index.save(folder)
    made = time.perf_counter() - begin
    reload_s = min(_seconds(lambda: LineIndex.load(folder)) for _ in range(3))
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"index: {len(group):,} edges of {len(edges.pairs)} pairs, {edges.report['length_km']:,.0f} km")
    print(f"  made in {made:.1f} s, {size:.0f} MB (wanted {WANTED_MB:.0f}), "
          f"reload {reload_s:.3f} s (wanted {WANTED_RELOAD_S})")  # fmt: skip
    return LineIndex.load(folder), size <= WANTED_MB and reload_s <= WANTED_RELOAD_S


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def beside(edges: Edges, points: int, distance_m: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return points placed by ``Geod.fwd`` beside every pair's line, the same number for each."""
    random = np.random.default_rng(20261122)
    start, end, group = edges.shared
    each = -(-points // len(edges.pairs))
    chosen = np.concatenate(
        [random.choice(np.flatnonzero(group == g), each) for g in range(len(edges.pairs))]
    )
    share = random.uniform(0.0, 1.0, (chosen.size, 1))
    place = (1.0 - share) * start[chosen] + share * end[chosen]
    away = random.uniform(-180.0, 180.0, chosen.size), random.uniform(*distance_m, chosen.size)
    lon, lat, _ = GEOD.fwd(*place.T, *away)
    return np.asarray(lon), np.asarray(lat)


def true(edges: Edges, lon: float, lat: float, group: int) -> float:
    start, end, of = edges.shared
    near = (of == group) & (np.abs(start[:, 1] - lat) < 0.7) & (np.abs(start[:, 0] - lon) < 1.1)
    return by_geod(lon, lat, np.column_stack([start[near], end[near]]))


def checked(edges: Edges, index: LineIndex, points: int) -> bool:
    """Print the error against ``Geod`` and the masks at 20 km give or take a metre; say whether both hold."""
    lon, lat = beside(edges, points, (0.0, CHECKED_M))
    hits = geodesy.lines_within(index, lon, lat, reach_m=CHECKED_M)
    error = np.array(
        [
            d - true(edges, lon[s], lat[s], g)
            for s, g, d in zip(hits.subject, hits.group, hits.distance_m, strict=True)
        ]
    )
    north = float(lat[hits.subject].max())
    print(f"\n{lon.size:,} points beside all {np.unique(hits.group).size} lines, to {north:.1f}°N")
    most_nm = float(np.abs(error).max()) * 1e9
    print(f"{error.size:,} distances of up to 25 km against Geod: at most {most_nm:.1f} nm off")
    lon, lat = beside(edges, points, (17_000.0, 22_000.0))
    for _ in range(12):
        near = geodesy.nearest_of_groups(index, lon, lat)
        lon, lat, _ = (np.asarray(v) for v in GEOD.fwd(lon, lat, near.bearing_deg, near.distance_m - REACH_M))
    near = geodesy.nearest_of_groups(index, lon, lat)
    at = np.abs(near.distance_m - REACH_M) < 1e-6
    wrong = total = 0
    for off_m in (1.0, -1.0):
        x, y, _ = (
            np.asarray(v) for v in GEOD.fwd(lon[at], lat[at], near.bearing_deg[at], np.full(at.sum(), off_m))
        )
        inside = np.zeros(x.size, np.bool_)
        inside[geodesy.lines_within(index, x, y, reach_m=REACH_M).subject] = True
        nearest = geodesy.nearest_of_groups(index, x, y)
        truth = np.array([true(edges, *place) for place in zip(x, y, nearest.group, strict=True)])
        wrong += int((inside != (truth <= REACH_M)).sum())
        total += x.size
    print(f"{total:,} masks at 20 km ± 1 m: {wrong} differ from Geod's")
    return bool(np.abs(error).max() <= 1e-3) and wrong == 0


def available(index: LineIndex) -> dict[str, Callable[[Task], Answer]]:
    """Return the peers that run here; the others are named with the reason."""
    there: dict[str, Callable[[Task], Answer]] = {}
    for way in (OwnProjection, Sedona, PostGis):
        try:
            there[way.name] = way(index)
        except ImportError as missing:
            print(f"  left out: {way.name} ({missing})")
    return there


def race(
    index: LineIndex, points: int, sample: int, rounds: int, peers: dict[str, Callable[[Task], Answer]]
) -> bool:
    """Print times a point and ratios; say whether answers and ratios are as wanted."""
    drawn = natural(points, 200)
    task = Task(drawn.lon, drawn.lat, index, REACH_M)
    few = {OwnProjection.name: sample, PostGis.name: 10 * sample}
    sizes = {name: min(points, few.get(name, points)) for name in (Ours.name, *peers)}
    spent: dict[str, list[float]] = {name: [] for name in sizes}
    good = True
    ours = Ours()
    ours(task)
    for turn in range(rounds):
        for name, way in ({Ours.name: ours} | peers).items():
            some = task.some(sizes[name])
            begin = time.perf_counter()
            answer = way(some)
            spent[name].append((time.perf_counter() - begin) / sizes[name])
            if turn == 0:
                good &= compared(name, answer, ours(some))
    median = {name: float(np.median(times)) for name, times in spent.items()}
    wanted = {OwnProjection.name: WANTED_EXACT, Sedona.name: WANTED_SEDONA}
    for name, seconds in median.items():
        ratio = seconds / median[Ours.name]
        told = f" (wanted {wanted[name]})" if name in wanted else ""
        print(f"  {sizes[name]:>9,} {name:<20} {seconds * 1e6:>9.2f} µs a point   x {ratio:6.1f}{told}")
        good &= ratio >= wanted.get(name, 0.0)
    return good


def compared(name: str, answer: Answer, ours: Answer) -> bool:
    """Print where an answer differs from ours; an exact way must not."""
    both = np.intersect1d(answer.keys(), ours.keys(), return_indices=True)
    differ = answer.subject.size + ours.subject.size - 2 * both[0].size
    off = np.abs(answer.distance_m[both[1]] - ours.distance_m[both[2]])
    print(f"  {name:<30} {ours.subject.size:>9,} pairs, {differ} differ, metres apart: median "
          f"{np.median(off):.4f}, most {off.max():.4f}")  # fmt: skip
    # A segment in the projection strays from one in degrees by centimetres, so a pair at the very limit may.
    return name not in {Ours.name, OwnProjection.name} or (off.max() < 0.1 and differ <= 1)


def million(index: LineIndex, points: int) -> bool:
    """Print what many points cost beside pyarrow's parse of their csv; say whether it is as wanted."""
    drawn = natural(points, 200)
    task = Task(drawn.lon, drawn.lat, index, REACH_M)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.csv"
        csv.write_csv(pa.table({"lon": drawn.lon, "lat": drawn.lat}), path)
        options = csv.ReadOptions(use_threads=False)
        parse = min(_seconds(lambda: csv.read_csv(path, read_options=options)) for _ in range(3))
    ours = min(_seconds(lambda: Ours()(task)) for _ in range(3))
    print(f"\n{points:,} points: ours {ours:.2f} s, pyarrow's parse of their csv {parse:.3f} s: "
          f"{ours / parse:.1f} parses (wanted {WANTED_PARSES:.0f})")  # fmt: skip
    return ours / parse <= WANTED_PARSES


def errors(edges: Edges, index: LineIndex, points: int) -> None:
    """Print by how many metres the usual planes miss distances of up to 25 km, and 20 km masks."""
    lon, lat = beside(edges, points, (0.0, CHECKED_M))
    task = Task(lon, lat, index, CHECKED_M)
    answer = Ours()(task)
    print(f"\nerror of {answer.subject.size:,} distances of up to 25 km, metres")
    for name, plane in PLANES.items():
        metres = plane(task, answer)
        off = metres - answer.distance_m
        wrong = int(((metres <= REACH_M) != (answer.distance_m <= REACH_M)).sum())
        print(f"  {name:<16} {off.min():>+10.2f} … {off.max():>+10.2f}, median of |error| "
              f"{np.median(np.abs(off)):>9.2f}, on the wrong side of 20 km {wrong:>5,}")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, nargs="+", default=[100_000], help="the last beside the csv")
    parser.add_argument("--sample", type=int, default=1_000, help="points for the recipe")
    parser.add_argument("--checked", type=int, default=2_100, help="points against Geod; 0 for none")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    edges = china()
    with tempfile.TemporaryDirectory() as folder:
        index, sound = kept(edges, Path(folder))
        good = [sound]
        if asked.checked:
            good.append(checked(edges, index, asked.checked))
        print("\nAll lines within 20 km of each point; index ready, one thread")
        good.append(race(index, asked.points[0], asked.sample, asked.rounds, available(index)))
        good.append(million(index, asked.points[-1]))
        errors(edges, index, asked.checked or 2_100)
    print("\nanswers equal, none misjudged, all as wanted" if all(good) else "\nNOT AS WANTED: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
