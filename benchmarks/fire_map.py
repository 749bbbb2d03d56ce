"""The live fire map over ten years of pixels: from a commit in the store to a tile that shows it.

``python benchmarks/fire_map.py [--pixels 10000000]`` takes synthetic pixels of two satellites into a store of
its own, makes the map's source of it, and prints how long that takes, how long until what is added today is
seen, until an old day that was replaced is, and what tiles, counts and the list take. What a tile holds is
compared with a recount of the store first.
"""

from __future__ import annotations

import argparse
import logging
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.catalog import Catalog
from geoaq.frames import FIRE_PIXELS, NRT, SP, IssueLog, fire_keys
from geoaq.store.fires.store import FireStore
from geoaq.tiles import live, tally
from geoaq.tiles.filters import Filters
from geoaq.tiles.mercator import Address
from web.fire_room import FireRoom

DAY = 86_400
LAST = 20_700
YEARS = 10
AT_ONCE = 1_000_000
ADDED = 500
TILES = (Address(4, 13, 6), Address(5, 26, 12), Address(7, 107, 51), Address(9, 428, 207))
PATIENCE_S = 3600.0


@dataclass(frozen=True)
class Batch:
    """What a reader hands over."""

    frame: pd.DataFrame
    extra: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"key": [], "data": []}))
    issues: IssueLog = field(default_factory=IssueLog)


def pixels(rng: np.random.Generator, n: int, first: int, end: int, level: int = NRT) -> pd.DataFrame:
    """Return so many pixels of the days ``first`` to ``end``, round 20,000 places."""
    places = np.random.default_rng(1).uniform((100, 22), (124, 45), (20_000, 2))
    lon, lat = (places[rng.integers(0, len(places), n)] + rng.normal(0, 0.1, (n, 2))).T.round(5)
    frame = pd.DataFrame(
        {
            "satellite": pd.Categorical.from_codes(rng.integers(0, 2, n), ["snpp", "noaa20"]),
            "kind": pd.Categorical.from_codes(np.zeros(n, int), ["satellite"]),
            "acquired": rng.integers(first * DAY, end * DAY, n),
            "lon": lon,
            "lat": lat,
            "scan_km": rng.uniform(0.32, 0.8, n).round(2),
            "track_km": rng.uniform(0.36, 0.78, n).round(2),
            "t4_k": rng.uniform(300, 366, n),
            "t11_k": np.nan,
            "frp_mw": rng.gamma(1.2, 6.0, n),
            "confidence": rng.integers(0, 3, n),
            "confidence_pct": -1,
            "daynight": 1,
            "fire_type": -1,
            "level": level,
            "saturated": False,
            "number": pd.Categorical.from_codes(np.zeros(n, int), [""]),
            "deadline": -1,
        }
    )
    frame["key"] = fire_keys(frame["satellite"], frame["acquired"].to_numpy(), lon, lat)
    return frame.astype(FIRE_PIXELS.dtypes)[list(FIRE_PIXELS.dtypes)]


def take(store: FireStore, name: str, frames: Callable[[], Iterator[pd.DataFrame]]) -> None:
    store.ingest(
        lambda: map(Batch, frames()), sha256=name.ljust(64, "0"), name=name, source="synthetic",
        fetched_at=0, progress=lambda *_: None,
    )  # fmt: skip


def whole(room: FireRoom) -> float:
    """Wait until the map shows what the store holds; return how long that took, seconds."""
    start = time.perf_counter()
    while not room.current(PATIENCE_S)[1]:
        if time.perf_counter() - start > PATIENCE_S:
            raise SystemExit("the map never caught up")
    return time.perf_counter() - start


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    work()
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return float(np.median(took)) * 1000


def require_same(room: FireRoom) -> None:
    """Compare a month of one tile with a recount of the store."""
    tile, since = TILES[1], (LAST - 30) * DAY
    frame = room.store.visible(since, (LAST + 1) * DAY)
    x = np.floor((frame["lon"] / 360 + 0.5) * 2**tile.z)
    y = np.floor((0.5 - np.arctanh(np.sin(np.radians(frame["lat"]))) / (2 * np.pi)) * 2**tile.z)
    found = room.tiles().points_in_tile(tile, Filters(since=since), limit=10**7)
    wanted = int(((x == tile.x) & (y == tile.y)).sum())
    if len(found.x) != wanted:
        raise SystemExit(f"{tile} holds {len(found.x):,} pixels, a recount of the store finds {wanted:,}")


def asked(room: FireRoom) -> None:
    source = room.tiles()
    spans = {"24 hours": LAST * DAY, "90 days": (LAST - 90) * DAY, "ten years": None}
    for name, since in spans.items():
        filters = Filters(since=since)
        tiles = [
            milliseconds(lambda tile=tile, filters=filters: live.encoded(source, tile, filters))
            for tile in TILES
        ]
        counted = milliseconds(
            lambda filters=filters: tally.tally(source, filters, ("class", "satellite", "region")), 3
        )
        page = milliseconds(
            lambda filters=filters: tally.listed(
                source, filters, sort="frp", descending=True, offset=0, limit=50
            ),
            3,
        )
        told = ", ".join(f"z{tile.z} {took:.1f}" for tile, took in zip(TILES, tiles, strict=True))
        print(f"{name:10} tiles {told} ms; counts {counted:.0f} ms; page by power {page:.0f} ms")
    print(f"days of all time: {milliseconds(lambda: tally.days(source, Filters()), 3):.0f} ms")


def changed(room: FireRoom, rng: np.random.Generator) -> None:
    """Time what is added today, and an old day that the archive replaces."""
    took = []
    for at in range(5):
        fresh = pixels(rng, ADDED, LAST, LAST + 1)
        before = len(room.tiles())
        take(room.store, f"fresh{at}", lambda fresh=fresh: iter([fresh]))
        took.append(whole(room))
        if len(room.tiles()) != before + ADDED:
            raise SystemExit("what was added is not seen")
    print(
        f"{ADDED} pixels of today: seen {np.median(took):.2f} s after their commit (worst {max(took):.2f} s)"
    )
    for years in (0.2, 5):
        old = LAST - int(365 * years)
        take(room.store, f"archive{years}", lambda old=old: iter([pixels(rng, 3000, old, old + 1, SP)]))
        served: list[float] = []
        stop = threading.Event()

        def serve(served: list[float] = served, stop: threading.Event = stop) -> None:
            while not stop.is_set():
                served.append(milliseconds(lambda: room.tiles().points_in_tile(TILES[2]), 1))

        server = threading.Thread(target=serve)
        server.start()
        again = whole(room)
        stop.set()
        server.join()
        told = f"tiles of the former state meanwhile {np.median(served):.1f} ms"
        print(f"a day replaced {years} years ago: seen after {again:.2f} s; {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pixels", type=int, default=10_000_000)
    count = parser.parse_args().pixels
    rng = np.random.default_rng(2)
    with tempfile.TemporaryDirectory() as held:
        room = FireRoom(Path(held), Catalog.load().data_dir, logging.getLogger("bench"))
        first = LAST + 1 - 365 * YEARS

        def frames() -> Iterator[pd.DataFrame]:
            for at in range(0, count, AT_ONCE):
                yield pixels(rng, min(AT_ONCE, count - at), first, LAST + 1)

        start = time.perf_counter()
        take(room.store, "all", frames)
        print(f"{count:,} pixels of {YEARS} years in the store after {time.perf_counter() - start:.0f} s")
        seen = time.perf_counter()
        room.current(0.0)
        while not len(room.tiles()):
            time.sleep(0.01)
        told = f"the newest day is seen after {time.perf_counter() - seen:.2f} s"
        whole(room)
        took = time.perf_counter() - seen
        folder = Path(held) / "cache" / "tiles"
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"made from nothing in {took:.1f} s ({told}), {size / 1e6:,.0f} MB on disk", flush=True)
        require_same(room)
        asked(room)
        changed(room, rng)
        room.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"largest memory of this process: {memory:.2f} GB")


if __name__ == "__main__":
    main()
