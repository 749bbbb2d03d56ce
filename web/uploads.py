"""Taking a list or one project in: what a form holds becomes files in a staging folder and arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, request, url_for

from geoaq.store.attempts import Attempt
from web.arguments import border_arguments, common_arguments, heating_arguments, project_arguments
from web.errors import wants_json
from web.language import text
from web.project_form import project_name, write_stated_project
from web.received import keep, required_file, shown_name
from web.rooms import rooms
from web.views import catalog
from web.work import BORDER, HEATING, WORKS, Work


def make() -> Blueprint:
    """Return the pages that start and stop a screening."""
    blueprint = Blueprint("uploads", __name__)
    blueprint.add_url_rule("/heating/screenings", "start", start, methods=["POST"])
    blueprint.add_url_rule("/border/screenings", "start_border", start_border, methods=["POST"])
    blueprint.add_url_rule("/border/projects", "start_project", start_project, methods=["POST"])
    blueprint.add_url_rule("/screenings/<screening_id>/cancel", "cancel", cancel, methods=["POST"])
    return blueprint


def start() -> Response:
    """Keep an uploaded list of boilers and queue its screening."""
    return _start_list(HEATING, heating_arguments)


def start_border() -> Response:
    """Keep an uploaded list, or file of sites, of projects and queue its screening."""
    return _start_list(BORDER, border_arguments)


def start_project() -> Response:
    """Queue the screening of the one project that a form states."""
    _require_room()
    name = shown_name(f"{project_name()}.csv")
    return _start(BORDER, name, partial(write_stated_project, catalog=catalog()), project_arguments)


def _require_room() -> None:
    """Refuse, before an upload is kept, what could not be queued or would find no room on the disk."""
    rooms().jobs.require_room()
    rooms().space.require()


def _start_list(work: Work, more: Callable[[Attempt], list[str]]) -> Response:
    _require_room()
    file = required_file("list", work.kinds)
    return _start(work, shown_name(file.filename or ""), lambda attempt: keep(file, attempt, "list"), more)


def _start(
    work: Work, filename: str, write: Callable[[Attempt], Path], more: Callable[[Attempt], list[str]]
) -> Response:
    """Begin an attempt, let ``write`` put its list into it, and queue it with the form's other arguments."""
    here = rooms()
    options = common_arguments()
    attempt = here.attempts.begin(filename=filename, now=datetime.now(UTC), job=work.view)
    try:
        path = write(attempt)
        here.jobs.start(attempt, ["screen", work.command, str(path), *options, *more(attempt)])
    except BaseException:
        here.attempts.remove(attempt.id)
        raise

    page = url_for("screenings.one", screening_id=attempt.id)
    if wants_json():
        progress = url_for("api.progress", screening_id=attempt.id)
        response = jsonify(id=attempt.id, page=page, progress=progress)
        response.status_code = 202
        return response
    return make_response(redirect(page, 303))


def cancel(screening_id: str) -> Response:
    """Stop a screening that waits or runs; nothing of it is kept."""
    here = rooms()
    attempt = here.under_way(screening_id)
    work = HEATING if attempt is None else WORKS.get(attempt.job, HEATING)
    here.jobs.cancel(screening_id)

    if wants_json() or "X-CSRFToken" in request.headers:
        return Response(status=204)
    flash(text("cancelled"))
    return make_response(redirect(url_for(work.page), 303))
