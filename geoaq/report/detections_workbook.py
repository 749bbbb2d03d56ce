"""Detections of fires as a workbook: titles and words of a language, text that is no formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, BinaryIO

import pyarrow as pa

from geoaq.errors import LimitError
from geoaq.report.cells import write_cell
from geoaq.report.fire_bulletin.words import confidence_word, level_word, reason_words, satellite_word
from geoaq.wording import say

# Rows of a sheet, less that of the titles; characters of a cell.
MOST_ROWS = 1_048_575


def write_workbook(
    file: BinaryIO,
    tables: Iterable[pa.Table],
    schema: pa.Schema,
    told: Callable[[pa.Table], pa.Table],
    lang: str,
) -> int:
    """Write detections as one sheet and the caution beside it, and return how many there are.

    Parameters
    ----------
    file
        Where the workbook goes.
    tables
        Tables of one schema.
    schema
        That schema.
    told
        Makes of each the table for people: times as text, unknown numbers null.
    lang
        Of titles and words: ``zh`` or ``en``.

    Raises
    ------
    LimitError
        ``sheet_rows``: more than `MOST_ROWS` detections. Nothing was written then.
    """
    import xlsxwriter

    kept, rows = [], 0
    for table in tables:
        rows += table.num_rows
        if rows > MOST_ROWS:
            raise LimitError("sheet_rows", limit=MOST_ROWS)
        kept.append(table)
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    notice = say("fire_events.notice", lang)
    with xlsxwriter.Workbook(file, options) as book:
        # No clock gets into a file.
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC), "comments": notice})
        page = book.add_worksheet(say("fire_pixels.sheet", lang))
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
        page.freeze_panes(1, 1)
        names = told(schema.empty_table()).column_names
        page.set_column(0, len(names) - 1, 16)
        page.autofilter(0, 0, max(1, rows), len(names) - 1)
        for column, name in enumerate(names):
            page.write_string(0, column, say(f"fire_pixels.column_{name}", lang), head)
        at = 1
        for table in kept:
            shown = told(table)
            cells = [_words(name, shown.column(name).to_pylist(), lang) for name in names]
            for row, values in enumerate(zip(*cells, strict=True), at):
                for column, value in enumerate(values):
                    write_cell(page, row, column, value)
            at += table.num_rows
        about = book.add_worksheet(say("fire_pixels.about", lang))
        about.write_string(0, 0, notice)
    return rows


def _words(name: str, values: list[Any], lang: str) -> list[Any]:
    """Return what a reader is told of the values of a column; each that occurs is looked up once."""
    words = {value: _word(name, value, lang) for value in set(values)}
    return [words[value] for value in values]


def _word(name: str, value: Any, lang: str) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return say(f"fire_events.{'yes' if value else 'no'}", lang)
    if name == "satellite":
        return satellite_word(value, lang)
    if name == "kind":
        return say(f"fire_map.kind_{value}", lang)
    if name == "class":
        return say(f"fire_quality.class_{value}", lang)
    if name == "reasons":
        return reason_words(value.split(";"), lang)
    if name == "confidence":
        return confidence_word(value, lang)
    if name == "daynight":
        return say(f"fire_pixels.{'day' if value else 'night'}", lang)
    return level_word(value) if name == "level" else value
