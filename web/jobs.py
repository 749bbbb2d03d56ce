"""Screenings run in processes of their own: limited, watched, stopped, and moved into place when whole.

A worker thread for each slot takes an attempt from the queue, starts the command in a new process group,
waits, and either renames what was written into place or notes why it came to nothing. Nothing about a
screening is remembered here that is not in its folder; a server that is killed takes its processes with it,
and the next one finds plain failures.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geoaq
from geoaq.errors import LimitError, NotFoundError
from geoaq.store.attempts import Attempt, Attempts
from geoaq.store.place import read_json
from geoaq.store.screenings import Screenings
from web.settings import Settings

_LIMITED = Path(__file__).with_name("limited.py")
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "GEOAQ_LAYERS", "SYSTEMROOT")
_NO_MEMORY = (
    "MemoryError",
    "Cannot allocate memory",
    "Unable to allocate",
    "std::bad_alloc",
    "malloc of size",
)
_NO_ROOM = ("File too large", "No space left on device")
_LOG_TAIL = 20_000


class BusyError(LimitError):
    """As many screenings wait as may wait."""


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    stopped: bool = False


class Jobs:
    """The queue and the worker threads of one server.

    Parameters
    ----------
    settings
        Limits, number of slots, command.
    attempts, screenings
        Where attempts are staged and finished screenings are put.
    logger
        Told what a failed process said; users are not.
    """

    def __init__(
        self, settings: Settings, attempts: Attempts, screenings: Screenings, logger: logging.Logger
    ) -> None:
        self._settings = settings
        self._attempts = attempts
        self._screenings = screenings
        self._logger = logger
        self._queue: queue.Queue[tuple[str, tuple[str, ...]] | None] = queue.Queue()
        self._running: dict[str, _Running] = {}
        self._waiting: set[str] = set()
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def require_room(self) -> None:
        """Refuse, before an upload is kept, when as many screenings wait as may wait.

        Raises
        ------
        BusyError
            ``busy``.
        """
        with self._guard:
            if len(self._waiting) + len(self._running) >= self._settings.job_slots + self._settings.job_queue:
                raise BusyError("busy")

    def start(self, attempt: Attempt, arguments: Sequence[str]) -> None:
        """Queue one attempt; ``arguments`` follow the command, those of output and progress are added."""
        full = (*arguments, f"--out={attempt.out}", f"--progress-file={attempt.progress_file}")
        with self._guard:
            self._waiting.add(attempt.id)
            while len(self._threads) < self._settings.job_slots:
                thread = threading.Thread(target=self._work, daemon=True, name="screening")
                self._threads.append(thread)
                thread.start()
        self._queue.put((attempt.id, full))

    def cancel(self, screening_id: str) -> None:
        """Stop an attempt and remove its folder.

        Raises
        ------
        NotFoundError
            ``no_screening``: nothing of that identity is under way.
        """
        self._attempts.get(screening_id)
        with self._guard:
            self._waiting.discard(screening_id)
            running = self._running.get(screening_id)
            if running is not None:
                running.stopped = True
                _kill(running.process)
        if running is not None:
            running.process.wait()
        self._attempts.remove(screening_id)

    def close(self) -> None:
        """Stop everything; for the end of the server and of a test."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            self._waiting.clear()
            for running in self._running.values():
                _kill(running.process)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._attempts.close()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            screening_id, arguments = item
            try:
                self._run(self._attempts.get(screening_id), arguments)
            except NotFoundError:
                continue  # cancelled while it waited
            except Exception:  # the thread must live on for the next screening
                self._logger.exception("screening %s could not be run", screening_id)
                self._fail(screening_id, "job_crashed", {})
            finally:
                with self._guard:
                    self._waiting.discard(screening_id)
                    self._running.pop(screening_id, None)

    def _run(self, attempt: Attempt, arguments: Sequence[str]) -> None:
        settings = self._settings
        limits = (settings.job_memory_mb, settings.job_cpu_s, settings.job_file_mb, os.getpid())
        command = [sys.executable, "-I", str(_LIMITED), *map(str, limits), "--"]
        scratch = attempt.folder / "tmp"
        scratch.mkdir()
        with (attempt.folder / "log.txt").open("wb") as log:
            with self._guard:
                if self._closed or attempt.id not in self._waiting:
                    return
                process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                    [*command, *settings.job_command, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=attempt.folder,
                    env=_environment(settings, scratch),
                    start_new_session=True,
                )
                running = self._running[attempt.id] = _Running(process)
                self._waiting.discard(attempt.id)
            started = time.monotonic()
            overdue = False
            try:
                process.wait(timeout=settings.job_wall_s)
            except subprocess.TimeoutExpired:
                overdue = True
            _kill(process)
            process.wait()
        if running.stopped or self._closed:
            return
        self._finish(attempt, process.returncode, overdue=overdue)
        self._logger.info("screening %s took %.1f s", attempt.id, time.monotonic() - started)

    def _finish(self, attempt: Attempt, status: int, *, overdue: bool) -> None:
        if status == 0 and not overdue and (attempt.out / "summary.json").is_file():
            self._screenings.put(attempt.id, attempt.out, filename=attempt.filename, created=attempt.created)
            self._attempts.remove(attempt.id)
            return
        word = read_json(attempt.folder / "error.json")
        if status == 2 and word is not None:
            self._fail(attempt.id, str(word.get("code")), dict(word.get("params") or {}))
            return
        tail = _tail(attempt.folder / "log.txt")
        code, params = self._reason(status, tail, overdue=overdue)
        self._logger.error("screening %s: %s (status %s)\n%s", attempt.id, code, status, tail)
        self._fail(attempt.id, code, params)

    def _reason(self, status: int, tail: str, *, overdue: bool) -> tuple[str, dict[str, Any]]:
        settings = self._settings
        if overdue:
            return "job_time_limit", {"limit_s": round(settings.job_wall_s)}
        if status == -signal.SIGXCPU:
            return "job_time_limit", {"limit_s": settings.job_cpu_s}
        if status == -signal.SIGXFSZ or any(word in tail for word in _NO_ROOM):
            return "job_file_limit", {"limit_mb": settings.job_file_mb}
        if status == -signal.SIGKILL or any(word in tail for word in _NO_MEMORY):
            return "job_memory_limit", {"limit_mb": settings.job_memory_mb}
        return "job_crashed", {}

    def _fail(self, screening_id: str, code: str, params: dict[str, Any]) -> None:
        try:
            self._attempts.fail(screening_id, code, params)
        except NotFoundError:
            self._logger.info("screening %s was removed meanwhile", screening_id)


def _environment(settings: Settings, scratch: Path) -> Mapping[str, str]:
    """Return the few variables that the process needs; no secret and no proxy goes along."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    cache = settings.data / "cache"
    return kept | {
        "GEOAQ_DATA": str(settings.data.absolute()),
        "PYTHONPATH": str(Path(geoaq.__file__).parent.parent),
        "PYTHONUTF8": "1",
        "PYTHONNOUSERSITE": "1",
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "TMPDIR": str(scratch),
        "MALLOC_ARENA_MAX": "2",
    }


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group, also what the command may have left running."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOG_TAIL))
        return file.read().decode("utf-8", "replace")
