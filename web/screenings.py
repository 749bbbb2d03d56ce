"""Pages of screenings: the list of them, one of them, its issues, its files, its title and notes."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)

from geoaq.cards import heads, issues
from geoaq.errors import NotFoundError, NotReadyError
from geoaq.store.attempts import Attempt
from geoaq.store.screenings import FILES, Screening, chosen
from web import compare, trash
from web.errors import sentence
from web.language import reader, text
from web.rooms import of_screening, rooms
from web.space import size_text
from web.views import catalog, composed_map, job_page, shown_size
from web.work import HEATING, WORKS, Work

PAGE_SIZE = 100
# What the lists of a job hold.
_SUBJECTS = {"heating": ("boiler", "unit"), "border": ("project",)}
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "html": "text/html",
    "json": "application/json",
}


def make() -> Blueprint:
    """Return the pages of screenings."""
    blueprint = Blueprint("screenings", __name__, url_prefix="/screenings")
    blueprint.add_url_rule("", "listed", listed)
    blueprint.add_url_rule("/<screening_id>", "one", one)
    blueprint.add_url_rule("/<screening_id>/issues", "issues", issues_page)
    blueprint.add_url_rule("/<screening_id>/describe", "describe", describe, methods=["POST"])
    blueprint.add_url_rule("/<screening_id>/files/<name>", "file", file)
    trash.add_rules(blueprint)
    compare.add_rules(blueprint)
    return blueprint


def listed() -> Response:
    """List the screenings that are asked for, newest first, a page at a time."""
    here = rooms()
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "job")}
    every = here.shelf.list()
    kept = chosen(every, text=asked["q"], subjects=_SUBJECTS.get(asked["job"], ()))
    pages = max(1, math.ceil(len(kept) / PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    newer = (number - 1) * PAGE_SIZE
    found = kept[newer : newer + PAGE_SIZE]

    entries = []
    for one in found:
        with suppress(NotFoundError, NotReadyError):  # it ended meanwhile, and left no result
            entries.append(here.shelf.read(one.id, lambda now: (now, heads.brief(now.folder, reader()))))
    return make_response(
        render_template(
            "screenings.html",
            found=entries,
            asked={name: words for name, words in asked.items() if words},
            total=len(every),
            page=number,
            newer=newer,
            older=len(kept) - newer - len(found),
            undo=trash.undoable(),
            trash_days=here.settings.trash_days,
            filled=here.space.filled(),
            size_text=size_text,
        )
    )


def one(screening_id: str) -> Response:
    """Show a screening: its map and list once its tables are whole, else how far it is or why it failed."""
    attempt = rooms().under_way(screening_id)
    if attempt is not None and attempt.tables is None:
        return _under_way(attempt)
    return _result(screening_id)


@of_screening
def _result(screening: Screening) -> Response:
    head = heads.brief(screening.folder, reader())
    return make_response(
        render_template(
            "screening.html",
            screening=screening,
            head=head,
            view=head["view"],
            parts=composed_map(head["view"], reader()),
            early=_asked_first(screening),
        )
    )


def _asked_first(screening: Screening) -> list[str]:
    """Return what the client will ask for at once, so that it can be on its way before the client is."""
    drawn = filter(None, heads.layers_of(screening.folder).values())
    return [
        url_for("api.head", screening_id=screening.id),
        url_for("api.columns", screening_id=screening.id),
        *(
            url_for("layers.used", screening_id=screening.id, name=name.removesuffix(".geojson"))
            for name in drawn
        ),
        url_for("layers.names"),
    ]


def _under_way(attempt: Attempt) -> Response:
    failure = sentence(attempt.code, attempt.params) if attempt.state == "failed" else ""
    work = WORKS.get(attempt.job, HEATING)
    return make_response(job_page(work, attempt, failure), 422 if failure else 200)


@of_screening
def issues_page(screening: Screening) -> Response:
    """Show what was wrong or repaired in the list, as a plain table."""
    code, number = request.args.get("code", ""), request.args.get("page", 1, type=int)

    page = issues.page(catalog(), screening.folder, reader(), code=code, page_number=number, page_size=100)
    return make_response(render_template("issues.html", screening=screening, page=page, code=code))


def describe(screening_id: str) -> Response:
    """Change the title and notes of a screening."""
    title, notes = request.form.get("title", ""), request.form.get("notes", "")
    rooms().shelf.require_in_place(screening_id)
    rooms().screenings.describe(screening_id, title=title, notes=notes)

    flash(text("described"))
    return make_response(redirect(url_for("screenings.listed", _anchor=f"s-{screening_id}"), 303))


def file(screening_id: str, name: str) -> Response:
    """Send one file of a screening home, named after the screening."""
    return rooms().shelf.read(screening_id, lambda one: _sent(one, name), opens=True)


def _sent(screening: Screening, name: str) -> Response:
    path = screening.file(name)
    kind = _TYPES[path.suffix[1:]]
    home_name = f"{safe_name(screening.title)}-{name}"
    response = send_file(path, mimetype=kind, as_attachment=True, download_name=home_name, etag=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def safe_name(title: str) -> str:
    """Return a title as the beginning of a file name on any system."""
    kept = "".join(char if char.isalnum() or char in "-_（）()" else " " for char in title)
    return "_".join(kept.split())[:60] or "geoaq"


def work_of(screening: Screening) -> Work:
    """Return the job that a screening belongs to."""
    return WORKS[heads.view_of(screening.folder)]


def shown_files(screening: Screening) -> list[dict[str, Any]]:
    """Return the files of a screening with their addresses and sizes, the workbook first.

    ``ready`` is false of those that are still being written; they have no size yet.
    """
    there = screening.files
    if not there:
        raise NotFoundError("no_file")
    return [
        {
            "name": name,
            "text": text(f"file_{name.replace('.', '_')}"),
            "href": url_for("screenings.file", screening_id=screening.id, name=name),
            "size_text": shown_size(screening.folder / name) if name in there else "",
            "ready": name in there,
        }
        for name in FILES
        if name in there or name in screening.pending
    ]
