"""The base map from outside in a browser, from a server on this machine that pretends to be one."""

from __future__ import annotations

import re
import struct
import threading
import zlib
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.served import WATCH_POLICY, WIDE, serving, until

pytestmark = pytest.mark.browser


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PICTURE = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\0\xe6\xf0\xdc")),
        chunk(b"IEND", b""),
    )
)


class Pretender(ThreadingHTTPServer):
    """A server of tiles that can be told to fail, at once or after some, and notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.fails = False
        self.comes: int | None = None
        self.asked: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), Tiles)


class Tiles(BaseHTTPRequestHandler):
    server: Pretender

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Referer", "")))
        fails = self.server.fails or len(self.server.asked) > (self.server.comes or len(self.server.asked))
        self.send_response(503 if fails else 200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if not fails:
            self.wfile.write(PICTURE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def tiles():
    server = Pretender()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def home(data, tiles):
    running = ExitStack()
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("GEOAQ_BASEMAP", "tianditu")
        settings.setenv("GEOAQ_BASEMAP_KEY", "a-key")
        settings.setenv("GEOAQ_BASEMAP_URL", f"http://127.0.0.1:{tiles.server_port}")
        settings.setenv("GEOAQ_MAP_APPROVAL", "GS(2024)0000号")
        address = running.enter_context(serving(data))
    yield address
    running.close()


@pytest.fixture
def opened(browser, home, tiles):
    """Return a function that opens a job's page; what it complains of, its tiles left out, is an error."""
    complaints: list[str] = []
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    places = (f"{home}/", f"http://127.0.0.1:{tiles.server_port}/", "blob:", "data:")
    page.on("request", lambda asked: asked.url.startswith(places) or complaints.append(asked.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            said.type in {"error", "warning"} and "503" not in said.text and complaints.append(said.text)
        ),
    )
    page.add_init_script(WATCH_POLICY)

    def open_page(view: str, fails: bool, comes: int | None = None):
        tiles.fails, tiles.comes, tiles.asked[:] = fails, comes, []
        page.goto(f"{home}/{view}")
        return page

    yield open_page
    page.close()
    assert complaints == []


@pytest.mark.parametrize("view", ["heating", "border"])
def test_tianditu_lies_under_the_layers_with_its_name_credit_and_approval(opened, home, tiles, view):
    page = opened(view, fails=False)
    until(page, "window.room && room.basemap && room.basemap.is_up()")
    until(page, "document.querySelectorAll('.base-tiles .leaflet-tile-loaded').length > 8")

    assert page.inner_text("#net") == "底图 天地图"
    assert page.inner_text(".map-credit") == "底图：天地图 · 审图号：GS(2024)0000号"
    height = "name => Number(getComputedStyle(map.getPane(name)).zIndex)"
    assert page.evaluate(height, "land") < page.evaluate(height, "base") < page.evaluate(height, "land_cover")
    assert page.evaluate("room.layer('water').visible || room.layer('rivers').visible") is False
    assert {path.split("/")[1] for path, _ in tiles.asked} == {"vec_w", "cva_w"}
    assert all("tk=a-key" in path for path, _ in tiles.asked)
    assert {referer for _, referer in tiles.asked} == {f"{home}/"}


def test_when_no_tile_comes_the_maps_own_ground_is_there_and_a_note_says_so(opened, tiles):
    page = opened("heating", fails=True)
    until(page, "window.room && room.basemap && room.basemap.is_up() === false")

    assert page.inner_text("#net") == "底图 离线"
    assert page.inner_text(".map-credit") == "审图号：GS(2024)0000号"
    assert page.evaluate("room.layer('water').visible && room.layer('rivers').visible") is True
    assert page.locator("#layers .notes", has_text="天地图取不到").count() == 1

    tiles.fails = False
    page.evaluate("map.setZoom(7, {animate: false})")
    until(page, "room.basemap.is_up()")
    assert page.inner_text("#net") == "底图 天地图"

    # Those that are on their way when the map moves on still count as come.
    until(page, "!document.querySelector('.base-tiles img:not(.leaflet-tile-loaded)')")
    tiles.fails = True
    page.evaluate("map.setZoom(9, {animate: false})")
    until(page, "room.basemap.is_up() === false")
    assert page.evaluate("room.layer('water').visible") is True
    assert page.locator("#layers .notes p", has_text="天地图取不到").count() == 1


def test_tiles_that_come_before_the_others_fail_do_not_hide_it_until_the_map_moves(opened):
    page = opened("heating", fails=False, comes=6)
    until(page, "window.room && room.basemap && room.basemap.is_up() === false")
    assert page.evaluate("document.querySelectorAll('.base-tiles .leaflet-tile-loaded').length") > 0
    assert page.inner_text("#net") == "底图 离线"
    assert page.evaluate("room.layer('water').visible") is True


def test_land_cover_is_a_picture_that_fades_and_follows_its_switch(page, address):
    page.goto(f"{address}/heating")
    until(page, "window.room && room.is_drawn()")
    page.evaluate("room.show_layer('land_cover', true), room.set_opacity('land_cover', 0.5)")
    until(page, "document.querySelectorAll('.raster-tiles .leaflet-tile-loaded').length > 5")
    assert page.evaluate("getComputedStyle(map.getPane('land_cover')).opacity") == "0.5"
    assert page.locator("#layers .legend", has_text="农田").count() == 1
    page.evaluate("room.show_layer('land_cover', false)")
    until(page, "document.querySelectorAll('.raster-tiles').length === 0")


def test_lakes_and_rivers_are_drawn_without_a_network(page, address):
    holds_water = re.compile(r"/tiles/([a-z_]+,)*water(,[a-z_]+)*/")
    with page.expect_response(lambda got: holds_water.search(got.url) and got.status == 200):
        page.goto(f"{address}/border")
    until(page, "window.room && room.is_drawn()")
    assert page.inner_text("#net") == "底图 离线"
    assert page.evaluate("room.layer('water').visible && room.layer('rivers').visible") is True
