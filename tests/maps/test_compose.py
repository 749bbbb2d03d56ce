"""The composed map: from this machine alone, nothing inline, the same text each time."""

from __future__ import annotations

import re

import folium
import pytest
from branca.element import Element
from folium.plugins import Fullscreen

from geoaq.catalog import Catalog
from geoaq.errors import ConfigError, NotFoundError
from geoaq.maps import page_map, static_dir
from geoaq.maps.figure import OfflineFigure, local_file

CATALOG = Catalog.load()


@pytest.fixture(scope="module", params=["zh", "en"])
def parts(request):
    return page_map(CATALOG, view="heating", lang=request.param)


def test_the_markup_holds_no_script_no_style_and_no_event_attribute(parts):
    assert "<script" not in parts.html
    assert "<style" not in parts.html
    assert not re.search(r"\s(?:style|on\w+)\s*=", parts.html)
    assert 'id="map"' in parts.html


def test_no_part_names_an_address_outside(parts):
    without_sources = re.sub(r'"source": "[^"]*"', "", parts.script)
    assert "://" not in parts.html + parts.style + without_sources
    assert all(not path.startswith(("http", "/")) for path in parts.scripts + parts.styles)


def test_every_file_that_the_map_names_is_in_place(parts):
    missing = [path for path in parts.scripts + parts.styles if not (static_dir() / path).is_file()]
    assert missing == []


def test_leaflet_comes_before_what_builds_on_it(parts):
    order = list(parts.scripts)
    assert order[0] == "vendor/leaflet/leaflet.js"
    assert order.index("vendor/leaflet-draw/leaflet.draw.js") < order.index("geoaq/draw.js")
    assert order.index("geoaq/sheet.js") < order.index("geoaq/points.js")


def test_the_same_view_composes_to_the_same_text():
    assert page_map(CATALOG, view="heating") == page_map(CATALOG, view="heating")


def test_a_script_from_an_unknown_address_is_refused():
    figure = OfflineFigure()
    folium.Map(tiles=None).add_to(figure)
    with pytest.raises(ConfigError) as error:
        figure.parts()
    assert error.value.code == "external_address"
    assert "jquery" in error.value.params["address"]


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.js", "//example.com/geoaq/base.js", "geoaq/../../secret.js", "vendor/a.html"],
)
def test_only_listed_addresses_and_plain_local_files_pass(address):
    with pytest.raises(ConfigError):
        local_file(address)


def test_a_plugin_that_brings_its_own_address_is_refused():
    figure = OfflineFigure()
    figure.add_child(Fullscreen())
    with pytest.raises(ConfigError, match=r"fullscreen"):
        figure.parts()


def test_markup_with_inline_code_is_refused():
    figure = OfflineFigure()
    figure.html.add_child(Element('<div style="color: red">x</div>'))
    with pytest.raises(ConfigError) as error:
        figure.parts()
    assert error.value.code == "inline_code"


def test_what_folium_puts_into_the_head_comes_out_as_text_of_its_own():
    figure = OfflineFigure()
    figure.header.add_child(Element("<style>#a { color: red }</style><script>var a = 1;</script>"))
    parts = figure.parts()
    assert parts.style == "#a { color: red }\n"
    assert parts.script == "var a = 1;\n"


def test_ids_are_counted_by_place():
    def names():
        figure = OfflineFigure()
        group = Element("g")
        figure.add_child(group)
        group.add_child(Element("c"))
        figure.parts()
        return group.get_name(), figure.get_name()

    assert names() == names()


def test_style_legend_and_order_come_from_the_layer_files(parts):
    for entry in CATALOG.views["heating"].layers:
        assert f'"id": "{entry.layer}"' in parts.script
    assert CATALOG.layers["chp_anchors"].style.stroke in parts.script


def test_an_unknown_view_is_not_found():
    with pytest.raises(NotFoundError):
        page_map(CATALOG, view="nowhere")
