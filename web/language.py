"""Which language a reader gets: ``?lang=``, else the cookie, else Chinese."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import cast
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from geoaq.wording import LANGS, Lang, say

COOKIE = "lang"
_BEIJING = timezone(timedelta(hours=8))


def install(app: Flask) -> None:
    """Choose the language before every view and give templates their sentences."""
    app.before_request(_choose)
    app.after_request(_remember)
    app.jinja_env.globals["t"] = text
    app.jinja_env.globals["lang"] = reader
    app.jinja_env.globals["switched"] = switched
    app.jinja_env.filters["beijing"] = beijing


def reader() -> Lang:
    """Return the language of this request."""
    return cast("Lang", g.get("lang", "zh"))


def text(code: str, /, **params: object) -> str:
    """Return a sentence in the reader's language; codes without a dot are of ``pages.toml``."""
    return say(code if "." in code else f"pages.{code}", reader(), **params)


def beijing(moment: datetime) -> str:
    """Return a moment as it is shown: Beijing time, to the minute."""
    return moment.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")


def today() -> date:
    """Return the day in China: what is meant where a reader states none."""
    return datetime.now(_BEIJING).date()


def switched() -> str:
    """Return the address of this page in the other language."""
    kept = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "lang"}
    return "?" + urlencode({**kept, "lang": "en" if reader() == "zh" else "zh"}, doseq=True)


def _choose() -> None:
    asked = request.args.get("lang", request.cookies.get(COOKIE, "zh"))
    g.lang = asked if asked in LANGS else "zh"


def _remember(response: Response) -> Response:
    if request.args.get("lang") in LANGS:
        response.set_cookie(COOKIE, reader(), max_age=365 * 86400, httponly=True, samesite="Strict")
    return response
