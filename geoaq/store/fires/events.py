"""Events in SQL: what each is now, which pixels are its members, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, Select, case, false, func, literal, or_, select

from geoaq.errors import InputError
from geoaq.frames import FIRE_EVENTS
from geoaq.store.fires.judged import JUDGED_SCHEMA, JudgedPixels
from geoaq.store.fires.schema import EVENT_HISTORY, EVENTS

HISTORY = ("sequence", "event", "what", "other", "at", "why")
#: What can become of an event.
WHAT = ("new", "grew", "shrank", "merged_into", "split_from", "gone", "reclassified")


class Events(JudgedPixels):
    """What a store says of events."""

    engine: Engine

    def events(
        self,
        since: int = 0,
        until: int = 1 << 62,
        *,
        classes: Collection[str] | None = None,
        adcode_prefix: str = "",
        in_county: bool | None = None,
        verdict: str | None = None,
        satellites: Collection[str] | None = None,
        confidences: Collection[int] | None = None,
        alive: bool | None = True,
        limit: int | None = None,
        offset: int = 0,
        order: str = "first_seen",
        counties_first: bool = False,
    ) -> pd.DataFrame:
        """Return events as a frame of `geoaq.frames.FIRE_EVENTS`.

        Parameters
        ----------
        since, until
            Seen from ``since`` on and before ``until``, seconds since 1970 UTC: any part of the event.
        classes
            Only these; None: all.
        adcode_prefix
            How the code of the event's county begins: ``34`` a province, ``341302`` a county.
        in_county
            Only those in a county, or (False) only those in none; None: all.
        verdict
            Only this one (``""``: not judged); None: all.
        satellites
            Seen by any of these; None: by whichever.
        confidences
            Only those whose highest confidence is one of these (-1 unknown to 2 high); None: all.
        alive
            False: only those that were merged or are gone; None: all.
        limit, offset
            So many, after so many.
        order
            A column, with ``-`` before it falling; of equals the identity decides.
        counties_first
            Those in no county stand behind all others, whatever the order.

        Raises
        ------
        InputError
            ``bad_option``: there is no such column.
        """
        wanted = _wanted(
            since, until, classes, adcode_prefix, in_county, verdict, satellites, confidences, alive
        )
        query = select(*(EVENTS.c[name] for name in FIRE_EVENTS.names)).where(*wanted)
        return self._frame(_ordered(query, order, counties_first=counties_first).limit(limit).offset(offset))

    def events_by_id(self, ids: Collection[str]) -> pd.DataFrame:
        """Return the events with these identities, alive or not, as they are: merges are not followed."""
        columns = [EVENTS.c[name] for name in FIRE_EVENTS.names]
        wanted = sorted(ids)
        parts = [
            self._frame(select(*columns).where(EVENTS.c.event.in_(wanted[at : at + 5000])))
            for at in range(0, len(wanted), 5000)
        ]
        return pd.concat(parts, ignore_index=True) if parts else empty_events()

    def event_spans(self, since: int, until: int) -> pd.DataFrame:
        """Return ``event first_seen last_seen`` of living events seen from ``since`` until ``until``."""
        columns = (EVENTS.c.event, EVENTS.c.first_seen, EVENTS.c.last_seen)
        query = select(*columns).where(
            EVENTS.c.alive, EVENTS.c.last_seen >= since, EVENTS.c.first_seen <= until
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        frame = pd.DataFrame(rows, columns=["event", "first_seen", "last_seen"])
        return frame.astype({"event": object, "first_seen": "int64", "last_seen": "int64"})

    def count_events(
        self,
        since: int = 0,
        until: int = 1 << 62,
        *,
        classes: Collection[str] | None = None,
        adcode_prefix: str = "",
        in_county: bool | None = None,
        verdict: str | None = None,
        satellites: Collection[str] | None = None,
        confidences: Collection[int] | None = None,
    ) -> int:
        """Return how many living events `events` would find."""
        wanted = _wanted(
            since, until, classes, adcode_prefix, in_county, verdict, satellites, confidences, alive=True
        )
        with self.engine.connect() as connection:
            query = select(func.count()).select_from(EVENTS).where(*wanted)
            return int(connection.execute(query).scalar_one())

    def stale_events(self, verdict_by: str, limit: int) -> pd.DataFrame:
        """Return living events whose verdict was found by anything else than ``verdict_by``."""
        query = select(*(EVENTS.c[name] for name in FIRE_EVENTS.names))
        query = query.where(EVENTS.c.alive, EVENTS.c.verdict_by != verdict_by)
        return self._frame(query.order_by(EVENTS.c.event).limit(limit))

    def event(self, event: str) -> dict[str, Any] | None:
        """Return an event, or the one that it was merged into; None when there never was one of that name."""
        seen: set[str] = set()
        while event not in seen:
            seen.add(event)
            found = self._frame(
                select(*(EVENTS.c[name] for name in FIRE_EVENTS.names)).where(EVENTS.c.event == event)
            )
            if found.empty:
                return None
            row: dict[str, Any] = {str(name): found[name].tolist()[0] for name in found}
            if row["alive"] or not row["merged_into"]:
                return row
            event = row["merged_into"]
        return None

    def members(self, event: str) -> pd.DataFrame:
        """Return the pixels of an event (merges followed), as a frame of `geoaq.frames.FIRE_JUDGED`."""
        row = self.event(event)
        if row is None or not row["alive"]:
            empty: pd.DataFrame = JUDGED_SCHEMA.empty_table().to_pandas()
            return empty
        return self.judged(
            row["first_seen"],
            row["last_seen"] + 1,
            satellites=row["satellites"].split(";"),
            event=row["event"],
        )

    def event_history(self, event: str) -> pd.DataFrame:
        """Return what became of an event, and which others ended in it, in the order of changes.

        Returns
        -------
        pandas.DataFrame
            ``sequence event what other at why``: ``what`` is one of `WHAT`, ``at`` seconds since 1970 UTC,
            ``why`` JSON of numbers before and after. Rows of other events that name this one are among them.
        """
        query = (
            select(*(EVENT_HISTORY.c[name] for name in HISTORY))
            .where((EVENT_HISTORY.c.event == event) | (EVENT_HISTORY.c.other == event))
            .order_by(EVENT_HISTORY.c.sequence, EVENT_HISTORY.c.number)
        )
        with self.engine.connect() as connection:
            return pd.DataFrame(connection.execute(query).all(), columns=list(HISTORY))

    def _frame(self, query: Select[Any]) -> pd.DataFrame:
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return typed_events(pd.DataFrame(rows, columns=list(FIRE_EVENTS.names), dtype=object))


def typed_events(frame: pd.DataFrame) -> pd.DataFrame:
    """Return events with the exact types of `FIRE_EVENTS`."""
    return frame[list(FIRE_EVENTS.names)].astype(FIRE_EVENTS.dtypes)


def empty_events() -> pd.DataFrame:
    """Return a frame of `FIRE_EVENTS` without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in FIRE_EVENTS.dtypes.items()})


def _wanted(
    since: int,
    until: int,
    classes: Collection[str] | None,
    adcode_prefix: str,
    in_county: bool | None,
    verdict: str | None,
    satellites: Collection[str] | None,
    confidences: Collection[int] | None,
    alive: bool | None,
) -> list[ColumnElement[bool]]:
    """Return the conditions of `Events.events`."""
    found = [EVENTS.c.last_seen >= since, EVENTS.c.first_seen < until]
    if classes is not None:
        found.append(EVENTS.c["class"].in_(sorted(classes)))
    if adcode_prefix:
        found.append(EVENTS.c.adcode.startswith(adcode_prefix, autoescape=True))
    if in_county is not None:
        found.append((EVENTS.c.adcode != "") if in_county else (EVENTS.c.adcode == ""))
    if verdict is not None:
        found.append(EVENTS.c.verdict == verdict)
    if satellites is not None:
        listed = literal(";") + EVENTS.c.satellites + ";"
        found.append(
            or_(false(), *(listed.contains(f";{one};", autoescape=True) for one in sorted(satellites)))
        )
    if confidences is not None:
        found.append(EVENTS.c.confidence.in_(sorted(confidences)))
    if alive is not None:
        found.append(EVENTS.c.alive.is_(alive))
    return found


def _ordered(query: Select[Any], order: str, *, counties_first: bool) -> Select[Any]:
    name = order.removeprefix("-")
    if name not in FIRE_EVENTS.names:
        raise InputError("bad_option", option="order", value=order, expected=", ".join(FIRE_EVENTS.names))
    column = EVENTS.c[name]
    if counties_first:
        query = query.order_by(case((EVENTS.c.adcode == "", 1), else_=0))
    return query.order_by(column.desc() if order.startswith("-") else column, EVENTS.c.event)
