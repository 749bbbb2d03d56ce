"""Raster tiles of classes: nearest cell for every pixel of a Web Mercator tile, as an indexed PNG.

A picture only: nothing is decided by it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geoaq.catalog import Layer
from geoaq.errors import ConfigError, NotFoundError
from geoaq.io.built import open_layers
from geoaq.io.indexed_png import Palette, indexed_png, palette_chunks
from geoaq.io.rasters import NO_CLASS, ClassRaster
from geoaq.tiles.mercator import Address

SIDE = 256
#: The deepest tile of a raster: beyond, the map widens what it has.
RASTER_ZOOM_MAX = 12
_CURRENT = "current.json"


class RasterTiles:
    """The tiles of one raster layer of one built set.

    Parameters
    ----------
    path
        The raster.
    palette
        Colour (``#rrggbb``) of each class that is drawn; all others are clear.
    digest
        SHA-256 of the raster, as the build noted it.
    """

    def __init__(self, path: Path, palette: Palette, digest: str) -> None:
        self._raster = ClassRaster(path)
        self._drawn = np.zeros(256, bool)
        self._drawn[list(palette)] = True
        self._drawn[NO_CLASS] = False
        self._colours = palette_chunks({code: colour for code, colour in palette.items() if code != NO_CLASS})
        told = repr(sorted(palette.items())).encode()
        #: Another text when the tiles are others.
        self.tag = digest[:16] + hashlib.sha256(told).hexdigest()[:8]

    def tile(self, address: Address) -> bytes:
        """Return a tile as PNG; where nothing of it is drawn, one clear pixel, which the browser widens."""
        lon, lat = pixel_centres(address)
        codes = self._raster.nearest(lon, lat)
        if codes is None or not self._drawn[codes].any():
            return _CLEAR
        return indexed_png(codes, self._colours)


def pixel_centres(tile: Address) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return longitudes of a tile's columns and latitudes of its rows, degrees (EPSG:3857 inverted)."""
    middle = (np.arange(SIDE) + 0.5) / SIDE
    whole = 1 << tile.z
    lon = (tile.x + middle) / whole * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (tile.y + middle) / whole))))
    return lon, lat


def palette_of(layer: Layer) -> Palette:
    """Return the colour of each class as the legend of a raster layer states it (``when.class``).

    Raises
    ------
    NotFoundError
        ``no_tiles``: the layer is no raster.
    """
    if layer.geometry != "raster":
        raise NotFoundError("no_tiles", name=layer.id)
    return {
        int(str(line.when["class"])): line.style.fill
        for line in layer.legend
        if "class" in line.when and line.style.fill is not None
    }


def raster_tiles(root: Path, layer: Layer) -> RasterTiles:
    """Return the tiles of a raster layer in the built set in use; opened anew only when another set is.

    Parameters
    ----------
    root
        Where built sets live (``GEOAQ_DATA/layers``).
    layer
        As the catalogue declares it: its legend has the colours.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is none.
    NotFoundError
        ``no_tiles``: the layer is no raster, or the set has not built it.
    """
    try:
        seen = (root / _CURRENT).stat()
    except FileNotFoundError as error:
        raise ConfigError("layers_not_built") from error
    return _opened(root, layer.id, tuple(palette_of(layer).items()), seen.st_ino, seen.st_mtime_ns)


@lru_cache(maxsize=8)
def _opened(
    root: Path, name: str, palette: tuple[tuple[int, str], ...], _inode: int, _mtime_ns: int
) -> RasterTiles:
    layers = open_layers(root)
    if name not in layers.report.get("rasters", {}):
        raise NotFoundError("no_tiles", name=name)
    file = f"rasters/{name}.tif"
    return RasterTiles(layers.path / file, dict(palette), str(layers.report["files"][file]))


_CLEAR = indexed_png(np.full((1, 1), NO_CLASS, np.uint8), palette_chunks({}))
