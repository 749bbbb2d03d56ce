"""Live tiles, read back by somebody else's decoder."""

from __future__ import annotations

import gzip
from collections import Counter

import mapbox_vector_tile
import numpy as np
import pytest

from geoaq.tiles import live, mvt
from geoaq.tiles import points as points_of
from geoaq.tiles.filters import Filters, parsed
from geoaq.tiles.kept import Kept
from geoaq.tiles.mercator import Address
from geoaq.tiles.points import Points, PointSource
from geoaq.tiles.writing import append, create
from tests.tiles.conftest import CLASSES

TILE = Address(5, 26, 13)


def decoded(body: bytes) -> dict:
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})


@pytest.fixture
def source(tmp_path, made_points):
    create(tmp_path / "source", {"class": CLASSES, "satellite": [], "region": []}, strongest="class")
    append(tmp_path / "source", made_points(3000).replace({"satellite": {"N21": ""}}))
    return PointSource(tmp_path / "source")


@pytest.mark.parametrize("asked", [{}, {"satellite": ["SNPP"], "region": ["330000"]}], ids=str)
def test_another_decoder_reads_the_points_that_were_found(source, asked):
    filters = parsed(asked, source.columns)
    found = source.points_in_tile(TILE, filters)
    assert isinstance(found, Points)
    assert len(found.id) > 50
    layers = decoded(gzip.decompress(live.packed_tile(source, TILE, filters)))
    assert set(layers) == {"points"}
    assert (layers["points"]["extent"], layers["points"]["version"]) == (4096, 2)
    features = layers["points"]["features"]
    assert [one["id"] for one in features] == found.id.tolist()
    assert [tuple(one["geometry"]["coordinates"]) for one in features] == list(
        zip(found.x.tolist(), found.y.tolist(), strict=True)
    )
    assert [one["properties"]["time"] for one in features] == found.time.tolist()
    for codes, (name, words) in zip(found.codes, source.columns.items(), strict=True):
        assert [one["properties"].get(name, "") for one in features] == [words[code] for code in codes]
    assert any("satellite" not in one["properties"] for one in features) != bool(asked)


@pytest.mark.parametrize("limit", [4000, 10], ids=["points", "cells"])
@pytest.mark.parametrize("timed", [True, False], ids=["with times", "without"])
def test_compiled_and_plain_tiles_say_the_same(tmp_path, made_points, monkeypatch, limit, timed):
    place = tmp_path / "source"
    create(place, {"class": CLASSES, "satellite": [], "region": []}, strongest="class")
    points = made_points(3000).replace({"satellite": {"N21": ""}})
    append(place, points if timed else points.drop(columns="time"))
    names = np.arange(3000) * 4096
    said = []
    for large in (1, 10**9):
        monkeypatch.setattr(points_of, "LARGE", large)
        source = PointSource(place)
        layers = decoded(live.encoded(source, TILE, Filters(), limit, names=names))
        (layer,) = layers.values()
        assert (layer["extent"], layer["version"]) == (4096, 2)
        said.append(layers)
        assert live.encoded(source, Address(5, 0, 0), Filters(), limit) == b""
    assert said[0] == said[1]


def test_another_decoder_reads_the_cells(source):
    layers = decoded(live.encoded(source, TILE, Filters(), limit=10))
    cells = source.points_in_tile(TILE, Filters(), limit=10)
    assert set(layers) == {"cells"}
    features = layers["cells"]["features"]
    assert sum(one["properties"]["count"] for one in features) == cells.count.sum()
    assert Counter(one["properties"]["class"] for one in features) == Counter(
        CLASSES[code] for code in cells.strongest
    )


def test_a_tile_without_points_is_empty(source):
    assert live.encoded(source, Address(5, 0, 0), Filters()) == b""


@pytest.mark.parametrize("value", [0, 1, 127, 128, 16_383, 16_384, 2**31, 2**53 - 1])
def test_numbers_of_every_length_come_back(value):
    body = mvt.layer(
        "one", np.array([4095]), np.array([0]), {"n": (np.array([value]), None)}, np.array([value])
    )
    (feature,) = decoded(body)["one"]["features"]
    assert (feature["id"], feature["properties"]) == (value, {"n": value})
    assert feature["geometry"]["coordinates"] == [4095, 0]


def test_tiles_that_are_joined_are_one_tile_with_both_layers():
    at = np.array([7])
    joined = mvt.layer("a", at, at, {}) + mvt.layer("b", at, at, {"w": (np.array([0]), ["汉字 & <b>"])})
    assert decoded(joined)["b"]["features"][0]["properties"] == {"w": "汉字 & <b>"}
    assert set(decoded(joined)) == {"a", "b"}


def test_the_tag_changes_with_source_tile_and_filters_and_with_nothing_else(tmp_path, source, made_points):
    first = live.tag(source, TILE, Filters())
    assert live.tag(PointSource(tmp_path / "source"), TILE, Filters()) == first
    others = {live.tag(source, Address(5, 26, 12), Filters()), live.tag(source, TILE, Filters(since=1))}
    append(tmp_path / "source", made_points(1, first=9000))
    others.add(live.tag(PointSource(tmp_path / "source"), TILE, Filters()))
    assert len(others - {first}) == 3


def test_a_tile_is_made_once_and_old_ones_make_room():
    kept = Kept(10, each=0)
    kept.put("a", b"1234")
    kept.put("b", b"1234")
    assert kept.get("a") == b"1234"
    kept.put("c", b"1234")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"1234", None, b"1234")
    kept.put("d", b"12345678901")
    assert kept.get("d") is None


def test_empty_tiles_make_room_too():
    kept = Kept(1000, each=400)
    for number in range(5):
        kept.put(number, b"")
        kept.put(number, b"")
    assert [kept.get(number) for number in range(5)] == [None, None, None, b"", b""]
