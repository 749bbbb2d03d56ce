"""Rasters of classes: written small when layers are built, read by windows when a tile asks.

A dataset of GDAL must not be used by two threads at once: every thread opens its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

#: The code of a cell without a class.
NO_CLASS = 255
# Side of the blocks in a file, and most cells that one question reads along either side: beyond, cells are
# skipped evenly.
_BLOCK = 256
_MOST_CELLS = 1024


class Grid(NamedTuple):
    """Where the cells of a raster lie: its north-west corner and the width of a cell, degrees WGS 84."""

    west: float
    north: float
    cell: float


def read_window(path: Path, box: tuple[float, float, float, float]) -> tuple[Codes, Grid]:
    """Return the classes of a raster in degrees within a box, whole cells.

    Parameters
    ----------
    path
        A raster of one band of bytes with square cells, north up.
    box
        West, south, east, north in degrees, on edges of cells.
    """
    import rasterio

    west, south, east, north = box
    with rasterio.open(path) as raster:
        shape = raster.transform
        rows = tuple(round((lat - shape.f) / shape.e) for lat in (north, south))
        columns = tuple(round((lon - shape.c) / shape.a) for lon in (west, east))
        codes: Codes = raster.read(1, window=(rows, columns))
        return codes, Grid(west, north, float(shape.a))


def write_classes(path: Path, codes: Codes, grid: Grid) -> int:
    """Write classes as a tiled GeoTIFF and return its size in bytes; always the same bytes."""
    import rasterio

    path.parent.mkdir(parents=True, exist_ok=True)
    form = {
        "driver": "GTiff",
        "height": codes.shape[0],
        "width": codes.shape[1],
        "count": 1,
        "dtype": "uint8",
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(grid.cell, 0, grid.west, 0, -grid.cell, grid.north),
        "nodata": NO_CLASS,
        "tiled": True,
        "blockxsize": _BLOCK,
        "blockysize": _BLOCK,
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **form) as raster:
        raster.write(codes, 1)
    return path.stat().st_size


class ClassRaster:
    """A raster of classes that many threads may ask.

    Parameters
    ----------
    path
        A GeoTIFF as `write_classes` makes it; it must not change while it is read.
    """

    def __init__(self, path: Path) -> None:
        import rasterio

        self._open: Callable[[Path], Any] = rasterio.open
        self._path = path
        self._mine = threading.local()

    def nearest(self, lon: Floats, lat: Floats) -> Codes | None:
        """Return the class at every crossing of the given meridians and parallels.

        Parameters
        ----------
        lon
            Degrees, ascending, shape (n,).
        lat
            Degrees, descending, shape (m,).

        Returns
        -------
        array or None
            Shape (m, n), `NO_CLASS` beyond the raster; None where all of it lies beyond. When the window has
            more than 1,024 cells along a side, each class is that of an evenly chosen cell nearby.
        """
        raster = self._raster()
        shape = raster.transform
        columns = np.floor((lon - shape.c) / shape.a).astype(np.int64)
        rows = np.floor((lat - shape.f) / shape.e).astype(np.int64)
        across = (columns >= 0) & (columns < raster.width)
        down = (rows >= 0) & (rows < raster.height)
        if not (across.any() and down.any()):
            return None
        first, last = columns[across][0], columns[across][-1] + 1
        top, bottom = rows[down][0], rows[down][-1] + 1
        size = (min(bottom - top, _MOST_CELLS), min(last - first, _MOST_CELLS))
        window: Codes = raster.read(1, window=((top, bottom), (first, last)), out_shape=size)
        found = np.full((len(lat), len(lon)), NO_CLASS, np.uint8)
        row = (rows[down] - top) * size[0] // (bottom - top)
        column = (columns[across] - first) * size[1] // (last - first)
        found[np.ix_(down, across)] = window[np.ix_(row, column)]
        return found

    def _raster(self) -> Any:
        raster = getattr(self._mine, "raster", None)
        if raster is None:
            raster = self._mine.raster = self._open(self._path)
        return raster
