"""The manifest: which files of pixels are there, since when, and from which lists their rows came."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from geoaq.errors import NotReadyError
from geoaq.store.fires.engine import writing
from geoaq.store.fires.places import among
from geoaq.store.fires.rows import Part
from geoaq.store.fires.schema import EXTRA, FILES, INGESTS, STATE

_AT_ONCE = 5000


@dataclass(frozen=True)
class Entry:
    """One file of pixels: a row of ``fire_files`` (see `schema`)."""

    satellite: str
    kind: str
    day: int
    level: int
    path: str
    sha256: str
    rows: int
    first: int
    last: int
    west: float
    south: float
    east: float
    north: float
    changed: int

    @property
    def part(self) -> Part:
        """Return what the file holds."""
        return Part(self.satellite, self.kind, self.day, self.level)


@dataclass(frozen=True)
class Ingest:
    """One list that was taken in.

    Attributes
    ----------
    sequence
        Its place among all changes of the store.
    sha256, name, source
        The list's bytes, its name, and where it is from.
    fetched_at, ingested_at
        Seconds since 1970 UTC. Nothing is decided by them.
    rows, issues
        Rows that could be used, and notes on those that could not or were repaired.
    issues_path
        The notes, below ``issues``; ``""`` when there are none.
    """

    sequence: int
    sha256: str
    name: str
    source: str
    fetched_at: int
    ingested_at: int
    rows: int
    issues: int
    issues_path: str


class Manifest:
    """The manifest of one store, in its database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def store(self) -> str:
        """Return the name of the store, which its folder bears too."""
        with self._engine.connect() as connection:
            return str(connection.execute(select(STATE.c.store)).scalar_one())

    def sequence(self) -> int:
        """Return how many changes were committed."""
        with self._engine.connect() as connection:
            return _sequence(connection)

    def state(self) -> str:
        """Return a hash of what the files hold: the same for the same detections, however they came."""
        words = hashlib.sha256()
        columns = (FILES.c.satellite, FILES.c.kind, FILES.c.day, FILES.c.level, FILES.c.sha256)
        with self._engine.connect() as connection:
            found = sorted(tuple(row) for row in connection.execute(select(*columns)))
        for row in found:
            words.update(repr(row).encode())
        return words.hexdigest()

    def entries(
        self,
        *,
        days: tuple[int, int] | None = None,
        satellites: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> list[Entry]:
        """Return the files of ``days`` (first and last, days since 1970), in the order of their parts."""
        query = select(*(FILES.c[name] for name in Entry.__dataclass_fields__))
        query = among(query, FILES, days=days, satellites=satellites, kinds=kinds)
        with self._engine.connect() as connection:
            found = [Entry(*row) for row in connection.execute(query)]
        return sorted(found, key=lambda one: one.part)  # the collation of a database is its own affair

    def changed_since(self, sequence: int) -> tuple[int, list[tuple[str, str, int]]]:
        """Return the present number of changes, and satellite, kind and day of what changed after another."""
        columns = (FILES.c.satellite, FILES.c.kind, FILES.c.day)
        with self._engine.connect() as connection:
            # Between two questions somebody may commit: asked first, the number is too low, never too high.
            now = _sequence(connection)
            found = connection.execute(select(*columns).where(FILES.c.changed > sequence).distinct())
            return now, sorted((row[0], row[1], row[2]) for row in found)

    def ingests(self) -> list[Ingest]:
        """Return the lists that were taken in, in their order."""
        query = select(*(INGESTS.c[name] for name in Ingest.__dataclass_fields__))
        with self._engine.connect() as connection:
            return [Ingest(*row) for row in connection.execute(query.order_by(INGESTS.c.sequence))]

    def ingest(self, sha256: str) -> Ingest | None:
        """Return the list with these bytes, if it was taken in."""
        query = select(*(INGESTS.c[name] for name in Ingest.__dataclass_fields__))
        with self._engine.connect() as connection:
            row = connection.execute(query.where(INGESTS.c.sha256 == sha256)).one_or_none()
        return None if row is None else Ingest(*row)

    def extra(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the long texts of detections by key, each as JSON, in a fixed order."""
        found: dict[int, list[str]] = {}
        wanted = sorted({_signed(key) for key in keys})
        with self._engine.connect() as connection:
            for at in range(0, len(wanted), _AT_ONCE):
                query = select(EXTRA.c.key, EXTRA.c.text).where(EXTRA.c.key.in_(wanted[at : at + _AT_ONCE]))
                for key, text in connection.execute(query):
                    found.setdefault(key % (1 << 64), []).append(text)
        return {key: tuple(sorted(texts)) for key, texts in found.items()}

    def commit(
        self,
        before: int,
        entries: Sequence[Entry],
        ingest: Ingest,
        extra: Iterable[Sequence[tuple[int, str]]],
    ) -> None:
        """Put new files, the list that they came from and its texts into the manifest: all or nothing.

        Parameters
        ----------
        before
            `sequence` from which ``entries`` were made.
        extra
            Keys and their texts, in bundles.

        Raises
        ------
        NotReadyError
            ``fires_changed``: somebody else has committed since.
        """
        with writing(self._engine) as connection:
            counted = connection.execute(
                update(STATE).where(STATE.c.sequence == before).values(sequence=ingest.sequence)
            )
            if counted.rowcount != 1:
                raise NotReadyError("fires_changed")
            for at in range(0, len(entries), _AT_ONCE // 5):
                some = entries[at : at + _AT_ONCE // 5]
                key = (FILES.c.satellite, FILES.c.kind, FILES.c.day, FILES.c.level)
                connection.execute(delete(FILES).where(tuple_(*key).in_([tuple(one.part) for one in some])))
                connection.execute(insert(FILES), [vars(one) for one in some])
            connection.execute(insert(INGESTS), [vars(ingest)])
            for bundle in extra:
                _put_extra(connection, bundle)

    @contextmanager
    def paths(self) -> Iterator[tuple[list[str], list[str]]]:
        """Give the paths of all files of pixels and of all files of issues, and let nobody commit meanwhile.

        A commit whose outcome was not heard, because the line to the server was cut, is waited for.
        """
        with writing(self._engine) as connection:
            connection.execute(select(STATE.c.sequence).with_for_update()).all()
            pixels = connection.scalars(select(FILES.c.path)).all()
            issues = connection.scalars(
                select(INGESTS.c.issues_path).where(INGESTS.c.issues_path != "")
            ).all()
            yield list(pixels), list(issues)

    def counts(self) -> list[tuple[str, str, int, int, int, int, int]]:
        """Return satellite, kind, level, rows, days, first and last detection of each source and level."""
        query = select(
            FILES.c.satellite, FILES.c.kind, FILES.c.level, func.sum(FILES.c.rows), func.count(),
            func.min(FILES.c.first), func.max(FILES.c.last),
        ).group_by(FILES.c.satellite, FILES.c.kind, FILES.c.level)  # fmt: skip
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        return sorted((r[0], r[1], r[2], int(r[3]), int(r[4]), int(r[5]), int(r[6])) for r in found)


def _sequence(connection: Connection) -> int:
    return int(connection.execute(select(STATE.c.sequence)).scalar_one())


def _put_extra(connection: Connection, bundle: Sequence[tuple[int, str]]) -> None:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [
        {"key": _signed(key), "sha256": hashlib.sha256(text.encode()).hexdigest(), "text": text}
        for key, text in bundle
    ]
    connection.execute(dialect.insert(EXTRA).on_conflict_do_nothing(), rows)


def _signed(key: int) -> int:
    """Return the signed number of the same 64 bits."""
    key = int(key)
    return key - (1 << 64) if key >= 1 << 63 else key
