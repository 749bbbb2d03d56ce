"""A result is read in the browser while its files are still being written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from geoaq.io.samples import write_sample
from tests.browser.served import WIDE, screen_through_the_page, serving, watched
from tests.state import with_layers

pytestmark = pytest.mark.browser
HELD = Path(__file__).with_name("held.py")


@pytest.fixture
def data(built_layers, tmp_path):
    """Return a folder of state; documents of its screenings wait for a file ``go`` in it."""
    return with_layers(tmp_path / "state", built_layers)


@pytest.fixture
def address(data, monkeypatch):
    monkeypatch.setenv("GEOAQ_JOB_COMMAND", json.dumps([sys.executable, str(HELD)]))
    with serving(data) as address:
        yield address


@pytest.fixture
def complaints():
    """Return what went wrong on the page; what a test expects it takes out, nothing else may be left."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def page(browser, address, complaints):
    page = watched(browser.new_page(viewport=WIDE, locale="zh-CN"), address, complaints)
    yield page
    page.close()


@pytest.fixture
def shown(page, address, tmp_path):
    """Return the page of a result whose files are still being written."""
    write_sample(tmp_path / "锅炉清单.xlsx", 60, seed=5)
    screen_through_the_page(page, address, tmp_path / "锅炉清单.xlsx", files=False)
    page.wait_for_selector("#list button:disabled:has-text('导出 Excel')")
    return page


def test_a_result_is_read_while_its_files_are_written_and_they_can_be_had_after(shown, data):
    assert "4 个文件正在生成" in shown.inner_text("#list [role=status]")
    assert "台" in shown.inner_text("#list .total")
    shown.click("#list tbody tr >> nth=0")
    shown.wait_for_selector("#why .why-facts")
    shown.click("#list .menu summary")
    assert shown.locator("#list .menu button:disabled").count() == 3
    assert shown.locator("#list .menu a:has-text('csv')").count() == 2
    shown.click("#list .menu summary")

    (data / "go").touch()
    shown.wait_for_selector("#list a[download]:has-text('导出 Excel')", timeout=120_000)
    assert shown.inner_text("#list [role=status]") == "全部文件已生成"
    assert shown.locator("#list button:disabled:has-text('导出')").count() == 0
    assert shown.is_visible("#why .why-facts")
    with shown.expect_download() as begun:
        shown.click("#list a[download]:has-text('导出 Excel')")
    assert Path(begun.value.path()).read_bytes().startswith(b"PK")


def test_a_screening_is_cancelled_from_its_result(shown, address, complaints):
    shown.click("#list .menu summary")
    shown.click("#list .menu button:has-text('取消筛查')")
    shown.wait_for_selector("#list .error:has-text('已取消')")
    assert complaints
    complaints[:] = [words for words in complaints if "404" not in words]  # its progress is gone with it
    shown.goto(f"{address}/screenings")
    assert "还没有筛查记录" in shown.inner_text("main")
