"""What was made of a scene, as GeoTIFF: the mask in the swath, and the pictures of it on the map.

The same codes give the same bytes: nothing of a clock, a path or a host gets in.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.io.rasters import NO_CLASS, Grid

Codes = npt.NDArray[np.uint8]
Colours = Mapping[int, str]
_BLOCK = 256


class Tie(NamedTuple):
    """A pixel of the swath whose place is known: line and sample (centre: n + 0.5), degrees WGS 84."""

    line: float
    sample: float
    lon: float
    lat: float


def write_swath_mask(
    path: Path, mask: Codes, ties: Sequence[Tie], *, colours: Colours, titles: Mapping[int, str]
) -> None:
    """Write the mask as the sensor saw it: one byte a pixel, line after line.

    Parameters
    ----------
    path
        The file to write.
    mask
        Codes, shape (rows, columns).
    ties
        Ground control points by which a viewer places it; the mask itself is not moved.
    colours
        Colour of each code (``#rrggbb``), kept as the file's colour table.
    titles
        What each code means, kept as the tags ``CODE_<n>``.
    """
    import rasterio
    from rasterio.control import GroundControlPoint
    from rasterio.errors import NotGeoreferencedWarning

    points = [GroundControlPoint(row=one.line, col=one.sample, x=one.lon, y=one.lat) for one in ties]
    placed = {"gcps": points, "crs": "EPSG:4326"} if points else {}
    with warnings.catch_warnings():
        # A swath has no grid; its places are the ties.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **_form(mask), **placed) as raster:
            raster.write(mask, 1)
            raster.write_colormap(1, _table(colours))
            raster.update_tags(**{f"CODE_{code}": title for code, title in sorted(titles.items())})


def write_scene_map(
    path: Path,
    codes: Codes,
    grid: Grid,
    *,
    colours: Colours | None = None,
    scale: tuple[float, float] | None = None,
) -> None:
    """Write a picture of a scene in degrees, tiled; cells that nothing reaches are `NO_CLASS`.

    Parameters
    ----------
    path
        The file to write; its folder is made.
    codes
        Bytes, shape (rows, columns), the north on top.
    grid
        Where its cells lie.
    colours
        As in `write_swath_mask`.
    scale
        Step and offset by which a byte is a measurement: value = byte * step + offset.
    """
    import rasterio

    path.parent.mkdir(parents=True, exist_ok=True)
    placed = {
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(grid.cell, 0, grid.west, 0, -grid.cell, grid.north),
        "nodata": NO_CLASS,
    }
    with rasterio.open(path, "w", **_form(codes), **placed) as raster:
        raster.write(codes, 1)
        if colours is not None:
            raster.write_colormap(1, _table(colours))
        if scale is not None:
            raster.scales, raster.offsets = scale[:1], scale[1:]


def _form(codes: Codes) -> dict[str, object]:
    return {
        "driver": "GTiff",
        "height": codes.shape[0],
        "width": codes.shape[1],
        "count": 1,
        "dtype": "uint8",
        "tiled": True,
        "blockxsize": _BLOCK,
        "blockysize": _BLOCK,
        "compress": "deflate",
    }


def _table(colours: Colours) -> dict[int, tuple[int, int, int, int]]:
    """Return a colour table; codes without a colour are clear."""
    clear = dict.fromkeys(range(256), (0, 0, 0, 0))
    return clear | {code: (*bytes.fromhex(colour[1:]), 255) for code, colour in colours.items()}
