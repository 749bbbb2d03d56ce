"""The newest tiles of one source, within a bound of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class Kept:
    """Bytes by what was asked; the longest unasked go first.

    Parameters
    ----------
    most
        Bytes in all.
    each
        What keeping one takes besides its bytes: empty ones are not for nothing.
    """

    def __init__(self, most: int, each: int = 400) -> None:
        self._most = most
        self._each = each
        self._size = 0
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        """Return what is kept, or None."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep something, and let go of the oldest that is too much."""
        with self._lock:
            before = self._bodies.pop(key, None)
            self._size += len(body) + self._each - (0 if before is None else len(before) + self._each)
            self._bodies[key] = body
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1]) + self._each
