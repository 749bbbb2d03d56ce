"""Serving the application on this machine."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from geoaq.errors import ConfigError
from geoaq.store.attempts import Attempts
from web import pace
from web.settings import Settings, read_settings

if TYPE_CHECKING:
    from flask import Flask

# Threads that stay for pages when every place for a body or a download is taken.
_PAGE_THREADS = 32
# Open connections, idle ones too: granian takes no further one until one of them ends.
_CONNECTIONS = 512
_HEADER_MS = 10_000
# How long requests under way may take to end when the server is stopped, seconds.
_END_WAIT_S = 10


def serve(host: str | None = None, port: int | None = None) -> None:
    """Serve until interrupted: one process, threads, loopback only.

    Parameters
    ----------
    host, port
        Where to listen; what is not given comes from ``GEOAQ_HOST`` and ``GEOAQ_PORT``.

    Raises
    ------
    ConfigError
        ``not_loopback``: other machines could reach the address; ``port_taken``: something answers there;
        ``bad_setting``: a setting cannot be used.
    """
    stated = {"host": host, "port": port}
    config = {name: value for name, value in stated.items() if value is not None}
    settings = read_settings(config)
    address = "127.0.0.1" if settings.host == "localhost" else settings.host
    _require_free(address, settings.port)
    os.umask(0o077)  # lists hold names and telephone numbers: what is written is its owner's alone
    server = Granian(
        "web.app:create_app",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=pace.UPLOADS + pace.FORMS + pace.DOWNLOADS + _PAGE_THREADS,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MS),
        respawn_failed_workers=True,
        workers_kill_timeout=_END_WAIT_S,
        websockets=False,
        log_access=False,
    )
    try:
        server.serve(target_loader=partial(_load, config), wrap_loader=False)
    finally:
        _clean(settings)


def _load(config: Mapping[str, Any]) -> Callable[..., Any]:
    """Make the application in granian's process, and see to it that its screenings end when that is told to.

    granian sets its own handlers for signals and its process ends without `atexit`; the number of the signal
    comes through a pipe whatever the handler, and a process of multiprocessing ends with its finalizers.
    """
    from web.app import create_app

    app: Flask = create_app(config)
    close = app.extensions["geoaq"].jobs.close
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    threading.Thread(target=_close_when_told, args=(told, close), daemon=True, name="end").start()
    Finalize(None, close, exitpriority=10)
    return app


def _close_when_told(told: int, close: Callable[[], None]) -> None:
    while os.read(told, 1)[0] not in {signal.SIGTERM, signal.SIGINT}:
        continue
    close()


def _clean(settings: Settings) -> None:
    """Turn what a process that had to be killed left behind into plain failures."""
    attempts = Attempts(settings.data)
    attempts.clean(now=datetime.now(UTC))
    attempts.close()


def _require_free(address: str, port: int) -> None:
    """Refuse a port in use: granian would share it, and requests would reach either server by chance."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            raise ConfigError("port_taken", port=port) from None
