"""A hundred people pan and zoom over a screening of 100,000 boilers for a minute, on loopback.

``python benchmarks/users.py [--users 100] [--seconds 60] [--rows 100000]``. Each has one connection, looks at
5 × 4 tiles of provinces, counties and boilers, moves or zooms once in a second or so, and asks for what is
new, with the tag of what was seen before; one in three filters. The list is synthetic and screened first.
"""

from __future__ import annotations

import argparse
import random
import selectors
import subprocess
import sys
import tempfile
import time
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from screening import ROOT, write_listing
from tiles_served import Client, Counted, server

from geoaq.settings import data_dir
from geoaq.store.place import new_id
from geoaq.store.screenings import Screenings

PORT = 5204
WIDE, HIGH = 5, 4
SHALLOW, DEEP, BUILT_DEEP = 4, 13, 9
# Where people look: longitude and latitude.
PLACES = ((120.2, 30.3), (118.8, 32.0), (116.4, 39.9), (113.6, 34.7), (112.5, 37.9), (104.1, 30.7))
FILTERS = (
    "",
    "",
    "",
    "",
    "verdict=review",
    "verdict=applies&verdict=encouraged",
    "q=0123",
    "years=1990-2010",
)
# How many tiles a page keeps by itself, and how many the browser asks about again.
KEPT, KNOWN = 256, 2000


class User:
    """Somebody with a page open."""

    def __init__(self, number: int, client: Client, screening: str) -> None:
        self.chance = random.Random(number)
        self.client = client
        self.screening = screening
        self.filter = FILTERS[number % len(FILTERS)]
        self.zoom = self.chance.randint(5, 9)
        lon, lat = self.chance.choice(PLACES)
        side = 2**self.zoom
        self.x = int((lon + 180) / 360 * side)
        self.y = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * side)
        self.kept: OrderedDict[str, None] = OrderedDict()
        self.known: OrderedDict[str, str] = OrderedDict()
        self.wanted: list[str] = []
        self.asked = ""
        self.began = 0.0
        self.resumes = time.monotonic() + self.chance.uniform(0, 1.5)

    def move(self) -> None:
        """Pan by a tile or two, or zoom; now and then choose another filter."""
        turn = self.chance.random()
        if turn < 0.12 and self.zoom < DEEP:
            self.zoom, self.x, self.y = self.zoom + 1, 2 * self.x + 1, 2 * self.y + 1
        elif turn < 0.24 and self.zoom > SHALLOW:
            self.zoom, self.x, self.y = self.zoom - 1, self.x // 2, self.y // 2
        elif turn < 0.26:
            self.filter = self.chance.choice(FILTERS)
        else:
            self.x += self.chance.choice((-2, -1, 0, 1, 2))
            self.y += self.chance.choice((-1, 0, 1))
        side = 2**self.zoom
        self.x, self.y = min(max(self.x, 0), side - WIDE), min(max(self.y, 0), side - HIGH)

    def look(self) -> None:
        """Find out which tiles of the view are not on the page."""
        query = f"?{self.filter}" if self.filter else ""
        paths: dict[str, None] = {}
        for x in range(self.x, self.x + WIDE):
            for y in range(self.y, self.y + HIGH):
                up = max(0, self.zoom - BUILT_DEEP)
                built = f"{self.zoom - up}/{x >> up}/{y >> up}.mvt"
                paths[f"/tiles/provinces/{built}"] = None
                paths[f"/tiles/counties/{built}"] = None
                paths[f"/screenings/{self.screening}/tiles/{self.zoom}/{x}/{y}.mvt{query}"] = None
        self.wanted = [path for path in paths if path not in self.kept]
        self.began = time.perf_counter()

    def ask(self) -> bool:
        """Ask for the next tile; say whether there was one."""
        if not self.wanted:
            return False
        self.asked = self.wanted.pop()
        self.client.ask(self.asked, self.known.get(self.asked, ""))
        return True

    def got(self, tag: str) -> None:
        """Keep a tile."""
        for store, value, most in ((self.kept, None, KEPT), (self.known, tag, KNOWN)):
            store[self.asked] = value  # type: ignore[index]
            store.move_to_end(self.asked)
            if len(store) > most:
                store.popitem(last=False)


def screened(rows: int, data: Path) -> str:
    """Screen a synthetic list, put it in place, and return its id."""
    one = new_id()
    made = data / "staging" / f"bench-{one}"
    write_listing(data / "list.csv", rows)
    command = [sys.executable, "-m", "geoaq", "screen", "boilers", str(data / "list.csv"), "--out", str(made)]
    subprocess.run([*command, "--formats", "csv,parquet"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    Screenings(data).put(one, made, filename="合成示例.csv", created=datetime.now(UTC))
    return one


def browse(users: list[User], seconds: float) -> tuple[Counted, list[float], int]:
    """Let everybody move; return what was answered, seconds of each view, and how many connections broke."""
    counted, views, broken = Counted(), [], 0
    until = time.monotonic() + seconds
    resting = list(users)
    with selectors.DefaultSelector() as waiting:
        for user in users:
            waiting.register(user.client.socket, selectors.EVENT_READ, user)
        while (now := time.monotonic()) < until:
            for user in [one for one in resting if one.resumes <= now]:
                user.look()
                resting.remove(user)
                if not user.ask():
                    _rest(user, resting)
            for key, _ in waiting.select(0.005):
                user = key.data
                try:
                    answer = user.client.heard(counted)
                except OSError:
                    broken += 1
                    waiting.unregister(user.client.socket)
                    continue
                if answer is None:
                    continue
                user.got(answer[0])
                if not user.ask():
                    views.append(time.perf_counter() - user.began)
                    _rest(user, resting)
    return counted, views, broken


def _rest(user: User, resting: list[User]) -> None:
    user.move()
    user.resumes = time.monotonic() + user.chance.uniform(0.5, 1.5)
    resting.append(user)


def shown(seconds: list[float]) -> str:
    p50, p95, p99 = np.quantile(np.array(seconds) * 1000, (0.5, 0.95, 0.99))
    return f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rows", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "layers").symlink_to(data_dir().absolute() / "layers")
        (data / "staging").mkdir()
        screening = screened(asked.rows, data)
        with server(PORT, data) as process:
            users = [User(number, Client(PORT), screening) for number in range(asked.users)]
            counted, views, broken = browse(users, asked.seconds)
            memory = Path(f"/proc/{process}/status").read_text("utf-8")
    peak = next(line.split(":")[1].strip() for line in memory.splitlines() if line.startswith("VmHWM"))
    errors = broken + sum(
        count for status, count in counted.statuses.items() if status not in {200, 204, 304}
    )
    n = len(counted.seconds)
    print(
        f"{asked.users} users, {asked.seconds:.0f} s, {asked.rows:,} boilers: {n:,} requests, errors {errors}"
    )
    print(f"{n / asked.seconds:,.0f}/s, {counted.size / 1e6:,.0f} MB; by status {counted.statuses}")
    print(f"a request: {shown(counted.seconds)}; a view of {len(views):,}: {shown(views)}")
    print(f"largest memory of the server: {peak}")


if __name__ == "__main__":
    main()
