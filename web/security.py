"""Who may speak to this server, and what its pages may do.

Three gates before any view: the host name must be one of this machine (a foreign page that points its own
name at 127.0.0.1 is turned away), a write must come from a page of this server (Origin and Sec-Fetch-Site),
and it must carry the token of that page; what can be seen to fail is refused before its form is parsed. Every
answer carries a policy under which nothing comes from elsewhere and nothing stands inline; only
the tiles of a base map that the settings name may come from its one origin.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from werkzeug.exceptions import BadRequest, Forbidden, LengthRequired

from web.connections import NO_ROOM
from web.errors import NoRoom

CONTENT_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "no-referrer" would turn the Origin of forms into "null"
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
}
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
_READS = {"GET", "HEAD", "OPTIONS"}


class ForeignHost(BadRequest):
    """The request names a host that is not this machine."""

    geoaq_code = "foreign_host"


class ForeignPage(Forbidden):
    """A write that a page of another server sends."""

    geoaq_code = "foreign_page"


class NoLength(LengthRequired):
    """The body does not say how long it is."""

    geoaq_code = "no_length"


def content_policy(pictures_from: str = "") -> str:
    """Return what pages may load: all from here, and pictures from one origin more where one is named."""
    return f"{CONTENT_POLICY}; img-src 'self' {pictures_from}" if pictures_from else CONTENT_POLICY


def install(app: Flask, pictures_from: str = "") -> None:
    """Put the gates before every view and the headers on every answer.

    Parameters
    ----------
    pictures_from
        The origin of the tiles of a base map from outside, if the settings name one.
    """
    headers = HEADERS | {"Content-Security-Policy": content_policy(pictures_from)}

    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.before_request(_require_own_host)
    app.before_request(_require_own_page)
    app.before_request(_require_length)
    app.before_request(_require_room)
    app.before_request(_require_session)
    CSRFProtect(app)
    app.after_request(add_headers)


def own_host(stated: str) -> bool:
    """Say whether the name that a request gives its server is one of this machine."""
    return _HOST.fullmatch(stated) is not None


def _require_own_host() -> None:
    if not own_host(request.headers.get("Host", "")):
        raise ForeignHost


def _require_own_page() -> None:
    if request.method in _READS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignPage
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.headers.get('Host', '')}"
    if origin is not None and origin.lower() != own.lower():
        raise ForeignPage


def _require_length() -> None:
    """Refuse a body that does not say how long it is; `web.connections` has not read it."""
    if request.method not in _READS and "Transfer-Encoding" in request.headers:
        raise NoLength


def _require_room() -> None:
    """Refuse what could not be taken in; `web.connections` has thrown it away."""
    if NO_ROOM in request.environ:
        raise NoRoom


def _require_session() -> None:
    """Refuse, before the form is parsed, a write that cannot carry the right token or carries a wrong one."""
    if request.method in _READS or not request.endpoint:
        return
    if "csrf_token" not in session:
        raise CSRFError("The CSRF session token is missing.")
    stated = request.headers.get("X-CSRFToken")
    if stated is not None:
        try:
            validate_csrf(stated)
        except ValueError as error:  # a ValidationError
            raise CSRFError(str(error)) from None
