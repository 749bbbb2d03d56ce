"""The pages in a browser: a list goes in, the reasons come out, and nothing is asked of anybody else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geoaq.io.samples import write_sample
from tests.browser.served import WIDE, screen_through_the_page, watched

pytestmark = pytest.mark.browser
NASTY = "<img src=x onerror=alert(1)>"


def test_a_list_goes_in_and_the_reasons_of_a_boiler_come_out(page, address, tmp_path):
    write_sample(tmp_path / "锅炉清单.xlsx", 120, seed=7)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    screen_through_the_page(page, address, tmp_path / "锅炉清单.xlsx")
    page.wait_for_selector("#list tbody tr")
    assert "示例数据（合成）" in page.inner_text("header.top")
    page.click("#layers .notes summary")
    assert "读取：xlsx" in page.inner_text("#layers")
    page.wait_for_load_state("networkidle")
    drawn = [url for url in asked[asked.index(page.url) :] if url.endswith(".geojson")]
    assert {f"{page.url}/layers/plants.geojson", f"{page.url}/layers/discs.geojson"} <= set(drawn)
    assert not [url for url in drawn if "chp_anchors" in url or "heating_discs" in url]
    assert "台" in page.inner_text("#list")

    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    assert "公里" in page.inner_text("#why .why-facts")
    card = page.inner_text("#why")
    assert "行动计划" in card
    assert "坐标" in card
    page.click("#why .why-rule summary >> nth=0")
    assert page.inner_text("#why .conditions >> nth=0")


def test_a_choice_of_verdict_narrows_the_list_and_the_link_is_shareable(page, address, tmp_path):
    write_sample(tmp_path / "a.xlsx", 60, seed=3)
    screen_through_the_page(page, address, tmp_path / "a.xlsx")
    before = page.inner_text("#list")
    page.click("#list .tag.review")
    page.wait_for_function("before => document.querySelector('#list').innerText !== before", arg=before)
    assert page.get_attribute("#list button.tag.review", "aria-pressed") == "true"
    fresh = page.url
    page.goto(fresh)
    page.wait_for_selector("#list tbody tr")


def test_what_a_list_says_of_itself_is_shown_as_text(page, address, tmp_path):
    header = "单位名称,经度,纬度,燃料,锅炉类型,状态,容量（蒸吨/小时）"
    lines = (header, f"{NASTY},120.28,31.91,煤,蒸汽,在用,35", "=HYPERLINK(1),120.3,31.8,煤,蒸汽,在用,10")
    (tmp_path / f"{NASTY.replace('<', '＜')}.csv").write_text("\n".join(lines), "utf-8")
    (listed,) = tmp_path.glob("*.csv")
    screen_through_the_page(page, address, listed)
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    assert NASTY in page.inner_text("#why")
    page.goto(f"{address}/screenings")
    assert "onerror=alert(1)" in page.inner_text("main")
    assert page.locator("main img").count() == 0


def test_a_list_that_cannot_be_read_says_why_on_the_page(browser, address, tmp_path):
    (tmp_path / "noise.xlsx").write_bytes(b"PK\x03\x04" + bytes(2000))
    complaints: list[str] = []
    page = watched(browser.new_page(viewport=WIDE), address, complaints)
    page.goto(f"{address}/heating")
    page.set_input_files("#upload-file", str(tmp_path / "noise.xlsx"))
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#upload .error:has-text('noise.xlsx')")
    assert page.is_visible("#upload-form")
    page.close()


def test_the_language_is_switched_by_a_link_and_kept(page, address):
    page.goto(f"{address}/heating")
    page.click("header .state a[hreflang=en]")
    page.wait_for_selector("html[lang=en]")
    page.goto(f"{address}/screenings")
    assert page.get_attribute("html", "lang") == "en"
    page.click("header .state a[hreflang='zh-CN']")
    page.wait_for_selector("html[lang='zh-CN']")


def test_a_screening_is_renamed_and_deleted_without_any_script(browser, address, tmp_path):
    (tmp_path / "a.csv").write_text("单位名称,经度,纬度,燃料\n江阴,120.28,31.91,煤", "utf-8")
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/heating")
    page.set_input_files("#upload-file", str(tmp_path / "a.csv"))
    page.click("#upload-form button[type=submit]")
    screening = page.url.rsplit("/", 1)[1]
    entry = f"#s-{screening}"
    for _ in range(120):
        page.goto(f"{address}/screenings")
        if page.locator(f"{entry} form.edit").count():
            break
        page.wait_for_timeout(500)
    page.click(f"{entry} details:has(form.edit) summary")
    page.fill(f"{entry} input[name=title]", "十一月 <b>")
    page.click(f"{entry} form.edit button")
    assert page.inner_text(f"{entry} h2") == "十一月 <b>"
    assert not page.is_visible(f"{entry} button.danger")
    page.click(f"{entry} details:has(button.danger) summary")
    page.click(f"{entry} button.danger")
    assert page.locator(entry).count() == 0
    page.click(".undo button")
    assert page.inner_text(f"{entry} h2") == "十一月 <b>"
    page.close()


@pytest.mark.netns
def test_without_any_network_no_page_asks_outside_or_fails(data, chromium, tmp_path):
    write_sample(tmp_path / "list.xlsx", 40, seed=11)
    visit = Path(__file__).with_name("offline_visit.py")
    script = 'ip link set lo up && exec "$0" "$@"'
    command = [
        sys.executable,
        "-m",
        "tests.browser.offline_visit",
        str(data),
        chromium,
        str(tmp_path / "list.xlsx"),
    ]
    unshare = shutil.which("unshare")
    assert unshare is not None
    done = subprocess.run(
        [unshare, "--net", "sh", "-c", script, *command],
        cwd=visit.parent.parent.parent, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "visited" in done.stdout
