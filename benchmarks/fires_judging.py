"""Ten million detections taken in and judged: rows a second, and memory beside the table itself.

``python benchmarks/fires_judging.py [--rows 1000000] [--where burning|anywhere]`` writes a synthetic year of
two satellites as FIRMS hands it out, one row in twenty repeated, takes it in and judges it, each in a process
of its own, stops the judging halfway and goes on, and judges once more, when nothing is to be done.
``burning``: fields of several detections within hours, and furnaces that are hot all the year; ``anywhere``:
detections that have nothing to do with each other, so that nearly each is an event: the worst there is. Needs
built layers (``geoaq layers build``).

The goal: at most 2 GB beside the table of all detections. The partition is compared with that of clustering
all detections at once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from fires_ingest import TABLE_ROW_BYTES, Rng, anywhere, write_list

WANTED_MB = 2000.0
_A_FIELD, _FURNACES, _FURNACE_SHARE = 8, 1500, 0.08
_BOX = (100.0, 22.0, 125.0, 45.0)


def burning(rng: Rng, own: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return detections in fields that burn for hours, and at furnaces."""
    hot = int(own * _FURNACE_SHARE)
    fields = max(1, (own - hot) // _A_FIELD)
    field = rng.integers(0, fields, own - hot)
    begin = rng.integers(0, 365 * 1440, fields)
    west, south, east, north = _BOX
    place = np.column_stack([rng.uniform(south, north, fields), rng.uniform(west, east, fields)])
    furnace = np.column_stack([rng.uniform(south, north, _FURNACES), rng.uniform(west, east, _FURNACES)])
    minute = np.concatenate(
        [begin[field] + rng.integers(0, 600, own - hot), rng.integers(0, 366 * 1440, hot)]
    )
    where = np.concatenate(
        [
            place[field] + rng.normal(0.0, 0.004, (own - hot, 2)),
            furnace[rng.integers(0, _FURNACES, hot)] + rng.normal(0.0, 0.0015, (hot, 2)),
        ]
    )
    return minute, where


def ingested(path: Path, folder: Path) -> dict[str, float]:
    """Take the list in."""
    from geoaq.catalog import Catalog
    from geoaq.flows.fires.ingest import ingest_files
    from geoaq.store.fires.store import FireStore

    start = time.perf_counter()
    with FireStore(folder) as store:
        product = Catalog.load().products["fire_list"]
        list(
            ingest_files(
                store, [path], product=product, source="synthetic", fetched_at=0, progress=lambda *_: None
            )
        )
        rows = sum(count[3] for count in store.manifest.counts())
    return {"rows": rows, "seconds": time.perf_counter() - start, "cpu_s": cpu_s(), "peak_mb": peak_mb()}


class _StoppedError(Exception):
    pass


def judged(path: Path, folder: Path) -> dict[str, float]:
    """Judge what is in the store; with ``half`` as the name of the list stop after half of the rows."""
    from geoaq.flows.fires.judging import judge
    from geoaq.flows.fires.rulebook import open_rulebook
    from geoaq.settings import data_dir
    from geoaq.store.fires.store import FireStore

    def told(step: str, done: int, total: int) -> None:
        print(f"\r{step} {done:,} of {total:,}   ", end="", file=sys.stderr, flush=True)
        if path.name == "half" and step == "fires_judging" and done > total / 2:
            raise _StoppedError

    start = time.perf_counter()
    book = open_rulebook(data_dir() / "layers", data_dir() / "cache" / "counties")
    with FireStore(folder) as store:
        rows = 0
        try:
            rows = judge(store, book, now=0, progress=told).rows
        except _StoppedError:
            rows = sum(entry.rows for entry in store.judged_entries())
    print(file=sys.stderr)
    return {"rows": rows, "seconds": time.perf_counter() - start, "cpu_s": cpu_s(), "peak_mb": peak_mb()}


def compared(_: Path, folder: Path) -> dict[str, float]:
    """Cluster all detections that are not static at once, and compare; return how many events differ."""
    from geoaq.catalog import Catalog
    from geoaq.fires.events import EventRule, cluster
    from geoaq.flows.fires.rulebook import read_table
    from geoaq.store.fires.store import FireStore

    rule = EventRule.from_table(read_table(Catalog.load().policy_dir / "fire_events.toml"))
    with FireStore(folder) as store:
        columns = ["kind", "acquired", "lon", "lat", "class", "event"]
        parts = [table.select(columns).to_pandas() for _, table in store.judged_days(0, 10**10)]
        alive = len(store.event_spans(0, 10**10))
    whole = pd.concat([part[part["class"] != "static"].astype({"event": object}) for part in parts])
    labels = cluster(whole.assign(kind="satellite"), rule=rule)
    pairs = pd.DataFrame({"label": labels, "event": whole["event"].to_numpy()}).drop_duplicates()
    events = int(labels.max(initial=-1)) + 1
    differ = (len(pairs) - events) + abs(events - alive) + (len(pairs) - pairs["event"].nunique())
    return {"rows": len(whole), "events": events, "differ": differ, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Return the most memory that this process has held so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_s() -> float:
    """Return the processor's time that this process has had, seconds: a busy machine does not stretch it."""
    return time.process_time()


def run(who: str, path: Path, folder: Path) -> dict[str, float]:
    """Let one step work in a process of its own."""
    command = [sys.executable, __file__, "--one", who, "--list", str(path), "--folder", str(folder)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, float] = json.loads(answer)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--where", choices=["burning", "anywhere"], default="burning")
    parser.add_argument("--one", choices=["ingested", "judged", "compared"], help=argparse.SUPPRESS)
    parser.add_argument("--list", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        way = {"ingested": ingested, "judged": judged, "compared": compared}[asked.one]
        print(json.dumps(way(asked.list, asked.folder)))
        return
    table = asked.rows * TABLE_ROW_BYTES / 1e6
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "fires.csv"
        write_list(path, asked.rows, shuffled=True, where=burning if asked.where == "burning" else anywhere)
        for step, who, word in (
            ("taken in", "ingested", path),
            ("judged, stopped halfway", "judged", folder / "half"),
            ("judged to the end", "judged", folder / "rest"),
            ("judged again", "judged", folder / "again"),
        ):
            found = run(who, word, folder / "data")
            rate = found["rows"] / found["seconds"]
            print(
                f"{step:24} {found['rows']:12,.0f} rows {found['seconds']:7.1f} s {rate:10,.0f} rows/s"
                f" (processor {found['cpu_s']:,.1f} s)"
                f"  peak {found['peak_mb']:6,.0f} MB ({found['peak_mb'] - table:+,.0f} MB beside the table)",
                flush=True,
            )
            worst = max(worst, found["peak_mb"] - table)
        same = run("compared", path, folder / "data")
    print(
        f"{same['rows']:,} loose detections in {same['events']:,} events; "
        f"{same['differ']:,} differ from clustering all at once"
    )
    if same["differ"] or worst > WANTED_MB:
        sys.exit(f"events that differ: {same['differ']}; memory beside the table: {worst:,.0f} MB")


if __name__ == "__main__":
    main()
