"""Which anchors lie within 30 km, and which is the nearest: geoaq beside the best exact peers.

``python benchmarks/heating.py [--points 100000 …] [--anchors 2000] [--rounds 3] [--adversarial 20000]``

Each way gets plain arrays of degrees and builds its index inside the timing. In every round all ways run one
after another in this process; the median is printed. Before any ratio is, the answers are compared: the same
pairs, the same nearest anchor, distances within 20 nm. Single thread on both sides. Peak memory is that of a
process of its own. The subjects are synthetic (towns near real power plants); the first anchors are the real
plants of ``layers/data``.

Full scale: ``--points 100000 1000000 5000000 --adversarial 200000``.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import alone
import numpy as np
import pandas as pd
from heating_ways import EXACT, GEOD, INEXACT, Answer, Task

RADIUS_M = 30_000.0
TARGETS = {100_000: 3.0, 1_000_000: 7.0, 5_000_000: 10.0}


def real_plants() -> pd.DataFrame:
    return pd.read_csv(alone.ROOT / "layers" / "data" / "coal-power-plants.csv")


def natural(points: int, anchors: int, seed: int = 20261121) -> Task:
    """Return subjects around towns, and the real plants filled up with towns as anchors."""
    random = np.random.default_rng(seed)
    plants = real_plants()
    home = random.integers(0, len(plants), 2891)
    town_lon = np.clip(plants["lon"].to_numpy()[home] + random.normal(0, 1.2, home.size), 74.0, 134.5)
    town_lat = np.clip(plants["lat"].to_numpy()[home] + random.normal(0, 1.2, home.size), 18.5, 53.0)
    more = max(0, anchors - len(plants))
    town = random.integers(0, home.size, points)
    return Task(
        np.round(town_lon[town] + random.normal(0, 0.35, points), 6),
        np.round(town_lat[town] + random.normal(0, 0.35, points), 6),
        np.concatenate([plants["lon"], town_lon[:more]])[:anchors],
        np.concatenate([plants["lat"], town_lat[:more]])[:anchors],
        RADIUS_M,
    )


def placed(points: int, spread_m: float, seed: int = 7) -> Task:
    """Return subjects placed by ``Geod.fwd`` at the radius of real plants, give or take ``spread_m``."""
    random = np.random.default_rng(seed)
    plants = real_plants()
    u, v = plants["lon"].to_numpy(), plants["lat"].to_numpy()
    plant = random.integers(0, len(plants), points)
    azimuth = random.uniform(-180, 180, points)
    x, y, _ = GEOD.fwd(u[plant], v[plant], azimuth, RADIUS_M + random.uniform(-spread_m, spread_m, points))
    return Task(np.asarray(x), np.asarray(y), u, v, RADIUS_M)


def by_brute_force(task: Task) -> Answer:
    """Ask ``Geod`` for every pair that could matter, without any of the ways' indexes."""
    subjects, anchors, metres = [], [], []
    nearest, nearest_m = np.full(task.lon.size, -1), np.full(task.lon.size, np.inf)
    for anchor, (u, v) in enumerate(zip(task.anchor_lon, task.anchor_lat, strict=True)):
        close = np.flatnonzero((np.abs(task.lat - v) < 0.35) & (np.abs(task.lon - u) < 0.65))
        ends = np.full(close.size, u), np.full(close.size, v)
        distance = np.asarray(GEOD.inv(task.lon[close], task.lat[close], *ends)[2])
        inside = distance <= task.radius_m
        subjects.append(close[inside])
        anchors.append(np.full(int(inside.sum()), anchor))
        metres.append(distance[inside])
        nearer = distance < nearest_m[close]
        nearest[close[nearer]], nearest_m[close[nearer]] = anchor, distance[nearer]
    return Answer(
        np.concatenate(subjects), np.concatenate(anchors), np.concatenate(metres), nearest, nearest_m
    )


def differences(answer: Answer, truth: Answer, task: Task) -> tuple[int, int | None]:
    """Return how many pairs are wrongly in or out, and how many anchors are not nearest (ties are right)."""
    anchors = task.anchor_lon.size
    wrong = np.setxor1d(answer.keys(anchors), truth.keys(anchors), assume_unique=True).size
    if answer.nearest is None or truth.nearest_m is None:
        return wrong, None
    ends = task.anchor_lon[answer.nearest], task.anchor_lat[answer.nearest]
    metres = np.asarray(GEOD.inv(task.lon, task.lat, *ends)[2])
    return wrong, int((metres > truth.nearest_m + 1e-8).sum())


def available(ways: dict[str, Callable[[Task], Answer]]) -> dict[str, Callable[[Task], Answer]]:
    """Return the ways that run here, after one small run each; the others are named with the reason."""
    there = {}
    for name, way in ways.items():
        try:
            way(natural(30_000, 200))
        except ImportError as missing:
            print(f"  left out: {name} ({missing})")
        else:
            there[name] = way
    return there


def adversarial(points: int, exact: dict[str, Callable[[Task], Answer]]) -> bool:
    """Print the misjudged pairs of each way at the radius; say whether ours has none."""
    clean = True
    for spread_m, label in ((50.0, "50 m"), (1e-3, "1 mm"), (1e-6, "1 µm")):
        task = placed(points, spread_m)
        truth = by_brute_force(task)
        print(f"\n{points:,} subjects at 30 km ± {label} of {task.anchor_lon.size:,} real plants; "
              f"{truth.subject.size:,} true pairs (Geod on every pair near)")  # fmt: skip
        for name, way in (exact | (INEXACT if spread_m == 50.0 else {})).items():
            wrong, nearest = differences(way(task), truth, task)
            shown = "-" if nearest is None else f"{nearest:,}"
            print(f"  {name:<16} misclassified pairs {wrong:>9,}   nearest wrong {shown:>9}")
            if name == "ours":
                clean &= wrong == 0 and nearest == 0
    return clean


def peak_memory(way: str, points: int, anchors: int) -> str:
    """Return the peak memory of a process that does the task once, and of one that only makes it."""
    peaks = []
    for name in (way, ""):
        command = [
            sys.executable,
            __file__,
            "--memory-of",
            name,
            "--points",
            str(points),
            "--anchors",
            str(anchors),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]))
    return f"{peaks[0]:,} MB ({peaks[0] - peaks[1]:,} over the input)"


def _peak_mb() -> int:
    # VmHWM starts anew with the program; ru_maxrss would still hold the parent's.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def race(points: int, anchors: int, rounds: int, ways: dict[str, Callable[[Task], Answer]]) -> bool:
    """Print times and ratios of one size; say whether the answers are equal."""
    task = natural(points, anchors)
    spent: dict[str, list[float]] = {name: [] for name in ways}
    truth: Answer | None = None
    equal = True
    for turn in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            answer = way(task)
            spent[name].append(time.perf_counter() - start)
            if turn == 0:
                truth = truth or answer
                wrong, nearest = differences(answer, truth, task)
                off = max(_farthest_apart(answer, truth))
                equal &= wrong == 0 and not nearest and off < 2e-8
                pairs = answer.subject.size / points
                print(f"  {points:>9,} {name:<16} pairs that differ {wrong}, nearest that differ "
                      f"{'-' if nearest is None else nearest}, distances apart {off * 1e9:.1f} nm, "
                      f"{pairs:.2f} pairs a subject")  # fmt: skip
            del answer
    median = {name: float(np.median(times)) for name, times in spent.items()}
    peer = min((name for name in ways if name != "ours"), key=median.__getitem__)
    for name, seconds in median.items():
        part = "" if name in {"ours", "cKDTree + Geod"} else "  (pairs only)"
        print(f"  {points:>9,} {name:<16} {seconds:>8.3f} s   x {seconds / median['ours']:5.1f}   "
              f"peak {peak_memory(name, points, anchors)}{part}")  # fmt: skip
    wanted = TARGETS.get(points)
    print(f"  {points:>9,} best exact peer: {peer}, ratio {median[peer] / median['ours']:.1f}"
          + (f" (wanted {wanted:.0f})" if wanted else ""))  # fmt: skip
    return equal


def _farthest_apart(one: Answer, other: Answer) -> tuple[float, float]:
    if one.distance_m is None or other.distance_m is None or one.subject.size != other.subject.size:
        return np.inf, np.inf
    pairs = [np.lexsort((answer.anchor, answer.subject)) for answer in (one, other)]
    apart = np.abs(one.distance_m[pairs[0]] - other.distance_m[pairs[1]]).max(initial=0.0)
    if one.nearest_m is None or other.nearest_m is None:
        return float(apart), 0.0
    return float(apart), float(np.abs(one.nearest_m - other.nearest_m).max(initial=0.0))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, nargs="+", default=[100_000])
    parser.add_argument("--anchors", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--adversarial", type=int, default=20_000, help="subjects at the radius; 0 for none")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory_of is not None:
        task = natural(asked.points[0], asked.anchors)
        if asked.memory_of:
            EXACT[asked.memory_of](task)
        print(_peak_mb())
        return 0
    print("All pairs within 30 km on the ellipsoid and the nearest anchor; synthetic subjects, one thread")
    exact = available(EXACT)
    good = [race(points, asked.anchors, asked.rounds, exact) for points in asked.points]
    if asked.adversarial:
        good.append(adversarial(asked.adversarial, exact))
    print("\nanswers equal, none misjudged" if all(good) else "\nWRONG: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
