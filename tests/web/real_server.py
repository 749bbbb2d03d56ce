"""The server as ``geoaq serve`` starts it: a process of its own, with sockets to stall."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.web.door import wait_for

PRETENDER = Path(__file__).with_name("pretender.py")
PATIENCE_S = 120  # for a request that must not hang; it takes milliseconds


@dataclass
class Server:
    """A running server.

    Attributes
    ----------
    port
        Where it listens.
    process
        The server's process.
    cookie, token
        Those of one reader, see `meet`.
    """

    port: int
    process: subprocess.Popen[bytes]
    cookie: str = ""
    token: str = ""
    stalled: list[socket.socket] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Return status, body and headers of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            sent = {"Cookie": self.cookie, "X-CSRFToken": self.token, "Accept": "application/json"}
            connection.request(method, path, body, sent | headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def meet(self) -> None:
        """Open a page and keep its cookie and token."""
        _, page, headers = self.ask("GET", "/screenings", Accept="text/html")
        found = re.search(rb'name="csrf-token" content="([^"]+)"', page)
        assert found is not None
        self.cookie, self.token = headers["Set-Cookie"].split(";")[0], found[1].decode()

    def upload(self, content: bytes) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Post a list."""
        lines = ("--b", 'Content-Disposition: form-data; name="list"; filename="a.csv"', "", "")
        body = "\r\n".join(lines).encode() + content + b"\r\n--b--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        return self.ask("POST", "/heating/screenings", body, **kind)

    def stall(self, *lines: str, body: bytes = b"") -> socket.socket:
        """Send a request and neither the rest of its body nor take the answer."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self.port))
        own = ("Host: 127.0.0.1", f"Cookie: {self.cookie}", f"X-CSRFToken: {self.token}")
        self.stalled.append(client)
        client.sendall(("\r\n".join((*lines, *own)) + "\r\n\r\n").encode() + body)
        return client

    def answers(self) -> bool:
        """Say whether the server answers; one that has ended never will."""
        assert self.process.poll() is None, "the server has ended; its reason is in server.log"
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False


@contextmanager
def running(data: Path, **environ: str) -> Iterator[Server]:
    """Start a server on a free port, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "GEOAQ_DATA": str(data),
        "GEOAQ_PORT": str(port),
        "GEOAQ_LANG": "en",
        "GEOAQ_FIRES_DEMONSTRATION": "off",
        "GEOAQ_JOB_COMMAND": f'["{sys.executable}", "{PRETENDER}"]',
    }
    command = [sys.executable, "-m", "geoaq", "serve"]
    with (data.parent / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=os.environ | own | environ, stdout=log, stderr=log, start_new_session=True
        )
    server = Server(port, process)
    try:
        wait_for(server.answers)
        server.meet()
        yield server
    finally:
        for client in server.stalled:
            client.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
