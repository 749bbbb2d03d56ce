"""Scripts and style sheets joined: in their order, whole, kept for ever under the hash of their content."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from flask.testing import FlaskClient

from geoaq.catalog import Catalog
from geoaq.maps import page_map, static_dir
from tests.web.door import client_of
from web import bundle

CATALOG = Catalog.load()
FOREVER = "public, max-age=31536000, immutable"
_LINKED = re.compile(r'(?:href|src)="([^"]+\.(?:js|css)(?:\?[^"]*)?)"')


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Return a copy of the front end that a test may change."""
    copy = tmp_path / "static"
    shutil.copytree(static_dir(), copy, ignore=shutil.ignore_patterns("print"))
    monkeypatch.setattr(bundle, "STATIC", copy)
    return copy


def linked(client: FlaskClient, page: str) -> list[str]:
    """Return the scripts and sheets of a page; what it asks for early and uses later counts once."""
    found = dict.fromkeys(_LINKED.findall(client.get(page).text))
    return [one for one in found if not one.startswith("/slices.css")]


@pytest.mark.parametrize("view", sorted(CATALOG.views))
def test_every_script_of_a_view_stands_in_its_bundle_in_its_order(client, view):
    text = client.get(f"/map/{view}/client.js").text
    at = 0
    for path in page_map(CATALOG, view=view).scripts:
        script = (static_dir() / path).read_text("utf-8")
        assert script in text[at:], path
        at = text.index(script, at) + len(script)


def test_a_page_with_a_map_links_one_sheet_and_two_scripts(client):
    sheet, code, own = linked(client, "/heating")
    assert re.fullmatch(r"/map/heating/client\.css\?v=[0-9a-f]{12}", sheet)
    assert re.fullmatch(r"/map/heating/client\.js\?v=[0-9a-f]{12}", code)
    assert own == "/map/heating.js?lang=zh"
    assert len(linked(client, "/about")) == 1


def test_a_map_asks_for_its_scripts_before_fonts_and_data(client):
    text = client.get("/heating").text
    early = re.findall(r'<link rel="preload" as="script" href="([^"]+)">', text)
    assert early == re.findall(r'<script defer src="([^"]+)">', text)


def test_a_map_asks_early_for_the_fonts_that_its_sheet_names(client):
    early = re.findall(r'<link rel="preload" as="font" [^>]*href="([^"]+)">', client.get("/heating").text)
    named = re.findall(r'url\("([^"]+\.woff\?[^"]+)"\)', client.get("/map/heating/client.css").text)
    assert early == named
    assert len(early) == 2


def test_the_slices_of_the_font_stand_before_the_sheet_of_a_map_and_wait(client):
    text = client.get("/heating").text
    slices = re.search(
        r'<link id="slices" rel="prefetch" as="style" href="(/slices\.css\?v=[0-9a-f]{12})">', text
    )
    assert slices is not None
    assert slices.end() < text.index("client.css")
    assert "unicode-range" in client.get(slices[1]).text
    assert client.get(slices[1]).headers["Cache-Control"] == FOREVER
    faces = client.get("/map/heating/client.css").text.count("@font-face")
    assert faces == 2  # those of the interface alone


def test_pages_of_words_name_the_slices_before_the_characters_of_the_interface(client):
    text = client.get("/pages.css").text
    assert text.index("interface-400") > text.rindex("-600-normal.woff2")


def test_under_its_hash_a_bundle_is_kept_for_ever_and_under_another_it_is_asked_for(client):
    for address in linked(client, "/heating")[:2] + linked(client, "/about"):
        assert client.get(address).headers["Cache-Control"] == FOREVER
        assert client.get(address[:-3] + "000").headers["Cache-Control"] == "no-cache"
        plain = client.get(address.partition("?")[0])
        assert plain.headers["Cache-Control"] == "no-cache"
        again = client.get(address.partition("?")[0], headers={"If-None-Match": plain.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_bundle_travels_packed_once_and_unpacked_to_whoever_asks_so(client):
    address = linked(client, "/heating")[1]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < 0.35 * len(client.get(address).data)
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(("name", "place"), [("geoaq/room.js", 1), ("geoaq/room.css", 0)])
def test_the_hash_changes_with_the_content_of_any_file(client, copied, name, place):
    before = linked(client, "/heating")
    path = copied / name
    path.write_text(path.read_text("utf-8") + "/* more */\n", "utf-8")
    os.utime(path, ns=(1, 1))
    after = linked(client, "/heating")
    assert [one != other for one, other in zip(before, after, strict=True)] == [i == place for i in range(3)]
    assert "/* more */" in client.get(after[place]).text


def test_licences_of_parts_from_elsewhere_are_kept(client):
    scripts, styles = (client.get(f"/map/heating/client.{kind}").text for kind in ("js", "css"))
    assert "(c) 2010-2023 Vladimir Agafonkin" in scripts
    assert "Leaflet.draw 1.0.4" in scripts
    assert "Noto Sans SC" in styles


def test_pictures_and_fonts_of_joined_sheets_are_found_and_kept_for_ever(client):
    text = client.get("/map/heating/client.css").text + client.get("/slices.css").text
    named = {one for one in re.findall(r"url\(\"?([^)\"]+)\"?\)", text) if not one.startswith(("data:", "#"))}
    assert len(named) > 100
    assert all(one.startswith("/static/") for one in named)
    for address in sorted(named)[::25]:
        with client.get(address) as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOREVER)


def test_a_part_that_set_up_did_not_copy_is_named(client, copied):
    (copied / "vendor/leaflet/leaflet.js").unlink()
    answer = client.get("/map/heating/client.js")
    assert answer.status_code == 500
    assert "leaflet.js" in answer.text


def test_pages_of_words_are_read_without_fonts(make_app, copied):
    (copied / "vendor/fonts/noto-sans-sc.css").unlink()
    client = client_of(make_app())
    assert client.get("/about").status_code == 200
    assert client.get("/pages.css").status_code == 200


def test_no_bundle_of_an_unknown_view_or_kind(client):
    assert client.get("/map/nowhere/client.js").status_code == 404
    assert client.get("/map/heating/client.map").status_code == 404
