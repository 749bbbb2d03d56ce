"""An application with its own folder of state, whose screenings are computed by a command that pretends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geoaq.io.built import LayerSet
from geoaq.store.fires.store import FireStore
from tests.web.door import client_of, rooms_of
from web import create_app

PRETENDER = Path(__file__).with_name("pretender.py")


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Return a maker of applications; what they run ends with the test."""
    made: list[Flask] = []

    def make(**config: Any) -> Flask:
        command = (sys.executable, str(PRETENDER))
        app = create_app({"testing": True, "data": tmp_path / "data", "job_command": command, **config})
        made.append(app)
        return app

    yield make
    for app in made:
        rooms_of(app).jobs.close()


@pytest.fixture(scope="module")
def make_module_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Flask]]:
    """Return a maker of applications that live as long as the tests of a file."""
    data = tmp_path_factory.mktemp("web")
    made: list[Flask] = []

    def make(**config: Any) -> Flask:
        made.append(create_app({"testing": True, "data": data / f"data{len(made)}", **config}))
        return made[-1]

    yield make
    for app in made:
        rooms_of(app).jobs.close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return client_of(app)


@pytest.fixture
def fire_app(make_app: Callable[..., Flask], built_layers: LayerSet, tmp_path: Path) -> Iterator[Flask]:
    """Return an application with built layers and an empty store of fires of its own."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    app = make_app(fires_demonstration=False)
    yield app
    rooms_of(app).fires.close()


@pytest.fixture
def store(app: Flask) -> FireStore:
    """Return the store of fires of the application."""
    return rooms_of(app).fires.store
