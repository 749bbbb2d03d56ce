"""Rows of a long list, brought into the order of their parts: in memory while they are few, on disk after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.frames import FIRE_KINDS, SP
from geoaq.store.fires.rows import DAY_S, ROW, Part, Rows, Words, packed

# So many rows wait in memory (70 bytes each, twice while they are sorted).
WAITING = 2_000_000
# Days since 1970 between which a detection can be: 1970-01-01 to 2199-12-31, with room in the packed number.
_DAYS = 84_005


@dataclass(frozen=True)
class _Run:
    """Rows in the order of their parts, in memory or in a file.

    Attributes
    ----------
    rows
        The rows, or the file that they were written to.
    codes
        The parts among them, rising.
    starts
        Where the rows of each part begin, and the end of all: one more than ``codes``.
    """

    rows: Rows | Path
    codes: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    def of(self, code: int) -> Rows:
        """Return the rows of one part."""
        at = int(np.searchsorted(self.codes, code))
        if at == len(self.codes) or self.codes[at] != code:
            return np.empty(0, ROW)
        first, end = int(self.starts[at]), int(self.starts[at + 1])
        if isinstance(self.rows, Path):
            return np.fromfile(self.rows, ROW, end - first, offset=first * ROW.itemsize)
        return self.rows[first:end]


class Sorting:
    """Takes frames in, gives the rows of one part after the other.

    Parameters
    ----------
    folder
        An empty folder for what does not fit into memory.
    waiting
        How many rows memory holds.
    """

    def __init__(self, folder: Path, *, waiting: int = WAITING) -> None:
        self.words = Words()
        self.rows = 0
        self._folder, self._most = folder, waiting
        self._sources: dict[tuple[str, str], int] = {}
        self._waiting: list[tuple[npt.NDArray[np.int64], Rows]] = []
        self._in_memory = 0
        self._runs: list[_Run] = []

    def add(self, frame: pd.DataFrame) -> None:
        """Take the rows of a frame that follows `FIRE_PIXELS`.

        Raises
        ------
        InputError
            ``fire_frame``: as `packed` says, or a time, kind or level that cannot be.
        """
        if frame.empty:
            return
        rows = packed(frame, self.words)
        self._waiting.append((self._parts(frame, rows), rows))
        self.rows += len(rows)
        self._in_memory += len(rows)
        if self._in_memory >= self._most:
            self._close_run(on_disk=True)

    def satellites(self) -> set[str]:
        """Return the satellites and other sources of the rows."""
        return {satellite for satellite, _ in self._sources}

    def parts(self) -> Iterator[tuple[int, Part, Rows]]:
        """Yield how many parts there are, a part, and its rows, in the order of sources, days and levels.

        Nothing is added from then on.
        """
        if self._waiting:
            self._close_run(on_disk=bool(self._runs))
        sources = list(self._sources)
        codes = np.unique(np.concatenate([run.codes for run in self._runs])) if self._runs else ()
        for code in codes:
            days, level = divmod(int(code), SP + 1)
            source, day = divmod(days, _DAYS)
            rows = np.concatenate([run.of(code) for run in self._runs])
            yield len(codes), Part(*sources[source], day, level), rows

    def _parts(self, frame: pd.DataFrame, rows: Rows) -> npt.NDArray[np.int64]:
        """Return the packed number of each row's part."""
        day, level = rows["acquired"] // DAY_S, rows["level"]
        if day.min() < 0 or day.max() >= _DAYS:
            raise InputError("fire_frame", column="acquired", expected="1970-01-01 … 2199-12-31")
        if level.min() < 0 or level.max() > SP:
            raise InputError("fire_frame", column="level", expected="0 … 3")
        satellite, kind = frame["satellite"].cat, frame["kind"].cat
        if (satellite.codes < 0).any() or (kind.codes < 0).any():
            raise InputError("fire_frame", column="satellite, kind", expected="text")
        if not set(kind.categories) <= set(FIRE_KINDS):
            raise InputError("fire_frame", column="kind", expected=", ".join(FIRE_KINDS))
        pairs = satellite.codes.to_numpy("i8") * len(kind.categories) + kind.codes.to_numpy("i8")
        found, place = np.unique(pairs, return_inverse=True)
        numbers = [
            self._sources.setdefault(
                (str(satellite.categories[pair // len(kind.categories)]),
                 str(kind.categories[pair % len(kind.categories)])),
                len(self._sources),
            )
            for pair in found
        ]  # fmt: skip
        parts: npt.NDArray[np.int64] = (np.array(numbers, "i8")[place] * _DAYS + day) * (SP + 1) + level
        return parts

    def _close_run(self, *, on_disk: bool) -> None:
        codes = np.concatenate([codes for codes, _ in self._waiting])
        rows = np.concatenate([rows for _, rows in self._waiting])
        self._waiting.clear()
        self._in_memory = 0
        if (codes[1:] < codes[:-1]).any():
            order = np.argsort(codes, kind="stable")
            codes, rows = codes[order], rows[order]
        found, starts = np.unique(codes, return_index=True)
        ends = np.append(starts, len(codes)).astype(np.int64)
        where: Rows | Path = rows
        if on_disk:
            where = self._folder / str(len(self._runs))
            with where.open("xb") as file:
                file.write(rows.view(np.uint8).data)
        self._runs.append(_Run(where, found, ends))
