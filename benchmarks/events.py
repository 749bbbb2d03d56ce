"""Fire pixels within 1 km and 24 h, joined: geoaq beside a tree of four dimensions and scikit-learn.

``python benchmarks/events.py [--pixels 100000 …] [--rounds 3] [--sklearn 100000]``

Each way gets the same table and builds its index inside the timing; all ways run in this process, one after
another, on one thread. Partitions are compared before any ratio is printed. scikit-learn is left out where
it is not installed. The pixels are synthetic: 45 % lasting sources (about 120 detections a year each), 45 %
bursts of a day, 10 % alone.

Full scale: ``--pixels 1000000 10000000 --rounds 1 --sklearn 1000000``.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from importlib.util import find_spec

import alone
import events_ways as ways
import numpy as np
import pandas as pd

from geoaq.fires.events import EventRule

WANTED = {"4-D tree": {1_000_000: 4.0, 10_000_000: 2.5}, "scikit-learn": {1_000_000: 50.0}}
YEAR_MIN = 365 * 1440


def synthetic(n: int, seed: int = 20261122) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    lasting = burst = int(0.45 * n)
    alone = n - lasting - burst
    sources, bursts = max(1, lasting // 120), max(1, burst // 12)
    at = random.integers(0, sources, lasting)
    source = random.uniform([85.0, 20.0], [130.0, 50.0], (sources, 2))
    of = random.integers(0, bursts, burst)
    field = random.uniform([100.0, 22.0], [130.0, 50.0], (bursts, 2))
    begin = random.integers(0, YEAR_MIN, bursts)
    place = np.concatenate(
        [
            source[at] + random.normal(0.0, 0.002, (lasting, 2)),
            field[of] + random.normal(0.0, 0.01, (burst, 2)),
            random.uniform([75.0, 18.0], [134.0, 53.0], (alone, 2)),
        ]
    )
    minute = np.concatenate(
        [
            random.integers(0, YEAR_MIN, lasting),
            begin[of] + random.integers(0, 1440, burst),
            random.integers(0, YEAR_MIN, alone),
        ]
    )
    order = random.permutation(n)
    lon, lat = np.round(place[order], 5).T
    return pd.DataFrame({"lon": lon, "lat": lat, "acquired": minute[order] * 60 + 1_735_689_600})


def race(n: int, rounds: int, rule: EventRule, with_sklearn: bool) -> bool:
    pixels = synthetic(n)
    there = {"geoaq": ways.ours, "4-D tree": ways.kd4}
    if with_sklearn:
        there["scikit-learn"] = ways.sklearn
    ways.ours(pixels.iloc[:1000], rule)
    spent: dict[str, list[float]] = {name: [] for name in there}
    truth, good = None, True
    for turn in range(rounds):
        for name, way in there.items():
            if turn and name == "scikit-learn":
                continue
            begin = time.perf_counter()
            labels = way(pixels, rule)
            spent[name].append(time.perf_counter() - begin)
            if truth is None:
                truth = labels
            same = bool((labels == truth).all())
            good &= same
            if not same:
                print(f"  {name}: ANOTHER PARTITION")
    print(f"{n:,} pixels, {int(truth.max()) + 1:,} events; the same partition: {good}", flush=True)
    quick = float(np.median(spent["geoaq"]))
    for name, times in spent.items():
        ratio, wanted = float(np.median(times)) / quick, WANTED.get(name, {}).get(n, 0.0)
        told = f" (wanted {wanted:g})" if wanted else ""
        print(f"  {name:<14} {np.median(times):>8.2f} s   x {ratio:6.1f}{told}", flush=True)
        good &= ratio >= wanted
    return good


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pixels", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sklearn", type=int, default=100_000, help="the largest table for scikit-learn")
    asked = parser.parse_args()
    rule = EventRule.from_table(
        tomllib.loads((alone.ROOT / "layers" / "policy" / "fire_events.toml").read_text("utf-8"))
    )
    there = find_spec("sklearn") is not None
    if not there:
        print("left out: scikit-learn (not installed)")
    good = [race(n, asked.rounds, rule, there and n <= asked.sklearn) for n in asked.pixels]
    print("the same partitions, all as wanted" if all(good) else "NOT AS WANTED: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
