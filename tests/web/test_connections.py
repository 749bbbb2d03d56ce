"""Slow clients hold a place among the connections, for a while, and nothing else."""

from __future__ import annotations

import errno
import http.client
import io
import re
import socket
import threading
from contextlib import ExitStack, contextmanager

import pytest
from waitress.buffers import TempfileBasedBuffer

from tests.web.door import wait_for
from web.connections import NO_ROOM, Server

PIECES = 40 * [bytes(1_000_000)]


def application(environ, start_response):
    """Say how much of the body there is; send what is large in pieces."""
    if environ["PATH_INFO"] in {"/204", "/304"}:
        start_response(f"{environ['PATH_INFO'][1:]} EMPTY", [])
        return [b""]
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
    if environ["PATH_INFO"] == "/pieces":
        return iter(PIECES)
    if environ["PATH_INFO"] == "/file":
        return environ["wsgi.file_wrapper"](io.BytesIO(b"".join(PIECES)))
    if NO_ROOM in environ:
        return [b"no room"]
    body = environ["wsgi.input"].read()
    stated = environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH") or "none"
    return [f"{stated} {len(body)}".encode()]


@contextmanager
def serving(**limits):
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(application, listening, **({"body_limit": 1_000, "patience_s": 60} | limits))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        server.stop()
        thread.join(60)
        server.close()
        assert not thread.is_alive()


def address_of(server):
    return server.effective_host, int(server.effective_port)


def ask(server, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection(*address_of(server), timeout=120)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.read().decode(), answer.headers
    finally:
        connection.close()


def ended(client):
    """Wait until the server has closed the connection."""
    client.settimeout(120)
    try:
        return all(True for _ in iter(lambda: client.recv(65536), b""))
    except ConnectionResetError:
        return True


def test_questions_that_are_answered_at_once_and_others_keep_their_order():
    paths = ["/tiles/a/1/0/0.mvt", "/tiles/a/1/0/1.mvt", "/", "/tiles/a/1/1/1.mvt", "/tiles/a.pmtiles"]
    asked = [path for turn in range(8) for path in paths[turn % 5 :] + paths[: turn % 5]]
    text = "".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in asked)
    with serving() as server, socket.create_connection(address_of(server)) as client:
        client.settimeout(120)
        for start in range(0, len(text), 97):
            client.sendall(text[start : start + 97].encode())
        got = b""
        while got.count(b"HTTP/1.1 200 OK") < len(asked) or not got.endswith(b"none 0"):
            got += client.recv(65536)
        assert re.findall(rb"X-Path: (\S+)", got) == [path.encode() for path in asked]


@pytest.mark.parametrize("path", ["/204", "/304"])
def test_an_answer_without_a_body_leaves_the_connection_open(path):
    with serving() as server:
        connection = http.client.HTTPConnection(*address_of(server), timeout=120)
        connection.request("GET", "/")
        connection.getresponse().read()
        own = connection.sock.getsockname()
        for _ in range(3):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (int(path[1:]), b"")
            assert connection.sock.getsockname() == own
        connection.request("GET", path, headers={"Connection": "close"})
        assert connection.getresponse().headers["Connection"] == "close"
        connection.close()


def test_a_body_within_the_limit_is_taken_in_whole():
    with serving() as server:
        assert ask(server, "POST", body=bytes(1_000))[0] == "1000 1000"


def test_a_body_over_the_limit_is_not_read_and_the_connection_ends():
    with serving() as server:
        said, headers = ask(server, "POST", body=bytes(1_001))
        assert (said, headers["Connection"]) == ("1001 0", "close")


def test_a_body_in_chunks_is_not_read_and_the_connection_ends():
    with serving() as server:
        said, headers = ask(server, "POST", body=iter([b"one", b"two"]), **{"Transfer-Encoding": "chunked"})
        assert (said, headers["Connection"]) == ("chunked 0", "close")


def test_who_still_sends_reads_why_he_was_refused():
    """A socket closed over bytes that nobody read breaks the connection, and the answer is lost."""
    length = 20_000_000
    for head in (
        f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        f"POST /{100_000 * 'a'} HTTP/1.1\r\n\r\n",
    ):
        with serving() as server, socket.create_connection(address_of(server), timeout=120) as client:
            client.sendall(head.encode() + bytes(length))
            client.shutdown(socket.SHUT_WR)
            said = b"".join(iter(lambda: client.recv(65536), b""))
            assert said.startswith(b"HTTP/1."), head[:60]


def test_who_sends_on_after_he_was_refused_is_dropped():
    with serving(patience_s=0.2) as server, socket.create_connection(address_of(server)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")
        assert ended(client)
        wait_for(lambda: not server.active_channels)


@pytest.mark.parametrize(
    "head", [f"POST / HTTP/1.1\r\nContent-Length: {5_000 * '9'}", "GET http://[::1/ HTTP/1.1"]
)
def test_what_cannot_be_read_is_a_bad_request(head):
    with serving() as server, socket.create_connection(address_of(server), timeout=120) as client:
        client.sendall(head.encode() + b"\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_who_has_nothing_to_continue_with_is_answered_at_once():
    with serving() as server:
        assert ask(server, Expect="100-continue")[0] == "none 0"


def test_a_body_that_finds_no_room_on_the_disk_is_refused_in_words(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TempfileBasedBuffer, "newfile", full)
    with serving(body_limit=2_000_000) as server:
        said, headers = ask(server, "POST", body=bytes(2_000_000))
        assert (said, headers["Connection"]) == ("no room", "close")
        assert ask(server, "POST", body=bytes(1_000))[0] == "1000 1000"


def test_nothing_says_which_server_answers():
    with serving() as server:
        assert "Server" not in ask(server)[1]


def test_silent_connections_make_room_for_others():
    with serving(connections=10, silence_s=1) as server, ExitStack() as open_ones:
        for _ in range(20):
            open_ones.enter_context(socket.create_connection(address_of(server)))
        assert ask(server)[0] == "none 0"


def test_requests_that_do_not_come_are_dropped():
    beginnings = b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nbegin"
    with serving(patience_s=0.2) as server:
        for beginning in beginnings:
            with socket.create_connection(address_of(server)) as client:
                client.sendall(beginning)
                assert ended(client)


def test_a_body_that_trickles_is_dropped_too():
    gone, sent = threading.Event(), 0
    with serving(patience_s=0.2) as server, socket.create_connection(address_of(server)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
        try:
            while sent < 1_000:
                client.sendall(b"x")
                sent += 1
                gone.wait(0.1)
        except (BrokenPipeError, ConnectionResetError):
            gone.set()
    assert gone.is_set()


@pytest.mark.parametrize("path", ["/pieces", "/file"])
def test_an_answer_that_is_taken_comes_whole(path):
    with serving() as server:
        assert len(ask(server, path=path)[0]) == sum(map(len, PIECES))


@pytest.mark.parametrize("path", ["/pieces", "/file"])
def test_answers_that_nobody_takes_hold_nobody_up_and_are_dropped(path):
    with serving(patience_s=0.2, silence_s=1) as server, ExitStack() as open_ones:
        for _ in range(12):
            client = open_ones.enter_context(socket.create_connection(address_of(server)))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert ask(server)[0] == "none 0"
        wait_for(lambda: not server.active_channels)
