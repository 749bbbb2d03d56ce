"""One browser for the tests of a file, the served pages, and a page that may not go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoaq.io.samples import write_sample
from tests.browser.served import FLAGS, WIDE, screen_through_the_page, serving, watched
from tests.state import with_layers


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory) -> Path:
    return with_layers(tmp_path_factory.mktemp("served"), built_layers)


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
        page.wait_for_function("() => window.room && document.querySelectorAll('[data-layer]').length > 5")
        if at == screening:
            page.wait_for_selector("#list tbody tr")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []
