"""What a map shows of a store, and which days of it changed since when: asked each time a map is looked at.

A source's day is shown as it was judged, as long as it was judged from the files that count now; until it is
judged anew, its detections are shown as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, func, select

from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.schema import FILES, JUDGED, JUDGING, STATE
from geoaq.store.fires.store import FireStore, mark_of

_TOKEN = re.compile(r"v([0-9]+)j([0-9]+)", re.ASCII)


class Span(NamedTuple):
    """What is there.

    Attributes
    ----------
    token
        ``v``, the number of changes of the detections, ``j``, that of what was judged.
    first, last
        Days since 1970-01-01 UTC; None: there are none.
    begin, end
        First and last detection, seconds since 1970 UTC; None: there are none.
    """

    token: str
    first: int | None
    last: int | None
    begin: int | None
    end: int | None


def span(engine: Engine) -> Span:
    """Return the state of a store, its first and last day, its first and last detection."""
    with engine.connect() as connection:
        # Between two questions somebody may commit: asked first, the numbers are too low, never too high.
        visible, judged = (
            int(connection.execute(select(state.c.sequence)).scalar_one()) for state in (STATE, JUDGING)
        )
        extremes = (
            func.min(FILES.c.day), func.max(FILES.c.day), func.min(FILES.c.first), func.max(FILES.c.last)
        )  # fmt: skip
        first, last, begin, end = connection.execute(select(*extremes)).one()
    return Span(f"v{visible}j{judged}", first, last, begin, end)


def changed_days(engine: Engine, token: str) -> set[int] | None:
    """Return the days that changed since a token was given; None: any may have."""
    known = _TOKEN.fullmatch(token)
    if known is None:
        return None
    with engine.connect() as connection:
        return _changed(connection, FILES, int(known[1])) | _changed(connection, JUDGED, int(known[2]))


def shown_days(
    store: FireStore, first: int, end: int, columns: Sequence[str] | None = None, more: Sequence[str] = ()
) -> Iterator[pa.Table]:
    """Yield the pixels of the days from ``first`` on and before ``end``, one source and day after the other.

    Parameters
    ----------
    store
        The open store.
    first, end
        Days since 1970-01-01 UTC.
    columns
        Of `geoaq.frames.FIRE_PIXELS`; None: all.
    more
        Of `geoaq.frames.FIRE_JUDGED`, given where a day was judged.
    """
    days = (first, end - 1)
    judged = {entry.place: entry for entry in store.judged_entries(days=days)}
    entries = store.manifest.entries(days=days)
    for place, levels in groupby(entries, key=lambda one: SourceDay(*one.part[:3])):
        known = judged.get(place)
        if known is not None and known.made_from == mark_of(list(levels)).made_from:
            yield store.read_judged(known, None if columns is None else [*columns, *more])
        else:
            _, table = store.visible_day(place)
            yield table if columns is None else table.select(list(columns))


def _changed(connection: Connection, files: Table, sequence: int) -> set[int]:
    found: Any = connection.execute(select(files.c.day).where(files.c.changed > sequence).distinct())
    return {int(row[0]) for row in found}
