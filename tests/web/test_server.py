"""Starting the server, and what may be set."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from geoaq.cli import app
from geoaq.errors import ConfigError
from web.server import serve
from web.settings import Settings

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOAQ_DATA", str(tmp_path))


def test_a_port_in_use_is_refused_instead_of_shared():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} is in use"):
            serve("127.0.0.1", port)


def test_the_port_of_the_environment_is_used_unless_another_is_given(monkeypatch):
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
            taken.listen()
        ports = one.getsockname()[1], other.getsockname()[1]
        monkeypatch.setenv("GEOAQ_PORT", str(ports[0]))
        with pytest.raises(ConfigError, match=f"Port {ports[0]} is in use"):
            app(["serve"], standalone_mode=False)
        with pytest.raises(ConfigError, match=f"Port {ports[1]} is in use"):
            app(["serve", f"--port={ports[1]}"], standalone_mode=False)


def test_the_address_of_the_environment_is_used_unless_another_is_given(monkeypatch):
    monkeypatch.setenv("GEOAQ_HOST", "192.0.2.1")
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"):
        app(["serve"], standalone_mode=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} is in use"):
            app(["serve", "--host=127.0.0.1", f"--port={port}"], standalone_mode=False)


def test_an_address_that_others_could_reach_is_refused_before_anything_listens():
    with pytest.raises(ConfigError, match="no accounts yet"):
        serve("192.0.2.1", 5000)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_reference_with_its_default(name):
    default = Settings.model_fields[name].default
    line = next(
        line for line in REFERENCE.read_text("utf-8").splitlines() if f"`GEOAQ_{name.upper()}`" in line
    )
    if isinstance(default, (int, float)):
        assert f"| {default:g} |" in line
