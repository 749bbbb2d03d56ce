"""Serving the application on this machine."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping
from typing import Any

from geoaq.errors import ConfigError
from web.connections import Server
from web.settings import Settings, read_settings


def serve(
    host: str | None = None, port: int | None = None, *, started: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until SIGINT or SIGTERM: one process, threads, loopback only.

    Parameters
    ----------
    host, port
        Where to listen; what is not given comes from ``GEOAQ_HOST`` and ``GEOAQ_PORT``.
    started
        Told the address when requests are answered.

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
    with _bound(address, settings.port) as listening:
        os.umask(0o077)  # lists hold names and telephone numbers: what is written is its owner's alone
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits is no event
        _run(listening, config, settings, started)


def _run(
    listening: socket.socket, config: Mapping[str, Any], settings: Settings, started: Callable[[str], None]
) -> None:
    from web.app import create_app

    app = create_app(config)
    # What is a little too large is taken in and refused in words: a browser that still sends may not listen.
    server = Server(
        app,
        listening,
        body_limit=app.config["MAX_CONTENT_LENGTH"] * 3 // 2,
        patience_s=settings.upload_patience_s,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    shown = f"[{server.effective_host}]" if ":" in server.effective_host else server.effective_host
    started(f"http://{shown}:{server.effective_port}")
    app.extensions["geoaq_fire_feed"].start()
    try:
        server.run()
    finally:
        app.extensions["geoaq_fire_feed"].close()
        app.extensions["geoaq"].jobs.close()
        server.close()


def _bound(address: str, port: int) -> socket.socket:
    """Return a socket at the address; a port in use is refused."""
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that just ended is no hindrance
    try:
        bound.bind((address, port))
        bound.listen()
    except OSError:
        bound.close()
        raise ConfigError("port_taken", port=port) from None
    return bound
