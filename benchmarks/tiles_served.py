"""A real server, and clients that ask it over connections kept open, each with one question at a time."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE_S = 60
_READ = 1 << 20


@contextmanager
def server(port: int, data: Path) -> Iterator[int]:
    """Serve on a port with its own data folder; give the server's process id."""
    command = [sys.executable, "-m", "geoaq", "serve", "--port", str(port)]
    env = os.environ | {"GEOAQ_DATA": str(data), "GEOAQ_FIRES_DEMONSTRATION": "off"}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            yield process.pid
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")


@dataclass
class Counted:
    """What came back: seconds of each answer, bytes, and answers by status."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    statuses: dict[int, int] = field(default_factory=dict)


class Client:
    """One connection with one question at a time."""

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""
        self._asked = 0.0

    def ask(self, path: str, tag: str = "") -> None:
        """Send a question, with the tag of what is known already."""
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        text = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept-Encoding: gzip\r\n{known}\r\n"
        self._asked = time.perf_counter()
        self.socket.sendall(text.encode())

    def heard(self, counted: Counted) -> tuple[str, bytes] | None:
        """Take in what came; return the answer's tag and body when it is whole, and count it."""
        came = self.socket.recv(_READ)
        if not came:
            raise ConnectionError("the server closed the connection")
        self._got += came
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._got[:end].decode("latin-1").lower()
        status = int(head[9:12])
        size = int(_field(head, "content-length") or 0) if status == 200 else 0
        if len(self._got) < end + 4 + size:
            return None
        counted.seconds.append(time.perf_counter() - self._asked)
        counted.size += len(self._got)
        counted.statuses[status] = counted.statuses.get(status, 0) + 1
        at = head.find("\r\netag: ")
        tag = "" if at < 0 else self._got[at + 8 : at + 8 + head[at + 8 :].find("\r\n")].decode("latin-1")
        body, self._got = self._got[end + 4 : end + 4 + size], b""
        return tag, body


def _field(head: str, name: str) -> str:
    at = head.find(f"\r\n{name}: ")
    return "" if at < 0 else head[at + len(name) + 4 :].split("\r\n", 1)[0]


def hammer(port: int, paths: Callable[[], str], *, connections: int, seconds: float) -> Counted:
    """Ask without a pause over some connections for a while."""
    counted = Counted()
    until = time.monotonic() + seconds
    with selectors.DefaultSelector() as waiting:
        clients = [Client(port) for _ in range(connections)]
        for client in clients:
            waiting.register(client.socket, selectors.EVENT_READ, client)
            client.ask(paths())
        while time.monotonic() < until:
            for key, _ in waiting.select(1):
                if key.data.heard(counted) is not None:
                    key.data.ask(paths())
        for client in clients:
            client.socket.close()
    return counted


def busy(process: int) -> float:
    """Return the seconds of one core that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
