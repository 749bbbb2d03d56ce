"""What is noted of fetching from FIRMS: of each sensor the last attempt, the last success, the day reached.

One small file beside the store, ``GEOAQ_DATA/fires/feed.json``. It can be lost: more is fetched then than
need be, and what is in the store already is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from geoaq.store.fires.folder import flush
from geoaq.store.place import private, read_json, write_json


@dataclass(frozen=True)
class Noted:
    """What is noted of one sensor.

    Attributes
    ----------
    tried, succeeded
        When it was last asked for, and when last all of it came, seconds since 1970 UTC by the clock of this
        machine; None: never.
    reached
        The last UTC day of which all came, ``YYYY-MM-DD``; ``""``: none.
    way
        How it came last: ``area`` (with a key), ``bulk`` (without), ``""``.
    rows
        Detections in what came last.
    code, params
        What went wrong at the last attempt: an error of the catalogue; ``""`` when nothing did.
    """

    tried: int | None = None
    succeeded: int | None = None
    reached: str = ""
    way: str = ""
    rows: int = 0
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def day(self) -> date | None:
        """Return `reached` as a day; None when there is none."""
        try:
            return date.fromisoformat(self.reached)
        except ValueError:
            return None


class FeedLog:
    """The notes of one ``GEOAQ_DATA`` folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "fires" / "feed.json"

    def read(self) -> dict[str, Noted]:
        """Return what is noted, by sensor; what cannot be read is not there."""
        found = read_json(self._path) or {}
        return {
            str(sensor): Noted(**{name: noted[name] for name in Noted.__dataclass_fields__ if name in noted})
            for sensor, noted in found.items()
            if isinstance(noted, dict)
        }

    def note(self, sensor: str, noted: Noted) -> None:
        """Replace what is noted of a sensor; the caller lets nobody else fetch meanwhile."""
        private(self._path.parent)
        notes = {name: asdict(one) for name, one in (self.read() | {sensor: noted}).items()}
        write_json(self._path, notes)
        flush(self._path, self._path.parent)
