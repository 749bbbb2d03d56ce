"""The office's own file, row by row, to be handed back.

Only cells leave the original: values as they were last stored, their look, widths, heights and merged ranges.
Macros, formulas, links, images, comments and hidden connections stay behind with it.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from geoaq.report.looks import format_properties

# Column (from 1), value, number of the style (0: none).
Cell = tuple[int, Any, int]
Row = tuple[int, list[Cell]]

# What openpyxl raises on workbooks that other programs wrote and Excel still opens; of broken XML, whichever
# parser it found, a SyntaxError.
UNREADABLE = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, zipfile.BadZipFile, SyntaxError,
)  # fmt: skip
# A workbook up to here (some 40,000 rows) is read whole; a larger one row by row, so that memory stays small.
_MOST_AHEAD_BYTES = 5_000_000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?")


@dataclass(frozen=True)
class OfficeList:
    """Where the list stands in the office's file.

    Parameters
    ----------
    sheet
        Name of its sheet; '' for a csv.
    header_row
        Number of the last header row as the user sees it (from 1), 0 if there is none.
    width
        Number of columns of the sheet.
    fields
        Column (from 1) by field name, as issues name their field.
    rows
        Number and cells of every row of the sheet, headers too; used where the file is no xlsx.
    source
        The xlsx to copy, or None.
    """

    sheet: str
    header_row: int
    width: int
    fields: Mapping[str, int]
    rows: Iterable[tuple[int, Sequence[str]]]
    source: Path | None = None


@dataclass
class Sheet:
    """One sheet to be copied; the shape is complete once the rows have been read to their end."""

    title: str
    hidden: bool
    rows: Iterator[Row]
    widths: list[tuple[int, int, float | None, bool]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class OfficeWorkbook:
    """An xlsx opened for copying: no formulas are read, no links followed, entities refused.

    Raises
    ------
    Exception
        One of `UNREADABLE`, where openpyxl cannot take the workbook; the list is then handed back plain.
    """

    def __init__(self, path: Path) -> None:
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet

        self._reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._reader.read_manifest()
            self._reader.read_strings()
            self._reader.read_workbook()
            apply_stylesheet(self._reader.archive, self._reader.wb)
            self._places = [
                (sheet.name, sheet.state != "visible", relation.target)
                for sheet, relation in self._reader.parser.find_sheets()
                if relation.Type.endswith("/worksheet") and relation.target in self._reader.valid_files
            ]
        self.date_1904 = self._reader.wb.epoch.year == 1904
        self._whole: list[tuple[Sheet, list[Row]]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.archive.close()

    def properties(self, style: int) -> dict[str, Any]:
        """Return the look of a style."""
        return format_properties(self._reader.wb, style)

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets in their order; their rows are read as they are asked for, or were read before."""
        if self._whole is not None:
            for sheet, rows in self._whole:
                yield replace(sheet, rows=iter(rows), heights=dict(sheet.heights))
            return
        for title, hidden, place in self._places:
            sheet = Sheet(title, hidden, iter(()))
            sheet.rows = self._rows(sheet, place)
            yield sheet

    def read_whole(self) -> None:
        """Read every row now, so that the file is not needed again."""
        self._whole = [(sheet, list(sheet.rows)) for sheet in self.sheets()]

    def _rows(self, sheet: Sheet, place: str) -> Iterator[Row]:
        from openpyxl.worksheet._reader import WorkSheetParser

        with self._reader.archive.open(place) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser = WorkSheetParser(source, self._reader.shared_strings, data_only=True)
            for number, cells in parser.parse():
                shape = parser.row_dimensions.pop(str(number), None)
                if shape is not None and "ht" in shape:
                    sheet.heights[number] = float(shape["ht"])
                yield number, [(cell["column"], cell["value"], cell["style_id"]) for cell in cells]
            for shape in parser.column_dimensions.values():
                width = float(shape["width"]) if "width" in shape else None
                hidden = shape.get("hidden") in ("1", "true")
                sheet.widths.append((int(shape["min"]), int(shape["max"]), width, hidden))
            if parser.merged_cells is not None:
                sheet.merged.extend(
                    (area.min_row, area.min_col, area.max_row, area.max_col)
                    for area in parser.merged_cells.mergeCell
                )


def read_ahead(path: Path) -> None:
    """Read a workbook of moderate size before it is asked for: `opened` then gives it at once."""
    if path.stat().st_size <= _MOST_AHEAD_BYTES:
        with opened(path):
            pass


def opened(path: Path) -> OfficeWorkbook:
    """Open a workbook for copying; one of moderate size is read whole, and kept until the next one."""
    found = path.stat()
    if found.st_size > _MOST_AHEAD_BYTES:
        return OfficeWorkbook(path)
    return _kept(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _kept(path: Path, _modified: int, _size: int) -> OfficeWorkbook:
    book = OfficeWorkbook(path)
    with book:
        book.read_whole()
    return book


def plain_sheet(office: OfficeList, title: str) -> Sheet:
    """Return the list as a sheet of plain cells; text that is a number becomes one if nothing is lost."""
    rows = (
        (number, [(at, _value(text), 0) for at, text in enumerate(cells, 1) if text != ""])
        for number, cells in office.rows
    )
    return Sheet(office.sheet or title, hidden=False, rows=rows)


def _value(text: str) -> str | float | int:
    """Return the number that prints exactly as ``text``, else the text.

    Examples
    --------
    >>> _value("120.155"), _value("35"), _value("007"), _value("120.10"), _value("91330100MA27XF2T0X")
    (120.155, 35, '007', '120.10', '91330100MA27XF2T0X')
    """
    if len(text) > 16 or not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if str(number) == text else text
