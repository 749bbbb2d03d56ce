"""Looks into an old workbook (.xls, .et) before a reader does: the farthest cell of its sheets."""

from __future__ import annotations

from pathlib import Path

import olefile

from geoaq.errors import InputError, LimitError
from geoaq.io.tables.limits import Limits
from geoaq.io.tables.packed import Extent, check_extent

# Records of [MS-XLS] 2.3 that hold the value of one cell: row and column come first.
_CELLS = frozenset({0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0003, 0x0004, 0x0005, 0x0002})
_MANY = 0x00BD
_BEGINNINGS = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_PROTECTED = 0x002F
_STREAMS = ("Workbook", "WORKBOOK", "Book", "BOOK")


def check_biff(path: Path, limits: Limits) -> None:
    """Refuse an .xls that is broken, protected by a password, or whose grid is beyond the limits.

    Every record of the workbook stream is looked at, so that no stated dimension is believed.

    Raises
    ------
    InputError
        Broken or protected.
    LimitError
        Too many rows or columns.
    """
    try:
        with olefile.OleFileIO(str(path)) as packed:
            stream = next(name for name in _STREAMS if packed.exists(name))
            data = packed.openstream(stream).read()
    except (OSError, ValueError, IndexError, TypeError, AttributeError, StopIteration) as error:
        raise InputError("workbook_broken", name=path.name) from error
    sheets = [Extent()]
    at = 0
    while at + 4 <= len(data):
        kind = data[at] | data[at + 1] << 8
        size = data[at + 2] | data[at + 3] << 8
        if kind == _PROTECTED:
            raise InputError("workbook_protected", name=path.name)
        if kind in _BEGINNINGS:
            sheets.append(Extent())
        elif kind in _CELLS and size >= 4:
            row, column = _two(data, at + 4), _two(data, at + 6)
            sheets[-1].reach(row + 1, column + 1)
        elif kind == _MANY and size >= 6:
            sheets[-1].reach(_two(data, at + 4) + 1, _two(data, at + 2 + size) + 1)
        at += 4 + size
    for extent in sheets:
        check_extent(extent, path.name, limits.workbook_rows, limits)
    # The reader opens all sheets of such a file at once.
    cells = sum(extent.rows * extent.columns for extent in sheets)
    if cells > limits.cells:
        raise LimitError("too_many_cells", name=path.name, cells=cells, limit=limits.cells)


def _two(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")
