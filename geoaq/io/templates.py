"""Writes empty lists to fill in: the headers that the reader knows best, one example row, and notes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geoaq.io.lists.product import ListColumn, ListProduct
from geoaq.wording import say

# A fixed day: the same template is the same bytes, whenever it is written.
WRITTEN = datetime(2025, 1, 1, tzinfo=UTC)
_ROWS_WITH_CHOICES = 2000
_YES_OR_NO = frozenset(
    [
        "heat_network",
        "built_up",
        "dispatched",
        "captive",
        "chp",
        "backward_listed",
        "new_stack",
        "uses_coal",
        "coal_replacement",
        "adds_capacity",
        "capacity_swap",
        "regional_reduction",
        "new_captive_unit",
    ]
)


def write_template(path: Path, product: ListProduct, lang: str = "zh") -> None:
    """Write an empty list as xlsx.

    The first sheet has the headers and one row marked 示例, which the reader passes over; the second explains
    every column. Columns with a small vocabulary offer it as a choice.

    Parameters
    ----------
    path
        File to write.
    product
        The declared list.
    lang
        ``zh`` or ``en``; the reader knows both.
    """
    from xlsxwriter import Workbook

    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": _text(product.title, lang), "created": WRITTEN.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True})
        grey = book.add_format({"font_color": "#7A7A7A", "italic": True, "num_format": "@"})
        plain = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_text(product.title, lang)[:31])
        columns = [column for column in product.columns if column.template]
        for place, column in enumerate(columns):
            title = header_of(column, lang)
            sheet.set_column(place, place, max(10, min(24, 2 * len(title) + 2)), plain)
            sheet.write_string(0, place, title, bold)
            example = say("template.example", lang) if column.column == "serial" else column.example or ""
            sheet.write_string(1, place, example, grey)
            words = choices(product, column)
            if words:
                sheet.data_validation(
                    1,
                    place,
                    _ROWS_WITH_CHOICES,
                    place,
                    {"validate": "list", "source": words, "error_type": "information"},
                )
        sheet.freeze_panes(1, 0)
        _write_notes(book, columns, product, lang, bold)


def header_of(column: ListColumn, lang: str) -> str:
    """Return the header that a template prints, with its unit in brackets."""
    title = _text(column.title, lang)
    if column.unit is None:
        return title
    return f"{title}（{column.unit}）" if lang == "zh" else f"{title} ({column.unit})"


def choices(product: ListProduct, column: ListColumn) -> list[str]:
    """Return the first word of every value of a column's vocabulary, or nothing."""
    words = product.words.get("yes_no" if column.column in _YES_OR_NO else column.column, {})
    return [entries[0] for entries in words.values() if entries]


def _write_notes(book: Any, columns: list[ListColumn], product: ListProduct, lang: str, bold: Any) -> None:
    notes = book.add_worksheet(say("template.notes", lang))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    notes.set_column(0, 0, 26, wrapped)
    notes.set_column(1, 2, 44, wrapped)
    for place, name in enumerate(("column", "how", "also")):
        notes.write_string(0, place, say(f"template.{name}", lang), bold)
    row = 1
    for column in columns:
        words = choices(product, column)
        note = _text(column.note, lang) if column.note else ""
        how = "；".join(filter(None, [note, "、".join(words), column.example if not words else ""]))
        notes.write_string(row, 0, header_of(column, lang))
        notes.write_string(row, 1, how)
        notes.write_string(row, 2, "、".join(list(column.headers)[:6]))
        row += 1
    for remark in (*(_text(note, lang) for note in product.notes), say("template.general", lang)):
        row += 1
        notes.write_string(row, 0, remark)


def _text(text: Any, lang: str) -> str:
    return str(text.zh if lang == "zh" else text.en)
