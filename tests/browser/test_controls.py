"""The controls of the map: the layer tree, links that restore a view, years."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.served import WIDE, screen_through_the_page, seen_state, until

pytestmark = pytest.mark.browser
ORDER = "room.layers.map(layer => layer.spec.id)"


def test_a_layer_is_found_by_its_name_and_the_others_step_aside(opened):
    page = opened()
    page.fill(".layer-find", "省级")
    assert page.locator(".layer-groups .layer:visible").count() == 1
    assert page.locator(".layer-groups .layer:visible").get_attribute("data-layer") == "provinces"
    page.fill(".layer-find", "没有这个图层")
    assert page.is_visible(".layer-groups > .empty")
    page.press(".layer-find", "Escape")
    assert page.locator(".layer-groups .layer:visible").count() > 8


def test_a_layer_is_faded_and_moved_by_keys_alone_and_put_back(opened):
    page = opened()
    before = page.evaluate(ORDER)
    page.focus("[data-layer=provinces] button.dots")
    page.keyboard.press("Enter")
    assert "天地图" in page.inner_text("[data-layer=provinces] .layer-panel")
    page.keyboard.press("Tab")
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("room.layer('provinces').opacity") == 0.6
    assert page.inner_text("[data-layer=provinces] output") == "60%"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    after = page.evaluate(ORDER)
    assert after.index("provinces") < after.index("cities")
    assert before.index("provinces") > before.index("cities")
    assert page.evaluate("document.activeElement.classList.contains('step')")
    page.keyboard.press("Escape")
    assert not page.is_visible("[data-layer=provinces] .layer-panel")
    assert page.evaluate("document.activeElement.matches('[data-layer=provinces] .dots')")
    page.click(".layers-title .link")
    assert page.evaluate(ORDER) == before
    assert page.evaluate("room.layer('provinces').opacity") == 1


def test_a_layer_is_dragged_within_its_group_only(opened):
    page = opened()
    until(page, "room.is_drawn()")
    for _ in range(5):  # a row that is drawn anew under the pointer lets go of it
        drag(page, "cities", "south_sea_line")
        order = page.evaluate(ORDER)
        if order.index("cities") > order.index("south_sea_line"):
            break
    else:
        raise AssertionError(order)
    drag(page, "cities", "key_regions")
    assert page.evaluate(ORDER) == order


def drag(page, layer, onto):
    """Drag a layer's row to the upper edge of another one."""
    heads = [f"[data-layer={one}] .layer-head" for one in (layer, onto)]
    page.drag_and_drop(*heads, target_position={"x": 60, "y": 3})


def test_a_missing_layer_is_hatched_and_leads_to_where_it_is_added(opened, address):
    page = opened(at=f"{address}/heating")
    missing = page.locator("[data-layer=heat_network]")
    assert "missing" in missing.get_attribute("class")
    page.evaluate("room.add_layer = id => { room.asked = id; }")
    missing.locator(".link").click()
    assert page.evaluate("room.asked") == "heat_network"


def look_at(page, lon, lat, zoom):
    page.evaluate(
        "([lon, lat, zoom]) => { map.stop(); map.setView([lat, lon], zoom, {animate: false}); }",
        [lon, lat, zoom],
    )


def test_an_untouched_page_has_a_plain_address(opened):
    page = opened()
    page.wait_for_load_state("networkidle")
    assert "#" not in page.evaluate("room.link()")


def test_a_link_brings_back_layers_order_opacity_filter_subject_and_view(opened):
    page = opened()
    page.click("#list .tag.review")
    page.wait_for_selector("#list button.tag.review[aria-pressed=true]")
    page.click("#list tbody tr >> nth=0")
    page.wait_for_selector("#why .why-facts")
    page.click("[data-layer=cities] input")
    page.click(".layer-group summary >> nth=1")
    page.evaluate("room.set_opacity('key_regions', 0.5); room.set_opacity('cities', 0.25)")
    page.evaluate("room.set_order(['provinces', 'cities'])")
    look_at(page, 120.3, 31.5, 8.5)
    page.wait_for_function("() => room.folded.zones === true")
    link, before = page.evaluate("room.link()"), seen_state(page)
    other = opened("#" + link.split("#", 1)[1])
    other.wait_for_selector("#why .why-facts")
    assert seen_state(other) == before
    lat, lon = other.evaluate("[map.getCenter().lat, map.getCenter().lng]")
    assert (lat, lon) == pytest.approx((31.5, 120.3), abs=0.01)
    assert other.get_attribute("#list button.tag.review", "aria-pressed") == "true"
    assert other.evaluate("room.link()") == link


@pytest.mark.parametrize(
    "broken",
    [
        "#%E0%A4%A", "#map=99999999/1/2&s=x", "#map=a/b/c&layers=&order=,,", "#f.verdict=<b>&f.county=0",
        "#layers=nothing:7,provinces:3&order=nothing", "#f.area=1,2;3&f.years=2000-1990", "#list", "#&&==&=1",
    ],
)  # fmt: skip
def test_a_broken_link_opens_the_page_all_the_same(opened, broken):
    page = opened(broken)
    assert page.evaluate("room.filter.verdict.length === 0 && !room.is_filtered()")
    assert page.locator("#list tbody tr").count() > 10


def test_another_link_on_the_same_page_is_followed_and_back_leads_back(opened):
    page = opened("#f.verdict=review&map=8/31/120")
    page.wait_for_selector("#list button.tag.review[aria-pressed=true]")
    page.evaluate("location.hash = '#f.verdict=applies&map=9/32/119'")
    page.wait_for_selector("#list button.tag.applies[aria-pressed=true]")
    assert page.evaluate("map.getZoom()") == 9
    page.go_back()
    page.wait_for_selector("#list button.tag.review[aria-pressed=true]")
    assert page.evaluate("map.getZoom()") == 8


def test_a_link_just_followed_is_not_overwritten_by_the_state_before_it(opened):
    page = opened("#f.verdict=review&map=8/31/120")
    page.wait_for_selector("#list button.tag.review[aria-pressed=true]")
    page.evaluate("location.hash = '#f.verdict=applies&map=9/32/119'; room.link()")
    page.wait_for_selector("#list button.tag.applies[aria-pressed=true]")
    assert page.evaluate("map.getZoom()") == 9


def test_what_was_named_early_is_asked_for_once_and_names_follow_the_picture(opened):
    page = opened()
    until(page, "room.is_drawn() && room.points.table().label")
    table = page.evaluate("({ count: room.points.table().count, names: room.points.table().label.length })")
    assert table["count"] == table["names"] > 0
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    for name in ("screening.json", "points.bin", "discs.geojson", "plants.geojson", "names.json"):
        assert sum(one.endswith(f"/{name}") for one in asked) == 1, name


def test_a_disc_holds_what_lies_within_its_curve_and_not_what_lies_beyond(opened):
    page = opened()
    until(page, "room.is_drawn() && room.layer('chp_anchors').sheet.plants.length")
    found = page.evaluate(
        """() => { const plant = room.layer('chp_anchors').sheet.plants[0], earth = geodesic.Geodesic.WGS84;
        const discs = room.layer('heating_discs').shapes;
        const holds = km => [15, 100, 285].every(azimuth => {
          const at = earth.Direct(plant.lat, plant.lon, azimuth, km * 1000);
          return discs.at(at.lon2, at.lat2).some(disc => disc.plant_id === plant.id); });
        return [holds(29.98), holds(30.02)]; }"""
    )
    assert found == [True, False]


def test_the_short_address_of_a_subject_still_opens_its_card(opened):
    page = opened()
    key = page.evaluate("room.points.key(0)")
    other = opened(f"#{key}")
    other.wait_for_selector("#why .why-facts")
    assert other.evaluate("room.selected") == key


def test_a_page_without_a_screening_keeps_its_view_and_layers_also_in_the_other_language(opened, address):
    page = opened("#map=7/31/120&layers=provinces:0.5,counties", at=f"{address}/heating")
    page.click("header .state a[hreflang=en]")
    page.wait_for_selector("html[lang=en]")
    page.wait_for_function("() => window.room && room.layer('provinces').opacity === 0.5")
    assert page.evaluate("map.getZoom()") == 7
    assert not page.evaluate("room.layer('key_regions').visible")
    page.click("header .state a[hreflang='zh-CN']")
    page.wait_for_selector("html[lang='zh-CN']")


def test_the_link_is_marked_for_copying_where_the_page_may_not_use_the_clipboard(opened):
    page = opened("#map=7/31/120")
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.click(".tools [aria-label='复制链接']")
    assert page.evaluate("document.activeElement.value").endswith("#map=7/31.0000/120.0000")
    assert page.evaluate("getSelection().toString()").endswith("#map=7/31.0000/120.0000")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.title") == "复制链接"


def test_years_narrow_list_and_map_alike_and_play_on(browser, address, tmp_path, opened):
    header = "单位名称,经度,纬度,燃料,锅炉类型,状态,容量（蒸吨/小时）,投运日期"
    rows = [f"示例{i},{120 + i / 100},31.9,煤,蒸汽,在用,20,{1990 + i // 2}-06-01" for i in range(20)]
    rows.append("无年份,120.5,31.9,煤,蒸汽,在用,20,")
    (tmp_path / "years.csv").write_text("\n".join([header, *rows]), "utf-8")
    first = browser.new_page(viewport=WIDE, locale="zh-CN")
    screen_through_the_page(first, address, tmp_path / "years.csv", files=False)
    listed = first.url
    first.close()
    page = opened(at=listed)
    page.wait_for_function("() => room.points._table && room.points._table.count === 21")
    page.focus("[aria-label='起始年份']")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => room.filter.years === '1994-1999' && room.points._table.count === 12")
    page.wait_for_function("() => document.querySelector('#list .total').innerText.startsWith('12')")
    assert "未注明年份 1" in page.inner_text(".years")
    other = opened("#" + page.evaluate("room.link()").split("#")[1], at=listed)
    other.wait_for_function("() => room.points._table && room.points._table.count === 12")
    assert other.inner_text(".year-words") == "1994–1999"
    page.click(".years .link")
    page.wait_for_function("() => room.filter.years === '' && room.points._table.count === 21")
    page.click(".years .tool")
    page.wait_for_function("() => room.filter.years === '1991-1991' && room.points._table.count === 2")
    page.click(".years .tool")
    assert page.get_attribute(".years .tool", "aria-label") == "逐年播放"


def test_one_of_a_thing_is_said_in_the_singular(opened, address):
    page = opened("?lang=en", at=f"{address}/heating")
    said = page.evaluate("['0', '1', '2'].map(count => geoaq.say('cell_total', { count }))")
    assert said == ["0 boilers in this cell", "1 boiler in this cell", "2 boilers in this cell"]
    page.goto(f"{address}/heating?lang=zh")


def test_issues_are_no_link_where_nothing_was_noted(opened):
    page = opened()
    assert page.locator("#list .issues-link").count() == 1
    page.route("**/screening.json*", lambda route: route.fulfill(json=nothing_noted(route.fetch().json())))
    page.reload()
    page.wait_for_selector("#list tbody tr")
    assert "0行数据待核" in page.inner_text("#list .bar")
    assert page.locator("#list .issues-link").count() == 0
    page.unroute_all(behavior="wait")


def nothing_noted(head: dict[str, Any]) -> dict[str, Any]:
    return head | {"counts": head["counts"] | {"issues": 0, "repairs": 0, "noted": 0}}
