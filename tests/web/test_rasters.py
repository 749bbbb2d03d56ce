"""Raster tiles as a map asks for them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from geoaq.io.rasters import Grid, write_classes
from tests.web.door import JSON, client_of

TILE = "/tiles/land_cover/6/52/25.png"


@pytest.fixture
def client(make_app, tmp_path):
    layers = tmp_path / "data" / "layers"
    write_classes(
        layers / "key1" / "rasters" / "land_cover.tif",
        np.full((40, 40), 12, np.uint8),
        Grid(110.0, 40.0, 0.5),
    )
    (layers / "current.json").write_text('{"key": "key1"}')
    report = {
        "display": {},
        "rasters": {"land_cover": {"bytes": 1}},
        "files": {"rasters/land_cover.tif": "ab" * 32},
    }
    (layers / "key1" / "build.json").write_text(json.dumps(report))
    return client_of(make_app())


def test_a_tile_is_a_picture_that_is_sent_once_and_asked_about_afterwards(client):
    first = client.get(TILE)
    assert first.status_code == 200
    assert first.mimetype == "image/png"
    assert first.data.startswith(b"\x89PNG\r\n")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(TILE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_where_nothing_is_drawn_one_clear_pixel_is_sent(client):
    empty = client.get("/tiles/land_cover/6/1/1.png")
    assert empty.status_code == 200
    assert len(empty.data) < 1200


@pytest.mark.parametrize(
    "address",
    ["land_cover/13/0/0", "land_cover/3/8/0", "land_cover/a/0/0", "land_cover/-1/0/0", "provinces/6/52/25",
     "nowhere/6/52/25", "..%2fland_cover/6/52/25"],
)  # fmt: skip
def test_other_layers_and_addresses_are_not_found(client, address):
    assert client.get(f"/tiles/{address}.png", headers=JSON).status_code == 404


def test_a_set_without_rasters_is_not_found(client, tmp_path):
    place = tmp_path / "data" / "layers" / "key1" / "build.json"
    place.write_text(json.dumps({"display": {}, "files": {}}))
    assert client.get(TILE, headers=JSON).status_code == 404
