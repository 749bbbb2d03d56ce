"""The office's tables for the bulletin, given on its page: read in a process of its own, then kept."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from geoaq.errors import GeoaqError, NotFoundError
from geoaq.flows.fires.bulletin import TABLES, kept_tables
from geoaq.flows.fires.bulletin.tables import drop_table, keep_table, looked_through, product_of
from web.errors import STATUS, sentence
from web.language import reader, text
from web.office_layers import keep_uploads, require_kinds
from web.rooms import rooms
from web.work import TABLES as KINDS

_BEIJING = timedelta(hours=8)
_KEEPING = threading.Lock()


def add() -> Response:
    """Read a table, keep it, and tell what came of it."""
    here, what = rooms(), request.form.get("table", "")
    if what not in TABLES:
        raise NotFoundError("not_found", what="table", name=what[:40])
    try:
        uploaded = [file for file in request.files.getlist("file") if file.filename][:1]
        require_kinds(uploaded, KINDS)
        here.space.require()
        with here.workshop.place() as place:
            (given,) = keep_uploads(uploaded, place / "input")
            arguments = ["fires", "table", what, str(given), f"--out={place / 'out'}"]
            here.workshop.run(arguments, place, wall_s=here.settings.layer_wall_s)
            found = looked_through(place / "out")
            with _KEEPING:
                keep_table(here.settings.data, what, given)
    except GeoaqError as error:
        status = next((number for kind, number in STATUS if isinstance(error, kind)), 500)
        return _told(what, status, error=sentence(error.code, error.params))
    problems = [
        {"where": text("bulletin_table_row", row=one["row"]), "text": one[reader()]} for one in found.problems
    ]
    return _told(what, 201, rows=found.rows, unused=found.unused, problems=problems)


def drop() -> Response:
    """Do without a table from now on."""
    with _KEEPING:
        drop_table(rooms().settings.data, request.form.get("table", "")[:40])
    return make_response(redirect(url_for("fire_bulletin.page"), 303))


def kept() -> list[dict[str, Any]]:
    """Return each table that may be given, and when the one in use was kept (Beijing time, ``""``: none)."""
    with _KEEPING:  # else one could be put aside between two looks at it
        try:
            found = kept_tables(rooms().settings.data)
        except GeoaqError:
            found = {}  # two files of one name: the command says which when a bulletin is made
        kept_at = {what: path.stat().st_mtime for what, path in found.items()}
    rows = []
    for what in TABLES:
        at = kept_at.get(what)
        moment = None if at is None else datetime.fromtimestamp(at, UTC) + _BEIJING
        rows.append({"table": what, "name": text(f"bulletin_table_{what}"), "template": product_of(what),
                     "at": "" if moment is None else moment.strftime("%Y-%m-%d %H:%M")})  # fmt: skip
    return rows


def _told(what: str, status: int, **words: Any) -> Response:
    body = render_template("fire_table.html", name=text(f"bulletin_table_{what}"), **words)
    return make_response(body, status)
