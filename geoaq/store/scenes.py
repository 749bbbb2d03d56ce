"""Scenes that were searched for fires: immutable folders with a random identity, ``scenes/<id>/``.

What is in a folder is what ``geoaq fires detect`` wrote, byte for byte; an identity is matched by pattern
before any path is built from it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geoaq.errors import NotFoundError
from geoaq.store.place import is_id, new_id, private, read_json

#: What a user may take home from a scene; no other name of the folder is ever served.
FILES = ("fires.csv", "mask.tif", "quicklook.png", "quicklook.txt", "report.txt", "report.json")


@dataclass(frozen=True)
class SearchedScene:
    """One scene as it is listed.

    Attributes
    ----------
    id
        32 hexadecimal digits.
    folder
        The immutable folder.
    report
        ``report.json``.
    kept
        When it was put here, UTC.
    """

    id: str
    folder: Path
    report: Mapping[str, Any]
    kept: datetime

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names that can be taken home, in a fixed order."""
        return tuple(name for name in FILES if (self.folder / name).is_file())


class Scenes:
    """The scenes kept in ``scenes/`` of a folder of state.

    Parameters
    ----------
    data
        The folder of all state (``GEOAQ_DATA``).
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / "scenes"

    def new(self) -> tuple[str, Path]:
        """Return a fresh identity and the folder to write it to, which is not there yet."""
        scene_id = new_id()
        return scene_id, private(self._folder) / scene_id

    def get(self, scene_id: str) -> SearchedScene:
        """Return one scene.

        Raises
        ------
        NotFoundError
            ``no_scene``: none of that identity.
        """
        folder = self._folder / scene_id if is_id(scene_id) else None
        report = None if folder is None else read_json(folder / "report.json")
        if folder is None or report is None:
            raise NotFoundError("no_scene")
        kept = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        return SearchedScene(scene_id, folder, report, kept)

    def list(self) -> tuple[SearchedScene, ...]:
        """Return every scene, the last seen by a satellite first."""
        if not self._folder.is_dir():
            return ()
        found = []
        for folder in self._folder.iterdir():
            try:
                found.append(self.get(folder.name))
            except (NotFoundError, FileNotFoundError):  # under way, or deleted meanwhile
                continue
        return tuple(sorted(found, key=lambda one: (str(one.report.get("last", "")), one.id), reverse=True))

    def delete(self, scene_id: str) -> None:
        """Delete a scene for good; its fires stay in the store where they were taken in.

        Raises
        ------
        NotFoundError
            ``no_scene``: none of that identity.
        """
        folder = self.get(scene_id).folder
        try:
            folder.rename(folder.with_name(f".gone-{scene_id}"))
        except FileNotFoundError as error:  # somebody else was faster
            raise NotFoundError("no_scene") from error
        for doomed in self._folder.glob(".gone-*"):  # those too whose deletion ended half way
            shutil.rmtree(doomed, ignore_errors=True)
