"""Tiles: of the built layers, and of the subjects of a screening."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request, send_file

from geoaq.errors import LimitError
from geoaq.store import reading
from geoaq.store.choice import Choice, Mask
from geoaq.store.screenings import Screening
from geoaq.tiles.mercator import address
from geoaq.tiles.screening import subject_tiles
from geoaq.tiles.static import built_tiles
from web.choices import choice
from web.delivery import packed_answer
from web.rooms import of_screening, rooms

_TYPE = "application/vnd.mapbox-vector-tile"
_ARCHIVE_TYPE = "application/vnd.pmtiles"
# A drawn area of 500 corners is well below it.
_QUERY_MAX = 20_000


def make() -> Blueprint:
    """Return the tiles."""
    blueprint = Blueprint("tiles", __name__)
    blueprint.add_url_rule("/tiles/<layer>/<z>/<x>/<y>.mvt", "one", one)
    blueprint.add_url_rule("/tiles/<layer>.pmtiles", "archive", archive)
    blueprint.add_url_rule("/screenings/<screening_id>/tiles/<z>/<x>/<y>.mvt", "subjects", subjects)
    return blueprint


def one(layer: str, z: str, x: str, y: str) -> Response:
    """Send a tile of a built layer."""
    built = built_tiles(rooms().settings.data / "layers")
    tile, tag = address(z, x, y), built.tag(layer)
    if _known(tag):
        return _unchanged(tag, "no-cache")
    return _sent(built.tile(layer, tile), tag, "no-cache")


def archive(layer: str) -> Response:
    """Send a built layer's tiles as one file, or the asked-for part of it."""
    built = built_tiles(rooms().settings.data / "layers")
    response = send_file(built.path(layer), mimetype=_ARCHIVE_TYPE, conditional=True, etag=built.tag(layer))
    response.headers["Cache-Control"] = "no-cache"
    return response


@of_screening
def subjects(screening: Screening, z: str, x: str, y: str) -> Response:
    """Send a tile of the subjects of a screening that the list would show."""
    tile = address(z, x, y)
    if len(request.query_string) > _QUERY_MAX:
        raise LimitError("query_too_long", limit=_QUERY_MAX)
    cache = rooms().settings.data / "cache" / "tiles"
    asked = choice()
    tiles = subject_tiles(screening.folder, screening.id, cache)
    tag = tiles.tag(tile, asked)

    def among() -> Mask | None:
        return None if asked == Choice() else reading.wanted(screening.folder, asked)

    return send_tile(tag, lambda: tiles.packed(tile, tag, among) or None)


def send_tile(tag: str, made: Callable[[], bytes | None]) -> Response:
    """Send a tile that is made when asked for, or that it is still the one with this tag.

    Parameters
    ----------
    tag
        Of the tile.
    made
        Gives it, gzipped; None where it is empty. Not asked where the browser has it.
    """
    if _known(tag):
        return _unchanged(tag, "private, no-cache")
    return _sent(made(), tag, "private, no-cache")


def _known(tag: str) -> bool:
    return request.if_none_match.contains_weak(tag)


def _unchanged(tag: str, keep: str) -> Response:
    return _headed(Response(status=304), tag, keep)


def _sent(packed: bytes | None, tag: str, keep: str) -> Response:
    """Send a gzipped tile; where there is none, an empty answer."""
    if packed is None:
        return _nothing(tag, keep)
    return _headed(packed_answer(packed, _TYPE), tag, keep)


def _nothing(tag: str, keep: str) -> Response:
    response = Response(status=204)
    del response.headers["Content-Type"]  # of nothing
    return _headed(response, tag, keep)


def _headed(response: Response, tag: str, keep: str) -> Response:
    response.set_etag(tag, weak=True)  # the same content, packed or not
    response.headers["Cache-Control"] = keep
    response.vary.add("Accept-Encoding")
    return response
