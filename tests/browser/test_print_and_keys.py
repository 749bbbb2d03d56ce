"""The page to print, and what keys, fingers and small screens ask of every page with a map."""

from __future__ import annotations

import re

import pytest

from tests.browser.served import WIDE, seen_state

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("paper", "size"), [("lying", (297, 210)), ("standing", (210, 297))])
def test_the_page_is_seen_as_it_prints_on_one_sheet_and_the_map_comes_back(opened, paper, size):
    page = opened("#map=8/31.3/120.3&f.verdict=review")
    before = seen_state(page)
    page.click(".tools [aria-label='打印预览']")
    page.click(f"[data-paper={paper}]")
    words = page.inner_text("main")
    for said in ("燃煤锅炉筛查", "政策基准日 2026-11-21", "打印日期", "已筛选", "1:", "公里"):
        assert said in words, said
    for said in ("审图号：", "资料来源", "不作审批"):
        assert said in words, said
    inside = page.evaluate(
        """() => { const sheet = document.querySelector('main').getBoundingClientRect();
        return [...document.querySelectorAll('.print-head, #map, .print-side, .print-foot')].every(one => {
          const box = one.getBoundingClientRect();
          return box.height > 10 && box.left >= sheet.left && box.right <= sheet.right + 1 &&
            box.bottom <= sheet.bottom + 1; }); }"""
    )
    assert inside
    assert page.evaluate("document.querySelector('#map').offsetHeight") > 300
    assert not page.is_visible("#layers")
    sheets = page.pdf(prefer_css_page_size=True)
    width, height = (round(side / 25.4 * 72) for side in size)
    boxes = re.findall(rb"/MediaBox ?\[([^]]+)\]", sheets)
    assert [tuple(round(float(n)) for n in box.split()) for box in boxes] == [(0, 0, width, height)]
    page.keyboard.press("Escape")
    assert page.is_visible("#layers")
    assert seen_state(page) == before
    assert page.evaluate("document.activeElement.title") == "打印预览"


@pytest.mark.parametrize("paper", ["lying", "standing"])
@pytest.mark.parametrize("size", [(1024, 768), (390, 844)], ids=["laptop", "phone"])
def test_in_a_narrow_window_the_whole_sheet_is_seen_and_printed_at_full_size(opened, paper, size):
    width, height = size
    page = opened("", size={"width": width, "height": height})
    page.evaluate("room.emit('preview')")
    page.click(f"[data-paper={paper}]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sheet = page.evaluate("document.querySelector('main').getBoundingClientRect().toJSON()")
    assert 0 <= sheet["left"] < sheet["right"] <= width
    ratio = 210 / 297 if paper == "lying" else 297 / 210
    assert sheet["height"] / sheet["width"] == pytest.approx(ratio, rel=0.01)
    end = page.evaluate("document.documentElement.scrollHeight") - page.evaluate("scrollY")
    assert end <= max(height, sheet["bottom"] + 60)
    paper_mm = (297, 210) if paper == "lying" else (210, 297)
    boxes = re.findall(rb"/MediaBox ?\[([^]]+)\]", page.pdf(prefer_css_page_size=True))
    points = tuple(round(side / 25.4 * 72) for side in paper_mm)
    assert [tuple(round(float(n)) for n in box.split()) for box in boxes] == [(0, 0, *points)]
    page.keyboard.press("Escape")
    assert page.evaluate("document.body.className.includes('shrunk')") is False


def test_the_keys_reach_the_map_first_then_its_tools_then_the_cards(opened):
    page = opened()
    page.focus("header .state a[hreflang]")
    found = []
    for _ in range(14):
        page.keyboard.press("Tab")
        found.append(
            page.evaluate(
                """() => { const at = document.activeElement, style = getComputedStyle(at);
                return [at.closest('#map, .tools, #layers, #list, .years')?.matches('#map') ? 'map'
                  : at.closest('.tools') ? 'tools' : at.closest('#layers') ? 'layers' : 'other',
                  style.outlineStyle !== 'none']; }"""
            )
        )
    places = [place for place, _ in found]
    assert places[0] == "map"
    assert places[1] == "tools"
    assert places.index("layers") > places.index("tools")
    assert all(seen for _, seen in found)


def test_arrows_move_the_map_and_escape_closes_the_card(opened):
    page = opened()
    page.focus("#map")
    lon = page.evaluate("map.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("lon => map.getCenter().lng > lon", arg=lon)
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    page.focus("#map")
    page.keyboard.press("Escape")
    page.wait_for_selector("#why", state="hidden")
    assert page.evaluate("room.selected") is None


@pytest.mark.parametrize("size", [WIDE, {"width": 390, "height": 844}], ids=["desktop", "phone"])
def test_everything_that_is_pressed_is_large_enough(opened, size):
    page = opened(size=size)
    if size is not WIDE:
        page.click(".tabs button >> nth=0")
    page.click("[data-layer=provinces] .dots")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, summary')]
        .filter(one => one.offsetParent && !one.closest('.skip') && getComputedStyle(one).opacity !== '0')
        .map(one => [one.matches('label input') ? one.closest('label') : one, one])
        .map(([target, one]) => [target.getBoundingClientRect(), one])
        .filter(([box]) => box.width && (box.height < 23.5 || box.width < 23.5))
        .map(([box, one]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_no_heading_of_the_list_is_cut_off_with_the_card_open(opened):
    page = opened(size={"width": 1366, "height": 768})
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('#list thead th')].filter(th =>
        th.querySelector('button').getBoundingClientRect().right > th.getBoundingClientRect().right + 1)
        .map(th => th.innerText)"""
    )
    assert cut == []


def test_on_a_phone_the_first_map_lies_above_the_card_and_no_link_of_the_header_is_cut_off(opened, address):
    page = opened("?lang=en", size={"width": 390, "height": 844}, at=f"{address}/heating")
    top = page.evaluate("document.querySelector('#upload').getBoundingClientRect().top")
    low = page.evaluate(
        "map.latLngToContainerPoint([26, 118]).y + document.querySelector('#map').getBoundingClientRect().top"
    )
    assert low < top
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('header a')].map(a => a.getBoundingClientRect().right))"
    )
    assert right <= 390
    page.goto(f"{address}/heating?lang=zh")
