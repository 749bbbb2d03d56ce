"""The pages of searched scenes: their list, one on the map, tiles, cards, files, into the store, deletion."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from geoaq.catalog import Catalog
from geoaq.flows.fires.detecting import detect_files
from geoaq.frames import URT
from geoaq.store.fires.folder import locked
from geoaq.store.scenes import Scenes
from geoaq.tiles.mercator import Address
from geoaq.tiles.raster import pixel_centres
from tests.flows.fires.scenes import FIRES, bands, places, write_stack
from tests.web.door import client_of, rooms_of, token_of

URL = "/fires/scenes"


def kept(data, layers=None, **tags) -> str:
    """Search a scene as the command does, and return its identity."""
    path = write_stack(data.parent / "scene.tif", layers, **tags)
    scene_id, out = Scenes(data).new()
    detect_files(
        [path], product=None, catalog=Catalog.load(), out=out, lang="zh", progress=lambda *_: None
    )  # fmt: skip
    return scene_id


@pytest.fixture(scope="module")
def data(tmp_path_factory, built_layers):
    folder = tmp_path_factory.mktemp("scenes") / "data"
    folder.mkdir()
    (folder / "layers").symlink_to(built_layers.path.parent)
    return folder


@pytest.fixture(scope="module")
def scene_id(data) -> str:
    return kept(data)


@pytest.fixture(scope="module")
def client(make_module_app, data, scene_id) -> FlaskClient:
    return client_of(make_module_app(data=data))


def tile_over(lon: float, lat: float, z: int) -> tuple[Address, int, int]:
    """Return the tile that holds a place, and which of its pixels."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z
    tile = Address(z, int(x), int(y))
    across, down = pixel_centres(tile)
    return tile, int(np.abs(down - lat).argmin()), int(np.abs(across - lon).argmin())


def picture(body: bytes) -> np.ndarray:
    return np.asarray(
        Image.open(io.BytesIO(body)).convert("RGBA").resize((256, 256), Image.Resampling.NEAREST)
    )


def post(client: FlaskClient, path: str):
    return client.post(f"{URL}/{path}", data={"csrf_token": token_of(client)}, follow_redirects=True)


def test_the_list_says_what_was_found_in_both_languages(client, scene_id):
    page = client.get(f"{URL}?lang=zh").text
    assert f"疑似火点 {len(FIRES)} 个" in page
    assert f'href="{URL}/{scene_id}"' in page
    assert "未经到场核实" in page
    english = client.get(f"{URL}?lang=en").text
    assert f"Suspected fire pixels: {len(FIRES)}" in english
    client.get(f"{URL}?lang=zh")


def test_the_page_of_a_scene_has_nothing_inline(client, scene_id):
    page = client.get(f"{URL}/{scene_id}").text
    assert f'data-scene="{scene_id}"' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", page)


def test_what_is_said_of_a_scene_adds_up(client, scene_id):
    told = client.get(f"{URL}/{scene_id}/scene.json").json
    assert told["fires"] == len(FIRES) == sum(grade["count"] for grade in told["grades"])
    west, south, east, north = told["box"]
    lon, lat = places()
    assert (west, south) == pytest.approx((lon.min(), lat.min()), abs=1e-3)
    assert (east, north) == pytest.approx((lon.max(), lat.max()), abs=1e-3)
    assert len(told["inputs"][0]["sha256"]) == 64


def test_every_fire_is_on_the_map_and_has_a_card(client, scene_id):
    columns = client.get(f"{URL}/{scene_id}/pixels.json").json
    assert len(columns["key"]) == len(columns["order"]) == len(FIRES)
    ranks = [("high", "nominal", "low").index(columns["grade"][at]) for at in columns["order"]]
    assert ranks == sorted(ranks)
    for key, lon in zip(columns["key"], columns["lon"], strict=True):
        card = client.get(f"{URL}/{scene_id}/pixels/{key}.json").json
        assert card["lon"] == pytest.approx(lon, abs=1e-5)
        assert card["reasons"]
        assert "未经到场核实" in card["caution"]
        assert any(fact["label"] == "辐射功率（FRP）" for fact in card["facts"])


def test_the_fires_of_a_scene_are_sent_again_only_where_other_things_are_said_of_them(
    client, scene_id, monkeypatch
):
    tag = {"If-None-Match": client.get(f"{URL}/{scene_id}/pixels.json").headers["ETag"]}
    assert client.get(f"{URL}/{scene_id}/pixels.json", headers=tag).status_code == 304
    monkeypatch.setattr("web.fire_scenes._columns", lambda _: {"key": []})
    assert client.get(f"{URL}/{scene_id}/pixels.json", headers=tag).json == {"key": []}


def test_a_card_is_in_english_without_a_chinese_character(client, scene_id):
    client.get(f"{URL}?lang=en")
    text = client.get(f"{URL}/{scene_id}/pixels/0.json").get_data(as_text=True)
    client.get(f"{URL}?lang=zh")
    assert not re.search(r"\\u[4-9]", text)


@pytest.mark.parametrize("name", ["mask", "t4"])
def test_tiles_show_the_scene_where_it_lies_and_have_tags(client, scene_id, name):
    lon, lat = places()
    tile, row, column = tile_over(lon[50, 100], lat[50, 100], 12)
    address = f"{URL}/{scene_id}/tiles/{name}/{tile.z}/{tile.x}/{tile.y}.png"
    answer = client.get(address)
    assert answer.mimetype == "image/png"
    seen = picture(answer.data)[row, column]
    assert seen[3] == 255
    if name == "mask":
        assert seen[:3].tolist() == list(bytes.fromhex("a30d16"))
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert picture(client.get(f"{URL}/{scene_id}/tiles/{name}/3/0/0.png").data)[..., 3].max() == 0


@pytest.mark.parametrize(
    "path",
    [
        "0" * 32, "x", "0" * 32 + "/scene.json", "0" * 32 + "/pixels.json", "ID/pixels/9999.json",
        "ID/tiles/other/3/6/3.png", "ID/tiles/mask/13/0/0.png", "ID/tiles/mask/3/9/0.png",
        "ID/tiles/t4/a/0/0.png", "ID/files/map", "ID/files/..%2freport.json", "ID/files/.report.json",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, scene_id, path):
    assert client.get(f"{URL}/{path.replace('ID', scene_id)}").status_code == 404


def test_files_are_taken_home_under_the_name_of_their_scene(client, scene_id, data):
    with client.get(f"{URL}/{scene_id}/files/fires.csv") as answer:
        assert answer.data == (data / "scenes" / scene_id / "fires.csv").read_bytes()
        assert f"{scene_id[:8]}-fires.csv" in answer.headers["Content-Disposition"]


def test_its_fires_are_taken_into_the_store_once(client, scene_id):
    assert f"共 {len(FIRES)} 个疑似火点" in post(client, f"{scene_id}/ingest").text
    assert "未重复" in post(client, f"{scene_id}/ingest").text
    frame = rooms_of(client.application).fires.own.visible(0, 1 << 40)
    assert frame["level"].tolist() == [URT] * len(FIRES)


def test_its_fires_wait_for_nobody_who_takes_others_in(client, scene_id):
    lock = rooms_of(client.application).fires.own.folder.root / "pixels.lock"
    with locked(lock):
        answer = post(client, f"{scene_id}/ingest")
    assert answer.status_code == 409
    assert "稍后再试" in answer.text


def test_many_scenes_are_listed_by_pages_and_each_is_found_on_its_own(make_app, tmp_path, data, scene_id):
    place = tmp_path / "data" / "scenes"
    report = json.loads((data / "scenes" / scene_id / "report.json").read_text("utf-8"))
    for number in range(70):
        (place / f"{number:032x}").mkdir(parents=True)
        told = report | {"last": f"2025-06-{number // 24 + 1:02}T{number % 24:02}:00:00Z"}
        (place / f"{number:032x}" / "report.json").write_text(json.dumps(told), "utf-8")
    client = client_of(make_app())

    def listed(query: str) -> list[int]:
        return [int(one, 16) for one in re.findall(r'id="s-([0-9a-f]{32})"', client.get(URL + query).text)]

    assert listed("") == listed("?page=0") == listed("?page=x") == list(range(69, 39, -1))
    assert listed("?page=3") == listed("?page=99") == list(range(9, -1, -1))
    assert listed(f"?scene={30:032x}") == listed("?page=2") == list(range(39, 9, -1))
    assert listed("?scene=..%2f") == listed("")


def test_a_form_without_its_token_changes_nothing(client, scene_id):
    assert client.post(f"{URL}/{scene_id}/delete").status_code in {400, 403}
    assert client.get(f"{URL}/{scene_id}").status_code == 200


def test_a_deleted_scene_is_gone_from_the_disk(client, data):
    other = kept(data, bands({}), satellite="noaa20")
    assert other in client.get(URL).text
    left = data / "scenes" / f".gone-{'0' * 32}"
    left.mkdir()
    assert "已删除" in post(client, f"{other}/delete").text
    assert client.get(f"{URL}/{other}").status_code == 404
    assert other not in {path.name.removeprefix(".gone-") for path in (data / "scenes").iterdir()}
    assert not left.exists()
