"""Fires of a whole VIIRS granule (6400×6464): geoaq beside the literal reference, and beside reading alone.

``python benchmarks/detection.py [--tiles 18] [--many 130] [--rows 6464] [--no-literal] [--no-files]``

The granule is synthetic: plain land with lakes, clouds and 900 small fires, and tiles of ground so hard that
the windows of more than 20,000 candidates have to grow. The literal reference is that of the tests: numpy
for its masks, a Python loop over its candidates. Both results are compared first, pixel by pixel; the ratio
counts the reference's loop alone, without its masks, and all of geoaq.

Files are VJ202IMG, VJ203IMG and VJ202MOD as this program writes them (HDF5, deflated, 32 rows a chunk). Each
reading and each detection from files runs in a process of its own, the better of two. Left out: the reader of
satpy, unless a Python that has it too is named with ``--satpy``; CSPP and the C code of MOD14, which cannot
be had here. Only parts of it: ``--no-literal``, ``--no-files``, ``--many 0``.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import alone
import detection_files as files
import detection_ways as ways
import numpy as np

from geoaq.fires.detection import ArrayScene, Detections, DetectorRule, detect

WANTED = {"literal": 10.0, "growing": 20_000, "many": 200_000, "peak_mb": 600.0, "reading": 4.0}
# Goals of speed for a quiet machine of two cores, seconds; printed beside, not judged.
GOALS = {"granule": 1.5, "cold": 5.0, "many": 3.0, "ahi": 0.3}


def told(good: bool) -> str:
    return "" if good else "   NOT AS WANTED"


def state() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"machine: {os.cpu_count()} cores, load {load}"


def timed(scene: ArrayScene, rule: DetectorRule, rounds: int) -> tuple[Detections, float, float]:
    """Return what is found, and median and best time of several rounds after the first."""
    found = detect(scene, rule, progress=ways.silent)
    spent = []
    for _ in range(rounds):
        begin = time.perf_counter()
        found = detect(scene, rule, progress=ways.silent)
        spent.append(time.perf_counter() - begin)
    return found, float(np.median(spent)), min(spent)


def in_memory(whole: ways.Granule, with_literal: bool, rounds: int) -> bool:
    found, seconds, best = timed(whole.scene(), ways.rule_of("viirs_i"), rounds)
    size = "×".join(str(n) for n in whole.rows.t4.shape[::-1])
    print(f"granule {size} in memory, {found.notes['candidates']:,} candidates, {len(found.pixels):,} fires")
    print(f"  geoaq, warm      {seconds:8.2f} s   best {best:.2f} s (goal {GOALS['granule']:g})", flush=True)
    if not with_literal:
        return True
    expected = ways.literal(whole)
    wrong = ways.unlike(found, expected)
    print(f"  the same classes and means: {not wrong}", *wrong[:3], sep="\n    " if wrong else "")
    ratio = expected.decide_s / seconds
    good = not wrong and ratio >= WANTED["literal"] and expected.growing >= WANTED["growing"]
    print(f"  literal, loop    {expected.decide_s:8.2f} s   x {ratio:6.1f} (wanted {WANTED['literal']:g})")
    print(f"  literal, masks   {expected.masks_s:8.2f} s   not counted")
    print(f"  windows that grew: {expected.growing:,} (wanted {WANTED['growing']:,}){told(good)}", flush=True)
    return good


def many(tiles: int, rows: int) -> bool:
    whole = ways.granule(tiles, shape=(rows, 6400))
    found, seconds, best = timed(whole.scene(), ways.rule_of("viirs_i"), 2)
    good = found.notes["candidates"] >= WANTED["many"] or rows < 6464
    print(f"{found.notes['candidates']:,} candidates (wanted {WANTED['many']:,}){told(good)}")
    print(f"  geoaq, warm      {seconds:8.2f} s   best {best:.2f} s (goal {GOALS['many']:g})", flush=True)
    return good


def segment() -> None:
    plain = ways.granule(0, shape=(1800, 2400))
    where = plain.places._replace(view_zenith=np.full_like(plain.places.view_zenith, 50.0))
    scene = ArrayScene(plain.rows, where, plain.times, satellite="himawari9", swath=False)
    found, seconds, best = timed(scene, ways.rule_of("ahi"), 5)
    print(f"AHI over China, 2400×1800 in memory, {found.notes['candidates']:,} candidates")
    print(f"  geoaq, warm      {seconds:8.2f} s   best {best:.2f} s (goal {GOALS['ahi']:g})", flush=True)


def child(what: str, folder: Path, python: str = sys.executable) -> dict[str, Any]:
    begin = time.perf_counter()
    command = [python, str(alone.ROOT / "benchmarks" / "detection_files.py"), what, str(folder)]
    there = {**os.environ, "PYTHONPATH": str(alone.ROOT)}  # another Python does not have geoaq installed
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=alone.ROOT, env=there)
    return {**json.loads(done.stdout.splitlines()[-1]), "whole": time.perf_counter() - begin}


def cold() -> None:
    child("first", alone.ROOT)
    spent = min(child("first", alone.ROOT)["whole"] for _ in range(2))
    print(f"a new process with machine code kept, to the fires of a small scene: {spent:.2f} s", end=" ")
    print(f"(goal {GOALS['cold']:g})", flush=True)


def from_files(whole: ways.Granule, folder: Path, satpy: str | None) -> bool:
    size = files.write_files(folder, whole)
    print(
        f"the same granule from files of {size / 1e6:,.0f} MB, each way in a process of its own, best of two"
    )
    del whole
    gc.collect()
    best: dict[str, dict[str, Any]] = {}
    for _ in range(2):
        for what in ("h5py", "rasterio", "detect"):
            seen = child(what, folder)
            if what not in best or seen["seconds"] < best[what]["seconds"]:
                best[what] = seen
    quick = best["detect"]
    for what, name in {"h5py": "reading, h5py", "rasterio": "reading, rasterio", "detect": "geoaq"}.items():
        seen = best[what]
        print(f"  {name:<18}{seen['seconds']:7.2f} s   peak {seen['peak_mb']:5.0f} MB", flush=True)
    by_gdal, by_h5py = (quick["seconds"] / best[what]["seconds"] for what in ("rasterio", "h5py"))
    good = by_h5py <= WANTED["reading"] and quick["peak_mb"] <= WANTED["peak_mb"]
    print(
        f"  geoaq takes {by_h5py:.2f} times what h5py takes to read (wanted {WANTED['reading']:g} or less),"
    )
    print(f"  and {by_gdal:.2f} times what rasterio takes")
    print(
        f"  {quick['result']:,} fires; peak wanted at most {WANTED['peak_mb']:g} MB{told(good)}", flush=True
    )
    if satpy:
        seen = child("satpy", folder, satpy)
        print(
            f"  satpy's reader    {seen['seconds']:7.2f} s   peak {seen['peak_mb']:5.0f} MB   I1-I5, angles"
        )
    return good


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiles", type=int, default=18, help="tiles of hard ground in the granule")
    parser.add_argument("--many", type=int, default=130, help="tiles for 200,000 candidates; 0 leaves it out")
    parser.add_argument("--rows", type=int, default=6464)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-literal", action="store_true")
    parser.add_argument("--no-files", action="store_true")
    parser.add_argument("--satpy", help="a Python with satpy, whose reader then reads the same files")
    asked = parser.parse_args()
    print(state(), flush=True)
    cold()
    whole = ways.granule(asked.tiles, shape=(asked.rows, 6400))
    good = [in_memory(whole, not asked.no_literal, asked.rounds)]
    if not asked.no_files:
        with tempfile.TemporaryDirectory() as folder:
            good.append(from_files(whole, Path(folder), asked.satpy))
    del whole
    gc.collect()
    if asked.many:
        good.append(many(asked.many, asked.rows))
        gc.collect()
    segment()
    print(state())
    print("the same fires, all as wanted" if all(good) else "NOT AS WANTED: see above")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
