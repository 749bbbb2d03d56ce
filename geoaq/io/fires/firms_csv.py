"""Reads a csv of detections block by block: ten million rows take no more memory than one block."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from geoaq.errors import InputError, LimitError
from geoaq.frames import IssueLog
from geoaq.io.fires.chunks import Cells, FireChunk, empty_chunk
from geoaq.io.fires.firms import is_firms, read_firms
from geoaq.io.tables import Limits
from geoaq.io.tables.csvs import find_delimiter

HEAD_BYTES = 65_536
_LONGEST_SHOWN = 200


class Form(NamedTuple):
    """What a csv holds.

    Attributes
    ----------
    layout
        As in `geoaq.io.fires.chunks.FireChunk`.
    fits
        Says whether column names are those of this form.
    read
        Reads columns of text, the numbers of their rows and the file's name.
    """

    layout: str
    fits: Callable[[list[str]], bool]
    read: Callable[[Cells, npt.NDArray[np.int64], str], FireChunk]


FIRMS = Form("firms", is_firms, read_firms)


class Broken(list[tuple[int, int, str]]):
    """Records with too few or too many cells: number of the line, cells, text."""

    def __call__(self, row: pacsv.InvalidRow) -> str:
        """Keep a record and go on with the next."""
        self.append((int(row.number), int(row.actual_columns), str(row.text)))
        return "skip"

    def taken_until(self, line: int) -> list[tuple[int, int, str]]:
        """Take out and return the records before a line."""
        found = [one for one in self if one[0] < line]
        self[:] = [one for one in self if one[0] >= line]
        return found


def csv_encoding(head: bytes) -> str:
    """Return the encoding that the beginning of a text is in: that of its BOM, UTF-8 or GB18030."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut by the end of the head.
        return "utf-8" if error.start > len(head) - 4 else "gb18030"
    return "utf-8"


def first_line(head: bytes) -> tuple[int, str]:
    """Return the position of the first line that is not blank, and that line."""
    lines = head.decode(csv_encoding(head), "ignore").removeprefix("\ufeff").splitlines()
    return next(((place, line) for place, line in enumerate(lines) if line.strip()), (0, ""))


def _rest(head: bytes, skipped: int) -> str:
    """Return the text after the first lines."""
    return "".join(head.decode(csv_encoding(head), "ignore").splitlines()[skipped:])


def read_firms_csv(
    file: BinaryIO, name: str, limits: Limits, block_bytes: int, form: Form = FIRMS
) -> Iterator[FireChunk]:
    """Read a csv of detections, one chunk a block; a file with a header alone gives an empty one.

    Parameters
    ----------
    file
        Open for reading, at its beginning; one that can seek.
    name
        Its name, for errors.
    limits
        Sizes beyond which it is refused; its length is not bounded.
    block_bytes
        Bytes of text that are read at a time.
    form
        What it holds: the columns of FIRMS, or another form.

    Raises
    ------
    InputError
        Text in none of the known encodings, or no csv.
    LimitError
        Too many columns.
    """
    head = file.read(HEAD_BYTES)
    file.seek(0)
    skipped, line = first_line(head)
    delimiter = find_delimiter([line])
    header = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter))]
    if len(header) > limits.columns:
        raise LimitError("too_many_columns", name=name, columns=len(header), limit=limits.columns)
    if not form.fits(header) or len(set(header)) < len(header):
        raise InputError("firms_columns", name=name)
    if len(head) < HEAD_BYTES and not _rest(head, skipped + 1).strip():
        yield empty_chunk(form.layout, IssueLog())
        return
    broken = Broken()
    done = skipped + 1
    given = 0
    for cells in _blocks(file, name, header, delimiter, broken, (csv_encoding(head), done, block_bytes)):
        numbers = _lines(done, cells.num_rows, broken)
        done = int(numbers[-1]) if len(numbers) else done
        columns = {each: _whole(cells.column(place)) for place, each in enumerate(header)}
        chunk = form.read(columns, numbers, name)
        yield _with_broken(chunk, broken.taken_until(done), len(header))
        given += 1
    rest = broken.taken_until(np.iinfo(np.int64).max)
    if rest or not given:
        yield _with_broken(empty_chunk(form.layout, IssueLog()), rest, len(header))


def _blocks(
    file: BinaryIO, name: str, header: list[str], delimiter: str, broken: Broken, how: tuple[str, int, int]
) -> Iterator[pa.RecordBatch]:
    encoding, skip, block_bytes = how
    places = [str(place) for place in range(len(header))]
    try:
        # One thread: else the records that do not fit would have no number.
        stream = pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=block_bytes,
                skip_rows=skip,
                column_names=places,
                encoding=encoding,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=broken
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=False, null_values=[]
            ),
        )
        yield from stream
    except (pa.ArrowInvalid, UnicodeError) as error:
        if "UTF8" in str(error) or isinstance(error, UnicodeError):
            raise InputError("firms_encoding", name=name) from error
        raise InputError("firms_broken", name=name) from error


def _lines(done: int, count: int, broken: Broken) -> npt.NDArray[np.int64]:
    """Return the numbers of the next lines, those of broken records left out."""
    held = [line for line, _, _ in broken if line > done]
    numbers = np.arange(done + 1, done + 1 + count + len(held), dtype=np.int64)
    return numbers[~np.isin(numbers, held)][:count] if held else numbers


def _whole(column: pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _with_broken(chunk: FireChunk, broken: list[tuple[int, int, str]], expected: int) -> FireChunk:
    """Return a chunk with the records that have too few or too many cells counted in."""
    for line, found, text in broken:
        shown = text[:_LONGEST_SHOWN]
        chunk.issues.add(line, "", shown, "fire_row_ragged", "error", found=found, expected=expected)
    return FireChunk(chunk.layout, chunk.frame, chunk.extra, chunk.issues, chunk.rows_read + len(broken))
