"""What became of a consultation: letters, answers and opinions taken up, noted beside the screening.

The folder of a screening never changes; its follow-up is a list of events in
``screenings-meta/<id>/followups.jsonl``, one JSON object a line. Events are added, never edited: a mistake is
put right by a later event. What stands today is derived from them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from geoaq.errors import InputError, LimitError, NotFoundError
from geoaq.store.place import alone, is_id, private, require_id

# In the order in which a consultation goes: 已发函, 已复函, 意见已采纳, 办结.
EVENTS = ("sent", "answered", "adopted", "closed")
# Who writes: the provincial or the city bureau.
BUREAUS = ("province", "city")
NOTE_MAX, MOST_EVENTS = 1000, 5000
_ADCODE = re.compile(r"\d{6}")
_AFTER = {"answered": "sent", "adopted": "answered"}


@dataclass(frozen=True)
class Event:
    """One thing that happened in the consultation of one project with one province.

    Attributes
    ----------
    row, part
        The project in its list.
    consultee
        GB/T 2260 code of the province.
    event
        One of `EVENTS`.
    day
        When it happened.
    bureau
        Who writes, of a letter that is sent: one of `BUREAUS`; ``""`` of the other events.
    deadline
        Until when an answer is asked for, of a letter that is sent; None where none is set.
    note
        Plain text: number of the letter, what was answered.
    recorded
        When it was noted, UTC.
    """

    row: int
    part: int
    consultee: str
    event: str
    day: date
    bureau: str = ""
    deadline: date | None = None
    note: str = ""
    recorded: datetime | None = None


@dataclass(frozen=True)
class State:
    """Where a consultation stands.

    Attributes
    ----------
    consultee
        The province.
    state
        The last event, ``""`` before the first.
    bureau, deadline
        As in the last letter that was sent.
    overdue
        The deadline is past and no answer has come.
    events
        All of its events, in their order.
    """

    consultee: str
    state: str
    bureau: str
    deadline: date | None
    overdue: bool
    events: tuple[Event, ...]


class Followups:
    """The follow-up of one screening.

    Parameters
    ----------
    data
        The folder of all state (``GEOAQ_DATA``).
    screening_id
        The screening; its identity is checked before a path is built from it.
    """

    def __init__(self, data: Path, screening_id: str) -> None:
        self._folder = data / "screenings-meta" / require_id(screening_id)
        self._path = self._folder / "followups.jsonl"
        self._screening = data / "screenings" / screening_id
        self._trash = data / "trash"

    def add(self, fields: Mapping[str, Any]) -> Event:
        """Note one event and return it.

        Parameters
        ----------
        fields
            ``row``, ``part``, ``consultee``, ``event``, ``day`` and, of a letter that is sent, ``bureau`` and
            ``deadline``; ``note``. Days as ``YYYY-MM-DD`` or as dates; blank is none.

        Raises
        ------
        InputError
            ``bad_followup``: a field that cannot be, with what would be right; ``followup_order``: an answer
            before the letter, an opinion taken up before the answer, or a day before that of the event that
            it follows.
        LimitError
            ``text_too_long``, ``too_many_followups``.
        NotFoundError
            ``no_screening``: it is not there any more.
        """
        event = _checked(fields)
        with alone(self._trash):  # as `geoaq.store.trash`: nothing is noted beside one that was just deleted
            if not self._screening.is_dir():
                raise NotFoundError("no_screening")
            known = self.events()
            if len(known) >= MOST_EVENTS:
                raise LimitError("too_many_followups", limit=MOST_EVENTS)
            _require_order([one for one in known if _key(one) == _key(event)], event)
            private(self._folder)
            self._append(event)
        return event

    def events(self, row: int | None = None, part: int = 0) -> tuple[Event, ...]:
        """Return the events in the order in which they were noted, of one project or of all."""
        if not self._path.is_file():
            return ()
        # A line without its end was cut off by a power failure: nobody was told that it was kept.
        lines = self._path.read_bytes().split(b"\n")[:-1]
        found = tuple(_read(json.loads(line)) for line in lines)
        return found if row is None else tuple(one for one in found if (one.row, one.part) == (row, part))

    def states(self, row: int, part: int = 0, *, today: date) -> dict[str, State]:
        """Return by province where the consultations of one project stand on a day."""
        states: dict[str, State] = {}
        events = self.events(row, part)
        for consultee in dict.fromkeys(one.consultee for one in events):
            states[consultee] = state_of(consultee, events, today=today)
        return states

    def _append(self, event: Event) -> None:
        line = json.dumps(_plain(event), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        with self._path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            whole = file.read().rfind(b"\n") + 1
            if whole < size:
                file.truncate(whole)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def followed(data: Path) -> tuple[str, ...]:
    """Return the identities of the screenings that have a follow-up, in a fixed order."""
    found = (data / "screenings-meta").glob("*/followups.jsonl")
    return tuple(sorted(path.parent.name for path in found if is_id(path.parent.name)))


def state_of(consultee: str, events: tuple[Event, ...], *, today: date) -> State:
    """Return where the consultation with one province stands, from the events of one project.

    Examples
    --------
    >>> sent = Event(2, 0, "340000", "sent", date(2026, 3, 1), "province", date(2026, 3, 31))
    >>> state_of("340000", (sent,), today=date(2026, 4, 1)).overdue
    True
    """
    own = tuple(one for one in events if one.consultee == consultee)
    letter = next((one for one in reversed(own) if one.event == "sent"), None)
    last = own[-1].event if own else ""
    deadline = None if letter is None else letter.deadline
    return State(
        consultee=consultee,
        state=last,
        bureau="" if letter is None else letter.bureau,
        deadline=deadline,
        overdue=last == "sent" and deadline is not None and today > deadline,
        events=own,
    )


def _key(event: Event) -> tuple[int, int, str]:
    return event.row, event.part, event.consultee


def _require_order(before: list[Event], event: Event) -> None:
    needed = _AFTER.get(event.event)
    if needed is not None and all(one.event != needed for one in before):
        raise InputError("followup_order", event=event.event, before=needed)
    if before and event.day < before[-1].day:
        raise InputError("followup_day", day=event.day.isoformat(), before=before[-1].day.isoformat())


def _checked(fields: Mapping[str, Any]) -> Event:
    event = _one_of(fields, "event", EVENTS)
    consultee = str(fields.get("consultee", ""))
    if not _ADCODE.fullmatch(consultee) or not consultee.endswith("0000"):
        raise InputError("bad_followup", name="consultee", value=consultee, expected="330000")
    note = str(fields.get("note") or "").strip()
    if len(note) > NOTE_MAX:
        raise LimitError("text_too_long", limit=NOTE_MAX, length=len(note))
    day, deadline = _day(fields, "day"), None
    if day is None:
        raise InputError("bad_followup", name="day", value="", expected="YYYY-MM-DD")
    bureau = ""
    if event == "sent":
        bureau, deadline = _one_of(fields, "bureau", BUREAUS), _day(fields, "deadline")
        if deadline is not None and deadline < day:
            raise InputError("followup_day", day=deadline.isoformat(), before=day.isoformat())
    return Event(
        row=_number(fields, "row"),
        part=_number(fields, "part"),
        consultee=consultee,
        event=event,
        day=day,
        bureau=bureau,
        deadline=deadline,
        note=note,
        recorded=datetime.now(UTC),
    )


def _one_of(fields: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    value = str(fields.get(name) or "")
    if value not in words:
        raise InputError("bad_followup", name=name, value=value, expected=", ".join(words))
    return value


def _number(fields: Mapping[str, Any], name: str) -> int:
    text = str(fields.get(name, 0))
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InputError("bad_followup", name=name, value=text, expected="0, 1, 2, …")
    return int(text)


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InputError("bad_followup", name=name, value=value, expected="YYYY-MM-DD") from None


def _plain(event: Event) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in vars(event).items()
    }


def _read(record: Mapping[str, Any]) -> Event:
    deadline = record["deadline"]
    return Event(
        **{name: record[name] for name in ("row", "part", "consultee", "event", "bureau", "note")},
        day=date.fromisoformat(record["day"]),
        deadline=None if deadline is None else date.fromisoformat(deadline),
        recorded=datetime.fromisoformat(record["recorded"]),
    )
