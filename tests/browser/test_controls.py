"""The controls of the map: the layer tree, links that restore a view, years, the page to print, keys."""

from __future__ import annotations

import pytest

from geoaq.io.samples import write_sample
from tests.browser.served import WIDE, screen_through_the_page, watched

pytestmark = pytest.mark.browser
ORDER = "room.layers.map(layer => layer.spec.id)"


@pytest.fixture(scope="module")
def screening(browser, address, tmp_path_factory) -> str:
    """Return the address of a screening of a few boilers."""
    listed = tmp_path_factory.mktemp("list") / "锅炉清单.xlsx"
    write_sample(listed, 60, seed=5)
    page = browser.new_page(viewport=WIDE, locale="zh-CN")
    screen_through_the_page(page, address, listed)
    found = page.url
    page.close()
    return found


@pytest.fixture
def opened(browser, address, screening):
    """Return a function that opens the screening, by a link if one is given; no page may complain."""
    complaints: list[str] = []
    pages = []

    def open_page(link: str = "", *, size=WIDE, at: str = screening):
        page = watched(browser.new_page(viewport=size, locale="zh-CN"), address, complaints)
        pages.append(page)
        page.goto(at + link)
        page.wait_for_function("window.room && room.layer('provinces').shown")
        if at == screening:
            page.wait_for_selector("#list tbody tr")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


def test_a_layer_is_found_by_its_name_and_the_others_step_aside(opened):
    page = opened()
    page.fill(".layer-find", "省级")
    assert page.locator(".layer-groups .layer:visible").count() == 1
    assert page.locator(".layer-groups .layer:visible").get_attribute("data-layer") == "provinces"
    page.fill(".layer-find", "没有这个图层")
    assert page.is_visible(".layer-groups > .empty")
    page.press(".layer-find", "Escape")
    assert page.locator(".layer-groups .layer:visible").count() > 8


def test_a_layer_is_faded_and_moved_by_keys_alone_and_put_back(opened):
    page = opened()
    before = page.evaluate(ORDER)
    page.focus("[data-layer=provinces] button.dots")
    page.keyboard.press("Enter")
    assert "天地图" in page.inner_text("[data-layer=provinces] .layer-panel")
    page.keyboard.press("Tab")
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("map.getPane('provinces').style.opacity") == "0.6"
    assert page.inner_text("[data-layer=provinces] output") == "60%"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    after = page.evaluate(ORDER)
    assert after.index("provinces") < after.index("cities")
    assert before.index("provinces") > before.index("cities")
    assert page.evaluate("document.activeElement.classList.contains('step')")
    page.keyboard.press("Escape")
    assert not page.is_visible("[data-layer=provinces] .layer-panel")
    assert page.evaluate("document.activeElement.matches('[data-layer=provinces] .dots')")
    page.click(".layers-title .link")
    assert page.evaluate(ORDER) == before
    assert page.evaluate("room.layer('provinces').opacity") == 1


def test_a_layer_is_dragged_within_its_group_only(opened):
    page = opened()
    top = {"x": 60, "y": 3}
    page.drag_and_drop(
        "[data-layer=cities] .layer-head", "[data-layer=south_sea_line] .layer-head", target_position=top
    )
    order = page.evaluate(ORDER)
    assert order.index("cities") > order.index("south_sea_line")
    page.drag_and_drop(
        "[data-layer=cities] .layer-head", "[data-layer=key_regions] .layer-head", target_position=top
    )
    assert page.evaluate(ORDER) == order


def test_a_missing_layer_is_hatched_and_leads_to_where_it_is_added(opened, address):
    page = opened(at=f"{address}/heating")
    missing = page.locator("[data-layer=heat_network]")
    assert "missing" in missing.get_attribute("class")
    missing.locator(".link").click()
    assert page.evaluate("document.activeElement.name") == "layer.heat_network"
    page.evaluate("room.add_layer = id => { room.asked = id; }")
    missing.locator(".link").click()
    assert page.evaluate("room.asked") == "heat_network"
