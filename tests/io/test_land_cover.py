from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.warp import Resampling, reproject

from geoaq.errors import InputError
from geoaq.io.land_cover import ClassWindows
from geoaq.io.rasters import NO_CLASS

CELL = 0.0005


def write(path: Path, codes: np.ndarray, crs: str | None = "EPSG:4326", **said: object) -> Path:
    form = {
        "driver": "GTiff", "height": codes.shape[0], "width": codes.shape[1], "count": 1,
        "dtype": codes.dtype.name, "crs": crs, "transform": rasterio.Affine(CELL, 0, 126.0, 0, -CELL, 46.0),
    }  # fmt: skip
    with rasterio.open(path, "w", **(form | said)) as raster:
        raster.write(codes, 1)
    return path


def land(side: int = 400) -> np.ndarray:
    rows, columns = np.indices((side, side)) // 50
    return ((rows + columns) % 3 + 1).astype(np.uint8)


def test_a_window_holds_all_cells_that_a_box_touches(tmp_path: Path) -> None:
    codes = land()
    windows = ClassWindows(write(tmp_path / "a.tif", codes))
    found = windows.window((126.01, 45.95, 126.03, 45.98))
    assert found is not None
    part, grid = found
    row, column = round((46.0 - grid.north) / CELL), round((grid.west - 126.0) / CELL)
    assert grid.west <= 126.01
    assert grid.north >= 45.98
    assert grid.west + part.shape[1] * CELL >= 126.03
    assert np.array_equal(part, codes[row : row + part.shape[0], column : column + part.shape[1]])


def test_a_box_beside_the_raster_has_no_window_and_one_across_its_edge_what_is_there(tmp_path: Path) -> None:
    windows = ClassWindows(write(tmp_path / "a.tif", land()))
    assert windows.window((120.0, 45.0, 121.0, 46.0)) is None
    across = windows.window((125.9, 45.99, 126.01, 46.1))
    assert across is not None
    assert across[1] == (126.0, 46.0, CELL)


def test_cells_without_data_and_numbers_that_are_no_codes_have_no_class(tmp_path: Path) -> None:
    codes = land().astype(np.int16)
    codes[0, :3] = (-9999, 300, -5)
    windows = ClassWindows(write(tmp_path / "a.tif", codes, nodata=-9999))
    found = windows.window((126.0001, 45.9999, 126.002, 45.9999))
    assert found is not None
    assert found[0][0, :4].tolist() == [NO_CLASS, NO_CLASS, NO_CLASS, codes[0, 3]]


def test_a_projected_raster_gives_the_same_classes(tmp_path: Path) -> None:
    codes = land()
    turned = np.zeros((1700, 1400), np.uint8)
    corner = rasterio.Affine(15.0, 0, 264_000.0, 0, -15.0, 5_100_000.0)
    reproject(
        codes, turned,
        src_transform=rasterio.Affine(CELL, 0, 126.0, 0, -CELL, 46.0), src_crs=CRS.from_epsg(4326),
        dst_transform=corner, dst_crs=CRS.from_epsg(32652), resampling=Resampling.nearest,
    )  # fmt: skip
    projected = write(tmp_path / "b.tif", turned, "EPSG:32652", transform=corner, nodata=0)
    found = ClassWindows(projected).window((126.05, 45.9, 126.1, 45.95))
    assert found is not None
    part, grid = found
    lon = grid.west + (np.arange(part.shape[1]) + 0.5) * grid.cell
    lat = grid.north - (np.arange(part.shape[0]) + 0.5) * grid.cell
    rows, columns = ((46.0 - lat) / CELL).astype(int), ((lon - 126.0) / CELL).astype(int)
    assert (part == codes[np.ix_(rows, columns)]).mean() > 0.97


def test_what_cannot_be_land_cover_is_refused(tmp_path: Path) -> None:
    good = write(tmp_path / "a.tif", land())
    text = tmp_path / "b.tif"
    text.write_text("no raster", "utf-8")
    virtual = tmp_path / "c.tif"
    virtual.write_text(
        '<VRTDataset rasterXSize="400" rasterYSize="400"><VRTRasterBand dataType="Byte" band="1">'
        f"<SimpleSource><SourceFilename>{good}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
        "utf-8",
    )
    picture = tmp_path / "d.tif"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    cut = tmp_path / "e.tif"
    cut.write_bytes(good.read_bytes()[:2000])
    for path in (text, virtual, picture, tmp_path / "nowhere.tif"):
        with pytest.raises(InputError) as refused:
            ClassWindows(path)
        assert refused.value.code == "raster_unreadable"
    with pytest.raises(InputError) as refused:
        ClassWindows(cut).window((126.0, 45.8, 126.2, 46.0))
    assert refused.value.code == "raster_unreadable"
    with pytest.raises(InputError) as refused:
        ClassWindows(write(tmp_path / "f.tif", land(), None))
    assert refused.value.code == "raster_unplaced"
    with pytest.raises(InputError) as refused:
        ClassWindows(write(tmp_path / "g.tif", land().astype(np.float32)))
    assert refused.value.code == "raster_no_classes"
