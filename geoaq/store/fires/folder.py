"""The folder ``GEOAQ_DATA/fires``: where a file of pixels lies, who may write, and what is left over."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from geoaq.errors import ConfigError
from geoaq.store.place import private, read_json, write_json

# The end of a name that is not in place yet, and the folder of rows that wait to be sorted.
ASIDE, SPILL = ".new", "spill"
_PLAIN = re.compile(r"[a-z0-9_]{1,40}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Folder:
    """The files of one store.

    Parameters
    ----------
    data
        The folder of all state (``GEOAQ_DATA``).
    """

    def __init__(self, data: Path) -> None:
        self.root = private(data / "fires")
        self.pixels = private(self.root / "pixels")
        self.issues = private(self.root / "issues")
        self.judged = private(self.root / "judged")

    def claim(self, store: str) -> None:
        """Note that the files belong to the database named ``store``, once and for all.

        Raises
        ------
        ConfigError
            ``other_database``: they belong to another one, whose manifest alone knows what they are. Nothing
            is swept away then.
        """
        path = self.root / "store.json"
        owner = read_json(path)
        if owner is None:
            with locked(self.root / "migration.lock"):
                owner = read_json(path)
                if owner is None and next(self._files(), None) is None:
                    owner = {"store": store}
                    write_json(path, owner)
                    flush(path, self.root)
        if owner is None or owner.get("store") != store:
            raise ConfigError("other_database", folder=self.root.name)

    @contextmanager
    def spill(self) -> Iterator[Path]:
        """Give an empty folder for rows that wait; it is gone afterwards."""
        path = self.root / SPILL
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def sweep(self, known: Iterable[Path]) -> int:
        """Remove every file that is not among ``known``, and return how many; the caller holds the lock."""
        kept, removed = set(known), 0
        for path in self._files():
            if path not in kept:
                path.unlink(missing_ok=True)
                removed += 1
        shutil.rmtree(self.root / SPILL, ignore_errors=True)
        return removed

    def sweep_judged(self, known: Iterable[Path]) -> int:
        """Remove every file of judged pixels that is not among ``known``; the caller holds their lock."""
        kept, removed = set(known), 0
        for path in _below(self.judged):
            if path not in kept:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _files(self) -> Iterator[Path]:
        for top in (self.pixels, self.issues):
            yield from _below(top)


def _below(top: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(top):
        yield from (Path(folder) / name for name in names)


def pixel_path(satellite: str, kind: str, day: int, level: int, sha256: str) -> str:
    """Return where a file of pixels lies, below ``pixels``.

    A name that people gave (``camera:<id>``) never becomes part of a path: its hash stands for it.

    Examples
    --------
    >>> pixel_path("snpp", "satellite", 19670, 2, "0123456789abcdef" * 4)
    'snpp/2023/2023-11-09.2.0123456789abcdef.parquet'
    """
    return f"{_day_path(satellite, kind, day)}.{level}.{sha256[:16]}.parquet"


def judged_path(satellite: str, kind: str, day: int, sha256: str) -> str:
    """Return where a file of judged pixels lies, below ``judged``."""
    return f"{_day_path(satellite, kind, day)}.{sha256[:16]}.parquet"


def _day_path(satellite: str, kind: str, day: int) -> str:
    if kind == "satellite" and _PLAIN.fullmatch(satellite):
        name = satellite
    else:
        name = f"{kind}-{hashlib.sha256(f'{kind} {satellite}'.encode()).hexdigest()[:16]}"
    date = (_EPOCH + timedelta(days=day)).date()
    return f"{name}/{date.year}/{date.isoformat()}"


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock at ``path``; give False when another process holds it and ``wait`` is off.

    The kernel lets go of it when the process ends, however it ends.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def flush(*paths: Path) -> None:
    """Wait until the disk has the files, or the names in the folders."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
