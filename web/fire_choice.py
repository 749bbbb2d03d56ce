"""Which fires the pages show: the office's own or, while it has none, the demonstration; never both."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NamedTuple

from geoaq.flows.fires.demonstration import demonstration_dir, has_demonstration, open_demonstration
from geoaq.settings import database_url
from geoaq.store.fires.store import FireStore


class Shown(NamedTuple):
    """What is shown: the open store, the folder of its state, and whether it is the demonstration."""

    store: FireStore
    data: Path
    demonstration: bool


class FireChoice:
    """Chooses between the two stores of one installation, and keeps them open.

    Parameters
    ----------
    data
        The folder of all state.
    demonstration
        Whether the demonstration may be shown at all.
    """

    def __init__(self, data: Path, *, demonstration: bool) -> None:
        self._data, self._allowed = data, demonstration
        self._opening = threading.Lock()
        self._own: FireStore | None = None
        self._second: FireStore | None = None
        self._has_own = False

    def shown(self) -> Shown:
        """Return what is shown now: the office's store as soon as anything was ever taken into it."""
        with self._opening:
            own = self._opened()
            self._has_own = self._has_own or own.manifest.sequence() > 0
            if self._has_own or not self._allowed or not has_demonstration(self._data):
                return Shown(own, self._data, demonstration=False)
            if self._second is None:
                self._second = open_demonstration(self._data)
            return Shown(self._second, demonstration_dir(self._data), demonstration=True)

    def own(self) -> FireStore:
        """Return the office's own store, whichever is shown."""
        with self._opening:
            return self._opened()

    def _opened(self) -> FireStore:
        if self._own is None:
            self._own = FireStore(self._data, database_url())
        return self._own

    def close(self) -> None:
        """Close what is open."""
        with self._opening:
            for store in (self._own, self._second):
                if store is not None:
                    store.close()
            self._own = self._second = None
