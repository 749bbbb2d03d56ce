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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

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
# How long a killed process may take to be gone, seconds.
_END_WAIT_S = 10


class BusyError(LimitError):
    """As many screenings wait as may wait."""


@dataclass
class _Job:
    """One attempt between its start and its outcome; every change is made under the guard.

    ``waiting`` may become ``running`` or vanish; ``running`` becomes ``finishing`` or, when ``stopped``,
    vanishes.
    Only who takes the last step touches the folder: from ``finishing`` on nothing stops it.
    """

    id: str
    arguments: tuple[str, ...]
    state: Literal["waiting", "running", "finishing"] = "waiting"
    stopped: bool = False
    process: subprocess.Popen[bytes] | None = None
    over: threading.Event = field(default_factory=threading.Event)


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
        self._queue: queue.Queue[_Job | None] = queue.Queue()
        self._jobs: dict[str, _Job] = {}
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._closing = threading.Lock()

    def require_room(self) -> None:
        """Refuse, before an upload is kept, when as many screenings wait as may wait.

        Raises
        ------
        BusyError
            ``busy``.
        """
        with self._guard:
            self._require_room()

    def _require_room(self) -> None:
        if self._closed or len(self._jobs) >= self._settings.job_slots + self._settings.job_queue:
            raise BusyError("busy")

    def start(self, attempt: Attempt, arguments: Sequence[str]) -> None:
        """Queue one attempt; ``arguments`` follow the command, those of output and progress are added.

        Raises
        ------
        BusyError
            ``busy``: others came first while the upload was kept; the folder is the caller's to remove.
        """
        full = (*arguments, f"--out={attempt.out}", f"--progress-file={attempt.progress_file}")
        job = _Job(attempt.id, full)
        with self._guard:
            self._require_room()
            self._jobs[job.id] = job
            while len(self._threads) < self._settings.job_slots:
                thread = threading.Thread(target=self._work, daemon=True, name="screening")
                self._threads.append(thread)
                thread.start()
        self._queue.put(job)

    def cancel(self, screening_id: str) -> None:
        """Stop an attempt; nothing of it is kept.

        One that waits is removed here. One that runs is marked and killed, and its worker thread removes it.

        Raises
        ------
        NotFoundError
            ``no_screening``: nothing of that identity waits or runs; also when it is being put into place.
        """
        with self._guard:
            job = self._jobs.get(screening_id)
            if job is None or job.state == "finishing":
                raise NotFoundError("no_screening")
            job.stopped = True
            waited = job.state == "waiting"
            if waited:
                del self._jobs[job.id]
            elif job.process is not None:
                _kill(job.process)
        if waited:
            self._attempts.remove(job.id)
        else:
            job.over.wait(timeout=_END_WAIT_S)

    def close(self) -> None:
        """Stop everything and leave plain failures; whoever comes second waits for the first."""
        with self._closing:
            if not self._closed:
                self._close()

    def _close(self) -> None:
        with self._guard:
            self._closed = True
            for job in self._jobs.values():
                if job.process is not None and job.state == "running":
                    _kill(job.process)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=_END_WAIT_S)
        self._attempts.close()
        self._attempts.clean(now=datetime.now(UTC))

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            with self._guard:
                if job.stopped or self._closed:
                    continue
                job.state = "running"
            try:
                self._run(job)
            except Exception:  # the thread must live on for the next screening
                self._logger.exception("screening %s could not be run", job.id)
                self._fail(job.id, "job_crashed", {})
            finally:
                with self._guard:
                    self._jobs.pop(job.id, None)
                job.over.set()

    def _run(self, job: _Job) -> None:
        attempt = self._attempts.get(job.id)
        started = time.monotonic()
        status, overdue = self._watch(job, attempt)
        with self._guard:
            stopped = job.stopped
            if not stopped:
                if self._closed:
                    return  # what is left becomes a failure when the server has closed
                job.state = "finishing"
        if stopped:
            self._attempts.remove(job.id)
            return
        self._finish(attempt, status, overdue=overdue)
        self._logger.info("screening %s took %.1f s", attempt.id, time.monotonic() - started)

    def _watch(self, job: _Job, attempt: Attempt) -> tuple[int, bool]:
        """Run the command; return its status and whether its time was up."""
        settings = self._settings
        limits = (settings.job_memory_mb, settings.job_cpu_s, settings.job_file_mb, os.getpid())
        command = [sys.executable, "-I", str(_LIMITED), *map(str, limits), "--"]
        scratch = attempt.folder / "tmp"
        scratch.mkdir()
        with (attempt.folder / "log.txt").open("wb") as log:
            with self._guard:
                if self._closed or job.stopped:
                    return -signal.SIGKILL, False
                process = job.process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                    [*command, *settings.job_command, *job.arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=attempt.folder,
                    env=_environment(settings, scratch),
                    start_new_session=True,
                )
            overdue = False
            try:
                process.wait(timeout=settings.job_wall_s)
            except subprocess.TimeoutExpired:
                overdue = True
            _kill(process)
            return process.wait(), overdue

    def _finish(self, attempt: Attempt, status: int, *, overdue: bool) -> None:
        if status == 0 and not overdue and (attempt.out / "summary.json").is_file():
            self._screenings.put(attempt.id, attempt.out, filename=attempt.filename, created=attempt.created)
            self._attempts.remove(attempt.id)
            return
        word = read_json(attempt.folder / "error.json")
        # A process that left word has ended as it meant to, however its last breath went.
        if word is not None and not overdue:
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
        if any(word in tail for word in _NO_MEMORY):
            return "job_memory_limit", {"limit_mb": settings.job_memory_mb}
        if status == -signal.SIGKILL:
            return "job_killed", {}
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
