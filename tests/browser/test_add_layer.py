"""An office adds its layers in the page: by keyboard, mistakes answered at their field, and undone."""

from __future__ import annotations

import json

import pytest

from geoaq.io.samples import write_sample
from tests.browser.served import WIDE, screen_through_the_page, watched

pytestmark = pytest.mark.browser
AREA = [[[120.2, 31.8], [120.4, 31.8], [120.4, 31.95], [120.2, 31.95], [120.2, 31.8]]]
NASTY = "<img src=x onerror=alert(1)>"
DIALOG = "#office-dialog[open]"


def written(path, kind="Polygon", coordinates=AREA):
    feature = {"type": "Feature", "properties": {"名称": NASTY}}
    feature["geometry"] = {"type": kind, "coordinates": coordinates}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def added(page, path):
    page.set_input_files(f"{DIALOG} input[type=file]", str(path))
    page.click(f"{DIALOG} button[type=submit]")
    page.wait_for_selector(f"{DIALOG} .told:has-text('已添加')", timeout=60_000)


def is_drawn(page, layer):
    drawn = "id => { const one = room.layer(id); return one && one.shown && one.state === 'idle'; }"
    return page.wait_for_function(drawn, arg=layer)


def test_a_missing_layer_is_added_drawn_offered_removed_and_brought_back(page, address, tmp_path):
    page.goto(f"{address}/heating")
    page.wait_for_selector(".layer.missing[data-layer=heat_network]")
    page.focus(".layer.missing[data-layer=heat_network] .link")
    page.keyboard.press("Enter")
    page.wait_for_selector(DIALOG)
    page.wait_for_function("() => document.activeElement.name === 'file'")
    assert page.input_value("#office-layer") == "heat_network"
    added(page, written(tmp_path / "管网.geojson"))
    assert "江阴市" in page.text_content(f"{DIALOG} .office-files")
    assert page.locator(f"{DIALOG} img").count() == 0
    is_drawn(page, "heat_network")
    assert page.is_visible(".layer[data-layer=heat_network] input[type=checkbox]")

    page.click(f"{DIALOG} .deeds button:has-text('移除')")
    page.wait_for_selector(f"{DIALOG} .told:has-text('可以撤销')")
    page.wait_for_function("() => document.activeElement.textContent === '撤销移除'")
    page.wait_for_selector(".layer.missing[data-layer=heat_network]", state="attached")
    assert page.locator("[data-office]").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{DIALOG} .told:has-text('已恢复')")
    is_drawn(page, "heat_network")
    page.keyboard.press("Escape")
    page.wait_for_selector(DIALOG, state="detached")
    offer = page.locator("[data-office=heat_network] input")
    assert offer.is_checked()
    assert len(offer.get_attribute("value")) == 64

    page.reload()
    is_drawn(page, "heat_network")
    assert page.locator("[data-office=heat_network] input").is_checked()
    assert "管网.geojson" in page.evaluate("room.layer('heat_network').spec.source")

    write_sample(tmp_path / "a.xlsx", 20, seed=3)
    screen_through_the_page(page, address, tmp_path / "a.xlsx", files=False)
    is_drawn(page, "heat_network")
    assert page.evaluate("room.head.layers.heat_network").endswith("layer-heat_network.geojson")
    assert page.evaluate("!room.layer('heat_network').spec.unused")


def test_another_layer_is_shown_and_a_screening_without_a_layer_says_so(page, address, tmp_path):
    write_sample(tmp_path / "a.xlsx", 20, seed=3)
    page.goto(f"{address}/heating")
    page.evaluate("document.querySelectorAll('[data-office] input').forEach(box => { box.checked = false; })")
    page.set_input_files("#upload-file", str(tmp_path / "a.xlsx"))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("body[data-state=ready]", timeout=120_000)
    page.wait_for_selector("#list tbody tr")
    page.click(".office-open")
    page.wait_for_selector(DIALOG)
    page.fill("#office-title", NASTY)
    page.check(f"{DIALOG} .colour input >> nth=3")
    added(page, written(tmp_path / "站.geojson", "Point", [120.3, 31.9]))
    layer = page.evaluate("room.layers.filter(one => one.spec.free)[0].spec.id")
    is_drawn(page, layer)
    page.select_option("#office-layer", "built_up")
    added(page, written(tmp_path / "建成区.geojson"))
    is_drawn(page, "built_up")
    assert page.evaluate("room.layer('built_up').spec.unused")
    page.keyboard.press("Escape")
    page.wait_for_selector(".layer[data-layer=built_up]:has-text('未用于本次筛查')")
    assert NASTY in page.inner_text(f".layer[data-layer={layer}]")
    assert page.locator("#layers img").count() == 0
    page.goto(f"{address}/border")
    is_drawn(page, layer)


def test_what_cannot_be_added_is_said_at_its_field(browser, address, tmp_path):
    complaints: list[str] = []
    page = watched(browser.new_page(viewport=WIDE, locale="zh-CN"), address, complaints)
    page.goto(f"{address}/heating")
    page.click(".office-open")
    page.wait_for_selector(DIALOG)
    page.fill("#office-title", "园区")
    page.click(f"{DIALOG} button[type=submit]")
    page.wait_for_selector(f"{DIALOG} .error:has-text('请选择文件')")
    page.select_option("#office-layer", "zj_heat_range")
    wrong = written(tmp_path / "点.geojson", "Point", [120.3, 31.9])
    page.set_input_files(f"{DIALOG} input[type=file]", str(wrong))
    page.click(f"{DIALOG} button[type=submit]")
    page.wait_for_selector(f"{DIALOG} .error:has-text('没有面要素')", timeout=60_000)
    assert page.get_attribute(f"{DIALOG} input[type=file]", "aria-invalid") == "true"
    page.wait_for_function("() => document.activeElement.name === 'file'")
    page.close()
    assert [one for one in complaints if not one.startswith(("400: ", "error: Failed to load"))] == []
