"""Tells the rows that hold data from totals, repeated headers, section titles and footnotes."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import IssueLog
from geoaq.io.lists.headers import Header

_TOTAL = r"^[（(]?(?:合|小|总|共|累)\s*计|^(?i:total|subtotal|sum)\b"
_FOOTNOTE = (
    r"^(?:注|备注|说明|填表|填报|制表|审核|复核|报送|单位负责人|联系人|联系电话|日期)"
    r"\s*\d*[人单位日期]*\s*[:：]"
)
# Who filled the list in is nobody else's business: the note keeps the label alone.
_PERSON = re.compile(r"(人|电话|手机|制表|审核|复核|填报)\s*[:：].*", re.DOTALL)
_SECTION = r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])"
_EXAMPLE = r"^(?:示例|(?i:example))$"
_FEW_CELLS = 4
_LOOKED_AT = 3


def data_rows(
    columns: list[pa.Array], numbers: npt.NDArray[np.int64], header: Header, log: IssueLog
) -> npt.NDArray[np.bool_]:
    """Say which rows below the header hold data; every other row that is not blank is noted.

    A row counts as read when it is none of: blank; a total (合计, 小计, 总计, 共计); the example of a
    template; the header once more; a section title (一、…); a footnote (注：, 填表人：). Those are noted as
    repairs, they are not data.
    """
    size = len(numbers)
    filled = np.zeros(size, np.int32)
    for column in columns:
        filled += pc.not_equal(column, "").to_numpy(zero_copy_only=False)
    few = np.flatnonzero((filled > 0) & (filled <= _FEW_CELLS))
    totals = np.zeros(size, bool)
    names = [header.columns[name] for name in ("name", "county", "city") if name in header.columns]
    for place in dict.fromkeys([*range(min(_LOOKED_AT, len(columns))), *names]):
        totals |= _matches(columns[place], _TOTAL)
    headers = _repeated(columns, header)
    notes = np.zeros(size, bool)
    sections = np.zeros(size, bool)
    if len(few):
        first = _first_texts(columns, few)
        notes[few] = _matches(first, _FOOTNOTE)
        sections[few] = _matches(first, _SECTION) & (filled[few] <= 2)
    examples = _matches(columns[0], _EXAMPLE) if columns else notes
    blank = filled == 0
    seen = blank.copy()
    for mask, code in (
        (headers, "header_repeated"),
        (examples, "example_skipped"),
        (totals, "total_skipped"),
        (notes, "footnote_skipped"),
        (sections, "section_skipped"),
    ):
        found = np.flatnonzero(mask & ~seen)
        texts = _first_texts(columns, found).to_pylist() if len(found) else []
        texts = [_PERSON.sub(r"\1：…", text) for text in texts]
        log.add_many(numbers[found].tolist(), "", texts, code, "repair")
        seen |= mask
    data: npt.NDArray[np.bool_] = ~seen
    return data


def _matches(column: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.match_substring_regex(column, pattern).to_numpy(zero_copy_only=False)
    return found


def _repeated(columns: list[pa.Array], header: Header) -> npt.NDArray[np.bool_]:
    same = np.zeros(len(columns[0]), np.int32)
    for place in header.columns.values():
        label = header.labels[place].rstrip("′").rsplit("/", 1)[-1].strip()
        same += pc.equal(columns[place], label).to_numpy(zero_copy_only=False)
    return same >= max(2, len(header.columns) // 2)


def _first_texts(columns: list[pa.Array], rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return the first text of each row that is not blank."""
    picked = pa.array(rows)
    first = pa.array([""] * len(rows), pa.string())
    for column in reversed(columns):
        cells = column.take(picked)
        first = pc.if_else(pc.not_equal(cells, ""), cells, first)
    return first
