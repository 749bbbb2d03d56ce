"""The base map from outside: off unless a setting names it, one origin for pictures, nothing else."""

from __future__ import annotations

import json

import pytest

from geoaq.errors import ConfigError
from tests.web.door import client_of
from web import create_app
from web.basemap import base_map
from web.security import CONTENT_POLICY, content_policy

NOTHING = {"url": "", "key": "", "layer": "", "matrix_set": "w", "name": "", "attribution": ""}
XYZ = "https://tiles.example.org/{z}/{x}/{y}.png"


def named(kind, **words):
    return base_map(kind, **(NOTHING | words))


def script(client, lang="zh"):
    return client.get(f"/map/heating.js?lang={lang}").text


@pytest.fixture
def map_script(make_app):
    """Return the policy and the map's script of a server with some settings."""

    def read(**config):
        app = make_app(**config)
        client = client_of(app)
        with app.test_request_context():
            from flask import url_for

            address = url_for("pages.map_script", view="heating", lang="zh")
        answer = client.get(address)
        page = client.get("/heating")
        assert page.headers["Content-Security-Policy"] == answer.headers["Content-Security-Policy"]
        return answer.headers["Content-Security-Policy"], answer.text, page.text

    return read


def test_without_a_setting_there_is_none(map_script):
    assert named("none", url=XYZ) is None
    policy, text, _ = map_script()
    assert policy == CONTENT_POLICY
    assert '"base": null' in text
    assert '"approval": ""' in text


def test_tianditu_has_two_layers_of_one_origin_and_its_key(map_script):
    policy, text, page = map_script(basemap="tianditu", basemap_key="k-1&2")
    assert policy == content_policy("https://t0.tianditu.gov.cn")
    assert policy.endswith("; img-src 'self' https://t0.tianditu.gov.cn")
    found = named("tianditu", key="k-1&2")
    assert [url.split("/wmts")[0] for url in found.urls] == [
        "https://t0.tianditu.gov.cn/vec_w",
        "https://t0.tianditu.gov.cn/cva_w",
    ]
    for url in found.urls:
        assert "TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=k-1%262" in url
        assert "TILEMATRIXSET=w&" in url
    assert json.dumps("天地图") in text
    assert "k-1" in text
    assert "k-1" not in page


def test_a_server_with_the_same_addresses_stands_in_for_tianditu():
    found = named("tianditu", key="k", url="http://127.0.0.1:5212/")
    assert found.origin == "http://127.0.0.1:5212"
    assert found.urls[0].startswith("http://127.0.0.1:5212/vec_w/wmts?")


def test_a_template_and_a_service_are_taken():
    found = named("xyz", url=XYZ + "?k={key}", key="a b", name="市局底图", attribution="某市自然资源局")
    assert found.urls == ("https://tiles.example.org/{z}/{x}/{y}.png?k=a%20b",)
    assert found.options("zh") == {
        "title": "市局底图", "attribution": "某市自然资源局", "urls": list(found.urls), "max_native_zoom": 18,
    }  # fmt: skip
    service = named("wmts", url="https://maps.example.org:8443/wmts?token=1", layer="ground")
    assert service.origin == "https://maps.example.org:8443"
    assert service.urls[0].startswith("https://maps.example.org:8443/wmts?token=1&SERVICE=WMTS&")
    assert service.options("en")["title"] == "online base map"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("tianditu", {}),
        ("xyz", {"url": "https://tiles.example.org/{z}/{x}.png"}),
        ("xyz", {"url": "http://tiles.example.org/{z}/{x}/{y}.png"}),
        ("xyz", {"url": "javascript:alert(1)//{z}{x}{y}"}),
        ("xyz", {"url": "https://user:word@tiles.example.org/{z}/{x}/{y}.png"}),
        ("xyz", {"url": "https://*/{z}/{x}/{y}.png"}),
        ("xyz", {"url": "https://a.org; script-src *//{z}/{x}/{y}.png"}),
        ("xyz", {"url": "https://{z}.example.org/{x}/{y}.png"}),
        ("xyz", {"url": "https://a.org:99999/{z}/{x}/{y}.png"}),
        ("xyz", {"url": "https://wprd01.is.autonavi.com/{z}/{x}/{y}"}),
        ("xyz", {"url": "https://MAPS.BAIDU.COM/{z}/{x}/{y}"}),
        ("wmts", {"url": "https://maps.example.org/wmts"}),
        ("wmts", {"layer": "ground"}),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_setting(kind, words):
    with pytest.raises(ConfigError, match="GEOAQ_BASEMAP_"):
        named(kind, **words)


def test_a_server_does_not_start_with_one_and_never_prints_the_key(tmp_path):
    with pytest.raises(ConfigError) as caught:
        create_app(
            {
                "data": tmp_path,
                "basemap": "xyz",
                "basemap_url": "ftp://x/{z}/{x}/{y}",
                "basemap_key": "secret-1",
            }
        )
    assert "GEOAQ_BASEMAP_URL" in caught.value.message("en")
    assert "secret-1" not in caught.value.message("en")
    with pytest.raises(ConfigError, match="GEOAQ_BASEMAP"):
        create_app({"data": tmp_path, "basemap": "google"})


def test_the_number_of_the_approval_reaches_the_map_as_text(map_script):
    _, text, page = map_script(map_approval="GS(2024)0650号</script>")
    assert "GS(2024)0650" in text
    assert "</script>" not in text
    assert "0650" not in page
