"""Pictures of codes: one byte a pixel and a palette, written as an indexed PNG.

PNG as in its specification (W3C, third edition): colour type 3, filter 0. The same codes give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
#: Colour (``#rrggbb``) of each code that is drawn; all others are clear.
Palette = Mapping[int, str]


def palette_chunks(palette: Palette) -> bytes:
    """Return the colours of a palette and its transparency, as a PNG holds them."""
    table = bytearray(256 * 3)
    clear = bytearray(256)
    for code, colour in palette.items():
        table[code * 3 : code * 3 + 3] = bytes.fromhex(colour[1:])
        clear[code] = 255
    return _chunk(b"PLTE", bytes(table)) + _chunk(b"tRNS", bytes(clear))


def indexed_png(codes: Codes, colours: bytes) -> bytes:
    """Return a picture of codes.

    Parameters
    ----------
    codes
        Shape (rows, columns), north or the first line on top.
    colours
        As `palette_chunks` makes them, once for many pictures.
    """
    height, width = codes.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = codes
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 1)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", head), colours, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
