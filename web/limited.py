"""Run one command within limits: ``python web/limited.py MEMORY_MB CPU_S FILE_MB PARENT -- COMMAND …``.

The limits are set here, in a process of its own, and then this process becomes the command: a server with
threads must not run code between fork and exec. On Linux the command dies with the server that started it.
This file stands alone: it imports nothing of geoaq.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    """Set the limits, let what is written be its owner's alone, and become the command."""
    memory_mb, cpu_s, file_mb, parent = (int(text) for text in argv[:4])
    if argv[4] != "--":
        raise SystemExit("usage: limited.py MEMORY_MB CPU_S FILE_MB PARENT -- COMMAND …")
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_mb * 2**20, file_mb * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.nice(5)
    os.execvp(argv[5], argv[5:])  # noqa: S606 - a list of arguments, no shell


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the server that asked for this is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
