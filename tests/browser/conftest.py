"""One browser for the tests of a file, the served pages, and a page that may not go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.served import FLAGS, WIDE, serving, watched


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    (folder / "layers").symlink_to(built_layers.path.parent)
    return folder


@pytest.fixture(scope="module")
def address(data):
    with serving(data) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        program = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield program
        program.close()


@pytest.fixture
def page(browser, address):
    complaints: list[str] = []
    page = watched(browser.new_page(viewport=WIDE, locale="zh-CN"), address, complaints)
    yield page
    page.close()
    assert complaints == []
