"""Raster tiles beside a WarpedVRT of rasterio that writes its PNG by GDAL: one run, contents compared first.

    .venv/bin/python benchmarks/rasters.py

Asked for are tiles of zooms 4 to 8 over most of China, in an order that does not favour neighbours. The peer
does what the documentation of rasterio shows for a tile: open, warp to Web Mercator with nearest neighbours,
read the window of the tile, colour it, write a PNG.
"""

from __future__ import annotations

import io
import random
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.warp import Resampling
from rasterio.windows import from_bounds

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geoaq.catalog import Catalog
from geoaq.io.built import open_layers
from geoaq.settings import data_dir
from geoaq.tiles.mercator import Address
from geoaq.tiles.raster import palette_of, raster_tiles

HALF = 20037508.342789244
TILES = 300
# Pixels whose middle lies within rounding of an edge of a cell may fall to either side.
MOST_UNLIKE = 0.004


def asked() -> list[Address]:
    chosen = []
    for z in range(4, 9):
        west, east = (int((lon + 180) / 360 * 2**z) for lon in (100, 120))
        north, south = (int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z) for lat in (42, 25))
        chosen += [Address(z, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    random.Random(7).shuffle(chosen)
    return chosen[:TILES]


def by_warping(path: Path, colours: dict[int, tuple[int, int, int, int]]) -> Callable[[Address], bytes]:
    table = np.zeros((256, 4), np.uint8)
    for code, colour in colours.items():
        table[code] = colour

    def tile(address: Address) -> bytes:
        z, x, y = address
        side = 2 * HALF / 2**z
        box = (x * side - HALF, HALF - (y + 1) * side, (x + 1) * side - HALF, HALF - y * side)
        with (
            rasterio.open(path) as raster,
            WarpedVRT(raster, crs="EPSG:3857", resampling=Resampling.nearest) as warped,
        ):
            codes = warped.read(
                1, window=from_bounds(*box, transform=warped.transform), out_shape=(256, 256), boundless=False
            )
        with MemoryFile() as file:
            form = {"driver": "PNG", "width": 256, "height": 256, "count": 4, "dtype": "uint8"}
            with file.open(**form) as picture:
                picture.write(table[codes].transpose(2, 0, 1))
            return file.read()

    return tile


def exactly_warped(path: Path, colours: dict[int, tuple[int, int, int, int]], address: Address) -> np.ndarray:
    """Return a tile warped straight onto its own pixels, without the pixels of a VRT between."""
    from rasterio.warp import reproject

    z, x, y = address
    side = 2 * HALF / 2**z
    found = np.full((256, 256), 255, np.uint8)
    pixel = side / 256
    onto = rasterio.Affine(pixel, 0, x * side - HALF, 0, -pixel, HALF - y * side)
    with rasterio.open(path) as raster:
        reproject(
            rasterio.band(raster, 1), found, dst_transform=onto, dst_crs="EPSG:3857", dst_nodata=255,
            resampling=Resampling.nearest, tolerance=0, warp_mem_limit=64,
        )  # fmt: skip
    table = np.zeros((256, 4), np.uint8)
    for code, colour in colours.items():
        table[code] = colour
    return table[found]


def measured(work: Callable[[Address], bytes], tiles: list[Address]) -> np.ndarray:
    for tile in tiles[:5]:
        work(tile)
    spent = []
    for tile in tiles:
        started = time.perf_counter()
        work(tile)
        spent.append((time.perf_counter() - started) * 1000)
    return np.array(spent)


def main() -> None:
    warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a PNG in memory has no place on earth
    root = data_dir() / "layers"
    layer = Catalog.load().layer("land_cover")
    ours = raster_tiles(root, layer)
    path = open_layers(root).path / "rasters" / "land_cover.tif"
    colours = {code: (*bytes.fromhex(colour[1:]), 255) for code, colour in palette_of(layer).items()}
    tiles = asked()
    unlike = []
    for tile in tiles[:60]:
        picture = Image.open(io.BytesIO(ours.tile(tile))).convert("RGBA")
        mine = np.asarray(picture.resize((256, 256), Image.Resampling.NEAREST))
        theirs = exactly_warped(path, colours, tile)
        mine = np.where(mine[..., 3:] > 0, mine, 0)
        unlike.append(float((mine != theirs).any(axis=2).mean()))
    print(f"compared {len(unlike)} tiles with GDAL's warp: {np.mean(unlike):.2%} of pixels differ,", end=" ")
    print(f"at most {max(unlike):.2%} of a tile")
    if max(unlike) > MOST_UNLIKE:
        raise SystemExit("the tiles differ: nothing is measured")
    times = {
        "geoaq": measured(ours.tile, tiles),
        "rasterio WarpedVRT": measured(by_warping(path, colours), tiles),
    }
    sizes = np.array([len(ours.tile(tile)) for tile in tiles])
    for name, spent in times.items():
        told = "  ".join(f"p{part} {np.percentile(spent, part):6.2f} ms" for part in (50, 95, 99))
        print(f"{name:>20}: {told}")
    ratio = np.percentile(times["rasterio WarpedVRT"], 50) / np.percentile(times["geoaq"], 50)
    print(f"{'ratio at p50':>20}: {ratio:.1f}×; a tile of ours has {np.median(sizes) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
