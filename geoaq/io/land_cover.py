"""Reads a user's raster of land cover by windows: one band of classes, whatever its projection."""

from __future__ import annotations

import threading
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from geoaq.errors import InputError
from geoaq.io.rasters import NO_CLASS, Codes, Grid

# The only drivers that may open one (GDAL's names), by the first bytes: GeoTIFF and Erdas Imagine.
_DRIVERS = (
    (b"II*\0", "GTiff"), (b"MM\0*", "GTiff"), (b"II+\0", "GTiff"), (b"MM\0+", "GTiff"),
    (b"EHFA_HEADER", "HFA"),
)  # fmt: skip
_DEGREES = "EPSG:4326"


class ClassWindows:
    """A raster of classes in degrees, read by windows; one in another projection is turned by nearest cells.

    Parameters
    ----------
    path
        A raster whose first band holds whole numbers; it must not change while it is read. It may be asked by
        several threads, of which each opens its own.

    Raises
    ------
    InputError
        ``raster_unreadable``: not one of the drivers allowed, or broken. ``raster_unplaced``: without a
        projection. ``raster_no_classes``: the first band does not hold whole numbers.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()
        raster = self._raster()
        shape = raster.transform
        self._across, self._down = int(raster.width), int(raster.height)
        self.grid = Grid(float(shape.c), float(shape.f), float(shape.a))

    def window(self, box: tuple[float, float, float, float]) -> tuple[Codes, Grid] | None:
        """Return the classes of all cells that a box touches, or None where it lies beside the raster.

        Parameters
        ----------
        box
            West, south, east, north in degrees.

        Returns
        -------
        codes, grid
            Classes 0 to 254; `NO_CLASS` for other numbers and for cells without data.

        Raises
        ------
        InputError
            ``raster_unreadable``: broken there.
        """
        import rasterio

        west, south, east, north = box
        left, top, cell = self.grid
        columns = [int(np.floor((edge - left) / cell)) for edge in (west, east)]
        rows = [int(np.floor((top - edge) / cell)) for edge in (north, south)]
        first, last = max(0, columns[0]), min(self._across, columns[1] + 1)
        upper, lower = max(0, rows[0]), min(self._down, rows[1] + 1)
        if first >= last or upper >= lower:
            return None
        place = ((upper, lower), (first, last))
        try:
            values = self._raster().read(1, window=place)
            there = self._raster().read_masks(1, window=place) > 0
        except rasterio.errors.RasterioError as error:
            raise InputError("raster_unreadable", name=self._path.name) from error
        good = there & (values >= 0) & (values < NO_CLASS)
        codes = np.where(good, values, NO_CLASS).astype(np.uint8)
        return codes, Grid(left + first * cell, top - upper * cell, cell)

    def _raster(self) -> Any:
        raster = getattr(self._mine, "raster", None)
        if raster is None:
            self._mine.open = ExitStack()
            raster = self._mine.raster = self._opened(self._mine.open)
        return raster

    def _opened(self, stack: ExitStack) -> Any:
        """Return the raster in square degrees, north up; what is opened on the way closes with the thread."""
        import rasterio
        from rasterio.vrt import WarpedVRT

        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        try:
            with self._path.open("rb") as file:
                head = file.read(16)
            driver = next((name for magic, name in _DRIVERS if head.startswith(magic)), "")
            if not driver:
                raise InputError("raster_unreadable", name=self._path.name)
            with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
                raster = stack.enter_context(rasterio.open(self._path, driver=driver))
        except (OSError, rasterio.errors.RasterioError) as error:
            raise InputError("raster_unreadable", name=self._path.name) from error
        if raster.crs is None:
            raise InputError("raster_unplaced", name=self._path.name)
        if np.dtype(raster.dtypes[0]).kind not in "iu":
            raise InputError("raster_no_classes", name=self._path.name)
        shape = raster.transform
        upright = shape.b == shape.d == 0.0 and shape.a > 0.0 and abs(shape.a + shape.e) < 1e-6 * shape.a
        if raster.crs.is_geographic and upright:
            return raster
        return stack.enter_context(
            WarpedVRT(raster, crs=_DEGREES, resampling=rasterio.enums.Resampling.nearest)
        )
