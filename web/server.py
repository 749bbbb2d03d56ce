"""Serving the application on this machine."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces

from web.settings import read_settings, require_loopback


def serve(host: str = "127.0.0.1", port: int = 5000) -> None:
    """Serve until interrupted: one process, threads, loopback only.

    Raises
    ------
    ConfigError
        ``not_loopback``: other machines could reach ``host``.
    """
    require_loopback(host)
    read_settings({"host": host, "port": port})
    Granian(
        "web.app:create_app",
        factory=True,
        address="127.0.0.1" if host == "localhost" else host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        backpressure=64,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
    ).serve()
