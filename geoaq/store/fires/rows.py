"""Detections as packed rows of 70 bytes: sorted, united and written while millions of them pass.

Satellite, kind and UTC day are the same for all rows of a part, so they are kept outside of the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geoaq.errors import InputError
from geoaq.frames import FIRE_PIXELS, SP

DAY_S = 86_400
# A lower level adds to a higher one only what is newer than it by more than this, seconds.
AFTER_S = 600
_OUTSIDE = ("satellite", "kind", "number")
ROW = np.dtype(
    [(name, dtype) for name, dtype in FIRE_PIXELS.dtypes.items() if name not in _OUTSIDE] + [("number", "i4")]
)
_NUMBERS = [name for name in FIRE_PIXELS.dtypes if name not in _OUTSIDE]
# Of two rows of one identity that differ, the one stays that knows more, then the one that says more.
_RANKED = ("frp_mw", "t4_k", "t11_k", "confidence", "confidence_pct", "fire_type")
_LEVELS = range(SP + 1)
WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field(name, WORD if name in _OUTSIDE else pa.from_numpy_dtype(np.dtype(dtype)), nullable=False)
        for name, dtype in FIRE_PIXELS.dtypes.items()
    ]
)

Rows = npt.NDArray[Any]


class Part(NamedTuple):
    """What one file of pixels holds: a satellite or another source, its kind, a UTC day, a level."""

    satellite: str
    kind: str
    day: int
    level: int


class Words:
    """Texts by number, in the order in which they came; 0 is the empty one."""

    def __init__(self) -> None:
        self.texts = [""]
        self._codes = {"": 0}

    def codes(self, texts: Iterable[object]) -> npt.NDArray[np.int32]:
        """Return the number of each text."""
        return np.array([self._code(str(text)) for text in texts], np.int32)

    def ranks(self) -> npt.NDArray[np.int32]:
        """Return for each number the text's place among all texts in their order."""
        ranks = np.empty(len(self.texts), np.int32)
        ranks[sorted(range(len(self.texts)), key=self.texts.__getitem__)] = np.arange(len(self.texts))
        return ranks

    def _code(self, text: str) -> int:
        code = self._codes.setdefault(text, len(self.texts))
        if code == len(self.texts):
            self.texts.append(text)
        return code


@dataclass(frozen=True)
class PixelFile:
    """The bytes of one file of pixels, and what the manifest says of it."""

    body: memoryview
    sha256: str
    rows: int
    first: int
    last: int
    west: float
    south: float
    east: float
    north: float


def packed(frame: pd.DataFrame, words: Words) -> Rows:
    """Return a frame that follows `FIRE_PIXELS` as packed rows in its order; numbers of pushes by ``words``.

    Raises
    ------
    InputError
        ``fire_frame``: a column is missing, or has another type than the contract says.
    """
    for name, dtype in FIRE_PIXELS.dtypes.items():
        if name not in frame or str(frame[name].dtype) != dtype:
            raise InputError("fire_frame", column=name, expected=dtype)
    rows = np.empty(len(frame), ROW)
    for name in _NUMBERS:
        rows[name] = frame[name].to_numpy()
    number = frame["number"].cat
    rows["number"] = words.codes(number.categories)[number.codes.to_numpy()] if len(frame) else 0
    for name in ("lon", "lat", "scan_km", "track_km", "t4_k", "t11_k", "frp_mw"):
        rows[name] += 0.0  # one zero, not two
    return rows


def united(rows: Rows, ranks: npt.NDArray[np.int32]) -> Rows:
    """Return the rows without repetitions, in the order of time: a function of the set of rows alone.

    Parameters
    ----------
    rows
        Of one part; an identity (key and number of a push) may come often.
    ranks
        `Words.ranks` of the numbers.
    """
    number = ranks[rows["number"]]
    order = np.lexsort((number, rows["key"]))
    key, number = rows["key"][order], number[order]
    again = (key[1:] == key[:-1]) & (number[1:] == number[:-1])
    if again.any():
        order = _chosen(rows, order, again, ranks)
        key, number = rows["key"][order], ranks[rows["number"][order]]
    rows = rows[order]
    return rows[np.lexsort((number, key, rows["acquired"]))]


def _chosen(
    rows: Rows, order: npt.NDArray[np.intp], again: npt.NDArray[np.bool_], ranks: npt.NDArray[np.int32]
) -> npt.NDArray[np.intp]:
    """Return the places of one row of each identity; ``order`` puts equal identities side by side."""
    repeats = np.append(again, False)
    repeats[1:] |= again
    several = order[repeats]
    found = rows[several]
    # The last one named is looked at first. A number that is not known sorts behind all that are.
    rest = [name for name in _NUMBERS if name not in {*_RANKED, "key"}]
    ways = [found[name] for name in reversed(rest)]
    ways += [-found[name].astype("f8") for name in reversed(_RANKED)]
    by_content = np.lexsort((*ways, ranks[found["number"]], found["key"]))
    several, found = several[by_content], found[by_content]
    new = np.ones(len(found), bool)
    new[1:] = (found["key"][1:] != found["key"][:-1]) | (found["number"][1:] != found["number"][:-1])
    return np.concatenate([order[~repeats], several[new]])


def pixel_file(part: Part, rows: Rows, words: Words) -> PixelFile:
    """Return the Parquet file of united rows; the same rows give the same bytes."""
    codes = np.unique(rows["number"])
    texts = sorted(words.texts[code] for code in codes)
    place = {text: at for at, text in enumerate(texts)}
    number = np.array([place[words.texts[code]] for code in codes], np.int32)
    columns: dict[str, Any] = {
        "satellite": _one_word(part.satellite, len(rows)),
        "kind": _one_word(part.kind, len(rows)),
        "number": pa.DictionaryArray.from_arrays(
            number[np.searchsorted(codes, rows["number"])], pa.array(texts, pa.string())
        ),
        **{name: pa.array(np.ascontiguousarray(rows[name])) for name in _NUMBERS},
    }
    table = pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    sink = pa.BufferOutputStream()
    # The manifest says what statistics would, and most files are small.
    pq.write_table(table, sink, compression="zstd", use_dictionary=list(_OUTSIDE), write_statistics=False)
    body = memoryview(sink.getvalue())
    return PixelFile(
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        rows=len(rows),
        first=int(rows["acquired"].min()),
        last=int(rows["acquired"].max()),
        west=float(rows["lon"].min()),
        south=float(rows["lat"].min()),
        east=float(rows["lon"].max()),
        north=float(rows["lat"].max()),
    )


def unpacked(table: pa.Table, words: Words) -> Rows:
    """Return the packed rows of a file of pixels."""
    rows = np.empty(table.num_rows, ROW)
    for name in _NUMBERS:
        rows[name] = table.column(name).to_numpy()
    number = table.column("number").combine_chunks()
    number = number.chunk(0) if isinstance(number, pa.ChunkedArray) else number
    rows["number"] = words.codes(number.dictionary.to_pylist())[number.indices.to_numpy()]
    return rows


def newer_than(last: dict[int, int]) -> dict[int, int]:
    """Return for each level that shows anything the moment after which its rows are visible.

    The highest level shows all it has; a lower one what it has beyond the newest row of every higher one, as
    today's first look runs ahead of what is settled. Where the archive has spoken (SP), it alone is visible.

    Parameters
    ----------
    last
        Level → newest row of a satellite's day at that level, seconds since 1970 UTC.

    Examples
    --------
    >>> newer_than({0: 9000, 2: 5000})
    {2: -1, 0: 5600}
    >>> newer_than({0: 9000, 3: 5000})
    {3: -1}
    """
    shown: dict[int, int] = {}
    reached = -1
    for level in sorted(last, reverse=True):
        if last[level] > reached:
            shown[level] = reached
        if level == SP:
            break
        reached = max(reached, last[level] + AFTER_S)
    return shown


def empty() -> pd.DataFrame:
    """Return a frame of `FIRE_PIXELS` without rows."""
    frame: pd.DataFrame = SCHEMA.empty_table().to_pandas()
    return frame


def _one_word(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([text], pa.string()))
