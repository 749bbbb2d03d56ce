"""Layers as GeoJSON, which the browser keeps and asks about each time; places by name."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from geoaq.cards import atlas
from geoaq.errors import InputError
from web.delivery import send_drawing
from web.language import reader
from web.rooms import rooms

_TEXT_MAX = 100


def make() -> Blueprint:
    """Return the layers and the places."""
    blueprint = Blueprint("layers", __name__)
    blueprint.add_url_rule("/layers/<layer_id>.geojson", "one", one)
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


def used(screening_id: str, name: str) -> Response:
    """Send what a screening rested on: its plants, their discs, a layer that the office supplied."""
    path = rooms().screenings.drawing(screening_id, f"{name}.geojson")

    return send_drawing(path, keep="private, no-cache")


def places() -> Response:
    """Send places, plants and, within a screening, subjects whose name holds ``q``."""
    here = rooms()
    text, screening_id = request.args.get("q", ""), request.args.get("screening", "")
    if len(text) > _TEXT_MAX:
        raise InputError("bad_query", name="q", value=text[:40])
    screening = here.screenings.get(screening_id).folder if screening_id else None

    return jsonify(results=atlas.places(here.settings.data / "layers", screening, text, reader()))


def _drawing(layer_id: str) -> Response:
    return send_drawing(atlas.drawing(rooms().settings.data / "layers", layer_id))
