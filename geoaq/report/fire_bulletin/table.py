"""A table of a bulletin: typed cells for the workbook, the same as text for pages."""

from __future__ import annotations

from dataclasses import dataclass

from geoaq.report.numbers import fixed
from geoaq.report.sheet.units import plain

Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    head
        What stands above it.
    decimals
        Of numbers; None for text and whole numbers.
    width
        Share of the page's width, and characters in the workbook.
    percent
        A share of 0 to 1, shown per cent.
    """

    head: str
    decimals: int | None = None
    width: int = 8
    percent: bool = False


@dataclass(frozen=True)
class Table:
    """A titled table; ``wide`` ones stand on a page of their own, turned."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    empty: str = ""
    wide: bool = False
    total: bool = False

    def text(self) -> list[list[str]]:
        """Return the cells as pages show them."""
        return [
            [shown(cell, column) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows
        ]

    def numeric(self) -> list[bool]:
        """Say which columns hold numbers alone, words in place of unknown ones aside."""
        return [
            bool(self.rows) and any(isinstance(row[at], int | float) for row in self.rows)
            for at in range(len(self.columns))
        ]


def shown(cell: Cell, column: Column) -> str:
    """Return a cell as text; unknown is a dash, lines of a text stay lines.

    Examples
    --------
    >>> shown(0.35, Column("云", percent=True)), shown(2.5, Column("x", decimals=2)), shown(None, Column("x"))
    ('35%', '2.50', '—')
    """
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, str):
        return "\n".join(plain(line) for line in cell.split("\n"))
    if column.percent:
        return f"{fixed(100 * cell, 0)}%"
    return str(cell) if column.decimals is None else fixed(cell, column.decimals)
