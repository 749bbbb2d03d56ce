"""Judged days go into the store: files aside, then one transaction for parts, events and history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, delete, insert, select, tuple_, update

from geoaq.errors import NotReadyError
from geoaq.frames import FIRE_EVENTS
from geoaq.store.fires.engine import writing
from geoaq.store.fires.folder import ASIDE, Folder, judged_path, locked
from geoaq.store.fires.ingesting import put_in_place, tidied
from geoaq.store.fires.judged import JUDGED_WORDS, JudgedEntry, judged_sequence
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.schema import EVENT_HISTORY, EVENTS, JUDGED, JUDGING

_AT_ONCE = 1000
_FACTS = tuple(name for name in FIRE_EVENTS.names if name != "changed")


class Past(NamedTuple):
    """What became of an event: one row of its history to be."""

    event: str
    what: str
    other: str
    why: str


class Judgement:
    """One chunk of judged days on its way into the store; the caller holds the lock of judging.

    Parameters
    ----------
    folder, engine
        The store.
    """

    def __init__(self, folder: Folder, engine: Engine) -> None:
        self._folder, self._engine = folder, engine
        with engine.connect() as connection:
            self._before = judged_sequence(connection)
        self._aside: list[tuple[Path, Path]] = []
        self._entries: list[JudgedEntry] = []

    def add(self, place: SourceDay, table: pa.Table, *, made_from: str, judged_by: str) -> None:
        """Write a judged day aside.

        Parameters
        ----------
        place
            Whose day it is.
        table
            Its pixels, as `geoaq.store.fires.judged.judged_table` returns them; at least one.
        made_from, judged_by
            What it was made from and judged by: a day that would have the same is not judged again.
        """
        sink = pa.BufferOutputStream()
        pq.write_table(
            table, sink, compression="zstd", use_dictionary=list(JUDGED_WORDS), write_statistics=False
        )
        body = memoryview(sink.getvalue())
        sha256 = hashlib.sha256(body).hexdigest()
        path = judged_path(*place, sha256)
        whole = self._folder.judged / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        aside = whole.with_name(whole.name + ASIDE)
        self._aside.append((aside, whole))
        with aside.open("wb") as file:
            file.write(body)
        time, lon, lat = (table.column(name).to_numpy() for name in ("acquired", "lon", "lat"))
        self._entries.append(
            JudgedEntry(
                *place, path, sha256, table.num_rows, int(time.min()), int(time.max()), float(lon.min()),
                float(lat.min()), float(lon.max()), float(lat.max()), made_from, judged_by, self._before + 1,
            )
        )  # fmt: skip

    def commit(
        self, events: pd.DataFrame, history: Sequence[Past], *, verdict_by: str = "", at: int = 0
    ) -> int:
        """Swap parts, events and history in one transaction, and return the number of the change.

        Parameters
        ----------
        events
            Columns of `FIRE_EVENTS` except ``changed``: rows to be put in place of those with the same
            identity.
        history
            Rows to be added.
        verdict_by
            What the verdicts of ``events`` were judged by.
        at
            When, seconds since 1970 UTC.

        Raises
        ------
        NotReadyError
            ``fires_changed``: a process on another machine, which the lock does not bind, was quicker.
        """
        put_in_place(self._aside, self._folder.judged)
        change = self._before + 1
        with writing(self._engine) as connection:
            counted = connection.execute(
                update(JUDGING).where(JUDGING.c.sequence == self._before).values(sequence=change)
            )
            if counted.rowcount != 1:
                raise NotReadyError("fires_changed")
            old = self._swap_parts(connection)
            _put_events(connection, events, change, verdict_by)
            for begin in range(0, len(history), _AT_ONCE):
                rows = [
                    {"sequence": change, "number": begin + k, "at": at, **past._asdict()}
                    for k, past in enumerate(history[begin : begin + _AT_ONCE])
                ]
                connection.execute(insert(EVENT_HISTORY), rows)
        for path in old - {entry.path for entry in self._entries}:
            (self._folder.judged / path).unlink(missing_ok=True)
        return change

    def _swap_parts(self, connection: Connection) -> set[str]:
        """Put the new parts in place of the old ones, and return the paths of these."""
        old: set[str] = set()
        whose = tuple_(JUDGED.c.satellite, JUDGED.c.kind, JUDGED.c.day)
        for at in range(0, len(self._entries), _AT_ONCE):
            some = self._entries[at : at + _AT_ONCE]
            these = whose.in_([tuple(entry.place) for entry in some])
            old.update(connection.scalars(select(JUDGED.c.path).where(these)))
            connection.execute(delete(JUDGED).where(these))
            connection.execute(insert(JUDGED), [vars(entry) for entry in some])
        return old


@contextmanager
def judging(folder: Folder, engine: Engine) -> Iterator[None]:
    """Hold the lock of judging; whatever comes of it, only what was committed stays.

    Raises
    ------
    LimitError
        ``no_room``: the disk is full.
    ConfigError
        ``database_unreachable``: the line to the database was cut.
    """
    with locked(folder.root / "judging.lock"), tidied(lambda: sweep_judged(folder, engine)):
        yield


def sweep_judged(folder: Folder, engine: Engine) -> int:
    """Remove judged files that no row names; return how many. The caller holds the lock of judging."""
    with writing(engine) as connection:
        connection.execute(select(JUDGING.c.sequence).with_for_update()).all()
        known = [folder.judged / path for path in connection.scalars(select(JUDGED.c.path))]
        return folder.sweep_judged(known)


def _put_events(connection: Connection, events: pd.DataFrame, change: int, verdict_by: str) -> None:
    for begin in range(0, len(events), _AT_ONCE):
        some = events.iloc[begin : begin + _AT_ONCE]
        connection.execute(delete(EVENTS).where(EVENTS.c.event.in_(some["event"].tolist())))
        columns = [_plain(some[name]) for name in _FACTS]
        names = (*_FACTS, "changed", "verdict_by")
        rows: list[dict[str, Any]] = [
            dict(zip(names, (*values, change, verdict_by), strict=True))
            for values in zip(*columns, strict=True)
        ]
        connection.execute(insert(EVENTS), rows)


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Return values for SQL: what is not known is NULL."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f" and np.isnan(column.to_numpy()).any():
        return [None if value != value else value for value in values]
    return values
