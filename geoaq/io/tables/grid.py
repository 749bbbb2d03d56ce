"""A sheet as text: the cells as printed, and the row numbers that its user sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

# Merged range: first row, first column, last row, last column; positions in the grid, from 0.
Merged = tuple[int, int, int, int]


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, all text, blank cells as ``""``.

    Parameters
    ----------
    sheet
        Name of the sheet, ``""`` for a csv.
    kind
        ``xlsx``, ``xls``, ``ods`` or ``csv``.
    encoding
        Encoding of a csv (``utf-8-sig``, ``utf-8``, ``gb18030``, ``utf-16``), ``""`` for a workbook.
    cells
        One string column per column of the sheet, no nulls.
    row_numbers
        The number of each row as its user sees it (the first row of the sheet is 1).
    merged
        Merged ranges.
    delimiter
        Delimiter of a csv, else ``""``.
    """

    sheet: str
    kind: str
    encoding: str
    cells: pa.Table
    row_numbers: npt.NDArray[np.int64]
    merged: tuple[Merged, ...] = ()
    delimiter: str = ""

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return int(self.cells.num_rows)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return int(self.cells.num_columns)

    def top(self, count: int) -> list[list[str]]:
        """Return the first rows as lists of text."""
        head = self.cells.slice(0, count)
        columns = [column.to_pylist() for column in head.columns]
        return [list(row) for row in zip(*columns, strict=True)] if columns else []

    def row(self, index: int) -> list[str]:
        """Return one row as text."""
        return [str(column[index].as_py()) for column in self.cells.columns]


def grid_table(columns: list[list[str]]) -> pa.Table:
    """Return lists of text, one per column, as a table with the column names ``0, 1, …``."""
    names = [str(position) for position in range(len(columns))]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=names)
