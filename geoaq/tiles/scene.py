"""Tiles of one searched scene: its mask in the colours of the legend, and 4 µm in greys.

A picture only. A scene's folder never changes, so that its identity stands for the tiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from geoaq.catalog import Layer
from geoaq.errors import NotFoundError
from geoaq.io.indexed_png import Palette
from geoaq.tiles.raster import RasterTiles, palette_of

#: The pictures of a scene.
NAMES = ("mask", "t4")
# Byte and kelvin, as `geoaq.fires.detection.gridding` has them and map/t4.tif states them.
_FROM_K, _STEP_K, _BYTES = 230.0, 0.5, 255


def scene_tiles(folder: Path, name: str, report: Mapping[str, Any], mask: Layer) -> RasterTiles:
    """Return the tiles of one picture of a scene.

    Parameters
    ----------
    folder
        The scene's folder; its name is the identity.
    name
        One of `NAMES`.
    report
        Its ``report.json``.
    mask
        The layer whose legend has the colours of the mask.

    Raises
    ------
    NotFoundError
        ``no_tiles``: no such picture, or the scene has no places to be drawn at.
    """
    path = folder / "map" / f"{name}.tif"
    if name not in NAMES or not path.is_file():
        raise NotFoundError("no_tiles", name=name)
    palette = palette_of(mask) if name == "mask" else greys(*report["greys_k"])
    return _opened(path, tuple(sorted(palette.items())), folder.name)


def greys(low_k: float, high_k: float) -> Palette:
    """Return the grey of each byte of 4 µm: black up to ``low_k``, white from ``high_k`` on.

    Examples
    --------
    >>> found = greys(280.0, 320.0)
    >>> found[0], found[140], found[254]
    ('#000000', '#808080', '#ffffff')
    """
    shades = {}
    for byte in range(_BYTES):
        share = (_FROM_K + _STEP_K * byte - low_k) / (high_k - low_k)
        shades[byte] = "#" + f"{round(255 * min(max(share, 0.0), 1.0)):02x}" * 3
    return shades


@lru_cache(maxsize=8)
def _opened(path: Path, palette: tuple[tuple[int, str], ...], identity: str) -> RasterTiles:
    return RasterTiles(path, dict(palette), identity)
