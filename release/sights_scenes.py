"""Sights of the fire job beyond its map: an event, the bulletin, scenes searched for fires."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoaq.catalog import Catalog
from geoaq.flows.fires.detecting import detect_files
from geoaq.flows.fires.scene_sample import write_sample
from geoaq.store.scenes import Scenes
from release.sights import Shown, is_phone, sheet
from tests.browser.served import until

_SCENE = "window.room && room.scene && !room.scene.waiting() && room.scene.facts && room.is_drawn()"


def search_a_scene(data: Path, folder: Path) -> None:
    """Search a synthetic scene for fires and keep what was found where the pages show it.

    Parameters
    ----------
    data
        The server's data folder.
    folder
        Where the scene is written.
    """
    made = write_sample(folder, sensor="viirs_i", rows=128, seed=1, night=False)
    _, out = Scenes(data).new()
    detect_files(
        [made.scene], product=None, catalog=Catalog.load(), out=out, lang="zh", progress=lambda *_: None
    )  # fmt: skip


def reports(page: Any, at: Shown) -> Iterator[str]:
    """Show an event of the demonstration, and the bulletin of its days."""
    found = page.request.get(f"{at.address}/fires/events.json").json()["rows"]
    page.goto(at.address + found[0]["href"])
    page.wait_for_load_state("networkidle")
    yield "fires-event+"
    page.goto(f"{at.address}/fires/bulletin")
    page.wait_for_load_state("networkidle")
    yield "fires-bulletin+"


def scenes(page: Any, at: Shown) -> Iterator[str]:
    """Show the list of searched scenes, one on the map, and one of its fire pixels."""
    page.goto(f"{at.address}/fires/scenes")
    yield "fires-scenes"
    page.click("article.entry h2 a")
    until(page, _SCENE)
    yield "fires-scene"
    if is_phone(page):
        sheet(page, "")
        yield "fires-scene-map"
        sheet(page, "list")
    page.evaluate("room.select(room.scene.pixels.key[0], 'list')")
    page.wait_for_selector("#why .why-facts")
    until(page, "room.is_drawn()")
    yield "fires-scene-card"
