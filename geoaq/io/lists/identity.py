"""Who a row is: the office's own number, else a content key that survives reordering; what is there twice.

The content key is ``k-`` and the first 16 hexadecimal digits of the SHA-256 of the identifying cells as
printed, joined by ``U+001F``, each in NFKC, without spaces, in lower case. The reader of each list names
those cells: for boilers name, boiler number, capacity, second capacity, number, model, and the coordinates.
Where several rows have the same key, the second has ``-2`` behind it, the third ``-3``: reordering the sheet
changes nothing, because rows of one key cannot be told apart.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import Severity
from geoaq.io.lists.intake import Sheet

_GLUE = "\x1f"
# A number that an office gave out: long enough that two works would not both have it (1#, 2号 are not) …
_OWN = r"^(?:[^\pN]*\pN){5}"
_OWN_LENGTH = 7
# … or shorter (GL-17, 0103), where the list has it once: at least a letter, or three digits.
_SHORT_OWN = r"[A-Za-z].*\pN|\pN.*[A-Za-z]|(?:[^\pN]*\pN){3}"
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$"


def subject_ids(
    sheet: Sheet, own: Sequence[str], content: Sequence[str], printed: pa.Array, *, repeated: str
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Return the identity of every row, and which rows are there twice and must not count again.

    Parameters
    ----------
    sheet
        The rows that hold data.
    own
        Columns that may hold the office's own number, the best first; the last ones only count when their
        value is long enough to be unique.
    content
        Columns of the content key, beside the coordinates.
    printed
        The coordinates as printed.
    repeated
        Code of the issue of a row whose content key an earlier row has.
    """
    ids = np.full(sheet.size, "", object)
    source = np.full(sheet.size, "", object)
    for column in own:
        if not sheet.has(column):
            continue
        cells = sheet.text(column)
        cut = pc.match_substring_regex(cells, _SCIENTIFIC).to_numpy(zero_copy_only=False)
        sheet.note(cut, column, "digits_lost", "warning")
        take = _is_own(cells) & ~cut & (ids == "")
        ids[take] = cells.to_numpy(zero_copy_only=False)[take]
        source[take] = column
    keyed = ids == ""
    cells = _joined(sheet, content, printed)
    twice = _doubles(sheet, ids, source, cells)
    if keyed.any():
        ids[keyed] = _content_keys(cells.filter(pa.array(keyed)))
        _note_same(sheet, ids, keyed, repeated)
    return ids, twice


def _is_own(cells: pa.Array) -> npt.NDArray[np.bool_]:
    long_enough = pc.greater_equal(pc.utf8_length(cells), _OWN_LENGTH)
    own = pc.and_(long_enough, pc.match_substring_regex(cells, _OWN)).to_numpy(zero_copy_only=False)
    short = pc.match_substring_regex(cells, _SHORT_OWN).to_numpy(zero_copy_only=False)
    once = ~pd.Series(cells.to_numpy(zero_copy_only=False)).duplicated(keep=False).to_numpy()
    found: npt.NDArray[np.bool_] = own | (short & once)
    return found


def _joined(sheet: Sheet, content: Sequence[str], printed: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*[sheet.text(column) for column in content], printed, _GLUE)


def _content_keys(cells: pa.Array) -> npt.NDArray[np.object_]:
    keys = [content_key(text) for text in cells.to_pylist()]
    series = pd.Series(keys, dtype=object)
    again = series.groupby(series, sort=False).cumcount().to_numpy()
    for place in np.flatnonzero(again):
        keys[place] = f"{keys[place]}-{again[place] + 1}"
    return np.array(keys, object)


def content_key(text: str) -> str:
    """Return the content key of identifying cells joined by ``U+001F``."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = (
        "".join(plain.replace(_GLUE, "\x00").split()).lower()
        if " " in plain or "\t" in plain
        else plain.lower()
    )
    return "k-" + hashlib.sha256(plain.replace("\x00", _GLUE).encode()).hexdigest()[:16]


def _note_same(
    sheet: Sheet, ids: npt.NDArray[np.object_], keyed: npt.NDArray[np.bool_], repeated: str
) -> None:
    again = keyed & np.array([len(name) > 18 for name in ids.tolist()], bool)
    sheet.note(again, "name", repeated, "warning")


def _doubles(
    sheet: Sheet, ids: npt.NDArray[np.object_], source: npt.NDArray[np.object_], cells: pa.Array
) -> npt.NDArray[np.bool_]:
    """Note numbers that several rows have; a later row that is wholly the same does not count again."""
    twice = np.zeros(sheet.size, bool)
    named = np.flatnonzero(ids != "")
    if not len(named):
        return twice
    series = pd.Series(ids[named], dtype=object)
    repeated = series.duplicated(keep=False).to_numpy()
    if not repeated.any():
        return twice
    rows = named[repeated]
    frame = pd.DataFrame({"id": ids[rows], "cells": cells.take(pa.array(rows)).to_pylist()}, dtype=object)
    first_rows = pd.Series(sheet.numbers[rows]).groupby(frame["id"].to_numpy()).transform("first").to_numpy()
    same = frame.duplicated(keep="first").to_numpy()
    later = frame["id"].duplicated(keep="first").to_numpy()
    for row, first, is_same, is_later in zip(rows, first_rows, same, later, strict=True):
        if not is_later:
            continue
        code = "duplicate_row" if is_same else "duplicate_number"
        severity: Severity = "error" if is_same else "warning"
        sheet.log.add(int(sheet.numbers[row]), source[row], ids[row], code, severity, first=int(first))
    twice[rows[same]] = True
    return twice
