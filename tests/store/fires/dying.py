"""Runs in a process of its own: lets children work on a store and ends each at another moment.

``dying.py MODE FOLDER [URL…]``: ``kill`` and ``full`` fork a child for each n = 0, 1, …; it takes a list into
the store in ``FOLDER/n`` (a copy of ``FOLDER/base``) and, at the n-th moment that touches a file or the
database, is killed by SIGKILL or finds the disk full from then on. The last child is the first one that came
to its end. ``open`` is ``kill`` with a folder that has no store yet. ``race`` opens and fills one folder from
four processes at once. The addresses of the databases are read from standard input, one line a child.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Engine, event

from geoaq.errors import LimitError
from geoaq.store.fires.store import FireStore
from tests.store.fires import rows as made
from tests.store.fires.rows import DAY0, about, fires

# What changes a file, or the names in a folder.
TOUCHING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "fcntl.flock", "sqlite3.connect"}
ADDING = {"open", "os.rename", "os.mkdir"}
KILLED, NO_ROOM, DONE = -signal.SIGKILL, 3, 0


def before() -> Any:
    """Return what is in the store already."""
    return fires({"level": 0}, {"acquired": DAY0 + 86_400})


def after() -> Any:
    """Return what is to come: a day that changes, a day that is new, a source that is new."""
    return fires({"lat": 34.0, "level": 0}, {"acquired": DAY0 + 2 * 86_400}, {"satellite": "aqua"})


class Moments:
    """Counts the moments that touch files below a folder or the database, and acts at the n-th."""

    def __init__(self, folder: Path, mode: str, n: int) -> None:
        self._folder, self._mode, self._left = str(folder), mode, n
        sys.addaudithook(self._heard)
        if mode != "full":
            event.listen(Engine, "before_cursor_execute", self._statement)
            event.listen(Engine, "commit", self._statement)

    def _statement(self, *_: object) -> None:
        self._next()

    def _heard(self, name: str, given: tuple[Any, ...]) -> None:
        if name == "open":
            here = str(given[0]).startswith(self._folder) and bool(
                (given[2] or 0) & (os.O_WRONLY | os.O_RDWR)
            )
        else:
            here = name in TOUCHING and (name == "fcntl.flock" or str(given[0]).startswith(self._folder))
        if here and (self._mode != "full" or name in ADDING) and ".lock" not in str(given[0]):
            self._next()

    def _next(self) -> None:
        self._left -= 1
        if self._left < 0 and self._mode == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def work(folder: Path, url: str | None, mode: str, n: int) -> NoReturn:
    """Do what a child does, and end."""
    try:
        Moments(folder, mode, n)
        with FireStore(folder, url) as store:
            if mode != "open":
                store.ingest(made.given(after()), **about("after"))
    except LimitError:
        os._exit(NO_ROOM)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(DONE)


def moments_apart(usual: int) -> int:
    """Return how far apart the moments that are tried lie: with ``GEOAQ_TEST_EVERY_MOMENT=1`` each one is."""
    return 1 if os.environ.get("GEOAQ_TEST_EVERY_MOMENT") == "1" else usual


def one_after_the_other(
    mode: str, top: Path, work: Callable[[Path, str | None, str, int], NoReturn], step: int = 1
) -> None:
    """Fork children that end at ever later moments of ``work``, ``step`` apart, until one ends."""
    for number, n in enumerate(range(0, 1000, step)):
        folder, url = top / str(number), sys.stdin.readline().strip()
        if (top / "base").exists():
            shutil.copytree(top / "base", folder)
        child = os.fork()
        if child == 0:
            work(folder, url if url != "-" else None, mode, n)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (KILLED, NO_ROOM, DONE):
            sys.exit(f"moment {n}: the child ended with {code}")
        sys.stdout.write(f"{'end' if code == DONE else n}\n")
        sys.stdout.flush()
        if code == DONE:
            return
    sys.exit("no child came to its end")


def at_once(top: Path) -> None:
    """Open and fill one store from four processes that start together."""
    url = sys.stdin.readline().strip()
    gate, opener = os.pipe()
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)  # ends when the parent closes its side
            try:
                with FireStore(top, url if url != "-" else None) as store:
                    store.ingest(made.given(fires({"lat": 30.5 + number})), **about(f"a{number}"))
                    store.ingest(made.given(fires({})), **about("same"))
            except BaseException:  # noqa: BLE001
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    os.close(opener)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.exit(f"children ended with {codes}" if any(codes) else 0)


if __name__ == "__main__":
    if sys.argv[1] == "race":
        at_once(Path(sys.argv[2]))
    else:
        # a store is made in one transaction of some seventy statements: its moments are more alike
        apart = moments_apart(8 if sys.argv[1] == "open" else 3)
        one_after_the_other(sys.argv[1], Path(sys.argv[2]), work, apart)
