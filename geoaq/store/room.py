"""How much the screenings and added layers take of the disk, and whether one more may be taken in.

Folders of screenings never change, so each is measured once; what is under way is measured anew. One look
reads at most so many entries: of a folder of state that is larger, the first answers are lower bounds.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

# Entries that one look reads, and for how long its answer holds, seconds.
MOST_ENTRIES = 50_000
_HOLDS_S = 15.0
# Folders whose entries never change once they are there.
_FIXED = ("screenings", "trash")
_MOVING = ("staging", "screenings-meta", "office-layers")


@dataclass(frozen=True)
class Used:
    """What the screenings take.

    Attributes
    ----------
    bytes
        Sum of the sizes of all files of screenings (in place, in the trash, under way, written beside them)
        and of the layers that the office added.
    trash
        Those of it that emptying the trash would free.
    whole
        False: there are more entries than were read; the numbers are lower bounds.
    free
        Bytes that the disk has left.
    """

    bytes: int
    trash: int
    whole: bool
    free: int


class Room:
    """The disk space of one ``GEOAQ_DATA`` folder.

    Parameters
    ----------
    data
        The folder of all state.
    most_entries
        How many entries one look reads.
    """

    def __init__(self, data: Path, *, most_entries: int = MOST_ENTRIES) -> None:
        self._data = data
        self._most = most_entries
        self._measured: dict[tuple[str, str], int] = {}
        self._last: tuple[float, Used] | None = None
        self._guard = threading.Lock()

    def used(self) -> Used:
        """Return what the screenings take; an answer holds for some seconds, or until `forget`."""
        with self._guard:
            if self._last is None or time.monotonic() - self._last[0] > _HOLDS_S:
                self._last = (time.monotonic(), self._look())
            return self._last[1]

    def forget(self) -> None:
        """Look again at the next question: something was deleted, restored or taken in."""
        with self._guard:
            self._last = None

    def _look(self) -> Used:
        left = self._most
        sums = {}
        for name in (*_MOVING, *_FIXED):
            sums[name], left = self._sum(name, left)
        free = shutil.disk_usage(self._data).free
        return Used(sum(sums.values()), sums["trash"], left > 0, free)

    def _sum(self, name: str, left: int) -> tuple[int, int]:
        """Return the size of one folder of state and how many entries may still be read."""
        if name in _MOVING:
            return _size(self._data / name, left)
        total, there = 0, set()
        for entry in _entries(self._data / name):
            key = (name, entry.name)
            there.add(key)
            if key not in self._measured:
                if left <= 0:
                    continue
                size, left = _size(Path(entry.path), left)
                if left > 0:  # else it was not read to its end
                    self._measured[key] = size
                total += size
            else:
                total += self._measured[key]
        for key in [key for key in self._measured if key[0] == name and key not in there]:
            del self._measured[key]
        return total, left


def _size(path: Path, left: int) -> tuple[int, int]:
    """Return the sum of the sizes below ``path``, of at most ``left`` entries, and how many are left."""
    total, waiting = 0, [path]
    while waiting:
        for entry in _entries(waiting.pop()):
            if left <= 0:
                return total, 0
            left -= 1
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
            except FileNotFoundError:  # removed meanwhile
                continue
    return total, left


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):  # removed meanwhile, or a file
        return []
