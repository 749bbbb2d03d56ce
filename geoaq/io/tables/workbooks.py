"""Reads workbooks (xlsx, xls, et, ods) into grids of text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from geoaq.errors import InputError, LimitError
from geoaq.io.tables.grid import Grid, grid_table
from geoaq.io.tables.limits import Limits

_EXACT = 10.0**15


def printed(value: object) -> str:
    """Return a cell as its user sees it in a cell of the format "General".

    Whole numbers have no point, fractions their 15 significant digits, numbers of 16 digits and more are
    printed in scientific notation (their last digits are lost in the file already).

    Examples
    --------
    >>> printed(35.0), printed(24.5), printed(9.13301e17), printed(True)
    ('35', '24.5', '9.13301E+17', 'TRUE')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return f"{value:.15G}"
        return str(int(value)) if value == int(value) else _fraction(float(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def _fraction(value: float) -> str:
    text = f"{value:.15g}"
    return f"{value:.15f}".rstrip("0") if "e" in text else text


@contextmanager
def opened(path: Path) -> Iterator[CalamineWorkbook]:
    """Open a checked workbook; what the reader cannot make sense of is an `InputError`."""
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            yield workbook
    except (CalamineError, OSError, ValueError) as error:
        raise InputError("workbook_broken", name=path.name) from error
    except BaseException as error:
        # The reader is written in Rust; where it stumbles over a broken file it panics, and that class of
        # exception can be known by its name only.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError("workbook_broken", name=path.name) from error


def visible_sheets(workbook: CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that a user sees, or of all when every one is hidden."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return shown or [sheet.name for sheet in sheets]


def read_sheet(workbook: CalamineWorkbook, name: str, kind: str, limits: Limits, rows: int | None) -> Grid:
    """Return one sheet as text, its first ``rows`` rows or all of it.

    Raises
    ------
    LimitError
        Too many rows or columns, or a cell that is too long.
    """
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end is None:
        return Grid(name, kind, "", grid_table([]), np.empty(0, np.int64))
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height > limits.workbook_rows:
        raise LimitError("too_many_rows", name=name, rows=height, limit=limits.workbook_rows)
    if width > limits.columns:
        raise LimitError("too_many_columns", name=name, columns=width, limit=limits.columns)
    values = sheet.to_python(skip_empty_area=False, nrows=rows)
    columns = [[printed(value) for value in column] for column in zip(*values, strict=True)]
    if any(len(text) > limits.cell_chars for column in columns for text in column):
        raise LimitError("cell_too_long", name=name, limit=limits.cell_chars)
    numbers = np.arange(1, len(values) + 1, dtype=np.int64)
    return Grid(name, kind, "", grid_table(columns), numbers, _merged(sheet, len(values), width))


def _merged(sheet: CalamineSheet, height: int, width: int) -> tuple[tuple[int, int, int, int], ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple(
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for (top, left), (bottom, right) in ranges
        if top < height and left < width
    )
