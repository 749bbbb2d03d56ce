"""The registers of static sources, month by month: each learned from the days before its first, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from geoaq.fires.quality import LEARNED_FROM, learn
from geoaq.flows.fires.rulebook import Rulebook
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.registers import Register
from geoaq.store.fires.rows import DAY_S, SCHEMA
from geoaq.store.fires.store import FireStore, Mark

Progress = Callable[[str, int, int], None]
Marks = Mapping[SourceDay, Mark]
_EPOCH = date(1970, 1, 1)
_READ = [name for name in LEARNED_FROM if name != "adcode"]


def month_of(day: int) -> int:
    """Return the first day of the month of a day; both are days since 1970.

    Examples
    --------
    >>> month_of(19_790) - month_of(19_783)
    0
    """
    return (date_of(day).replace(day=1) - _EPOCH).days


def date_of(day: int) -> date:
    """Return the date of a day (days since 1970)."""
    return _EPOCH + timedelta(days=day)


def learn_registers(
    store: FireStore, marks: Marks, book: Rulebook, progress: Progress
) -> dict[int, Register]:
    """Learn the register of every month that has detections, where what it is learned from has changed.

    Parameters
    ----------
    store
        The open store; the caller holds the lock of judging.
    marks
        What shows of each source's day.
    book
        What pixels are judged by.
    progress
        Called with ``fires_learning``, months done and all of them; what it raises stops the work, and the
        months before stay.

    Returns
    -------
    dict
        By the first day of the month, days since 1970.
    """
    months = sorted({month_of(place.day) for place in marks})
    known, kept = store.registers(), {}
    window = _Window(store, marks, book)
    before = Register(-1, "", "", 0)
    for done, month in enumerate(months, 1):
        made_from = _made_from(month, marks, book, before)
        register = known.get(month)
        if register is None or register.made_from != made_from:
            sources = store.register_of(before.as_of) if before.rows else None
            found = learn(window.before(month), as_of=date_of(month), known=sources, rule=book.quality)
            words = hashlib.sha256(found.to_csv(index=False).encode()).hexdigest()
            register = Register(month, made_from, words, len(found))
            store.keep_register(register, found)
        kept[month] = before = register
        progress("fires_learning", done, len(months))
    return kept


def _oldest(month: int, book: Rulebook) -> int:
    """Return the first day that a month's register looks at."""
    moment = pd.Timestamp(date_of(month)) - pd.DateOffset(months=book.quality.register.months)
    return (moment.date() - _EPOCH).days


def _made_from(month: int, marks: Marks, book: Rulebook, before: Register) -> str:
    words = hashlib.sha256(f"{book.key} {before.sha256}".encode())
    oldest = _oldest(month, book)
    for place in sorted(place for place in marks if oldest <= place.day < month):
        words.update(repr((*place, marks[place].made_from)).encode())
    return words.hexdigest()


class _Window:
    """Detections of the months before one, read once each while the months go by."""

    def __init__(self, store: FireStore, marks: Marks, book: Rulebook) -> None:
        self._store, self._marks, self._book = store, marks, book
        self._months: dict[int, pd.DataFrame] = {}

    def before(self, month: int) -> pd.DataFrame:
        """Return what a register of that month may be learned from."""
        oldest = month_of(_oldest(month, self._book))
        self._months = {at: frame for at, frame in self._months.items() if at >= oldest}
        wanted = sorted({month_of(p.day) for p in self._marks if oldest <= p.day < month})
        for at in wanted:
            if at not in self._months:
                self._months[at] = self._read(at)
        # A month of pushes and patrols alone has no row here, and its categories no type.
        frames = [frame for at in wanted if len(frame := self._months[at])]
        if not frames:
            none: pd.DataFrame = SCHEMA.empty_table().to_pandas().assign(adcode="")
            return none[list(LEARNED_FROM)]
        whole = {
            name: (
                union_categoricals([frame[name] for frame in frames])
                if isinstance(frames[0][name].dtype, pd.CategoricalDtype)
                else pd.concat([frame[name] for frame in frames], ignore_index=True)
            )
            for name in LEARNED_FROM
        }
        return pd.DataFrame(whole, copy=False)

    def _read(self, month: int) -> pd.DataFrame:
        begin = date_of(month)
        after = (begin + timedelta(days=31)).replace(day=1)
        span = month * DAY_S, (after - _EPOCH).days * DAY_S
        days = self._store.visible_days(*span, kinds=["satellite"])
        tables = [table.select(_READ) for _, table in days] or [SCHEMA.empty_table().select(_READ)]
        whole: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
        return whole.assign(adcode=self._book.located(whole))[list(LEARNED_FROM)]
