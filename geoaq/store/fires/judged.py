"""Judged pixels: immutable files, one for a source's UTC day, and the rows that name them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, select

from geoaq.errors import ConfigError
from geoaq.frames import AREA_COLUMNS, FIRE_CLASSES, FIRE_JUDGED
from geoaq.store.fires.folder import Folder
from geoaq.store.fires.places import Box, SourceDay, among, touches
from geoaq.store.fires.rows import DAY_S, WORD
from geoaq.store.fires.schema import JUDGED, JUDGING

_TRIES = 5
#: What a pixel can be taken for.
CLASSES = FIRE_CLASSES
JUDGED_WORDS = tuple(name for name, dtype in FIRE_JUDGED.dtypes.items() if dtype == "category")
JUDGED_SCHEMA = pa.schema(
    [
        pa.field(name, WORD if name in JUDGED_WORDS else pa.from_numpy_dtype(np.dtype(dtype)), nullable=False)
        for name, dtype in FIRE_JUDGED.dtypes.items()
    ]
)


@dataclass(frozen=True)
class JudgedEntry:
    """One file of judged pixels: a row of ``fire_judged`` (see `schema`)."""

    satellite: str
    kind: str
    day: int
    path: str
    sha256: str
    rows: int
    first: int
    last: int
    west: float
    south: float
    east: float
    north: float
    made_from: str
    judged_by: str
    changed: int

    @property
    def place(self) -> SourceDay:
        """Return whose day it is."""
        return SourceDay(self.satellite, self.kind, self.day)


class JudgedPixels:
    """What a store says of its judged pixels."""

    folder: Folder
    engine: Engine

    def judged(
        self,
        since: int,
        until: int,
        *,
        box: Box | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        classes: Collection[str] | None = None,
        adcodes: Collection[str] | None = None,
        event: str | None = None,
    ) -> pd.DataFrame:
        """Return the judged pixels, as a frame of `geoaq.frames.FIRE_JUDGED`.

        Parameters
        ----------
        since, until
            Acquired from ``since`` on and before ``until``, seconds since 1970 UTC.
        box
            West, south, east, north in degrees WGS 84, edges included.
        satellites, kinds, classes
            Only these; None: all.
        adcodes
            Counties, prefectures (4 digits) or provinces (2 digits) of the centre: beginnings of a code.
        event
            Only the pixels of this event.

        Returns
        -------
        pandas.DataFrame
            By source, day and level, in the order of time.
        """
        days = self.judged_days(
            since, until, box=box, satellites=satellites, kinds=kinds, classes=classes, adcodes=adcodes,
            event=event,
        )  # fmt: skip
        tables = [table for _, table in days] or [JUDGED_SCHEMA.empty_table()]
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas(self_destruct=True)
        return frame

    def judged_days(
        self,
        since: int,
        until: int,
        *,
        box: Box | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        classes: Collection[str] | None = None,
        adcodes: Collection[str] | None = None,
        event: str | None = None,
    ) -> Iterator[tuple[SourceDay, pa.Table]]:
        """Yield the same pixels as `judged`, one source and day after the other, as Arrow tables."""
        if until <= since:
            return
        span = since // DAY_S, (until - 1) // DAY_S
        words = {"class": classes, "event": None if event is None else [event]}
        for entry in self.judged_entries(days=span, satellites=satellites, kinds=kinds):
            if entry.last < since or entry.first >= until or (box is not None and not touches(entry, box)):
                continue
            table = self.read_judged(entry)
            kept = wanted(table, (since, until), box, words, adcodes)
            table = table if kept.all() else table.filter(pa.array(kept))
            if table.num_rows:
                yield entry.place, table

    def judged_state(self) -> str:
        """Return a word that changes whenever a judged pixel, an event or a register changes."""
        with self.engine.connect() as connection:
            return f"j{judged_sequence(connection)}"

    def judged_entries(
        self,
        *,
        days: tuple[int, int] | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> list[JudgedEntry]:
        """Return the files of ``days`` (first and last, days since 1970), in the order of their sources."""
        query = select(*(JUDGED.c[name] for name in JudgedEntry.__dataclass_fields__))
        query = among(query, JUDGED, days=days, satellites=satellites, kinds=kinds)
        with self.engine.connect() as connection:
            found = [JudgedEntry(*row) for row in connection.execute(query)]
        return sorted(found, key=lambda one: one.place)

    def read_judged(self, entry: JudgedEntry, columns: list[str] | None = None) -> pa.Table:
        """Return what a file holds; one that was replaced meanwhile is looked up again.

        Raises
        ------
        ConfigError
            ``pixels_damaged``: it cannot be read, or is lost.
        """
        for _ in range(_TRIES):
            try:
                table = pq.ParquetFile(self.folder.judged / entry.path).read(columns=columns)
                return _whole(table, JUDGED_SCHEMA.names if columns is None else columns)
            except FileNotFoundError:
                day = (entry.day, entry.day)
                found = self.judged_entries(days=day, satellites=[entry.satellite], kinds=[entry.kind])
                if not found:
                    break
                entry = found[0]
            except pa.ArrowInvalid as error:
                raise ConfigError("pixels_damaged", path=entry.path) from error
        raise ConfigError("pixels_damaged", path=entry.path)


def wanted(
    table: pa.Table,
    span: tuple[int, int],
    box: Box | None,
    words: dict[str, Collection[str] | None],
    adcodes: Collection[str] | None,
) -> npt.NDArray[np.bool_]:
    """Say which rows lie in a span of time and a box, bear one of the words and begin with a code."""
    time = table.column("acquired").to_numpy()
    kept: npt.NDArray[np.bool_] = (time >= span[0]) & (time < span[1])
    if box is not None:
        lon, lat = table.column("lon").to_numpy(), table.column("lat").to_numpy()
        kept &= (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
    for name, values in words.items():
        if values is not None:
            kept &= one_of(table.column(name), set(values).__contains__)
    if adcodes is not None:
        begins = tuple(adcodes)
        kept &= one_of(table.column("adcode"), lambda code: code.startswith(begins))
    return kept


def one_of(column: pa.ChunkedArray, fits: Any) -> npt.NDArray[np.bool_]:
    """Say of which rows of a column of words the word fits; each word is asked once."""
    parts = [np.empty(0, bool)]
    for chunk in column.chunks:
        answers = np.array([fits(word) for word in chunk.dictionary.to_pylist()], bool)
        parts.append(answers[chunk.indices.to_numpy()])
    return np.concatenate(parts)


def judged_table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame of `FIRE_JUDGED` as the table of a file: words in order, each that occurs once.

    `geoaq.frames.AREA_COLUMNS` may be missing: then no office has loaded any areas.
    """
    arrays = []
    for field in JUDGED_SCHEMA:
        if field.name in AREA_COLUMNS and field.name not in frame:
            arrays.append(_unknown(field, len(frame)))
            continue
        column = frame[field.name]
        if field.name in JUDGED_WORDS:
            arrays.append(_words(column))
        else:
            arrays.append(pa.array(np.ascontiguousarray(column.to_numpy(field.type.to_pandas_dtype()))))
    return pa.Table.from_arrays(arrays, schema=JUDGED_SCHEMA)


def _whole(table: pa.Table, names: list[str]) -> pa.Table:
    """Return the table of a file; one of before areas could be loaded tells of none."""
    missing = [name for name in AREA_COLUMNS if name in names and name not in table.column_names]
    for name in missing:
        field = JUDGED_SCHEMA.field(name)
        table = table.append_column(field, pa.chunked_array([_unknown(field, table.num_rows)]))
    return table.select(names) if missing else table


def _unknown(field: pa.Field, rows: int) -> pa.Array:
    """Return a column that tells of no area."""
    if field.name in JUDGED_WORDS:
        none = pa.array(np.zeros(rows, np.int32))
        return pa.DictionaryArray.from_arrays(none, pa.array([""] if rows else [], pa.string()))
    value = False if pa.types.is_boolean(field.type) else np.nan
    return pa.array(np.full(rows, value, field.type.to_pandas_dtype()))


def _words(column: pd.Series[Any]) -> pa.DictionaryArray:
    codes = column.cat.codes.to_numpy()
    used = np.flatnonzero(np.bincount(codes, minlength=1)) if len(codes) else np.empty(0, np.intp)
    words = np.asarray(column.cat.categories.to_numpy(object)[used] if len(used) else [], object)
    order = np.argsort(words) if len(words) else used
    place = np.zeros(int(used.max(initial=0)) + 1, np.int32)
    place[used[order]] = np.arange(len(order), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(place[codes]), pa.array(words[order], pa.string()))


def judged_sequence(connection: Connection) -> int:
    """Return how many changes of what was judged were committed."""
    return int(connection.execute(select(JUDGING.c.sequence)).scalar_one())
