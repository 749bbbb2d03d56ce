"""The page and the answer of one place."""

from __future__ import annotations

import pytest

from tests.web.door import client_of


@pytest.fixture(scope="module")
def client(make_module_app, built_layers, tmp_path_factory):
    data = tmp_path_factory.mktemp("point")
    (data / "layers").symlink_to(built_layers.path.parent)
    return client_of(make_module_app(data=data))


def test_a_place_is_answered_with_county_plants_lines_and_rules(client):
    found = client.get("/point.json?at=120.280001,31.900001&datum=WGS84&as_of=2026-11-21").json
    assert found["place"]["text"] == "江苏省 无锡市 江阴市"
    assert found["anchors"]["items"][0]["name"] == "国电江阴苏龙热电"
    assert found["lines"]["items"][0]["name"] == "上海市"
    assert found["rules"]


def test_the_answer_speaks_the_readers_language(client):
    found = client.get("/point.json?at=120.280001,31.900001&lang=en").json
    assert found["title"] == "Rules at a place"
    client.get("/?lang=zh")


@pytest.mark.parametrize(
    "query",
    ["at=", "at=abc", "at=2.35,48.85", "at=" + "1" * 101, "at=120,31&as_of=never", "at=120,31&datum=Mars"],
)
def test_what_cannot_be_asked_is_refused_in_words(client, query):
    answer = client.get(f"/point.json?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"]["text"]


def test_the_page_shows_what_was_asked_only_as_text(client):
    nasty = "<script>alert(1)</script>"
    answer = client.get("/point", query_string={"at": nasty})
    assert answer.status_code == 400
    assert nasty not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_page_of_a_place_names_the_rules_with_their_sentences(client):
    answer = client.get("/point", query_string={"at": "119.52, 31.06", "datum": "WGS84"})
    assert answer.status_code == 200
    assert "广德市" in answer.text
    assert "新建高架源项目" in answer.text or "会商" in answer.text
    assert client.get("/point").status_code == 200
