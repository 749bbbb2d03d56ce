"""Knocking at the door as a browser does: the right host, the page's token, patience."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from geoaq.store.place import new_id
from web.rooms import Rooms

ADDRESS = "http://127.0.0.1:5000"
JSON = {"Accept": "application/json"}


class Browser(FlaskClient):
    """A client that speaks to the address on which the server listens."""

    def open(self, *args: Any, **words: Any) -> TestResponse:
        words.setdefault("base_url", ADDRESS)
        return super().open(*args, **words)


def client_of(app: Flask) -> FlaskClient:
    """Return a client with cookies of its own."""
    app.test_client_class = Browser
    return app.test_client()


def rooms_of(app: Flask) -> Rooms:
    rooms = app.extensions["geoaq"]
    assert isinstance(rooms, Rooms)
    return rooms


def token_of(client: FlaskClient, page: str = "/screenings") -> str:
    """Return the token that a page carries."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def upload(
    client: FlaskClient,
    content: bytes,
    name: str = "锅炉清单.csv",
    environ: dict[str, Any] | None = None,
    address: str = "/heating/screenings",
    **fields: Any,
) -> TestResponse:
    """Post a list as the page's script does; a field may be a pair of content and file name."""
    return post(client, address, {"list": (content, name), **fields}, environ)


def post(
    client: FlaskClient, address: str, fields: dict[str, Any], environ: dict[str, Any] | None = None
) -> TestResponse:
    """Post a form as the page's script does; a field may be a pair of content and file name."""
    form: dict[str, Any] = {"csrf_token": token_of(client), **fields}
    for field, value in form.items():
        if isinstance(value, tuple):
            form[field] = FileStorage(io.BytesIO(value[0]), filename=value[1])
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind, headers=JSON, environ_overrides=environ)


def wait_for(done: Callable[[], bool], seconds: float = 180) -> None:
    """Return when ``done()`` holds; fail after many seconds."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "this never came"
        time.sleep(0.02)


def outcome(client: FlaskClient, progress: str) -> dict[str, Any]:
    """Wait until a screening is no longer under way and return what its progress says."""

    def settled() -> bool:
        return client.get(progress).get_json()["state"] not in {"queued", "running"}

    wait_for(settled)
    answer = client.get(progress).get_json()
    assert isinstance(answer, dict)
    return answer


def put_screening(app: Flask, made: Path, filename: str = "锅炉清单.xlsx") -> str:
    """Put a copy of the folder ``made`` in place as a finished screening and return its id."""
    screening_id = new_id()
    staged = rooms_of(app).settings.data / "staging" / f"copy-{screening_id}"
    shutil.copytree(made, staged)
    rooms_of(app).screenings.put(screening_id, staged, filename=filename, created=datetime.now(UTC))
    return screening_id
