"""Which days a store has pixels of, and which changed since when: asked each time a map is looked at."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Table, func, select

from geoaq.store.fires.schema import FILES, JUDGED, JUDGING, STATE


class Span(NamedTuple):
    """What is there.

    Attributes
    ----------
    token
        ``j`` and the number of changes of what was judged; before anything was judged, ``v`` and that of the
        detections.
    first, last
        Days since 1970-01-01 UTC; None: there are none.
    """

    token: str
    first: int | None
    last: int | None

    @property
    def judged(self) -> bool:
        """Say whether the pixels were judged."""
        return self.token.startswith("j")


def span(engine: Engine) -> Span:
    """Return the state of the judged pixels or, where nothing was judged yet, of the visible ones."""
    with engine.connect() as connection:
        judged = _span(connection, "j", JUDGED, JUDGING)
        return _span(connection, "v", FILES, STATE) if judged.first is None else judged


def changed_days(engine: Engine, token: str) -> set[int] | None:
    """Return the days that changed since a token was given; None: any may have."""
    now = span(engine)
    if not token or token[0] != now.token[0]:
        return None
    with engine.connect() as connection:
        return _changed(connection, JUDGED if now.judged else FILES, int(token[1:]))


def _span(connection: Connection, letter: str, files: Table, state: Table) -> Span:
    # Between two questions somebody may commit: asked first, the number is too low, never too high.
    sequence = connection.execute(select(state.c.sequence)).scalar_one()
    first, last = connection.execute(select(func.min(files.c.day), func.max(files.c.day))).one()
    return Span(f"{letter}{sequence}", first, last)


def _changed(connection: Connection, files: Table, sequence: int) -> set[int]:
    found: Any = connection.execute(select(files.c.day).where(files.c.changed > sequence).distinct())
    return {int(row[0]) for row in found}
