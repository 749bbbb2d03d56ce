from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.errors import ConfigError, NotFoundError


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the layer files that a test may spoil."""
    copy = tmp_path / "layers"
    shutil.copytree(root / "layers", copy)
    return copy


def test_every_declared_file_loads_and_its_stem_is_its_id(root: Path) -> None:
    catalog = Catalog.load(root / "layers")

    for kind, things in (("map", catalog.layers), ("view", catalog.views), ("product", catalog.products)):
        stems = {path.stem for path in (root / "layers" / kind).glob("*.toml")}
        assert set(things) == stems
        assert all(thing.id == name for name, thing in things.items())


def test_every_layer_says_whose_it_is_in_both_languages(root: Path) -> None:
    for layer in Catalog.load(root / "layers").layers.values():
        for text in (
            layer.title,
            layer.source,
            layer.attribution,
            layer.accuracy,
            layer.licence,
            *layer.notes,
        ):
            assert text.say("zh") != ""
            assert text.say("en") != ""
        # A screening draws its own layers: they are as old as it is; so do fires.
        drawn = layer.made_from in {"screening", "fires"}
        assert (layer.date is not None) == (layer.provided and not drawn)


def test_boundaries_say_that_they_are_for_screening_only(root: Path) -> None:
    catalog = Catalog.load(root / "layers")

    areas = ("provinces", "cities", "counties", "key_regions", "zj_reference")
    for name in (*areas, "province_borders", "border_strips"):
        notes = [note.zh for note in catalog.layer(name).notes]
        assert "边界仅供筛查，以民政部门勘界成果为准" in notes


def test_plants_and_discs_say_that_heat_is_to_be_verified_and_name_their_source(root: Path) -> None:
    catalog = Catalog.load(root / "layers")

    for name in ("coal_power_plants", "chp_anchors", "heating_discs"):
        layer = catalog.layer(name)
        assert any("heat evidence: to be verified" in note.en for note in layer.notes)
        assert "CC BY 4.0" in layer.licence.zh
        assert "Global Energy Monitor, Global Coal Plant Tracker, July 2024 release" in layer.attribution.en


def test_missing_layers_say_how_to_add_them_and_are_drawn_plainly_once_they_are_there(root: Path) -> None:
    catalog = Catalog.load(root / "layers")
    missing = {name: layer for name, layer in catalog.layers.items() if not layer.provided}

    areas = {"townships", "villages", "grid_cells"}
    assert set(missing) == {
        "heat_network", "built_up", "zj_heat_range", "attainment", "static_places", *areas
    }  # fmt: skip
    for layer in missing.values():
        assert not layer.style.hatch
        assert layer.add is not None


def test_every_layer_is_shown_by_a_view_and_by_none_twice(root: Path) -> None:
    catalog = Catalog.load(root / "layers")
    shown = [[entry.layer for entry in view.layers] for view in catalog.views.values()]

    assert {layer for layers in shown for layer in layers} == set(catalog.layers)
    assert all(len(layers) == len(set(layers)) for layers in shown)


def test_the_maps_of_fires_open_on_the_whole_country_as_that_of_heating(root: Path) -> None:
    views = Catalog.load(root / "layers").views
    for view in ("fires", "fires_static", "fires_zones", "fires_scenes"):
        assert views[view].bounds == views["heating"].bounds


def test_the_committed_table_of_plants_carries_its_attribution(root: Path) -> None:
    said = tomllib.loads((root / "layers/data/coal-power-plants.toml").read_text("utf-8"))

    assert said["licence"] == "CC BY 4.0"
    assert said["attribution"] == "Global Energy Monitor, Global Coal Plant Tracker, July 2024 release"


@pytest.mark.shared
def test_the_committed_table_of_plants_is_the_reference_table(root: Path, shared: Path) -> None:
    ours = (root / "layers/data/coal-power-plants.csv").read_bytes()

    assert ours == (shared / "data/facts/coal-power-plants.csv").read_bytes()


def test_the_hash_of_a_layer_is_that_of_its_file(folder: Path) -> None:
    before = Catalog.load(folder).layer("provinces").hash
    path = folder / "map/provinces.toml"
    path.write_text(path.read_text("utf-8") + "# a comment\n", "utf-8")

    assert Catalog.load(folder).layer("provinces").hash != before


@pytest.mark.parametrize(
    ("file", "line", "key"),
    [
        ("map/provinces.toml", 'colour = "red"\n', "colour"),
        ("view/heating.toml", "zoom = 5\n", "zoom"),
        ("product/boiler_list.toml", "colour = 1\n", "colour"),
        ("map/provinces.toml", 'id = "provinces"\n', "id"),
    ],
)
def test_an_unknown_key_is_refused_with_file_and_key(folder: Path, file: str, line: str, key: str) -> None:
    path = folder / file
    path.write_text(line + path.read_text("utf-8"), "utf-8")

    with pytest.raises(ConfigError) as caught:
        Catalog.load(folder)
    assert caught.value.params["file"] == file
    assert caught.value.params["key"] == key
    assert file in caught.value.message("zh")


def test_a_missing_key_is_refused_with_file_and_key(folder: Path) -> None:
    path = folder / "map/cities.toml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("licence")]
    path.write_text("\n".join(lines), "utf-8")

    with pytest.raises(ConfigError) as caught:
        Catalog.load(folder)
    assert (caught.value.params["file"], caught.value.params["key"]) == ("map/cities.toml", "licence")


def test_a_file_that_is_not_toml_is_refused_by_name(folder: Path) -> None:
    (folder / "map/cities.toml").write_bytes(b"\xff\xfe title")

    with pytest.raises(ConfigError) as caught:
        Catalog.load(folder)
    assert caught.value.params["file"] == "map/cities.toml"


def test_a_view_of_a_layer_that_does_not_exist_is_refused(folder: Path) -> None:
    (folder / "map/counties.toml").unlink()

    with pytest.raises(ConfigError) as caught:
        Catalog.load(folder)
    assert "counties" in str(caught.value.params["problem"])


def test_a_missing_folder_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Catalog.load(tmp_path / "nowhere")
    assert "GEOAQ_LAYERS" in caught.value.message("en")


def test_the_environment_may_name_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOAQ_LAYERS", str(folder))

    assert Catalog.load().root == folder


def test_asking_for_an_unknown_layer_is_an_error(root: Path) -> None:
    with pytest.raises(NotFoundError):
        Catalog.load(root / "layers").layer("volcanoes")
