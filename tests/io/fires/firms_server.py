"""A server on this machine that plays FIRMS, faults included: each request takes the next fault of a list."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.io.fires.conftest import BULK, ROW

KEY = "0123456789abcdef0123456789abcdef"
_AREA = re.compile(r"/api/area/csv/([^/]+)/(\w+)/([-\d.,]+)/(\d+)/(\d{4}-\d{2}-\d{2})")
_STATUS = re.compile(r"/mapserver/mapkey_status/\?MAP_KEY=(.+)")


def table(*days: str, rows: int = 3) -> str:
    """Return a table with some rows a day."""
    lines = [
        ",".join((ROW | {"acq_date": day, "latitude": f"30.{n:05d}"}).values())
        for day in days
        for n in range(rows)
    ]
    return "\n".join([BULK, *lines]) + "\n"


@dataclass
class Script:
    """What the server does, and what it was asked.

    ``faults`` are taken by requests for tables, one each: ``503``, ``429``, ``cut`` (a body shorter than its
    stated length), ``half`` (a body that ends in a row, without a stated length), ``silent`` (nothing comes),
    ``page``, ``empty``, ``closed``, or ``says …``. ``body`` makes the table that a path is answered with.
    """

    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    used: int = 10
    body: Callable[[str], str] = field(default=lambda _: table("2025-06-11"))
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_GET(self) -> None:
        self.script.asked.append(self.path)
        status, area = _STATUS.fullmatch(self.path), _AREA.fullmatch(self.path)
        if status:
            said = {
                "transaction_limit": 5000,
                "current_transactions": self.script.used,
                "transaction_interval": "10 minutes",
            }
            self._send(json.dumps(said) if status[1] == KEY else "Invalid MAP_KEY.")
        elif area and area[1] != KEY:
            self._send("Invalid MAP_KEY.")
        elif area and int(area[4]) > 5:
            self._send("Invalid day range. Expects [1..5].")
        elif area or self.path.startswith("/data/active_fire/"):
            self._faulty(self.script.faults.pop(0) if self.script.faults else "")
        else:
            self._send("no such page", 404)

    def _faulty(self, fault: str) -> None:
        body = self.script.body(self.path)
        if fault in {"503", "429"}:
            self.send_response(int(fault))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif fault == "cut":
            self._send(body[:-30], length=len(body))
        elif fault == "half":
            self._send(body[:-30], length=None)
        elif fault == "silent":
            self.script.released.wait(30)
            self.close_connection = True
        elif fault == "page":
            self._send("<!DOCTYPE html><html>under repair</html>")
        elif fault == "closed":
            self.close_connection = True
        elif fault.startswith("says "):
            self._send(fault.removeprefix("says "))
        else:
            self._send("" if fault == "empty" else body)

    def _send(self, body: str, status: int = 200, length: int | None = -1) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        if length is None or length > len(data):
            self.send_header("Connection", "close")
            self.close_connection = True
        if length is not None:
            self.send_header("Content-Length", str(len(data) if length < 0 else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as in http.server
        """Say nothing: what was asked is in the script."""


@contextmanager
def playing_firms(script: Script) -> Iterator[str]:
    """Run the server on a free port of the loopback; gives its address."""
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        script.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
