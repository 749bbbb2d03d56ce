"""Raster tiles: every pixel has the colour of the cell that its middle lies in."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest
from PIL import Image

from geoaq.catalog import Catalog
from geoaq.errors import NotFoundError
from geoaq.io.rasters import NO_CLASS, ClassRaster, Grid, write_classes
from geoaq.tiles.mercator import Address
from geoaq.tiles.raster import RasterTiles, palette_of, pixel_centres

PALETTE = {1: "#112233", 2: "#aabbcc", 7: "#00ff00"}
GRID = Grid(100.0, 40.0, 0.5)


@pytest.fixture
def codes():
    return np.random.default_rng(4).choice(np.array([1, 2, 7, 9, NO_CLASS], np.uint8), (60, 80))


@pytest.fixture
def tiles(tmp_path, codes):
    write_classes(tmp_path / "some.tif", codes, GRID)
    return RasterTiles(tmp_path / "some.tif", PALETTE, "ab" * 32)


def picture(body: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(body))
    assert image.mode == "P"
    return np.asarray(image.convert("RGBA").resize((256, 256), Image.Resampling.NEAREST))


def expected(codes: np.ndarray, tile: Address) -> np.ndarray:
    """Go over the pixels one by one, by the textbook formula."""
    table = np.zeros((256, 4), np.uint8)
    for code, colour in PALETTE.items():
        table[code] = (*bytes.fromhex(colour[1:]), 255)
    lon, lat = pixel_centres(tile)
    found = np.zeros((256, 256, 4), np.uint8)
    for j in range(256):
        for i in range(256):
            column, row = int((lon[i] - GRID.west) // GRID.cell), int((GRID.north - lat[j]) // GRID.cell)
            if 0 <= column < codes.shape[1] and 0 <= row < codes.shape[0]:
                found[j, i] = table[codes[row, column]]
    return found


@pytest.mark.parametrize(
    "tile", [Address(3, 6, 3), Address(5, 25, 12), Address(7, 104, 51), Address(9, 410, 205)], ids=str
)
def test_every_pixel_has_the_colour_of_its_cell(tiles, codes, tile):
    found, wanted = picture(tiles.tile(tile)), expected(codes, tile)
    seen = wanted[..., 3] > 0
    assert np.array_equal(found[..., 3] > 0, seen)
    assert np.array_equal(found[seen], wanted[seen])


def test_pixel_middles_follow_the_formula_of_the_projection():
    lon, lat = pixel_centres(Address(0, 0, 0))
    assert lon[[0, -1]].tolist() == [-180 + 360 / 512, 180 - 360 / 512]
    assert np.allclose(lat, -lat[::-1])
    lon, lat = pixel_centres(Address(18, 0, 0))
    assert lat[0] == pytest.approx(85.0511, abs=1e-3)


def test_a_tile_beyond_the_raster_is_one_clear_pixel(tiles):
    body = tiles.tile(Address(5, 0, 0))
    assert Image.open(io.BytesIO(body)).size == (1, 1)
    assert not picture(body).any()


def test_a_raster_larger_than_a_window_is_read_thinned_out(tmp_path):
    codes = np.tile(np.array([1, 2], np.uint8), (1500, 750))
    write_classes(tmp_path / "large.tif", codes, Grid(100.0, 40.0, 0.01))
    found = ClassRaster(tmp_path / "large.tif").nearest(np.linspace(100, 115, 300), np.linspace(40, 25, 300))
    assert found is not None
    assert set(np.unique(found)) <= {1, 2, NO_CLASS}


def test_the_same_classes_make_the_same_bytes_and_other_colours_another_tag(tmp_path, codes):
    for name in ("one.tif", "two.tif"):
        write_classes(tmp_path / name, codes, GRID)
    assert (tmp_path / "one.tif").read_bytes() == (tmp_path / "two.tif").read_bytes()
    tags = {
        RasterTiles(tmp_path / "one.tif", palette, "ab" * 32).tag for palette in (PALETTE, {1: "#112244"})
    }
    assert len(tags) == 2


def test_many_threads_get_the_same_tiles(tiles):
    asked = [Address(7, 104 + k % 3, 49 + k % 4) for k in range(24)]
    alone = [tiles.tile(tile) for tile in asked]
    found: dict[int, list[bytes]] = {}

    def work(turn: int) -> None:
        found[turn] = [tiles.tile(tile) for tile in asked]

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[turn] == alone for turn in range(6))


def test_the_palette_is_the_legend_of_the_layer(root):
    catalog = Catalog.load(root / "layers")
    palette = palette_of(catalog.layer("land_cover"))
    assert sorted(palette) == list(range(17))
    assert len(set(palette.values())) == 17
    with pytest.raises(NotFoundError):
        palette_of(catalog.layer("provinces"))
