"""The arguments that a form's fields become; what each may mean is the flow's to say."""

from __future__ import annotations

import re
from datetime import date

from flask import request

from geoaq.cards import heads
from geoaq.errors import InputError, NotFoundError
from geoaq.store.attempts import Attempt
from web.language import reader, text
from web.project_form import SITE_FILE
from web.received import keep, lay_beside, optional_file
from web.rooms import rooms
from web.views import catalog
from web.work import BORDER, GRIDS, HEATING, MOST_BESIDE, SPATIAL, TABLES, Work

_ADCODE = re.compile(r"[1-9][0-9]{5}")
_DATUM = re.compile(r"[\w :.\-/（）()°度带]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")


def common_arguments() -> list[str]:
    """Return the arguments that every job has: language, day, datum."""
    arguments = [f"--lang={reader()}"]
    as_of = _text("as_of")
    if as_of:
        try:
            arguments.append(f"--as-of={date.fromisoformat(as_of).isoformat()}")
        except ValueError:
            raise _wrong("as_of", as_of, "2026-11-21") from None
    datum = _text("datum")
    if datum:
        if not _DATUM.fullmatch(datum):
            raise _wrong("datum", datum, "WGS84, GCJ-02, …")
        arguments.append(f"--datum={datum}")
    return arguments


def heating_arguments(attempt: Attempt) -> list[str]:
    """Return those of the heating job; the office's own plants and layers are kept beside the list."""
    arguments = []
    for code in re.split(r"[\s,，;；、]+", _text("complete_for")):
        if code:
            if not _ADCODE.fullmatch(code):
                raise _wrong("complete_for", code, "330000, 330100, …")
            arguments.append(f"--complete-for={code}")
    plants, alone = optional_file("plants", TABLES), bool(request.form.get("plants_only"))
    if plants is not None:
        arguments.append(f"--plants={keep(plants, attempt, 'plants')}")
        arguments += ["--plants-only"] if alone else []
    elif alone:
        raise InputError("plants_only_without_list", field="plants")
    return [*arguments, *_layers(HEATING, attempt)]


def border_arguments(attempt: Attempt) -> list[str]:
    """Return those of the border job: the office's line and wind, its numbers, other screenings, layers."""
    arguments = []
    for field, option, kinds in (
        ("boundaries", "--boundaries", SPATIAL),
        ("wind", "--wind", (*TABLES, *GRIDS)),
    ):
        file = optional_file(field, kinds)
        if file is not None:
            arguments.append(f"{option}={keep(file, attempt, field)}")
    for field, option, example in (
        ("boundary_error", "--boundary-error", "1000"),
        ("downwind_threshold", "--downwind-threshold", "1.5"),
    ):
        stated = _text(field)
        if stated:
            if not _NUMBER.fullmatch(stated):
                raise _wrong(field, stated, example)
            arguments.append(f"{option}={stated}")
    return [*arguments, *_beside(), *_layers(BORDER, attempt)]


def project_arguments(attempt: Attempt) -> list[str]:
    """Return those of one project: its outline, where a file of it is given, and those of the job."""
    file = optional_file(SITE_FILE, SPATIAL)
    site = [] if file is None else [f"--site={keep(file, attempt, 'site')}"]
    return [*site, *border_arguments(attempt)]


def _beside() -> list[str]:
    """Return the folders of the finished screenings of projects that were ticked."""
    chosen = dict.fromkeys(request.form.getlist("beside"))
    if len(chosen) > MOST_BESIDE:
        raise _wrong("beside", str(len(chosen)), f"≤ {MOST_BESIDE}")
    arguments = []
    for screening_id in chosen:
        one = rooms().screenings.get(screening_id)
        if heads.view_of(one.folder) != BORDER.view:
            raise NotFoundError("no_screening")
        arguments.append(f"--with={one.folder.absolute()}")
    return arguments


def _layers(work: Work, attempt: Attempt) -> list[str]:
    """Return the layers that the form brings, and those that the office added and the form names by hash."""
    arguments = []
    for entry in catalog().views[work.view].layers:
        layer = catalog().layer(entry.layer)
        if layer.provided:
            continue
        field = f"layer.{layer.id}"
        file = optional_file(field, TABLES if layer.geometry == "table" else SPATIAL)
        added = _text(f"office.{layer.id}")
        if file is not None:
            arguments.append(f"--layer={layer.id}={keep(file, attempt, field.replace('.', '-'))}")
        elif added:
            given = rooms().office_layers.get(layer.id, added).file
            arguments.append(f"--layer={layer.id}={lay_beside(given, attempt, field.replace('.', '-'))}")
    return arguments


def _text(field: str) -> str:
    return request.form.get(field, "").strip()


def _wrong(field: str, value: str, expected: str) -> InputError:
    return InputError("bad_option", option=text(field), value=value[:40], expected=expected, field=field)
