"""One list goes into the store: all of it, or nothing."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy.exc import OperationalError

from geoaq.errors import ConfigError, LimitError
from geoaq.frames import IssueLog
from geoaq.store.fires.folder import ASIDE, Folder, flush, locked, pixel_path
from geoaq.store.fires.manifest import Entry, Ingest, Manifest
from geoaq.store.fires.rows import Part, Rows, Words, pixel_file, united, unpacked
from geoaq.store.fires.sorting import WAITING, Sorting

Progress = Callable[[str, int, int], None]
_BUNDLE, _FLUSHES = 5000, 32
# The SQLSTATE by which PostgreSQL says that its disk is full.
_DISK_FULL = "53100"


class Batch(Protocol):
    """Some rows of a list, as a reader hands them over.

    Attributes
    ----------
    frame
        Detections (`geoaq.frames.FIRE_PIXELS`).
    extra
        Columns ``key`` (uint64) and ``data`` (JSON as text): what no column holds.
    issues
        Notes on rows that could not be used, or were repaired.
    """

    @property
    def frame(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def extra(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def issues(self) -> IssueLog: ...  # noqa: D102


class Taking:
    """Takes one list in while it holds the store's lock.

    Parameters
    ----------
    folder, manifest
        The store.
    waiting
        How many rows memory holds before they go to disk.
    """

    def __init__(self, folder: Folder, manifest: Manifest, *, waiting: int = WAITING) -> None:
        self._folder, self._manifest, self._waiting = folder, manifest, waiting
        # Written aside, and the name that each will bear.
        self._aside: list[tuple[Path, Path]] = []
        self._issues: list[pd.DataFrame] = []
        self._extra: list[pa.Table] = []

    def take(
        self, batches: Iterable[Batch], *, before: int, about: Ingest, progress: Progress
    ) -> tuple[Ingest, int]:
        """Unite the rows with those that are there, and commit; return what was noted and parts that changed.

        Parameters
        ----------
        before
            Number of changes that the store had when the lock was taken.
        about
            The list, without its counts.
        """
        with self._folder.spill() as spill:
            sorting = Sorting(spill, waiting=self._waiting)
            for batch in batches:
                self._add(sorting, batch)
                progress("fires_reading", sorting.rows, 0)
            entries = self._unite(sorting, about.sequence, progress)
        about = replace(about, rows=sorting.rows, ingested_at=int(datetime.now(UTC).timestamp()))
        about = self._keep_issues(about)
        self._place()
        self._manifest.commit(before, entries, about, self._bundles())
        return about, len(entries)

    def _add(self, sorting: Sorting, batch: Batch) -> None:
        sorting.add(batch.frame)
        if len(batch.extra):
            self._extra.append(pa.Table.from_pandas(batch.extra[["key", "data"]], preserve_index=False))
        issues = batch.issues.frame()
        if len(issues):
            self._issues.append(issues)

    def _unite(self, sorting: Sorting, sequence: int, progress: Progress) -> list[Entry]:
        known = self._manifest.entries(satellites=sorting.satellites())
        there = {entry.part: entry for entry in known}
        entries = []
        for done, (count, part, rows) in enumerate(sorting.parts(), 1):
            entry = self._united(part, rows, there.get(part), sorting.words)
            if entry is not None:
                entries.append(replace(entry, changed=sequence))
            progress("fires_uniting", done, count)
        return entries

    def _united(self, part: Part, rows: Rows, there: Entry | None, words: Words) -> Entry | None:
        """Write the file of a part aside; None when it would hold what is there already."""
        if there is not None:
            rows = np.concatenate([unpacked(read_pixels(self._folder, there), words), rows])
        ranks = words.ranks() if rows["number"].any() else np.zeros(len(words.texts), np.int32)
        made = pixel_file(part, united(rows, ranks), words)
        if there is not None and made.sha256 == there.sha256:
            return None
        path = pixel_path(*part, made.sha256)
        self._write(self._folder.pixels / path, made.body)
        facts = {name: getattr(made, name) for name in made.__dataclass_fields__ if name != "body"}
        return Entry(*part, path=path, changed=0, **facts)

    def _keep_issues(self, about: Ingest) -> Ingest:
        if not self._issues:
            return about
        issues = pd.concat(self._issues, ignore_index=True)
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pandas(issues, preserve_index=False), sink, compression="zstd")
        path = f"{about.sha256[:32]}.parquet"
        self._write(self._folder.issues / path, memoryview(sink.getvalue()))
        return replace(about, issues=len(issues), issues_path=path)

    def _write(self, path: Path, body: memoryview) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(path.name + ASIDE)
        self._aside.append((aside, path))
        with aside.open("wb") as file:
            file.write(body)

    def _place(self) -> None:
        put_in_place(self._aside, self._folder.pixels)

    def _bundles(self) -> Iterator[Sequence[tuple[int, str]]]:
        for table in self._extra:
            for batch in table.to_batches(max_chunksize=_BUNDLE):
                yield list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True))


def put_in_place(aside: Sequence[tuple[Path, Path]], top: Path) -> None:
    """Wait until the disk has every file that was written aside, and give each its name below ``top``."""
    # Side by side, the disk answers many with one turn of its journal.
    with ThreadPoolExecutor(_FLUSHES) as pool:
        list(pool.map(flush, [there for there, _ in aside]))
    for there, path in aside:
        there.replace(path)
    folders = {up for _, path in aside for up in (path.parent, path.parent.parent)}
    flush(*sorted(folders), top)


def read_pixels(folder: Folder, entry: Entry) -> pa.Table:
    """Return what a file of the manifest holds.

    Raises
    ------
    ConfigError
        ``pixels_damaged``: it cannot be read.
    FileNotFoundError
        It is not there: it was replaced meanwhile, or lost.
    """
    path = folder.pixels / entry.path
    try:
        return pq.ParquetFile(path).read()
    except pa.ArrowInvalid as error:
        raise ConfigError("pixels_damaged", path=entry.path) from error


def sweep(folder: Folder, manifest: Manifest) -> int:
    """Remove files that the manifest does not name; return how many. The caller holds the lock."""
    with manifest.paths() as (pixels, issues):
        known = [folder.pixels / path for path in pixels] + [folder.issues / path for path in issues]
        return folder.sweep(known)


@contextmanager
def alone(folder: Folder, manifest: Manifest) -> Iterator[None]:
    """Hold the store's lock for a change; whatever comes of it, only what was committed stays.

    Raises
    ------
    LimitError
        ``no_room``: the disk is full; the store is as it was.
    ConfigError
        ``database_unreachable``: the line to the database was cut.
    """
    with locked(folder.root / "pixels.lock"), tidied(lambda: sweep(folder, manifest)):
        yield


@contextmanager
def tidied(sweep: Callable[[], object]) -> Iterator[None]:
    """Let ``sweep`` remove what was not committed, however the change ends, and name a full disk as such.

    Raises
    ------
    LimitError, ConfigError
        As `alone` says.
    """
    try:
        yield
    except OSError as error:
        sweep()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise LimitError("no_room") from error
        raise
    except OperationalError as error:
        # The database may not be heard now; what is left over goes when the store is opened again.
        if "is full" in str(error.orig) or getattr(error.orig, "sqlstate", "") == _DISK_FULL:
            raise LimitError("no_room") from error
        raise ConfigError("database_unreachable", problem=str(error.orig).strip()) from error
    except BaseException:
        sweep()
        raise
    sweep()
