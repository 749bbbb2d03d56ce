"""Scenes that cannot be true are refused with what is wrong, or flagged: never a plausible wrong answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import InputError
from geoaq.frames.scenes import BOW_TIE_FILL
from geoaq.io.scenes import open_scene, write_stack
from tests.io.scenes.scene_files import COLUMNS, ROWS, Viirs, copied, cut_out, scene

Kinds = Mapping[str, SceneProduct]
NAN = np.full((ROWS, COLUMNS), np.nan, np.float32)


def refused(kinds: Kinds, paths: list[Path]) -> InputError:
    """Return why a scene is refused; said in both languages."""
    with pytest.raises(InputError) as error:
        open_scene(paths, None, kinds)
    assert error.value.message("zh")
    assert error.value.message("en")
    return error.value


def read_whole(kinds: Kinds, path: Path) -> None:
    with open_scene([path], None, kinds) as read:
        read.bands(0, ROWS)
        read.places(0, ROWS)


def of_stack(kinds: Kinds, folder: Path, **changed: object) -> InputError:
    path = folder / "bad.tif"
    write_stack(path, scene(**changed), detector="viirs_i")
    return refused(kinds, [path])


@pytest.mark.parametrize("band", ["t4", "t11", "sun_zenith", "lon", "lat"])
def test_a_missing_band_is_named(kinds: Kinds, tmp_path: Path, band: str) -> None:
    path = tmp_path / "whole.tif"
    write_stack(path, scene(), detector="viirs_i")
    names = ["t4", "t11", "red", "nir", "swir", "sun_zenith", "lon", "lat"]
    names.remove(band)

    error = refused(kinds, [copied(path, tmp_path / "less.tif", names)])

    assert error.code == "scene_band_missing"
    assert error.params["bands"] == band


@pytest.mark.parametrize(
    ("band", "change"),
    [
        ("t4", lambda kelvin: kelvin * 30.0),
        ("t4", lambda kelvin: kelvin - 273.15),
        ("t11", lambda kelvin: kelvin * 100.0),
        ("t11", lambda kelvin: kelvin / 30.0),
        ("red", lambda reflectance: reflectance * 10_000.0),
        ("nir", lambda reflectance: reflectance * 100.0),
        ("sun_zenith", lambda degrees: degrees * 100.0),
    ],
)
def test_counts_and_other_units_are_refused(
    kinds: Kinds, tmp_path: Path, band: str, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    error = of_stack(kinds, tmp_path, **{band: change(getattr(scene().seen, band))})

    assert error.code == "scene_units"
    assert error.params["band"] == band


@pytest.mark.parametrize("band", ["view_zenith", "view_azimuth", "sun_azimuth"])
def test_angles_of_view_in_hundredths_are_refused(kinds: Kinds, tmp_path: Path, band: str) -> None:
    error = of_stack(kinds, tmp_path, **{band: getattr(scene().where, band) * np.float32(100.0)})

    assert (error.code, error.params["band"]) == ("scene_units", band)


def test_temperatures_in_each_others_place_are_refused_by_day(kinds: Kinds, tmp_path: Path) -> None:
    """Hot ground that is colder at 4 µm would be taken for folded fires, pixel by pixel."""
    seen = scene().seen

    error = of_stack(kinds, tmp_path, t4=seen.t11 + np.float32(28.0), t11=seen.t4 + np.float32(28.0))

    assert error.code == "scene_bands_exchanged"


def test_a_day_without_reflectance_is_flagged(kinds: Kinds, tmp_path: Path) -> None:
    write_stack(tmp_path / "dark.tif", scene(red=NAN, nir=NAN, swir=NAN), detector="viirs_i")

    with open_scene([tmp_path / "dark.tif"], None, kinds) as read:
        flags = {(flag.code, flag.params.get("band")) for flag in read.flags}

    assert flags == {("no_reflectance", band) for band in ("red", "nir", "swir")}


def test_longitude_and_latitude_exchanged_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    where = scene().where

    assert of_stack(kinds, tmp_path, lon=where.lat, lat=where.lon).code == "scene_places_swapped"


def test_places_beyond_a_globe_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    where = scene().where

    assert (
        of_stack(kinds, tmp_path, lon=where.lon * 100.0, lat=where.lat * 100.0).code == "scene_places_range"
    )


def test_places_that_are_all_missing_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    assert of_stack(kinds, tmp_path, lon=NAN, lat=NAN).code == "scene_places_missing"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda places: np.roll(places, ROWS // 2, axis=0),
        lambda places: np.roll(places, COLUMNS // 2, axis=1),
        lambda places: np.repeat(places[:1], ROWS, axis=0),
        lambda places: np.repeat(places[:, :1], COLUMNS, axis=1),
        lambda places: np.random.default_rng(2).permutation(places.reshape(-1)).reshape(places.shape),
    ],
    ids=["rolled down", "rolled across", "one row", "one column", "mixed up"],
)
def test_places_that_jump_or_stand_still_are_refused(
    kinds: Kinds, tmp_path: Path, spoil: Callable[[np.ndarray], np.ndarray]
) -> None:
    where = scene().where

    error = of_stack(kinds, tmp_path, lon=spoil(where.lon), lat=spoil(where.lat))

    assert error.code == "scene_places_jump"


def test_rows_that_run_along_the_scan_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    made = scene(rows=80, columns=80)
    made.seen = made.seen._make(None if band is None else band.T.copy() for band in made.seen)
    made.where = made.where._make(band.T.copy() for band in made.where)
    write_stack(tmp_path / "bad.tif", made, detector="viirs_i")

    assert refused(kinds, [tmp_path / "bad.tif"]).code == "scene_axes"


def test_a_granule_with_rows_and_columns_exchanged_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    granule.numbers = {name: band.T.copy() for name, band in granule.numbers.items()}
    granule.flags = {name: band.T.copy() for name, band in granule.flags.items()}

    assert refused(kinds, granule.write(tmp_path)).code == "scene_axes"


def test_places_with_rows_and_columns_exchanged_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    granule.places = {name: band.T.copy() for name, band in granule.places.items()}

    assert refused(kinds, granule.write(tmp_path)).code == "scene_axes"


def test_places_of_fewer_rows_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    granule.places = {name: band[:32] for name, band in granule.places.items()}

    error = refused(kinds, granule.write(tmp_path))

    assert error.code == "scene_shape"
    assert (error.params["seen"], error.params["wanted"]) == ("32 × 6400", "64 × 6400")


@pytest.mark.parametrize("hours", [-8.0, 8.0])
def test_a_granule_with_another_clock_is_refused(kinds: Kinds, tmp_path: Path, hours: float) -> None:
    granule = Viirs()
    granule.start += hours * 3600.0
    granule.end += hours * 3600.0

    assert refused(kinds, granule.write(tmp_path)).code == "scene_sun_refused"


def test_a_granule_at_places_of_the_next_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    """Six minutes along the track are some twenty degrees of latitude."""
    granule = Viirs()
    granule.places["latitude"] = granule.places["latitude"] - np.float32(20.0)

    assert refused(kinds, granule.write(tmp_path)).code == "scene_sun_refused"


def test_a_stack_with_another_clock_is_flagged(kinds: Kinds, tmp_path: Path) -> None:
    made = scene()
    made.acquired = made.acquired + 8 * 3600.0
    write_stack(tmp_path / "late.tif", made, detector="viirs_i")

    with open_scene([tmp_path / "late.tif"], None, kinds) as read:
        assert [flag.code for flag in read.flags] == ["sun_differs"]


@pytest.mark.parametrize("cut", [(1, 0), (0, 1), (1, 1)])
def test_a_coarse_band_cut_through_its_pixels_is_refused(
    kinds: Kinds, tmp_path: Path, cut: tuple[int, int]
) -> None:
    """Each fire would get the power of a coarse pixel that holds only a part of its neighbours."""
    made = scene()
    made.coarse = np.random.default_rng(5).uniform(0.3, 0.5, made.coarse.shape).astype(np.float32)
    write_stack(tmp_path / "whole.tif", made, detector="viirs_i")
    with open_scene([tmp_path / "whole.tif"], None, kinds) as read:
        np.testing.assert_array_equal(read.moderate(0, ROWS), made.coarse)

    cut_out(tmp_path / "whole.tif", tmp_path / "cut.tif", cut)

    assert refused(kinds, [tmp_path / "cut.tif"]).code == "scene_coarse_apart"


def test_a_scene_that_lasts_for_days_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    """Rows of several granules, put together, would each get a time of none of them."""
    made = scene()
    made.acquired = np.linspace(made.acquired[0], made.acquired[0] + 4 * 3600.0, ROWS)
    write_stack(tmp_path / "long.tif", made, detector="viirs_i")

    assert refused(kinds, [tmp_path / "long.tif"]).code == "scene_time_unknown"


def test_files_of_two_granules_or_two_satellites_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = Viirs().write(tmp_path)
    later = paths[1].rename(tmp_path / paths[1].name.replace("0430", "0436"))
    assert refused(kinds, [paths[0], later]).code == "scene_files_differ"

    other = later.rename(tmp_path / paths[1].name.replace("VJ103", "VNP03"))
    assert refused(kinds, [paths[0], other]).code == "scene_files_differ"


def test_a_granule_without_its_places_or_with_a_stranger_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = Viirs().write(tmp_path)
    stranger = tmp_path / "notes.txt"
    stranger.write_text("clear sky")

    assert refused(kinds, [paths[0]]).code == "scene_kind_unknown"
    assert refused(kinds, [*paths, stranger]).code == "scene_kind_unknown"
    with pytest.raises(InputError) as error:
        open_scene([paths[0]], kinds["viirs_l1b"], kinds)
    assert error.value.code == "scene_kind_differs"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_granule_cut_short_is_refused(kinds: Kinds, tmp_path: Path, share: float) -> None:
    paths = Viirs().write(tmp_path)
    content = paths[0].read_bytes()
    paths[0].write_bytes(content[: int(len(content) * share)])

    assert refused(kinds, paths).code in {"scene_unreadable", "scene_rows_unreadable", "scene_band_missing"}


def test_a_stack_cut_short_is_refused_when_its_rows_are_asked_for(kinds: Kinds, tmp_path: Path) -> None:
    path = tmp_path / "cut.tif"
    write_stack(path, scene(), detector="viirs_i")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.6)])

    # The cut may lie before or after the rows that are looked at first.
    with pytest.raises(InputError) as error:
        read_whole(kinds, path)

    assert error.value.code in {"scene_unreadable", "scene_rows_unreadable"}


def test_a_text_with_the_name_of_a_scene_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    path = tmp_path / "scene.tif"
    path.write_text('<VRTDataset rasterXSize="2" rasterYSize="2"/>')

    assert refused(kinds, [path]).code == "scene_unreadable"


def test_a_scene_of_fill_alone_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    assert of_stack(kinds, tmp_path, t4=NAN, t11=NAN).code == "scene_empty"

    granule = Viirs()
    for name in ("I04", "I05"):
        granule.numbers[name][:] = 65_533
        granule.flags[name][:] = 256
    assert refused(kinds, granule.write(tmp_path)).code == "scene_empty"


def test_a_scene_with_one_good_row_is_read(kinds: Kinds, tmp_path: Path) -> None:
    four, eleven = NAN.copy(), NAN.copy()
    four[2], eleven[2] = 300.5, 290.5
    write_stack(tmp_path / "thin.tif", scene(t4=four, t11=eleven), detector="viirs_i")

    with open_scene([tmp_path / "thin.tif"], None, kinds) as read:
        assert (read.bands(0, ROWS).fill != 0).sum() == (ROWS - 1) * COLUMNS
        assert (read.bands(0, ROWS).fill != BOW_TIE_FILL).all()


def test_a_path_with_a_quote_never_reaches_the_name_of_a_variable(kinds: Kinds, tmp_path: Path) -> None:
    folder = tmp_path / 'a":x'
    folder.mkdir()

    assert refused(kinds, Viirs().write(folder)).code == "scene_unreadable"
