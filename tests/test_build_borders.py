"""The province lines of a built set: what was checked of the data, what is kept, what is drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import shape

from geoaq.build import told_borders
from geoaq.build.borders import check, read_provinces
from geoaq.errors import ConfigError
from geoaq.geodesy import build_lines, lines_within
from geoaq.io.built import LayerSet, load_borders
from geoaq.policy import load_pack
from geoaq.zones.border import Borders, Edges, shared_edges

GEOD = Geod(ellps="WGS84")
# What layers/map says of the picture.
PICTURE_M = 120.0


@pytest.fixture(scope="module")
def tianditu() -> Edges:
    return shared_edges(*read_provinces("tianditu"))


def features(layers: LayerSet, name: str) -> dict[tuple[str, ...], shapely.Geometry]:
    drawn = json.loads(layers.display(name).read_text("utf-8"))["features"]
    return {
        (each["properties"]["adcode"], each["properties"].get("side", "")): shape(each["geometry"])
        for each in drawn
    }


@pytest.mark.parametrize(
    ("source", "edges", "length_km", "near"), [("amap", 153_068, 53_442, 0), ("tianditu", 18_951, 47_523, 2)]
)
def test_lines_pairs_and_leftovers_are_those_of_the_release(
    built_layers: LayerSet, source: str, edges: int, length_km: float, near: int
) -> None:
    facts = built_layers.report["borders"][source]

    assert facts["edge_meaning"] == "straight in lon/lat (RFC 7946)"
    assert (len(facts["pairs"]), facts["n_edges"]) == (70, edges)
    assert facts["length_km"] == pytest.approx(length_km, abs=0.5)
    assert sum(facts["pair_km"]) == pytest.approx(facts["length_km"], abs=0.1)
    assert len(facts["unmatched_near"]) == near
    assert ["440000", "810000"] in facts["pairs"]
    assert len(facts["sha256"]) == 64


def test_another_release_of_the_data_is_refused_with_what_was_expected(tianditu: Edges) -> None:
    check("tianditu", tianditu)
    with pytest.raises(ConfigError) as caught:
        check("amap", tianditu)
    assert caught.value.params["expected"] == 153_068
    assert caught.value.params["found"] == 18_951
    shorter = tianditu._replace(report=tianditu.report | {"length_km": tianditu.report["length_km"] - 0.01})
    with pytest.raises(ConfigError, match="length_km"):
        check("tianditu", shorter)


def test_whoever_builds_is_told_of_edges_that_miss_their_neighbour(built_layers: LayerSet) -> None:
    told = "\n".join(told_borders(built_layers.path.parent, "zh"))
    assert "153068" in told
    assert "120.433061" in told


def test_an_edge_is_straight_in_degrees_and_no_geodesic(tianditu: Edges) -> None:
    lines = tianditu.shared
    metres = np.asarray(GEOD.inv(*lines.start.T, *lines.end.T)[2])
    longest = int(metres.argmax())
    start, end = lines.start[longest], lines.end[longest]
    assert metres[longest] == pytest.approx(138_000, abs=1000)

    index = build_lines(*([value] for value in (*start, *end)), [0])
    straight = start + np.linspace(0.0, 1.0, 11)[:, None] * (end - start)
    assert lines_within(index, *straight.T, reach_m=1.0).distance_m.max() < 1e-3
    geodesic = np.array(GEOD.npts(*start, *end, 101))
    apart = lines_within(index, *geodesic.T, reach_m=1000.0).distance_m.max()
    assert apart == pytest.approx(252.0, abs=1.0)


def test_a_built_index_is_small_and_holds_no_more_than_it_says(built_layers: LayerSet) -> None:
    for source in ("amap", "tianditu"):
        parts = load_borders(built_layers.path, source)
        borders = Borders.from_parts(parts)
        size = sum(path.stat().st_size for path in parts.lines.rglob("*") if path.is_file())
        assert size <= 100 * 2**20
        assert borders.index.n_groups == len(borders.pairs) == 70
        assert borders.coast.n_groups == len(borders.provinces) == 34
        start, end, group = borders.lines(3)
        metres = np.asarray(GEOD.inv(*start.T, *end.T)[2])
        assert metres.max() < 2_001.0
        assert metres.sum() / 1000.0 == pytest.approx(borders.facts["pair_km"][3], abs=0.1)
        assert set(group) == {3}


def test_a_set_from_before_is_stale(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_borders(tmp_path)
    assert caught.value.code == "layers_stale"


def test_lines_and_strips_are_drawn_pair_by_pair(root: Path, built_layers: LayerSet) -> None:
    pairs = ["-".join(pair) for pair in built_layers.report["borders"]["amap"]["pairs"]]

    assert [code for code, _ in features(built_layers, "province_borders")] == pairs
    assert list(features(built_layers, "border_strips")) == [
        (pair, side) for pair in pairs for side in pair.split("-")
    ]
    drawn = json.loads(built_layers.display("border_strips").read_text("utf-8"))["features"]
    width = load_pack(root / "layers/policy").strip("project").strip_km
    assert {each["properties"]["strip_km"] for each in drawn} == {width}


def test_the_drawn_strip_agrees_with_the_distance_but_for_its_stated_tolerance(
    built_layers: LayerSet,
) -> None:
    borders = Borders.from_parts(load_borders(built_layers.path, "amap"))
    drawn = features(built_layers, "border_strips")
    provinces = dict(zip(*reversed(read_provinces("amap")), strict=True))
    random = np.random.default_rng(7)
    for pair in (("320000", "340000"), ("610000", "620000"), ("310000", "320000")):
        for side in pair:
            strip = drawn["-".join(pair), side]
            west, south, east, north = shapely.bounds(strip)
            xy = random.uniform((west, south), (east, north), (3000, 2))
            xy = xy[shapely.intersects_xy(provinces[side], xy)]
            edge = shapely.distance(shapely.points(xy), shapely.boundary(strip)) * 111_320.0
            inside = shapely.intersects_xy(strip, xy)
            hits = lines_within(borders.index, *xy.T, reach_m=25_000.0)
            own = hits.group == borders.pairs.index(pair)
            metres = np.full(len(xy), np.inf)
            metres[hits.subject[own]] = hits.distance_m[own]
            sure = (edge > PICTURE_M / np.cos(np.radians(north))) & (metres > PICTURE_M)
            assert np.array_equal(inside[sure], metres[sure] <= 20_000.0)
            assert inside[sure].sum() > 50
