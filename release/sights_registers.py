"""Sights of what an office keeps for the fire job: static sources, zones and permits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from release.sights import Shown
from tests.browser.served import until


def registers(page: Any, at: Shown) -> Iterator[str]:
    """Show the registers of the fire job: static sources, zones with their form and one with its versions."""
    page.goto(f"{at.address}/fires/static")
    page.wait_for_selector("#list .bar b")
    until(page, "!room.sources.waiting() && room.is_drawn()")
    yield "fires-static"
    page.goto(f"{at.address}/fires/zones")
    page.wait_for_selector(".zone-add")
    if not page.query_selector("#list tbody tr"):
        _zone(page, at.address)
        page.reload()
    page.wait_for_selector("#list tbody tr")
    until(page, "!room.zones.waiting() && room.is_drawn()")
    yield "fires-zones"
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    until(page, "room.is_drawn()")
    yield "fires-zones-card"
    page.click("#why .actions button")
    yield "fires-zones-form+"


def _zone(page: Any, address: str) -> None:
    """Keep a zone that cites no text."""
    fields = {
        "kind": "straw", "class": "ban", "name": "示例禁烧区", "first": "2024-10-01", "by": "示例",
        "bare": "on", "shape": "117.0,33.6;117.3,33.6;117.3,33.8;117.0,33.8",
    }  # fmt: skip
    token = page.evaluate("() => document.querySelector('meta[name=csrf-token]').content")
    headers = {"X-CSRFToken": token, "Accept": "application/json", "Origin": address}
    page.request.post(f"{address}/fires/zones", headers=headers, multipart=fields)
