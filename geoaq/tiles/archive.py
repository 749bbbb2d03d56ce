"""Reading PMTiles (specification version 3): many tiles in one file, found through directories.

The file is mapped; a directory is unpacked the first time that a tile asks for it, and kept.
"""

from __future__ import annotations

import gzip
import mmap
import struct
from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.tiles.mercator import Address

_HEADER = struct.Struct("<7sB11Q6B")
_MAGIC, _VERSION, _GZIP = b"PMTiles", 3, 2
# A root directory points to leaves, and a leaf to tiles; the specification warns of files that go on and on.
_DEPTH_MAX = 4


class _Directory(NamedTuple):
    """Entries by their first tile: how many tiles they stand for (0: a leaf), and where the bytes are."""

    first: list[int]
    run: list[int]
    offset: list[int]
    length: list[int]


class Archive:
    """One PMTiles file of gzipped tiles.

    Parameters
    ----------
    path
        The file, which must not change while it is read.

    Attributes
    ----------
    zooms
        Lowest and highest zoom.

    Raises
    ------
    ValueError
        No PMTiles of version 3, or packed otherwise than with gzip.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._bytes) < _HEADER.size:
            raise ValueError(f"{path.name}: no PMTiles of version 3")
        magic, version, *numbers = _HEADER.unpack_from(self._bytes)
        if (magic, version) != (_MAGIC, _VERSION):
            raise ValueError(f"{path.name}: no PMTiles of version 3")
        root, root_size, _, _, self._leaves, _, self._tiles = numbers[:7]
        _, inner, packed, _, lowest, highest = numbers[11:]
        if (inner, packed) != (_GZIP, _GZIP):
            raise ValueError(f"{path.name}: packed otherwise than with gzip")
        self.zooms = (lowest, highest)
        self._root = _unpacked(self._bytes[root : root + root_size])
        self._kept: dict[int, _Directory] = {}

    def tile(self, address: Address) -> bytes | None:
        """Return a tile, gzipped, or None where the archive has none."""
        wanted = tile_number(address)
        directory = self._root
        for _ in range(_DEPTH_MAX):
            at = bisect_right(directory.first, wanted) - 1
            if at < 0:
                return None
            offset, length, run = directory.offset[at], directory.length[at], directory.run[at]
            if run:
                if wanted >= directory.first[at] + run:
                    return None
                return self._bytes[self._tiles + offset : self._tiles + offset + length]
            leaf = self._kept.get(offset)
            if leaf is None:
                place = self._leaves + offset
                leaf = self._kept[offset] = _unpacked(self._bytes[place : place + length])
            directory = leaf
        return None


def tile_number(address: Address) -> int:
    """Return the place of a tile on the Hilbert curves of all zooms, one zoom after the other."""
    z, x, y = address
    number = ((1 << 2 * z) - 1) // 3
    side = 1 << z >> 1
    while side:
        right, low = bool(x & side), bool(y & side)
        number += side * side * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        side >>= 1
    return number


def _unpacked(packed: bytes) -> _Directory:
    numbers = _numbers(gzip.decompress(packed))
    n = int(numbers[0])
    first, run, length, stated = numbers[1 : 4 * n + 1].reshape(4, n)
    first = np.cumsum(first)
    # 0 says: right behind the entry before
    place = np.arange(n)
    anchor = np.maximum.accumulate(np.where(stated > 0, place, 0))
    before = np.cumsum(length) - length
    offset = stated[anchor] - 1 + before - before[anchor]
    return _Directory(first.tolist(), run.tolist(), offset.tolist(), length.tolist())


def _numbers(body: bytes) -> npt.NDArray[np.int64]:
    """Return the varints of a directory."""
    octets = np.frombuffer(body, np.uint8)
    ends = np.flatnonzero(octets < 128)
    starts = np.append(0, ends[:-1] + 1)
    sizes = ends - starts + 1
    numbers = np.zeros(len(ends), np.int64)
    for byte in range(int(sizes.max())):
        longer = sizes > byte
        numbers[longer] |= (octets[starts[longer] + byte].astype(np.int64) & 127) << (7 * byte)
    return numbers
