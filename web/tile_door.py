"""The short way to a tile of a built layer: a map asks for hundreds of them while it is moved.

What is plainly such a question is answered here, with the host check and the headers that every answer has
(`web.security`). Whatever is odd in the least (another method, a query, a foreign host, a layer or tile that
is none) goes the long way and is refused there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from geoaq.errors import GeoaqError
from geoaq.tiles.mercator import address
from geoaq.tiles.static import built_tiles
from web.security import HEADERS, own_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TILE_TYPE = "application/vnd.mapbox-vector-tile"
_TILE = re.compile(
    r"/tiles/([a-z_]{1,40}(?:,[a-z_]{1,40}){0,15})/([0-9]{1,2})/([0-9]{1,6})/([0-9]{1,6})\.mvt", re.ASCII
)


class TileDoor:
    """A WSGI application before another one.

    Parameters
    ----------
    app
        Asked about everything else.
    layers
        Where built sets live (``GEOAQ_DATA/layers``).
    """

    def __init__(self, app: WSGIApplication, layers: Path) -> None:
        self._app = app
        self._layers = layers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        found = _TILE.fullmatch(environ["PATH_INFO"])
        if found is None or not _is_plain(environ):
            return self._app(environ, start_response)
        try:
            built = built_tiles(self._layers)
            tile = address(found[2], found[3], found[4])
            tag = f'W/"{built.tag(found[1])}"'
            known = environ.get("HTTP_IF_NONE_MATCH", "") == tag
            body = None if known else built.tile(found[1], tile)
        except (GeoaqError, OSError):
            return self._app(environ, start_response)
        headers = [
            *HEADERS.items(),
            ("ETag", tag),
            ("Cache-Control", "no-cache"),
            ("Vary", "Accept-Encoding"),
        ]
        if body is None:
            start_response("304 NOT MODIFIED" if known else "204 NO CONTENT", headers)
            return [b""]
        headers += [
            ("Content-Type", TILE_TYPE),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
        ]
        start_response("200 OK", headers)
        return [body]


def _is_plain(environ: WSGIEnvironment) -> bool:
    """Say whether a request is what a map sends: a plain read that takes packed answers."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").split(",")
        and environ.get("CONTENT_LENGTH", "") in {"", "0"}
        and "HTTP_RANGE" not in environ
        and own_host(environ.get("HTTP_HOST", ""))
    )
