"""Identities of screenings, locks, and small records that are never seen half written."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geoaq.errors import NotFoundError

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return a random 128-bit identity, 32 lower-case hexadecimal digits."""
    return secrets.token_hex(16)


def require_id(text: str) -> str:
    """Return ``text`` when it is the identity of a screening; no path is built from anything else.

    Raises
    ------
    NotFoundError
        ``no_screening``: not 32 lower-case hexadecimal digits.
    """
    if not _ID.fullmatch(text):
        raise NotFoundError("no_screening")
    return text


def is_id(text: str) -> bool:
    """Say whether ``text`` could be the identity of a screening."""
    return _ID.fullmatch(text) is not None


def private(folder: Path) -> Path:
    """Return ``folder``, made when missing; what is in it is its owner's alone (0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time, and one of its threads, change what belongs to ``folder``."""
    handle = os.open(private(folder) / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a small record so that a reader sees the old one or the new one, never a half."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(path)
    except OSError:  # the disk is full
        fresh.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the record at ``path``, or None when it is not there or is no JSON object."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
