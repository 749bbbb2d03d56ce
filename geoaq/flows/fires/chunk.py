"""One chunk of judging: its detections, the events around them, and the commit of both."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geoaq.flows.fires.bans import judge_events
from geoaq.flows.fires.joining import MEMBER, Joined, join, stacked
from geoaq.flows.fires.registers import month_of
from geoaq.flows.fires.rulebook import Rulebook
from geoaq.store.fires.judged import JUDGED_SCHEMA, JudgedEntry, judged_table, one_of
from geoaq.store.fires.judging import Judgement
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.registers import Rejections
from geoaq.store.fires.rows import DAY_S
from geoaq.store.fires.store import FireStore

# Rows that are judged at once.
_AT_ONCE = 100_000
_NOBODY = JUDGED_SCHEMA.empty_table().select(list(MEMBER)).to_pandas().assign(part=0, row=0)


@dataclass(frozen=True)
class Task:
    """A source's day that is to be judged: what shows of it, and by what it is judged."""

    place: SourceDay
    rows: int
    judged_by: str


class Chunk:
    """Sources' days that are judged and committed together."""

    def __init__(self, store: FireStore, book: Rulebook, tasks: list[Task]) -> None:
        self._store, self._book, self._tasks = store, book, tasks
        self._judged: list[pd.DataFrame] = []
        # Members of many days at once: putting a thousand small frames together would take far longer.
        self._fresh: list[pd.DataFrame] = []
        self._made_from: list[str] = []
        self._beside: list[JudgedEntry] = []

    def judge(self, rejected: Rejections, now: int) -> int:
        """Judge, join and commit; return how many events are new or have changed."""
        judgement = Judgement(self._store.folder, self._store.engine)
        self._judge_pixels(rejected)
        fresh = stacked(self._fresh)
        self._fresh.clear()
        known = self._known()
        kept, replaced = self._around(known)
        joined = join(
            fresh, kept, replaced, known, rule=self._book.events, names=self._book.names,
            lookup=self._store.events_by_id,
        )  # fmt: skip
        del fresh, kept, replaced
        self._write(judgement, joined)
        events = with_verdicts(joined.events, self._book)
        judgement.commit(events, joined.history, verdict_by=self._book.bans.token, at=now)
        return len(events)

    def _judge_pixels(self, rejected: Rejections) -> None:
        waiting: list[pa.Table] = []

        def by(day: int) -> tuple[int, frozenset[str]]:
            return month_of(day), rejected.on(day)

        now = by(self._tasks[0].place.day)

        def judged() -> None:
            sources = self._store.register_of(now[0])
            sources = sources[~sources["source"].isin(now[1])].reset_index(drop=True)
            pixels = pa.concat_tables(waiting).unify_dictionaries().to_pandas()
            whole = self._book.judge(pixels, sources)
            counts = [table.num_rows for table in waiting]
            ends = np.cumsum([0, *counts])
            part = len(self._judged) + np.repeat(np.arange(len(counts)), counts)
            row = np.arange(len(whole)) - np.repeat(ends[:-1], counts)
            self._fresh.append(whole[[*MEMBER]].assign(part=part, row=row).reset_index(drop=True))
            for begin, end in pairwise(ends.tolist()):
                self._judged.append(whole.iloc[begin:end].reset_index(drop=True))
            waiting.clear()

        for task in self._tasks:
            made_from, table = self._store.visible_day(task.place)
            rows = sum(one.num_rows for one in waiting)
            if waiting and (rows + table.num_rows > _AT_ONCE or by(task.place.day) != now):
                judged()
            now = by(task.place.day)
            waiting.append(table)
            self._made_from.append(made_from)
        judged()

    def _known(self) -> pd.DataFrame:
        """Return the living events that the rule could join to anything on the days of the chunk."""
        days = np.unique([task.place.day for task in self._tasks])
        reach = self._book.events.window_s
        begin, end = days * DAY_S - reach, (days + 1) * DAY_S + reach
        spans = self._store.event_spans(int(begin[0]), int(end[-1]))
        # The first day whose reach has not ended before the event begins must begin before the event ends.
        first = np.searchsorted(end, spans["first_seen"].to_numpy())
        near = first < len(days)
        near[near] = begin[first[near]] <= spans["last_seen"].to_numpy()[near]
        return spans[near].reset_index(drop=True)

    def _around(self, known: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the members of events on days that are not judged again, and on those that are."""
        kept: list[tuple[int, npt.NDArray[np.intp], pd.DataFrame]] = []
        replaced: list[tuple[int, npt.NDArray[np.intp], pd.DataFrame]] = []
        again = {task.place for task in self._tasks}
        wanted = set(known["event"])
        for entry in self._entries(known):
            table = self._store.read_judged(entry, ["event"])
            ours = np.flatnonzero(one_of(table.column("event"), wanted.__contains__))
            if not len(ours):
                continue
            frame = self._store.read_judged(entry, list(MEMBER)).take(pa.array(ours)).to_pandas()
            if entry.place in again:
                replaced.append((-1, ours, frame))
            else:
                kept.append((len(self._tasks) + len(self._beside), ours, frame))
                self._beside.append(entry)
        return _members(kept), _members(replaced)

    def _entries(self, known: pd.DataFrame) -> list[JudgedEntry]:
        """Return the judged files of the days on which the events were seen."""
        if known.empty:
            return []
        first, last = (known[name].to_numpy() // DAY_S for name in ("first_seen", "last_seen"))
        start, end = int(first.min()), int(last.max())
        steps = np.zeros(end - start + 2, np.int64)
        np.add.at(steps, first - start, 1)
        np.add.at(steps, last - start + 1, -1)
        seen = np.cumsum(steps) > 0
        entries = self._store.judged_entries(days=(start, end))
        return [entry for entry in entries if seen[entry.day - start]]

    def _write(self, judgement: Judgement, joined: Joined) -> None:
        """Write the days that were judged, and those around them on which a pixel's event is another one."""
        pixels = joined.pixels
        part = pixels["part"].to_numpy()
        order = np.argsort(part, kind="stable")
        bounds = np.searchsorted(part[order], np.arange(len(self._tasks) + len(self._beside) + 1))
        row, event = pixels["row"].to_numpy()[order], pixels["event"].to_numpy(object)[order]
        moved = (pixels["old"].to_numpy(object) != pixels["event"].to_numpy(object))[order]
        for at, (task, frame) in enumerate(zip(self._tasks, self._judged, strict=True)):
            ours = slice(bounds[at], bounds[at + 1])
            frame["event"] = _named(len(frame), row[ours], event[ours])
            table = judged_table(frame)
            judgement.add(task.place, table, made_from=self._made_from[at], judged_by=task.judged_by)
        self._judged.clear()
        for at, entry in enumerate(self._beside, len(self._tasks)):
            ours = slice(bounds[at], bounds[at + 1])
            if moved[ours].any():
                frame = self._store.read_judged(entry).to_pandas()
                names = frame["event"].to_numpy(object, copy=True)
                names[row[ours]] = event[ours]
                frame["event"] = pd.Categorical(names)
                table = judged_table(frame)
                judgement.add(entry.place, table, made_from=entry.made_from, judged_by=entry.judged_by)


def _named(count: int, rows: npt.NDArray[np.int64], events: npt.NDArray[np.object_]) -> pd.Categorical[str]:
    """Return the event of each row of a file, '' where it has none."""
    names = np.full(count, "", object)
    names[rows] = events
    return pd.Categorical(names)


def _members(parts: list[tuple[int, npt.NDArray[np.intp], pd.DataFrame]]) -> pd.DataFrame:
    """Return the pixels of some files in one frame: `MEMBER`, ``part`` and ``row``."""
    frames = [
        frame[[*MEMBER]].assign(part=np.full(len(frame), at, np.int64), row=rows.astype(np.int64))
        for at, rows, frame in parts
    ]
    return stacked(frames or [_NOBODY])


def with_verdicts(events: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """Return events with the verdict of those that are alive."""
    living = np.flatnonzero(events["alive"].to_numpy(bool))
    if not len(living):
        return events
    some = events.iloc[living].reset_index(drop=True)
    found = judge_events(some, book.bans, counties=book.counties, second=book.second)
    events = events.reset_index(drop=True)
    for name in ("verdict", "rules"):
        values = events[name].to_numpy(object, copy=True)
        values[living] = found[name].to_numpy(object)
        events[name] = values
    return events
