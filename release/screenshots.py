"""Take every page of both jobs, in both languages and at three sizes, into ``dist/screenshots``.

Nothing is judged here: the pictures are there to be looked at, side by side in ``index.html``. The server
runs on loopback with a folder of its own and synthetic lists.
"""

from __future__ import annotations

import argparse
import html
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from release.sights import SIGHTS, Shown, prepare
from release.sights_fires import fire_map
from release.sights_registers import registers
from release.sights_scenes import reports, scenes, search_a_scene
from tests.browser.served import FLAGS, WIDE, serving

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "dist" / "screenshots"
SIZES = {"desktop": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}
EVERY = (*SIGHTS, fire_map, registers, reports, scenes)
LANGS = {"zh": "zh-CN", "en": "en-GB"}
# Of a long page this much is shown; the rest looks the same.
TALLEST_PX = 3000


def take(browser: Any, shown: Shown, lang: str, size: str, only: set[str]) -> list[str]:
    """Take the pictures of one language and size; return what went wrong."""
    width, height = SIZES[size]
    from playwright.sync_api import Error

    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=LANGS[lang], has_touch=size == "phone"
    )
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "lang", "value": lang, "url": shown.address}])
    wrong = []
    for sight in EVERY:
        if only and sight.__name__ not in only:
            continue
        page = context.new_page()
        try:
            for name in sight(page, shown):
                whole = name.endswith("+")
                target = OUT / f"{name.rstrip('+')}-{lang}-{size}.png"
                tall = (
                    min(TALLEST_PX, page.evaluate("document.documentElement.scrollHeight"))
                    if whole
                    else height
                )
                if whole:
                    page.set_viewport_size({"width": width, "height": max(height, tall)})
                page.screenshot(path=target, animations="disabled")
                if whole:
                    page.set_viewport_size({"width": width, "height": height})
        except Error as error:
            # One state that does not come about must not cost the pictures of all others.
            page.screenshot(path=OUT / f"wrong-{sight.__name__}-{lang}-{size}.png")
            wrong.append(f"{sight.__name__} {lang} {size}: {error}")
        page.close()
    context.close()
    return wrong


def index() -> None:
    """Write the page of thumbnails, one row a state."""
    names = sorted({path.name.rsplit("-", 2)[0] for path in OUT.glob("*.png")})
    columns = [(lang, size) for size in SIZES for lang in LANGS]
    rows = []
    for name in names:
        cells = []
        for lang, size in columns:
            file = f"{name}-{lang}-{size}.png"
            there = (OUT / file).exists()
            cells.append(
                f"<td>{f'<a href={file!r}><img src={file!r} loading=lazy></a>' if there else ''}</td>"
            )
        rows.append(f"<tr><th>{html.escape(name)}</th>{''.join(cells)}</tr>")
    heads = "".join(f"<th>{size} {lang}</th>" for lang, size in columns)
    style = "body{font:13px sans-serif}th{text-align:left}th,td{vertical-align:top}img{width:220px}"
    text = f"<!doctype html><meta charset=utf-8><title>geoaq</title><style>{style}</style>"
    (OUT / "index.html").write_text(f"{text}<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>", "utf-8")


def main() -> None:
    """Serve, put lists in, take the pictures, write the page of thumbnails."""
    parser = argparse.ArgumentParser(description="Take every page; see `make help`.")
    parser.add_argument(
        "--only", nargs="*", default=[], help="sights: " + " ".join(s.__name__ for s in EVERY)
    )
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--langs", nargs="*", default=list(LANGS), choices=list(LANGS))
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("needs chromium (Debian package chromium)")
    started = time.perf_counter()
    if not asked.only:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    wrong = []
    with tempfile.TemporaryDirectory() as held, sync_playwright() as driver:
        folder = Path(held)
        (folder / "data").mkdir()
        (folder / "data" / "layers").symlink_to(ROOT / "data" / "layers")
        search_a_scene(folder / "data", folder / "scene")
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        with serving(folder / "data", demonstration=True) as address:
            page = browser.new_page(viewport=WIDE, locale="zh-CN")
            shown = prepare(page, address, folder)
            page.close()
            print(f"lists are in after {time.perf_counter() - started:.0f} s", flush=True)
            for size in asked.sizes:
                for lang in asked.langs:
                    wrong += take(browser, shown, lang, size, set(asked.only))
                    print(f"{size} {lang}: {time.perf_counter() - started:.0f} s", flush=True)
        browser.close()
    index()
    print(f"{len(list(OUT.glob('*.png')))} pictures: {OUT.relative_to(ROOT)}/index.html")
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
