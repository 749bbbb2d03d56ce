"""Connections: what a slow client may hold, so that the others are served.

waitress takes a body in, and hands an answer out, in one loop for all connections: whoever stands still holds
a place among the connections and no thread. What it leaves open is closed here. A request must come at a
pace; a body that will not be taken is not kept; an answer in pieces that nobody takes lets its thread go; who
is refused while he still sends can read why.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import logger

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: What the application finds in the environment of a request whose body had no room on the disk.
NO_ROOM = "HTTP_GEOAQ_NO_ROOM"
#: Open connections, idle ones too; more wait until one of them ends. Each may need three file handles.
CONNECTIONS = 128
# What is answered in the loop itself: a tile of one layer lies packed in its file, and handing it to a thread
# would take longer than the answer. Several layers are joined, which is a thread's work.
_QUICK = re.compile(r"/tiles/[a-z_]{1,40}/[0-9]{1,2}/[0-9]{1,6}/[0-9]{1,6}\.mvt", re.ASCII)
#: How long a connection may be silent between requests, or an answer may not be taken, seconds.
SILENCE_S = 60
#: Pace of a request after its first seconds, bytes a second.
_PACE = 32_000
# Views are short: nothing that depends on a client's pace runs in a thread.
_THREADS = 8
_HEADER_BYTES = 64 * 1024
# What is longer goes into a file of TMPDIR that has no name.
_IN_MEMORY_BYTES = 512 * 1024
# Read at once from one connection: an upload of 50 MB must not need thousands of turns of the loop.
_READ_BYTES = 64 * 1024
_LOOK_S = 1


class _Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request whose body is not kept when it is in chunks, far too long, or has no room.

    The application refuses it by its headers in its own words, and the connection ends.
    """

    chunked: bool
    content_length: int
    body_bytes_received: int
    completed: bool

    def received(self, data: bytes) -> int:
        """Take in what came; return how much of it belongs to this request."""
        try:
            return int(super().received(data))
        except OSError as error:
            logger.error("a body of %d bytes found no room: %s", self.content_length, error)
        with suppress(OSError):  # it may still try to write
            self.close()
        self.headers[NO_ROOM.removeprefix("HTTP_")] = "1"
        self._refuse()
        self.completed = True
        return len(data)

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError:  # an address or a length that Python cannot read
            raise ParsingError("Address or length is invalid") from None
        if not self.chunked and not self.content_length:
            self.expect_continue = False  # nothing comes that could be continued
        if self.chunked:
            self.headers["TRANSFER_ENCODING"] = "chunked"
        elif self.content_length < self.adj.max_request_body_size:
            return
        self._refuse()

    def _refuse(self) -> None:
        self.headers["CONNECTION"] = "close"
        self.chunked = self.expect_continue = False
        self.content_length, self.body_rcv = 0, None


class _Task(WSGITask):  # type: ignore[misc]
    """An answer; one that has no body (204, 304) ends with its head, and the connection goes on.

    waitress would close it: a browser that asks about a hundred tiles would open a hundred connections.
    """

    has_body: bool
    version: str

    def set_close_on_finish(self) -> None:
        """End the connection after this answer, where that is needed."""
        asked = self.request.headers.get("CONNECTION", "").lower()
        if self.has_body or self.version != "1.1" or asked == "close":
            super().set_close_on_finish()


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that the server ends in two steps: it says its last word, then reads on for a while.

    A socket that is closed while the client still sends takes the answer with it: the client would read
    of a broken connection, not why it was refused. What comes after the last word is thrown away.
    """

    parser_class = _Request
    task_class = _Task
    close_when_flushed: bool
    total_outbufs_len: int
    connected: bool
    #: Whether the request that just came may be answered by the loop; of the loop's thread alone.
    at_once = False
    #: When the last word was said, seconds of the monotonic clock; None before.
    parted: float | None = None

    def readable(self) -> bool:
        """Say whether more is read."""
        return self.parted is not None or bool(super().readable())

    def handle_read(self) -> None:
        """Take in what came, and answer what is quickly answered."""
        super().handle_read()
        if self.at_once:
            self.at_once = False
            if len(self.requests) == 1:
                self.service()
            else:  # answers to a client that sends question after question may have to wait for it
                self.server.task_dispatcher.add_task(self)

    def received(self, data: bytes) -> bool:
        """Take in what came."""
        return self.parted is None and bool(super().received(data))

    def handle_write(self) -> None:
        """Send; after the last word tell the client that no more will come."""
        with self.requests_lock:  # under which a thread says that it was the last word
            parts, self.close_when_flushed = self.close_when_flushed, False
            super().handle_write()
            self.close_when_flushed = parts and bool(self.total_outbufs_len)
        if not parts or self.close_when_flushed or not self.connected:
            return
        self.parted = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Serves one application on one socket, in threads.

    Parameters
    ----------
    app
        The application.
    listening
        A bound socket; it is closed with the server.
    body_limit
        Longest body that is taken in, bytes. Nothing else bounds the disk that bodies take: ``connections``
        times this.
    patience_s
        How long a request may stand still, seconds.
    connections
        Open connections.
    silence_s
        See `SILENCE_S`; whole seconds.
    """

    channel_class = _Channel

    def __init__(
        self,
        app: WSGIApplication,
        listening: socket.socket,
        *,
        body_limit: int,
        patience_s: float,
        connections: int = CONNECTIONS,
        silence_s: int = SILENCE_S,
    ) -> None:
        self._patience_s = patience_s
        self._since: WeakKeyDictionary[_Request, float] = WeakKeyDictionary()
        self._told = False
        self._loop: int | None = None
        super().__init__(
            app,
            _sock=listening,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            threads=_THREADS,
            connection_limit=connections,
            channel_timeout=silence_s,
            cleanup_interval=_LOOK_S,
            max_request_header_size=_HEADER_BYTES,
            max_request_body_size=body_limit + 1,  # waitress takes what is shorter
            inbuf_overflow=_IN_MEMORY_BYTES,
            outbuf_overflow=_IN_MEMORY_BYTES,
            recv_bytes=_READ_BYTES,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=True,
            expose_tracebacks=False,
            url_scheme="http",
            ident=None,
        )

    def add_task(self, channel: _Channel) -> None:
        """Let a thread answer the first request of a connection, or the loop when it can be done at once."""
        request = channel.requests[0]
        quick = request.error is None and request.command == "GET" and _QUICK.fullmatch(request.path)
        if quick and threading.get_ident() == self._loop:
            channel.at_once = True
        else:
            super().add_task(channel)

    def run(self) -> None:
        """Serve until `stop`."""
        self._loop = threading.get_ident()
        super().run()

    def stop(self) -> None:
        """End the loop soon; may be called from a signal handler, and more than once."""
        if not self._told:
            self._told = True
            self.pull_trigger()

    def readable(self) -> bool:
        """Say whether another connection is taken; asked at every turn of the loop."""
        if self._told:
            raise SystemExit  # how `run` is told to end
        return bool(super().readable())

    def close(self) -> None:
        """Close the connections and the socket."""
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        super().close()

    def maintenance(self, now: float) -> None:
        """Drop who is silent, and who is behind the pace.

        waitress marks whom it would drop, and does so once something can be sent: to a client that takes
        nothing, never.
        """
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.will_close or self._is_late(channel):
                # At the loop's next step: it is counting its connections now.
                self.trigger.pull_trigger(channel.handle_close)

    def _is_late(self, channel: Any) -> bool:
        if channel.parted is not None:
            return time.monotonic() > float(channel.parted) + self._patience_s
        request: _Request | None = next(iter(channel.requests), None)
        if request is None:
            request = channel.request  # still coming
        elif channel.total_outbufs_len <= self.adj.outbuf_high_watermark:
            return False  # being answered, and not waiting in its thread for the client
        if request is None:
            return False
        clock = time.monotonic()
        since = self._since.setdefault(request, clock)
        return clock > since + self._patience_s + request.body_bytes_received / _PACE
