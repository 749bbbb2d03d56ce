"""One process beside this one: the workbook is written on the second core while this one goes on."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from geoaq.errors import LimitError

Wait = Callable[[Callable[[], None]], None]
Later = Callable[..., Wait]

# How often a wait looks whether the user has stopped the work.
_LOOK_S = 0.5


@contextmanager
def beside(module: str, *, worth_it: bool) -> Iterator[Later]:
    """Give a function that starts another one and returns how to wait for it.

    Parameters
    ----------
    module
        What the other process imports at once, so that it is ready when it is needed.
    worth_it
        False, or a machine with one core: everything runs here, at the call.

    Yields
    ------
    callable
        ``later(function, **arguments)`` returns ``wait(tick)``; ``tick`` is called twice a second and may
        raise to stop the work. What the function raised, the wait raises; when the other process is gone,
        ended by the system, it raises `LimitError` (``job_killed``). On leaving the block the other process
        is ended, whatever it does.
    """
    if not worth_it or (os.cpu_count() or 1) < 2:
        yield _now
        return
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, module), daemon=True)
    process.start()
    there.close()  # so that the end of the process is the end of the line
    # One thread sends: whole tables go over, and the other process takes them when it has done what it does.
    with ThreadPoolExecutor(1) as post:
        try:
            yield _Line(here, post).later
        finally:
            process.kill()
            process.join()
            post.shutdown()
            here.close()


class _Line:
    """The line to the other process, which answers in the order in which it was asked."""

    def __init__(self, here: Connection, post: ThreadPoolExecutor) -> None:
        self._here = here
        self._post = post
        self._asked = 0
        self._answers: list[Exception | None] = []

    def later(self, function: Callable[..., None], **arguments: Any) -> Wait:
        packed = ForkingPickler.dumps((function, arguments))
        number = self._asked
        self._asked += 1
        self._post.submit(self._here.send_bytes, packed)

        def wait(tick: Callable[[], None]) -> None:
            while len(self._answers) <= number:
                try:
                    if self._here.poll(_LOOK_S):
                        self._answers.append(self._here.recv())
                        continue
                except (EOFError, OSError):
                    raise LimitError("job_killed") from None
                tick()
            error = self._answers[number]
            if error is not None:
                raise error

        return wait


def _serve(line: Connection, module: str) -> None:
    """Do what comes over the line until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who was interrupted ends this process
    importlib.import_module(module)
    while True:
        try:
            function, arguments = line.recv()
        except EOFError:
            return
        answer = None
        try:
            function(**arguments)
        except Exception as error:  # noqa: BLE001 - it is raised on the other side
            error.add_note(traceback.format_exc())
            answer = error
        line.send(answer)


def _now(function: Callable[..., None], **arguments: Any) -> Wait:
    function(**arguments)
    return lambda _tick: None
