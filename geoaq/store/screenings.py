"""Screenings that are done: immutable folders with a random identity, and what people wrote beside them.

``screenings/<id>/`` is what the flow wrote, byte for byte. The title, notes, day and original file name
live in ``screenings-meta/<id>.json``; `geoaq.store.trash` holds what was deleted. An identity is matched by
pattern before any path is built from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from geoaq.errors import LimitError, NotFoundError, NotReadyError
from geoaq.store.place import alone, is_id, private, read_json, require_id, write_json

TITLE_MAX, NOTES_MAX = 120, 4000
# What a user may take home from a screening; no other name of the folder is ever served.
FILES = (
    "findings.xlsx",
    "findings.csv",
    "findings.parquet",
    "subjects.parquet",
    "anchors.parquet",
    "consultees.parquet",
    "near.parquet",
    "wind.json",
    "findings.geojson",
    "findings.gpkg",
    "issues.csv",
    "map.html",
    "summary.json",
)
# Those that hold the whole list at once: they are written after the tables.
DOCUMENTS = ("findings.xlsx", "findings.geojson", "findings.gpkg", "map.html")
# What the map of a screening may ask for besides.
_DRAWING = re.compile(r"(?:plants|discs|sites|feet|strips|layer-[a-z][a-z_]{0,39})\.geojson")
_SUBJECT = re.compile(rb'"subject": "([a-z]{1,20})"')


@dataclass(frozen=True)
class Screening:
    """One screening as it is listed.

    Attributes
    ----------
    id
        32 hexadecimal digits.
    folder
        The immutable folder.
    title, notes
        What people call it and wrote about it, plain text.
    filename
        Name of the uploaded list as its user had it, plain text; ``""`` when unknown.
    created
        When it was asked for, UTC.
    in_place
        False: its tables can be read where they are staged, its documents are still being written.
    pending
        The names that are still being written.
    """

    id: str
    folder: Path
    title: str
    notes: str
    filename: str
    created: datetime
    in_place: bool = True
    pending: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names that can be taken home, in a fixed order."""
        return tuple(name for name in FILES if name not in self.pending and (self.folder / name).is_file())

    def file(self, name: str) -> Path:
        """Return the path of one file to take home.

        Raises
        ------
        NotFoundError
            ``no_file``: not one of `FILES`, or not written by this screening.
        NotReadyError
            ``file_under_way``: it is still being written.
        """
        if name in self.pending:
            raise NotReadyError("file_under_way", name=name)
        if name not in self.files:
            raise NotFoundError("no_file")
        return self.folder / name

    def drawing(self, name: str) -> Path:
        """Return the path of one GeoJSON that the map of a screening draws.

        Parameters
        ----------
        name
            ``plants.geojson``, ``discs.geojson`` or ``layer-<id>.geojson``.

        Raises
        ------
        NotFoundError
            ``no_file``: no such name, or not written by this screening.
        """
        path = self.folder / name if _DRAWING.fullmatch(name) else None
        if path is None or not path.is_file():
            raise NotFoundError("no_file")
        return path


class Screenings:
    """The screenings of one ``GEOAQ_DATA`` folder.

    Parameters
    ----------
    data
        The folder of all state; made when missing.
    """

    def __init__(self, data: Path) -> None:
        self._folders = data / "screenings"
        self._metas = data / "screenings-meta"
        self._trash = data / "trash"
        for folder in (self._folders, self._metas):
            private(folder)

    def put(self, screening_id: str, made: Path, *, filename: str, created: datetime) -> Screening:
        """Move the finished folder ``made`` (same file system) into place under ``screening_id``.

        The metadata is written first: a folder is never seen without it.
        """
        require_id(screening_id)
        write_json(
            self._metas / f"{screening_id}.json",
            {
                "title": first_title(filename, screening_id),
                "notes": "",
                "filename": filename,
                "created": created.isoformat(),
            },
        )
        try:
            made.rename(self._folders / screening_id)
        except OSError:
            (self._metas / f"{screening_id}.json").unlink(missing_ok=True)
            raise
        return self.get(screening_id)

    def has(self, screening_id: str) -> bool:
        """Say whether there is a finished screening of this identity."""
        return is_id(screening_id) and (self._folders / screening_id).is_dir()

    def get(self, screening_id: str) -> Screening:
        """Return one screening.

        Raises
        ------
        NotFoundError
            ``no_screening``: no identity, or none of that identity here.
        """
        folder = self._folders / require_id(screening_id)
        if not folder.is_dir():
            raise NotFoundError("no_screening")
        meta = read_json(self._metas / f"{screening_id}.json") or {}
        return Screening(
            id=screening_id,
            folder=folder,
            title=str(meta.get("title") or screening_id[:8]),
            notes=str(meta.get("notes") or ""),
            filename=str(meta.get("filename") or ""),
            created=_moment(meta.get("created"), folder),
        )

    def list(self, *, limit: int | None = None) -> tuple[Screening, ...]:
        """Return the newest ``limit`` screenings, or all, newest first, without what is deleted meanwhile."""
        found = []
        for path in self._folders.iterdir():
            if is_id(path.name):
                with suppress(NotFoundError, FileNotFoundError):
                    found.append(self.get(path.name))
        return tuple(sorted(found, key=lambda one: (one.created, one.id), reverse=True)[:limit])

    def describe(self, screening_id: str, *, title: str, notes: str) -> Screening:
        """Change what people call a screening and wrote about it; the folder stays as it is.

        Raises
        ------
        LimitError
            ``text_too_long``: title over 120 or notes over 4,000 characters.
        """
        title, notes = title.strip(), notes.strip()
        for text, most in ((title, TITLE_MAX), (notes, NOTES_MAX)):
            if len(text) > most:
                raise LimitError("text_too_long", limit=most, length=len(text))
        # Written beside one that was just deleted, it would keep that from coming back.
        with alone(self._trash):
            one = self.get(screening_id)
            write_json(
                self._metas / f"{screening_id}.json",
                {
                    "title": title or one.title,
                    "notes": notes,
                    "filename": one.filename,
                    "created": one.created.isoformat(),
                },
            )
        return self.get(screening_id)


def chosen(every: Iterable[Screening], *, text: str = "", subjects: Iterable[str] = ()) -> list[Screening]:
    """Return the screenings whose title, notes or file name hold ``text`` and whose list is of ``subjects``.

    Parameters
    ----------
    every
        The screenings.
    text
        Part of what is looked for, in any case; blank: all.
    subjects
        Kinds of list as in ``summary.json`` (``boiler``, ``unit``, ``project``); none: all.
    """
    part, kinds = text.strip().casefold(), set(subjects)
    return [
        one
        for one in every
        if (not part or any(part in words.casefold() for words in (one.title, one.notes, one.filename)))
        and (not kinds or subject_of(one.folder) in kinds)
    ]


def subject_of(folder: Path) -> str:
    """Return what the list of a screening holds, read from the head of ``summary.json``; ``""``: not told."""
    try:
        return _subject_of(folder)
    except OSError:  # deleted meanwhile; it may come back
        return ""


@lru_cache(maxsize=4096)
def _subject_of(folder: Path) -> str:
    with (folder / "summary.json").open("rb") as file:
        told = _SUBJECT.search(file.read(400))
    return told[1].decode() if told else ""


def first_title(filename: str, screening_id: str) -> str:
    """Return what a screening is called until somebody calls it otherwise: the name of its list."""
    return Path(filename).stem.strip()[:TITLE_MAX] or screening_id[:8]


def _moment(stated: object, folder: Path) -> datetime:
    try:
        return datetime.fromisoformat(str(stated)).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
