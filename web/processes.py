"""Commands in processes of their own: within limits, with few variables, ended with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import geoaq
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


def start_process(
    settings: Settings,
    arguments: Sequence[str],
    *,
    folder: Path,
    scratch: Path,
    log: IO[bytes],
    also: Collection[str] = (),
) -> subprocess.Popen[bytes]:
    """Start the job command with arguments in a new process group.

    Parameters
    ----------
    settings
        Command and limits.
    arguments
        What follows the command.
    folder, scratch
        Where it works, and where its temporary files go; both exist.
    log
        Takes what it says.
    also
        Variables that go along besides those that every process gets.
    """
    limits = (settings.job_memory_mb, settings.job_cpu_s, settings.job_file_mb, os.getpid())
    command = [sys.executable, "-I", str(_LIMITED), *map(str, limits), "--"]
    return subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        [*command, *settings.job_command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(settings, scratch, also),
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group, also what the command may have left running."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def reason(
    settings: Settings, status: int, tail: str, *, overdue: bool, wall_s: float
) -> tuple[str, dict[str, Any]]:
    """Return the code and parameters of why a command that left no word came to nothing.

    Parameters
    ----------
    settings
        The limits that it ran within.
    status
        As `subprocess.Popen.wait` returns it.
    tail
        The end of what it said.
    overdue
        Its time by the clock was up.
    wall_s
        That time, seconds.
    """
    if overdue:
        return "job_time_limit", {"limit_s": round(wall_s)}
    if status == -signal.SIGXCPU:
        return "job_time_limit", {"limit_s": settings.job_cpu_s}
    if status == -signal.SIGXFSZ or any(word in tail for word in _NO_ROOM):
        return "job_file_limit", {"limit_mb": settings.job_file_mb}
    if any(word in tail for word in _NO_MEMORY):
        return "job_memory_limit", {"limit_mb": settings.job_memory_mb}
    if status == -signal.SIGKILL:
        return "job_killed", {}
    return "job_crashed", {}


def tail_of(path: Path) -> str:
    """Return the end of what a command said."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOG_TAIL))
        return file.read().decode("utf-8", "replace")


def _environment(settings: Settings, scratch: Path, also: Collection[str]) -> Mapping[str, str]:
    """Return the few variables that the process needs; no secret and no proxy that is not asked for."""
    kept = {name: os.environ[name] for name in (*_KEPT_VARIABLES, *also) if name in os.environ}
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
