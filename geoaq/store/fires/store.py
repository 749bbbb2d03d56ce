"""The store of fire detections: lists go in, what is visible comes out, and what changed since when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from geoaq.errors import ConfigError
from geoaq.frames import ISSUE_COLUMNS
from geoaq.store.fires.engine import open_database
from geoaq.store.fires.events import Events
from geoaq.store.fires.folder import Folder, locked
from geoaq.store.fires.ingesting import Batch, Progress, Taking, alone, read_pixels, sweep
from geoaq.store.fires.judging import sweep_judged
from geoaq.store.fires.manifest import Entry, Ingest, Manifest
from geoaq.store.fires.places import Box, SourceDay, touches
from geoaq.store.fires.registers import Registers
from geoaq.store.fires.rows import DAY_S, SCHEMA, empty, newer_than
from geoaq.store.fires.sorting import WAITING

_TRIES = 5


class Changes(NamedTuple):
    """What changed: the token to ask with next time, and the days to look at again."""

    token: int
    days: tuple[SourceDay, ...]


class Mark(NamedTuple):
    """What shows of a source's day: a hash of its files, and how many rows these have (no more show)."""

    made_from: str
    rows: int


class Taken(NamedTuple):
    """What became of a list: what is noted of it, and whether it was new; parts whose file changed."""

    ingest: Ingest
    new: bool
    changed: int


class FireStore(Events, Registers):
    """The fire detections of one ``GEOAQ_DATA`` folder; a context manager.

    Opening brings the database up to date and sweeps away what a killed process left behind.

    Parameters
    ----------
    data
        The folder of all state.
    url
        ``postgresql://…`` for the manifest; None: SQLite in the folder.

    Raises
    ------
    ConfigError
        The database cannot be reached, is of a later release, or is not the one of the files.
    """

    def __init__(self, data: Path, url: str | None = None) -> None:
        self.folder = Folder(data)
        self.engine: Engine = open_database(self.folder.root, url)
        self.manifest = Manifest(self.engine)
        try:
            self.folder.claim(self.manifest.store())
            with locked(self.folder.root / "pixels.lock", wait=False) as mine:
                if mine:
                    sweep(self.folder, self.manifest)
            with locked(self.folder.root / "judging.lock", wait=False) as mine:
                if mine:
                    sweep_judged(self.folder, self.engine)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def taking_in(self) -> bool:
        """Say whether somebody is taking detections in, for whom the next one has to wait."""
        with locked(self.folder.root / "pixels.lock", wait=False) as mine:
            return not mine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ingest(
        self,
        batches: Callable[[], Iterable[Batch]],
        *,
        sha256: str,
        name: str,
        source: str,
        fetched_at: int,
        progress: Progress,
        waiting: int = WAITING,
    ) -> Taken:
        """Take a list in: all of it, or nothing when it ends early, however it ends.

        Parameters
        ----------
        batches
            Gives its rows; not asked when a list with these bytes was taken in before.
        sha256, name, source
            Of the list: its bytes, its name, where it is from.
        fetched_at
            When it was fetched, seconds since 1970 UTC. Nothing is decided by it.
        progress
            Called with ``fires_reading`` (rows, 0: how many there will be is not known) and
            ``fires_uniting``; what it raises stops the work and keeps nothing.
        waiting
            How many rows memory holds (70 bytes each, for a while twice).

        Raises
        ------
        InputError
            ``fire_frame``: a frame that does not follow `geoaq.frames.FIRE_PIXELS`.
        LimitError
            ``no_room``: the disk is full.
        NotReadyError
            ``fires_changed``: a process on another machine, which the lock does not bind, was quicker.
        """
        with alone(self.folder, self.manifest):
            known = self.manifest.ingest(sha256)
            if known is not None:
                return Taken(known, new=False, changed=0)
            before = self.manifest.sequence()
            about = Ingest(before + 1, sha256, name, source, fetched_at, 0, 0, 0, "")
            taking = Taking(self.folder, self.manifest, waiting=waiting)
            ingest, changed = taking.take(batches(), before=before, about=about, progress=progress)
            return Taken(ingest, new=True, changed=changed)

    def visible(
        self,
        since: int,
        until: int,
        *,
        box: Box | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> pd.DataFrame:
        """Return the detections that count, as a frame of `geoaq.frames.FIRE_PIXELS`.

        Parameters
        ----------
        since, until
            Acquired from ``since`` on and before ``until``, seconds since 1970 UTC.
        box
            West, south, east, north in degrees WGS 84, edges included.
        satellites, kinds
            Only these; None: all.

        Returns
        -------
        pandas.DataFrame
            By source, day and level, in the order of time.
        """
        days = self.visible_days(since, until, box=box, satellites=satellites, kinds=kinds)
        tables = [table for _, table in days]
        if not tables:
            return empty()
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas(self_destruct=True)
        return frame

    def visible_days(
        self,
        since: int,
        until: int,
        *,
        box: Box | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> Iterator[tuple[SourceDay, pa.Table]]:
        """Yield the same detections as `visible`, one source and day after the other, as Arrow tables."""
        if until <= since:
            return
        span = since // DAY_S, (until - 1) // DAY_S
        entries = self.manifest.entries(days=span, satellites=satellites, kinds=kinds)
        for place, levels in groupby(entries, key=lambda one: SourceDay(*one.part[:3])):
            table = self._day(place, list(levels), (since, until), box)
            if table.num_rows:
                yield place, table

    def visible_marks(self) -> dict[SourceDay, Mark]:
        """Return for each source's day a mark of the files that show, and about how many rows there are."""
        entries = self.manifest.entries()
        days = groupby(entries, key=lambda one: SourceDay(*one.part[:3]))
        return {place: mark_of(list(levels)) for place, levels in days}

    def visible_day(self, place: SourceDay) -> tuple[str, pa.Table]:
        """Return the detections of one source's day that count, and the mark of the files they came from."""
        for _ in range(_TRIES):
            day = (place.day, place.day)
            entries = self.manifest.entries(days=day, satellites=[place.satellite], kinds=[place.kind])
            try:
                return mark_of(entries).made_from, self._read_day(entries, (0, 1 << 62), None)
            except FileNotFoundError:
                continue
        raise ConfigError("pixels_damaged", path=place.satellite)

    def changed_since(self, token: int) -> Changes:
        """Return which days have changed since a token was given; 0 for all there are."""
        sequence, days = self.manifest.changed_since(token)
        return Changes(sequence, tuple(SourceDay(*one) for one in days))

    def issues(self, ingest: Ingest) -> pd.DataFrame:
        """Return the notes on the rows of a list, as `geoaq.frames.IssueLog.frame` gives them."""
        if not ingest.issues_path:
            return pd.DataFrame(columns=list(ISSUE_COLUMNS))
        frame: pd.DataFrame = pq.ParquetFile(self.folder.issues / ingest.issues_path).read().to_pandas()
        return frame

    def _day(
        self, place: SourceDay, entries: list[Entry], span: tuple[int, int], box: Box | None
    ) -> pa.Table:
        """Return what counts of one source's day; a file that was replaced meanwhile is looked up again."""
        for _ in range(_TRIES):
            try:
                return self._read_day(entries, span, box)
            except FileNotFoundError:
                day = (place.day, place.day)
                entries = self.manifest.entries(days=day, satellites=[place.satellite], kinds=[place.kind])
        raise ConfigError("pixels_damaged", path=entries[0].path if entries else place.satellite)

    def _read_day(self, entries: list[Entry], span: tuple[int, int], box: Box | None) -> pa.Table:
        by_level = {entry.level: entry for entry in entries}
        tables = []
        for level, after in newer_than({level: entry.last for level, entry in by_level.items()}).items():
            entry = by_level[level]
            first, end = max(span[0], after + 1), span[1]
            if entry.last < first or entry.first >= end or (box is not None and not touches(entry, box)):
                continue
            table = read_pixels(self.folder, entry)
            time = table.column("acquired").to_numpy()
            wanted = (time >= first) & (time < end)
            if box is not None:
                lon, lat = table.column("lon").to_numpy(), table.column("lat").to_numpy()
                wanted &= (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
            tables.append(table if wanted.all() else table.filter(pa.array(np.asarray(wanted))))
        return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def mark_of(entries: list[Entry]) -> Mark:
    """Return the mark of the levels that show; one that is hidden changes nothing."""
    shown = newer_than({entry.level: entry.last for entry in entries})
    seen = [entry for entry in entries if entry.level in shown]
    words = repr([(entry.level, entry.sha256, shown[entry.level]) for entry in seen])
    return Mark(hashlib.sha256(words.encode()).hexdigest(), sum(entry.rows for entry in seen))
