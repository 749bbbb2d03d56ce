"""Screenings under way: one staging folder each, and what can be said of it from the folder alone.

``staging/<id>/`` holds ``attempt.json`` (what was asked, when, by which server), the uploaded files, the
progress file of the process that works on it, and ``failure.json`` when it came to nothing. A server that
starts finds the folders of servers that are gone (their lock is free) and turns them into plain failures;
it never touches those of a server that lives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from geoaq.errors import NotFoundError
from geoaq.store.place import is_id, new_id, private, read_json, require_id, write_json
from geoaq.store.staging import TABLES_ARE_WHOLE, staged_folder

State = Literal["queued", "running", "failed"]
_KEPT = {"attempt.json", "failure.json"}
# How long a failure can still be read about.
FAILURE_DAYS = 7


@dataclass(frozen=True)
class Attempt:
    """What is known of a screening under way.

    Attributes
    ----------
    id
        Its identity, and that of the screening it will become.
    folder
        Its staging folder.
    state
        ``queued``, ``running`` or ``failed``.
    step, done, total
        What the process does now (code of ``wording/steps.toml``), and how far it is.
    code, params
        Why it failed (code of ``wording/errors.toml``).
    filename
        Name of the uploaded list, plain text.
    created
        When it was asked for, UTC.
    job
        The job that it belongs to: ``heating`` or ``border``.
    """

    id: str
    folder: Path
    state: State
    filename: str
    created: datetime
    job: str
    step: str = ""
    done: int = 0
    total: int = 0
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        """Return the folder that the process writes."""
        return self.folder / "out"

    @property
    def tables(self) -> Path | None:
        """Return the folder in which every table is whole while documents are written; None before that."""
        if self.state != "running" or self.step != TABLES_ARE_WHOLE:
            return None
        return staged_folder(self.out)

    @property
    def progress_file(self) -> Path:
        """Return the file in which the process says how far it is."""
        return self.folder / "progress.json"


class Attempts:
    """The staging folders of one ``GEOAQ_DATA`` folder, as one server sees them.

    Parameters
    ----------
    data
        The folder of all state; made when missing.
    """

    def __init__(self, data: Path) -> None:
        self._staging = private(data / "staging")
        self._locks = private(self._staging / ".servers")
        self._owner = new_id()
        self._lock = os.open(self._locks / self._owner, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go of the lock that says that this server lives."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
            (self._locks / self._owner).unlink(missing_ok=True)

    def begin(self, *, filename: str, now: datetime, job: str = "heating") -> Attempt:
        """Make the staging folder of a new attempt, whole at once, and forget old failures."""
        self._forget(now)
        screening_id = new_id()
        folder = self._staging / f".{screening_id}"
        folder.mkdir(mode=0o700)
        record = {"filename": filename, "created": now.isoformat(), "owner": self._owner, "job": job}
        try:
            write_json(folder / "attempt.json", record)
            folder.rename(self._staging / screening_id)
        except OSError:  # the disk is full
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return self.get(screening_id)

    def get(self, screening_id: str) -> Attempt:
        """Return what the staging folder says.

        Raises
        ------
        NotFoundError
            ``no_screening``: no identity, or nothing of that identity under way.
        """
        folder = self._staging / require_id(screening_id)
        record = read_json(folder / "attempt.json")
        if record is None:
            raise NotFoundError("no_screening")
        filename, created = str(record["filename"]), datetime.fromisoformat(record["created"])
        job = str(record.get("job", "heating"))
        failure = read_json(folder / "failure.json")
        if failure is not None:
            return Attempt(
                screening_id,
                folder,
                "failed",
                filename,
                created,
                job,
                code=str(failure.get("code", "job_crashed")),
                params=dict(failure.get("params") or {}),
            )
        progress = read_json(folder / "progress.json") or {}
        state: State = "running" if progress or (folder / "log.txt").exists() else "queued"
        return Attempt(
            screening_id,
            folder,
            state,
            filename,
            created,
            job,
            step=str(progress.get("step", "")),
            done=_count(progress.get("done")),
            total=_count(progress.get("total")),
        )

    def known(self) -> tuple[Attempt, ...]:
        """Return every attempt that is known, failures too, in no order."""
        found = []
        for folder in self._folders():
            with suppress(NotFoundError):  # removed meanwhile
                found.append(self.get(folder.name))
        return tuple(found)

    def fail(self, screening_id: str, code: str, params: dict[str, Any]) -> None:
        """Remove all that an attempt left but its record, then note why it came to nothing."""
        folder = self.get(screening_id).folder
        _strip(folder)
        write_json(folder / "failure.json", {"code": code, "params": params})

    def remove(self, screening_id: str) -> None:
        """Remove the staging folder, whatever is in it."""
        shutil.rmtree(self._staging / require_id(screening_id), ignore_errors=True)

    def clean(self, *, now: datetime) -> None:
        """Turn what servers that are gone left behind into failures, and forget old failures.

        Parameters
        ----------
        now
            The moment, UTC; failures older than `FAILURE_DAYS` are forgotten.
        """
        self._forget(now)
        for folder in self._folders():
            record = read_json(folder / "attempt.json")
            if record is None:  # half removed
                shutil.rmtree(folder, ignore_errors=True)
            elif not (folder / "failure.json").exists() and not self._lives(str(record.get("owner", ""))):
                self._interrupt(folder.name)
        for lock in self._locks.iterdir():
            if not self._lives(lock.name):
                lock.unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        return [folder for folder in self._staging.iterdir() if is_id(folder.name)]

    def _forget(self, now: datetime) -> None:
        """Remove failures older than `FAILURE_DAYS`."""
        for folder in self._folders():
            record = read_json(folder / "attempt.json")
            if record is None or not (folder / "failure.json").exists():
                continue
            if now - _made(record) > timedelta(days=FAILURE_DAYS):
                shutil.rmtree(folder, ignore_errors=True)

    def _interrupt(self, screening_id: str) -> None:
        with suppress(NotFoundError, FileNotFoundError):  # another server came first
            self.fail(screening_id, "job_interrupted", {})

    def _lives(self, owner: str) -> bool:
        """Say whether the server ``owner`` still holds its lock."""
        if owner == self._owner:
            return self._lock >= 0
        if not is_id(owner):
            return False
        try:
            handle = os.open(self._locks / owner, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False


def _strip(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name in _KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _made(record: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(record["created"]).astimezone(UTC)


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
