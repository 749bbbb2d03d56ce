"""One place on the map: where it lies, what is near it, which rules reach it."""

from __future__ import annotations

from datetime import date
from threading import Lock
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from geoaq.cards.point import point_card
from geoaq.errors import InputError
from geoaq.flows.point import CLICKED, STATED, at_point, office_areas, open_point_ground
from web.language import reader, today
from web.rooms import rooms
from web.turns import turn
from web.views import catalog

_LONGEST = 100
# The county lines are parsed when first asked for and kept: one question at a time.
_ONE = Lock()


def make() -> Blueprint:
    """Return the page and the answer of a place."""
    blueprint = Blueprint("point", __name__)
    blueprint.add_url_rule("/point", "page", page)
    blueprint.add_url_rule("/point.json", "answer", answer)
    return blueprint


def page() -> Response:
    """Show what is known of a place, as a page of its own."""
    stated = request.args.get("at", "").strip()
    card, problem = None, ""
    if stated:
        try:
            card = _card(stated)
        except InputError as error:
            problem = error.message(reader())
    body = render_template("point.html", at=stated[:_LONGEST], card=card, problem=problem)
    return make_response(body, 400 if problem else 200)


def answer() -> Response:
    """Send what is known of a place."""
    return jsonify(_card(request.args.get("at", "")))


def _card(stated: str) -> dict[str, Any]:
    if len(stated) > _LONGEST:
        raise InputError("bad_query", name="at", value=stated[:40])
    day = _day(request.args.get("as_of", ""))
    quality = CLICKED if request.args.get("clicked") == "1" else STATED
    datum = request.args.get("datum") or None
    root = rooms().settings.data / "layers"
    with turn(_ONE):
        ground, areas = open_point_ground(catalog(), root), office_areas(rooms().settings.data)
        found = at_point(ground, stated, as_of=day, datum=datum, quality=quality, areas=areas)
    return point_card(catalog(), **vars(found), as_of=day, lang=reader())


def _day(stated: str) -> date:
    if not stated:
        return today()
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise InputError("bad_query", name="as_of", value=stated[:40]) from None
