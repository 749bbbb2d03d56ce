"""Reads csv files into grids of text: encoding tried strictly, delimiter found, row numbers kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from geoaq.errors import InputError, LimitError
from geoaq.io.tables.grid import Grid, grid_table
from geoaq.io.tables.limits import Limits

_DELIMITERS = (",", ";", "\t")
_CONTROL = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
_BLOCK = 16 * 1024 * 1024
# Where the csv module gives a cell up; set once, for it holds for the whole process.
_ENDLESS = 131_072
csv.field_size_limit(_ENDLESS)


def decoded(data: bytes, name: str) -> tuple[bytes, str]:
    """Return the text as UTF-8 bytes without BOM, and the encoding found.

    Tried strictly, one after the other: the BOM's own encoding, UTF-8, GB18030 (superset of GBK and GB2312).
    No byte is ever replaced.

    Raises
    ------
    InputError
        Binary content, or text in none of these encodings.
    """
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16").encode(), "utf-16"
        if data.startswith(b"\xef\xbb\xbf"):
            data[3:].decode("utf-8")
            encoding, body = "utf-8-sig", data[3:]
        else:
            encoding, body = _plain(data)
    except UnicodeError as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise InputError("encoding_unknown", name=name, line=line) from error
    if _has_control(body):
        raise InputError("not_a_table", name=name, what="binary")
    return body, encoding


def _plain(data: bytes) -> tuple[str, bytes]:
    if _has_control(data[:65536]):
        return "utf-8", data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as utf8:
        try:
            return "gb18030", data.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            error.start = max(error.start, utf8.start)
            raise
    return "utf-8", data


def _has_control(data: bytes) -> bool:
    return len(data.translate(None, _CONTROL)) != len(data)


def _has_blank_lines(body: bytes) -> bool:
    """Say whether a blank line stands among the records, or a line ends in a bare return."""
    return (
        b"\n\n" in body
        or b"\n\r\n" in body
        or body.startswith((b"\n", b"\r"))
        or body.count(b"\r") != body.count(b"\r\n")
    )


def find_delimiter(lines: list[str]) -> str:
    """Return the delimiter that most lines agree on: comma, semicolon or tab.

    Examples
    --------
    >>> find_delimiter(["名称;经度;纬度", "a;120,5;30,1"])
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:  # a quote that never closes makes one endless cell
            continue
        usual = max(set(widths), key=widths.count) if widths else 0
        if usual > 1:
            score = (widths.count(usual) / len(widths), usual)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def read_csv(path: Path, limits: Limits) -> Grid:
    """Return a csv as text; the row number counts records, blank ones too, as a spreadsheet shows them.

    Raises
    ------
    InputError
        Binary, in an unknown encoding, without content, or with quotes that never close.
    LimitError
        Too many rows or columns, or a cell that is too long.
    """
    body, encoding = decoded(path.read_bytes(), path.name)
    if not body.strip():
        raise InputError("file_empty", name=path.name)
    body = body.rstrip(b"\r\n")
    head = body[:262_144]
    longest = max(len(line) for line in head.split(b"\n"))
    lines = head.decode("utf-8", "ignore").splitlines()[:50]
    first_width = max((lines[0].count(delimiter) + 1 for delimiter in _DELIMITERS), default=1)
    if first_width > limits.columns:
        raise LimitError("too_many_columns", name=path.name, columns=first_width, limit=limits.columns)
    if longest > limits.cell_chars * 4:
        raise LimitError("cell_too_long", name=path.name, limit=limits.cell_chars)
    delimiter = find_delimiter(lines)
    table = None
    if not _has_blank_lines(body):
        table = _fast(body, delimiter)
    if table is None:
        table = _careful(body, delimiter, path.name, limits)
    _check(table, path.name, limits)
    numbers = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return Grid("", "csv", encoding, table, numbers, delimiter=delimiter)


def _fast(body: bytes, delimiter: str) -> pa.Table | None:
    """Return the table by pyarrow, or None where records differ in width."""
    try:
        width = len(next(csv.reader(_text_lines(body), delimiter=delimiter)))
    except csv.Error:
        return None
    names = [str(position) for position in range(width)]
    try:
        return pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in body),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None


def _text_lines(body: bytes) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(body), "utf-8", newline="")


def _careful(body: bytes, delimiter: str, name: str, limits: Limits) -> pa.Table:
    """Return the table record by record: blank lines and ragged records keep their place."""
    records: list[list[str]] = []
    width = 0
    try:
        for record in csv.reader(_text_lines(body), delimiter=delimiter, strict=False):
            records.append(record)
            width = max(width, len(record))
            if max(map(len, record), default=0) > limits.cell_chars:
                raise LimitError("cell_too_long", name=name, limit=limits.cell_chars)
            if len(records) > limits.csv_rows:
                raise LimitError("too_many_rows", name=name, rows=len(records), limit=limits.csv_rows)
            if width > limits.columns:
                raise LimitError("too_many_columns", name=name, columns=width, limit=limits.columns)
    except csv.Error as error:
        if "field limit" in str(error):
            raise LimitError("cell_too_long", name=name, limit=limits.cell_chars) from error
        raise InputError("csv_broken", name=name, row=len(records) + 1) from error
    for record in records:
        record.extend([""] * (width - len(record)))
    return grid_table([list(column) for column in zip(*records, strict=True)])


def _check(table: pa.Table, name: str, limits: Limits) -> None:
    if table.num_rows > limits.csv_rows:
        raise LimitError("too_many_rows", name=name, rows=table.num_rows, limit=limits.csv_rows)
    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py()
        if longest is not None and longest > limits.cell_chars * 4:
            raise LimitError("cell_too_long", name=name, limit=limits.cell_chars)
