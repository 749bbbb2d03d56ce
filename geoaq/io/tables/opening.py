"""The one way in: checks a file, opens it, and hands out its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from geoaq.io.tables.biff import check_biff
from geoaq.io.tables.csvs import read_csv
from geoaq.io.tables.grid import Grid
from geoaq.io.tables.kinds import file_kind
from geoaq.io.tables.limits import Limits
from geoaq.io.tables.ods import check_ods
from geoaq.io.tables.packed import check_packed
from geoaq.io.tables.workbooks import opened, read_sheet, visible_sheets

_EXTENSIONS = {
    "xlsx": {".xlsx", ".xlsm"},
    "xls": {".xls", ".et"},
    "ods": {".ods"},
    "csv": {".csv", ".txt", ".tsv"},
}


@dataclass(frozen=True)
class OpenTable:
    """A table file that has been checked and stands open.

    Parameters
    ----------
    name
        File name without its folder.
    kind
        ``xlsx``, ``xls``, ``ods`` or ``csv``, by content.
    renamed
        True where the extension of the name says something else.
    sheets
        Names of the visible sheets; one ``""`` for a csv.
    """

    name: str
    kind: str
    renamed: bool
    sheets: tuple[str, ...]
    _limits: Limits
    _workbook: CalamineWorkbook | None
    _csv: Grid | None

    def grid(self, sheet: str, rows: int | None = None) -> Grid:
        """Return a sheet as text, its first ``rows`` rows or all of it."""
        if self._workbook is not None:
            return read_sheet(self._workbook, sheet, self.kind, self._limits, rows)
        if self._csv is None:
            raise KeyError(sheet)
        return self._csv


@contextmanager
def open_table(path: Path, limits: Limits) -> Iterator[OpenTable]:
    """Check a table file by its content and open it.

    Raises
    ------
    InputError
        Missing, empty, broken, protected by a password, or no table.
    LimitError
        Beyond ``limits``.
    """
    kind = file_kind(path, limits)
    renamed = path.suffix.lower() not in _EXTENSIONS[kind]
    if kind == "csv":
        yield OpenTable(path.name, kind, renamed, ("",), limits, None, read_csv(path, limits))
        return
    if kind == "xls":
        check_biff(path, limits)
    else:
        check_packed(path, limits)
    if kind == "ods":
        check_ods(path, limits)
    with opened(path) as workbook:
        sheets = tuple(visible_sheets(workbook))
        yield OpenTable(path.name, kind, renamed, sheets, limits, workbook, None)
