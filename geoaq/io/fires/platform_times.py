"""When a row of an office's list was seen, and until when a push has to be answered."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.io.cells.text import coded, is_blank
from geoaq.io.fires.beijing import Instant, read_instant, read_span, zone_of_header
from geoaq.io.fires.chunks import Mask
from geoaq.io.lists.intake import Sheet

Times = npt.NDArray[np.int64]

_NONE = -1


def read_times(sheet: Sheet) -> tuple[Times, Mask, Mask]:
    """Return seconds since 1970 UTC, the rows that state a day alone, and those without a time (an error).

    The overpass goes before the time found, both before a column of days with one of clocks. A clock alone in
    one of them has its day from the column of days.
    """
    seconds = np.full(sheet.size, _NONE, np.int64)
    day_only = np.zeros(sheet.size, bool)
    odd = np.zeros(sheet.size, bool)
    for column in ("passed", "found", "day"):
        if not sheet.has(column):
            continue
        cells = sheet.text(column)
        if not (column == "passed" and sheet.has("found")):
            cells = _with_clock(sheet, cells)
        if column != "day":
            cells = _with_day(sheet, cells)
        texts = coded(cells)
        zone = zone_of_header(sheet.header.labels[sheet.header.columns[column]])
        read = [read_instant(text, zone) for text in texts.distinct]
        open_rows = (seconds == _NONE) & ~odd
        unreadable = [one is None and not is_blank(t) for one, t in zip(read, texts.distinct, strict=True)]
        lost = open_rows & np.array(unreadable or [False], bool)[texts.codes]
        sheet.note(lost, column, "fire_time", "error", cells)
        odd |= lost
        found = np.array([_NONE if one is None else one.seconds for one in read] or [_NONE], np.int64)
        whole = np.array([one is not None and one.day_only for one in read] or [False], bool)
        take = open_rows & (found[texts.codes] != _NONE)
        seconds[take], day_only[take] = found[texts.codes][take], whole[texts.codes][take]
    missing = (seconds == _NONE) & ~odd
    field = next(column for column in ("passed", "found", "day") if sheet.has(column))
    sheet.note(missing, field, "fire_time_missing", "error")
    sheet.note(day_only, field, "fire_time_day", "warning")
    return seconds, day_only, odd | missing


def _with_clock(sheet: Sheet, cells: pa.Array) -> pa.Array:
    """Return days with the clock that stands in a column of its own."""
    if not sheet.has("clock"):
        return cells
    days = coded(cells).map(_is_day).astype(bool)
    joined = pc.binary_join_element_wise(cells, sheet.text("clock"), " ")
    return pc.if_else(pa.array(days), pc.utf8_trim_whitespace(joined), cells)


def _with_day(sheet: Sheet, cells: pa.Array) -> pa.Array:
    """Return clocks with the day that stands in a column of its own: 日期 beside 时间."""
    if not sheet.has("day"):
        return cells
    clocks = coded(cells).map(_is_clock).astype(bool)
    return pc.if_else(pa.array(clocks), pc.binary_join_element_wise(sheet.text("day"), cells, " "), cells)


def _is_clock(text: str) -> bool:
    if read_instant(text) is not None:
        return False
    instant = read_instant(f"2000-01-01 {text}")
    return instant is not None and not instant.day_only


def _is_day(text: str) -> bool:
    instant = read_instant(text)
    return instant is not None and instant.day_only


def read_deadlines(sheet: Sheet, pushed: Mask) -> Times:
    """Return the deadline of every push in seconds since 1970 UTC, -1 where none is stated.

    A span of time (2小时内) counts from the time of the push. A day alone ends with that day.
    """
    none = np.full(sheet.size, _NONE, np.int64)
    if not sheet.has("deadline"):
        return none
    ends, starts = sheet.text("deadline").to_pylist(), sheet.text("pushed").to_pylist()
    found = np.array([_deadline(end, start) for end, start in zip(ends, starts, strict=True)], np.int64)
    stated = np.array([not is_blank(end) for end in ends], bool)
    sheet.note(pushed & stated & (found == _NONE), "deadline", "fire_deadline", "warning")
    sheet.note(pushed & ~stated, "deadline", "fire_deadline_missing", "warning")
    return np.where(pushed, found, _NONE)


def _deadline(end: str, start: str) -> int:
    stated = read_instant(end)
    if stated is not None:
        return _end_of(stated)
    span, since = read_span(end), read_instant(start)
    return _NONE if span is None or since is None or since.day_only else since.seconds + span


def _end_of(instant: Instant) -> int:
    """Return the last second of a day that is stated alone (it was taken as its noon)."""
    return instant.seconds + 43_199 if instant.day_only else instant.seconds
