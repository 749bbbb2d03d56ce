"""Where a screening can be read: in its place, or where it is staged while its documents are written.

The tables of a screening are whole before its documents (`geoaq.store.staging.TABLES_ARE_WHOLE`). From then
on it can be read, under the identity that it keeps. Its folder moves twice while somebody may be reading: it
gets its name, then its place.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from geoaq.errors import NotFoundError, NotReadyError
from geoaq.store.attempts import Attempt, Attempts
from geoaq.store.place import read_json
from geoaq.store.screenings import DOCUMENTS, Screening, Screenings, first_title

Answer = TypeVar("Answer")
_MOVES = 2


class Shelf:
    """The screenings that can be read, those that are done and those whose tables are.

    Parameters
    ----------
    screenings
        The folders in place.
    attempts
        The staging folders.
    """

    def __init__(self, screenings: Screenings, attempts: Attempts) -> None:
        self._screenings = screenings
        self._attempts = attempts

    def get(self, screening_id: str) -> Screening:
        """Return where a screening can be read now: in its place, else where it is staged.

        Raises
        ------
        NotFoundError
            ``no_screening``: none of that identity; or the code of the failure with which it ended.
        NotReadyError
            ``still_running``: its tables are not whole yet.
        """
        if self._screenings.has(screening_id):
            return self._screenings.get(screening_id)
        try:
            attempt = self._attempts.get(screening_id)
        except NotFoundError:
            return self._screenings.get(screening_id)  # put into place between the two looks
        folder = attempt.tables
        if folder is not None:
            return _staged(attempt, folder)
        if self._screenings.has(screening_id):
            return self._screenings.get(screening_id)
        if attempt.state == "failed":
            raise NotFoundError(attempt.code, **attempt.params)
        raise NotReadyError("still_running")

    def read(self, screening_id: str, work: Callable[[Screening], Answer], *, opens: bool = False) -> Answer:
        """Return what ``work`` makes of a screening, wherever it is; begin again when it moved meanwhile.

        Parameters
        ----------
        screening_id
            The screening.
        work
            Reads the folder and changes nothing.
        opens
            True: the answer is an open file, which is the right one wherever its folder goes afterwards.

        Raises
        ------
        NotFoundError, NotReadyError
            As `get`, and whatever ``work`` raises of a folder that stayed where it was.
        """
        for _ in range(_MOVES):
            one = self.get(screening_id)
            try:
                answer = work(one)
            except (OSError, NotFoundError):
                if one.folder.is_dir():
                    raise
            else:
                if opens or one.in_place or one.folder.is_dir():
                    return answer
        return work(self.get(screening_id))

    def list(self, *, limit: int | None = None) -> tuple[Screening, ...]:
        """Return the newest ``limit`` screenings that can be read, or all, newest first."""
        staged = {one.id: _staged(one, folder) for one in self._attempts.known() if (folder := one.tables)}
        # After the staged ones, so that none is missed on its way; where it is in both, it is in place.
        found = staged | {one.id: one for one in self._screenings.list()}
        return tuple(sorted(found.values(), key=lambda one: (one.created, one.id), reverse=True)[:limit])

    def require_in_place(self, screening_id: str) -> Screening:
        """Return a screening that is done.

        Raises
        ------
        NotFoundError
            As `get`.
        NotReadyError
            ``still_running``, or ``not_in_place``: its documents are still being written.
        """
        one = self.get(screening_id)
        if not one.in_place:
            raise NotReadyError("not_in_place")
        return one


def _staged(attempt: Attempt, folder: Path) -> Screening:
    summary = read_json(folder / "summary.json") or {}
    left_out = {f"findings.{name}" for name in summary.get("left_out") or ()}
    return Screening(
        id=attempt.id,
        folder=folder,
        title=first_title(attempt.filename, attempt.id),
        notes="",
        filename=attempt.filename,
        created=attempt.created,
        in_place=False,
        pending=tuple(name for name in DOCUMENTS if name not in left_out),
    )
