"""Scripts joined to one file, style sheets joined to one file, so that a page asks for two and not for sixty.

Which files the client of a map is made of, and in what order, the composed map says
(`geoaq.maps.figure.MapParts`); there is no second list. Under an address that carries the hash of the
content a browser keeps a bundle for ever. Files are joined as they stand, each with the licence that it
begins with. The slices of the font are a sheet of their own, which a map takes up once it is drawn.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from functools import lru_cache
from typing import NamedTuple

from flask import Flask, Response, request, url_for

from geoaq.errors import ConfigError
from geoaq.maps.figure import MapParts
from web.delivery import FOREVER, STATIC, asset, packed_answer

# Pages without a map are set in these; with one, the last stands after those of the map.
SLICES = "vendor/fonts/noto-sans-sc.css"
PAGES = (SLICES, "vendor/fonts/interface.css", "geoaq/paper.css", "geoaq/page.css", "pages/pages.css")
_TYPES = {"js": "text/javascript", "css": "text/css"}
_URL = re.compile(r"""url\(\s*(['"]?)(?!data:|/|#)([^'")]+)\1\s*\)""")
_Stamped = tuple[tuple[str, int], ...]


class Bundle(NamedTuple):
    """Joined files: a part of the hash of their content, and the content packed."""

    kind: str
    hash: str
    packed: bytes


def install(app: Flask) -> None:
    """Give templates `client_file` and `slices_sheet`, for pages with a map, and `page_sheet`, for others."""
    app.jinja_env.globals |= {
        "client_file": _client_file,
        "slices_sheet": _slices_sheet,
        "page_sheet": _page_sheet,
    }


def _client_file(view: str, parts: MapParts, kind: str) -> str:
    return url_for("pages.client", view=view, kind=kind, v=of_map(parts, kind).hash)


def _slices_sheet() -> str:
    return url_for("pages.slices", v=of_slices().hash)


def _page_sheet() -> str:
    return url_for("pages.sheet", v=of_pages().hash)


def of_map(parts: MapParts, kind: str) -> Bundle:
    """Return the scripts (``js``) or the style sheets (``css``) of a map, joined in their order.

    Raises
    ------
    ConfigError
        ``front_end_missing``: set-up did not copy the front-end parts.
    """
    if kind == "js":
        return _joined(kind, _stamped(parts.scripts), "")
    return _joined(kind, _stamped((*parts.styles, PAGES[-1])), parts.style)


def of_slices() -> Bundle:
    """Return the sheet of the slices of the font, which a map asks for once it is drawn."""
    return _joined("css", _stamped((SLICES,)), "")


def of_pages() -> Bundle:
    """Return the style sheets of pages without a map; what set-up did not copy they can be read without."""
    return _joined("css", _stamped(tuple(name for name in PAGES if (STATIC / name).is_file())), "")


def send(found: Bundle) -> Response:
    """Send a bundle, to be kept for ever where the address names its hash."""
    response = packed_answer(found.packed, _TYPES[found.kind])
    response.set_etag(found.hash, weak=True)  # the same content, packed or not
    response.headers["Cache-Control"] = FOREVER if request.args.get("v") == found.hash else "no-cache"
    response.make_conditional(request)
    return response


def _stamped(names: tuple[str, ...]) -> _Stamped:
    try:
        return tuple((name, (STATIC / name).stat().st_mtime_ns) for name in names)
    except FileNotFoundError as error:
        raise ConfigError("front_end_missing", file=str(error.filename)) from error


@lru_cache(maxsize=16)
def _joined(kind: str, files: _Stamped, rest: str) -> Bundle:
    read = _script if kind == "js" else _style
    content = "".join([*(read(name) for name, _ in files), rest]).encode()
    return Bundle(kind, hashlib.sha256(content).hexdigest()[:12], gzip.compress(content, 9, mtime=0))


def _script(name: str) -> str:
    """Return a script that the next may follow, whatever it ends with."""
    return f"{(STATIC / name).read_text('utf-8')}\n;\n"


def _style(name: str) -> str:
    """Return a style sheet whose pictures and fonts are found from any address, and kept for ever."""
    folder = posixpath.dirname(name)

    def placed(found: re.Match[str]) -> str:
        return f'url("{asset(posixpath.normpath(posixpath.join(folder, found[2])))}")'

    return f"{_URL.sub(placed, (STATIC / name).read_text('utf-8'))}\n"
