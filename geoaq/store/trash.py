"""Screenings that were deleted: kept for some days with what people wrote, put back whole or gone for good.

``trash/<id>.<8 digits>/`` holds ``deleted.json`` (when), the folder as ``screening``, and what stood beside
it as ``meta.json`` and ``followed``. Whichever place has the folder owns the rest: a deletion that was killed
half way is ended by `Trash.mend`, a restoring that was killed is taken back by it. Nothing is in both places.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from geoaq.errors import NotFoundError, NotReadyError
from geoaq.store.place import alone, new_id, private, read_json, require_id, write_json

_GRAVE = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{8})")
_DOOMED = re.compile(r"\.gone-[0-9a-f]{32}\.[0-9a-f]{8}")


@dataclass(frozen=True)
class Deleted:
    """One screening in the trash.

    Attributes
    ----------
    id
        Its place in the trash: ``<id of the screening>.<8 hexadecimal digits>``.
    screening_id
        The identity that it had and gets back.
    folder
        The immutable folder, where it lies now.
    title, notes, filename
        As in `geoaq.store.screenings.Screening`.
    deleted
        When it was deleted, UTC.
    """

    id: str
    screening_id: str
    folder: Path
    title: str
    notes: str
    filename: str
    deleted: datetime


class Trash:
    """The trash of one ``GEOAQ_DATA`` folder.

    Every change is made under a lock that other servers on the same folder, and whoever writes beside a
    screening, respect.

    Parameters
    ----------
    data
        The folder of all state.
    """

    def __init__(self, data: Path) -> None:
        self._folders = private(data / "screenings")
        self._metas = private(data / "screenings-meta")
        self._trash = private(data / "trash")

    def put(self, screening_id: str, *, now: datetime) -> Deleted:
        """Move a screening, and what people wrote beside it, into the trash.

        Parameters
        ----------
        screening_id
            The screening.
        now
            The moment of its deletion, UTC.

        Raises
        ------
        NotFoundError
            ``no_screening``: none of that identity, or somebody else just deleted it.
        """
        folder = self._folders / require_id(screening_id)
        with alone(self._trash):
            if not folder.is_dir():
                raise NotFoundError("no_screening")
            grave = self._trash / f"{screening_id}.{new_id()[:8]}"
            grave.mkdir(mode=0o700)
            write_json(grave / "deleted.json", {"deleted": now.isoformat()})
            folder.rename(grave / "screening")
            self._gather(grave, screening_id)
        return self.get(grave.name)

    def deleted(self) -> tuple[Deleted, ...]:
        """Return what is in the trash, the last deleted first."""
        found = []
        for grave in self._graves():
            with suppress(NotFoundError):  # restored or removed meanwhile
                found.append(self.get(grave.name))
        return tuple(sorted(found, key=lambda one: (one.deleted, one.id), reverse=True))

    def get(self, deleted_id: str) -> Deleted:
        """Return one entry.

        Raises
        ------
        NotFoundError
            ``not_in_trash``: no identity of an entry, or no such entry (any more).
        """
        grave = self._trash / _require(deleted_id)
        folder = grave / "screening"
        if not folder.is_dir():
            raise NotFoundError("not_in_trash")
        screening_id = deleted_id[:32]
        meta = read_json(grave / "meta.json") or read_json(self._metas / f"{screening_id}.json") or {}
        return Deleted(
            id=deleted_id,
            screening_id=screening_id,
            folder=folder,
            title=str(meta.get("title") or screening_id[:8]),
            notes=str(meta.get("notes") or ""),
            filename=str(meta.get("filename") or ""),
            deleted=_deleted(grave),
        )

    def restore(self, deleted_id: str) -> str:
        """Put a screening back into its place with all that was written beside it; return its identity.

        Raises
        ------
        NotFoundError
            ``not_in_trash``: no such entry (any more).
        NotReadyError
            ``place_taken``: something stands where it, or what was written beside it, has to go.
        """
        with alone(self._trash):
            one = self.get(deleted_id)
            grave = self._trash / deleted_id
            places = self._places(grave, one.screening_id)
            target = self._folders / one.screening_id
            if _stands(target) or any(_stands(place) and _stands(kept) for kept, place in places):
                raise NotReadyError("place_taken")
            for kept, place in places:
                if _stands(kept):
                    kept.rename(place)
            one.folder.rename(target)
            _clear(grave)
        return one.screening_id

    def remove(self, deleted_id: str) -> None:
        """Delete one entry for good.

        Raises
        ------
        NotFoundError
            ``not_in_trash``: no such entry (any more).
        """
        with alone(self._trash):
            self._destroy(self.get(deleted_id))

    def purge(self, *, now: datetime, days: int) -> int:
        """Delete for good what was deleted more than ``days`` days before ``now``; return how many."""
        with alone(self._trash):
            old = [one for one in self.deleted() if now - one.deleted > timedelta(days=days)]
            for one in old:
                self._destroy(one)
        return len(old)

    def empty(self) -> int:
        """Delete for good whatever is in the trash; return how many entries that were."""
        with alone(self._trash):
            every = self.deleted()
            for one in every:
                self._destroy(one)
        return len(every)

    def mend(self) -> None:
        """End what was killed half way: at the start of a server."""
        with alone(self._trash):
            for path in self._trash.iterdir():
                if _DOOMED.fullmatch(path.name):
                    shutil.rmtree(path)
            for grave in self._graves():
                screening_id = grave.name[:32]
                if (grave / "screening").is_dir():
                    self._gather(grave, screening_id)
                else:
                    _clear(grave)

    def _graves(self) -> list[Path]:
        return [
            path
            for path in self._trash.iterdir()
            if _GRAVE.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        ]

    def _places(self, grave: Path, screening_id: str) -> tuple[tuple[Path, Path], ...]:
        """Return for what stands beside a screening where the trash keeps it, and its place."""
        return (
            (grave / "meta.json", self._metas / f"{screening_id}.json"),
            (grave / "followed", self._metas / screening_id),
        )

    def _gather(self, grave: Path, screening_id: str) -> None:
        """Bring what stands beside a deleted screening to it, unless another screening owns it now."""
        if _stands(self._folders / screening_id):
            return
        for kept, place in self._places(grave, screening_id):
            if _stands(place) and not _stands(kept):
                place.rename(kept)

    def _destroy(self, one: Deleted) -> None:
        """Take an entry out of the list at once, then remove its files."""
        grave, doomed = self._trash / one.id, self._trash / f".gone-{one.id}"
        self._gather(grave, one.screening_id)
        grave.rename(doomed)
        shutil.rmtree(doomed)


def _require(deleted_id: str) -> str:
    """Return the identity of an entry; no path is built from anything else."""
    if not _GRAVE.fullmatch(deleted_id):
        raise NotFoundError("not_in_trash")
    return deleted_id


def _stands(path: Path) -> bool:
    return os.path.lexists(path)


def _clear(grave: Path) -> None:
    """Remove a grave that holds nothing but its date, whole or half written; what else is in it stays."""
    held = list(grave.iterdir())
    if all("deleted.json" in path.name for path in held):
        for path in held:
            path.unlink()
        grave.rmdir()


def _deleted(grave: Path) -> datetime:
    """Return when an entry was deleted; of one without a date, when its folder was last changed."""
    record = read_json(grave / "deleted.json") or {}
    try:
        return datetime.fromisoformat(str(record.get("deleted"))).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(grave.stat().st_mtime, UTC)
