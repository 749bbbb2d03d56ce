"""VIIRS granules as NASA gives them: tables, quality bits, what was deleted on board, and the coarse band."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import InputError
from geoaq.frames.scenes import (
    BAD,
    BOW_TIE_FILL,
    GOOD,
    GROUND_UNKNOWN,
    NO_DATA,
    ON_LAND,
    ON_WATER,
    SATURATED,
    SEEN,
)  # fmt: skip
from geoaq.io.scenes import open_scene
from tests.io.scenes.scene_files import START, Viirs

Kinds = Mapping[str, SceneProduct]


def test_a_granule_is_known_by_its_names_and_read_as_described(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    paths = granule.write(tmp_path)

    with open_scene(paths[::-1], None, kinds) as scene:
        assert (scene.product.id, scene.satellite, scene.detector) == ("viirs_l1b", "noaa20", "viirs_i")
        assert (scene.rows, scene.columns, scene.swath, scene.frp_band) == (64, 6400, True, True)
        assert scene.flags == []
        assert datetime.fromtimestamp(scene.start, UTC) == datetime(2022, 4, 15, 4, 30, tzinfo=UTC)
        rows = scene.bands(30, 40)
        assert np.unique(rows.t4) == pytest.approx([300.04])
        assert np.unique(rows.t11) == pytest.approx([290.04])
        cosine = np.cos(np.radians(rows.sun_zenith.astype(float)))
        np.testing.assert_allclose(rows.red, 4_000 * 2e-5 / cosine, rtol=1e-5)
        np.testing.assert_allclose(rows.swir, 6_000 * 2e-5 / cosine, rtol=1e-5)
        assert rows.t12 is None
        assert (rows.water == ON_LAND).all()
        np.testing.assert_allclose(scene.moderate(30, 40), np.full((5, 3200), 2.0), rtol=1e-6)
        places = scene.places(30, 40)
        np.testing.assert_array_equal(places.lat, granule.places["latitude"][30:40].astype(float))
        assert places.sun_azimuth == pytest.approx(-170.0)
        assert places.view_zenith.max() <= 70.0


def test_rows_of_one_scan_share_their_time(kinds: Kinds, tmp_path: Path) -> None:
    with open_scene(Viirs().write(tmp_path), None, kinds) as scene:
        times = scene.times(0, 64)
        assert np.unique(times[:32]) == pytest.approx([START + 90.0])
        assert np.unique(times[32:]) == pytest.approx([START + 270.0])
        np.testing.assert_array_equal(times[10:20], scene.times(10, 20))


def test_what_was_deleted_on_board_is_told_from_what_is_missing(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    granule.numbers["I04"][40, 3000:3010] = 65_532
    granule.numbers["I05"][40, 3000:3010] = 65_532
    granule.flags["I04"][40, 3000:3010] = granule.flags["I05"][40, 3000:3010] = 512
    granule.numbers["I04"][41, 3000] = 65_534

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        rows = scene.bands(0, 64)

    assert (rows.fill[0:2, :1280] == BOW_TIE_FILL).all()
    assert (rows.fill[0:2, 1280:-1280] == SEEN).all()
    assert (rows.fill[40, 3000:3010] == NO_DATA).all()
    assert np.isnan(rows.t4[0, 0])
    assert (rows.q4[40, 3000:3010] == BAD).all()
    assert np.isnan(rows.t4[41, 3000])
    assert rows.q4[41, 3000] == BAD
    assert rows.q11[41, 3000] == GOOD
    assert (rows.fill > 0).sum() == 2 * 2 * 1280 + 10


@pytest.mark.parametrize(
    ("bits", "number", "quality"),
    [
        (0, 27_500, GOOD),
        (4, 44_000, SATURATED),
        (4 | 2, 44_000, SATURATED),
        (2, 40_000, SATURATED),
        (2, 5_000, BAD),
        (1, 27_500, GOOD),
        (8, 27_500, GOOD),
        (1_024, 27_500, BAD),
        (2_048 | 4, 27_500, BAD),
    ],
)
def test_quality_bits_mean_what_the_guide_says(
    kinds: Kinds, tmp_path: Path, bits: int, number: int, quality: int
) -> None:
    granule = Viirs()
    granule.flags["I04"][20, 3000], granule.numbers["I04"][20, 3000] = bits, number

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        rows = scene.bands(20, 21)

    assert rows.q4[0, 3000] == quality
    assert rows.t4[0, 3000] == pytest.approx(190.0 + number / 250.0)
    assert (np.delete(rows.q4[0], 3000) == GOOD).all()
    assert (rows.q11 == GOOD).all()


def test_ground_follows_the_codes_of_the_mask(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    granule.places["land_water_mask"][20, :9] = [0, 1, 2, 3, 4, 5, 6, 7, 255]

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        ground = scene.bands(20, 21).water[0, :9]

    land, water = ON_LAND, ON_WATER
    assert ground.tolist() == [water, land, land, water, land, water, water, water, GROUND_UNKNOWN]


def test_a_night_granule_has_no_reflective_bands(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs(hour=12.0)
    for name in ("I01", "I02", "I03"):
        del granule.numbers[name]

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        assert np.isnan(scene.bands(0, 64).nir).all()


def test_a_day_granule_without_them_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    granule = Viirs()
    del granule.numbers["I02"]

    with pytest.raises(InputError) as refused:
        open_scene(granule.write(tmp_path), None, kinds)

    assert refused.value.code == "scene_band_missing"
    assert "nir" in str(refused.value)


def test_without_the_coarse_band_the_power_is_flagged(kinds: Kinds, tmp_path: Path) -> None:
    with open_scene(Viirs().write(tmp_path, moderate=False), None, kinds) as scene:
        assert [flag.code for flag in scene.flags] == ["no_frp_band"]
        assert scene.moderate(0, 32) is None


@pytest.mark.parametrize(("prefix", "satellite"), [("VNP", "snpp"), ("VJ2", "noaa21")])
def test_the_name_says_which_satellite(kinds: Kinds, tmp_path: Path, prefix: str, satellite: str) -> None:
    with open_scene(Viirs().write(tmp_path, satellite=prefix), kinds["viirs_l1b"], kinds) as scene:
        assert scene.satellite == satellite


def test_rows_asked_for_in_any_pieces_are_the_same(kinds: Kinds, tmp_path: Path) -> None:
    with open_scene(Viirs().write(tmp_path), None, kinds) as scene:
        whole = scene.bands(0, 64)
        for step in (7, 33):
            pieces = [scene.bands(start, min(64, start + step)) for start in range(0, 64, step)]
            for name in ("t4", "red", "sun_zenith", "fill", "water"):
                joined = np.concatenate([getattr(one, name) for one in pieces])
                np.testing.assert_array_equal(joined, getattr(whole, name))


def test_places_stay_in_order_however_much_was_read(
    kinds: Kinds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's layers are closed and opened again on the way: once in the order of the file, always so."""
    monkeypatch.setattr("geoaq.io.scenes.variables._KEPT_BYTES", 100_000)
    granule = Viirs()

    with open_scene(granule.write(tmp_path), None, kinds) as scene:
        for start in (0, 32, 16, 60):
            lat = scene.places(start, start + 4).lat
            np.testing.assert_array_equal(lat, granule.places["latitude"][start : start + 4].astype(float))


@pytest.mark.parametrize(("most", "kept"), [(327_679, True), (None, False)])
def test_the_coarse_band_may_have_wider_numbers(
    kinds: Kinds, tmp_path: Path, most: int | None, kept: bool
) -> None:
    """A band of two gains may need more than 16 bits: what is data in it says the file alone."""
    paths = Viirs().write(tmp_path)
    with h5py.File(paths[2], "a") as file:
        old = file["observation_data/M13"]
        numbers, attributes = old[:].astype(np.uint32), dict(old.attrs)
        numbers[0, :2] = 200_000, 4_294_967_289
        del file["observation_data/M13"]
        new = file.create_dataset("observation_data/M13", data=numbers)
        new.attrs.update(attributes | {"_FillValue": np.uint32(4_294_967_295)})
        if most is not None:
            new.attrs["valid_max"] = np.uint32(most)

    with open_scene(paths, None, kinds) as read:
        coarse = read.moderate(0, 2)

    assert np.isfinite(coarse[0, :3]).tolist() == [kept, False, True]
    assert not kept or coarse[0, 0] == pytest.approx(20.0, rel=1e-5)
