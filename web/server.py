"""Serving the application on this machine."""

from __future__ import annotations

import socket

from granian import Granian
from granian.constants import Interfaces

from geoaq.errors import ConfigError
from web.settings import read_settings, require_loopback


def serve(host: str = "127.0.0.1", port: int = 5000) -> None:
    """Serve until interrupted: one process, threads, loopback only.

    Raises
    ------
    ConfigError
        ``not_loopback``: other machines could reach ``host``; ``port_taken``: something answers there.
    """
    require_loopback(host)
    read_settings({"host": host, "port": port})
    address = "127.0.0.1" if host == "localhost" else host
    _require_free(address, port)
    Granian(
        "web.app:create_app",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        backpressure=32,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
    ).serve()


def _require_free(address: str, port: int) -> None:
    """Refuse a port in use: granian would share it, and requests would reach either server by chance."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            raise ConfigError("port_taken", port=port) from None
