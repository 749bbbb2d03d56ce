"""Storage limits: how much room the screenings have, shown on the page and asked before an upload is kept."""

from __future__ import annotations

from dataclasses import dataclass

from geoaq.errors import LimitError
from geoaq.report.numbers import grouped
from geoaq.store.room import Room
from web.settings import Settings

_GB = 1_000_000_000
_MB = 1_000_000


class FullError(LimitError):
    """There is no room for another screening."""


@dataclass(frozen=True)
class Filled:
    """How full it is.

    Attributes
    ----------
    used, trash
        Bytes that the screenings take, and those of them in the trash.
    limit
        Bytes that they may take; 0: no limit.
    whole
        False: ``used`` is a lower bound.
    full
        No other screening is taken in.
    """

    used: int
    trash: int
    limit: int
    whole: bool
    full: bool


class Space:
    """The room that an installation gives its screenings.

    Parameters
    ----------
    settings
        The folder of state and its limits.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._room = Room(settings.data)

    def filled(self) -> Filled:
        """Return how full it is; the answer is some seconds old at most."""
        used, limit = self._room.used(), round(self._settings.storage_gb * _GB)
        over = bool(limit) and used.bytes >= limit
        return Filled(used.bytes, used.trash, limit, used.whole, over or used.free < self._spare)

    def require(self) -> None:
        """Refuse another screening where there is no room for it.

        Raises
        ------
        FullError
            ``storage_full``: the screenings take what they may; ``disk_nearly_full``: the disk has less left
            than is kept free on it.
        """
        used, limit = self._room.used(), round(self._settings.storage_gb * _GB)
        if limit and used.bytes >= limit:
            raise FullError("storage_full", used=size_text(used.bytes), limit=size_text(limit))
        if used.free < self._spare:
            spare = size_text(self._spare)
            raise FullError("disk_nearly_full", free=size_text(used.free), spare=spare)

    def forget(self) -> None:
        """Look again at the next question."""
        self._room.forget()

    @property
    def _spare(self) -> int:
        return self._settings.disk_spare_mb * _MB


def size_text(size: int) -> str:
    """Return a number of bytes as it is shown.

    Examples
    --------
    >>> size_text(1_500_000_000), size_text(2_340_000), size_text(900)
    ('1.5 GB', '2.3 MB', '0.9 kB')
    """
    for unit, width in (("GB", _GB), ("MB", _MB)):
        if size >= width:
            return f"{grouped(size / width, 1)} {unit}"
    return f"{grouped(size / 1000, 1)} kB"
