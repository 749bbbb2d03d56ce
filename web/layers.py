"""Layers and names on the map, which the browser keeps and asks about each time; places by name."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from geoaq.cards import atlas
from geoaq.errors import InputError
from geoaq.store.screenings import Screening
from web.delivery import send_drawing
from web.language import reader
from web.rooms import rooms

_TEXT_MAX = 100


def make() -> Blueprint:
    """Return the layers and the places."""
    blueprint = Blueprint("layers", __name__)
    blueprint.add_url_rule("/layers/<layer_id>.geojson", "one", one)
    blueprint.add_url_rule("/layers/names.json", "names", names)
    blueprint.add_url_rule("/layers/counties/<province>.geojson", "counties", counties)
    blueprint.add_url_rule("/screenings/<screening_id>/layers/<name>.geojson", "used", used)
    blueprint.add_url_rule("/places.json", "places", places)
    return blueprint


def one(layer_id: str) -> Response:
    """Send one layer."""
    return _drawing(layer_id)


def counties(province: str) -> Response:
    """Send the counties of one province."""
    return _drawing(f"counties/{province}")


def names() -> Response:
    """Send where the names of provinces, cities and counties stand."""
    return send_drawing(atlas.names(rooms().settings.data / "layers"), kind="application/json")


def used(screening_id: str, name: str) -> Response:
    """Send what a screening rested on: its plants, their discs, a layer that the office supplied."""

    def sent(screening: Screening) -> Response:
        return send_drawing(screening.drawing(f"{name}.geojson"), keep="private, no-cache")

    return rooms().shelf.read(screening_id, sent, opens=True)


def places() -> Response:
    """Send places, plants and, within a screening, subjects whose name holds ``q``."""
    here = rooms()
    text, screening_id = request.args.get("q", ""), request.args.get("screening", "")
    if len(text) > _TEXT_MAX:
        raise InputError("bad_query", name="q", value=text[:40])

    def found(screening: Screening | None) -> Response:
        folder = screening.folder if screening else None
        return jsonify(results=atlas.places(here.settings.data / "layers", folder, text, reader()))

    return here.shelf.read(screening_id, found) if screening_id else found(None)


def _drawing(layer_id: str) -> Response:
    return send_drawing(atlas.drawing(rooms().settings.data / "layers", layer_id))
