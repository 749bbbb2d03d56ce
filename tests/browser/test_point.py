"""A place is asked about on the map, by a click, by typing or by the search box; a card says what holds."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
TOOL = '.tool[title="点位政策查询"]'


def test_a_click_on_the_map_is_answered_with_the_rules_of_the_place(page, address):
    page.goto(f"{address}/heating")
    page.wait_for_function("() => window.L && document.querySelector('#layers .layer')")
    page.click(TOOL)
    assert page.get_attribute(TOOL, "aria-pressed") == "true"
    page.mouse.click(720, 560)
    page.wait_for_selector("#why .point-place")
    assert page.get_attribute(TOOL, "aria-pressed") == "false"
    card = page.inner_text("#why")
    assert "误差 ±50 米" in card
    assert page.input_value("#why .point-form select") == "WGS84"
    assert "与省界的距离" in card
    page.click("#why .why-rule summary >> nth=0")
    assert page.inner_text("#why .rule-body blockquote >> nth=0")
    page.click("#why .close")
    assert page.is_hidden("#why")


def test_what_is_no_place_is_said_under_the_field_and_only_as_text(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/heating")
    page.wait_for_function("() => window.L && document.querySelector('#layers .layer')")
    page.click(TOOL)
    page.click(".tool-note .link")
    page.fill("#why .point-form input", "<b>x</b>")
    page.click("#why .point-form .button")
    page.wait_for_selector("#why [role=alert]")
    assert "<b>x</b>" in page.inner_text("#why [role=alert]")
    page.close()


def test_typed_coordinates_are_answered(page, address):
    page.goto(f"{address}/border")
    page.wait_for_function("() => window.L && document.querySelector('#layers .layer')")
    page.click(TOOL)
    page.click(".tool-note .link")
    page.fill("#why .point-form input", "119°31′12″E 31°03′36″N")
    page.click("#why .point-form .button")
    page.wait_for_selector("#why .point-place")
    card = page.inner_text("#why")
    assert "广德市" in card
    assert "江苏省" in card
    assert "浙江省" in card


def test_coordinates_in_the_search_box_lead_to_the_same_card(page, address):
    page.goto(f"{address}/heating")
    page.wait_for_selector("#layers .search-box input")
    page.fill("#layers .search-box input", "120.28, 31.90")
    page.wait_for_selector("#layers .search-box [role=option]")
    page.press("#layers .search-box input", "Enter")
    page.wait_for_selector("#why .point-place")
    assert "江阴市" in page.inner_text("#why .point-place")
