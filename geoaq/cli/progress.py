"""Progress of long work: a bar for people, a small file for whoever watches this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geoaq.errors import CancelledError
from geoaq.wording import say

Progress = Callable[[str, int, int], None]


@contextmanager
def shown(lang: str, progress_file: Path | None = None) -> Iterator[Progress]:
    """Give a callback ``(step, done, total)`` that draws a bar on a terminal and feeds ``progress_file``.

    A total of 0 is not known. A file named ``cancel`` beside ``progress_file`` stops the work at the next
    call with `CancelledError`.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(say(f"steps.{step}", lang), total=total or None)
            bars.update(tasks[step], completed=done, total=total or None)
            if progress_file is not None:
                _tell(progress_file, step, done, total)

        yield report


def _tell(progress_file: Path, step: str, done: int, total: int) -> None:
    if progress_file.with_name("cancel").exists():
        raise CancelledError("cancelled")
    fresh = progress_file.with_suffix(".new")
    fresh.write_text(json.dumps({"step": step, "done": done, "total": total}), "utf-8")
    fresh.replace(progress_file)
