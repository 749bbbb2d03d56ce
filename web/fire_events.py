"""The card of an event of fire, as a page and as JSON: what was seen, whose ground it is, what bans it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from geoaq.cards.fire_event import LISTED, event_card
from geoaq.errors import NotFoundError
from web.fire_feed import demonstration_shown, demonstration_told
from web.language import reader
from web.rooms import rooms
from web.views import catalog

_ID = re.compile(r"[0-9A-Za-z_-]{1,80}", re.ASCII)
_ALL = 1_000_000


def make() -> Blueprint:
    """Return the pages."""
    blueprint = Blueprint("fire_events", __name__, url_prefix="/fires/events")
    blueprint.add_url_rule("/<event>", "one", one)
    blueprint.add_url_rule("/<event>.json", "data", data)
    return blueprint


def one(event: str) -> Response:
    """Show an event; the old name of one that was merged leads to the one it was merged into."""
    card = _card(event, LISTED)
    if card["id"] != event:
        return _survivor("fire_events.one", card["id"], event)
    shown = demonstration_told() if demonstration_shown() else None
    return make_response(render_template("fire_event.html", card=card, demonstration=shown))


def data(event: str) -> Response:
    """Send an event as JSON, with every pixel."""
    card = _card(event, _ALL)
    if card["id"] != event:
        return _survivor("fire_events.data", card["id"], event)
    del card["sketch"]
    response = jsonify(card | {"demonstration": demonstration_told() if demonstration_shown() else None})
    response.headers["Cache-Control"] = "no-cache"
    return response


def _card(event: str, most: int) -> dict[str, Any]:
    """Return the card of an event, or of the one that it was merged into.

    Raises
    ------
    NotFoundError
        ``no_event``.
    """
    found = None
    if _ID.fullmatch(event):
        held, was = rooms(), request.args.get("was", "")
        found = event_card(
            held.fires.store, event, catalog=catalog(), layers=held.settings.data / "layers", lang=reader(),
            was=was if _ID.fullmatch(was) else "", most=most,
        )  # fmt: skip
    if found is None:
        raise NotFoundError("no_event", event=event[:80])
    return found


def _survivor(endpoint: str, event: str, was: str) -> Response:
    """Lead to the event that another one was merged into, with the other's name."""
    lang = request.args.get("lang")  # None: no such part of the address
    return make_response(redirect(url_for(endpoint, event=event, was=was, lang=lang)))
