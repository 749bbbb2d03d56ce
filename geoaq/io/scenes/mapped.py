"""Where the cells of a map lie, from its projection and the corners of its cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from geoaq.frames.scenes import Doubles


class MapPlaces:
    """The centres of a map's cells.

    Parameters
    ----------
    raster
        An open dataset of GDAL with a projection.
    """

    def __init__(self, raster: Any) -> None:
        self._transform, self._crs = raster.transform, raster.crs
        self._columns = int(raster.width)

    def rows(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """Return longitude and latitude of the cells of some rows, degrees WGS 84."""
        from rasterio.warp import transform

        column, row = np.meshgrid(np.arange(self._columns) + 0.5, np.arange(start, stop) + 0.5)
        shape = self._transform
        x = shape.a * column + shape.b * row + shape.c
        y = shape.d * column + shape.e * row + shape.f
        if self._crs.is_geographic:
            return (x + 180.0) % 360.0 - 180.0, y
        lon, lat = transform(self._crs, "EPSG:4326", x.reshape(-1), y.reshape(-1))
        return np.array(lon).reshape(column.shape), np.array(lat).reshape(column.shape)
