"""What the pages of fires share: the store of detections, opened when first asked for, and their tiles.

The tiles are brought up to the store by one thread in the background. Whoever looks is served what is there,
and waits a moment for what was just added.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial
from logging import Logger
from pathlib import Path

import pyarrow as pa

from geoaq.flows.fires.bearings import bearings_of
from geoaq.store.fires.spans import changed_days, shown_days, span
from geoaq.store.fires.store import FireStore
from geoaq.tiles.fires import Days, Store, fire_folder, fire_source, token_of, update
from geoaq.tiles.points import PointSource
from web.fire_choice import FireChoice, Shown

# What a tile needs of a pixel.
_COLUMNS = [
    "satellite", "kind", "acquired", "lon", "lat", "scan_km", "track_km", "frp_mw", "confidence", "key",
]  # fmt: skip
_JUDGED = ["class", "adcode"]
#: How long an answer waits for what was just added, seconds.
WAIT_S = 1.0


class FireRoom:
    """The fires of one installation.

    Parameters
    ----------
    data
        The folder of all state.
    facts
        ``layers/data``.
    logger
        Told why tiles could not be made.
    demonstration
        While the office's store is empty, the one of the demonstration is shown where there is one.
    """

    def __init__(self, data: Path, facts: Path, logger: Logger, *, demonstration: bool = False) -> None:
        self._data, self._facts, self._logger = data, facts, logger
        self._choice = FireChoice(data, demonstration=demonstration)
        self._starting = threading.Lock()
        self._work: threading.Thread | None = None
        self._failed = ""

    @property
    def store(self) -> FireStore:
        """Return the open store that is shown."""
        return self._choice.shown().store

    @property
    def own(self) -> FireStore:
        """Return the open store of the office: its zones and permits are never those of a demonstration."""
        return self._choice.own()

    @property
    def demonstration(self) -> bool:
        """Say whether what is shown is the demonstration, and nothing of the office."""
        return self._choice.shown().demonstration

    @property
    def judged(self) -> bool:
        """Say whether any pixel of what is shown was ever judged: before that there are no events."""
        return not span(self.store.engine).token.endswith("j0")

    def tiles(self) -> PointSource:
        """Return the pixels as tiles have them now."""
        return fire_source(_folder(self._choice.shown()))

    def current(self, wait_s: float = WAIT_S) -> tuple[PointSource, bool]:
        """Return the pixels, brought up to the store if that takes no longer than a moment.

        Returns
        -------
        source, whole
            What there is, and whether the store holds nothing else.
        """
        token = span(self.store.engine).token
        source = self.tiles()
        if token_of(source) == token:
            return source, True
        if token != self._failed:
            self._started().join(wait_s)
        source = self.tiles()
        return source, token_of(source) == token

    def pixels(self, day: int) -> Iterable[pa.Table]:
        """Give the pixels of a UTC day with all that is known of them, source by source."""
        return shown_days(self.store, day, day + 1)

    def close(self) -> None:
        """Wait for the work that is under way, and close the store."""
        with self._starting:
            work = self._work
        if work is not None:
            work.join()
        self._choice.close()

    def _started(self) -> threading.Thread:
        with self._starting:
            if self._work is None or not self._work.is_alive():
                # A daemon: a server that is told to end does not wait for what can be made again.
                self._work = threading.Thread(target=self._update, name="fire tiles", daemon=True)
                self._work.start()
            return self._work

    def _update(self) -> None:
        shown = self._choice.shown()
        store = shown.store
        try:
            update(_folder(shown), lambda known: self._state(store, known))
        except Exception:
            # Asked again when the store has changed; until then what is there is served.
            self._failed = span(store.engine).token
            self._logger.exception("the tiles of fire pixels could not be brought up to date")

    def _state(self, store: FireStore, known: str) -> Store:
        now = span(store.engine)
        days = None if now.first is None or now.last is None else Days(now.first, now.last + 1)
        changed = changed_days(store.engine, known)
        tables = partial(shown_days, store, columns=_COLUMNS, more=_JUDGED)
        return Store(now.token, days, changed, tables, bearings_of(self._facts))


def _folder(shown: Shown) -> Path:
    return fire_folder(shown.data / "cache" / "tiles")
