"""The sights of the fire map, on the three days that a new installation shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from release.sights import Shown, is_phone, sheet

DRAWN = """() => window.room && room.fires.head && room.is_drawn() &&
  document.querySelector('#list tbody tr')"""

_PATIENCE_S = 180


def fire_map(page: Any, at: Shown) -> Iterator[str]:
    """Show the live fire map: list, pixel, footprints, ages, state of the data, own span, events, print."""
    _wait_for_days(page, at.address)
    page.goto(f"{at.address}/fires")
    page.wait_for_function(DRAWN)
    yield "fires"
    if is_phone(page):
        sheet(page, "")
        yield "fires-map"
        sheet(page, "layers")
        yield "fires-layers"
        sheet(page, "list")
    page.click("#list tbody tr >> nth=3")
    page.wait_for_selector("#why .fire-positions")
    page.wait_for_function(DRAWN)
    yield "fires-pixel"
    page.evaluate("room.select(null, 'list'); room.map.setView([44.14, 125.65], 11)")
    page.wait_for_function(DRAWN)
    yield "fires-footprints"
    page.evaluate("room.show_layer('fire_ages', true)")
    page.click(".fire-state > summary")
    page.wait_for_selector(".fire-state-body table")
    yield "fires-state"
    page.click(".fire-state > summary")
    page.click(".fire-own > summary")
    yield "fires-own-time"
    page.click(".fire-own > summary")
    page.click("#list .fire-tabs button >> nth=1")
    page.wait_for_function("() => !document.querySelector('#list').hasAttribute('aria-busy')")
    yield "fires-events"
    if is_phone(page):
        return  # its tools have no print preview
    page.evaluate("room.emit('preview')")
    page.wait_for_timeout(300)
    yield "fires-print"


def _wait_for_days(page: Any, address: str) -> None:
    """Wait until the server, which makes them ready beside its answers, shows the three days."""
    for _ in range(_PATIENCE_S):
        if page.request.get(f"{address}/fires/events.json").json()["rows"]:
            return  # they are judged, too
        page.wait_for_timeout(1000)
    raise RuntimeError("the days of the demonstration never came")
