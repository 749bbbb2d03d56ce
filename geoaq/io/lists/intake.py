"""What comes out of reading a list, and the opened sheet that its readers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import IssueLog, Severity
from geoaq.io.cells.text import trimmed
from geoaq.io.lists.headers import SEARCHED_ROWS, Header, find_header
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.rows import data_rows
from geoaq.io.lists.synonyms import Synonyms
from geoaq.io.tables import Grid, Limits, OpenTable, open_table

# Capacities: a merged cell may be the total of its rows.
_PER_ROW = ("capacity", "capacity_2", "power", "unit_power", "largest_unit")


@dataclass(frozen=True)
class SheetLayout:
    """Where things are in the office's own sheet, so that it can be handed back.

    Parameters
    ----------
    sheet
        Name of the sheet, ``""`` for a csv.
    kind
        ``xlsx``, ``xls``, ``ods`` or ``csv``.
    encoding, delimiter
        Of a csv, else ``""``.
    header_rows
        Row numbers of the header, as the user sees them (the first row is 1).
    first_data_row
        Row number of the first row below the header.
    columns
        Column name → position in the sheet (from 0); issues name the same columns.
    headers
        Header of every column, in the order of the sheet, made unique.
    personal
        Positions of columns with personal data, which no page may show.
    """

    sheet: str
    kind: str
    encoding: str
    delimiter: str
    header_rows: tuple[int, ...]
    first_data_row: int
    columns: Mapping[str, int]
    headers: tuple[str, ...]
    personal: tuple[int, ...]


@dataclass(frozen=True)
class Intake:
    """A list that has been read.

    Parameters
    ----------
    frame
        The subjects that can be used (a contract of `geoaq.frames`), in the order of the sheet.
    issues
        Every repair, warning and error.
    layout
        Where things are in the sheet.
    raw
        The original cells as text, one row per row that was read (index: row number), also the unusable ones.
    rows_read
        Number of rows that hold data: rows that were used plus rows with an error.
    rows_used
        Number of rows that gave at least one subject, or a part of one.
    """

    frame: pd.DataFrame
    issues: IssueLog
    layout: SheetLayout
    raw: pd.DataFrame
    rows_read: int
    rows_used: int

    @property
    def rows_unusable(self) -> int:
        """Return the number of rows that gave nothing."""
        return self.rows_read - self.rows_used


@dataclass(frozen=True)
class Sheet:
    """The rows of a list that hold data, and the header that names their columns."""

    cells: pa.Table
    trimmed: tuple[pa.Array, ...]
    numbers: npt.NDArray[np.int64]
    header: Header
    grid: Grid
    log: IssueLog

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return int(self.cells.num_rows)

    def has(self, column: str) -> bool:
        """Say whether the header names a column."""
        return column in self.header.columns

    def text(self, column: str) -> pa.Array:
        """Return a column, trimmed; blank cells where the sheet has no such column."""
        if column not in self.header.columns:
            return pa.array([""], pa.string()).take(pa.array(np.zeros(self.size, np.int64)))
        return self.trimmed[self.header.columns[column]]

    def rows(self, mask: npt.NDArray[np.bool_]) -> list[int]:
        """Return the row numbers where a mask holds."""
        return [int(number) for number in self.numbers[mask]]

    def note(
        self,
        mask: npt.NDArray[np.bool_],
        column: str,
        code: str,
        severity: Severity,
        values: pa.Array | None = None,
    ) -> None:
        """Note one issue for every row of a mask, with the original cell of the column."""
        if not mask.any():
            return
        cells = self.text(column) if values is None else values
        texts = cells.filter(pa.array(mask)).to_pylist()
        self.log.add_many(self.rows(mask), column, texts, code, severity)

    def layout(self) -> SheetLayout:
        """Return where things are."""
        numbers = self.grid.row_numbers
        last = self.header.rows[-1]
        return SheetLayout(
            sheet=self.grid.sheet,
            kind=self.grid.kind,
            encoding=self.grid.encoding,
            delimiter=self.grid.delimiter,
            header_rows=tuple(int(numbers[row]) for row in self.header.rows),
            first_data_row=int(numbers[last]) + 1,
            columns=dict(self.header.columns),
            headers=self.header.labels,
            personal=self.header.personal,
        )

    def raw(self) -> pd.DataFrame:
        """Return the original cells as text, by row number."""
        frame: pd.DataFrame = self.cells.rename_columns(list(self.header.labels)).to_pandas()
        frame.index = pd.Index(self.numbers, name="row")
        return frame


def open_sheet(path: Path, product: ListProduct, limits: Limits, log: IssueLog) -> Sheet:
    """Open the sheet of a file that looks most like the product, and find its header and data rows.

    Raises
    ------
    InputError
        No table, no header that could be understood, or no row below it.
    LimitError
        Beyond the limits.
    """
    synonyms = Synonyms(product)
    with open_table(path, limits) as table:
        name, header = _best_sheet(table, synonyms, log)
        if not header.has_position:
            raise InputError("columns_missing", name=path.name, columns="经度、纬度")
        grid = table.grid(name)
        if table.renamed:
            log.add(0, "", path.name, "file_renamed", "repair", kind=table.kind)
    for doubled in header.doubled:
        log.add(0, "", doubled, "column_doubled", "warning")
    start = header.rows[-1] + 1
    cells = _fill_merged(grid, header, log).slice(start)
    numbers = grid.row_numbers[start:]
    columns = [trimmed(column) for column in cells.columns]
    keep = np.flatnonzero(data_rows(columns, numbers, header, log))
    if not len(keep):
        raise InputError("no_rows", name=path.name)
    first, last = int(keep[0]), int(keep[-1]) + 1
    cells, columns = cells.slice(first, last - first), [c.slice(first, last - first) for c in columns]
    if len(keep) < last - first:
        picked = pa.array(keep - first)
        cells, columns = cells.take(picked), [column.take(picked) for column in columns]
    return Sheet(cells, tuple(columns), numbers[keep], header, grid, log)


def _best_sheet(table: OpenTable, synonyms: Synonyms, log: IssueLog) -> tuple[str, Header]:
    """Return the sheet that looks most like the list, and its header; other lists in the file are named."""
    best: tuple[int, str, Header] | None = None
    lists: list[str] = []
    for sheet in table.sheets:
        header = find_header(table.grid(sheet, SEARCHED_ROWS), synonyms)
        if header is None:
            continue
        lists += [sheet] if header.has_position else []
        named = any(word in sheet.lower() for word in synonyms.product.sheet_words)
        score = len(header.columns) + 4 * header.has_position + 2 * named
        if best is None or score > best[0]:
            best = (score, sheet, header)
    if best is None:
        fires = synonyms.product.contract == "fires"
        raise InputError("header_not_found_fires" if fires else "header_not_found", name=table.name)
    others = [sheet for sheet in lists if sheet != best[1]]
    if others:
        log.add(0, "", table.name, "other_sheets", "warning", sheet=best[1], others="、".join(others))
    return best[1], best[2]


def _fill_merged(grid: Grid, header: Header, log: IssueLog) -> pa.Table:
    """Fill cells merged downwards among the data rows, except numbers and capacities, which may be totals."""
    start = header.rows[-1] + 1
    named = {place: name for name, place in header.columns.items()}
    table = grid.cells
    by_column: dict[int, list[tuple[int, int]]] = {}
    for first_row, first, last_row, _last in grid.merged:
        name = named.get(first, "")
        if first_row >= start and last_row > first_row and name in _PER_ROW:
            text = table.column(first)[first_row].as_py()
            for row in range(first_row, last_row + 1) if text.strip() else ():
                log.add(int(grid.row_numbers[row]), name, text, "merged_not_filled", "warning")
        elif first_row >= start and last_row > first_row and name != "quantity":
            by_column.setdefault(first, []).append((first_row, last_row))
    for place, ranges in by_column.items():
        texts = table.column(place).to_pylist()
        for first_row, last_row in ranges:
            if not texts[first_row].strip():
                continue
            for row in range(first_row + 1, last_row + 1):
                texts[row] = texts[first_row]
                if place in named:
                    log.add(int(grid.row_numbers[row]), named[place], texts[row], "merged_filled", "repair")
        table = table.set_column(place, str(place), pa.array(texts, pa.string()))
    return table
