"""Two screenings side by side: the page, the lines by pages, the table to take home."""

from __future__ import annotations

import threading
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from geoaq.cards import comparing, comparing_files
from geoaq.errors import InputError, LimitError, NotFoundError
from geoaq.flows.comparing import CAUSES, KINDS, Comparison, compare_screenings
from geoaq.report.comparison import write_comparison_csv, write_comparison_xlsx
from geoaq.store.screenings import Screening
from web.language import reader, text
from web.rooms import rooms
from web.turns import turn
from web.views import catalog

PAGE_SIZE = 100
# More subjects than this are compared by the command line.
MOST_SUBJECTS = 400_000
_TEXT_MAX = 100
_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# One comparison at a time: two of long lists would need the memory of both.
_COMPARING = threading.Lock()


def add_rules(blueprint: Blueprint) -> None:
    """Give the pages of screenings those of their comparison."""
    blueprint.add_url_rule("/compare", "compare", page)
    blueprint.add_url_rule("/compare.json", "compare_json", as_json)
    blueprint.add_url_rule("/compare.csv", "compare_csv", as_csv)
    blueprint.add_url_rule("/compare.xlsx", "compare_xlsx", as_xlsx)


def page() -> Response:
    """Show what changed, counts first; two ticks of the list of screenings lead here."""
    picked = request.args.getlist("pick")
    if picked:
        if len(set(picked)) != 2:
            raise InputError("compare_pick_two")
        old, new = sorted((_screening(one) for one in picked), key=lambda one: (one.created, one.id))
        return make_response(redirect(url_for("screenings.compare", a=old.id, b=new.id), 303))
    screenings, found, asked = _asked()
    return make_response(
        render_template(
            "compare.html",
            old=screenings[0],
            new=screenings[1],
            head=comparing.head(catalog(), found, reader()),
            changed=found.counts["changed"],
            asked={name: words for name, words in asked.items() if words},
            **_page(found, asked),
        )
    )


def as_json() -> Response:
    """Send the head and one page of the lines."""
    screenings, found, asked = _asked()
    ends = [{"id": one.id, "title": one.title} for one in screenings]
    head = comparing.head(catalog(), found, reader())
    return jsonify(
        old=ends[0],
        new=ends[1],
        counts=dict(found.counts),
        runs=[{"cause": one.cause, "what": one.what, "old": one.old, "new": one.new} for one in found.runs],
        head=head,
        **_page(found, asked),
    )


def as_csv() -> Response:
    """Send every line as csv."""
    return _file("csv")


def as_xlsx() -> Response:
    """Send every line as a workbook."""
    return _file("xlsx")


def _file(kind: str) -> Response:
    screenings, found, _ = _asked()
    lang, body = reader(), BytesIO()
    heads, lines = comparing_files.export_heads(lang), comparing_files.export_lines(catalog(), found, lang)
    if kind == "csv":
        write_comparison_csv(body, heads, lines)
    else:
        titles = (text("comparing.sheet_notes"), text("comparing.sheet_lines"))
        notes = comparing_files.export_notes(catalog(), found, lang)
        write_comparison_xlsx(body, titles, notes, heads, lines)
    response = Response(body.getvalue(), mimetype=_TYPES[kind])
    name = f"compare-{screenings[0].id[:8]}-{screenings[1].id[:8]}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> tuple[tuple[Screening, Screening], Comparison, dict[str, str]]:
    """Return the two screenings, their comparison and which lines are asked for."""
    asked = {name: request.args.get(name, "").strip() for name in ("kind", "cause", "q")}
    for name, known in (("kind", KINDS), ("cause", CAUSES)):
        if asked[name] and asked[name] not in known:
            raise InputError("bad_query", name=name, value=asked[name][:40])
    if len(asked["q"]) > _TEXT_MAX:
        raise InputError("bad_query", name="q", value=asked["q"][:40])
    ids = request.args.get("a", ""), request.args.get("b", "")
    if not all(ids) or ids[0] == ids[1]:
        raise InputError("compare_pick_two")
    old, new = (_screening(one) for one in ids)
    try:
        return (old, new), compared(old.folder, new.folder), asked
    except OSError:
        if old.folder.is_dir() and new.folder.is_dir():
            raise
        raise NotFoundError("no_screening") from None  # it was deleted meanwhile


def compared(old: Path, new: Path) -> Comparison:
    """Return the comparison of two screenings in place; folders never change, so the last ones are kept.

    Raises
    ------
    BusyError
        ``busy``: others are being compared for too long.
    LimitError
        ``compare_too_large``: a list is longer than `MOST_SUBJECTS`.
    """
    with turn(_COMPARING):
        return _compared(old, new)


@lru_cache(maxsize=2)
def _compared(old: Path, new: Path) -> Comparison:
    import pyarrow.parquet as pq

    for folder in (old, new):
        path = folder / "subjects.parquet"
        count = pq.read_metadata(path).num_rows if path.is_file() else 0
        if count > MOST_SUBJECTS:
            raise LimitError("compare_too_large", count=count, limit=MOST_SUBJECTS)
    return compare_screenings(old, new)


def _screening(screening_id: str) -> Screening:
    return rooms().shelf.require_in_place(screening_id)


def _page(found: Comparison, asked: dict[str, str]) -> dict[str, Any]:
    at = comparing.chosen(found, kind=asked["kind"], cause=asked["cause"], text=asked["q"])
    pages = max(1, -(-len(at) // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = at[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return {
        "total": len(at),
        "page": number,
        "pages": pages,
        "rows": [comparing.line(catalog(), found, int(one), reader()) for one in shown],
    }
