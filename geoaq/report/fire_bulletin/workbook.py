"""A bulletin as workbook: one sheet a table with every column, text as text, always the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from geoaq.report.cells import is_formula_like
from geoaq.report.fire_bulletin.areas import (
    ledger_table,
    levels_table,
    passes_table,
    patrols_table,
    unit_tables,
)
from geoaq.report.fire_bulletin.data import BulletinData
from geoaq.report.fire_bulletin.lists import fires_table, point_tables, versions_table
from geoaq.report.fire_bulletin.page import bulletin_page, bulletin_title
from geoaq.report.fire_bulletin.summary import sentences
from geoaq.report.fire_bulletin.table import Cell, Column, Table
from geoaq.report.fire_bulletin.words import said
from geoaq.report.workbook import sheet_title
from geoaq.wording import say

_LONGEST = 32_767
_HEAD = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter",
         "align": "center"}  # fmt: skip
_CELL = {"border": 1, "valign": "top", "text_wrap": True}


def bulletin_xlsx(data: BulletinData, lang: str = "zh") -> bytes:
    """Return the bulletin as xlsx: every list that its data hold, one sheet each."""
    import xlsxwriter

    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    body, every = BytesIO(), 1 << 30
    with xlsxwriter.Workbook(body, options) as book:
        created = datetime.combine(data.last, time(), UTC)
        book.set_properties(
            {"title": bulletin_title(data, lang), "comments": said("notice", lang), "created": created}
        )
        pen, taken = _Pen(book), set[str]()
        _summary(book, pen, data, lang, sheet_title(said("sheet_summary", lang), taken))
        for one in unit_tables(data, lang, full=True):
            _sheet(book, pen, one, data, lang, sheet_title(one.title, taken))
        tables = [
            fires_table(data, lang, full=True, most=every),
            *point_tables(data, lang, full=True, most=every),
            ledger_table(data, lang),
            passes_table(data, lang),
            levels_table(data, lang),
            patrols_table(data, lang, every),
            versions_table(data, lang),
        ]
        for one in tables:
            _sheet(book, pen, one, data, lang, sheet_title(say(f"bulletin.sheet_{one.key}", lang), taken))
    return body.getvalue()


class _Pen:
    """The looks of cells, made once."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format(_HEAD)
        self.text = book.add_format(_CELL)
        self.quoted = book.add_format(_CELL | {"quote_prefix": True})
        self.percent = book.add_format(_CELL | {"num_format": "0%"})
        self._book = book
        self._decimals: dict[int, Any] = {}

    def number(self, column: Column) -> Any:
        """Return the look of a column's numbers."""
        if column.percent:
            return self.percent
        places = column.decimals or 0
        if places not in self._decimals:
            form = "0." + "0" * places if places else "0"
            self._decimals[places] = self._book.add_format(_CELL | {"num_format": form})
        return self._decimals[places]


def _summary(book: Any, pen: _Pen, data: BulletinData, lang: str, title: str) -> None:
    page = book.add_worksheet(title)
    head = bulletin_page(data, lang, most=0)["head"]
    page.set_column(0, 0, 110)
    page.write_string(0, 0, head["title"], pen.title)
    for row, name in enumerate(("period", "as_of", "notice", "unverified"), start=1):
        page.write_string(row, 0, head[name], pen.bold)
    for row, paragraph in enumerate([*head["remarks"], *sentences(data, lang)], start=6):
        page.write_string(row, 0, paragraph[:_LONGEST], pen.wrap)


def _sheet(book: Any, pen: _Pen, one: Table, data: BulletinData, lang: str, title: str) -> None:
    page = book.add_worksheet(title)
    page.write_string(0, 0, f"{bulletin_title(data, lang)} · {one.title}", pen.title)
    page.write_string(1, 0, said("notice", lang))
    for at, column in enumerate(one.columns):
        page.set_column(at, at, max(column.width, 7) * 1.25)
        page.write_string(3, at, column.head, pen.head)
    for row, cells in enumerate(one.rows, start=4):
        for at, (cell, column) in enumerate(zip(cells, one.columns, strict=True)):
            _write(page, row, at, cell, column, pen)
    end = 4 + len(one.rows)
    if not one.rows:
        page.write_string(end, 0, one.empty)
        end += 1
    for row, note in enumerate(one.notes, start=end + 1):
        page.write_string(row, 0, note)
    page.freeze_panes(4, 0)
    if one.rows and not one.total:
        page.autofilter(3, 0, end - 1, len(one.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)


def _write(page: Any, row: int, at: int, cell: Cell, column: Column, pen: _Pen) -> None:
    if cell is None or cell == "":
        page.write_blank(row, at, None, pen.text)
    elif isinstance(cell, str):
        text = cell[:_LONGEST]
        page.write_string(row, at, text, pen.quoted if is_formula_like(text) else pen.text)
    else:
        page.write_number(row, at, cell, pen.number(column))
