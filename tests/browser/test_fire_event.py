"""The card of an event in a browser: wide, on a telephone, on paper, in both languages."""

from __future__ import annotations

import pytest

from tests.browser.served import serving, until
from tests.web.burning import NASTY, OLD, PUSHED, SHARED, burning

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(data):
    burning(data)
    with serving(data) as address:
        yield address


def fits(page) -> bool:
    """Say whether nothing of the page lies beside the screen."""
    return page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_the_card_is_read_in_both_languages_and_leads_back_to_the_map(page, address):
    page.goto(f"{address}/fires/events/{SHARED}")
    assert "埇桥区" in page.inner_text("h1")
    assert page.locator(".sketch path.footprint").count() == 3
    drawn = page.locator(".sketch path.circle").bounding_box()
    assert drawn["width"] > 100
    assert "跨县（乡镇），归属待核" in page.inner_text("#attribution")
    assert page.inner_text("#ban blockquote")
    assert fits(page)
    page.click("header .state a[hreflang=en]")
    page.wait_for_selector("html[lang=en]")
    assert "Whose ground" in page.inner_text("#attribution")
    page.click("main a >> nth=0")
    until(page, "window.room && room.fires.head")
    assert page.evaluate("() => room.map.getZoom()") == 12
    assert page.inner_text(".fire-span") == "2024-03-01 13:00 – 2024-03-01 17:00"


def test_the_list_counts_events_and_each_line_leads_to_its_card(page, address):
    page.goto(f"{address}/fires?lang=zh#f.span=2024-03-01T13:00_2024-03-01T17:00")
    until(page, "window.room && room.fires.head")
    page.click("#list .fire-tabs button >> nth=1")
    page.wait_for_selector("table.events tbody tr")
    assert page.inner_text("#list .total") == "2起火情"
    until(page, "document.querySelectorAll('table.events tbody tr').length === 2")
    page.set_viewport_size(PHONE)
    way = page.locator(f"table.events .c-open a[href='/fires/events/{SHARED}']")
    way.click()
    page.wait_for_url(f"{address}/fires/events/{SHARED}")


def test_a_printed_bulletin_page_has_no_form(page, address):
    page.goto(f"{address}/fires/bulletin?lang=zh")
    page.emulate_media(media="print")
    for part in ("header.top", "nav.places", ".bulletin-form"):
        assert not page.is_visible(part)


def test_the_old_name_of_an_event_leads_to_the_one_that_it_grew_into(page, address):
    page.goto(f"{address}/fires/events/{OLD}?lang=zh")
    assert page.url.endswith(f"/fires/events/{SHARED}?was={OLD}&lang=zh")
    assert f"火情 {OLD} 已并入本火情。" in page.inner_text("main")


def test_on_a_telephone_every_fact_of_a_pixel_is_in_sight(page, address):
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/fires/events/{SHARED}?lang=zh")
    assert fits(page)
    box = page.locator("#evidence td[data-label] >> nth=6").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    all_there = "[...document.querySelectorAll('main *')]"
    beside = f"() => {all_there}.filter(one => one.getBoundingClientRect().right > innerWidth).length"
    assert page.evaluate(beside) == 0


def test_what_others_typed_makes_no_element(page, address):
    page.goto(f"{address}/fires/events/{PUSHED}?lang=zh")
    assert NASTY in page.inner_text("#evidence")
    assert page.locator("main img").count() == 0


def test_the_print_view_is_the_card_alone(page, address):
    page.goto(f"{address}/fires/events/{SHARED}?lang=zh")
    page.evaluate("() => { window.printed = 0; window.print = () => window.printed++ }")
    page.click("#print")
    assert page.evaluate("() => window.printed") == 1
    page.emulate_media(media="print")
    assert not page.is_visible("header.top")
    assert not page.is_visible("#print")
    assert page.is_visible(".sketch svg")
    page.set_viewport_size({"width": 702, "height": 1000})  # A4 less its margins, at 96 dots an inch
    assert fits(page)
