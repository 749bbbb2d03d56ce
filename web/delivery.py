"""Files of the front end, and answers that travel packed.

``asset("geoaq/room.js")`` gives an address that carries a part of the file's hash: under that address the
browser may keep it for ever, under any other it asks each time. Text goes out gzipped; a file that was
packed at set-up (``room.js.gz`` beside ``room.js``) is sent as it is. Files are handed to the
server, which sends them as fast as each client takes them.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from flask import Flask, Response, request, send_file, send_from_directory, url_for
from waitress.buffers import ReadOnlyFileBasedBuffer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wrappers import Request

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
_GEOJSON = "application/geo+json"
_PACKED_TYPES = ("application/json", _GEOJSON, "text/css", "text/javascript")
_WORTH_PACKING = 1024


class Answer(Response):
    """An answer; the asked-for part of a file is sent as a whole file is, without a thread that waits."""

    def make_conditional(
        self,
        request_or_environ: WSGIEnvironment | Request,
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Self:
        """Answer with a part, with "not changed", or as it is; see `werkzeug.wrappers.Response`."""
        file = self.response
        super().make_conditional(request_or_environ, accept_ranges, complete_length)
        if self.status_code == 206 and isinstance(file, ReadOnlyFileBasedBuffer):
            file.seek(self.content_range.start)  # waitress sends from here on, as long as Content-Length says
            self.response = file
        return self


def install(app: Flask) -> None:
    """Serve ``/static/``, give templates `asset`, and pack what is worth it."""
    app.add_url_rule("/static/<path:name>", "static", static)
    app.jinja_env.globals["asset"] = asset
    app.after_request(pack)


def asset(name: str) -> str:
    """Return the address of a file under ``web/static`` that may be kept for ever."""
    path = STATIC / name
    if not path.is_file():
        return url_for("static", name=name)
    return url_for("static", name=name, v=_hash(path, path.stat().st_mtime_ns))


def static(name: str) -> Response:
    """Send one file of the front end."""
    response = send_from_directory(STATIC, name, conditional=True)
    path = STATIC / name
    kept = request.args.get("v") == _hash(path, path.stat().st_mtime_ns)
    packed = path.with_name(f"{path.name}.gz")
    if packed.is_file() and takes_gzip() and response.status_code == 200:
        kind = response.mimetype
        response.close()
        response = send_from_directory(STATIC, f"{name}.gz", mimetype=kind, conditional=True)
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOREVER if kept else "no-cache"
    return response


def pack(response: Response) -> Response:
    """Gzip an answer of text that is worth it; pages, which carry a token, go as they are."""
    kind = response.mimetype or ""
    if (
        response.status_code != 200
        or kind not in _PACKED_TYPES
        or response.headers.get("Content-Encoding")
        or "attachment" in response.headers.get("Content-Disposition", "")
    ):
        return response
    response.vary.add("Accept-Encoding")
    if not takes_gzip():
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) > _WORTH_PACKING:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag is not None:
            response.set_etag(etag, weak=True)  # the same content, other bytes
    return response


def send_drawing(path: Path, keep: str = "no-cache", kind: str = _GEOJSON) -> Response:
    """Send a drawing that never changes under its name: packed once, and again only if it is another.

    Parameters
    ----------
    path
        The file.
    keep
        ``Cache-Control``.
    kind
        Its media type.
    """
    response = send_file(path, mimetype=kind, conditional=True)
    response.headers["Cache-Control"] = keep
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and takes_gzip():
        tag, _ = response.get_etag()
        response.close()
        response = Response(_packed(path), mimetype=kind)
        response.headers |= {"Content-Encoding": "gzip", "Cache-Control": keep, "Vary": "Accept-Encoding"}
        response.set_etag(tag or "", weak=True)  # the same content, other bytes
    return response


@lru_cache(maxsize=64)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def packed_answer(body: bytes, kind: str) -> Response:
    """Answer with what is gzipped already, to whoever does not take that unpacked."""
    response = Response(body if takes_gzip() else gzip.decompress(body), mimetype=kind)
    if takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def takes_gzip() -> bool:
    """Say whether the client takes packed answers."""
    return request.accept_encodings["gzip"] > 0


@lru_cache(maxsize=512)
def _hash(path: Path, mtime_ns: int) -> str:  # noqa: ARG001 - part of the key: a changed file has a new hash
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
