"""Looks into a packed workbook before a reader does: true sizes, forbidden markup, the farthest cell.

A workbook of 1.4 kB can claim a grid of 17 thousand million cells, and a zip can say a smaller size than it
unpacks to; both are found here by unpacking in small pieces that are thrown away again.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from geoaq.errors import InputError, LimitError
from geoaq.io.tables.limits import Limits

_PIECE = 1 << 20
_RATIO_FROM = 16 * 1024 * 1024
_XML = (".xml", ".rels", ".vml")
# The way every common program writes a cell; any other spelling sends the sheet to the exact parser.
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?(?: t="[A-Za-z]+")?(/?)>')
# two patterns, as one that begins with a choice is searched for five times as long
_ANY_CELL = (re.compile(rb"<c[\s/>]"), re.compile(rb":c[\s/>]"))
_LONGEST_TAG = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")


@dataclass
class Extent:
    """The farthest row and column (from 1) that hold a value."""

    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Widen to a cell."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)


def column_number(letters: str) -> int:
    """Return the column number of its letters.

    Examples
    --------
    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def unpacked_pieces(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really unpacks to, whatever size it states."""
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("local header")
        file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        left = member.compress_size
        if member.compress_type == zipfile.ZIP_STORED:
            while left > 0 and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece
            return
        inflate = zlib.decompressobj(-15)
        while left > 0 and not inflate.eof and (packed := file.read(min(left, _PIECE))):
            left -= len(packed)
            while packed:
                yield inflate.decompress(packed, _PIECE)
                packed = inflate.unconsumed_tail


def check_packed(path: Path, limits: Limits) -> None:
    """Refuse a packed workbook that is a bomb, broken, or whose grid is beyond the limits.

    Raises
    ------
    InputError
        Broken, protected, or with markup that no office program writes.
    LimitError
        Too many members, too large once unpacked, too many rows or columns.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
        if len(members) > limits.members:
            raise LimitError("too_many_members", name=path.name, limit=limits.members)
        total = 0
        for member in members:
            total = _check_member(path, member, total, limits)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError, EOFError) as error:
        raise InputError("workbook_broken", name=path.name) from error


def _check_member(path: Path, member: zipfile.ZipInfo, total: int, limits: Limits) -> int:
    if member.flag_bits & 1:
        raise InputError("workbook_protected", name=path.name)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InputError("workbook_broken", name=path.name)
    size, extent, tail, ordinary, all_cells = 0, Extent(), b"", 0, 0
    markup = member.filename.lower().endswith(_XML)
    for piece in unpacked_pieces(path, member):
        markup = markup or (size == 0 and piece.lstrip()[:1] == b"<") or (size == 0 and piece[:2] in _UTF16)
        size += len(piece)
        if total + size > limits.unpacked_mb * 1024 * 1024 or (
            size > _RATIO_FROM and size > limits.pack_ratio * max(member.compress_size, 1)
        ):
            raise LimitError("unpacks_too_large", name=path.name, limit_mb=limits.unpacked_mb)
        if not markup:
            continue
        window = tail + piece
        if any(word in window for word in _FORBIDDEN):
            raise InputError("workbook_markup", name=path.name)
        cut = window.rfind(b"<")
        if cut < 0 or len(window) - cut > _LONGEST_TAG:
            cut = len(window)
        body, tail = window[:cut], window[cut:]
        counts = _scan(body, extent)
        ordinary, all_cells = ordinary + counts[0], all_cells + counts[1]
    counts = _scan(tail, extent)
    if ordinary + counts[0] != all_cells + counts[1]:
        extent = exact_extent(path, member)
    if size != member.file_size:
        raise InputError("workbook_broken", name=path.name)
    check_extent(extent, path.name, limits.workbook_rows, limits)
    return total + size


def _scan(body: bytes, extent: Extent) -> tuple[int, int]:
    cells = _CELL.findall(body)
    valued = [cell for cell in cells if not cell[2]]
    if valued:
        rows = max(int(cell[1]) for cell in valued)
        columns = max(column_number(letters.decode()) for letters in {cell[0] for cell in valued})
        extent.reach(rows, columns)
    return len(cells), sum(len(spelling.findall(body)) for spelling in _ANY_CELL)


def check_extent(extent: Extent, name: str, rows: int, limits: Limits) -> None:
    """Raise `LimitError` when the farthest cell lies beyond the limits."""
    if extent.rows > rows:
        raise LimitError("too_many_rows", name=name, rows=extent.rows, limit=rows)
    if extent.columns > limits.columns:
        raise LimitError("too_many_columns", name=name, columns=extent.columns, limit=limits.columns)
    if extent.rows * extent.columns > limits.cells:
        raise LimitError("too_many_cells", name=name, cells=extent.rows * extent.columns, limit=limits.cells)


def exact_extent(path: Path, member: zipfile.ZipInfo) -> Extent:
    """Return the extent of a sheet by a streaming parse that knows no entities."""
    extent = Extent()
    place = [0, 0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "row":
            place[0] = int(attributes.get("r", place[0] + 1))
            place[1] = 0
        elif kind == "c":
            stated = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get("r", "").replace("$", ""))
            place[1] = column_number(stated[1].upper()) if stated else place[1] + 1
            place[0] = int(stated[2]) if stated else max(place[0], 1)
        elif kind in {"v", "is", "f"}:
            extent.reach(place[0], place[1])

    def refuse(*_declaration: object) -> None:
        raise InputError("workbook_markup", name=path.name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        for piece in unpacked_pieces(path, member):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InputError("workbook_broken", name=path.name) from error
    return extent
