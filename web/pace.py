"""Slow clients: what they may hold, so that the others are served.

granian gives every request one thread from its body's first byte to its answer's last. A body that does not
come and an answer that is not taken hold a thread, and granian has no time limit for either. So there are
more threads than bodies that may be read and answers that may be sent piece by piece at the same time
(`web.server`), a body must keep a pace, and what is small enough is handed over in one piece, which frees the
thread at once.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from flask import Response, request
from werkzeug.exceptions import LengthRequired, RequestTimeout, TooManyRequests

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Bodies of uploads, and of small forms, read at the same time.
UPLOADS, FORMS = 8, 8
#: Answers that are sent piece by piece at the same time.
DOWNLOADS = 16
#: Bodies up to this size count as forms, bytes.
_FORM_BYTES = 64 * 1024
#: Answers up to this size are handed over in one piece, bytes.
_WHOLE_BYTES = 1_000_000
#: Pace of a body after its first seconds, bytes a second.
_PACE = 32_000
_PIECE = 64 * 1024
_BODILESS = {"GET", "HEAD", "OPTIONS"}


class TooManyTransfers(TooManyRequests):
    """As many bodies or answers are under way as may be."""

    geoaq_code = "too_many_transfers"


class TooSlow(RequestTimeout):
    """The body does not come."""

    geoaq_code = "too_slow"


class NoLength(LengthRequired):
    """The body does not say how long it is."""

    geoaq_code = "no_length"


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class PacedBody:
    """A request's body, read by a thread of its own: whoever waits for it can stop waiting.

    Parameters
    ----------
    source
        Where the bytes come from; its ``read`` may never return.
    slots
        Places for bodies that are read at the same time; one is taken at the first read.
    patience_s
        How long the body may stand still at its beginning, seconds.
    pace
        Bytes that must have come for each second after that.
    """

    def __init__(
        self, source: _Source, slots: threading.Semaphore, patience_s: float, *, pace: float = _PACE
    ) -> None:
        self._source = source
        self._slots = slots
        self._patience_s = patience_s
        self._pace = pace
        self._asked: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._come: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._started: float | None = None
        self._received = 0
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most 64 KiB; ``b""`` at the end.

        Raises
        ------
        TooManyTransfers
            No place is free.
        TooSlow
            The body is behind its pace.
        """
        if self._over or size == 0:
            return b""
        if self._started is None:
            if not self._slots.acquire(blocking=False):
                raise TooManyTransfers
            self._started = time.monotonic()
            threading.Thread(target=self._fetch, daemon=True, name="body").start()
        self._asked.put(_PIECE if size < 0 else min(size, _PIECE))
        left = self._started + self._patience_s + self._received / self._pace - time.monotonic()
        try:
            piece = self._come.get(timeout=max(left, 0))
        except queue.Empty:
            self.close()
            raise TooSlow from None
        if isinstance(piece, Exception):
            self.close()
            raise piece
        self._received += len(piece)
        if not piece:
            self.close()
        return piece

    def close(self) -> None:
        """Let the place go; nothing more is read."""
        if not self._over:
            self._over = True
            if self._started is not None:
                self._asked.put(0)
                self._slots.release()

    def _fetch(self) -> None:
        while (size := self._asked.get()) > 0:
            try:
                piece: bytes | Exception = self._source.read(size)
            except (OSError, RuntimeError, ValueError) as error:  # raised where the body is wanted
                piece = error
            self._come.put(piece)


class _Held:
    """Pieces of an answer that give a place back when they are over."""

    def __init__(self, pieces: Iterable[Any], slots: threading.Semaphore) -> None:
        self._inner = pieces
        self._pieces = iter(pieces)
        self._release: Callable[[], None] | None = slots.release

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._pieces)
        except StopIteration:
            self._give_back()
            raise

    def close(self) -> None:
        """Close what lies below and give the place back."""
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()
        self._give_back()

    def _give_back(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()


class Pace:
    """The places of one application, put around its WSGI callable.

    Parameters
    ----------
    inner
        The application.
    patience_s
        How long a body may stand still, seconds.
    """

    def __init__(self, inner: WSGIApplication, patience_s: float) -> None:
        self._inner = inner
        self._patience_s = patience_s
        self._uploads = threading.BoundedSemaphore(UPLOADS)
        self._forms = threading.BoundedSemaphore(FORMS)
        self._downloads = threading.BoundedSemaphore(DOWNLOADS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, its body paced."""
        if environ["REQUEST_METHOD"] in _BODILESS:
            return self._inner(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or ""
        small = length.isdecimal() and int(length) <= _FORM_BYTES
        slots = self._forms if small else self._uploads
        body = environ["wsgi.input"] = PacedBody(environ["wsgi.input"], slots, self._patience_s)
        try:
            return self._inner(environ, start_response)
        finally:
            body.close()

    def spread(self, response: Response) -> Response:
        """Hand a small file over whole, and count a large one among the downloads.

        Raises
        ------
        TooManyTransfers
            As many downloads are under way as may be.
        """
        sent = request.method == "GET" and response.status_code in {200, 206}
        if not sent or not response.is_streamed:
            return response
        if (response.content_length or _WHOLE_BYTES + 1) <= _WHOLE_BYTES:
            response.direct_passthrough = False
            response.set_data(response.get_data())
            return response
        if not self._downloads.acquire(blocking=False):
            response.close()
            raise TooManyTransfers
        response.response = _Held(response.response, self._downloads)
        return response


def require_length() -> None:
    """Refuse a body that does not say how long it is, before any of it is read."""
    if request.method not in _BODILESS and "Transfer-Encoding" in request.headers:
        raise NoLength
