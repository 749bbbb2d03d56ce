"""Raster layers as tiles: an indexed PNG of 256 × 256 pixels for an address of the map."""

from __future__ import annotations

from flask import Blueprint, Response, request

from geoaq.tiles.mercator import address
from geoaq.tiles.raster import RASTER_ZOOM_MAX, raster_tiles
from web.rooms import rooms
from web.views import catalog


def make() -> Blueprint:
    """Return the raster tiles."""
    blueprint = Blueprint("rasters", __name__)
    blueprint.add_url_rule("/tiles/<layer>/<z>/<x>/<y>.png", "one", one)
    return blueprint


def one(layer: str, z: str, x: str, y: str) -> Response:
    """Send a tile of a raster layer."""
    tile = address(z, x, y, RASTER_ZOOM_MAX)
    tiles = raster_tiles(rooms().settings.data / "layers", catalog().layer(layer))
    if request.if_none_match.contains_weak(tiles.tag):
        return _headed(Response(status=304), tiles.tag)
    return _headed(Response(tiles.tile(tile), mimetype="image/png"), tiles.tag)


def _headed(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response
