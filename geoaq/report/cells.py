"""Cells of a workbook, and text that a spreadsheet must not take for a formula."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# What Excel, WPS and LibreOffice take for the start of a formula (full-width forms too).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PATTERN = r"^[=+\-@\t\r\n＝＋－＠]"
#: Most characters of a cell in a workbook.
LONGEST = 32_767


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet could take ``text`` for a formula.

    Examples
    --------
    >>> is_formula_like("=HYPERLINK(1)"), is_formula_like("1-2号炉")
    (True, False)
    """
    return text.startswith(FORMULA_STARTS)


def neutral_text(texts: pa.Array) -> pa.Array:
    """Return the strings with a leading apostrophe before whatever looks like a formula.

    Examples
    --------
    >>> neutral_text(pa.array(["=1+1", "锅炉房", None])).to_pylist()
    ["'=1+1", '锅炉房', None]
    """
    suspect = pc.match_substring_regex(texts, pattern=_PATTERN)
    if not pc.any(suspect).as_py():
        return texts
    return pc.if_else(suspect, pc.binary_join_element_wise("'", texts, ""), texts)


def write_cell(page: Any, row: int, column: int, value: Any) -> None:
    """Write a number or a text, which is never taken for a formula; nothing for None and an empty text."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = f"'{value}" if is_formula_like(value) else value
        page.write_string(row, column, text[:LONGEST])
    else:
        page.write_number(row, column, value)
