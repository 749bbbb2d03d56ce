"""Putting the application together."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from geoaq.store.attempts import Attempts
from geoaq.store.screenings import Screenings
from geoaq.store.trash import Trash
from web import (
    api,
    bundle,
    delivery,
    errors,
    fire_bulletin,
    fire_events,
    fire_feed,
    fire_map,
    fire_scenes,
    fire_static,
    fire_zones,
    followups,
    language,
    layers,
    office_layers,
    pages,
    point,
    rasters,
    received,
    screenings,
    security,
    sheets,
    tiles,
    uploads,
)
from web.fire_room import FireRoom
from web.jobs import Jobs
from web.rooms import Rooms
from web.settings import read_settings, secret_key
from web.space import Space
from web.tile_door import TileDoor
from web.views import catalog
from web.workshop import Workshop

# What multipart headers and the small fields of a form may add to the files themselves.
_FORM_ROOM = 256 * 1024


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return a new application.

    Parameters
    ----------
    config
        Values over the environment's ``GEOAQ_*`` (names of `web.settings.Settings`, lower case); the key
        ``testing`` switches Flask's testing mode on.

    Raises
    ------
    ConfigError
        A setting that cannot be used, or an address that other machines could reach.
    """
    stated = dict(config or {})
    testing = bool(stated.pop("testing", False))
    settings = read_settings(stated)
    app = Flask("web", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.request_class = received.FormRequest
    app.response_class = delivery.Answer
    app.config.update(
        TESTING=testing,
        SECRET_KEY=secret_key(settings.data),
        MAX_CONTENT_LENGTH=settings.upload_mb * 1_000_000 + _FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=_FORM_ROOM,
        MAX_FORM_PARTS=60,
        SESSION_COOKIE_NAME="geoaq",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    attempts = Attempts(settings.data)
    attempts.clean(now=datetime.now(UTC))
    finished = Screenings(settings.data)
    trash = Trash(settings.data)
    trash.mend()
    trash.purge(now=datetime.now(UTC), days=settings.trash_days)
    jobs = Jobs(settings, attempts, finished, app.logger, read_ahead=api.warm)
    fires = FireRoom(
        settings.data, catalog().data_dir, app.logger, demonstration=settings.fires_demonstration
    )
    app.extensions["geoaq"] = Rooms(
        settings, attempts, finished, jobs, Workshop(settings, app.logger), Space(settings), fires
    )
    atexit.register(jobs.close)
    app.extensions["geoaq_fire_feed"] = fire_feed.FireFeed(settings, app.logger)
    app.wsgi_app = TileDoor(app.wsgi_app, settings.data / "layers")  # type: ignore[method-assign]
    base = settings.base()
    security.install(app, pictures_from=base.origin if base else "")
    language.install(app)
    delivery.install(app)
    bundle.install(app)
    errors.install(app)
    drawn = (layers, office_layers, tiles, rasters)
    fires_seen = (fire_bulletin, fire_map, fire_feed, fire_events, fire_static, fire_zones, fire_scenes)
    for room in (pages, point, uploads, screenings, api, sheets, followups, *fires_seen, *drawn):
        app.register_blueprint(room.make())
    return app
