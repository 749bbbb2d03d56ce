"""The tiles of the built layers: all there, the same each time, and one line between neighbours."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from itertools import pairwise

import mapbox_vector_tile
import pytest

from geoaq.build import tiling
from geoaq.tiles.mercator import Address
from geoaq.tiles.static import built_tiles

# No coast and no national border near: Gansu and Shaanxi, then around Zhengzhou.
INLAND = [
    Address(5, 25, 12),
    Address(6, 52, 25),
    Address(7, 104, 50),
    Address(8, 208, 101),
    Address(9, 417, 203),
]


@pytest.fixture(scope="module")
def tiles(built_layers):
    return built_tiles(built_layers.path.parent)


def features(tiles, layer: str, tile: Address) -> list[dict]:
    body = tiles.archive(layer).tile(tile)
    decoded = mapbox_vector_tile.decode(gzip.decompress(body), default_options={"y_coord_down": True})
    return decoded[layer]["features"]


def edges(feature: dict) -> set[frozenset]:
    """Return the edges of a feature that lie within the tile, without those that its clipping made."""
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    found = set()
    for ring in (ring for polygon in polygons for ring in polygon):
        for start, end in pairwise(ring):
            if all(0 < value < 4096 for value in (*start, *end)) and tuple(start) != tuple(end):
                found.add(frozenset((tuple(start), tuple(end))))
    return found


def place(lon: float, lat: float) -> dict:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_every_displayed_layer_has_tiles(built_layers, tiles):
    shown = {name for name in built_layers.report["display"] if "/" not in name}
    assert set(built_layers.report["tiles"]) == shown | {"counties"}
    for layer in built_layers.report["tiles"]:
        assert tiles.archive(layer).zooms == (0, 9), layer


def test_every_area_is_in_the_widest_tile(tiles):
    whole = {layer: features(tiles, layer, Address(0, 0, 0)) for layer in ("provinces", "cities")}
    assert len({one["properties"]["adcode"] for one in whole["provinces"]}) == 34
    assert all(one["id"] == int(one["properties"]["adcode"]) for one in whole["cities"])


@pytest.mark.parametrize("tile", INLAND, ids=str)
def test_neighbours_keep_one_line(tiles, tile):
    owners = Counter(edge for one in features(tiles, "counties", tile) for edge in edges(one))
    assert len(owners) > 40
    alone = [edge for edge, count in owners.items() if count == 1]
    # the source has a few counties whose lines do not meet
    assert len(alone) <= 0.01 * len(owners), (len(alone), len(owners))


@pytest.mark.parametrize("tile", INLAND, ids=str)
def test_provinces_and_cities_lie_on_lines_of_counties(tiles, tile):
    lines = {edge for one in features(tiles, "counties", tile) for edge in edges(one)}
    for layer in ("provinces", "cities"):
        found = {edge for one in features(tiles, layer, tile) for edge in edges(one)}
        assert len(found - lines) <= 0.02 * len(found) + 1, layer


def test_the_same_features_make_the_same_bytes(tmp_path):
    made = []
    for turn in ("one", "two"):
        folder = tmp_path / turn
        folder.mkdir()
        points = [
            json.dumps(
                {"type": "Feature", "properties": {"n": k}, "geometry": place(100 + k / 50, 30 + k / 90)}
            )
            for k in range(900)
        ]
        (folder / "some.json").write_text("\n".join(points))
        tiling._tippecanoe(folder, "some", tiling._FREE)
        made.append((folder / "some.pmtiles").read_bytes())
    assert made[0] == made[1]
    assert str(tmp_path).encode() not in made[0]
