"""Screenings run in processes of their own: limited, watched, stopped, and moved into place when whole.

A worker thread for each slot takes an attempt from the queue, starts the command in a new process group,
waits, and either renames what was written into place or notes why it came to nothing. Nothing about a
screening is remembered here that is not in its folder; a server that is killed takes its processes with it,
and the next one finds plain failures.
"""

from __future__ import annotations

import logging
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from geoaq.errors import LimitError, NotFoundError
from geoaq.store.attempts import Attempt, Attempts
from geoaq.store.place import read_json
from geoaq.store.screenings import Screening, Screenings
from web.processes import kill, reason, start_process, tail_of
from web.settings import Settings

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
    read_ahead
        Called with each screening that is put into place, so that its first reader need not wait.
    """

    def __init__(
        self,
        settings: Settings,
        attempts: Attempts,
        screenings: Screenings,
        logger: logging.Logger,
        read_ahead: Callable[[Screening], None] | None = None,
    ) -> None:
        self._settings = settings
        self._read_ahead = read_ahead
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
                kill(job.process)
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
                    kill(job.process)
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
                self._give_up(job.id)
            finally:
                with self._guard:
                    self._jobs.pop(job.id, None)
                job.over.set()

    def _give_up(self, screening_id: str) -> None:
        """Note a failure; where the disk is too full even for that, keep nothing."""
        try:
            self._fail(screening_id, "job_crashed", {})
        except OSError:
            self._logger.exception("screening %s leaves no word", screening_id)
            self._attempts.remove(screening_id)

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
        scratch = attempt.folder / "tmp"
        scratch.mkdir()
        with (attempt.folder / "log.txt").open("wb") as log:
            with self._guard:
                if self._closed or job.stopped:
                    return -signal.SIGKILL, False
                process = job.process = start_process(
                    settings, job.arguments, folder=attempt.folder, scratch=scratch, log=log
                )
            overdue = False
            try:
                process.wait(timeout=settings.job_wall_s)
            except subprocess.TimeoutExpired:
                overdue = True
            kill(process)
            return process.wait(), overdue

    def _finish(self, attempt: Attempt, status: int, *, overdue: bool) -> None:
        if status == 0 and not overdue and (attempt.out / "summary.json").is_file():
            placed = self._screenings.put(
                attempt.id, attempt.out, filename=attempt.filename, created=attempt.created
            )
            self._attempts.remove(attempt.id)
            self._read(placed)
            return
        word = read_json(attempt.folder / "error.json")
        # A process that left word has ended as it meant to, however its last breath went.
        if word is not None and not overdue:
            self._fail(attempt.id, str(word.get("code")), dict(word.get("params") or {}))
            return
        tail = tail_of(attempt.folder / "log.txt")
        wall_s = self._settings.job_wall_s
        code, params = reason(self._settings, status, tail, overdue=overdue, wall_s=wall_s)
        self._logger.error("screening %s: %s (status %s)\n%s", attempt.id, code, status, tail)
        self._fail(attempt.id, code, params)

    def _read(self, screening: Screening) -> None:
        if self._read_ahead is None:
            return
        try:
            self._read_ahead(screening)
        except Exception:  # it is in place all the same; who opens it is told what is wrong
            self._logger.exception("screening %s could not be read ahead", screening.id)

    def _fail(self, screening_id: str, code: str, params: dict[str, Any]) -> None:
        try:
            self._attempts.fail(screening_id, code, params)
        except NotFoundError:
            self._logger.info("screening %s was removed meanwhile", screening_id)
