"""Detections as they leave a reader: a table, what it has no column for, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import FIRE_KINDS, FIRE_PIXELS, NRT, SATELLITES, IssueLog, Severity, fire_keys
from geoaq.io.cells.text import coded

Mask = npt.NDArray[np.bool_]
Cells = Mapping[str, pa.Array]

_DEFAULTS: Mapping[str, Any] = {
    "scan_km": np.nan, "track_km": np.nan, "t4_k": np.nan, "t11_k": np.nan, "frp_mw": np.nan,
    "confidence": -1, "confidence_pct": -1, "daynight": -1, "fire_type": -1, "level": NRT,
    "saturated": False, "deadline": -1,
}  # fmt: skip


@dataclass(frozen=True)
class FireChunk:
    """Some rows of a file of detections.

    Parameters
    ----------
    layout
        How the file is laid out: ``firms`` (csv, JSON, table or shapefile with the columns of FIRMS),
        ``himawari``, ``scene`` (found in a scene here), ``list`` (an office's table) or ``features`` (its
        vector file).
    frame
        The detections, as `geoaq.frames.FIRE_PIXELS`, in the order of the file.
    extra
        What the frame has no column for: ``key`` (uint64) and ``data`` (a JSON object as text); one row for
        each detection that has such things.
    issues
        Every unusable row (severity ``error``), doubt and repair. Rows are numbered as the user sees them: a
        header is row 1; features and JSON records count from 1.
    rows_read
        Rows that hold data: those in ``frame`` plus those with an error.
    """

    layout: str
    frame: pd.DataFrame
    extra: pd.DataFrame
    issues: IssueLog
    rows_read: int

    @property
    def rows_unusable(self) -> int:
        """Return the number of rows that gave no detection."""
        return self.rows_read - len(self.frame)


@dataclass(frozen=True)
class Notes:
    """Where the issues of a run of rows go."""

    log: IssueLog
    numbers: npt.NDArray[np.int64]

    def add(self, mask: Mask, field: str, cells: pa.Array | None, code: str, severity: Severity) -> None:
        """Note one issue for every row of a mask, with the original cell."""
        if mask.any():
            rows = self.numbers[mask].tolist()
            texts = [""] * len(rows) if cells is None else cells.filter(pa.array(mask)).to_pylist()
            self.log.add_many(rows, field, texts, code, severity)


def names(codes: npt.NDArray[np.int64], distinct: Sequence[str], known: Sequence[str]) -> pd.Categorical:
    """Return names as categories: the known ones first, always in the same order, then the others.

    Chunks of one kind so have the same categories, and can be put together without a copy of the text.
    """
    others = sorted(set(distinct) - set(known))
    categories = [*known, *others]
    place = {name: position for position, name in enumerate(categories)}
    moved = np.array([place[name] for name in distinct] or [0], np.int64)
    return pd.Categorical.from_codes(moved[codes], categories=pd.Index(categories, dtype=object))


def same(name: str, size: int, known: Sequence[str]) -> pd.Categorical:
    """Return one name for every row."""
    return names(np.zeros(size, np.int64), [name], known)


def chunk_of(
    layout: str, columns: Mapping[str, Any], bad: Mask, cells: Cells, notes: Notes, rows_read: int
) -> FireChunk:
    """Return the rows that are not bad as a chunk.

    Parameters
    ----------
    layout, rows_read
        As in `FireChunk`.
    columns
        Columns of `FIRE_PIXELS` for every row; what is not there is unknown. ``satellite``, ``kind`` (left
        out: ``satellite``) and ``number`` are `pandas.Categorical`.
    bad
        Rows that cannot be used; their issues are noted.
    cells
        What goes into ``extra``, as text by name; blank cells are left out.
    notes
        The issues.
    """
    size = len(bad)
    values: dict[str, Any] = {
        "satellite": same(SATELLITES[0], size, SATELLITES),
        "kind": same(FIRE_KINDS[0], size, FIRE_KINDS),
        "number": same("", size, [""]),
        **{name: np.full(size, default) for name, default in _DEFAULTS.items()},
        **columns,
    }
    satellite = pd.Series(values["satellite"])
    lon, lat = np.where(bad, 0.0, columns["lon"]), np.where(bad, 0.0, columns["lat"])
    values["key"] = fire_keys(satellite, np.where(bad, 0, columns["acquired"]), lon, lat)
    used = np.flatnonzero(~bad)
    frame = pd.DataFrame(
        {
            name: values[name].take(used)
            if kind == "category"
            else np.asarray(values[name])[used].astype(kind)
            for name, kind in FIRE_PIXELS.dtypes.items()
        }
    )
    extra = extra_table(frame["key"].to_numpy(), {name: each.take(used) for name, each in cells.items()})
    return FireChunk(layout, frame, extra, notes.log, rows_read)


def empty_chunk(layout: str, log: IssueLog, rows_read: int = 0) -> FireChunk:
    """Return a chunk without detections."""
    nothing = {name: np.zeros(0) for name in ("lon", "lat", "acquired")}
    notes = Notes(log, np.zeros(0, np.int64))
    return chunk_of(layout, nothing, np.zeros(0, bool), {}, notes, rows_read)


def extra_table(keys: npt.NDArray[np.uint64], cells: Cells) -> pd.DataFrame:
    """Return cells by name as one JSON object a row; rows without any are left out."""
    pieces = []
    for name, column in cells.items():
        texts = coded(column)
        spelt = [_member(name, text) for text in texts.distinct]
        pieces.append(pa.array(spelt, pa.string()).take(pa.array(texts.codes)))
    if not pieces or not len(keys):
        return pd.DataFrame({"key": np.zeros(0, np.uint64), "data": np.zeros(0, object)})
    joined = pc.binary_join_element_wise(*pieces, ", ", null_handling="skip")
    there = pc.not_equal(joined, "")
    wrapped = pc.binary_join_element_wise("{", joined.filter(there), "}", "")
    data = wrapped.to_numpy(zero_copy_only=False).astype(object)
    return pd.DataFrame({"key": keys[there.to_numpy(zero_copy_only=False)], "data": data})


def _member(name: str, text: str) -> str | None:
    plain = text.strip()
    if not plain:
        return None
    return f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(plain, ensure_ascii=False)}"
