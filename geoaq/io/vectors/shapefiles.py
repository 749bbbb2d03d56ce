"""Brings the parts of a shapefile together in a private folder, and finds the encoding of its table."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import Limits
from geoaq.io.tables.packed import unpacked_pieces
from geoaq.io.vectors.kinds import zipped_shapefile

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx")
_STEM = "layer"
_COLUMN, _NAME, _NO_MORE_COLUMNS = 32, 11, 0x0D  # of a dBASE table, in bytes
_CODE_PAGES = dict.fromkeys(("936", "gbk", "gb2312", "cp936", "ansi936"), "gb18030")


def unpacked_shapefile(path: Path, folder: Path, limits: Limits) -> Path:
    """Unpack the one shapefile of a zip under names of our own; return its ``.shp``.

    Raises
    ------
    InputError
        Broken, protected, no shapefile or several, or a part is missing.
    LimitError
        Too large once unpacked.
    """
    members = zipped_shapefile(path)
    _require(set(members), path)
    left = limits.unpacked_mb * 1024 * 1024
    for extension, member in members.items():
        try:
            with (folder / f"{_STEM}{extension}").open("wb") as out:
                for piece in unpacked_pieces(path, member):
                    left -= len(piece)
                    if left < 0:
                        raise LimitError("unpacks_too_large", name=path.name, limit_mb=limits.unpacked_mb)
                    out.write(piece)
        except (zlib.error, zipfile.BadZipFile, OSError) as error:
            raise InputError("layer_broken", name=path.name) from error
    return folder / f"{_STEM}.shp"


def copied_shapefile(path: Path, folder: Path) -> Path:
    """Copy a shapefile and its sidecars under names of our own; return its ``.shp``."""
    beside = {
        extension: other
        for other in path.parent.glob(f"{_escaped(path.stem)}.*")
        if (extension := other.suffix.lower()) in _PARTS and other.is_file()
    }
    _require(set(beside), path)
    for extension, other in beside.items():
        shutil.copyfile(other, folder / f"{_STEM}{extension}")
    return folder / f"{_STEM}.shp"


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _require(parts: set[str], path: Path) -> None:
    missing = [extension for extension in _NEEDED if extension not in parts]
    if missing:
        raise InputError("shapefile_incomplete", name=path.name, parts="、".join(missing))


def mend_names(shape: Path, encoding: str) -> None:
    """Cut what is left of a letter off the ends of column names, in a private copy of a shapefile's table.

    A name has ten bytes in a dBASE table: programs that write UTF-8 cut 行政区划代码 in the middle of a
    letter, and then no name can be read at all.
    """
    table = shape.with_suffix(".dbf")
    if not table.exists():
        return
    data = bytearray(table.read_bytes())
    for start, name in _names(data):
        whole = _whole(name, encoding)
        if whole:
            data[start : start + _NAME] = whole.ljust(_NAME, b"\0")
    table.write_bytes(data)


def _names(data: bytes | bytearray) -> list[tuple[int, bytes]]:
    # Where each column's name stands, and the name. The header has 32 bytes, then 32 a column.
    end = min(int.from_bytes(data[8:10], "little"), len(data)) - _COLUMN
    starts = [k for k in range(_COLUMN, end + 1, _COLUMN) if data[k] != _NO_MORE_COLUMNS]
    return [(k, bytes(data[k : k + _NAME]).split(b"\0")[0]) for k in starts]


def _whole(name: bytes, encoding: str) -> bytes:
    # A name without the piece of a letter at its end; nothing where that is not what is wrong with it.
    try:
        name.decode(encoding)
    except UnicodeDecodeError as error:
        return name[: error.start] if len(name) == _NAME - 1 and error.start >= len(name) - 3 else b""
    return name


def table_encoding(shape: Path) -> str:
    """Return the encoding of a shapefile's table: as its ``.cpg`` says, else UTF-8 if it is, else GB18030.

    Tried strictly; a table in neither is read byte by byte (``latin-1``).
    """
    stated = shape.with_suffix(".cpg")
    if stated.exists():
        name = stated.read_text("ascii", errors="ignore").strip().lower().replace(" ", "")
        name = _CODE_PAGES.get(name, name)
        try:
            "".encode(name)
        except LookupError:
            name = ""
        if name:
            return name
    table = shape.with_suffix(".dbf")
    data = table.read_bytes() if table.exists() else b""
    names = [name for _, name in _names(data)]
    for encoding in ("utf-8", "gb18030"):
        try:
            data[int.from_bytes(data[8:10], "little") :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(_whole(name, encoding) for name in names if name):
            return encoding
    return "latin-1"
