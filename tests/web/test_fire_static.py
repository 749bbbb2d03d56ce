"""Looking over static heat sources: the register, a source with its evidence, decisions only added."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geoaq.store.fires.registers import Register
from geoaq.store.fires.store import FireStore
from tests.web.door import JSON, client_of, rooms_of, token_of
from tests.web.fire_office import furnish, sources

# 2026-12-01, days since 1970.
DECEMBER = 20_788
URL = "/fires/static"
FIRST = "static-w00000"


@pytest.fixture(scope="module")
def client(make_module_app, built_layers, tmp_path_factory) -> FlaskClient:
    data = tmp_path_factory.mktemp("static") / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    furnish(data, 60)
    return client_of(make_module_app(data=data))


def post(client: FlaskClient, source: str = FIRST, headers: dict[str, str] | None = None, **fields: str):
    stated = {"X-CSRFToken": token_of(client), **JSON, **(headers or {})}
    return client.post(f"{URL}/{source}/reviews", data=fields, headers=stated)


def test_the_page_is_served_in_both_languages(client: FlaskClient) -> None:
    assert "固定热源核实" in client.get(f"{URL}?lang=zh").text
    assert "Static heat sources" in client.get(f"{URL}?lang=en").text
    client.get(f"{URL}?lang=zh")


def test_the_newest_register_comes_first_with_where_it_is_from(client: FlaskClient) -> None:
    data = client.get(f"{URL}/register.json").json
    assert [one["value"] for one in data["months"]] == ["2026-11", "2026-10"]
    assert data["month"] == "2026-11"
    assert (data["total"], data["pages"], len(data["rows"])) == (60, 2, 50)
    assert data["provenance"]["sha256"].endswith("20758")
    assert "2026-11-01" in data["provenance"]["text"]
    days = [one["days"] for one in data["rows"]]
    assert days == sorted(days, reverse=True)
    assert client.get(f"{URL}/register.json?month=2026-10").json["total"] == 58


def test_a_month_without_sources_is_not_the_one_that_is_opened(make_app, built_layers, tmp_path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    furnish(data, 7)
    with FireStore(data) as store:
        store.keep_register(Register(DECEMBER, "m" * 64, "d" * 64, 0), sources(DECEMBER, 7).iloc[:0])
    client = client_of(make_app(data=data))
    told = client.get(f"{URL}/register.json").json
    assert (told["months"][0]["value"], told["month"], told["total"]) == ("2026-12", "2026-11", 7)
    assert len(client.get(f"{URL}/places.json").json["key"]) == 7
    assert client.get(f"{URL}/register.json?month=2026-12").json["total"] == 0


def test_a_source_is_found_by_its_county_and_lies_where_it_lies(client: FlaskClient) -> None:
    data = client.get(f"{URL}/register.json?q=武安").json
    keys = {one["key"]: one for one in data["rows"]}
    assert keys[FIRST]["place_whole"] == "河北省 邯郸市 武安市"
    sea = client.get(f"{URL}/register.json?q=w00004").json["rows"][0]
    assert sea["place"] == "境外或海上"
    assert client.get(f"{URL}/register.json?q=没有这里").json["total"] == 0
    places = client.get(f"{URL}/places.json?q=武安").json
    assert set(places["key"]) == set(keys)
    assert len(places["lon"]) == len(places["radius_m"]) == len(places["decision"]) == len(keys)


def test_the_page_on_which_a_source_stands_is_found(client: FlaskClient) -> None:
    last = client.get(f"{URL}/register.json?page=2").json["rows"][-1]["key"]
    data = client.get(f"{URL}/register.json?find={last}").json
    assert data["page"] == 2
    assert client.get(f"{URL}/register.json?page=99").json["page"] == 2


def test_the_card_tells_plant_and_provenance_and_its_detections(client: FlaskClient) -> None:
    card = client.get(f"{URL}/{FIRST}.json").json
    facts = {fact["label"]: fact["text"] for fact in card["facts"]}
    assert "公里" in facts["最近的燃煤电厂"]
    assert "2026-11登记册" in facts["登记来源"]
    hits = client.get(f"{URL}/{FIRST}/hits.json").json
    assert len(hits["rows"]) >= 20
    times = [one["time"] for one in hits["rows"]]
    assert times == sorted(times, reverse=True)
    older = client.get(f"{URL}/{FIRST}/hits.json?before={hits['before']}").json
    assert {one["time"] for one in older["rows"]}.isdisjoint(times)
    assert max(int(one["apart"]) for one in hits["rows"]) < 500


def test_decisions_are_only_added_and_the_last_one_counts(client: FlaskClient) -> None:
    source = "static-w00002"
    assert post(client, source, decision="confirmed", by="王", remark="钢厂").status_code == 201
    answer = post(client, source, decision="rejected", by="李 <b>", remark="已拆除\n照片3张")
    assert answer.status_code == 201
    told = [(one["decision"]["code"], one["by"], one["remark"]) for one in answer.json["history"]]
    assert told == [("rejected", "李 <b>", "已拆除 照片3张"), ("confirmed", "王", "钢厂")]
    data = client.get(f"{URL}/register.json?decision=rejected").json
    assert [one["key"] for one in data["rows"]] == [source]
    assert data["counts"]["rejected"] == 1
    store = rooms_of(client.application).fires.store
    assert store.static_decisions()[source] == "rejected"
    assert store.static_reviews()["decision"].tolist() == ["confirmed", "rejected"]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"decision": "maybe", "by": "王"}, "decision", "bad_option"),
        ({"decision": "confirmed", "by": " "}, "by", "field_blank"),
        ({"decision": "confirmed", "by": "王" * 61}, "by", "field_too_long"),
        ({"decision": "confirmed", "by": "a\x00b"}, "by", "field_control"),
        ({"decision": "rejected", "by": "王"}, "remark", "field_blank"),
        ({"decision": "open", "by": "王", "remark": "x" * 1001}, "remark", "field_too_long"),
        ({}, "decision", "bad_option"),
    ],
)
def test_a_decision_that_cannot_be_noted_is_told_at_its_field(
    client: FlaskClient, fields: dict[str, str], field: str, code: str
) -> None:
    before = client.get(f"{URL}/static-w00003.json").json["history"]
    answer = post(client, "static-w00003", **fields)
    error = answer.json["error"]
    assert (answer.status_code, error["field"], error["code"]) == (400, field, code)
    assert client.get(f"{URL}/static-w00003.json").json["history"] == before


def test_a_decision_comes_from_this_page_with_its_token(client: FlaskClient) -> None:
    fields = {"decision": "confirmed", "by": "王"}
    assert post(client, headers={"Origin": "https://example.org"}, **fields).status_code == 403
    assert post(client, headers={"X-CSRFToken": "wrong"}, **fields).status_code == 403
    assert post(client, headers={"Sec-Fetch-Site": "cross-site"}, **fields).status_code == 403
    assert client.get(f"{URL}/{FIRST}.json").json["history"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("register.json?month=2020-01", 404, "no_register"),
        ("register.json?sort=name", 400, "bad_query"),
        ("register.json?decision=all", 400, "bad_query"),
        ("register.json?q=" + "x" * 101, 400, "bad_query"),
        ("static-none.json", 404, "no_static_source"),
        ("static-none/hits.json", 404, "no_static_source"),
        ("static-w00059.json?month=2026-10", 404, "no_static_source"),
    ],
)
def test_what_is_not_there_is_said(client: FlaskClient, path: str, status: int, code: str) -> None:
    answer = client.get(f"{URL}/{path}")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert post(client, "static-none", decision="open", by="王").status_code == 404


def test_a_store_without_a_register_is_an_empty_page(make_module_app, built_layers, tmp_path_factory) -> None:
    data = tmp_path_factory.mktemp("bare") / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    bare = client_of(make_module_app(data=data, fires_demonstration=False))
    assert bare.get(f"{URL}/register.json").json["months"] == []
    assert bare.get(f"{URL}/places.json").json["key"] == []
    assert bare.get(f"{URL}/x.json").status_code == 404
