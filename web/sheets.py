"""The sheet of one project and the draft of a letter, on request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for

from geoaq.cards import heads, projects
from geoaq.errors import InputError, LimitError, NotFoundError
from geoaq.report.sheet import LetterFields, Recheck, emissions, read_sheet_json, sheet_css, sheet_html
from geoaq.store import consultees, reading
from geoaq.store.screenings import Screening
from web.delivery import asset
from web.language import reader, text
from web.rooms import rooms
from web.screenings import safe_name
from web.work import BORDER

TYPES = {"pdf": "application/pdf", "json": "application/json", "html": "text/html"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Longest text of one field of a letter, and most lines of a list in it.
TEXT_MAX, LINES_MAX = 2000, 12
_KEY = re.compile(r"([0-9]{1,9})-([0-9]{1,3})")
_LONG = ("emissions", "reductions", "stations", "sensitive")
_SHORT = ("sender", "addressee", "contact", "phone")


def make() -> Blueprint:
    """Return the pages of one project."""
    blueprint = Blueprint("sheets", __name__)
    blueprint.add_url_rule("/screenings/<screening_id>/subjects/<key>/sheet.<kind>", "sheet", sheet)
    blueprint.add_url_rule("/screenings/<screening_id>/subjects/<key>/letter", "letter", letter)
    blueprint.add_url_rule(
        "/screenings/<screening_id>/subjects/<key>/letter", "draft", draft, methods=["POST"]
    )
    blueprint.add_url_rule("/screenings/<screening_id>/subjects/<key>/recheck", "recheck", recheck)
    blueprint.add_url_rule("/sheet.css", "css", css)
    return blueprint


def sheet(screening_id: str, key: str, kind: str) -> Response:
    """Send the sheet of one project: to be seen (html), printed (pdf) or kept (json)."""
    if kind not in TYPES:
        raise NotFoundError("no_file")

    def made(screening: Screening) -> Response:
        subject = project_of(screening, key)
        wanted = "json" if kind == "html" else kind
        body = _made(screening, key, wanted)
        if kind == "html":
            body = sheet_html(read_sheet_json(body), reader(), stylesheet=url_for("sheets.css")).encode()
            return _sent(body, TYPES[kind], "")
        return _sent(body, TYPES[kind], f"{safe_name(str(subject['name']))}-{text('sheet')}.{kind}")

    return _of_project(screening_id, made)


def css() -> Response:
    """Send the style of the sheet, with the font of these pages: a machine may have no Chinese one."""
    font = asset("vendor/fonts/noto-sans-sc.css")
    response = make_response(f'@import url("{font}");\n{sheet_css()}')
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


def recheck(screening_id: str, key: str) -> Response:
    """Show what the present policy and the shipped lines would change in the sheet of one project."""

    def shown(screening: Screening) -> Response:
        subject = project_of(screening, key)
        found = Recheck.model_validate_json(_made(screening, key, "recheck"))
        page = render_template("recheck.html", screening=screening, key=key, subject=subject, found=found)
        answer = make_response(page)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    return _of_project(screening_id, shown)


def letter(screening_id: str, key: str) -> Response:
    """Show the form of a letter to one of the provinces."""

    def shown(screening: Screening) -> Response:
        subject = project_of(screening, key)
        return make_response(
            render_template(
                "letter.html",
                screening=screening,
                key=key,
                subject=subject,
                emitted=emissions(str(subject["emissions_text"] or ""), reader()),
                provinces=asked_provinces(screening, key),
                limit=TEXT_MAX,
                long=_LONG,
                short=_SHORT,
            )
        )

    return _of_project(screening_id, shown)


def draft(screening_id: str, key: str) -> Response:
    """Send the draft of a letter with what the form gives."""
    fields = _fields()

    def made(screening: Screening) -> Response:
        subject = project_of(screening, key)
        if fields.adcode not in dict(asked_provinces(screening, key)):
            raise NotFoundError("no_consultee", name=fields.adcode)
        body = _made(screening, key, "letter", fields.model_dump_json())
        name = f"{safe_name(str(subject['name']))}-{projects.province(fields.adcode, reader())}.docx"
        return _sent(body, DOCX, name)

    return _of_project(screening_id, made)


def project_of(screening: Screening, key: str) -> dict[str, object]:
    """Return one project of a screening.

    Raises
    ------
    NotFoundError
        ``no_subject``: no such project; ``no_file``: the screening is not of projects.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotFoundError("no_subject", row=key[:20])
    if heads.view_of(screening.folder) != BORDER.view:
        raise NotFoundError("no_file")
    return reading.subject(screening.folder, int(found[1]), int(found[2]))


def asked_provinces(screening: Screening, key: str) -> list[tuple[str, str]]:
    """Return code and name of the provinces that a letter can go to, the nearest first."""
    row, part = (int(number) for number in key.split("-"))
    lines = consultees.in_reach(screening.folder, row, part)
    codes = dict.fromkeys(one["neighbour"] for one in lines if one["kind"] != "other_line")
    return [(code, projects.province(code, reader())) for code in codes]


def _of_project(screening_id: str, view: Callable[[Screening], Response]) -> Response:
    return rooms().shelf.read(screening_id, view, opens=True)


def _made(screening: Screening, key: str, kind: str, letter: str | None = None) -> bytes:
    options = [f"--only={kind}", f"--lang={reader()}", f"--follow-up={screening.id}"]
    return rooms().workshop.make(screening.folder, key, options, letter=letter)


def _sent(body: bytes, kind: str, name: str) -> Response:
    response = send_file(
        BytesIO(body), mimetype=kind, as_attachment=bool(name), download_name=name or "sheet.html"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _fields() -> LetterFields:
    """Return what the form gives for a letter, lengths checked."""
    stated = {name: request.form.get(name, "").strip() for name in (*_LONG, *_SHORT, "attachments", "asks")}
    for name, value in stated.items():
        if len(value) > TEXT_MAX:
            raise LimitError("text_too_long", limit=TEXT_MAX, length=len(value), field=name)
    lists = {
        name: tuple(filter(None, (line.strip() for line in stated.pop(name).splitlines())))[:LINES_MAX]
        for name in ("attachments", "asks")
    }
    due, writer = request.form.get("due_on", "").strip(), request.form.get("writer", "province")
    if writer not in {"province", "city"}:
        raise InputError("bad_query", name="writer", value=writer[:40])
    try:
        due_on = date.fromisoformat(due) if due else None
    except ValueError:
        raise InputError(
            "bad_option", option=text("due_on"), value=due[:40], expected="2026-12-31", field="due_on"
        ) from None
    adcode = request.form.get("adcode", "")[:6]
    return LetterFields.model_validate(
        {**stated, **lists, "writer": writer, "due_on": due_on, "adcode": adcode}
    )
