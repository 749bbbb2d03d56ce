from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geoaq.build import build_layers, check_layers, drawing, tiling
from geoaq.catalog import Catalog
from geoaq.errors import CancelledError, ConfigError, NotFoundError
from geoaq.frames import PLANTS
from geoaq.io.built import LayerSet, load_admin, load_plants, open_layers
from geoaq.policy import load_pack


def drawn(layers: LayerSet, name: str) -> dict[str, Any]:
    return {entry["properties"]["name"]: shape(entry["geometry"]) for entry in features(layers, name)}


def features(layers: LayerSet, name: str) -> list[dict[str, Any]]:
    return list(json.loads(layers.display(name).read_text("utf-8"))["features"])


def test_both_sources_hold_the_counties_of_34_provinces(built_layers: LayerSet) -> None:
    for source, counties in (("amap", 2877), ("tianditu", 2891)):
        report = built_layers.report["boundaries"][source]
        assert report["provinces"] == 34
        assert report["counties"] == counties
        assert report["centres_in_two_counties"] <= report["centres_examined"] / 1000


@pytest.mark.parametrize("source", ["amap", "tianditu"])
@pytest.mark.parametrize(
    ("adcode", "name"),
    [
        ("419001", "济源市"),
        ("441900", "东莞市"),
        ("442000", "中山市"),
        ("460400", "儋州市"),
        ("620200", "嘉峪关市"),
        ("130181", "辛集市"),
        ("130682", "定州市"),
        ("610581", "韩城市"),
    ],
)
def test_special_units_and_units_without_counties_are_there(
    built_layers: LayerSet, source: str, adcode: str, name: str
) -> None:
    counties = load_admin(built_layers.path, source).counties
    row = counties.loc[counties["adcode"] == adcode]

    assert row["county"].tolist() == [name]


def test_jiyuan_is_its_own_city_under_henan(built_layers: LayerSet) -> None:
    counties = load_admin(built_layers.path).counties
    row = counties.loc[counties["adcode"] == "419001"].iloc[0]

    assert (row["city_adcode"], row["province_adcode"]) == ("419001", "410000")


def test_a_county_whose_code_differs_between_the_sources_is_matched(built_layers: LayerSet) -> None:
    second = load_admin(built_layers.path, "tianditu").counties.set_index("adcode")["equals_adcode"]

    assert second["500112"] == "500105"  # 渝北 is part of 两江新区
    assert second["540422"] == "540481"  # 米林 has two codes
    assert second["330421"] == "330421"


def test_the_second_sources_names_become_aliases(built_layers: LayerSet) -> None:
    first = load_admin(built_layers.path).counties.set_index("adcode")["aliases"]

    assert {"渝北区", "江北区"} <= set(first["500105"].split(";"))
    assert "雄安新区" in first["130629"].split(";")


def test_every_provided_layer_of_the_catalogue_is_drawn(root: Path, built_layers: LayerSet) -> None:
    catalog = Catalog.load(root / "layers")
    later = {"screening", "fires"}
    provided = {
        name for name, layer in catalog.layers.items() if layer.provided and layer.made_from not in later
    } - {"counties"}

    assert provided <= set(built_layers.report["display"]) | set(built_layers.report["rasters"])
    counties = [name for name in built_layers.report["display"] if name.startswith("counties/")]
    assert len(counties) == 34


def test_every_drawn_property_is_declared(root: Path, built_layers: LayerSet) -> None:
    catalog = Catalog.load(root / "layers")

    for name in built_layers.report["display"]:
        declared = {field.name for field in catalog.layer(name.split("/")[0]).fields}
        assert declared <= set(features(built_layers, name)[0]["properties"])


def test_the_report_names_the_bytes_of_every_file(built_layers: LayerSet) -> None:
    for name, digest in built_layers.report["files"].items():
        assert hashlib.sha256((built_layers.path / name).read_bytes()).hexdigest() == digest


def test_key_regions_cover_their_cities_and_nothing_else(built_layers: LayerSet) -> None:
    regions = shapely.union_all(list(drawn(built_layers, "key_regions").values()))
    cities = drawn(built_layers, "cities")

    for name in ("北京市", "济源市", "保定市", "杭州市", "西安市", "太原市"):
        assert regions.contains(cities[name].point_on_surface())
    for name in ("张家口市", "青岛市", "南阳市", "安庆市", "大同市", "延安市", "长春市", "温州市"):
        assert not regions.intersects(cities[name].point_on_surface())


def test_neighbouring_provinces_keep_one_line(built_layers: LayerSet) -> None:
    provinces = drawn(built_layers, "provinces")
    jiangsu = {tuple(xy) for xy in shapely.get_coordinates(provinces["江苏省"]).tolist()}
    zhejiang = {tuple(xy) for xy in shapely.get_coordinates(provinces["浙江省"]).tolist()}

    assert len(jiangsu & zhejiang) > 50


def test_outer_rings_run_anticlockwise_and_coordinates_are_rounded(built_layers: LayerSet) -> None:
    for entry in features(built_layers, "provinces"):
        for part in shapely.get_parts(shape(entry["geometry"])):
            assert part.exterior.is_ccw
        xy = shapely.get_coordinates(shape(entry["geometry"]))
        assert np.array_equal(xy, np.round(xy, 4))


def test_plants_follow_the_contract_and_none_is_confirmed(built_layers: LayerSet) -> None:
    plants = load_plants(built_layers.path)

    assert tuple(plants.columns) == PLANTS.names
    assert len(plants) == 1156
    assert plants["plant_id"].is_unique
    assert (plants["confirmed_document"] == "").all()
    assert (plants["dispatched"] == 2).all()
    bengbu = plants.set_index("plant_id").loc["L100000100200"]
    assert (bengbu["name"], bengbu["province_adcode"]) == ("国电蚌埠发电厂", "340000")


def test_discs_are_those_of_the_anchors_with_the_radius_of_the_policy(
    root: Path, built_layers: LayerSet
) -> None:
    anchor = load_pack(root / "layers/policy").anchor("boiler")
    discs = {entry["properties"]["plant_id"]: entry for entry in features(built_layers, "heating_discs")}
    anchors = {entry["properties"]["plant_id"]: entry for entry in features(built_layers, "chp_anchors")}

    assert set(discs) == set(anchors)
    assert len(discs) == 869
    for entry in discs.values():
        assert entry["properties"]["radius_km"] == anchor.radius_km
        assert entry["properties"]["installed_mw"] >= anchor.min_mw
        assert entry["properties"]["confirmed"] is False


def test_places_can_be_searched_by_name(built_layers: LayerSet) -> None:
    places = json.loads(built_layers.places.read_text("utf-8"))["places"]
    found = {(place["kind"], place["text"]): place for place in places}

    assert found["province", "吉林省"]["adcode"] == "220000"
    assert found["city", "吉林市"]["detail"] == "吉林省"
    assert found["county", "江阴市"]["detail"] == "江苏省无锡市"
    west, south, east, north = found["county", "江阴市"]["bounds"]
    assert west < found["county", "江阴市"]["lon"] < east
    assert south < found["county", "江阴市"]["lat"] < north
    assert ("city", "北京市") not in found


def test_an_unknown_display_layer_is_an_error_and_no_path(built_layers: LayerSet) -> None:
    with pytest.raises(NotFoundError):
        built_layers.display("../build")


def test_nothing_is_built_twice(root: Path, built_layers: LayerSet) -> None:
    steps: list[str] = []
    again = build_layers(
        Catalog.load(root / "layers"), built_layers.path.parent, progress=lambda step, *_: steps.append(step)
    )

    assert steps == []
    assert again == built_layers


def test_a_stopped_build_leaves_no_trace(root: Path, tmp_path: Path) -> None:
    def stop(_step: str, done: int, _total: int) -> None:
        if done >= 1:
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        build_layers(Catalog.load(root / "layers"), tmp_path / "layers", progress=stop)
    assert list((tmp_path / "layers").iterdir()) == []


def test_asking_before_building_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_layers(tmp_path)
    assert "geoaq layers build" in caught.value.message("en")


def test_layers_that_are_up_to_date_and_whole_pass_the_check(root: Path, built_layers: LayerSet) -> None:
    assert check_layers(Catalog.load(root / "layers"), built_layers.path.parent) == []


def test_a_changed_file_a_changed_source_and_no_layers_at_all_are_told(
    root: Path, tmp_path: Path, built_layers: LayerSet
) -> None:
    shutil.copytree(root / "layers", tmp_path / "declared")
    shutil.copytree(built_layers.path.parent, tmp_path / "layers")
    (tmp_path / "layers" / built_layers.key / "places.json").write_text("{}", "utf-8")
    facts = tmp_path / "declared" / "data" / "coal-power-plants.csv"
    facts.write_text(facts.read_text("utf-8").replace("2580.0", "2590.0", 1), "utf-8")

    stale, damaged = check_layers(Catalog.load(tmp_path / "declared"), tmp_path / "layers", "en")
    assert "has changed" in stale
    assert "places.json" in damaged
    assert len(check_layers(Catalog.load(root / "layers"), tmp_path / "none")) == 1


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(
    root: Path, tmp_path: Path, built_layers: LayerSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the work, lines that are drawn and most tiles, is done again when a release is accepted."""
    left_out = set()
    if os.environ.get("GEOAQ_TEST_EVERY_MOMENT") != "1":
        tippecanoe, again = tiling._tippecanoe, {"provinces", "key_regions", "rivers"}

        def few(scratch: Path, layer: str, lines: Iterable[str]) -> None:
            if layer in again:
                tippecanoe(scratch, layer, lines)
            else:
                (scratch / f"{layer}.pmtiles").touch()

        def no_borders(save: Callable[..., None], *_: object) -> None:
            for layer in ("province_borders", "border_strips"):
                save(layer, [], [])

        monkeypatch.setattr(tiling, "_tippecanoe", few)
        monkeypatch.setattr(drawing, "draw_borders", no_borders)
        left_out = {f"tiles/{layer}.pmtiles" for layer in set(built_layers.report["tiles"]) - again}
        left_out |= {"display/province_borders.geojson", "display/border_strips.geojson"}
    made = build_layers(Catalog.load(root / "layers"), tmp_path / "layers", progress=lambda *_: None)

    assert made.key == built_layers.key
    before, after = built_layers.report["files"], made.report["files"]
    assert before.keys() == after.keys()
    assert left_out < before.keys()
    assert {name for name in before if after[name] != before[name]} == left_out
