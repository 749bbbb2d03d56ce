"""The fire map in a browser: time, classes, list and map together, a link, a phone, news without a reload."""

from __future__ import annotations

import re

import pytest

from geoaq.catalog import Catalog
from geoaq.flows.fires.demonstration import demonstration
from geoaq.flows.fires.ingest import ingest_files
from geoaq.store.fires.store import FireStore
from tests.browser.served import serving, until, watched
from tests.browser.test_layout import SIZES, faults
from tests.state import with_layers
from tests.store.fires.rows import about, fires, given, silent

pytestmark = pytest.mark.browser
# 2022-04-17 12:00 in Beijing, an hour and a half after the newest pixel of the three days.
NOON = 1_650_168_000
PHONE = {"width": 390, "height": 844}
READY = "window.room && room.fires.head && document.querySelector('#list tbody tr') && room.is_drawn()"


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory):
    folder = with_layers(tmp_path_factory.mktemp("fires"), built_layers)
    catalog = Catalog.load()
    table = demonstration(catalog.data_dir).table
    product = catalog.products["fire_list"]
    with FireStore(folder) as store:
        for _ in ingest_files(store, [table], product=product, source="FIRMS", fetched_at=0, progress=silent):
            pass
    return folder


@pytest.fixture(scope="module")
def address(data):
    with serving(data) as address:
        yield address


@pytest.fixture
def opened(browser, address):
    """Return a function that opens the fire map; no page may complain."""
    complaints: list[str] = []
    contexts = []

    def open_page(link: str = "", *, size=None, lang: str = "zh", **more):
        context = browser.new_context(viewport=size or {"width": 1440, "height": 900}, **more)
        context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        contexts.append(context)
        page = watched(context.new_page(), address, complaints)
        page.goto(f"{address}/fires{link}")
        until(page, READY)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def shown(page) -> int:
    return int(re.sub(r"\D", "", page.inner_text("#list .total")))


def on_map(page) -> int:
    return page.evaluate(
        "(room.fires.points.count || 0) + room.fires.cells.counts.reduce((a, b) => a + b, 0)"
    )


def test_the_map_opens_on_the_days_that_have_data_and_says_how_old_they_are(opened):
    page = opened()
    assert shown(page) == 1508
    until(page, "room.fires.points.count > 1000")
    assert page.get_attribute(".fire-presets [aria-pressed=true]", "aria-pressed") == "true"
    assert "2022-04-15 00:00" in page.inner_text(".fire-span")
    assert "late" in page.get_attribute(".fire-state", "class")
    assert "天前" in page.inner_text(".fire-age")
    page.click(".fire-state > summary")
    assert "Terra" in page.inner_text(".fire-state-body")


def test_time_classes_and_sources_filter_map_and_list_alike(opened):
    page = opened()
    page.click(".fire-presets button >> nth=0")
    until(page, "room.fires.head.total < 1508 && room.is_drawn()")
    assert shown(page) == 647 == on_map(page)
    page.click(".fire-class >> nth=0")
    until(page, "room.filter.class.length === 1")
    assert "f.class=unknown" in page.evaluate("room.link()")
    page.click("#list .bar .link")
    until(page, "room.filter.class.length === 0")
    page.select_option("#list select[name=confidence]", "high")
    until(page, "room.fires.head.total < 647 && room.is_drawn()")
    assert shown(page) == on_map(page)
    page.click(".fire-own > summary")
    page.fill(".fire-own-form input >> nth=0", "2022-04-16T00:00")
    page.fill(".fire-own-form input >> nth=1", "2022-04-15T00:00")
    page.click(".fire-own-form button")
    assert page.is_visible(".fire-own-form .error")
    page.fill(".fire-own-form input >> nth=1", "2022-04-17T00:00")
    page.click(".fire-own-form button")
    until(page, "document.querySelector('.fire-span').textContent.startsWith('2022-04-16')")


def test_handles_move_by_the_keyboard_and_the_days_play(opened):
    page = opened()
    page.focus(".fire-time input[type=range] >> nth=0")
    page.keyboard.press("ArrowRight")
    until(page, "room.filter.span.startsWith('2022-04-16T00:00_2022-04-18T00:00')")
    until(page, "room.fires.head.total === 848")
    page.click(".fire-time .tool")
    until(page, "room.filter.span.startsWith('2022-04-13')")
    page.keyboard.press("Escape")


def test_map_and_list_are_linked_both_ways_and_a_link_brings_it_back(opened):
    page = opened()
    page.focus("#list tbody tr >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#why .fire-positions")
    said = page.inner_text("#why")
    assert "WGS 84" in said
    assert "GCJ-02" in said
    key = page.evaluate("room.selected")
    page.keyboard.press("Escape")
    until(page, "room.selected === null && document.querySelector('#why').hidden")
    # On the map: the pointer rests on a pixel, whose row is marked; a click opens its card.
    page.evaluate(f"room.select('{key}', 'list')")
    page.wait_for_selector("#why .fire-positions")
    page.evaluate(
        "map.setView([room.fires.places[room.selected].lat, room.fires.places[room.selected].lon], 12)"
    )
    until(page, "room.is_drawn() && room.fires.points.count > 0")
    at = page.evaluate(
        """() => {
        const place = room.fires.places[room.selected], box = map.getContainer().getBoundingClientRect();
        const at = map.latLngToContainerPoint([place.lat, place.lon]);
        return [at.x + box.left, at.y + box.top]; }"""
    )
    page.evaluate("room.select(null, 'x')")
    page.mouse.move(*at)
    page.wait_for_selector(".tip:visible")
    assert "兆瓦" in page.inner_text(".tip")
    assert page.locator("#list tr.hovered").count() == 1
    page.mouse.click(*at)
    page.wait_for_selector("#why .fire-positions")
    link = page.evaluate("room.link()").split("/fires")[1]
    again = opened(link)
    again.wait_for_selector("#why .fire-positions")
    assert again.evaluate("room.selected") == page.evaluate("room.selected")
    assert again.evaluate("map.getZoom()") == 12


def test_at_the_keyboard_the_focus_stays_on_what_was_pressed(opened):
    page = opened()
    for name in ("tab-events", "tab-pixels", "class-unknown"):
        page.focus(f"#list [name={name}]")
        page.keyboard.press("Enter")
        until(page, f"document.querySelector('#list [name={name}][aria-pressed=true]') && room.is_drawn()")
        until(page, f"document.activeElement.name === '{name}'")


def test_another_time_brings_its_fires_into_view_and_no_place_is_told_without_a_pointer(opened):
    page = opened("#map=9/21/80")
    assert page.inner_text(".readout .coordinates") == ""
    page.click(".fire-presets button >> nth=0")
    until(page, "room.sight().intersects([[43, 122], [48, 132]]) && room.is_drawn()")
    page.mouse.move(700, 300)
    until(page, "document.querySelector('.readout .coordinates').textContent !== ''")
    held = page.evaluate("map.setView([45, 126], 6, { animate: false }), map.getCenter().toString()")
    assert page.inner_text(".readout .coordinates") == ""
    page.click(".fire-presets button >> nth=1")
    until(page, "room.fires.span().name === '3d' && room.fires.head.total === 1508 && room.is_drawn()")
    assert page.evaluate("map.getCenter().toString()") == held


def test_a_pixel_covers_ground_and_is_told_by_age_too(opened):
    page = opened("#map=11/44.5/126")
    until(page, "room.fires.points.count > 0")
    assert page.evaluate("room.layer('fire_footprints').shown !== null")
    assert page.evaluate("room.fires.points.scan.every(one => one > 0.9)")
    assert page.evaluate("room.fires.points.bearing.every(one => Math.abs(one) <= 90)")
    page.check("[data-layer=fire_ages] input")
    until(page, "!room.layer('fire_pixels').visible && room.layer('fire_ages').shown")
    assert "6至24小时" in page.inner_text("#layers .legend-box >> nth=0")
    page.check("[data-layer=fire_pixels] input")
    until(page, "!room.layer('fire_ages').visible")


def test_what_is_taken_in_meanwhile_is_seen_without_a_reload(opened, data):
    page = opened()
    before = page.evaluate("room.fires.changed")
    with FireStore(data) as store:
        late = {"satellite": "noaa20", "acquired": NOON, "lon": 126.0, "lat": 44.5, "frp_mw": 5.0}
        store.ingest(given(fires(late)), **about("late"))
    page.evaluate("room.fires.retry()")
    until(page, "room.fires.head.total === 1509 && room.is_drawn()")
    assert page.evaluate("room.fires.changed") > before
    until(page, "document.querySelector('#list tbody tr').textContent.includes('NOAA-20')")
    assert on_map(page) == 1509


def test_an_offices_own_data_take_the_place_of_the_demonstration_on_an_open_page(opened, data):
    page = opened()
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .fire-positions")
    page.evaluate("room.set_filter({ confidence: ['low'], span: '2022-01-01T00:00_2022-01-02T00:00' })")
    page.evaluate("room.map.setView([30, 110], 9, { animate: false })")
    page.evaluate("room.fires.state.demonstration = '演示'")
    with FireStore(data) as store:
        late = {"satellite": "noaa21", "acquired": NOON, "lon": 126.0, "lat": 44.6, "frp_mw": 5.0}
        store.ingest(given(fires(late)), **about("own"))
    page.evaluate("room.fires.retry()")
    until(page, "room.fires.head && room.fires.head.total === 1510 && room.is_drawn()")
    assert page.is_hidden("#why")
    assert not page.evaluate("room.is_filtered()")
    until(page, "room.map.getBounds().contains([44.6, 126.0])")


def test_a_link_with_unknown_layers_shows_the_usual_ones(opened):
    visible = "room.layers.filter(one => one.visible).map(one => one.spec.id).join()"
    usual = opened().evaluate(visible)
    assert "fire_pixels" in usual
    assert opened("#layers=xyz,%3Cb%3E,counties_of_old").evaluate(visible) == usual
    assert opened("#layers=xyz,fire_pixels").evaluate(visible) == "fire_pixels"
    assert opened("#layers=").evaluate(visible) == ""


@pytest.mark.parametrize(("size", "unfolded"), [(PHONE, False), (None, True)])
def test_the_note_of_the_demonstration_is_folded_up_on_a_phone(opened, size, unfolded):
    page = opened(size=size)
    page.evaluate("room.emit('fire_state', Object.assign({}, room.fires.state, { demonstration: '演示' }))")
    note = page.locator("#list .fire-notice details")
    assert (note.get_attribute("open") is not None) == unfolded
    note.locator("summary").evaluate("one => one.click()")
    page.evaluate("room.emit('fire_state', Object.assign({}, room.fires.state, { demonstration: '演示' }))")
    assert (note.get_attribute("open") is None) == unfolded


def test_the_printed_map_says_which_time_it_shows(opened):
    page = opened()
    page.evaluate("room.emit('preview')")
    assert "2022-04-15 00:00" in page.inner_text(".print-head")
    assert "像元范围内未见农田" in page.inner_text(".print-legend")


def test_on_a_phone_the_position_is_asked_for_by_the_button_alone(opened):
    page = opened(
        size=PHONE,
        has_touch=True,
        permissions=["geolocation"],
        geolocation={"longitude": 126.5, "latitude": 44.0},
    )
    assert page.locator(".fire-here").is_hidden()
    page.evaluate("room.open_sheet('')")
    for one in page.locator(".fire-presets > button").all():
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 40
    page.click(".tools .group >> nth=0 >> button >> nth=3")
    page.wait_for_selector(".fire-here .fire-positions")
    said = page.inner_text(".fire-here")
    assert "126.50000, 44.00000" in said
    assert "GCJ-02" in said


def test_a_server_that_is_away_is_said_and_asked_again(browser, address):
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/fires")
    until(page, READY)
    page.route("**/fires/state", lambda route: route.abort())
    page.evaluate("room.fires.retry()")
    until(page, "document.querySelector('.fire-state summary').textContent.includes('中断')")
    page.unroute_all()
    page.evaluate("room.fires.retry()")
    until(page, "!document.querySelector('.fire-state summary').textContent.includes('中断')")
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_fire_map_is_laid_out_with_each_of_its_cards_open(opened, size, lang):
    width, height = SIZES[size]
    page = opened(size={"width": width, "height": height}, lang=lang)
    assert faults(page) == []
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .fire-positions")
    assert faults(page) == []
    page.evaluate("room.open_sheet('layers')")
    assert faults(page) == []
