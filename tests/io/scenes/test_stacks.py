"""A scene written as a stack is read again as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Catalog
from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import ConfigError, InputError
from geoaq.frames.scenes import BOW_TIE_FILL, SATURATED, ScenePlaces, SceneRows
from geoaq.io.scenes import open_scene, write_stack
from tests.io.scenes.scene_files import COLUMNS, ROWS, copied, scene

Kinds = Mapping[str, SceneProduct]


def test_a_stack_gives_back_what_was_written(kinds: Kinds, tmp_path: Path) -> None:
    quality, fill = np.zeros((ROWS, COLUMNS), np.uint8), np.zeros((ROWS, COLUMNS), np.uint8)
    quality[5, 7], fill[3, :10] = SATURATED, BOW_TIE_FILL
    made = scene(q4=quality, fill=fill, t12=np.full((ROWS, COLUMNS), 285.5, np.float32))
    path = tmp_path / "pass.tif"

    size = write_stack(path, made, detector="viirs_i")

    assert size == path.stat().st_size
    with open_scene([path], None, kinds) as read:
        assert (read.rows, read.columns, read.satellite) == (ROWS, COLUMNS, "noaa20")
        assert (read.product.id, read.detector, read.swath, read.frp_band) == (
            "swath_stack", "viirs_i", True, True,
        )  # fmt: skip
        assert read.flags == []
        for start, stop in ((0, ROWS), (10, 31)):
            bands, wanted = read.bands(start, stop), made.bands(start, stop)
            for name in SceneRows._fields:
                np.testing.assert_array_equal(getattr(bands, name), getattr(wanted, name), err_msg=name)
                assert getattr(bands, name).flags.c_contiguous
                assert getattr(bands, name).dtype == getattr(wanted, name).dtype, name
            places, where = read.places(start, stop), made.places(start, stop)
            for name in ScenePlaces._fields:
                np.testing.assert_allclose(getattr(places, name), getattr(where, name), atol=8e-6)
            assert places.lon.dtype == np.float64
        np.testing.assert_allclose(read.times(0, ROWS), made.times(0, ROWS), atol=1e-3)
        np.testing.assert_array_equal(read.moderate(10, 20), made.moderate(10, 20))


def test_a_scene_may_be_written_from_a_file_and_the_bytes_are_the_same(kinds: Kinds, tmp_path: Path) -> None:
    first, second = tmp_path / "one.tif", tmp_path / "two.tif"
    write_stack(first, scene(), detector="viirs_i")

    with open_scene([first], kinds["swath_stack"], kinds) as read:
        write_stack(second, read, detector=read.detector)

    assert first.read_bytes() == second.read_bytes()


def test_the_file_names_its_detector(kinds: Kinds, tmp_path: Path) -> None:
    write_stack(tmp_path / "a.tif", scene(), detector="modis")

    with open_scene([tmp_path / "a.tif"], None, kinds) as read:
        assert read.detector == "modis"


def test_a_night_scene_needs_no_reflectance_and_has_none(kinds: Kinds, tmp_path: Path) -> None:
    write_stack(tmp_path / "a.tif", scene(hour=12.0), detector="viirs_i")

    with open_scene([tmp_path / "a.tif"], None, kinds) as read:
        rows = read.bands(0, ROWS)
    assert (rows.sun_zenith > 90.0).all()
    assert np.isnan(rows.red).all()
    assert rows.red.shape == (ROWS, COLUMNS)


def test_what_a_stack_lacks_is_flagged(kinds: Kinds, tmp_path: Path) -> None:
    path = tmp_path / "bare.tif"
    write_stack(path, scene(), detector="viirs_i")
    keep = ["t4", "t11", "red", "nir", "swir", "sun_zenith", "lon", "lat"]
    bare = copied(path, tmp_path / "few.tif", keep)

    with open_scene([bare], None, kinds) as read:
        assert {flag.code for flag in read.flags} == {
            "no_angles", "no_water_mask", "no_quality", "no_frp_band",
        }  # fmt: skip
        assert not read.frp_band
        assert read.moderate(0, 2) is None
        assert (read.bands(0, 5).water == 255).all()
        assert np.isnan(read.places(0, 5).view_zenith).all()


def test_every_flag_and_error_of_a_scene_has_its_sentence() -> None:
    from geoaq.wording import catalogue

    flags = {code for code in catalogue() if code.startswith("scenes.")}
    assert {"scenes.resampled", "scenes.no_angles", "scenes.sun_differs", "scenes.whole_kelvin"} <= flags


def test_a_kind_of_scene_with_a_band_in_no_file_is_refused(root: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(root / "layers", tmp_path / "layers")
    path = tmp_path / "layers" / "product" / "scene" / "swath_stack.toml"
    path.write_text(path.read_text("utf-8").replace('file = "scene"', 'file = "other"', 1), "utf-8")

    with pytest.raises(ConfigError, match="not declared"):
        Catalog.load(tmp_path / "layers")


def test_every_number_of_a_kind_names_its_source(kinds: Kinds) -> None:
    assert {"viirs_l1b", "modis_l1b", "ahi_netcdf", "swath_stack", "map_stack"} <= set(kinds)
    for kind in kinds.values():
        assert all(band.source and band.evidence for band in kind.bands)


def test_a_stack_without_its_time_or_satellite_says_which_attribute_to_set(
    kinds: Kinds, tmp_path: Path
) -> None:
    path = tmp_path / "a.tif"
    write_stack(path, scene(), detector="viirs_i")
    names = ["t4", "t11", "red", "nir", "swir", "sun_zenith", "lon", "lat"]

    with pytest.raises(InputError) as time:
        open_scene([copied(path, tmp_path / "b.tif", names, START_UTC="spring")], None, kinds)
    with pytest.raises(InputError) as satellite:
        open_scene([copied(path, tmp_path / "c.tif", names, SATELLITE="")], None, kinds)

    assert time.value.code == "scene_time_unknown"
    assert "START_UTC" in str(time.value)
    assert satellite.value.code == "scene_satellite_unknown"
