"""Tiles of layers and of screenings, as a map asks for them."""

from __future__ import annotations

import gzip
import json
import shutil

import mapbox_vector_tile
import pyarrow.parquet as pq
import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tests.web.door import JSON, client_of, put_screening
from tests.web.toy import write_screening

BODY = b"a tile of provinces"
WORLD = "0/0/0"


@pytest.fixture
def client(make_app, tmp_path):
    layers = tmp_path / "data" / "layers"
    (layers / "key1" / "tiles").mkdir(parents=True)
    (layers / "current.json").write_text('{"key": "key1"}')
    names = ("provinces", "cities")
    digests = {f"tiles/{name}.pmtiles": name[:2] * 32 for name in names}
    report = {"display": {}, "tiles": {name: {"bytes": 1} for name in names}, "files": digests}
    (layers / "key1" / "build.json").write_text(json.dumps(report))
    path = layers / "key1" / "tiles" / "provinces.pmtiles"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(2, 3, 1), gzip.compress(BODY))
        names = ("min_lon", "min_lat", "max_lon", "max_lat", "center_lon", "center_lat")
        writer.finalize(
            {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "center_zoom": 0}
            | {f"{name}_e7": 0 for name in names},
            {},
        )
    shutil.copyfile(path, layers / "key1" / "tiles" / "secret.pmtiles")
    shutil.copyfile(path, layers / "key1" / "tiles" / "cities.pmtiles")
    return client_of(make_app())


@pytest.fixture
def tiles(client, tmp_path):
    """Return the address of the tiles of a screening of seven boilers."""
    return f"/screenings/{put_screening(client.application, write_screening(tmp_path / 'toy'))}/tiles"


def features(response) -> list[dict]:
    if response.status_code == 204:
        return []
    assert response.status_code == 200
    body = response.data
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return mapbox_vector_tile.decode(body)["points"]["features"] if body else []


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_tile_of_a_layer_is_sent_once_and_asked_about_afterwards(client, encoding):
    first = client.get("/tiles/provinces/2/3/1.mvt", headers={"Accept-Encoding": encoding})
    assert (gzip.decompress(first.data) if encoding == "gzip" else first.data) == BODY
    assert first.mimetype == "application/vnd.mapbox-vector-tile"
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/tiles/provinces/2/3/1.mvt", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("query", ["", "?a=1"], ids=["short", "long"])
def test_several_layers_are_one_tile(client, query):
    head = {"Accept-Encoding": "gzip"}
    both = client.get(f"/tiles/cities,provinces/2/3/1.mvt{query}", headers=head)
    assert gzip.decompress(both.data) == BODY + BODY
    one = client.get("/tiles/cities/2/3/1.mvt", headers=head)
    assert both.headers["ETag"] != one.headers["ETag"]
    known = {"If-None-Match": both.headers["ETag"], **head}
    assert client.get(f"/tiles/cities,provinces/2/3/1.mvt{query}", headers=known).status_code == 304
    assert client.get(f"/tiles/cities,provinces/2/0/0.mvt{query}", headers=head).status_code == 204


@pytest.mark.parametrize("tile", ["2/3/1", "2/0/0"])
@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_the_short_way_answers_as_the_long_one_does(client, tile, known):
    address, head = f"/tiles/provinces/{tile}.mvt", {"Accept-Encoding": "gzip"}
    if known:
        head["If-None-Match"] = client.get(address, headers=head).headers["ETag"]
    short = client.get(address, headers=head)
    long = client.get(f"{address}?a=1", headers=head)
    assert (short.status_code, short.data) == (long.status_code, long.data)
    assert dict(short.headers.to_wsgi_list()) == dict(long.headers.to_wsgi_list())


def test_the_short_way_is_closed_to_other_hosts(client):
    head = {"Accept-Encoding": "gzip", "Host": "rebound.example"}
    assert client.get("/tiles/provinces/2/3/1.mvt", headers=head).status_code == 400


def test_where_a_layer_has_nothing_the_answer_is_empty(client):
    assert client.get("/tiles/provinces/2/0/0.mvt").status_code == 204
    assert client.get("/tiles/provinces/12/0/0.mvt").status_code == 204


def test_a_part_of_the_file_is_sent_to_who_asks_for_it(client):
    with client.get("/tiles/provinces.pmtiles", headers={"Range": "bytes=0-6"}) as part:
        assert (part.status_code, part.data) == (206, b"PMTiles")
        assert part.headers["ETag"]


@pytest.mark.parametrize(
    "address",
    ["secret/2/3/1.mvt", "secret.pmtiles", "provinces,secret/2/3/1.mvt", "provinces,/2/3/1.mvt",
     "provinces,provinces/2/3/1.mvt", f"{','.join(['provinces'] * 17)}/2/3/1.mvt",
     "..%2fkey1/2/3/1.mvt", "..%2f..%2fsecret.pmtiles",
     "provinces/19/0/0.mvt", "provinces/2/4/0.mvt", "provinces/2/-1/0.mvt",
     f"provinces/{'9' * 5000}/0/0.mvt", "provinces/2/a/0.mvt"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(f"/tiles/{address}", headers=JSON).status_code == 404


def test_the_subjects_of_a_screening_are_the_points_of_its_tiles(client, tiles, tmp_path):
    subjects = pq.read_table(tmp_path / "toy" / "subjects.parquet").to_pandas()
    found = features(client.get(f"{tiles}/{WORLD}.mvt"))
    said = [(one["id"], one["properties"].get("verdict", "")) for one in found]
    assert said == list(zip(subjects["row"] * 4096, subjects["lead"].fillna(""), strict=True))


def test_a_filter_leaves_the_subjects_that_it_asks_for(client, tiles, tmp_path):
    subjects = pq.read_table(tmp_path / "toy" / "subjects.parquet").to_pandas()
    for query, mask in (
        ("county=320581", subjects["adcode"] == "320581"),
        ("verdict=review&verdict=not", subjects["lead"].isin(["review", "not"])),
        ("verdict=review&county=320281", (subjects["lead"] == "review") & (subjects["adcode"] == "320281")),
    ):
        found = features(client.get(f"{tiles}/{WORLD}.mvt?{query}"))
        assert [one["id"] // 4096 for one in found] == subjects["row"][mask].tolist(), query


def test_where_nothing_is_asked_for_the_answer_is_empty_and_keeps_a_tag(client, tiles):
    nothing = client.get(f"{tiles}/{WORLD}.mvt?county=999999")
    assert (nothing.status_code, nothing.data) == (204, b"")
    tag = {"If-None-Match": nothing.headers["ETag"]}
    assert client.get(f"{tiles}/{WORLD}.mvt?county=999999", headers=tag).status_code == 304


def test_a_tile_of_a_screening_is_kept_by_its_tag(client, tiles):
    first = client.get(f"{tiles}/{WORLD}.mvt", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{tiles}/{WORLD}.mvt", headers=tag).status_code == 304
    assert client.get(f"{tiles}/{WORLD}.mvt?county=320581", headers=tag).status_code == 200
    assert client.get(f"{tiles}/1/1/0.mvt", headers=tag).status_code == 200


def test_what_was_made_for_tiles_can_be_thrown_away(client, tiles, tmp_path):
    first = client.get(f"{tiles}/{WORLD}.mvt").data
    (made,) = (tmp_path / "data" / "cache" / "tiles").iterdir()
    shutil.rmtree(made)
    assert client.get(f"{tiles}/{WORLD}.mvt").data == first
    assert [path.name for path in made.parent.iterdir()] == [made.name]


@pytest.mark.parametrize(
    ("query", "status"),
    [("years=soon", 400), ("years=1990", 400), ("q=" + "1" * 101, 400), ("county=" + "1" * 101, 400),
     ("area=1,2;3,4", 400), ("area=" + "1,2;" * 500 + "1,2", 400), ("verdict=" + "x," * 11000, 413)],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_question_beyond_the_limits_is_refused(client, tiles, query, status):
    assert client.get(f"{tiles}/{WORLD}.mvt?{query}", headers=JSON).status_code == status


@pytest.mark.parametrize("address", ["19/0/0", "2/4/0", "0/0/1", "a/0/0"])
def test_no_tile_lies_outside_the_world(client, tiles, address):
    assert client.get(f"{tiles}/{address}.mvt", headers=JSON).status_code == 404


@pytest.mark.parametrize("name", ["0" * 32, "..%2f..", "x"])
def test_an_unknown_screening_has_no_tiles(client, name, tmp_path):
    assert client.get(f"/screenings/{name}/tiles/{WORLD}.mvt", headers=JSON).status_code == 404
    assert not (tmp_path / "data" / "cache" / "tiles").exists()
