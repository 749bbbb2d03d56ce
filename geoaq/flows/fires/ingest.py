"""Files of detections go into the store, one after the other, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from geoaq.errors import InputError
from geoaq.flows.fires.read_files import file_marks, file_sha256
from geoaq.frames import FIRE_KINDS
from geoaq.io.fires import FireChunk, read_fire_chunks
from geoaq.io.lists.product import ListProduct
from geoaq.store.fires.store import FireStore, Taken

Progress = Callable[[str, int, int], None]


class Outcome(NamedTuple):
    """What became of one file."""

    path: Path
    taken: Taken


def ingest_files(
    store: FireStore,
    paths: Sequence[Path],
    *,
    product: ListProduct,
    source: str,
    kind: str | None = None,
    datum: str | None = None,
    fetched_at: int,
    progress: Progress,
) -> Iterator[Outcome]:
    """Take files in, in their order, and tell of each when it is committed.

    A file that was taken in before, under whatever name, is left alone: who was stopped gives the same files
    again, and the work goes on where it ended.

    Parameters
    ----------
    store
        The open store.
    paths
        Files of any layout that `geoaq.io.fires.read_fire_chunks` knows.
    product
        The declared list ``fire_list``.
    source
        Where the files are from: kept with each, and the name of a platform's own detections.
    kind, datum
        Of rows that do not say it themselves.
    fetched_at
        When the files were fetched, seconds since 1970 UTC.
    progress
        Called with a step, what is done of it and how much there is (0: not known); what it raises stops
        the work. Files told of before stay.

    Raises
    ------
    InputError
        There is no such kind; a file cannot be used as it is, or changed while it was read: nothing of it
        was kept.
    """
    if kind is not None and kind not in FIRE_KINDS:
        raise InputError("bad_option", option="kind", value=kind, expected=", ".join(FIRE_KINDS))
    for path in paths:
        before = file_marks(path)
        sha256 = file_sha256(path)

        def whole(path: Path = path, before: tuple[int, int] = before) -> Iterator[FireChunk]:
            yield from read_fire_chunks(path, product=product, source=source, kind=kind, datum=datum)
            if file_marks(path) != before:
                raise InputError("file_changed", name=path.name)

        yield Outcome(
            path,
            store.ingest(
                whole,
                sha256=sha256,
                name=path.name,
                source=source,
                fetched_at=fetched_at,
                progress=progress,
            ),
        )
