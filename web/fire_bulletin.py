"""The bulletin of straw fires: choose a day, a week or any days and an area, look at it, take it home."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for

from geoaq.errors import GeoaqError, InputError, NotFoundError
from geoaq.flows.fires.bulletin import COUNTRY, area_choices, newest_day
from geoaq.report.fire_bulletin import bulletin_css
from geoaq.store.fires.looks import Looks
from geoaq.store.fires.spans import Span, span
from geoaq.store.zones import ZoneStore
from web import fire_tables
from web.errors import STATUS, sentence
from web.language import reader, today
from web.rooms import rooms
from web.views import catalog

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = ("day", "week", "range")
_PASSED_ON = ("GEOAQ_DATABASE_URL",)
# Bulletins that are kept for whoever asks next, and how much of them, bytes.
_KEPT, _MOST = 12, 32_000_000
# The state of a store in which nothing was judged yet.
_NOTHING = "j0"


class Asked(NamedTuple):
    """What the form asks for; ``shown`` is false where nothing was asked yet."""

    kind: str
    day: str
    last: str
    area: str
    shown: bool

    def arguments(self) -> list[str]:
        """Return the arguments of the command.

        Raises
        ------
        InputError
            ``bad_query``: a day that is none.
        """
        for name, value in (("day", self.day), ("last", self.last if self.kind == "range" else self.day)):
            try:
                date.fromisoformat(value)
            except ValueError:
                raise InputError("bad_query", name=name, value=value[:40]) from None
        span = [f"--from={self.day}", f"--to={self.last}"]
        return [f"--area={self.area}", *(span if self.kind == "range" else [f"--{self.kind}={self.day}"])]


class Made:
    """The last bulletins that were asked for, while the store stays as it is."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> bytes | None:
        """Return what was made under a key, if it is still kept."""
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: tuple[str, ...], body: bytes) -> None:
        """Keep what was made; the oldest go when there are too many, or they are too large."""
        with self._guard:
            self._kept[key] = body
            while len(self._kept) > _KEPT or sum(map(len, self._kept.values())) > _MOST:
                self._kept.popitem(last=False)


def make() -> Blueprint:
    """Return the page of bulletins and their files."""
    blueprint, made = Blueprint("fire_bulletin", __name__), Made()

    def shown() -> Response:
        return page(made)

    def sent(form: str) -> Response:
        return file(made, form)

    blueprint.add_url_rule("/fires/bulletin", "page", shown)
    blueprint.add_url_rule("/fires/bulletin.<form>", "file", sent)
    blueprint.add_url_rule("/fires/bulletin.css", "css", css)
    blueprint.add_url_rule("/fires/bulletin/tables", "add_table", fire_tables.add, methods=["POST"])
    blueprint.add_url_rule("/fires/bulletin/tables/drop", "drop_table", fire_tables.drop, methods=["POST"])
    return blueprint


def page(made: Made) -> Response:
    """Show the form and, once something is asked for, the bulletin."""
    held = span(rooms().fires.store.engine)
    asked = _asked(held)
    problem, article, status = "", "", 200
    judged = rooms().fires.store.judged_state() != _NOTHING
    if asked.shown and judged:
        try:
            article = _body(made, asked, held, "article").decode()
        except GeoaqError as error:
            problem = sentence(error.code, error.params)
            status = next((number for kind, number in STATUS if isinstance(error, kind)), 500)
    query: dict[str, Any] = {"kind": asked.kind, "day": asked.day, "last": asked.last, "area": asked.area}
    body = render_template(
        "fire_bulletin.html",
        asked=asked,
        kinds=KINDS,
        choices=area_choices(rooms().settings.data / "layers", asked.area),
        judged=judged,
        days=None if held.begin is None or held.end is None else (_date(held.begin), _date(held.end)),
        demonstration=rooms().fires.demonstration,
        tables=fire_tables.kept(),
        limit_mb=rooms().settings.upload_mb,
        problem=problem,
        article=article,
        files={form: url_for("fire_bulletin.file", form=form, **query) for form in TYPES},
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file(made: Made, form: str) -> Response:
    """Send the bulletin as workbook or PDF."""
    if form not in TYPES:
        raise NotFoundError("no_file")
    held = span(rooms().fires.store.engine)
    asked = _asked(held)
    body = _body(made, asked, held, form)
    name = f"fire-bulletin-{asked.area}-{asked.day}{f'_{asked.last}' if asked.kind == 'range' else ''}"
    name += f"-{asked.kind}" if asked.kind == "week" else ""
    response = send_file(
        BytesIO(body), mimetype=TYPES[form], as_attachment=True, download_name=f"{name}.{form}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def css() -> Response:
    """Send the style of a bulletin."""
    response = make_response(bulletin_css())
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


def _asked(held: Span) -> Asked:
    """Return what the address asks for, what is missing filled in: the last day with fires, all provinces."""
    newest = today() if held.end is None else min(newest_day(held.end, catalog().policy_dir), today())
    stated: dict[str, Any] = {
        name: request.args.get(name, "").strip() for name in ("kind", "day", "last", "area")
    }
    kind = stated["kind"] or "day"
    if kind not in KINDS:
        raise InputError("bad_query", name="kind", value=kind[:40])
    area = stated["area"] or COUNTRY
    if not (len(area) == 6 and area.isascii() and area.isdigit()):
        raise InputError("unknown_area", value=area[:20])
    day = stated["day"] or newest.isoformat()
    return Asked(kind, day, stated["last"] or day, area, bool(stated["day"]))


def _body(made: Made, asked: Asked, held: Span, kind: str) -> bytes:
    """Return one file of a bulletin, made by the command in a process of its own, or kept from before."""
    here, arguments = rooms(), [*asked.arguments(), f"--only={kind}", f"--lang={reader()}"]
    if here.fires.demonstration:
        arguments.append("--demonstration")
    # The command finds verdicts anew when a zone or a permit has changed, also behind this server's back.
    engine = here.fires.store.engine
    key = (held.token, ZoneStore(engine).state(), str(Looks(engine).count()), *arguments, *_tables())
    body = made.get(key)
    if body is None:
        with here.workshop.place() as place:
            command = ["fires", "bulletin", *arguments, f"--out={place / 'out'}"]
            here.workshop.run(command, place, wall_s=here.settings.layer_wall_s, also=_PASSED_ON)
            (path,) = (place / "out").iterdir()
            body = path.read_bytes()
        made.keep(key, body)
    return body


def _tables() -> list[str]:
    """Return what changes whenever the office's tables do."""
    folder = rooms().settings.data / "fires" / "office"
    if not folder.is_dir():
        return []
    found = sorted(os.scandir(folder), key=lambda one: one.name)
    return [f"{one.name} {one.stat().st_mtime_ns} {one.stat().st_size}" for one in found]


def _date(moment: int) -> date:
    """Return the calendar day in Beijing."""
    return (datetime.fromtimestamp(moment, UTC) + timedelta(hours=8)).date()
