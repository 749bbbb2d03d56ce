"""The layers that an office added: every file as it was given, its picture and what was found in it.

``office-layers/<layer id>/<sha256>/`` is one version and never changes: ``file/<name>`` (the bytes as they
were given), ``display.geojson`` (none of a table), ``report.json`` and ``record.json`` (name, day). It is
staged beside its place and renamed, so it is there whole or not at all. ``layer.json`` beside the versions
says which one is in use, and title and colour of a layer of the office's own making. A version that is
removed moves into ``.removed/<layer id>/`` and can be brought back for `KEPT_DAYS` days, the newest
`MOST_VERSIONS` of a layer.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from geoaq.errors import LimitError, NotFoundError
from geoaq.store.place import alone, private, read_json, write_json
from geoaq.store.staging import staged

# How long a removed version can be brought back.
KEPT_DAYS = 30
# Layers of the office's own making, and versions of one layer.
MOST_FREE, MOST_VERSIONS = 20, 20
FREE = "own_"
TITLE_MAX = 40
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SHA = re.compile(r"[0-9a-f]{64}")
_STALE_S = 3600


@dataclass(frozen=True)
class Version:
    """One file of one layer.

    Attributes
    ----------
    layer
        Id of the layer: of the catalogue, or ``own_…`` for one of the office's own making.
    sha256
        Of the file as it was given.
    folder
        Where it lies; immutable.
    name
        The file's name as its user had it, plain text.
    title, colour
        What the office calls a layer of its own making and how it is drawn; ``""`` for one of the catalogue.
    added
        When it was added, UTC.
    in_use
        It is the one that maps draw and screenings are offered.
    """

    layer: str
    sha256: str
    folder: Path
    name: str
    title: str
    colour: str
    added: datetime
    in_use: bool = False

    @property
    def file(self) -> Path:
        """Return the path of the file as it was given, under its own name."""
        return self.folder / "file" / self.name

    @property
    def display(self) -> Path | None:
        """Return the GeoJSON that draws it, None for a table."""
        path = self.folder / "display.geojson"
        return path if path.is_file() else None

    @property
    def report(self) -> dict[str, Any]:
        """Return what was found in the file: codes and numbers (`geoaq.flows.office_layers.check`)."""
        return read_json(self.folder / "report.json") or {}


class OfficeLayers:
    """The added layers of one ``GEOAQ_DATA`` folder.

    Parameters
    ----------
    data
        The folder of all state; nothing is made in it before a layer is added.
    """

    def __init__(self, data: Path) -> None:
        self._root = data / "office-layers"
        self._removed = self._root / ".removed"

    def layers(self) -> tuple[str, ...]:
        """Return the ids of the layers that have a version in use, in order."""
        return tuple(layer for layer in _names(self._root, _ID) if self.versions(layer))

    def versions(self, layer: str) -> tuple[Version, ...]:
        """Return the versions of a layer, the newest first; none where nothing was added."""
        found = self._read(self._root, _require(layer, _ID))
        chosen = self._said(layer).get("sha256")
        if chosen not in {one.sha256 for one in found}:
            chosen = found[0].sha256 if found else ""
        return tuple(replace(one, in_use=one.sha256 == chosen) for one in found)

    def in_use(self, layer: str) -> Version | None:
        """Return the version in use, None where nothing was added."""
        return next((one for one in self.versions(layer) if one.in_use), None)

    def get(self, layer: str, sha256: str) -> Version:
        """Return one version.

        Raises
        ------
        NotFoundError
            ``no_office_layer``.
        """
        _require(sha256, _SHA)
        for one in self.versions(layer):
            if one.sha256 == sha256:
                return one
        raise NotFoundError("no_office_layer")

    def removed(self, layer: str) -> tuple[Version, ...]:
        """Return the removed versions that can be brought back, the newest first."""
        return self._read(self._removed, _require(layer, _ID))

    def removed_layers(self) -> tuple[str, ...]:
        """Return the ids of the layers of which a version can be brought back, in order."""
        return tuple(layer for layer in _names(self._removed, _ID) if self.removed(layer))

    def require_room(self, layer: str) -> None:
        """Refuse what there is no room for.

        Raises
        ------
        LimitError
            ``office_layers_full``: `MOST_FREE` layers of the office's own; ``office_versions_full``:
            `MOST_VERSIONS` files of this layer.
        """
        versions = self.versions(layer)
        if layer.startswith(FREE) and not versions:
            if sum(one.startswith(FREE) for one in self.layers()) >= MOST_FREE:
                raise LimitError("office_layers_full", limit=MOST_FREE)
        elif len(versions) >= MOST_VERSIONS:
            raise LimitError("office_versions_full", limit=MOST_VERSIONS)

    def put(
        self,
        layer: str,
        file: Path,
        checked: Path,
        *,
        now: datetime,
        title: str = "",
        colour: str = "",
    ) -> Version:
        """Keep a checked file as the newest version of a layer, and use it.

        Parameters
        ----------
        layer
            Id of the layer.
        file
            The file as it was given; its name is kept.
        checked
            The folder with ``report.json`` and ``display.geojson`` that `geoaq.flows.office_layers.check`
            wrote.
        now
            The moment, UTC.
        title, colour
            As of `Version`; where they are blank the layer keeps those that it has.

        Raises
        ------
        LimitError
            As of `require_room`; the same bytes once more need none: that version is used again.
        """
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        with alone(self._root):
            self._tidy(now)
            place = self._root / _require(layer, _ID) / sha256
            if not place.is_dir():
                self.require_room(layer)
                private(place.parent)
                with staged(place) as folder:
                    (folder / "file").mkdir()
                    shutil.copyfile(file, folder / "file" / file.name)
                    for part in sorted(checked.iterdir()):
                        shutil.copyfile(part, folder / part.name)
                    write_json(folder / "record.json", {"name": file.name, "added": now.isoformat()})
            shutil.rmtree(self._removed / layer / sha256, ignore_errors=True)
            named = {name: text for name, text in (("title", title), ("colour", colour)) if text}
            write_json(place.parent / "layer.json", self._said(layer) | named | {"sha256": sha256})
        return self.get(layer, sha256)

    def use(self, layer: str, sha256: str) -> Version:
        """Use an earlier version, or the newest again; errors as of `get`."""
        with alone(self._root):
            self.get(layer, sha256)
            write_json(self._root / layer / "layer.json", self._said(layer) | {"sha256": sha256})
        return self.get(layer, sha256)

    def remove(self, layer: str, sha256: str, *, now: datetime) -> None:
        """Put a version where it can be brought back from; errors as of `get`."""
        with alone(self._root):
            self._tidy(now)
            one = self.get(layer, sha256)
            target = private(self._removed / layer) / sha256
            shutil.rmtree(target, ignore_errors=True)
            # The day comes first: whoever is killed in between must not leave one that looks long forgotten.
            os.utime(one.folder, (now.timestamp(), now.timestamp()))
            one.folder.rename(target)
            for old in self.removed(layer)[MOST_VERSIONS:]:
                shutil.rmtree(old.folder, ignore_errors=True)

    def restore(self, layer: str, sha256: str) -> Version:
        """Bring a removed version back.

        Raises
        ------
        NotFoundError
            ``no_office_layer``: it is not there (any more).
        LimitError
            As of `require_room`.
        """
        with alone(self._root):
            here = self._removed / _require(layer, _ID) / _require(sha256, _SHA)
            place = self._root / layer / sha256
            if not place.is_dir():
                if not here.is_dir():
                    raise NotFoundError("no_office_layer")
                self.require_room(layer)
                private(place.parent)
                here.rename(place)
        return self.get(layer, sha256)

    def _said(self, layer: str) -> dict[str, Any]:
        return read_json(self._root / layer / "layer.json") or {}

    def _read(self, root: Path, layer: str) -> tuple[Version, ...]:
        said, found = self._said(layer), []
        title, colour = str(said.get("title", "")), str(said.get("colour", ""))
        for sha256 in _names(root / layer, _SHA):
            folder = root / layer / sha256
            record = read_json(folder / "record.json")
            if record is None:  # moved away meanwhile
                continue
            added = datetime.fromisoformat(record["added"]).astimezone(UTC)
            found.append(Version(layer, sha256, folder, str(record["name"]), title, colour, added))
        return tuple(sorted(found, key=lambda one: (one.added, one.sha256), reverse=True))

    def _tidy(self, now: datetime) -> None:
        """Forget what was removed long ago, and what was staged by a process that is gone."""
        oldest = (now - timedelta(days=KEPT_DAYS)).timestamp()
        for folder in self._removed.glob("*/*"):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        for left in self._root.glob("*/.*"):
            if left.parent != self._removed and left.stat().st_mtime < time.time() - _STALE_S:
                shutil.rmtree(left, ignore_errors=True)


def new_free_id() -> str:
    """Return the id of a new layer of the office's own making."""
    return FREE + secrets.token_hex(4)


def _names(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if path.is_dir() and pattern.fullmatch(path.name))


def _require(text: str, pattern: re.Pattern[str]) -> str:
    """Return a name of a layer or a version; no path is built from anything else."""
    if not pattern.fullmatch(text):
        raise NotFoundError("no_office_layer")
    return text
