"""The map in a browser: 2,900 counties and 100,000 points in view, beside folium's own page of the counties.

``python benchmarks/client.py [--points 100000]`` starts a server of its own, screens a synthetic list, opens
its map in Chromium at a zoom where the whole country is in sight and every county is drawn, and prints the
milliseconds to the first whole picture, those between the frames of a pan by hand, and the heap after it.
Requests elsewhere, failed ones, script errors and breaches of the policy are counted: there should be none.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from client_ways import answer_parts, listing, peer_page
from page import Visitor, server

from geoaq.settings import data_dir

WIDE = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--enable-precise-memory-info"]  # fmt: skip
PANS, STEPS, REACH = 6, 30, 340
# Ours is whole when every tile in sight and every sign is painted; the peer when its features are on the map.
WHOLE = "() => Boolean(window.room && room.kind && room.is_drawn())"
PEER_WHOLE = "() => Boolean(document.querySelector('.leaflet-overlay-pane canvas'))"
WATCH = """
document.addEventListener('securitypolicyviolation', e => console.error('policy ' + e.violatedDirective));
window.frames_ms = [];
window.whole_ms = null;
(function frame(before) {
  requestAnimationFrame(now => {
    if (window.counting) frames_ms.push(now - before);
    if (whole_ms === null && (WHOLE)()) whole_ms = performance.now();
    frame(now);
  });
})(performance.now());
"""


class Faults:
    """What went wrong on a page, counted."""

    def __init__(self, page: Any, home: str) -> None:
        self.outside = self.failed = self.errors = self.breaches = 0
        page.on("request", lambda one: self._count("outside", not one.url.startswith(f"{home}/")))
        page.on("requestfailed", lambda one: self._count("failed", "ERR_ABORTED" not in str(one.failure)))
        page.on("response", lambda one: self._count("failed", one.status >= 400))
        page.on("pageerror", lambda _: self._count("errors", True))
        page.on("console", self._said)

    def _count(self, name: str, bad: bool) -> None:
        setattr(self, name, getattr(self, name) + int(bad))

    def _said(self, one: Any) -> None:
        self._count("breaches" if one.text.startswith("policy ") else "errors", one.type == "error")

    def __str__(self) -> str:
        return (
            f"outside requests {self.outside}, failed {self.failed}, script errors {self.errors}, "
            f"policy violations {self.breaches}"
        )


def wait_until(page: Any, condition: str, seconds: float = 120) -> None:
    """Ask from outside until it holds: the page's policy allows no eval of its own."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise SystemExit(f"never came true: {condition}")
        page.wait_for_timeout(50)


def pan(page: Any) -> list[float]:
    """Drag the map to and fro by hand; return the milliseconds between frames meanwhile."""
    page.evaluate("() => { frames_ms.length = 0; counting = true; }")
    for turn in range(PANS):
        x, y = (1000, 240) if turn % 2 == 0 else (1000 - REACH, 240 + REACH // 4)
        sense = -1 if turn % 2 == 0 else 1
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, STEPS + 1):
            page.mouse.move(x + sense * REACH * step / STEPS, y - sense * REACH / 4 * step / STEPS)
            page.wait_for_timeout(12)
        page.mouse.up()
        page.wait_for_timeout(350)
    return list(page.evaluate("() => { counting = false; return frames_ms; }"))


def heap_mb(page: Any) -> tuple[float, float]:
    """Return the script heap as it is, and after what is not used any more was given back."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def used() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "JSHeapUsedSize") / 1e6

    before = used()
    devtools.send("HeapProfiler.collectGarbage")
    return before, used()


def show(browser: Any, title: str, home: str, path: str, whole: str, prepare: Callable[[Any], None]) -> None:
    """Open a page, time its first picture and its pans, and print a line."""
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    faults = Faults(page, home)
    page.add_init_script(WATCH.replace("WHOLE", whole))
    prepare(page)
    page.goto(home + path)
    wait_until(page, "() => whole_ms !== null")
    first = page.evaluate("() => whole_ms")
    page.wait_for_load_state("networkidle")
    frames = sorted(pan(page))
    wait_until(page, whole)
    used, kept = heap_mb(page)
    slow = frames[int(len(frames) * 0.95)]
    print(
        f"{title}: first picture {first:.0f} ms, pan p50 {median(frames):.0f} ms p95 {slow:.0f} ms "
        f"(longest {frames[-1]:.0f} of {len(frames)}), heap {used:.0f} MB, after collection {kept:.0f} MB"
    )
    if home.startswith("http://127"):
        print(f"  {faults}")
    page.close()


# Counties are drawn from zoom 6: here from the first one on. The layer's spec is changed in the page as it is
# handed over: to catch the request that brings it would send every request of the page through this program.
COUNTIES = """
let client;
Object.defineProperty(window, 'geoaq', { get: () => client, set: given => {
  let add;
  client = given;
  Object.defineProperty(given, 'add_layers', { set: found => { add = found; }, get: () => (room, options) => {
    options.layers.find(layer => layer.id === 'counties').min_zoom = null;
    return add(room, options);
  } });
} });
"""


def with_counties(page: Any) -> None:
    """Ask for every county from the first zoom on."""
    page.add_init_script(COUNTIES)


def with_parts(page: Any) -> None:
    """Give folium's page what it asks for outside from this machine."""
    page.route(re.compile("^https?://"), answer_parts)


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description="Time the map in a browser.")
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    layers = data_dir() / "layers"
    with tempfile.TemporaryDirectory() as name, server() as home, sync_playwright() as driver:
        listed = Path(name) / "boilers.csv"
        listing(listed, layers, options.points)
        visitor = Visitor(home)
        visitor.wait_for_server()
        started = visitor.upload(listed, "/heating")
        visitor.wait_for(started, files=True)
        count = peer_page(Path(name) / "peer.html", layers)
        browser = driver.chromium.launch(executable_path=options.chromium, args=FLAGS)
        path = f"/screenings/{started['id']}#map=5/36/108"
        ours = f"geoaq, {count} counties and {options.points} points"
        for turn in ("first visit", "again"):
            show(browser, f"{ours}, {turn}", home, path, WHOLE, with_counties)
        title = f"folium.GeoJson, {count} counties, no points"
        show(browser, title, Path(name).as_uri(), "/peer.html", PEER_WHOLE, with_parts)
        browser.close()


if __name__ == "__main__":
    main()
