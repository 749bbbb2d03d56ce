"""Static sources and zones in a browser: list and map together, forms that keep what was typed."""

from __future__ import annotations

import pytest

from tests.browser.served import serving, until, watched
from tests.browser.test_border import click_until
from tests.browser.test_layout import CODES, FAULTS, SIZES
from tests.state import with_layers
from tests.web.fire_office import furnish

pytestmark = pytest.mark.browser
LISTED = "window.room && document.querySelector('#list tbody tr')"
STATIC = f"{LISTED} && !room.sources.waiting() && room.is_drawn()"
ZONES = "window.room && document.querySelector('.zone-add') && !room.zones.waiting() && room.is_drawn()"
KEPT = "document.querySelector('#why > .notice') && !room.zones.waiting()"


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory):
    folder = with_layers(tmp_path_factory.mktemp("office"), built_layers)
    furnish(folder, 60)
    return folder


@pytest.fixture(scope="module")
def address(data):
    with serving(data) as address:
        yield address


@pytest.fixture
def opened(browser, address):
    """Return a function that opens a page; none may complain but of the status of an answer it names."""
    complaints: list[str] = []
    contexts = []

    def open_page(path: str, ready: str, *, size=(1440, 900), lang: str = "zh"):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        page = watched(context.new_page(), address, complaints)
        page.goto(address + path)
        until(page, ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in complaints if "400" not in one] == []


def test_a_source_is_chosen_looked_over_and_decided(opened):
    page = opened("/fires/static", STATIC)
    page.fill("#list input[type=search]", "武安")
    until(page, "room.sources.filter.q === '武安' && !room.sources.waiting()")
    page.focus("#list tbody tr")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#why .hits') && room.selected")
    key = page.evaluate("room.selected")
    assert page.evaluate("location.hash") == f"#{key}"
    page.check("#why input[value=rejected]")
    page.fill("#why input[name=by]", "王")
    page.click("#why .review-form button")
    until(page, "document.querySelector('#why .form-error')")
    assert page.get_attribute("#why textarea[name=remark]", "aria-invalid") == "true"
    assert page.input_value("#why input[name=by]") == "王"
    page.fill("#why textarea[name=remark]", "<b>已拆除</b>")
    page.click("#why .review-form button")
    until(page, "document.querySelector('#why > .notice') && !room.sources.waiting()")
    assert "<b>已拆除</b>" in page.inner_text("#why .trail")
    until(page, "room.sources.places.decision.includes('rejected')")
    page.click("#list .counts .tag >> nth=2")
    until(page, "document.querySelectorAll('#list tbody tr').length === 1")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('#why').hidden && room.selected === null")


def test_a_source_is_found_on_the_map_and_by_its_link(opened):
    page = opened("/fires/static#static-w00000", "document.querySelector('#why .hits tbody tr')")
    assert "武安市" in page.inner_text("#why .headline")
    until(page, "document.querySelector('#list tr.selected') && room.is_drawn()")
    at = page.evaluate(
        "() => { const p = map.latLngToContainerPoint([36.69, 114.19]), b = map.getContainer()"
        ".getBoundingClientRect(); return [p.x + b.left, p.y + b.top]; }"
    )
    page.mouse.move(*at)
    until(page, "!document.querySelector('.tip').hidden && room.hovered === 'static-w00000'")
    page.click("#list th.c-days button")
    until(page, "document.querySelector('th.c-days').getAttribute('aria-sort') === 'ascending'")


def test_a_zone_is_drawn_kept_changed_and_ended(opened):
    page = opened("/fires/zones", ZONES)
    page.evaluate("map.setView([33.65, 117.1], 10, { animate: false })")
    until(page, "room.is_drawn()")
    page.click(".zone-add")
    page.click("#why .zone-draw button >> nth=0")
    tip = page.locator(".leaflet-draw-tooltip").bounding_box()
    assert tip["y"] > page.evaluate("map.getContainer().getBoundingClientRect().top") + 60
    for number, place in enumerate(((450, 250), (650, 250), (650, 420), (450, 420)), 1):
        click_until(page, place, f":nth-match(.draw-corner, {number})")
    click_until(page, (450, 250), "#why .zone-draw button:nth-of-type(2):not([hidden])")
    until(page, "document.querySelector('#why [name=shape]').value.split(';').length === 4")
    page.fill("#why [name=name]", "<i>东部</i>")
    page.fill("#why [name=first]", "2024-10-01")
    page.fill("#why [name=by]", "王")
    page.click("#why [type=submit]")
    until(page, "document.querySelector('#why .form-error')")
    assert page.get_attribute("#why [name=title]", "aria-invalid") == "true"
    assert page.input_value("#why [name=name]") == "<i>东部</i>"
    page.check("#why [name=bare]")
    assert page.is_hidden("#why .zone-text")
    page.click("#why [type=submit]")
    until(page, KEPT)
    assert page.inner_text("#why .headline strong") == "<i>东部</i>"
    assert "无文本依据" in page.inner_text("#why .counts")
    page.click("#why .actions button")
    page.fill("#why [name=seasons]", "10-01至11-30")
    page.fill("#why [name=by]", "李")
    page.click("#why [type=submit]")
    until(page, f"{KEPT} && document.querySelectorAll('#why > section:last-child li').length === 2")
    page.click("#why details.more summary")
    page.fill("#why .zone-end [name=first]", "2025-01-01")
    page.fill("#why .zone-end [name=by]", "李")
    page.fill("#why .zone-end [name=remark]", "通告废止")
    page.click("#why .zone-end button")
    until(page, f"{KEPT} && document.querySelectorAll('#why > section:last-child li').length === 3")
    assert "已终止" in page.inner_text("#why .counts")


def test_the_keyboard_keeps_its_place_in_lists_that_are_drawn_anew(opened):
    page = opened("/fires/static", STATIC)
    for held in ("#list th.c-days button", "#list .counts .tag >> nth=1"):
        page.focus(held)
        page.keyboard.press("Enter")
        until(page, "!room.sources.waiting() && !document.querySelector('#list').hasAttribute('aria-busy')")
        assert page.evaluate("document.activeElement.name") in ("sort-days", "state-confirmed")
    page.keyboard.press("Enter")
    until(page, "room.sources.filter.decision.length === 0 && document.querySelector('#list tbody tr + tr')")
    page.focus("#list tbody tr >> nth=1")
    key = page.evaluate("document.activeElement.dataset.key")
    page.evaluate("room.static_load()")
    until(page, "!document.querySelector('#list').hasAttribute('aria-busy')")
    assert page.evaluate("document.activeElement.dataset.key") == key


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_or_outside(opened, size, lang):
    page = opened("/fires/static", STATIC, size=SIZES[size], lang=lang)
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.click("#list tbody tr")
    until(page, "document.querySelector('#why .hits') && room.is_drawn()")
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.goto(page.url.split("/fires")[0] + "/fires/zones")
    until(page, ZONES)
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.click(".zone-add")
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.select_option("#why [name=kind]", "permit")
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    assert page.evaluate(
        "document.querySelector('#why').scrollWidth <= document.querySelector('#why').clientWidth"
    )
