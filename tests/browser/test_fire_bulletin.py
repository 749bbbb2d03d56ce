"""The bulletin in a browser: three real days of the North-East, made by the real command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.flows.fires.demonstration import demonstration
from geoaq.flows.fires.ingest import ingest_files
from geoaq.flows.fires.judging import judge
from geoaq.flows.fires.rulebook import open_rulebook
from geoaq.store.fires.store import FireStore
from tests.browser.served import watched
from tests.state import with_layers

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DAYS = "kind=range&day=2022-04-15&last=2022-04-17"


@pytest.fixture(scope="module")
def data(built_layers, tmp_path_factory) -> Path:
    folder = with_layers(tmp_path_factory.mktemp("served"), built_layers)
    catalog = Catalog.load()
    product, table = catalog.products["fire_list"], demonstration(catalog.data_dir).table
    now = int(datetime(2022, 4, 18, tzinfo=UTC).timestamp())

    def quiet(*_: object) -> None:
        return None

    with FireStore(folder) as store:
        list(ingest_files(store, [table], product=product, source="", fetched_at=now, progress=quiet))
        book = open_rulebook(folder / "layers", folder / "cache" / "counties")
        judge(store, book, now=now, progress=quiet)
    return folder


def test_a_bulletin_is_chosen_seen_and_taken_home(page, address) -> None:
    page.goto(f"{address}/fires/bulletin")
    page.select_option("[name=kind]", "range")
    page.fill("[name=day]", "2022-04-15")
    page.fill("[name=last]", "2022-04-17")
    page.select_option("[name=area]", "230000")
    page.click("form.bulletin-form button[type=submit]")
    page.wait_for_selector("article.bulletin h1", timeout=120_000)
    text = page.inner_text("article.bulletin")
    assert "黑龙江省秸秆焚烧火情监测通报" in text
    for sentence in ("未观测不等于无火", "不包括云覆盖下的火点信息", "不作审批、处罚、问责依据"):
        assert sentence in text
    assert "未排名" in text
    assert page.locator("article.bulletin figure svg circle").count() > 100
    assert page.locator("optgroup").count() == 3
    for kind, start in (("xlsx", b"PK"), ("pdf", b"%PDF-")):
        with page.expect_download(timeout=120_000) as taken:
            page.click(f".files a[href*='bulletin.{kind}']")
        assert Path(taken.value.path()).read_bytes().startswith(start)


def test_on_a_phone_nothing_but_wide_tables_goes_beyond_the_edge(browser, address) -> None:
    complaints: list[str] = []
    page = watched(browser.new_page(viewport=PHONE, locale="zh-CN"), address, complaints)
    page.goto(f"{address}/fires/bulletin?{DAYS}&area=220000&lang=en", timeout=120_000)
    page.wait_for_selector("article.bulletin h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "Not observed does not mean no fire" in page.inner_text("article.bulletin")
    page.close()
    assert complaints == []


def test_a_code_that_is_no_area_is_told_on_the_page(browser, address) -> None:
    page = browser.new_page()
    answer = page.goto(f"{address}/fires/bulletin?{DAYS}&area=999999", timeout=120_000)
    assert answer.status == 400
    assert "999999" in page.inner_text("[role=alert]")
    page.close()
