"""What went wrong, as a status and a sentence: one table from error class to HTTP status."""

from __future__ import annotations

import errno

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from geoaq.errors import (
    CancelledError,
    ConfigError,
    GeoaqError,
    InputError,
    LimitError,
    NotFoundError,
    NotReadyError,
)
from geoaq.wording import catalogue
from web.jobs import BusyError
from web.language import text
from web.rooms import rooms
from web.space import FullError

# The first class that fits decides.
STATUS: tuple[tuple[type[GeoaqError], int], ...] = (
    (NotFoundError, 404),
    (NotReadyError, 409),
    (BusyError, 429),
    (FullError, 507),
    (LimitError, 413),
    (InputError, 400),
    (CancelledError, 409),
    (ConfigError, 500),
)
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SENTENCES = {400: "bad_request", 403: "forbidden", 404: "no_page", 405: "bad_method", 429: "busy"}


class NoRoom(HTTPException):
    """The disk is full."""

    code = 507
    geoaq_code = "no_room"


def install(app: Flask) -> None:
    """Answer every error with a page or, where the client asks for JSON, with an object."""
    app.register_error_handler(GeoaqError, _known)
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Say whether the client prefers JSON to a page."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return best == "application/json" or request.path.endswith(".json")


def sentence(code: str, params: dict[str, object]) -> str:
    """Return the sentence of an error code, or the plain one when code or parameters are unknown."""
    if f"errors.{code}" in catalogue():
        try:
            return text(f"errors.{code}", **params)
        except (KeyError, IndexError):
            current_app.logger.warning("error %s lacks parameters, has %s", code, sorted(params))
    return text("errors.job_crashed")


def _answer(status: int, code: str, message: str, field: str = "") -> Response:
    """Answer with a status; ``field`` is the field of the form that is to be mended."""
    if wants_json():
        response = jsonify(error={"code": code, "text": message} | ({"field": field} if field else {}))
    else:
        response = make_response(render_template("error.html", status=status, message=message))
    response.status_code = status
    return response


def _known(error: GeoaqError) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    message = sentence(error.code, error.params)
    return _answer(status, error.code, message, str(error.params.get("field", "")))


def _no_token(_: CSRFError) -> Response:
    return _answer(403, "no_token", text("errors.no_token"))


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        response = error.get_response()
        return make_response(response)
    if status == 413 and (request.content_length or 0) <= current_app.config["MAX_CONTENT_LENGTH"]:
        return _answer(413, "form_too_large", text("errors.form_too_large"))
    if status == 413:
        params: dict[str, object] = {"limit_mb": rooms().settings.upload_mb}
        return _answer(413, "upload_too_large", text("errors.upload_too_large", **params))
    code = getattr(error, "geoaq_code", None) or _SENTENCES.get(status, "server_error")
    return _answer(status, code, text(f"errors.{code}"))


def _unforeseen(error: Exception) -> Response:
    current_app.logger.error("unforeseen error at %s", request.path, exc_info=error)
    if isinstance(error, OSError) and error.errno in _FULL:
        return _refused(NoRoom())
    return _answer(500, "server_error", text("errors.server_error"))
