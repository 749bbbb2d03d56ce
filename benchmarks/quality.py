"""Fire pixels told apart: how well on a synthetic year with planted truth, and how fast.

``python benchmarks/quality.py [--seeds 1 2 3] [--pixels 1000000] [--sklearn 200000] [--year 2025]``

First a synthetic year of each seed is judged month by month, each by the register learned from the days
before it, and what became of each kind of fire is printed, the bad included. Then the clusters of static
sources are compared with those of scikit-learn's DBSCAN on the same places (every pixel a day of its own, so
that both count the same), and the rates of learning, of crop shares and of classing are printed with the
memory above the table. The table is the synthetic year over and over, moved about.

Full scale: ``--pixels 10000000``.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import alone
import numpy as np
import pandas as pd

from geoaq.fires.quality import Cover, QualityRule, classify, crop_shares, learn, quality_rule
from geoaq.fires.quality.register import core_clusters
from geoaq.fires.simulate.year import Simulation, simulate
from geoaq.frames import FIRE_CLASSES
from geoaq.geodesy.ellipsoid import earth_centred

WANTED = {"static recall": 0.95, "straw lost": 0.03, "crop shares a second": 200_000, "MB above": 2048}
NO_PLACES = pd.DataFrame({"kind": [], "geometry": []})


def seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400


def judged(year: Simulation, rule: QualityRule, number: int) -> pd.DataFrame:
    pixels, shares, known, parts = year.pixels, year.shares(rule), None, []
    months = [date(number, month, 1) for month in range(1, 13)] + [date(number + 1, 1, 1)]
    for begin, end in pairwise(months):
        known = learn(pixels, as_of=begin, known=known, rule=rule)
        inside = pixels["acquired"].between(seconds(begin), seconds(end), inclusive="left")
        rows = np.flatnonzero(inside)
        said = classify(
            pixels.iloc[rows],
            None,
            crop_share=shares[rows],
            sources=known,
            polygons=NO_PLACES,
            rule=rule,
            coarse=False,
        )
        parts.append(pixels.iloc[rows].join(said.astype({"reasons": object, "static_source": object})))
    return pd.concat(parts)


def told_apart(seed: int, rule: QualityRule, number: int) -> bool:
    year = simulate(seed, year=number, windows=rule.windows)
    found = judged(year, rule, number)
    print(f"synthetic year {number}, seed {seed}: {len(found):,} pixels (two years of history before)")
    table = pd.crosstab(found["truth"], found["class"], normalize="index").reindex(columns=list(FIRE_CLASSES))
    table.insert(0, "pixels", found["truth"].value_counts())
    print(table.fillna(0.0).to_string(float_format="{:.3f}".format))
    recall = float(table.loc["static", "static"])
    lost = 1.0 - float(table.loc["straw", "straw_likely"]) - float(table.loc["straw", "mixed"])
    beside = found[(found["truth"] == "straw") & (found["site"] >= 0)]
    kept = beside["class"].isin(["straw_likely", "mixed"]).mean()
    power = beside["frp_mw"].to_numpy()
    print(f"  static recall {recall:.3f} (wanted {WANTED['static recall']:g})")
    print(f"  straw lost {lost:.3f} (wanted at most {WANTED['straw lost']:g})")
    print(f"  straw planted within a kilometre of a furnace: {len(beside)} pixels, kept {kept:.2f};", end=" ")
    strong = beside["class"].isin(["straw_likely", "mixed"])[power > np.median(power)].mean()
    print(f"of the stronger half {strong:.2f}")
    missed = found[(found["truth"] == "static") & (found["class"] != "static")]
    print(f"  static missed by reasons: {missed['reasons'].value_counts().head(3).to_dict()}")
    swallowed = found[(found["truth"] == "straw") & ~found["class"].isin(["straw_likely", "mixed"])]
    print(
        f"  straw lost by class: {swallowed['class'].value_counts().loc[lambda n: n > 0].to_dict()}",
        flush=True,
    )
    return recall >= WANTED["static recall"] and lost <= WANTED["straw lost"]


def repeated(year: Simulation, n: int) -> pd.DataFrame:
    """Return the synthetic pixels over and over, moved about, until there are enough."""
    random = np.random.default_rng(0)
    pixels = year.pixels.drop(columns=["truth", "site", "block"])
    parts = []
    for k in range(-(-n // len(pixels))):
        away = random.random(2) * 0.2
        moved = pixels.assign(
            lon=pixels["lon"] + k % 10 * 0.5 - 5.0 + away[0],
            lat=pixels["lat"] + k // 10 % 10 * 0.6 - 3.0 + away[1],
        )
        parts.append(moved)
    return pd.concat(parts, ignore_index=True).iloc[:n].reset_index(drop=True)


def beside_sklearn(pixels: pd.DataFrame, rule: QualityRule) -> bool:
    from sklearn.cluster import DBSCAN

    lon, lat = pixels["lon"].to_numpy(), pixels["lat"].to_numpy()
    days, own = np.arange(len(pixels), dtype=np.int32), rule.register
    begin = time.perf_counter()
    rows, labels = core_clusters(lon, lat, days, distance_m=own.within_m, least=own.core_days)
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    peer = DBSCAN(eps=own.within_m, min_samples=own.core_days).fit(earth_centred(lon, lat))
    theirs = time.perf_counter() - begin
    order = np.argsort(rows)
    same = np.array_equal(rows[order], peer.core_sample_indices_)
    if same:
        first, second = (
            pd.factorize(labels[order])[0],
            pd.factorize(peer.labels_[peer.core_sample_indices_])[0],
        )
        same = np.array_equal(first, second)
    print(f"clusters of {len(pixels):,} pixels: the same as scikit-learn's: {same};", end=" ")
    print(f"{ours:.2f} s beside {theirs:.2f} s, x {theirs / ours:.1f}", flush=True)
    return same


def memory_mb(name: str) -> float:
    """Return VmRSS (now) or VmHWM (the most since it was set back), MB."""
    return int(Path("/proc/self/status").read_text("utf-8").split(f"{name}:")[1].split()[0]) / 1024


def rates(pixels: pd.DataFrame, begin: int, rule: QualityRule, year: int) -> bool:
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # sets VmHWM back
    before = memory_mb("VmRSS")
    history = pixels[pixels["acquired"] < begin]
    start = time.perf_counter()
    sources = learn(history, as_of=date(year, 1, 1), known=None, rule=rule)
    spent = time.perf_counter() - start
    print(f"{len(history):,} pixels learned from in {spent:.1f} s: {len(sources):,} static sources")
    land = np.random.default_rng(1).choice(np.array([10, 12, 14], np.uint8), (1020, 1260))
    cover = Cover(land, 73.0, 54.0, 0.05, rule.crop_classes["igbp"], frozenset({255}))
    start = time.perf_counter()
    shares = crop_shares(pixels, np.full(len(pixels), 12.0), cover, rule=rule)
    rate = len(pixels) / (time.perf_counter() - start)
    wanted = WANTED["crop shares a second"]
    print(f"crop shares by the coarse land cover: {rate:,.0f} pixels a second (wanted {wanted:,})")
    start = time.perf_counter()
    classify(pixels, None, crop_share=shares, sources=sources, polygons=NO_PLACES, rule=rule)
    classed = len(pixels) / (time.perf_counter() - start)
    above = memory_mb("VmHWM") - before
    print(f"classes with reasons: {classed:,.0f} pixels a second; {above:,.0f} MB above {before:,.0f} MB")
    return rate >= wanted and above <= WANTED["MB above"]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--year", type=int, default=2025)
    parser.add_argument("--pixels", type=int, default=1_000_000)
    parser.add_argument("--sklearn", type=int, default=200_000, help="pixels for scikit-learn")
    asked = parser.parse_args()
    rules = alone.ROOT / "layers" / "policy" / "fire_quality.toml"
    rule = quality_rule(tomllib.loads(rules.read_text("utf-8")))
    good = [told_apart(seed, rule, asked.year) for seed in asked.seeds]
    year = simulate(asked.seeds[0], year=asked.year, windows=rule.windows)
    pixels = repeated(year, asked.pixels)
    good.append(beside_sklearn(pixels.iloc[: asked.sklearn], rule))
    good.append(rates(pixels, year.begin, rule, asked.year))
    print("all as wanted" if all(good) else "NOT AS WANTED: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
