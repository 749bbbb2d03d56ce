"""Layers and places from a small built set."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.web.door import JSON, client_of, put_screening, rooms_of
from tests.web.toy import write_screening

PROVINCES = {"type": "FeatureCollection", "features": [], "note": "x" * 2000}
PLACES = [
    {"kind": "county", "text": "江阴市", "detail": "江苏省无锡市", "lon": 120.28, "lat": 31.92,
     "bounds": [119.9, 31.6, 120.6, 32.0], "adcode": "320281"},
    {"kind": "province", "text": "江苏省", "detail": "", "lon": 119.5, "lat": 33.0,
     "bounds": [116.3, 30.7, 121.9, 35.1], "adcode": "320000"},
    {"kind": "plant", "text": "国电江阴苏龙热电", "detail": "1215 MW",
     "lon": 120.2, "lat": 31.9, "bounds": None},
]  # fmt: skip
NAMES = {"provinces": [["江苏省", 119.5, 33.0, 10.1, "320000"]], "cities": [], "counties": []}


@pytest.fixture
def client(make_app, tmp_path):
    layers = tmp_path / "data" / "layers"
    display = layers / "key1" / "display"
    (display / "counties").mkdir(parents=True)
    (layers / "current.json").write_text('{"key": "key1"}')
    shown = ["provinces", "counties/320000"]
    (layers / "key1" / "build.json").write_text(
        json.dumps({"display": {name: {} for name in shown}, "files": {}})
    )
    for name in shown:
        (display / f"{name}.geojson").write_text(json.dumps(PROVINCES))
    (layers / "key1" / "places.json").write_text(json.dumps({"places": PLACES}), "utf-8")
    (layers / "key1" / "names.json").write_text(json.dumps(NAMES), "utf-8")
    (layers / "key1" / "display" / "secret.geojson").write_text("{}")
    return client_of(make_app())


@pytest.mark.parametrize("address", ["/layers/provinces.geojson", "/layers/counties/320000.geojson"])
def test_a_layer_is_sent_once_and_asked_about_afterwards(client, address):
    for encoding in ("identity", "gzip"):
        take = {"Accept-Encoding": encoding}
        with client.get(address, headers=take) as first:
            body = gzip.decompress(first.data) if encoding == "gzip" else first.data
            assert json.loads(body) == PROVINCES
            assert first.mimetype == "application/geo+json"
            assert first.headers["Cache-Control"] == "no-cache"
            tag = first.headers["ETag"]
        with client.get(address, headers=take | {"If-None-Match": tag}) as again:
            assert again.status_code == 304
            assert again.headers["ETag"]


def test_the_names_on_the_map_are_sent_once_and_asked_about_afterwards(client, tmp_path):
    with client.get("/layers/names.json", headers={"Accept-Encoding": "gzip"}) as first:
        assert json.loads(gzip.decompress(first.data)) == NAMES
        assert first.mimetype == "application/json"
        tag = {"If-None-Match": first.headers["ETag"]}
    with client.get("/layers/names.json", headers=tag) as again:
        assert again.status_code == 304
    (tmp_path / "data" / "layers" / "key1" / "names.json").unlink()
    old = client.get("/layers/names.json", headers=JSON)
    assert "geoaq layers build" in old.json["error"]["text"]


@pytest.mark.parametrize(
    "name", ["secret", "counties/330000", "../places", "..%2fplaces", "counties/..%2f..%2fx"]
)
def test_only_layers_that_the_build_wrote_down_are_sent(client, name):
    assert client.get(f"/layers/{name}.geojson", headers=JSON).status_code == 404


def test_what_a_screening_rested_on_is_sent_once_and_asked_about_afterwards(client, tmp_path):
    toy = write_screening(tmp_path / "toy")
    area = {"type": "FeatureCollection", "features": [], "note": "x" * 2000}
    (toy / "layer-heat_network.geojson").write_text(json.dumps(area))
    base = f"/screenings/{put_screening(client.application, toy)}/layers"
    for name in ("plants", "layer-heat_network"):
        with client.get(f"{base}/{name}.geojson", headers={"Accept-Encoding": "gzip"}) as first:
            found = json.loads(gzip.decompress(first.data))
            assert first.mimetype == "application/geo+json"
            assert first.headers["Cache-Control"] == "private, no-cache"
            tag = {"If-None-Match": first.headers["ETag"]}
        assert found["type"] == "FeatureCollection"
        with client.get(f"{base}/{name}.geojson", headers=tag) as again:
            assert again.status_code == 304


@pytest.mark.parametrize(
    "name", ["discs", "findings", "layer-built_up", "layer-..", "layer-../plants", "..%2fplants", "Plants"]
)
def test_only_the_drawings_of_a_screening_are_sent(client, tmp_path, name):
    base = f"/screenings/{put_screening(client.application, write_screening(tmp_path / 'toy'))}/layers"
    assert client.get(f"{base}/{name}.geojson", headers=JSON).status_code == 404
    assert client.get(f"/screenings/{'0' * 32}/layers/plants.geojson", headers=JSON).status_code == 404


def test_places_come_by_name_larger_ones_first_and_by_code(client):
    def found(text):
        return [
            place["text"] for place in client.get("/places.json", query_string={"q": text}).json["results"]
        ]

    assert found("江") == ["江苏省", "江阴市", "国电江阴苏龙热电"]
    assert found("江阴") == ["江阴市", "国电江阴苏龙热电"]
    assert found("320281") == ["江阴市"]
    plant = client.get("/places.json?q=苏龙").json["results"][0]
    assert plant["detail"] == "121.5 万千瓦"
    assert found(" ") == found("nowhere") == found("") == []


def test_subjects_of_a_screening_are_found_by_name_and_number(client, tmp_path):
    screening_id = put_screening(client.application, write_screening(tmp_path / "toy"))
    assert rooms_of(client.application).screenings.has(screening_id)
    ask = {"q": "gl-0004", "screening": screening_id}
    (place,) = client.get("/places.json", query_string=ask).json["results"]
    assert place == {
        "kind": "subject", "text": "=1+1印染", "detail": "GL-0004 江阴市", "lon": 120.22, "lat": 31.92,
        "bounds": None, "key": "4-0",
    }  # fmt: skip
    assert client.get("/places.json?q=a&screening=x", headers=JSON).status_code == 404
    assert client.get("/places.json", query_string={"q": "长" * 101}).status_code == 400
