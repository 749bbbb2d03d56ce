"""What became of a consultation: noted project by project, and listed for all with what is overdue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from geoaq.cards import projects
from geoaq.errors import InputError, NotFoundError
from geoaq.store import reading
from geoaq.store.followups import BUREAUS, EVENTS, Followups, State, followed
from geoaq.store.screenings import Screening
from web.language import reader, text, today
from web.rooms import rooms
from web.sheets import asked_provinces, project_of

_FIELDS = ("consultee", "event", "day", "bureau", "deadline", "note")
_ORDER = ("sent", "answered", "adopted", "closed")


def make() -> Blueprint:
    """Return the pages of follow-up."""
    blueprint = Blueprint("followups", __name__)
    address = "/screenings/<screening_id>/subjects/<key>/follow-up"
    blueprint.add_url_rule(address, "one", one)
    blueprint.add_url_rule(address, "add", add, methods=["POST"])
    blueprint.add_url_rule("/border/follow-ups", "listed", listed)
    return blueprint


def one(screening_id: str, key: str) -> Response:
    """Show where the consultations of one project stand, with the form for what happened next."""

    def shown(screening: Screening) -> Response:
        subject = project_of(screening, key)
        states = states_of(screening.id, key)
        provinces = dict(asked_provinces(screening, key))
        provinces |= {code: projects.province(code, reader()) for code in states if code not in provinces}
        return make_response(
            render_template(
                "followup.html",
                screening=screening,
                key=key,
                subject=subject,
                provinces=provinces,
                consulted=str(subject["consultees"] or "").split(";"),
                states=states,
                events=EVENTS,
                bureaus=BUREAUS,
                today=today(),
            )
        )

    return rooms().shelf.read(screening_id, shown)


def add(screening_id: str, key: str) -> Response:
    """Note one event; nothing that was noted is changed."""
    here = rooms()
    screening = here.shelf.require_in_place(screening_id)
    subject = project_of(screening, key)
    fields = {name: request.form.get(name, "").strip() for name in _FIELDS}
    if fields["consultee"] not in dict(asked_provinces(screening, key)):
        raise NotFoundError("no_consultee", name=fields["consultee"][:6])
    if fields["event"] != "sent":
        fields |= {"bureau": "", "deadline": ""}
    try:
        Followups(here.settings.data, screening.id).add(
            {**fields, "row": subject["row"], "part": subject["part"]}
        )
    except InputError as error:
        raise _worded(error) from None

    flash(text("followup_added"))
    return make_response(redirect(url_for("followups.one", screening_id=screening_id, key=key), 303))


def listed() -> Response:
    """List every consultation that was begun, what is overdue first."""
    entries = []
    here = rooms()
    for screening_id in followed(here.settings.data):
        if here.screenings.has(screening_id):
            entries += _entries(here.screenings.get(screening_id))
    entries.sort(key=lambda entry: (not entry["state"].overdue, _rank(entry["state"]), entry["project"]))
    return make_response(render_template("followups.html", entries=entries))


def states_of(screening_id: str, key: str) -> dict[str, State]:
    """Return by province where the consultations of one project stand today."""
    row, part = (int(number) for number in key.split("-"))
    return Followups(rooms().settings.data, screening_id).states(row, part, today=today())


def state_text(state: State) -> str:
    """Return where a consultation stands, in words: the last event, its day, the deadline."""
    last = state.events[-1]
    said = [text(f"event_{last.event}"), last.day.isoformat()]
    if last.event == "sent" and state.deadline is not None:
        code = "deadline_over" if state.overdue else "deadline_on"
        said.append(text(code, day=state.deadline.isoformat()))
    return " · ".join(said)


def _entries(screening: Screening) -> list[dict[str, Any]]:
    book = Followups(rooms().settings.data, screening.id)
    found = []
    for row, part in dict.fromkeys((event.row, event.part) for event in book.events()):
        subject = reading.subject(screening.folder, row, part)
        found += [
            {
                "screening": screening,
                "key": f"{row}-{part}",
                "project": subject["name"] or subject["subject_id"],
                "province": projects.province(code, reader()),
                "state": state,
                "text": state_text(state),
            }
            for code, state in book.states(row, part, today=today()).items()
        ]
    return found


def _rank(state: State) -> tuple[int, date]:
    """Sort what waits for an answer before what is answered, the nearest deadline first."""
    return _ORDER.index(state.state), state.deadline or date.max


def _worded(error: InputError) -> InputError:
    """Return an error of the store with the words of the page in place of its codes."""
    params = dict(error.params)
    if error.code == "followup_order":
        params = {name: text(f"event_{code}") for name, code in params.items()}
    if error.code == "bad_followup":
        params |= {"name": text(f"followup_{params['name']}"), "field": params["name"]}
    return InputError(error.code, **params)
