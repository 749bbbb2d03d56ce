"""Look at the maps of both jobs drawn from tiles, with loopback alone, and complain of whatever goes wrong.

Run in a network namespace: ``python -m tests.browser.tiles_visit DATA CHROMIUM``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.served import FLAGS, WIDE, serving, until, watched

JIANGYIN = (120.28, 31.86)
# Painted pixels of what is drawn from tiles and in sight, land apart.
INK = """() => { let n = 0; const copy = document.createElement("canvas");
  const ctx = copy.getContext("2d", { willReadFrequently: true });
  document.querySelectorAll("#map canvas.block").forEach(canvas => {
    const box = canvas.getBoundingClientRect(), sight = map.getContainer().getBoundingClientRect();
    if (map.getPane("land").contains(canvas) || box.left >= sight.right || box.right <= sight.left ||
      box.top >= sight.bottom || box.bottom <= sight.top) return;
    copy.width = copy.height = canvas.width;
    ctx.drawImage(canvas, 0, 0);
    const data = ctx.getImageData(0, 0, copy.width, copy.height).data;
    for (let i = 3; i < data.length; i += 16) if (data[i]) n++;
  });
  return n; }"""


def drawn(page: Any) -> None:
    """Wait until everything in sight is drawn."""
    until(page, "window.room && room.is_drawn && room.is_drawn()")


def look_at(page: Any, lon: float, lat: float, zoom: float) -> None:
    """Show a place at a zoom and wait until it is drawn."""
    page.evaluate("([lon, lat, zoom]) => map.setView([lat, lon], zoom, {animate: false})", [lon, lat, zoom])
    drawn(page)


def place(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Return where on the page a position is."""
    x, y = page.evaluate(
        """([lon, lat]) => { const at = map.latLngToContainerPoint([lat, lon]), box =
        map.getContainer().getBoundingClientRect(); return [at.x + box.left, at.y + box.top]; }""",
        [lon, lat],
    )
    return x, y


def tip(page: Any, lon: float, lat: float) -> str:
    """Return what is said where the pointer is put."""
    page.mouse.move(*place(page, lon, lat))
    return str(page.inner_text(".tip:not([hidden])"))


def visit(page: Any, address: str, job: str) -> None:
    """Look at the map of a job: names under the pointer at every scale, layers shown, faded and moved."""
    page.goto(f"{address}/{job}")
    drawn(page)
    page.evaluate("() => room.show_layer('chp_anchors', false)")  # a plant would answer first
    for zoom, name in (
        (5, "江苏省 无锡市"),
        (7, "江苏省 无锡市 江阴市"),
        (9.5, "江苏省 无锡市 江阴市"),
        (13, "江苏省 无锡市 江阴市"),
    ):
        look_at(page, JIANGYIN[0], JIANGYIN[1] - 1 / 2**zoom, zoom)
        said = tip(page, *JIANGYIN)
        assert said.endswith(name), (job, zoom, said)
    look_at(page, *JIANGYIN, 8)
    before = page.evaluate(INK)
    page.evaluate("() => room.show_layer('counties', false)")
    drawn(page)
    without = page.evaluate(INK)
    assert 0 < without < before, (job, before, without)
    assert tip(page, JIANGYIN[0] + 0.001, JIANGYIN[1]).endswith("江苏省 无锡市")
    page.evaluate("() => room.show_layer('counties', true)")
    drawn(page)
    assert page.evaluate(INK) == before
    page.evaluate("() => { room.set_opacity('counties', 0); room.set_order(['provinces', 'counties']); }")
    until(page, f"room.is_drawn() && ({INK})() < {before}")
    page.mouse.move(5, 5)
    page.wait_for_selector(".tip", state="hidden")


def main(data: Path, chromium: str) -> list[str]:
    """Return what went wrong."""
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    tiles: list[int] = []
    with serving(data) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = watched(browser.new_page(viewport=WIDE, locale="zh-CN"), address, complaints)
        page.on("response", lambda got: "/tiles/" in got.url and tiles.append(got.status))
        for job in ("heating", "border"):
            visit(page, address, job)
        browser.close()
    assert {200, 204} <= set(tiles) <= {200, 204, 304}, set(tiles)
    sys.stdout.write(f"tiles {len(tiles)}\n")
    return complaints


if __name__ == "__main__":
    wrong = main(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write("\n".join(wrong))
    sys.exit(1 if wrong else 0)
