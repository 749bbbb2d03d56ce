"""Judging: what changed in the store since the last time gets its class, its county and its event.

What is to be done is read off the store: a source's day whose detections, register or rules are not those
that it was judged by. Chunks of days are committed one by one, so that whoever is stopped or killed goes on
where that ended. What stands in the end depends on the detections alone, but for the names of events and
their history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from geoaq.flows.fires.chunk import Chunk, Task, with_verdicts
from geoaq.flows.fires.registers import learn_registers, month_of
from geoaq.flows.fires.rulebook import Rulebook
from geoaq.store.fires.judging import Judgement, judging
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.registers import Register, Rejections
from geoaq.store.fires.store import FireStore, Mark

Progress = Callable[[str, int, int], None]
# Rows of one chunk and the days that it may span; events whose verdict is found at once.
ROWS_AT_ONCE = 400_000
_LONGEST = 62
_VERDICTS = 50_000


class Judged(NamedTuple):
    """What was done: sources' days judged, their rows, events that are new or have changed."""

    days: int
    rows: int
    events: int


def judge(
    store: FireStore, book: Rulebook, *, now: int, progress: Progress, rows_at_once: int = ROWS_AT_ONCE
) -> Judged:
    """Judge whatever has changed since it was judged, in chunks of days, each committed by itself.

    Parameters
    ----------
    store
        The open store.
    book
        What is judged by (`geoaq.flows.fires.rulebook.open_rulebook`).
    now
        Noted with the history of events, seconds since 1970 UTC. Nothing is decided by it.
    progress
        Called with ``fires_learning`` (months), ``fires_judging`` (rows) and ``fires_verdicts`` (events);
        what it raises stops the work, and what was committed stays.
    rows_at_once
        About how many rows are in memory at once.

    Raises
    ------
    LimitError
        ``no_room``: the disk is full; the chunks before stay.
    NotReadyError
        ``fires_changed``: a process on another machine was quicker.
    """
    with judging(store.folder, store.engine):
        marks = store.visible_marks()
        registers = learn_registers(store, marks, book, progress)
        rejected = store.static_rejections()
        tasks = _tasks(store, marks, registers, rejected, book)
        total, done, events = sum(task.rows for task in tasks), 0, 0
        for chunk in _chunks(tasks, rows_at_once):
            events += Chunk(store, book, chunk).judge(rejected, now)
            done += sum(task.rows for task in chunk)
            progress("fires_judging", done, total)
        events += _verdicts(store, book, now, progress)
    return Judged(len(tasks), total, events)


def _tasks(
    store: FireStore,
    marks: dict[SourceDay, Mark],
    registers: dict[int, Register],
    rejected: Rejections,
    book: Rulebook,
) -> list[Task]:
    """Return the sources' days to be judged, by day."""
    sources: dict[int, frozenset[str]] = {}
    by: dict[int, str] = {}
    for day in sorted({place.day for place in marks}):
        month, out = month_of(day), rejected.on(day)
        if out and month not in sources:
            sources[month] = frozenset(store.register_of(month)["source"])
        words = repr((book.key, registers[month].sha256, sorted(out & sources[month]) if out else []))
        by[day] = hashlib.sha256(words.encode()).hexdigest()
    known = {entry.place: (entry.made_from, entry.judged_by) for entry in store.judged_entries()}
    tasks = [
        Task(place, mark.rows, by[place.day])
        for place, mark in marks.items()
        if known.get(place) != (mark.made_from, by[place.day])
    ]
    return sorted(tasks, key=lambda task: (task.place.day, task.place))


def _chunks(tasks: Sequence[Task], rows_at_once: int) -> Iterator[list[Task]]:
    """Yield runs of tasks with about so many rows, not too far apart in time."""
    chunk: list[Task] = []
    rows = 0
    for task in tasks:
        if chunk and (rows + task.rows > rows_at_once or task.place.day - chunk[0].place.day > _LONGEST):
            yield chunk
            chunk, rows = [], 0
        chunk.append(task)
        rows += task.rows
    if chunk:
        yield chunk


def _verdicts(store: FireStore, book: Rulebook, now: int, progress: Progress) -> int:
    """Judge living events again whose verdict was found by other plans, zones or permits."""
    done = 0
    while len(stale := store.stale_events(book.bans.token, _VERDICTS)):
        judgement = Judgement(store.folder, store.engine)
        events = with_verdicts(stale.drop(columns="changed"), book)
        judgement.commit(events, (), verdict_by=book.bans.token, at=now)
        done += len(events)
        progress("fires_verdicts", done, 0)
    return done
