"""The sights of `release/screenshots.py`: what is put in beforehand, and each page in each of its states.

A sight brings one browser page into a state and yields the name of the picture to take, with a ``+`` where
the page is to be shown to its end. Every list here is synthetic.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoaq.io.samples import write_sample
from tests.browser.served import screen_one_project, screen_through_the_page

PHONE_PX = 760
NETWORK = [[[120.2, 31.8], [121.1, 31.0], [120.9, 30.7], [120.4, 30.6], [119.9, 31.1], [120.2, 31.8]]]
READY = "() => window.room && (room.head || !room.has_screening()) && room.is_drawn()"
RASTERS = """() => document.querySelectorAll('.raster-tiles .leaflet-tile-loaded').length > 1 &&
  !document.querySelector('.raster-tiles .leaflet-tile:not(.leaflet-tile-loaded)')"""


@dataclass
class Shown:
    """Addresses of what was put in."""

    address: str
    boilers: str
    earlier: str
    projects: str
    project: str
    key: str
    standalone: Path
    noise: Path


def prepare(page: Any, address: str, folder: Path) -> Shown:
    """Screen lists of boilers and projects through the pages, and leave traces on every other page.

    Parameters
    ----------
    page
        A page of a browser that reads Chinese.
    address
        The server.
    folder
        Where the lists are written.
    """
    first, second, third = (folder / name for name in ("锅炉清单.xlsx", "锅炉清单（修订）.xlsx", "试算.csv"))
    write_sample(first, 240, seed=5)
    _revised(first, second)
    write_sample(third, 12, seed=9)
    (folder / "noise.xlsx").write_bytes(b"PK\x03\x04" + bytes(2000))
    shown = []
    for listed in (third, first, second):
        screen_through_the_page(page, address, listed)
        shown.append(page.url.split("#")[0])
    gone, earlier, boilers = shown
    standalone = folder / "map.html"
    standalone.write_bytes(page.request.get(f"{boilers}/files/map.html").body())
    page.goto(f"{address}/screenings")
    _posted(page, f"{gone}/delete")
    notes = "修订了三台锅炉的容量，补充了新投运锅炉。"
    _posted(page, f"{boilers}/describe", title="锅炉清单（修订）", notes=notes)
    _add_layer(page, address, folder / "热力管网.geojson")
    screen_one_project(page, address)
    project, key = page.url.split("#")[0], page.evaluate("room.selected")
    page.goto(f"{project}/subjects/{key}/follow-up")
    for event, day in (("sent", "2026-09-01"), ("answered", "2026-10-20")):
        code = page.locator("select[name=consultee] option").first.get_attribute("value")
        said = {"consultee": code, "event": event, "day": day, "bureau": "province", "note": "示例"}
        _posted(page, page.url, **said, deadline="2026-10-01" if event == "sent" else "")
    (folder / "项目清单.csv").write_text(_projects(), "utf-8")
    page.goto(f"{address}/border")
    page.click(".way > summary >> nth=1")
    page.set_input_files("#upload-file", str(folder / "项目清单.csv"))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("body[data-state=ready] #list .files > a[download]", timeout=120_000)
    projects = page.url.split("#")[0]
    return Shown(address, boilers, earlier, projects, project, key, standalone, folder / "noise.xlsx")


def _revised(first: Path, second: Path) -> None:
    """Write the list anew without a few rows, with other sizes, and with boilers that are new."""
    from openpyxl import load_workbook

    book = load_workbook(first)
    sheet = book.worksheets[0]
    sheet.delete_rows(20, 4)
    for row in (30, 31, 32):
        sheet.cell(row, 12).value = "10"
    for number in range(3):
        sheet.insert_rows(40)
        for column in range(1, 25):
            sheet.cell(40, column).value = sheet.cell(60 + number, column).value
        sheet.cell(40, 5).value = f"合成示例新投运{number + 1}号"
        sheet.cell(40, 9).value = f"示例锅9000{number}"
    book.save(second)


def _projects() -> str:
    head = "项目编号,项目名称,经度,纬度,坐标系,行业代码,建设性质,备注"
    places = [(119.62, 31.05), (119.9, 31.2), (112.0, 32.45), (116.6, 34.6), (118.4, 32.1), (120.7, 30.9)]
    trades = ["C3011", "C2614", "C3391", "C3120", "C4411", "C1713"]
    rows = [
        f"P{n},合成示例项目{n},{lon},{lat},CGCS2000,{trade},{'新建' if n % 2 else '改建'},示例数据（合成）"
        for n, ((lon, lat), trade) in enumerate(zip(places, trades, strict=True), 1)
    ]
    return "\n".join([head, *rows])


def _posted(page: Any, url: str, **fields: str) -> None:
    """Send a form as its page would."""
    token = page.get_attribute("meta[name=csrf-token]", "content")
    answer = page.request.post(
        url, form={"csrf_token": token, **fields}, headers={"Origin": page.evaluate("location.origin")}
    )
    if not answer.ok:
        raise RuntimeError(f"{url}: {answer.status} {answer.text()[:300]}")


def _add_layer(page: Any, address: str, path: Path) -> None:
    feature = {"type": "Feature", "properties": {"名称": "合成示例管网"}}
    feature["geometry"] = {"type": "Polygon", "coordinates": NETWORK}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    page.goto(f"{address}/heating")
    page.click(".layer.missing[data-layer=heat_network] .link")
    page.wait_for_selector("#office-dialog[open]")
    page.set_input_files("#office-dialog input[type=file]", str(path))
    page.click("#office-dialog button[type=submit]")
    page.wait_for_selector("#office-dialog .office-files .name", timeout=60_000)


def is_phone(page: Any) -> bool:
    """Say whether the page is as narrow as a phone, where one card at a time is open."""
    return bool(page.viewport_size["width"] <= PHONE_PX)


def opened(page: Any, url: str) -> None:
    """Open a page with a map and wait until its layers are drawn."""
    page.goto(url)
    page.wait_for_function(READY)


def sheet(page: Any, name: str) -> None:
    """Let a card come up on a phone; elsewhere all are there."""
    if is_phone(page):
        page.evaluate("name => room.open_sheet(name)", name)


def jobs(page: Any, at: Shown) -> Iterator[str]:
    """Show both jobs before a list is in: the cards, the dialog, the tools, mistakes and progress."""
    opened(page, f"{at.address}/heating")
    yield "heating"
    page.set_input_files("#upload-file", str(at.noise))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#upload .error:visible")
    yield "heating-error"
    progress = {"state": "running", "step": "measure", "text": "", "done": 61_000, "total": 100_000}
    progress |= {
        "readable": False,
        "error": None,
        "page": "",
        "text": page.evaluate("geoaq.say('uploading')"),
    }
    page.route("**/under-way", lambda route: route.fulfill(json=progress))
    sent = {"page": "/heating", "progress": "/under-way"}
    page.route("**/heating/screenings", lambda route: route.fulfill(status=202, json=sent))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#upload.busy progress[value]")
    yield "heating-progress"
    page.unroute_all()

    opened(page, f"{at.address}/heating")
    sheet(page, "layers")
    page.click(".layer[data-layer=provinces] .dots")
    yield "layer-open"
    page.evaluate("room.show_layer('land_cover', true)")
    page.wait_for_function(RASTERS)
    sheet(page, "")
    yield "land-cover"
    sheet(page, "layers")
    page.fill("#layers .search-box input", "江阴")
    page.wait_for_selector("#layers .search-box [role=option]")
    yield "search"
    page.fill("#layers .search-box input", "")
    page.click(".office-open")
    page.wait_for_selector("#office-dialog[open]")
    yield "add-layer"
    page.keyboard.press("Escape")
    page.evaluate("room.ask_point('119.52, 31.06', {datum: 'WGS84'})")
    page.wait_for_selector("#why .point-place")
    yield "point-card"

    opened(page, f"{at.address}/border")
    yield "border"
    page.click("#project-form .more summary >> nth=0")
    page.fill("[name='project.name']", "示例")
    page.fill("[name='project.lonlat']", "somewhere")
    page.click("#project-form button[type=submit]")
    page.wait_for_selector("[name='project.lonlat'][aria-invalid=true]")
    yield "border-error"
    page.click(".way > summary >> nth=1")
    page.evaluate("document.querySelector('#upload').scrollTop = 0")
    yield "border-list"


def boilers(page: Any, at: Shown) -> Iterator[str]:
    """Show a screening of boilers: list, filter, card, years, print preview."""
    opened(page, at.boilers)
    page.wait_for_selector("#list tbody tr")
    yield "boilers"
    sheet(page, "layers")
    if is_phone(page):
        yield "boilers-layers"
    page.click("#layers .notes summary")
    yield "boilers-notes"
    page.click("#layers .notes summary")
    sheet(page, "list")
    page.evaluate("room.set_filter({years: '1995-2010', verdict: ['applies', 'review']})")
    page.wait_for_function("() => document.querySelector('#list button.tag.review[aria-pressed=true]')")
    page.wait_for_timeout(250)
    yield "boilers-filtered"
    page.evaluate("room.reset_filter()")
    page.click("#list tbody tr >> nth=1")
    page.wait_for_selector("#why .why-facts")
    page.wait_for_function(READY)
    yield "boilers-card"
    page.click("#why .why-rule summary >> nth=0")
    page.evaluate("document.querySelector('#why .why-rule').scrollIntoView()")
    yield "boilers-card-rules"
    page.evaluate("document.querySelector('#why').scrollTop = 1e6")
    yield "boilers-card-end"
    if is_phone(page):
        return  # its tools have no print preview
    page.evaluate("room.select(null, 'list'); room.emit('preview')")
    page.wait_for_timeout(300)
    yield "boilers-print"
    page.click(".print-bar [data-paper=standing]")
    page.wait_for_timeout(300)
    yield "boilers-print-standing"


def projects(page: Any, at: Shown) -> Iterator[str]:
    """Show a list of projects, and the card of one project."""
    opened(page, at.projects)
    page.wait_for_selector("#list tbody tr")
    yield "projects"
    opened(page, f"{at.project}#{at.key}")
    page.wait_for_selector("#why .limb")
    page.wait_for_function(READY)
    yield "project-card"
    page.evaluate("document.querySelector('#why').scrollTop = 1e6")
    yield "project-card-end"


def texts(page: Any, at: Shown) -> Iterator[str]:
    """Show the pages without a map, to their end."""
    one = f"{at.project}/subjects/{at.key}"
    old, new = (url.rsplit("/", 1)[1] for url in (at.earlier, at.boilers))
    for name, url in {
        "screenings": f"{at.address}/screenings",
        "screenings-none-found": f"{at.address}/screenings?q=zzz",
        "compare": f"{at.address}/screenings/compare?a={old}&b={new}",
        "trash": f"{at.address}/screenings/trash",
        "issues": f"{at.boilers}/issues",
        "policy": f"{at.address}/policy",
        "about": f"{at.address}/about",
        "point": f"{at.address}/point?at=119.52,31.06",
        "point-error": f"{at.address}/point?at=somewhere",
        "sheet": f"{one}/sheet.html",
        "letter": f"{one}/letter",
        "follow-up": f"{one}/follow-up",
        "follow-ups": f"{at.address}/border/follow-ups",
        "recheck": f"{one}/recheck",
        "not-found": f"{at.address}/screenings/0123",
    }.items():
        page.goto(url)
        if name == "screenings":
            page.click("article.entry details.more summary >> nth=0")
        yield f"{name}+"


def alone(page: Any, at: Shown) -> Iterator[str]:
    """Show the map that is one file, opened from the disk."""
    page.goto(at.standalone.as_uri())
    page.wait_for_selector("#list tbody tr")
    yield "map-html"
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    yield "map-html-card"


SIGHTS = (jobs, boilers, projects, texts, alone)
