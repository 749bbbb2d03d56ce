"""Web Mercator as tiles see it: a world of 2³² × 2³² units, cut in four again and again.

Positions are kept as Morton keys: the bits of x and y taken in turn, so that every tile of every zoom is one
run of the sorted keys, and the 64 × 64 cells of a tile are the next twelve bits. North is up, y grows south.
A unit is 9 mm at the equator. Formulas: EPSG:3857 (spherical Mercator) on WGS 84 degrees.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.errors import NotFoundError

Keys = npt.NDArray[np.uint64]
Units = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]

#: The deepest tile that is served; a tile has 4096 × 4096 units of its own.
ZOOM_MAX = 18
EXTENT_BITS = 12
LATITUDE_MAX = 85.0511287798066
_WORLD_BITS = 32
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
# Bits that stay when a number is spread to every second bit, step by step.
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


class Address(NamedTuple):
    """A tile: zoom 0–18, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def first(self) -> np.uint64:
        """Return the lowest key in the tile."""
        prefix = _spread_one(self.x) | _spread_one(self.y) << 1
        return np.uint64(prefix << (2 * (_WORLD_BITS - self.z)))

    @property
    def last(self) -> np.uint64:
        """Return the highest key in the tile."""
        return np.uint64(int(self.first) | ((1 << (2 * (_WORLD_BITS - self.z))) - 1))


def address(z: str, x: str, y: str, zoom_max: int = ZOOM_MAX) -> Address:
    """Return the tile that three texts name.

    Raises
    ------
    NotFoundError
        ``no_tile``: not whole numbers, too deep, or outside the world.
    """
    if all(_NUMBER.fullmatch(text) for text in (z, x, y)):
        found = Address(int(z), int(x), int(y))
        if found.z <= zoom_max and max(found.x, found.y) < 1 << found.z:
            return found
    raise NotFoundError("no_tile")


def keys_of(lon: Floats, lat: Floats) -> Keys:
    """Return the Morton keys of points, degrees WGS 84; nearer to a pole than the map goes is its edge.

    Raises
    ------
    ValueError
        A coordinate that is no number, or beyond ±180° or ±90°.
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if not (np.all(np.abs(lon) <= 180) and np.all(np.abs(lat) <= 90)):
        raise ValueError("longitude or latitude missing or out of range")
    size = float(1 << _WORLD_BITS)
    sine = np.sin(np.radians(np.clip(lat, -LATITUDE_MAX, LATITUDE_MAX)))
    x = (lon / 360 + 0.5) * size
    y = (0.5 - np.arctanh(sine) / (2 * np.pi)) * size
    edge = size - 1
    return interleaved(
        np.clip(np.floor(x), 0, edge).astype(np.uint32), np.clip(np.floor(y), 0, edge).astype(np.uint32)
    )


def interleaved(x: Units, y: Units) -> Keys:
    """Return the keys of world units."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def world_units(keys: Keys) -> tuple[Units, Units]:
    """Return the world units x and y of keys."""
    return _gathered(keys), _gathered(keys >> np.uint64(1))


def world_lonlat(keys: Keys) -> tuple[Floats, Floats]:
    """Return longitude and latitude of keys, degrees WGS 84; each is the middle of its world unit."""
    x, y = world_units(keys)
    size = float(1 << _WORLD_BITS)
    lon = ((x + 0.5) / size - 0.5) * 360
    lat: Floats = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + 0.5) / size))))
    return np.asarray(lon, float), lat


def tile_units(keys: Keys, tile: Address) -> tuple[Units, Units]:
    """Return where keys lie within a tile, 0 … 4095 from its north-west corner."""
    shift, mask = np.uint32(_WORLD_BITS - tile.z - EXTENT_BITS), np.uint32((1 << EXTENT_BITS) - 1)
    x, y = world_units(keys)
    return (x >> shift) & mask, (y >> shift) & mask


def _spread_one(value: int) -> int:
    for bits, mask in _SPREAD:
        value = (value | value << bits) & mask
    return value


def _spread(values: Units) -> Keys:
    spread = values.astype(np.uint64)
    for bits, mask in _SPREAD:
        spread = (spread | (spread << np.uint64(bits))) & np.uint64(mask)
    return spread


def _gathered(keys: Keys) -> Units:
    gathered = keys & np.uint64(_SPREAD[-1][1])
    for (bits, _), mask in zip(
        reversed(_SPREAD), (*(mask for _, mask in reversed(_SPREAD[:-1])), 0xFFFFFFFF), strict=True
    ):
        gathered = (gathered | (gathered >> np.uint64(bits))) & np.uint64(mask)
    return gathered.astype(np.uint32)
