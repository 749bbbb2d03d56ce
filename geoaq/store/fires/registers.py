"""Registers of static sources, one for each month, and what people decided about single sources."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Engine, delete, func, insert, select, update

from geoaq.errors import InputError
from geoaq.store.fires.engine import writing
from geoaq.store.fires.rows import DAY_S
from geoaq.store.fires.schema import JUDGING, REGISTERS, STATIC_REVIEWS, STATIC_SOURCES

#: Columns of a register, as `geoaq.fires.quality.learn` returns them.
STATIC = {
    "source": "object", "lon": "float64", "lat": "float64", "radius_m": "float64", "first": "int64",
    "last": "int64", "days": "int64", "days_outside": "int64", "span_days": "int64",
    "night_share": "float64", "frp_median_mw": "float64", "frp_p95_mw": "float64", "expires": "int64",
    "learned_as_of": "int64",
}  # fmt: skip
REVIEWS = ("source", "decision", "by", "remark", "at")
DECISIONS = ("confirmed", "rejected", "open")


class Register(NamedTuple):
    """What is noted of a month's register: its first day, what it was learned from, what it holds."""

    as_of: int
    made_from: str
    sha256: str
    rows: int


class Rejections(NamedTuple):
    """Which sources are rejected, from which UTC day (since 1970) on: days ascending, sources of each."""

    days: tuple[int, ...] = ()
    sources: tuple[frozenset[str], ...] = ()

    def on(self, day: int) -> frozenset[str]:
        """Return the sources that are rejected on a day: by the last decision of that day or before it."""
        at = bisect_right(self.days, day)
        return self.sources[at - 1] if at else frozenset()


class Registers:
    """What a store says of static sources."""

    engine: Engine

    def static_sources(self, as_of: int | None = None) -> pd.DataFrame:
        """Return the register that was in force at a moment, with the last decision on each source.

        Parameters
        ----------
        as_of
            Seconds since 1970 UTC; None: the newest register.

        Returns
        -------
        pandas.DataFrame
            ``source lon lat radius_m first last days days_outside span_days night_share frp_median_mw
            frp_p95_mw expires learned_as_of``, and ``decision`` (``confirmed``, ``rejected``, ``open``).
        """
        newest = select(func.max(REGISTERS.c.as_of))
        if as_of is not None:
            newest = newest.where(REGISTERS.c.as_of <= as_of // DAY_S)
        with self.engine.connect() as connection:
            month = connection.execute(newest).scalar_one()
        frame = self.register_of(-1 if month is None else int(month))
        decisions = self.static_decisions()
        return frame.assign(decision=[decisions.get(source, "open") for source in frame["source"]])

    def register_of(self, month: int) -> pd.DataFrame:
        """Return the register of the month that begins on a day (days since 1970), without decisions."""
        query = select(*(STATIC_SOURCES.c[name] for name in STATIC)).where(STATIC_SOURCES.c.as_of == month)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        frame = pd.DataFrame(rows, columns=list(STATIC), dtype=object).astype(STATIC)
        return frame.sort_values("source", ignore_index=True)

    def registers(self) -> dict[int, Register]:
        """Return what is noted of each month's register, by its first day (days since 1970)."""
        query = select(*(REGISTERS.c[name] for name in Register._fields))
        with self.engine.connect() as connection:
            return {row[0]: Register(*row) for row in connection.execute(query)}

    def keep_register(self, register: Register, sources: pd.DataFrame) -> None:
        """Put a month's register in place of the one before: all or nothing."""
        rows = [
            {"as_of": register.as_of, **{name: _plain(value) for name, value in row.items()}}
            for row in sources[list(STATIC)].astype(STATIC).astype(object).to_dict("records")
        ]
        with writing(self.engine) as connection:
            changed = connection.execute(
                update(JUDGING).values(sequence=JUDGING.c.sequence + 1).returning(JUDGING.c.sequence)
            ).scalar_one()
            for table in (REGISTERS, STATIC_SOURCES):
                connection.execute(delete(table).where(table.c.as_of == register.as_of))
            connection.execute(insert(REGISTERS), [{**register._asdict(), "changed": changed}])
            if rows:
                connection.execute(insert(STATIC_SOURCES), rows)

    def review_static(self, source: str, decision: str, by: str, remark: str, at: int) -> None:
        """Note what somebody decided about a static source; earlier decisions stay on record.

        Parameters
        ----------
        source
            Its identity in the register.
        decision
            ``confirmed``, ``rejected`` (its pixels are judged like any other, those of the UTC day of the
            decision and later), or ``open``.
        by, remark
            Who, and why.
        at
            Seconds since 1970 UTC. Of several decisions the last row counts, whatever its moment.

        Raises
        ------
        InputError
            ``bad_option``: there is no such decision, or no register has such a source.
        """
        if decision not in DECISIONS:
            raise InputError("bad_option", option="decision", value=decision, expected=", ".join(DECISIONS))
        known = select(STATIC_SOURCES.c.source).where(STATIC_SOURCES.c.source == source).limit(1)
        with writing(self.engine) as connection:
            if connection.execute(known).first() is None:
                raise InputError("bad_option", option="source", value=source, expected="static_sources()")
            connection.execute(update(JUDGING).values(sequence=JUDGING.c.sequence + 1))
            last = connection.execute(select(func.max(STATIC_REVIEWS.c.number))).scalar_one()
            row = {"source": source, "decision": decision, "by": by, "remark": remark, "at": at}
            connection.execute(insert(STATIC_REVIEWS), [{"number": (last or 0) + 1, **row}])

    def static_reviews(self) -> pd.DataFrame:
        """Return all decisions in their order: ``source decision by remark at``."""
        query = select(*(STATIC_REVIEWS.c[name] for name in REVIEWS)).order_by(STATIC_REVIEWS.c.number)
        with self.engine.connect() as connection:
            return pd.DataFrame(connection.execute(query).all(), columns=list(REVIEWS))

    def static_decisions(self) -> dict[str, str]:
        """Return the last decision on each source that has one."""
        reviews = self.static_reviews()
        return dict(zip(reviews["source"], reviews["decision"], strict=True))

    def static_rejections(self) -> Rejections:
        """Return which sources are rejected from which day on: what was judged before a decision stays."""
        return _rejections(self.static_reviews())


def _rejections(reviews: pd.DataFrame) -> Rejections:
    days = tuple(sorted({int(at) // DAY_S for at in reviews["at"]}))
    found = []
    for day in days:
        until = reviews[reviews["at"] // DAY_S <= day]
        last = dict(zip(until["source"], until["decision"], strict=True))
        found.append(frozenset(source for source, decision in last.items() if decision == "rejected"))
    return Rejections(days, tuple(found))


def _plain(value: Any) -> Any:
    """Return a value for SQL: what is not known is NULL."""
    return None if isinstance(value, float) and value != value else value
