"""What a page waits for: sheets, letters, checked layers; each a process of its own, a few at a time."""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from geoaq.errors import InputError, NotFoundError
from geoaq.store.place import read_json
from web.jobs import BusyError
from web.processes import kill, reason, start_process, tail_of
from web.settings import Settings

# Requests that wait for a place; with the places they stay below the server's threads, so that pages go on.
_WAITING = 2


class Workshop:
    """Where sheets are made, and added layers are looked through.

    What one needs on its way lies in ``cache/sheets`` of the data folder, for as long as it is made; what a
    server that was killed left there is removed by the next sheet, and at the next start.

    Parameters
    ----------
    settings
        Command, limits, and how many are made at the same time.
    logger
        Told what a failed process said; users are not.
    """

    def __init__(self, settings: Settings, logger: logging.Logger) -> None:
        self._settings = settings
        self._logger = logger
        self._places = threading.BoundedSemaphore(settings.sheet_slots)
        self._door = threading.BoundedSemaphore(settings.sheet_slots + _WAITING)
        self._room = settings.data.absolute() / "cache" / "sheets"
        self._forget_left()

    def make(self, folder: Path, row: str, options: Sequence[str], *, letter: str | None = None) -> bytes:
        """Run ``geoaq sheet make`` and return the one file that it wrote.

        Parameters
        ----------
        folder
            The screening, in its place or where it is staged.
        row
            Row and part of the project: ``17-0``.
        options
            Further arguments, among them which one file is wanted.
        letter
            The fields of a letter as JSON.

        Raises
        ------
        BusyError
            ``busy``: too many wait already, or the others take too long.
        NotFoundError
            ``no_screening``: the folder is not there any more.
        InputError
            What the command said; ``job_time_limit`` and the like where it came to nothing.
        """
        with self.place() as place:
            arguments = ["sheet", "make", str(folder.absolute()), row, *options, f"--out={place / 'out'}"]
            if letter is not None:
                (place / "letter.json").write_text(letter, "utf-8")
                arguments.append(f"--letter={place / 'letter.json'}")
            try:
                self.run(arguments, place)
            except InputError:
                if folder.is_dir():
                    raise
                raise NotFoundError("no_screening") from None  # it was put into its place meanwhile
            made = sorted((place / "out").iterdir())
            return made[0].read_bytes()

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Give an empty folder to work in when it is one's turn, and remove it afterwards.

        Raises
        ------
        BusyError
            ``busy``: too many wait already, or the others take too long.
        """
        if not self._door.acquire(blocking=False):
            raise BusyError("busy")
        try:
            if not self._places.acquire(timeout=self._settings.sheet_wall_s):
                raise BusyError("busy")
            try:
                self._forget_left()
                self._room.mkdir(parents=True, exist_ok=True)
                with TemporaryDirectory(dir=self._room) as name:
                    yield Path(name)
            finally:
                self._places.release()
        finally:
            self._door.release()

    def _forget_left(self) -> None:
        """Remove what is older than any sheet under way can be."""
        longest = max(self._settings.sheet_wall_s, self._settings.layer_wall_s)
        oldest = time.time() - 2 * longest - 60
        for left in self._room.glob("*"):
            with suppress(FileNotFoundError):  # a sheet that was finished meanwhile
                if left.stat().st_mtime < oldest:
                    shutil.rmtree(left, ignore_errors=True)

    def run(
        self,
        arguments: Sequence[str],
        place: Path,
        *,
        wall_s: float | None = None,
        also: Collection[str] = (),
    ) -> None:
        """Run one command in a folder of `place`; where it fails, raise what it said of why (InputError).

        Parameters
        ----------
        arguments
            What follows the command.
        place
            The folder.
        wall_s
            Time by the clock, seconds; None: that of a sheet.
        also
            Variables that it needs besides those that every command gets.
        """
        wall_s = wall_s or self._settings.sheet_wall_s
        settings, said, overdue = self._settings, place / "log.txt", False
        arguments = [*arguments, f"--progress-file={place / 'progress.json'}"]
        scratch = place / "tmp"
        scratch.mkdir()
        with said.open("wb") as log:
            process = start_process(settings, arguments, folder=place, scratch=scratch, log=log, also=also)
            try:
                status = process.wait(timeout=wall_s)
            except subprocess.TimeoutExpired:
                overdue = True
            finally:
                kill(process)
                status = process.wait()
        if status == 0 and not overdue:
            return
        word = read_json(place / "error.json")
        if word is not None and not overdue:
            raise InputError(str(word.get("code")), **dict(word.get("params") or {}))
        tail = tail_of(said)
        code, params = reason(settings, status, tail, overdue=overdue, wall_s=wall_s)
        self._logger.error("%s: %s (status %s)\n%s", arguments[0], code, status, tail)
        raise InputError(code, **params)
