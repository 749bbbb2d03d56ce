"""What an office adds is checked in a process of its own, drawn, offered to screenings, and comes back."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from tests.web.door import JSON, client_of, outcome, post, rooms_of, token_of, upload

AREA = [[[120.2, 31.8], [120.4, 31.8], [120.4, 31.95], [120.2, 31.95], [120.2, 31.8]]]
NASTY = "<script>alert(1)</script>.geojson"


def geojson(kind: str = "Polygon", coordinates: object = AREA, **properties: str) -> bytes:
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.fixture
def app(make_app, built_layers, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "layers").symlink_to(built_layers.path.parent)
    return make_app(job_command=(sys.executable, "-m", "geoaq"))


@pytest.fixture
def client(app):
    return client_of(app)


def add(client, content: bytes, name: str, layer: str = "heat_network", **words: str):
    return post(client, "/office-layers", {"layer": layer, "file": (content, name), **words})


def layer_of(answer, layer: str = "heat_network"):
    return next(one for one in answer.get_json()["layers"] if one["id"] == layer)


def deed(client, layer: str, sha256: str, what: str):
    return client.post(
        f"/office-layers/{layer}/{sha256}/{what}", headers={**JSON, "X-CSRFToken": token_of(client)}
    )


def test_a_file_is_added_drawn_and_comes_back_after_it_was_removed(client):
    content = geojson(名称=NASTY)
    answer = add(client, content, NASTY)
    assert answer.status_code == 201, answer.text
    (version,) = layer_of(answer)["versions"]
    assert version["sha256"] == hashlib.sha256(content).hexdigest()
    assert (version["name"], version["in_use"], version["features"]) == ("script>.geojson", True, 1)
    (drawn,) = answer.get_json()["map"]
    with client.get(drawn["office"]["url"]) as shown:
        assert shown.mimetype == "application/geo+json"
        assert json.loads(shown.data)["features"][0]["properties"] == {"name": NASTY}
    for view in ("heating", "border"):
        script = client.get(f"/map/{view}.js").text
        assert (drawn["office"]["url"] in script) == (view == "heating"), "this layer is of the heating job"
    assert "使用已添加的图层：热力管网覆盖范围（script&gt;.geojson，" in client.get("/heating").text

    gone = deed(client, "heat_network", version["sha256"], "remove")
    assert layer_of(gone)["versions"] == []
    assert [one["sha256"] for one in layer_of(gone)["removed"]] == [version["sha256"]]
    assert gone.get_json()["map"] == []
    assert client.get(drawn["office"]["url"]).status_code == 404
    assert "使用已添加的图层" not in client.get("/heating").text
    back = deed(client, "heat_network", version["sha256"], "restore")
    assert layer_of(back)["versions"] == [version]
    with client.get(drawn["office"]["url"]) as shown:
        assert shown.status_code == 200


def test_the_newest_file_is_used_and_an_earlier_one_can_be_chosen(client):
    first = layer_of(add(client, geojson(), "a.geojson"))["versions"][0]["sha256"]
    answer = add(client, geojson(名称="二"), "b.geojson")
    assert [one["in_use"] for one in layer_of(answer)["versions"]] == [True, False]
    again = deed(client, "heat_network", first, "use")
    assert [one["sha256"] for one in layer_of(again)["versions"] if one["in_use"]] == [first]


def test_a_screening_uses_the_very_bytes_that_were_added(app, client):
    content = geojson(名称="热网一区")
    sha256 = layer_of(add(client, content, "管网.geojson"))["versions"][0]["sha256"]
    listed = (
        "单位名称,经度,纬度,燃料,锅炉类型,状态,容量（蒸吨/小时）\n甲,120.3,31.9,煤,蒸汽,在用,20\n".encode()
    )
    found = {}
    for how, fields in (
        ("added", {"office.heat_network": sha256}),
        ("uploaded", {"layer.heat_network": (content, "管网.geojson")}),
        ("neither", {}),
    ):
        started = upload(client, listed, as_of="2026-11-21", **fields)
        assert started.status_code == 202, started.text
        ended = outcome(client, started.get_json()["progress"])
        assert ended["state"] == "done", ended
        folder = rooms_of(app).screenings.get(started.get_json()["id"]).folder
        found[how] = {path.name: path.read_bytes() for path in folder.iterdir()}
        if how == "added":
            assert deed(client, "heat_network", sha256, "remove").status_code == 200
            deed(client, "heat_network", sha256, "restore")
    summaries = {how: json.loads(files["summary.json"]) for how, files in found.items()}
    assert found["added"]["summary.json"] == found["uploaded"]["summary.json"]
    assert found["added"]["findings.csv"] == found["uploaded"]["findings.csv"]
    given = [one for one in summaries["added"]["inputs"] if one["role"] == "layer:heat_network"]
    assert [one["sha256"] for one in given] == [sha256]
    assert "layer-heat_network.geojson" in found["added"]
    assert "layer-heat_network.geojson" not in found["neither"], "nothing is used that was not ticked"


def test_a_layer_of_ones_own_is_drawn_everywhere_and_offered_to_no_screening(client):
    line = geojson("LineString", [[120.2, 31.8], [120.4, 31.9]])
    answer = add(client, line, "路.geojson", layer="other", title=" <b>输煤\t通道 ", colour="#34568b")
    assert answer.status_code == 201, answer.text
    (drawn,) = answer.get_json()["map"]
    assert drawn["id"].startswith("own_")
    assert (drawn["title"], drawn["geometry"], drawn["style"]["stroke"]) == (
        "<b>输煤 通道",
        "line",
        "#34568b",
    )
    for view in ("heating", "border"):
        assert drawn["id"] in client.get(f"/map/{view}.js").text
    assert 'name="office.' not in client.get("/heating").text
    second = add(client, geojson(), "面.geojson", layer=drawn["id"])
    assert second.get_json()["map"][0]["geometry"] == "polygon"
    assert second.get_json()["map"][0]["title"] == "<b>输煤 通道"


@pytest.mark.parametrize(
    ("content", "name", "words", "code", "field"),
    [
        (geojson("Point", [120.3, 31.9]), "点.geojson", {}, "layer_without_polygons", "file"),
        (b'{"type": "FeatureCollection", "features": []}', "空.geojson", {}, "layer_empty", "file"),
        (b"", "无.geojson", {}, "empty_file", "file"),
        (b"PK\x03\x04" + bytes(300), "坏.zip", {}, "layer_broken", "file"),
        (geojson(), "清单.exe", {}, "bad_file_kind", "file"),
        (geojson(), "a.geojson", {"layer": "other", "title": ""}, "office_layer_title", "title"),
        (geojson(), "a.geojson", {"layer": "other", "title": "长" * 41}, "office_layer_title", "title"),
        (geojson(), "a.geojson", {"layer": "other", "title": "a", "colour": "red"}, "bad_option", "colour"),
        (geojson(), "a.geojson", {"layer": "provinces"}, "no_office_layer", ""),
        (geojson(), "a.geojson", {"layer": "own_00000000"}, "no_office_layer", ""),
        (geojson(), "a.geojson", {"layer": "../x"}, "no_office_layer", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_added_says_why_at_its_field_and_leaves_nothing(
    client, app, content, name, words, code, field
):
    answer = post(client, "/office-layers", {"layer": "heat_network", "file": (content, name), **words})
    assert answer.status_code in {400, 404}
    error = answer.get_json()["error"]
    assert (error["code"], error.get("field", "")) == (code, field)
    assert rooms_of(app).office_layers.layers() == ()
    left = Path(rooms_of(app).settings.data / "cache" / "sheets")
    assert not left.exists() or list(left.iterdir()) == []


def test_nothing_is_written_without_the_token_of_the_page(client):
    client.get("/heating")
    answer = client.post("/office-layers", data={"layer": "heat_network"}, headers=JSON)
    assert answer.status_code == 403
    assert client.post(f"/office-layers/heat_network/{'0' * 64}/remove", headers=JSON).status_code == 403


def test_a_version_that_is_gone_is_refused_by_name(client):
    for address in ("heat_network/x", f"heat_network/{'0' * 64}", f"..%2fx/{'0' * 64}"):
        assert client.get(f"/office-layers/{address}.geojson", headers=JSON).status_code == 404
    started = upload(client, b"a", **{"office.heat_network": "0" * 64})
    assert started.status_code == 404
    assert started.get_json()["error"]["code"] == "no_office_layer"
