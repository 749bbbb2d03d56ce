"""Work that is done one at a time: whoever waits too long is told so, and leaves the thread to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from web.jobs import BusyError

#: How long a turn is waited for, seconds.
PATIENCE_S = 10.0


@contextmanager
def turn(lock: Lock, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold a lock for the length of the block.

    Raises
    ------
    BusyError
        ``busy``: the others took too long.
    """
    if not lock.acquire(timeout=patience_s):
        raise BusyError("busy")
    try:
        yield
    finally:
        lock.release()
