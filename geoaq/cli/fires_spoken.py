"""Progress where no terminal shows a bar: a line now and then, so that a log tells that work goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import typer

from geoaq.cli.progress import Progress
from geoaq.wording import say

EVERY_S = 10.0


@contextmanager
def spoken(first: str, lang: str, progress: Progress, *, every_s: float = EVERY_S) -> Iterator[Progress]:
    """Give a callback that does what ``progress`` does; without a terminal, lines on stderr go along with it.

    Parameters
    ----------
    first
        The line said at once.
    lang
        Of the lines: ``zh`` or ``en``.
    progress
        What the callback calls.
    every_s
        Seconds between two lines, whether the work has reported meanwhile or not.
    """
    if sys.stderr.isatty():
        yield progress
        return
    typer.echo(first, err=True)
    began, ended = time.monotonic(), Event()
    now: tuple[str, int, int] | None = None

    def report(step: str, done: int, total: int) -> None:
        nonlocal now
        now = step, done, total
        progress(step, done, total)

    def speak() -> None:
        while not ended.wait(every_s):
            typer.echo(_line(now, int(time.monotonic() - began), lang), err=True)

    speaker = Thread(target=speak, name="spoken", daemon=True)
    speaker.start()
    try:
        yield report
    finally:
        ended.set()
        speaker.join()


def _line(now: tuple[str, int, int] | None, seconds: int, lang: str) -> str:
    if now is None:
        return say("cli.spoken_waiting", lang, seconds=seconds)
    step, done, total = now
    word = "spoken_of" if total else "spoken"
    return say(f"cli.{word}", lang, step=say(f"steps.{step}", lang), done=done, total=total, seconds=seconds)
