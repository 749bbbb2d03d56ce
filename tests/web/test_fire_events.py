"""The card of an event of fire: evidence, whose ground, what bans it, what became of it; page and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoaq.cards.fire_evidence import dms
from geoaq.cards.fires import class_name, source_name
from geoaq.io.built import LayerSet
from tests.web.burning import GONE, NASTY, OLD, OLDEST, PUSHED, SHARED, burning
from tests.web.door import client_of


@pytest.fixture(scope="module")
def client(make_module_app: Any, built_layers: LayerSet) -> Iterator[FlaskClient]:
    app = make_module_app()
    data = app.extensions["geoaq"].settings.data
    (data / "layers").symlink_to(built_layers.path.parent)
    burning(data)
    yield client_of(app)
    app.extensions["geoaq"].fires.close()


def page(client: FlaskClient, event: str, lang: str = "zh") -> str:
    answer = client.get(f"/fires/events/{event}?lang={lang}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def card(client: FlaskClient, event: str, lang: str = "zh") -> dict[str, Any]:
    answer = client.get(f"/fires/events/{event}.json?lang={lang}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def words(html: str) -> str:
    """Return what a reader sees of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_source_without_a_name_of_its_own_is_called_by_its_kind() -> None:
    assert source_name("platform", "platform", "zh") == "省级平台"
    assert source_name("platform:某省平台", "platform", "zh") == "省级平台 某省平台"
    assert source_name("platform", "", "en") == "Provincial platform"


def test_power_is_added_over_one_overpass_and_what_is_unknown_is_said_to_be(client: FlaskClient) -> None:
    first, second = card(client, SHARED)["passes"]
    assert (first["source"], first["beijing"], first["utc"]) == (
        "S-NPP",
        "2024-03-01 13:12",
        "2024-03-01 05:12",
    )
    assert first["frp"] == "辐射功率合计 10.8 兆瓦（3 个火点中 2 个有数值）"
    assert second["frp"] == "辐射功率不详"
    assert [one["frp"] for one in first["pixels"]].count("不详") == 1
    assert {one["footprint"] for one in first["pixels"]} == {"0.40 × 0.38", "不详"}
    assert {one["crop_share"] for one in first["pixels"]} == {"75%"}
    assert "像元范围内以农田为主" in first["pixels"][0]["reasons"]
    assert "平均" in words(page(client, SHARED))


def test_ground_that_two_counties_share_is_shown_with_shares_and_counts_against_nobody(
    client: FlaskClient,
) -> None:
    found = card(client, SHARED)
    assert [(one["adcode"], one["pixels"], one["share"]) for one in found["counties"]] == [
        ("341302", 3, "73%"),
        ("341322", 1, "27%"),
    ]
    assert found["title"].startswith("埇桥区、萧县交界处疑似火情")
    text = words(page(client, SHARED))
    assert "跨县（乡镇），归属待核" in text
    assert "核实前不计入任何一方" in text


def test_places_are_given_by_the_name_of_their_datum(client: FlaskClient) -> None:
    positions = {one["label"]: one["text"] for one in card(client, SHARED, "en")["positions"]}
    assert positions["WGS 84 (longitude, latitude)"] == "116.00000, 33.00000"
    assert positions["WGS 84, degrees"] == "116°00′00″E 33°00′00″N"
    assert positions["GCJ-02"] not in {"116.00000, 33.00000", ""}
    assert dms(-0.5, "EW") == "0°30′00″W"


def test_the_rule_is_quoted_as_it_was_in_force_then(client: FlaskClient) -> None:
    text = words(page(client, SHARED))
    assert "按 2024-03-01 首次发现时有效的文件判断" in text
    assert re.search(r"<blockquote>[^<]*秸秆[^<]*</blockquote>", page(client, SHARED))
    assert [one["by"] for one in card(client, SHARED)["findings"]] == ["rule", "permit"]


def test_the_sketch_draws_footprints_the_kilometre_around_and_the_county_line(client: FlaskClient) -> None:
    html = page(client, SHARED)
    assert html.count('class="footprint"') == 3  # of the fourth the size is not known
    assert html.count('class="centre"') == 4
    circle = re.search(r'<path class="circle" d="([^"]+)"', html)
    assert circle is not None
    across = [float(x) for x, _ in re.findall(r"(-?\d+),(-?\d+)", circle[1])]
    assert max(across) - min(across) == pytest.approx(2000 + 560, abs=10)
    assert "无焚烧痕迹可依规定申请核减" in html


def test_the_way_back_leads_to_the_place_and_the_hours_on_the_map(client: FlaskClient) -> None:
    assert card(client, SHARED)["map"] == (
        "/fires#map=12/33.00000/116.00000&f.span=2024-03-01T13:00_2024-03-01T17:00"
    )
    assert 'href="/fires#map=12/33.00000' in page(client, SHARED)


def test_a_push_has_its_number_and_its_deadline(client: FlaskClient) -> None:
    found = card(client, PUSHED)
    assert found["passes"][0]["pixels"][0]["push"]["deadline"] == "2024-03-01 15:12"
    html = page(client, PUSHED)
    assert 'class="push"' in html
    assert "上级推送" in words(html)


def test_what_others_have_typed_is_shown_as_text(client: FlaskClient) -> None:
    for event in (SHARED, PUSHED):
        html = page(client, event)
        assert NASTY not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_the_name_of_an_event_that_was_merged_leads_to_the_other_and_says_so(client: FlaskClient) -> None:
    for ending in ("", ".json"):
        answer = client.get(f"/fires/events/{OLD}{ending}?lang=en")
        assert answer.status_code == 302
        assert answer.location == f"/fires/events/{SHARED}{ending}?was={OLD}&lang=en"
    html = client.get(f"/fires/events/{OLD}?lang=zh", follow_redirects=True).get_data(as_text=True)
    assert f"火情 {OLD} 已并入本火情。" in html
    html = client.get(f"/fires/events/{OLDEST}?lang=zh", follow_redirects=True).get_data(as_text=True)
    assert f"火情 {OLDEST} 已并入本火情。" in html
    assert client.get(f"/fires/events/{SHARED}?was=%00").status_code == 200
    assert card(client, SHARED)["came_from"] == ""
    assert "已并入" not in client.get(f"/fires/events/{SHARED}?was={GONE}&lang=zh").get_data(as_text=True)


def test_history_tells_what_became_of_it_and_of_others(client: FlaskClient) -> None:
    told = [one["text"] for one in card(client, SHARED)["history"]]
    assert told == [
        "形成本火情，1 个火点",
        "火点由 1 个增至 4 个",
        f"判别由“{class_name('mixed', 'zh')}”改为“{class_name('straw_likely', 'zh')}”",
        f"火情 {OLD} 并入本火情",
        f"分出火情 {PUSHED}，1 个火点",
    ]


def test_an_event_that_is_gone_is_told_as_history(client: FlaskClient) -> None:
    text = words(page(client, GONE))
    assert "目前没有属于该火情的火点" in text
    assert "已撤销" in text
    assert card(client, GONE)["alive"] is False


@pytest.mark.parametrize("name", ["20240301T0512Z-never", "%3Cscript%3E", "a" * 200, "..%2F..%2Fetc"])
def test_a_name_that_nothing_bears_is_said_in_words(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/fires/events/{name}")
    assert answer.status_code == 404
    assert "<script>e" not in answer.get_data(as_text=True)
    told = client.get(f"/fires/events/{name}.json").get_json()
    assert told["error"]["code"] in {"no_event", "no_page"}


def test_both_languages_have_every_sentence(client: FlaskClient) -> None:
    for event in (SHARED, PUSHED, GONE):
        html = page(client, event, "en")
        assert "Suspected fire" in html
        assert not re.search(r"fire_event\.(?!css)", html + page(client, event))
