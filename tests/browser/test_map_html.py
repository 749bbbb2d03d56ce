"""The one-file map in a browser, opened from a folder: it works and it asks for nothing."""

from __future__ import annotations

import json

import pytest
from pyproj import Geod

from tests.browser.served import WATCH_POLICY, WIDE, until
from tests.maps.toy import EVIL, toy_map

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a toy map, and hold it to: no request, no error, no violation."""
    complaints: list[str] = []
    address = (tmp_path / "map.html").as_uri()

    def open_map(*, n=12, size=WIDE, **settings):
        (tmp_path / "map.html").write_text(toy_map(n, **settings).html, "utf-8")
        page = browser.new_page(viewport=size)
        page.on("request", lambda request: request.url != address and complaints.append(request.url))
        page.on("requestfailed", lambda request: complaints.append(f"failed {request.url}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.add_init_script(WATCH_POLICY)
        page.goto(address)
        until(page, "window.room && room.points && room.points._map || room.kind === 'cells'")
        return page

    yield open_map
    assert complaints == []


def look_at(page, lon, lat, zoom):
    page.evaluate(
        "([lon, lat, zoom]) => { map.stop(); map.setView([lat, lon], zoom, {animate: false}); }",
        [lon, lat, zoom],
    )


def place_of(page, key):
    """Return where on the page a subject's sign stands."""
    return page.evaluate(
        """key => { const i = room.points.place_of(key), t = room.points._table;
        const at = map.latLngToContainerPoint([t.lat[i], t.lon[i]]);
        const box = map.getContainer().getBoundingClientRect();
        return [at.x + box.left, at.y + box.top]; }""",
        key,
    )


def test_a_click_on_a_sign_opens_the_card_of_its_boiler(opened):
    page = opened()
    look_at(page, 120.01, 32.0, 14)
    page.mouse.click(*place_of(page, "7-0"))
    page.wait_for_selector("#why .headline")
    assert page.inner_text("#why .headline strong") == "0.76 公里"
    assert "GL-0004" in page.inner_text("#why .card-head")
    assert page.get_attribute("#list tr.selected", "aria-selected") == "true"


def test_a_click_on_a_row_shows_its_boiler_with_sentence_and_conditions(opened):
    page = opened()
    page.click("#list tbody tr:has-text('GL-0008')")
    page.wait_for_selector("#why .why-rule")
    page.click("#why .why-rule summary")
    assert "30" in page.inner_text("#why .conditions")
    assert page.evaluate("room.selected") == "11-0"


def test_names_are_text_in_list_card_tip_and_search(opened):
    page = opened()
    page.click("#list tbody tr:has-text('GL-0000')")
    page.wait_for_selector("#why .headline")
    look_at(page, 120.0, 32.0, 15)
    page.mouse.move(*place_of(page, "3-0"))
    page.wait_for_selector(".tip:not([hidden])")
    page.fill(".search", "img src")
    page.wait_for_selector(".results li")
    for place in ("#list", "#why", ".tip", ".results"):
        assert EVIL[0] in page.inner_text(place)
    assert page.evaluate("document.images.length") == 0
    assert EVIL[1] in page.inner_text("#why blockquote")


def test_a_verdict_filters_list_and_map_together(opened):
    page = opened()
    page.wait_for_selector("#list tbody tr")
    page.click("#list .tag.review")
    until(page, "room.points._table.count === 2")
    assert page.locator("#list tbody tr").count() == 2
    assert page.get_attribute("#list button.tag.review", "aria-pressed") == "true"
    assert page.inner_text("#list button.tag.applies").endswith("3")
    page.click("#list .link:has-text('清除筛选')")
    until(page, "room.points._table.count === 12")


def test_a_drawn_area_chooses_what_lies_inside_and_can_be_taken_away(opened):
    page = opened()
    look_at(page, 120.011, 32.0, 14)
    page.click(".tools button[title^='绘制']")
    west, south = page.evaluate("(p => [p.x, p.y])(map.latLngToContainerPoint([32, 120.011]))")
    top = page.evaluate("map.getContainer().getBoundingClientRect().top")
    corners = [(west, top + south - 90), (west + 320, top + south - 90), (west + 320, top + south + 90),
               (west, top + south + 90)]  # fmt: skip
    for corner in [*corners, corners[0]]:
        page.mouse.move(*corner)
        page.mouse.click(*corner)
        page.wait_for_timeout(120)  # leaflet-draw takes no second corner within 50 ms of the last
    until(page, "room.filter.area !== ''")
    until(page, "room.points._table.count < 12")
    with page.expect_download() as saved:
        page.click(".tool-note button:has-text('GeoJSON')")
    shape = json.loads(saved.value.path().read_text("utf-8"))
    ring = shape["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    inside = page.evaluate("room.points._table.lon")
    assert inside == [lon for lon in (round(120 + 0.002 * i, 6) for i in range(12)) if lon > 120.011]


def test_measuring_follows_the_ellipsoid(opened):
    page = opened()
    exact = Geod(ellps="WGS84").inv(119.5, 31.0, 121.0, 32.5)[2]
    measured = page.evaluate("geoaq.geodesic_m({lat: 31, lng: 119.5}, {lat: 32.5, lng: 121})")
    assert measured == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("120.28, 31.92", 120.28, 31.92),
        ("31.92 120.28", 120.28, 31.92),
        ("东经120°16′48″，北纬31°54′", 120.28, 31.9),
        ("N31.9 E120.28", 120.28, 31.9),
        ("１２０．２８，３１．９２", None, None),
        ("江阴市", None, None),
    ],
)
def test_coordinates_are_read_as_people_write_them(opened, text, lon, lat):
    page = opened(n=1)
    found = page.evaluate("text => geoaq.read_coordinates(text)", text)
    if lon is None:
        assert found is None
    else:
        assert (found["lon"], found["lat"]) == (pytest.approx(lon), pytest.approx(lat))


def test_the_list_is_sorted_and_walked_by_keyboard(opened):
    page = opened()
    page.wait_for_selector("#list tbody tr")
    page.click("#list th button:has-text('公里')")
    page.click("#list th button:has-text('公里')")
    page.wait_for_selector("#list tbody tr:first-child:has-text('GL-0011')")
    page.focus("#list tbody tr:first-child")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#why .headline")
    assert page.evaluate("room.selected") == "13-0"
    page.focus("#why .close")
    page.keyboard.press("Escape")
    page.wait_for_selector("#why", state="hidden")


def test_layers_are_shown_faded_and_put_in_another_order(opened):
    page = opened()
    until(page, "room.layer('provinces').shown && room.layer('chp_anchors').shown")
    page.evaluate("room.heard = 0, room.on('layers', () => room.heard++)")
    page.evaluate("room.show_layer('provinces', false)")
    assert page.evaluate("room.layer('provinces').shown") is None
    page.evaluate("room.show_layer('provinces', true), room.set_opacity('provinces', 0.4)")
    page.evaluate("room.set_opacity('no', 1)")
    until(page, "room.layer('provinces').shown")
    assert page.evaluate("getComputedStyle(map.getPane('provinces')).opacity") == "0.4"
    ids = page.evaluate("room.layers.map(layer => layer.spec.id)")
    assert page.evaluate("room.set_order(['chp_anchors', 'no', 'provinces', 'chp_anchors']), room.heard") == 4
    turned = page.evaluate("room.layers.map(layer => layer.spec.id)")
    assert turned.index("chp_anchors") == ids.index("provinces")
    assert turned.index("provinces") == ids.index("chp_anchors")
    assert sorted(turned) == sorted(ids)
    height = "id => Number(map.getPane(id).style.zIndex)"
    low, middle, top = (page.evaluate(height, name) for name in ("chp_anchors", "provinces", "points"))
    assert low < middle < top


def test_cells_are_drawn_where_points_would_be_too_many_and_the_map_says_so(opened):
    page = opened(n=60, max_points=59)
    assert page.evaluate("room.kind") == "cells"
    assert not page.is_visible("#layers .notes p")
    page.click("#layers .notes summary")
    assert "网格" in page.inner_text("#layers .notes")
    assert page.is_visible("#layers .disclaimer")


def test_a_phone_shows_one_card_at_a_time(opened):
    page = opened(size=PHONE)
    page.wait_for_selector("#list tbody tr")
    assert not page.is_visible("#layers")
    page.click("#list tbody tr:first-child")
    page.wait_for_selector("#why .headline")
    assert not page.is_visible("#list")
    page.click(".tabs button:has-text('图层')")
    assert page.is_visible("#layers")
    assert not page.is_visible("#why")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_printed_page_has_title_legend_sources_and_disclaimer(opened):
    page = opened()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert "燃煤锅炉筛查" in page.inner_text(".print-head")
    foot = page.inner_text(".print-foot")
    assert "仅供内部筛查" in foot
    assert "资料来源" in foot
    assert "符合条款情形" in page.inner_text(".print-side")
    assert not page.is_visible("#layers")
