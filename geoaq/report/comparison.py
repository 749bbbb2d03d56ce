"""A comparison as a table to take home: csv and xlsx, text as text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from geoaq.report.cells import is_formula_like

Cell = str | float | None
# Columns of long text are that wide, others as their heading.
_WIDE, _NARROW = 48, 14


def write_comparison_csv(file: IO[bytes], heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    """Write lines as ``findings.csv`` is written: UTF-8 with byte order mark, LF, no formula.

    Parameters
    ----------
    file
        Open for bytes; stays open.
    heads
        Heading of each column.
    lines
        Cells in that order; None is empty.
    """
    text = TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    for line in lines:
        writer.writerow(["" if cell is None else _plain(cell) for cell in line])
    text.detach()


def write_comparison_xlsx(
    file: IO[bytes],
    titles: tuple[str, str],
    notes: Iterable[Sequence[Cell]],
    heads: Sequence[str],
    lines: Iterable[Sequence[Cell]],
) -> None:
    """Write a workbook of two sheets: what differs and the counts, then the lines.

    Parameters
    ----------
    file
        Open for bytes.
    titles
        Names of the sheets.
    notes
        Rows of the first sheet.
    heads, lines
        As of `write_comparison_csv`.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        # The same comparison is the same bytes, whenever it is written.
        book.set_properties({"created": datetime(2025, 1, 1)})  # noqa: DTZ001
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        first = book.add_worksheet(titles[0][:31])
        first.set_column(0, 0, _WIDE)
        for number, note in enumerate(notes):
            _write(first, number, note, text)
        sheet = book.add_worksheet(titles[1][:31])
        sheet.freeze_panes(1, 0)
        for at, head in enumerate(heads):
            sheet.set_column(at, at, _WIDE if at >= len(heads) - 3 else _NARROW)
            sheet.write_string(0, at, head, bold)
        for number, line in enumerate(lines, 1):
            _write(sheet, number, line, text)


def _write(sheet: object, number: int, line: Sequence[Cell], text: object) -> None:
    for at, cell in enumerate(line):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            sheet.write_string(number, at, cell, text)  # type: ignore[attr-defined]
        else:
            sheet.write_number(number, at, cell)  # type: ignore[attr-defined]


def _plain(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and is_formula_like(cell) else cell
