"""The border job in a browser: a coordinate or a drawn site goes in, both limbs and provinces come out."""

from __future__ import annotations

import pytest

from tests.browser.served import WIDE, screen_one_project

pytestmark = pytest.mark.browser


def test_a_pasted_coordinate_gives_both_limbs_and_every_province(page, address):
    screen_one_project(page, address)
    limbs = page.locator("#why .limb")
    assert limbs.count() == 2
    assert "20公里" in limbs.nth(0).inner_text()
    assert "高架源" in limbs.nth(1).inner_text()
    land = page.locator("#why .consultees li.land").all_inner_texts()
    assert "浙江省" in land[0]
    assert "江苏省" in land[1]
    assert "垂足" in land[0]
    assert "其他选址审查要求" in page.inner_text("#why")
    assert "1 个项目" in page.inner_text("#list .bar")
    assert "两侧 20 公里" in page.inner_text("#list .limbs")
    sheet = page.get_attribute("#why .actions a:has-text('PDF')", "href")
    assert page.request.get(f"{address}{sheet}").body().startswith(b"%PDF")


def test_a_field_that_cannot_be_used_says_why_where_it_is(browser, address):
    page = browser.new_page(viewport=WIDE)
    page.goto(f"{address}/border")
    page.fill("[name='project.name']", "示例")
    page.fill("[name='project.lonlat']", "somewhere")
    page.click("#project-form button[type=submit]")
    page.wait_for_selector("[name='project.lonlat'][aria-invalid=true]")
    assert "120" in page.inner_text("#field-error")
    assert page.evaluate("document.activeElement.name") == "project.lonlat"
    page.close()


def click_until(page, place, selector):
    """Click until it shows: the drawing tool passes over a click that follows another at once."""
    from playwright.sync_api import TimeoutError as Late

    for _ in range(20):
        page.mouse.move(*place)
        page.mouse.click(*place)
        try:
            return page.wait_for_selector(selector, state="attached", timeout=3000)
        except Late:
            continue
    raise AssertionError(f"{selector} never showed")


def test_a_place_is_picked_and_a_site_drawn_on_the_map(page, address):
    page.goto(f"{address}/border")
    page.wait_for_load_state("networkidle")
    page.click("#site-tools button >> nth=0")
    page.mouse.click(700, 450)
    lon, lat = (float(text) for text in page.input_value("[name='project.lonlat']").split(","))
    assert 70 < lon < 140
    assert 3 < lat < 60
    assert page.input_value("[name='project.datum']") == "WGS84"

    page.click("#site-tools button >> nth=1")
    for number, place in enumerate(((600, 500), (680, 500), (680, 580)), 1):
        click_until(page, place, f":nth-match(.draw-corner, {number})")
    click_until(page, (600, 500), "[name='project.lonlat']:disabled")
    assert len(page.input_value("[name='project.site']").split(";")) == 3
    page.click("#site-tools button:visible >> nth=2")
    assert page.is_enabled("[name='project.lonlat']")
    assert page.input_value("[name='project.site']") == ""


def test_a_list_of_projects_is_filtered_by_province(page, address, tmp_path):
    (tmp_path / "项目.csv").write_text(
        "项目编号,项目名称,经度,纬度,坐标系,行业代码,建设性质\n"
        "P1,甲,119.62,31.05,CGCS2000,C3011,新建\nP2,<b>乙</b>,112.0,32.45,CGCS2000,C3391,新建\n",
        "utf-8",
    )
    page.goto(f"{address}/border")
    page.click(".way summary:has-text('上传清单')")
    page.set_input_files("#upload-file", str(tmp_path / "项目.csv"))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("body[data-state=ready]", timeout=120_000)
    page.wait_for_selector("#list tbody tr")
    assert page.locator("#list tbody tr").count() == 2
    assert page.locator("#list tbody b").count() == 0
    page.select_option("#list .filters select >> nth=2", "330000")
    page.wait_for_selector("#list tbody tr:has-text('乙')", state="detached")
    assert "甲" in page.inner_text("#list tbody")


def test_on_a_phone_nothing_lies_beyond_the_edge(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    for path in ("/border", "/border/follow-ups"):
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
