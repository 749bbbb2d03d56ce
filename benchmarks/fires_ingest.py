"""Detections into the store: rows a second and peak memory, against pandas on the same file.

``python benchmarks/fires_ingest.py [--rows 1000000] [--shuffled]`` writes a synthetic csv as FIRMS hands them
out (two satellites, a year, one row in twenty repeated), takes it in by the flow of ``geoaq fires ingest``,
and has pandas do the same in the usual way: ``read_csv``, ``drop_duplicates``, ``to_parquet`` a satellite and
day. Each works in a process of its own. Rows and sums of both are compared first; what pandas does not do
(levels, a state that no order changes, a commit that a crash cannot halve) is not taken off.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

TABLE_ROW_BYTES = 90
_AT_ONCE = 1_000_000


Rng = np.random.Generator
# Returns minutes of the year and places (lat, lon) of so many detections.
Where = Callable[[Rng, int], tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]


def anywhere(rng: Rng, own: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return detections that have nothing to do with each other: hardly two are one event."""
    minute = rng.integers(0, 366 * 1440, own)
    return minute, np.column_stack([rng.uniform(18, 53, own), rng.uniform(74, 135, own)])


def write_list(path: Path, rows: int, *, shuffled: bool, where: Where = anywhere) -> None:
    """Write detections as FIRMS prints them, in the order of time unless shuffled."""
    rng = np.random.default_rng(20_240_301)
    own = rows - rows // 20
    minute, place = where(rng, own)
    order = np.argsort(minute, kind="stable")
    minute, place = minute[order], place[order].round(5)
    repeated = rng.integers(0, own, rows - own)
    chosen = np.sort(np.concatenate([np.arange(own), repeated]))
    if shuffled:
        rng.shuffle(chosen)
    satellite = rng.choice(np.array(["N", "N20"]), own)
    power = rng.gamma(1.2, 6.0, own).round(2)
    bright = rng.uniform(300, 366, own).round(2)
    side = rng.choice(np.array([0.38, 0.39, 0.43, 0.5, 0.62, 0.77]), (own, 2))
    day0 = np.datetime64("2024-01-01", "D")
    with path.open("wb") as file:
        for at in range(0, rows, _AT_ONCE):
            i = chosen[at : at + _AT_ONCE]
            clock = minute[i] % 1440
            number = pa.array(clock // 60 * 100 + clock % 60)
            table = pa.table(
                {
                    "latitude": place[i, 0],
                    "longitude": place[i, 1],
                    "bright_ti4": bright[i],
                    "scan": side[i, 0],
                    "track": side[i, 1],
                    "acq_date": pa.array((day0 + minute[i] // 1440).astype(str)),
                    "acq_time": pc.utf8_lpad(pc.cast(number, pa.string()), 4, "0"),
                    "satellite": satellite[i],
                    "instrument": pa.array(["VIIRS"] * len(i)),
                    "confidence": pa.array(["n"] * len(i)),
                    "version": pa.array(["2.0NRT"] * len(i)),
                    "bright_ti5": (bright[i] - 30).round(2),
                    "frp": power[i],
                    "daynight": pa.array(np.where(clock < 660, "D", "N")),
                }
            )
            pacsv.write_csv(table, file, pacsv.WriteOptions(include_header=at == 0, quoting_style="none"))


def by_geoaq(path: Path, folder: Path) -> dict[str, float]:
    """Take the list in; return rows and sums of what is visible."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.ingest import ingest_files
    from geoaq.store.fires.store import FireStore

    product = Catalog.load().products["fire_list"]
    with FireStore(folder) as store:
        start = time.perf_counter()
        list(
            ingest_files(
                store, [path], product=product, source="synthetic", fetched_at=0, progress=lambda *_: None
            )
        )
        seconds, peak = time.perf_counter() - start, peak_mb()
        count, power, days = 0, 0.0, set()
        for place, table in store.visible_days(0, 10**10):
            count += table.num_rows
            power += pc.sum(pc.cast(table.column("frp_mw"), pa.float64())).as_py()
            days.add(place)
    return {"seconds": seconds, "peak_mb": peak, "rows": count, "power": power, "parts": len(days)}


def by_pandas(path: Path, folder: Path) -> dict[str, float]:
    """Do the same with pandas."""
    import pandas as pd

    start = time.perf_counter()
    frame = pd.read_csv(path).drop_duplicates(["satellite", "acq_date", "acq_time", "latitude", "longitude"])
    parts = 0
    for (satellite, day), some in frame.groupby(["satellite", "acq_date"]):
        some.to_parquet(folder / f"{satellite}-{day}.parquet", index=False)
        parts += 1
    seconds = time.perf_counter() - start
    power = float(frame["frp"].sum())
    return {
        "seconds": seconds, "peak_mb": peak_mb(), "rows": len(frame), "power": power, "parts": parts,
    }  # fmt: skip


def peak_mb() -> float:
    """Return the most memory that this process has held so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(who: str, path: Path) -> dict[str, float]:
    """Let one of the two work in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--one", who, "--list", str(path), "--folder", folder]
        found: dict[str, float] = json.loads(
            subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--one", choices=["geoaq", "pandas"], help=argparse.SUPPRESS)
    parser.add_argument("--list", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps({"geoaq": by_geoaq, "pandas": by_pandas}[asked.one](asked.list, asked.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fires.csv"
        write_list(path, asked.rows, shuffled=asked.shuffled)
        print(f"{asked.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB of csv")
        ours, theirs = run("geoaq", path), run("pandas", path)
    same = all(ours[name] == theirs[name] for name in ("rows", "parts"))
    if not same or abs(ours["power"] - theirs["power"]) > 1e-6 * theirs["power"]:
        sys.exit(f"the two disagree: {ours} {theirs}")
    print(f"the same {ours['rows']:,} rows in {ours['parts']:,} files")
    table = asked.rows * TABLE_ROW_BYTES / 1e6
    for name, found in (("geoaq", ours), ("pandas", theirs)):
        rate = asked.rows / found["seconds"]
        print(
            f"{name:7} {found['seconds']:7.1f} s  {rate:10,.0f} rows/s  peak {found['peak_mb']:7,.0f} MB"
            f"  ({found['peak_mb'] - table:+,.0f} MB beside a table of {table:,.0f} MB)"
        )
    times, memory = theirs["seconds"] / ours["seconds"], theirs["peak_mb"] / ours["peak_mb"]
    print(f"pandas to geoaq: {times:.2f} × the time, {memory:.2f} × the memory")


if __name__ == "__main__":
    main()
