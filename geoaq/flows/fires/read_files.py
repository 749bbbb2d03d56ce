"""By what a file is known that is read here, and whether it was written to meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from geoaq.errors import InputError

_BLOCK = 1 << 20


def file_marks(path: Path) -> tuple[int, int]:
    """Return size and time of change of a file: others when it was written to.

    Raises
    ------
    InputError
        ``no_input_file``: it is not there.
    """
    if not path.is_file():
        raise InputError("no_input_file", name=path.name)
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def file_sha256(path: Path, told: Callable[[int], None] = lambda _: None) -> str:
    """Return the SHA-256 of a file; ``told`` is given the bytes of each block that was read."""
    words = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            words.update(block)
            told(len(block))
    return words.hexdigest()
