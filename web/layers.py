"""Built layers as GeoJSON, which the browser keeps and asks about each time; places by name."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, request, send_file

from geoaq.cards import atlas
from geoaq.errors import InputError
from web.delivery import takes_gzip
from web.language import reader
from web.rooms import rooms

GEOJSON = "application/geo+json"
_TEXT_MAX = 100


def make() -> Blueprint:
    """Return the layers and the places."""
    blueprint = Blueprint("layers", __name__)
    blueprint.add_url_rule("/layers/<layer_id>.geojson", "one", one)
    blueprint.add_url_rule("/layers/counties/<province>.geojson", "counties", counties)
    blueprint.add_url_rule("/places.json", "places", places)
    return blueprint


def one(layer_id: str) -> Response:
    """Send one layer."""
    return _drawing(layer_id)


def counties(province: str) -> Response:
    """Send the counties of one province."""
    return _drawing(f"counties/{province}")


def places() -> Response:
    """Send places, plants and, within a screening, subjects whose name holds ``q``."""
    here = rooms()
    text, screening_id = request.args.get("q", ""), request.args.get("screening", "")
    if len(text) > _TEXT_MAX:
        raise InputError("bad_query", name="q", value=text[:40])
    screening = here.screenings.get(screening_id).folder if screening_id else None

    return jsonify(results=atlas.places(here.settings.data / "layers", screening, text, reader()))


def _drawing(layer_id: str) -> Response:
    path = atlas.drawing(rooms().settings.data / "layers", layer_id)

    response = send_file(path, mimetype=GEOJSON, conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and takes_gzip():
        tag, _ = response.get_etag()
        response.close()
        response = Response(_packed(path), mimetype=GEOJSON)
        response.headers |= {
            "Content-Encoding": "gzip",
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
        }
        response.set_etag(tag or "", weak=True)  # the same content, other bytes
    return response


@lru_cache(maxsize=64)
def _packed(path: Path) -> bytes:
    """Return a layer packed; a built set never changes under its name."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)
