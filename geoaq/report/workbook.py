"""``findings.xlsx``: the office's own workbook, handed back with what the screening found.

Written by XlsxWriter row by row, so that 100,000 rows need little memory, with fixed dates: the same input
gives the same bytes. Whatever a user typed is written as text, never as a formula; text that looks like one
also carries the quote prefix, so that it stays text when somebody edits the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq.report.added import Added, added_columns
from geoaq.report.cells import LONGEST, is_formula_like
from geoaq.report.issues import rendered_issues
from geoaq.report.notes import write_issue_sheet, write_notes_sheet
from geoaq.report.office import UNREADABLE, Cell, OfficeList, OfficeWorkbook, Sheet, opened, plain_sheet
from geoaq.report.sentences import Citations
from geoaq.report.summary import Summary
from geoaq.wording import say

MOST_ROWS = 100_000
MOST_COMMENTS = 5_000
_COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "repair": "#DDEBF7"}
_GRADES = ("error", "warning", "repair")
_HEAD = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}
_TEXT = {"text_wrap": True, "valign": "top"}

Properties = Callable[[int], dict[str, Any]]


def write_workbook(
    path: Path,
    *,
    subjects: pd.DataFrame,
    issues: pd.DataFrame,
    citations: Citations,
    summary: Summary,
    office: OfficeList,
    lang: str = "zh",
) -> None:
    """Write ``findings.xlsx``.

    Every sheet of the office's xlsx is copied in its order (values, look, widths, merged ranges); beside the
    list stand the added columns, bad cells are coloured with a comment, and two sheets follow: the issues and
    the notes with counts and versions. A csv or xls comes back as a sheet of its rows.

    Parameters
    ----------
    path
        The file to write.
    subjects
        One row a subject (``columns.subjects_schema``).
    issues
        ``IssueLog.frame()``.
    citations
        For each rule its ``quote``, ``document``, ``article`` and ``title``.
    summary
        The summary of the screening.
    office
        Where the list stands in the office's file.
    lang
        ``zh`` or ``en``.
    """
    issues = rendered_issues(issues)
    added = added_columns(subjects, issues, citations, lang, subject=summary.subject)
    beside = _Beside(office, added, issues, lang)
    if office.source is not None:
        try:
            with opened(office.source) as original:
                _write_book(path, original, beside, summary, citations)
        except UNREADABLE:
            pass
        else:
            return
    _write_book(path, None, beside, summary, citations)


def _write_book(
    path: Path, original: OfficeWorkbook | None, beside: _Beside, summary: Summary, citations: Citations
) -> None:
    import xlsxwriter

    lang, office = beside.lang, beside.office
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "date_1904": original is not None and original.date_1904,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties(
            {
                "title": say(f"reports.notes_title_{summary.subject}", lang),
                "comments": say("reports.disclaimer", lang),
                "created": datetime.combine(summary.as_of, time(), UTC),
            }
        )
        pen = _Pen(book, original.properties if original else lambda _style: {})
        plain = plain_sheet(office, say("reports.sheet_list", lang))
        taken: set[str] = set()
        for sheet in original.sheets() if original else [plain]:
            listed = original is None or sheet.title == office.sheet
            _copy(book, pen, sheet, sheet_title(sheet.title, taken), beside if listed else None)
        titles = [sheet_title(say(f"reports.sheet_{name}", lang), taken) for name in ("issues", "notes")]
        write_issue_sheet(book, titles[0], beside.issues, beside.field_heads(), lang)
        write_notes_sheet(book, titles[1], summary, citations, lang)


class _Beside:
    """What is written beside and onto the rows of the list."""

    def __init__(self, office: OfficeList, added: Added, issues: pd.DataFrame, lang: str) -> None:
        self.office = office
        self.added = added
        self.issues = issues
        self.lang = lang
        self.heads = [say(f"reports.head_{name}", lang) for name in added.names]
        self.marks: dict[tuple[int, int], tuple[str, list[str]]] = {}
        columns = (issues["row"], issues["field"], issues["severity"], issues[f"message_{lang}"])
        for number, name, severity, message in zip(*(column.tolist() for column in columns), strict=True):
            column = office.fields.get(name)
            if column is None or number == 0:
                continue
            grade, said = self.marks.get((number, column), ("repair", []))
            worst = min(grade, severity, key=_GRADES.index)
            self.marks[number, column] = (worst, said if message in said else [*said, message])
        ranked = sorted(self.marks, key=lambda key: (_GRADES.index(self.marks[key][0]), key))
        self.commented = set(ranked[:MOST_COMMENTS])
        self._seen: dict[int, str] = {}
        self.pending: list[tuple[int, int, str]] = []

    def see_header(self, cells: list[Cell]) -> None:
        """Keep the office's own words for its columns; a lower row of the header goes before an upper one."""
        self._seen |= {column: str(value) for column, value, _ in cells if value is not None}

    def field_heads(self) -> dict[str, str]:
        """Return what the office calls each field."""
        places = self.office.fields.items()
        return {name: self._seen[column] for name, column in places if column in self._seen}


@dataclass
class _Pen:
    """Formats by style of the original, colour of the mark and quote prefix."""

    book: Any
    properties: Properties
    _known: dict[tuple[int, str, bool], Any] = field(default_factory=dict)
    _own: dict[str, Any] = field(default_factory=dict)

    def format(self, style: int, mark: str = "", quoted: bool = False) -> Any:
        key = (style, mark, quoted)
        if key not in self._known:
            found = dict(self.properties(style)) if style else {}
            if mark:
                found |= {"bg_color": _COLOURS[mark], "pattern": 1}
            if quoted:
                found["quote_prefix"] = True
            self._known[key] = self.book.add_format(found) if found else None
        return self._known[key]

    def own(self, name: str, properties: dict[str, Any]) -> Any:
        if name not in self._own:
            self._own[name] = self.book.add_format(properties)
        return self._own[name]


def sheet_title(title: str, taken: set[str]) -> str:
    """Return the title as Excel takes it, numbered where it is taken already, and note it as taken.

    Examples
    --------
    >>> taken: set[str] = set()
    >>> sheet_title("说明", taken), sheet_title("说明", taken), sheet_title("a/b:[c]", taken)
    ('说明', '说明 2', 'a_b__c_')
    """
    title = re.sub(r"[\[\]:*?/\\]", "_", title).strip("'")[:31] or "_"
    name, number = title, 2
    while name.casefold() in taken:
        name, number = f"{title[:27]} {number}", number + 1
    taken.add(name.casefold())
    return name


def _copy(book: Any, pen: _Pen, sheet: Sheet, title: str, beside: _Beside | None) -> None:
    page = book.add_worksheet(title)
    if sheet.hidden:
        page.hide()
    for number, cells in sheet.rows:
        if number in sheet.heights:
            page.set_row(number - 1, sheet.heights.pop(number))
        for column, value, style in cells:
            mark = beside.marks.get((number, column)) if beside else None
            grade = mark[0] if mark else ""
            _write(page, number - 1, column - 1, value, pen, style, grade)
        if beside and number <= beside.office.header_row:
            beside.see_header(cells)
        if beside:
            _write_beside(page, number, pen, beside, {column for column, _, _ in cells})
    for first, last, width, hidden in sheet.widths:
        page.set_column(first - 1, last - 1, width, None, {"hidden": True} if hidden else None)
    # `merge_range` would write into rows that are already on disk; the list behind it is all that is needed.
    page.merge.extend([top - 1, left - 1, bottom - 1, right - 1] for top, left, bottom, right in sheet.merged)
    if beside:
        # Comments live in a part of their own, so that rows already on disk may still get one; only the
        # writer's check of the row order does not know it.
        last, page.previous_row = page.previous_row, 0
        for (row, column), text in _comments(beside.pending, sheet.merged).items():
            page.write_comment(row - 1, column - 1, text, {"x_scale": 2, "author": "geoaq"})
        page.previous_row = last
        for at, width in enumerate(beside.added.widths):
            page.set_column(beside.office.width + at, beside.office.width + at, width)
        if beside.office.header_row:
            page.freeze_panes(beside.office.header_row, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write(page: Any, row: int, column: int, value: Any, pen: _Pen, style: int, mark: str) -> None:
    if value is None or value == "":
        look = pen.format(style, mark)
        if look is not None:
            page.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, pen.format(style, mark))
    elif isinstance(value, int | float) and abs(value) < 1e300:
        page.write_number(row, column, value, pen.format(style, mark))
    else:
        text = str(value)[:LONGEST]
        page.write_string(row, column, text, pen.format(style, mark, is_formula_like(text)))


def _write_beside(page: Any, number: int, pen: _Pen, beside: _Beside, present: set[int]) -> None:
    row, width = number - 1, beside.office.width
    if number == beside.office.header_row:
        for at, head in enumerate(beside.heads):
            page.write_string(row, width + at, head, pen.own("head", _HEAD))
        return
    found = beside.added.of(number)
    if found is None:
        return
    for at, value in enumerate(found):
        if isinstance(value, float):
            page.write_number(row, width + at, value, pen.own("number", {"valign": "top"}))
        elif value is not None:
            quoted = is_formula_like(value)
            look = pen.own("quoted", _TEXT | {"quote_prefix": True}) if quoted else pen.own("text", _TEXT)
            page.write_string(row, width + at, value[:LONGEST], look)
    for column in range(1, width + 1):
        mark = beside.marks.get((number, column))
        if mark is None:
            continue
        if column not in present:
            _write(page, row, column - 1, None, pen, 0, mark[0])
        if (number, column) in beside.commented:
            beside.pending.append((number, column, "\n".join(mark[1])))


def _comments(
    pending: list[tuple[int, int, str]], merged: list[tuple[int, int, int, int]]
) -> dict[tuple[int, int], str]:
    """Return the comments by cell; those of covered cells stand at the corner of their merged range."""
    ranges = np.array(merged, np.int64).reshape(-1, 4)
    placed: dict[tuple[int, int], list[str]] = {}
    for row, column, text in pending:
        inside_rows = (ranges[:, 0] <= row) & (row <= ranges[:, 2])
        over = inside_rows & (ranges[:, 1] <= column) & (column <= ranges[:, 3])
        corner = ranges[over.argmax(), :2].tolist() if over.any() else (row, column)
        said = placed.setdefault((corner[0], corner[1]), [])
        if text not in said:
            said.append(text)
    return {cell: "\n".join(said) for cell, said in placed.items()}
