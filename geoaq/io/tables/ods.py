"""Looks into an OpenDocument sheet before a reader does: repeated rows and cells multiply its grid."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.parsers import expat

from geoaq.errors import InputError
from geoaq.io.tables.limits import Limits
from geoaq.io.tables.packed import Extent, check_extent, unpacked_pieces


class _Walk:
    """Follows rows and cells of all tables; a cell counts when it holds a value."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.row = self.column = 0
        self.filled: list[tuple[int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "table":
            self.row = 0
        elif kind == "table-row":
            self.column = 0
            self.filled = []
        elif kind in {"table-cell", "covered-table-cell"}:
            times = _times(attributes, "number-columns-repeated")
            self.column += times
            if any(name.endswith((":value-type", ":formula")) for name in attributes):
                self.filled.append((self.row + 1, self.column))
        elif kind == "p" and self.column:
            self.filled.append((self.row + 1, self.column))

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "table-row":
            return
        self.row += self.repeat
        for _row, column in self.filled:
            self.extent.reach(self.row, column)

    repeat = 1


def _times(attributes: dict[str, str], what: str) -> int:
    stated = next((value for name, value in attributes.items() if name.endswith(what)), "1")
    return max(int(stated), 1)


def check_ods(path: Path, limits: Limits) -> None:
    """Refuse an OpenDocument sheet whose grid is beyond the limits.

    Raises
    ------
    InputError
        Broken, or with markup that no office program writes.
    LimitError
        Too many rows or columns.
    """
    walk = _Walk()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(":table-row"):
            walk.repeat = _times(attributes, "number-rows-repeated")
        walk.start(tag, attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = walk.end
    try:
        with zipfile.ZipFile(path) as packed:
            member = packed.getinfo("content.xml")
        for piece in unpacked_pieces(path, member):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError("workbook_broken", name=path.name) from error
    check_extent(walk.extent, path.name, limits.workbook_rows, limits)
