"""Files that were made to do harm: they point at other files, or claim more than memory holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import InputError
from geoaq.io.scenes import open_scene, write_stack
from geoaq.io.scenes.self_contained import holds_its_numbers
from tests.io.scenes.scene_files import Viirs, copied, scene

Kinds = Mapping[str, SceneProduct]
FOUR = "observation_data/I04"
SIZE = (64, 6400)
ROWS_OF_BANDS = tuple(
    f"observation_data/{name}" for name in ("I04", "I05", "I04_quality_flags", "I05_quality_flags")
)


def refused(kinds: Kinds, paths: list[Path]) -> InputError:
    """Return why a scene is refused; said in both languages."""
    with pytest.raises(InputError) as error:
        open_scene(paths, None, kinds)
    assert error.value.message("zh")
    assert error.value.message("en")
    return error.value


def changed(folder: Path, name: str, put: Callable[[h5py.File], object]) -> list[Path]:
    """Return the files of a granule in which one variable of the bands is made anew."""
    paths = Viirs().write(folder)
    with h5py.File(paths[0], "a") as file:
        del file[name]
        put(file)
    return paths


def external(secret: Path) -> Callable[[h5py.File], object]:
    (secret / "secret.bin").write_bytes(np.full(SIZE, 27_000, np.uint16).tobytes())
    storage = [(str(secret / "secret.bin"), 0, h5py.h5f.UNLIMITED)]
    return lambda file: file.create_dataset(FOUR, shape=SIZE, dtype="u2", external=storage)


def other_file(secret: Path) -> Path:
    with h5py.File(secret / "secret.h5", "w") as file:
        file["numbers"] = np.full(SIZE, 27_000, np.uint16)
    return secret / "secret.h5"


def virtual(secret: Path) -> Callable[[h5py.File], object]:
    layout = h5py.VirtualLayout(SIZE, "u2")
    layout[:] = h5py.VirtualSource(other_file(secret), "numbers", SIZE)
    return lambda file: file.create_virtual_dataset(FOUR, layout)


def linked(secret: Path) -> Callable[[h5py.File], object]:
    path = other_file(secret)

    def put(file: h5py.File) -> None:
        file[FOUR] = h5py.ExternalLink(path, "numbers")

    return put


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (external, "scene_not_self_contained"),
        (virtual, "scene_not_self_contained"),
        (linked, "scene_band_missing"),
    ],
)
def test_numbers_of_another_file_are_never_read(
    kinds: Kinds, tmp_path: Path, kind: Callable[[Path], Any], code: str
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()

    assert refused(kinds, changed(tmp_path, FOUR, kind(secret))).code == code


@pytest.mark.parametrize("whole_group", [True, False])
def test_places_of_another_file_are_never_read(kinds: Kinds, tmp_path: Path, whole_group: bool) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    paths = Viirs().write(tmp_path)
    with h5py.File(paths[1], "a") as file, h5py.File(secret / "secret.h5", "w") as other:
        file.copy("geolocation_data", other)
        if whole_group:
            del file["geolocation_data"]
            file["geolocation_data"] = h5py.ExternalLink(secret / "secret.h5", "geolocation_data")
        else:
            del file["geolocation_data/longitude"]
            file["geolocation_data/longitude"] = h5py.ExternalLink(
                secret / "secret.h5", "geolocation_data/longitude"
            )

    assert refused(kinds, paths).code == "scene_band_missing"


@pytest.mark.parametrize(
    ("versions", "kind"),
    [
        (("earliest", "v108"), external),
        (("v108", "v108"), external),
        (("earliest", "latest"), external),
        (("latest", "latest"), external),
        (("earliest", "latest"), virtual),
        (("latest", "latest"), virtual),
    ],
)
def test_other_files_are_found_in_every_version_of_the_format(
    tmp_path: Path, versions: tuple[str, str], kind: Callable[[Path], Any]
) -> None:
    plain, spoilt = tmp_path / "plain.h5", tmp_path / "spoilt.h5"
    with h5py.File(plain, "w", libver=versions) as file:
        data = file.create_dataset(
            FOUR, data=np.arange(6400, dtype=np.uint16).reshape(8, 800), chunks=(4, 80)
        )
        data.attrs["long_name"] = "a text of variable length"
        data.make_scale("rows")
    with h5py.File(spoilt, "w", libver=versions) as file:
        kind(tmp_path)(file)

    assert holds_its_numbers(plain)
    assert not holds_its_numbers(spoilt)


def test_a_header_of_an_unusual_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 4)

    assert not holds_its_numbers(path)


def test_a_table_larger_than_any_is_refused_before_it_is_read(kinds: Kinds, tmp_path: Path) -> None:
    table = "observation_data/I04_brightness_temperature_lut"
    paths = changed(
        tmp_path,
        table,
        lambda file: file.create_dataset(table, (1_000_000_000,), "f4", fillvalue=300.0, chunks=(1 << 20,)),
    )

    assert refused(kinds, paths).params["variable"] == table


def test_more_pixels_than_any_scene_has_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = Viirs().write(tmp_path)
    with h5py.File(paths[0], "a") as file:
        for name in ROWS_OF_BANDS:
            del file[name]
            file.create_dataset(name, (100_000_000, 6400), "u2", fillvalue=27_000, chunks=(64, 6400))

    assert refused(kinds, paths).code == "scene_too_large"


def test_blocks_that_do_not_fit_into_memory_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = changed(
        tmp_path, FOUR, lambda file: file.create_dataset(FOUR, (64_000, 6400), "u2", chunks=(64_000, 6400))
    )

    assert refused(kinds, paths).code == "scene_block_too_large"


@pytest.mark.parametrize("shape", [(64, 1), (32, 6400), (64, 3200)])
def test_quality_of_another_shape_is_refused(kinds: Kinds, tmp_path: Path, shape: tuple[int, int]) -> None:
    name = "observation_data/I04_quality_flags"

    error = refused(
        kinds, changed(tmp_path, name, lambda file: file.create_dataset(name, shape, "u2", fillvalue=4))
    )

    assert (error.code, error.params["variable"]) == ("scene_shape", name)


def test_a_variable_of_several_layers_is_refused(kinds: Kinds, tmp_path: Path) -> None:
    paths = changed(
        tmp_path, FOUR, lambda file: file.create_dataset(FOUR, (2, *SIZE), "u2", fillvalue=27_000)
    )

    assert refused(kinds, paths).params["seen"] == "2 × 64 × 6400"


def test_two_bands_of_one_name_are_refused(kinds: Kinds, tmp_path: Path) -> None:
    write_stack(tmp_path / "whole.tif", scene(), detector="viirs_i")
    names = ["t4", "t11", "red", "nir", "swir", "sun_zenith", "lon", "lat", "t4"]

    error = refused(kinds, [copied(tmp_path / "whole.tif", tmp_path / "twice.tif", names)])

    assert (error.code, error.params["band"]) == ("scene_band_twice", "t4")


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "<script>", "noaa21\nnoaa20", "n" * 60, " "])
def test_what_is_no_name_of_a_satellite_does_not_come_into_tables(
    kinds: Kinds, tmp_path: Path, name: str
) -> None:
    made = scene()
    made.satellite = name
    write_stack(tmp_path / "named.tif", made, detector="viirs_i")

    assert refused(kinds, [tmp_path / "named.tif"]).code == "scene_satellite_unknown"


@pytest.mark.parametrize("name", ["noaa21", "FY-3D (MERSI-II)", "风云三号D", "synthetic"])
def test_names_of_satellites_are_kept(kinds: Kinds, tmp_path: Path, name: str) -> None:
    made = scene()
    made.satellite = name
    write_stack(tmp_path / "named.tif", made, detector="viirs_i")

    with open_scene([tmp_path / "named.tif"], None, kinds) as read:
        assert read.satellite == name
