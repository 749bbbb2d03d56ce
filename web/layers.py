"""Built layers as GeoJSON; the browser keeps them and asks each time whether they changed."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from geoaq.cards import atlas
from web.rooms import rooms


def make() -> Blueprint:
    """Return the layers."""
    blueprint = Blueprint("layers", __name__)
    blueprint.add_url_rule("/layers/<layer_id>.geojson", "one", one)
    blueprint.add_url_rule("/layers/counties/<province>.geojson", "counties", counties)
    return blueprint


def one(layer_id: str) -> Response:
    """Send one layer."""
    return _drawing(layer_id)


def counties(province: str) -> Response:
    """Send the counties of one province."""
    return _drawing(f"counties/{province}")


def _drawing(layer_id: str) -> Response:
    path = atlas.drawing(rooms().settings.data / "layers", layer_id)

    response = send_file(path, mimetype="application/geo+json", conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
