"""The fonts that a sheet is printed with, and which characters they hold.

The whole Noto Sans SC, copied at set-up to ``print/`` of the front-end parts; no font of the machine is used,
so that every machine prints the same sheet.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import numpy as np

from geoaq.errors import ConfigError
from geoaq.settings import static_dir

FILES = ("noto-sans-sc-400.ttf", "noto-sans-sc-600.ttf")


def font_dir() -> Path:
    """Return the folder of the print fonts.

    Raises
    ------
    ConfigError
        ``front_end_missing``: set-up did not copy them.
    """
    folder = static_dir() / "vendor" / "print"
    for name in FILES:
        if not (folder / name).is_file():
            raise ConfigError("front_end_missing", file=f"vendor/print/{name}")
    return folder


def drawable(text: str) -> str:
    r"""Return text in which a character that the fonts lack is spelled out as its code point.

    Examples
    --------
    >>> drawable("省界\U00020bb7")
    '省界[U+20BB7]'
    """
    if text.isascii():
        return text
    held = _held(font_dir())
    return "".join(one if one < "\x80" or ord(one) in held else f"[U+{ord(one):04X}]" for one in text)


@cache
def _held(folder: Path) -> frozenset[int]:
    """Return the code points that every print font holds."""
    found = [_code_points((folder / name).read_bytes()) for name in FILES]
    return frozenset.intersection(*found)


def _code_points(font: bytes) -> frozenset[int]:
    """Return the code points of a TrueType font from its ``cmap`` (OpenType 1.9, subtable format 12)."""
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    start = tables[b"cmap"][0]
    for at in range(start + 4, start + 4 + 8 * struct.unpack(">H", font[start + 2 : start + 4])[0], 8):
        subtable = start + struct.unpack(">I", font[at + 4 : at + 8])[0]
        if struct.unpack(">H", font[subtable : subtable + 2])[0] == 12:
            count = struct.unpack(">I", font[subtable + 12 : subtable + 16])[0]
            groups = np.frombuffer(font, ">u4", 3 * count, subtable + 16).reshape(-1, 3)
            return frozenset(code for first, last, _ in groups.tolist() for code in range(first, last + 1))
    raise ConfigError("front_end_missing", file="vendor/print")
