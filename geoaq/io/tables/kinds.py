"""What a file is by its content; the name it carries decides nothing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import olefile

from geoaq.errors import InputError, LimitError
from geoaq.io.tables.limits import Limits

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
    b"MZ": "program",
    b"\x7fELF": "program",
}
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|head|div)", re.IGNORECASE)
_TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def require_file(path: Path, limits: Limits) -> None:
    """Refuse what is no file, an empty one, or one beyond ``limits.file_mb``.

    Raises
    ------
    InputError
        Missing or empty.
    LimitError
        Larger than ``limits.file_mb``.
    """
    if not path.is_file():
        raise InputError("file_missing", name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise InputError("file_empty", name=path.name)
    if size > limits.file_mb * 1024 * 1024:
        raise LimitError("file_too_large", size_mb=round(size / 1024 / 1024, 1), limit_mb=limits.file_mb)


def file_kind(path: Path, limits: Limits) -> str:
    """Return ``xlsx``, ``xls``, ``ods`` or ``csv`` by content.

    Raises
    ------
    InputError
        Not a file, empty, protected by a password, or something that is no table.
    LimitError
        Larger than ``limits.file_mb``.
    """
    require_file(path, limits)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((_ZIP, b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise InputError("not_a_table", name=path.name, what=what)
    text = head.removeprefix(_TEXT_BOMS[0])
    if _MARKUP.match(text):
        raise InputError("web_page_as_table", name=path.name)
    return "csv"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
                return "xlsx"
            if "content.xml" in names and "mimetype" in names:
                kind = packed.getinfo("mimetype")
                if kind.file_size < 200 and b"spreadsheet" in packed.read(kind):
                    return "ods"
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise InputError("workbook_broken", name=path.name) from error
    what = "xlsb" if "xl/workbook.bin" in names else "docx" if "word/document.xml" in names else "zip"
    raise InputError("not_a_table", name=path.name, what=what)


def _ole_kind(path: Path) -> str:
    try:
        with olefile.OleFileIO(str(path)) as packed:
            names = {"/".join(entry).lower() for entry in packed.listdir()}
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise InputError("workbook_broken", name=path.name) from error
    if "encryptedpackage" in names:
        raise InputError("workbook_protected", name=path.name)
    if names & {"workbook", "book"}:
        return "xls"
    what = "doc" if "worddocument" in names else "OLE"
    raise InputError("not_a_table", name=path.name, what=what)
