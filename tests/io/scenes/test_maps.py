"""Scenes on a map: AHI as JAXA grids it, and a GeoTIFF that was resampled before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from geoaq.catalog.scenes import SceneProduct
from geoaq.errors import InputError
from geoaq.frames.scenes import BOW_TIE_FILL, SEEN
from geoaq.io.scenes import open_scene
from geoaq.io.scenes.sun import sun_zenith

Kinds = Mapping[str, SceneProduct]
START = datetime(2022, 4, 15, 4, 30, tzinfo=UTC).timestamp()


def write_ahi(folder: Path) -> Path:
    """Write a grid like JAXA's, far smaller: from 60 N to 60 S and 80 E to 160 W."""
    size = 61
    lat, lon = np.linspace(60.0, -60.0, size), np.linspace(80.0, 200.0, size)
    times = START + (np.arange(size) + 0.5) * 600.0 / size
    zenith = sun_zenith(times[:, None], lon[None, :], lat[:, None])
    path = folder / "NC_H09_20220415_0430_R21_FLDK.06001_06001.nc"
    with h5py.File(path, "w") as file:
        file["latitude"], file["longitude"] = lat.astype(np.float32), lon.astype(np.float32)
        bands = {"tbb_07": 302.4, "tbb_14": 291.3, "tbb_15": 289.7}
        for name, kelvin in bands.items():
            put(file, name, np.full((size, size), kelvin), scale=0.01, offset=273.15)
        for name, albedo in (("albedo_03", 0.06), ("albedo_04", 0.14), ("albedo_06", 0.09)):
            put(file, name, np.where(zenith < 90.0, albedo, -9.9), scale=1e-4, offset=0.0)
        for name, angle in (
            ("SOZ", zenith),
            ("SOA", zenith * 0 + 10.0),
            ("SAZ", zenith * 0 + 40.0),
            ("SAA", zenith * 0),
        ):
            put(file, name, angle, scale=0.01, offset=0.0)
    return path


def put(file: h5py.File, name: str, values: np.ndarray, *, scale: float, offset: float) -> None:
    numbers = np.round((values - offset) / scale)
    data = file.create_dataset(name, data=np.where(values == -9.9, -32_768, numbers).astype(np.int16))
    data.attrs.update(
        scale_factor=np.float32(scale), add_offset=np.float32(offset), _FillValue=np.int16(-32_768)
    )


def test_the_grid_of_ahi_is_read_as_described(kinds: Kinds, tmp_path: Path) -> None:
    with open_scene([write_ahi(tmp_path)], None, kinds) as scene:
        assert (scene.product.id, scene.satellite, scene.detector) == ("ahi_netcdf", "himawari9", "ahi")
        assert not scene.swath
        assert {flag.code for flag in scene.flags} == {"resampled", "no_water_mask", "no_quality"}
        rows, places = scene.bands(0, 61), scene.places(0, 61)
        np.testing.assert_allclose(rows.t4, 302.4, atol=0.006)
        day = rows.sun_zenith < 80.0
        np.testing.assert_allclose(rows.nir[day] * np.cos(np.radians(rows.sun_zenith[day])), 0.14, atol=1e-4)
        assert np.isnan(rows.nir[rows.sun_zenith >= 90.0]).all()
        np.testing.assert_allclose(places.lat[:, 3], np.linspace(60.0, -60.0, 61), atol=1e-5)
        assert places.lon[0, 0] == pytest.approx(80.0)
        assert places.lon[0, -1] == pytest.approx(-160.0)
        assert places.lon.shape == places.lat.shape == (61, 61)
        np.testing.assert_array_equal(scene.places(7, 9).lat, places.lat[7:9])
        assert scene.times(0, 1)[0] == pytest.approx(START + 300.0 / 61)


def write_map(
    path: Path, *, crs: str | None, more: Mapping[str, np.ndarray] | None = None, **tags: str
) -> Path:
    """Write a scene of 40 × 50 cells at 126 E 44 N as a map."""
    random = np.random.default_rng(3)
    shape = (40, 50)
    transform = rasterio.Affine(0.004, 0, 126.0, 0, -0.004, 44.0)
    if crs is not None and crs != "EPSG:4326":
        transform = rasterio.Affine(375.0, 0, 600_000.0, 0, -375.0, 4_900_000.0)
    bands = {
        "t4": random.normal(300, 1, shape), "t11": random.normal(290, 1, shape),
        "red": np.full(shape, 0.1), "nir": np.full(shape, 0.2), "swir": np.full(shape, 0.15), **(more or {}),
    }  # fmt: skip
    form = {
        "driver": "GTiff",
        "height": 40,
        "width": 50,
        "count": len(bands),
        "dtype": "float32",
        "nodata": np.nan,
    }
    with rasterio.open(path, "w", crs=crs, transform=transform, **form) as raster:
        raster.descriptions = list(bands)
        stated = {
            "SATELLITE": "noaa21",
            "START_UTC": "2022-04-15T04:30:00",
            "END_UTC": "2022-04-15T04:31:00Z",
        }
        raster.update_tags(**{**stated, **tags})
        for number, band in enumerate(bands.values(), 1):
            raster.write(band.astype(np.float32), number)
    return path


def test_a_map_is_accepted_and_flagged(kinds: Kinds, tmp_path: Path) -> None:
    path = write_map(tmp_path / "map.tif", crs="EPSG:4326")

    with open_scene([path], None, kinds) as scene:
        assert (scene.product.id, scene.swath) == ("map_stack", False)
        assert "resampled" in {flag.code for flag in scene.flags}
        assert "sun_computed" in {flag.code for flag in scene.flags}
        places = scene.places(2, 4)
        np.testing.assert_allclose(places.lon[0, :2], [126.002, 126.006])
        np.testing.assert_allclose(places.lat[:, 0], [44.0 - 2.5 * 0.004, 44.0 - 3.5 * 0.004])
        zenith = scene.bands(0, 40).sun_zenith
        assert zenith == pytest.approx(sun_zenith(np.array([START + 30.0]), 126.1, 43.9)[0], abs=0.3)


def test_cells_of_a_projected_map_lie_where_the_projection_says(kinds: Kinds, tmp_path: Path) -> None:
    path = write_map(tmp_path / "utm.tif", crs="EPSG:32651")

    with open_scene([path], None, kinds) as scene:
        places = scene.places(0, 40)

    back = Transformer.from_crs("EPSG:32651", "EPSG:4326", always_xy=True)
    lon, lat = back.transform(600_000.0 + 375.0 * 10.5, 4_900_000.0 - 375.0 * 20.5)
    assert places.lon[20, 10] == pytest.approx(lon, abs=1e-9)
    assert places.lat[20, 10] == pytest.approx(lat, abs=1e-9)


def test_a_source_pixel_in_several_cells_counts_once(kinds: Kinds, tmp_path: Path) -> None:
    line = np.repeat(np.arange(20), 2)[:, None] + np.zeros((1, 50))
    sample = np.arange(50)[None, :] // 2 * 1.0 + np.zeros((40, 1))
    line[0, 0] = np.nan
    path = write_map(
        tmp_path / "near.tif", crs="EPSG:4326", more={"source_line": line, "source_sample": sample}
    )

    with open_scene([path], None, kinds) as scene:
        fill = np.concatenate([scene.bands(start, start + 8).fill for start in range(0, 40, 8)])
        assert scene.repeated == 40 * 50 - 20 * 25 - 1
        assert {"resampled": {}, "repeated_cells": {"count": scene.repeated}}.items() <= {
            flag.code: flag.params for flag in scene.flags
        }.items()
        np.testing.assert_array_equal(scene.bands(3, 9).fill, fill[3:9])

    assert (fill == SEEN).sum() == 20 * 25 + 1
    assert (fill[1, 0], fill[0, 0], fill[0, 1]) == (BOW_TIE_FILL, SEEN, SEEN)
    assert fill[2, 0] == SEEN
    assert (fill[2, 1], fill[3, 0], fill[3, 1]) == (BOW_TIE_FILL,) * 3


def test_a_map_is_not_taken_for_a_swath_nor_a_swath_for_a_map(kinds: Kinds, tmp_path: Path) -> None:
    path = write_map(tmp_path / "map.tif", crs="EPSG:4326")
    with pytest.raises(InputError) as refused:
        open_scene([path], kinds["swath_stack"], kinds)
    assert refused.value.code == "scene_is_map"

    bare = write_map(tmp_path / "bare.tif", crs=None)
    with pytest.raises(InputError) as refused:
        open_scene([bare], kinds["map_stack"], kinds)
    assert refused.value.code == "scene_is_no_map"


def test_counts_of_a_picture_are_no_temperatures(kinds: Kinds, tmp_path: Path) -> None:
    counts = np.random.default_rng(1).integers(160, 255, (40, 50)).astype(float)
    path = write_map(tmp_path / "grey.tif", crs="EPSG:4326", more={"t4": counts, "t11": counts})

    with open_scene([path], None, kinds) as scene:
        assert [flag.params["band"] for flag in scene.flags if flag.code == "whole_kelvin"] == ["t4", "t11"]
