"""The one-file map of a screening of projects in a browser: card, wind and feet are those of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.flows.border import ProjectRequest, screen_projects
from tests.browser.served import WATCH_POLICY, WIDE
from tests.flows.border.sites import project, write_projects

pytestmark = pytest.mark.browser
XINHANG = (119.62, 31.05)


@pytest.fixture(scope="module")
def request_(built_layers, tmp_path_factory) -> ProjectRequest:
    home = tmp_path_factory.mktemp("map")
    rows = [
        project(XINHANG, 项目名称="甲熟料线", **{"排气筒高度（米）": "80"}),
        project((119.7, 29.8), 项目名称="远离省界项目"),
    ]
    wind = "时间,风向,风速\n" + "".join(f"2025-01-01 {hour:02d}:00,{15 * hour},3\n" for hour in range(24))
    (home / "wind.csv").write_text(wind, "utf-8")
    return ProjectRequest(
        path=write_projects(home / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(),
        formats=("csv", "parquet", "map"),
        wind=home / "wind.csv",
    )


@pytest.fixture
def opened(browser):
    """Return a function that opens the map of a screening, and hold it to: no request, no error."""
    complaints: list[str] = []

    def open_map(out):
        address = (out / "map.html").as_uri()
        page = browser.new_page(viewport=WIDE)
        page.on("request", lambda request: request.url != address and complaints.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text))
        page.add_init_script(WATCH_POLICY)
        page.goto(address)
        page.wait_for_selector("#list tbody tr")
        return page

    yield open_map
    assert complaints == []


def test_the_file_shows_the_card_of_the_page_with_limbs_consultees_and_the_wind(opened, request_, tmp_path):
    screen_projects(request_, tmp_path / "out")
    page = opened(tmp_path / "out")
    page.click("#list tbody tr:has-text('甲熟料线')")
    page.wait_for_selector("#why .limb")
    assert page.locator("#why .limb").count() == 2
    assert "20公里" in page.inner_text("#why .limb >> nth=0").replace(" ", "")
    named = page.locator("#why .consultees li .who").all_inner_texts()
    assert any("浙江省" in one for one in named)
    assert any("江苏省" in one for one in named)
    assert "±" in page.inner_text("#why .consultees li >> nth=0")
    assert "贡献浓度" in page.inner_text("#why")
    assert page.locator("#why .rose svg path").count() == 16
    # The sectors are drawn beside the card.
    drawn = "Object.values(map._layers).filter(one => one.options && one.options.pane === 'downwind').length"
    assert page.evaluate(drawn) >= 2
    page.click("#why .consultees li >> nth=0 >> button")
    page.wait_for_selector("#why .limb")


def test_a_site_is_seen_whole_with_its_feet_and_the_line_starts_at_its_nearest_part(
    opened, request_, tmp_path
):
    site = shapely.box(119.45, 31.0, 119.60, 31.06)
    record = {"项目名称": ["园区"], "建设性质": "新建", "国民经济行业类别及代码": "3011"}
    geopandas.GeoDataFrame(record, geometry=[site], crs=4326).to_file(tmp_path / "site.gpkg", driver="GPKG")
    screen_projects(replace(request_, path=tmp_path / "site.gpkg", wind=None), tmp_path / "out")
    page = opened(tmp_path / "out")
    page.click("#list tbody tr:has-text('园区')")
    page.wait_for_selector("#why .limb")
    marks = page.evaluate(
        "Object.values(map._layers).map(one => one.marks).filter(one => one && one.start)[0]"
    )
    start, foot = shapely.Point(marks["start"]), shapely.Point(marks["to"])
    assert site.exterior.distance(start) < 1e-5
    assert shapely.LineString([start, foot]).intersection(site).length < 1e-5
    sight = page.evaluate("(b => [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()])(room.sight())")
    assert shapely.box(*sight).covers(shapely.union_all([site, foot]))
    feet = geopandas.read_file(tmp_path / "out" / "feet.geojson").geometry.to_numpy()
    assert (shapely.length(shapely.intersection(feet, site)) < 1e-5).all()
    # It fills a good part of what is seen.
    assert site.area > 0.05 * shapely.box(*sight).area
