"""A searched scene in a browser: pictures and pixels on the map, the list, the card, nothing from outside."""

from __future__ import annotations

import pytest

from geoaq.catalog import Catalog
from geoaq.flows.fires.detecting import detect_files
from geoaq.store.scenes import Scenes
from tests.browser.served import serving, until, watched
from tests.browser.test_layout import CODES, FAULTS, SIZES
from tests.flows.fires.scenes import FIRES, write_stack
from tests.state import with_layers

pytestmark = pytest.mark.browser
DRAWN = "window.room && room.scene && !room.scene.waiting() && room.scene.facts && room.is_drawn()"
CARD = "document.querySelector('#why .why-facts')"


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory):
    folder = with_layers(tmp_path_factory.mktemp("scenes"), built_layers)
    path = write_stack(tmp_path_factory.mktemp("files") / "scene.tif")
    scene_id, out = Scenes(folder).new()
    detect_files(
        [path], product=None, catalog=Catalog.load(), out=out, lang="zh", progress=lambda *_: None
    )  # fmt: skip
    return folder, scene_id


@pytest.fixture(scope="module")
def address(data):
    with serving(data[0]) as address:
        yield address


@pytest.fixture
def opened(browser, address, data):
    """Return a function that opens the page of the scene; it may complain of nothing."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, size=(1440, 900), lang: str = "zh", anchor: str = ""):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        page = watched(context.new_page(), address, complaints)
        page.goto(f"{address}/fires/scenes/{data[1]}{anchor}")
        until(page, DRAWN)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_the_map_opens_on_the_scene_with_its_pictures_and_every_fire(opened):
    page = opened()
    until(page, "document.querySelectorAll('img.leaflet-tile-loaded').length > 0")
    west, south, east, north = page.evaluate("room.scene.facts.box")
    middle = page.evaluate("[room.map.getCenter().lng, room.map.getCenter().lat]")
    assert west - 1 < middle[0] < east + 1
    assert south - 1 < middle[1] < north + 1
    assert page.evaluate("room.scene.pixels.key.length") == len(FIRES)
    assert page.evaluate("document.querySelectorAll('#list tbody tr[data-key]').length") == len(FIRES)
    page.evaluate("room.show_layer('scene_mask', true)")
    mask = (
        "[...document.querySelectorAll('img')].some(one => one.src.includes('/tiles/mask/') && one.complete)"
    )
    until(page, mask)


def test_a_line_of_the_list_opens_the_card_by_keyboard_and_its_address_opens_it_again(opened):
    page = opened()
    page.focus("#list tbody tr[data-key]")
    page.keyboard.press("Enter")
    until(page, CARD)
    assert "未经到场核实" in page.inner_text("#why")
    anchor = page.evaluate("window.location.hash")
    again = opened(anchor=anchor)
    until(again, CARD)
    assert again.evaluate("room.selected") == int(anchor.removeprefix("#p"))


def test_a_class_alone_is_shown_and_all_again(opened):
    page = opened()
    page.click("button[name='grade-high']")
    until(page, "document.querySelectorAll('#list tbody tr[data-key]').length === 1")
    assert page.evaluate("document.activeElement.name") == "grade-high"
    page.click("button[name='grade-high']")
    until(page, f"document.querySelectorAll('#list tbody tr[data-key]').length === {len(FIRES)}")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_or_runs_over_in_either_language(opened, size, lang):
    page = opened(size=SIZES[size], lang=lang)
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.evaluate("room.select(room.scene.pixels.key[0], 'list')")
    until(page, CARD)
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.evaluate("room.open_sheet('layers')")
    assert page.evaluate(FAULTS, sorted(CODES)) == []


def test_the_list_of_scenes_takes_in_and_says_so(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/fires/scenes")
    assert page.evaluate(FAULTS, sorted(CODES)) == []
    page.click("summary:has-text('纳入火情库')")
    page.click("button:has-text('纳入火情库')")
    page.wait_for_selector(".notice")
    assert f"共 {len(FIRES)} 个疑似火点" in page.inner_text(".notice")
    page.close()
