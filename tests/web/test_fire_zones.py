"""Zones and permits of an office: drawn or uploaded, with a text or expressly without, never altered."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geoaq.cli.zones import look
from geoaq.store.zones import ZoneStore, sifted
from tests.web.door import JSON, client_of, rooms_of, token_of
from web.workshop import Workshop

URL = "/fires/zones"
SQUARE = "117.0,33.6;117.1,33.6;117.1,33.7;117.0,33.7"
TEXT = {
    "kind": "straw", "class": "ban", "name": "机场净空区", "basis": "local_notice",
    "title": "关于划定秸秆禁烧区的通告",
    "issuer": "某县人民政府", "day": "2024-09-20", "article": "第二条", "quote": "全域禁烧。\n违者依法处理。",
    "first": "2024-10-01", "by": "王",
}  # fmt: skip
PERMIT = {
    "kind": "permit", "name": "计划烧除", "number": "许〔2026〕3号", "issuer": "某县", "day": "2026-11-01",
    "begin": "2026-11-20T08:00", "end": "2026-11-20T17:00", "wind_ms": "5", "by": "王",
}  # fmt: skip


@pytest.fixture
def apart(make_module_app, built_layers, tmp_path_factory, monkeypatch) -> FlaskClient:
    """Return a client of a server that looks files through in a process of its own."""
    data = tmp_path_factory.mktemp("zones") / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    monkeypatch.setenv("GEOAQ_DATA", str(data))
    return client_of(make_module_app(data=data, fires_demonstration=False))


@pytest.fixture
def client(apart: FlaskClient, monkeypatch) -> FlaskClient:
    """Return a client of a server that looks files through by the same command here, which is quicker."""

    def run(_self: Workshop, arguments: Sequence[str], _place: Path, **_limits: Any) -> None:
        assert arguments[:2] == ["zones", "look"]
        out, stated = (Path(one.partition("=")[2]) for one in arguments[2:4])
        look([Path(one) for one in arguments[4:]], out=out, stated=stated)

    monkeypatch.setattr(Workshop, "run", run)
    return apart


def post(client: FlaskClient, path: str = "", **fields: Any) -> TestResponse:
    headers = {"X-CSRFToken": token_of(client), **JSON, **fields.pop("headers", {})}
    return client.post(URL + path, data=fields, headers=headers, content_type="multipart/form-data")


def feature(ring: list[list[float]], **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature", "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }  # fmt: skip


def upload(*features: dict[str, Any], name: str = "禁烧区.geojson") -> tuple[io.BytesIO, str]:
    body = json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False)
    return io.BytesIO(body.encode()), name


def square(lon: float, lat: float) -> list[list[float]]:
    return [[lon, lat], [lon + 0.1, lat], [lon + 0.1, lat + 0.1], [lon, lat + 0.1]]


def store_of(client: FlaskClient) -> ZoneStore:
    return ZoneStore(rooms_of(client.application).fires.own.engine)


def test_a_drawn_zone_is_kept_changed_and_ended_and_every_version_stays(client: FlaskClient) -> None:
    added = post(client, shape=SQUARE, **TEXT)
    assert added.status_code == 201
    key = added.json["added"][0]["key"]
    row = client.get(f"{URL}/zones.json").json["rows"][0]
    assert (row["key"], row["state"]["code"], row["cited"]) == (key, "now", True)
    assert row["bounds"] == [117.0, 33.6, 117.1, 33.7]
    card = client.get(f"{URL}/{key}.json").json
    assert card["corners"] == [[117.0, 33.6], [117.1, 33.6], [117.1, 33.7], [117.0, 33.7]]
    assert card["quote"] == "全域禁烧。\n违者依法处理。"
    assert card["form"]["title"] == TEXT["title"]

    changed = post(client, zone=key, **TEXT | {"seasons": "10-01至11-30", "hours": "06:00-20:00"})
    assert (changed.status_code, changed.json["added"][0]["version"]) == (201, 2)
    assert "10-01–11-30" in client.get(f"{URL}/{key}.json").json["windows"]
    ended = post(client, f"/{key}/end", first="2025-01-01", by="李", remark="通告废止")
    assert (ended.status_code, ended.json["state"]["code"]) == (200, "ended")
    assert [one["version"] for one in ended.json["versions"]] == [3, 2, 1]
    assert [one["by"] for one in ended.json["versions"]] == ["李", "王", "王"]
    assert post(client, f"/{key}/end", first="2025-01-01", by="李", remark="再次").status_code == 400
    kept = store_of(client).every_zone()
    assert [one.ended for one in kept] == [False, False, True]
    assert kept[0].shape == kept[1].shape
    assert kept[0].file == ""


def test_a_zone_without_a_text_is_kept_only_when_that_is_said(client: FlaskClient) -> None:
    bare = {name: TEXT[name] for name in ("kind", "class", "name", "first", "by")}
    refused = post(client, shape=SQUARE, **bare)
    assert (refused.status_code, refused.json["error"]["field"]) == (400, "title")
    assert post(client, shape=SQUARE, bare="on", **bare).status_code == 201
    row = client.get(f"{URL}/zones.json").json["rows"][0]
    assert not row["cited"]
    assert row["text"] == "无文本依据，不作依据"
    (feature,) = client.get(f"{URL}/outlines.geojson").json["features"]
    assert feature["properties"]["look"] == "bare"
    (zone,) = store_of(client).held_zones()
    assert (zone.basis, zone.title) == ("none", "")


def test_the_same_zone_given_twice_is_kept_once_and_the_earlier_one_named(client: FlaskClient) -> None:
    key = post(client, shape=SQUARE, **TEXT).json["added"][0]["key"]
    again = post(client, shape=SQUARE, **TEXT | {"name": "改名"})
    assert (again.status_code, again.json["error"]["code"]) == (400, "zones_there")
    assert key in again.json["problems"][0]["text"]
    later = post(client, shape=SQUARE, **TEXT | {"first": "2025-10-01"})
    assert later.status_code == 201
    both = upload(feature(square(118.0, 33.0), 名称="一号区"), feature(square(118.0, 33.0), 名称="又一号"))
    answer = post(client, file=both, **TEXT | {"name": ""})
    assert [one["name"] for one in answer.json["added"]] == ["一号区"]
    assert "“又一号”与已登记的 一号区" in answer.json["problems"][0]["text"]
    assert post(client, f"/{key}/end", first="2025-01-01", by="李", remark="通告废止").status_code == 200
    assert post(client, shape=SQUARE, **TEXT).status_code == 201
    permits = [post(client, shape=SQUARE, **PERMIT).status_code for _ in range(2)]
    assert permits == [201, 400]


def test_a_zone_that_is_sent_twice_at_one_moment_is_kept_once(client: FlaskClient, monkeypatch) -> None:
    both, apart = threading.Barrier(2), [client_of(client.application) for _ in range(2)]

    def slowly(*given: Any) -> Any:
        found = sifted(*given)
        with suppress(threading.BrokenBarrierError):  # one alone waits in vain, and goes on
            both.wait(1.0)
        return found

    monkeypatch.setattr("web.fire_zones.sifted", slowly)
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda one: post(one, shape=SQUARE, **TEXT | {"article": "第九条"}), apart)
        assert sorted(answer.status_code for answer in answers) == [201, 400]


def test_of_a_file_the_good_shapes_are_kept_and_the_others_told(client: FlaskClient) -> None:
    crossed = [[117.0, 33.6], [117.1, 33.7], [117.1, 33.6], [117.0, 33.7]]
    given = upload(
        feature(square(118.0, 33.0), 名称="一号区"), feature(crossed, 名称="交叉"),
        feature(square(2.3, 48.8), 名称="境外"),
        feature(square(118.5, 33.0), 名称="二号区", 文件名称="另一通告"),
    )  # fmt: skip
    answer = post(client, file=given, **TEXT | {"name": ""})
    assert answer.status_code == 201
    assert [one["name"] for one in answer.json["added"]] == ["一号区", "二号区"]
    told = [(one["where"], one["severity"]) for one in answer.json["problems"]]
    assert len(told) == 2
    assert all(severity == "error" for _, severity in told)
    kept = {one.name: one for one in store_of(client).every_zone()}
    assert kept["二号区"].title == "另一通告"
    assert kept["一号区"].title == TEXT["title"]
    assert kept["一号区"].file == "禁烧区.geojson"


def test_a_file_is_looked_through_in_a_process_of_its_own(apart: FlaskClient) -> None:
    given = upload(feature(square(118.0, 33.0), 名称="一号区"))
    answer = post(apart, file=given, **TEXT)
    assert (answer.status_code, answer.json["added"][0]["name"]) == (201, "一号区")
    answer = post(apart, file=(io.BytesIO(b"{"), "a.geojson"), **TEXT)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "file")


def test_a_file_without_a_usable_shape_or_a_text_keeps_nothing(client: FlaskClient) -> None:
    crossed = [[117.0, 33.6], [117.1, 33.7], [117.1, 33.6], [117.0, 33.7]]
    answer = post(client, file=upload(feature(crossed)), **TEXT)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "zones_none_usable")
    assert len(answer.json["problems"]) == 1
    bare = {name: TEXT[name] for name in ("kind", "class", "first", "by")}
    answer = post(client, file=upload(feature(square(118, 33))), **bare)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "zones_text_missing")
    answer = post(client, file=(io.BytesIO(b"x"), "a.exe"), **TEXT)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_file_kind")
    answer = post(client, file=(io.BytesIO(b"{"), "a.geojson"), **TEXT)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "file")
    assert store_of(client).every_zone() == []


def test_a_permit_is_kept_with_its_limits_and_withdrawn(client: FlaskClient) -> None:
    added = post(client, shape=SQUARE, **PERMIT)
    assert added.status_code == 201
    key = added.json["added"][0]["key"]
    card = client.get(f"{URL}/{key}.json").json
    assert card["kind"]["code"] == "permit"
    assert "2026-11-20 08:00 至 2026-11-20 17:00" in card["validity"]
    assert "5米/秒" in card["windows"]
    assert "许可不代表可以焚烧" in card["caution"]
    assert card["form"]["begin"] == "2026-11-20T08:00"
    again = post(client, zone=key, **{**PERMIT, "kind": "straw", "end": "2026-11-20T12:00"})
    assert again.json["added"][0]["version"] == 2
    ended = post(client, f"/{key}/end", first="2026-11-20", by="李", remark="天气不宜")
    assert (ended.status_code, ended.json["state"]["code"]) == (200, "past")
    assert len(ended.json["versions"]) == 3


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "village"}, "kind", "bad_option"),
        ({"by": ""}, "by", "field_blank"),
        ({"name": "区" * 201}, "name", "field_too_long"),
        ({"quote": "文" * 4001}, "quote", "field_too_long"),
        ({"issuer": ""}, "issuer", "field_blank"),
        ({"day": ""}, "day", "field_blank"),
        ({"first": ""}, "first", "field_blank"),
        ({"name": "a\x07"}, "name", "field_control"),
        ({"shape": ""}, "file", "zone_no_outline"),
        ({"shape": "117,33;118,33"}, "file", "bad_query"),
        ({"shape": "117,33;118,34;118,33;117,34"}, "file", "zones_none_usable"),
        ({"seasons": "秋天"}, "file", "zones_none_usable"),
        ({"day": "2024-13-40"}, "file", "zones_none_usable"),
        ({"class": "IV"}, "file", "zones_none_usable"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(
    client: FlaskClient, change: dict[str, str], field: str, code: str
) -> None:
    answer = post(client, **{"shape": SQUARE, **TEXT, **change})
    error = answer.json["error"]
    assert (answer.status_code, error["field"], error["code"]) == (400, field, code)
    assert store_of(client).every_zone() == []


def test_a_zone_comes_from_this_page_with_its_token(client: FlaskClient) -> None:
    foreign = {"Origin": "https://example.org"}, {"X-CSRFToken": "x"}, {"Sec-Fetch-Site": "cross-site"}
    for headers in foreign:
        assert post(client, shape=SQUARE, headers=headers, **TEXT).status_code == 403
    assert store_of(client).every_zone() == []


def test_zones_are_found_by_kind_state_and_words(client: FlaskClient) -> None:
    post(client, shape=SQUARE, **TEXT)
    post(client, shape=SQUARE, **TEXT | {"name": "<b>西区</b>", "first": "2099-01-01"})
    post(client, shape=SQUARE, **TEXT | {"kind": "fuel", "class": "III", "last": "2025-01-01"})
    data = client.get(f"{URL}/zones.json").json
    assert (data["total"], data["kinds"]["straw"], data["kinds"]["fuel"]) == (3, 2, 1)
    assert data["states"] == {"now": 1, "future": 1, "past": 1, "ended": 0}
    assert client.get(f"{URL}/zones.json?kind=fuel").json["rows"][0]["class"] == "Ⅲ类"
    assert client.get(f"{URL}/zones.json?state=future").json["rows"][0]["name"] == "<b>西区</b>"
    assert client.get(f"{URL}/zones.json?q=西区").json["total"] == 1
    assert len(client.get(f"{URL}/outlines.geojson?state=past").json["features"]) == 1
    assert "<b>西区" not in client.get(URL).text
    for wrong in ("kind=x", "state=x", "q=" + "x" * 201):
        assert client.get(f"{URL}/zones.json?{wrong}").status_code == 400


def test_an_end_states_its_day_and_why_and_nothing_else_is_there(client: FlaskClient) -> None:
    key = post(client, shape=SQUARE, **TEXT).json["added"][0]["key"]
    for change, field in (
        ({"first": "soon"}, "first"),
        ({"first": "0001-01-01"}, "first"),
        ({"by": ""}, "by"),
        ({"remark": ""}, "remark"),
    ):
        stated = {"first": "2025-01-01", "by": "李", "remark": "废止"} | change
        answer = post(client, f"/{key}/end", **stated)
        assert (answer.status_code, answer.json["error"]["field"]) == (400, field)
    assert post(client, "/znone/end", first="2025-01-01", by="李", remark="x").status_code == 404
    assert post(client, shape=SQUARE, zone="znone", **TEXT).status_code == 404
    assert client.get(f"{URL}/znone.json").status_code == 404
    assert len(store_of(client).every_zone()) == 1


def test_the_page_is_served_in_both_languages(client: FlaskClient) -> None:
    assert "无文本依据" in client.get(f"{URL}?lang=zh").text
    assert "No text is cited" in client.get(f"{URL}?lang=en").text
