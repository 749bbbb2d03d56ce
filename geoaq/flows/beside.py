"""One process beside this one: the workbook is written on the second core while this one goes on."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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
        raise to stop the work. What the function raised, the wait raises. On leaving the block the other
        process is ended, whatever it does.
    """
    if not worth_it or (os.cpu_count() or 1) < 2:
        yield _now
        return
    with multiprocessing.get_context("spawn").Pool(1, importlib.import_module, (module,)) as pool:

        def later(function: Callable[..., None], **arguments: Any) -> Wait:
            handle = pool.apply_async(function, kwds=arguments)

            def wait(tick: Callable[[], None]) -> None:
                while True:
                    try:
                        return handle.get(_LOOK_S)
                    except multiprocessing.TimeoutError:
                        tick()

            return wait

        yield later


def _now(function: Callable[..., None], **arguments: Any) -> Wait:
    function(**arguments)
    return lambda _tick: None
