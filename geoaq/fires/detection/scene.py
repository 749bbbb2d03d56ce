"""A scene that was resampled, and a scene of arrays in memory."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from geoaq.frames.scenes import Doubles, ScenePlaces, SceneRows, Singles


@runtime_checkable
class Resampled(Protocol):
    """A scene on a map that knows which pixel of the swath each cell shows."""

    def source(self, start: int, stop: int) -> tuple[Singles, Singles] | None:
        """Return line and sample in the swath of the cells of some rows, NaN for none; None: not known."""


class ArrayScene:
    """A scene of whole arrays in memory.

    Parameters
    ----------
    seen
        Bands of all rows, shape (rows, columns).
    where
        Places of all rows.
    acquired
        Seconds since 1970 UTC, shape (rows,).
    coarse
        Radiance of the coarse pixels, shape (rows / 2, columns / 2), or None.
    satellite, swath
        As in `geoaq.frames.scenes.Scene`.
    """

    def __init__(
        self,
        seen: SceneRows,
        where: ScenePlaces,
        acquired: Doubles,
        coarse: Singles | None = None,
        *,
        satellite: str,
        swath: bool = True,
    ) -> None:
        self._seen, self._where, self._acquired, self._coarse = seen, where, acquired, coarse
        self.rows, self.columns = seen.t4.shape
        self.satellite, self.swath, self.frp_band = satellite, swath, coarse is not None

    def bands(self, start: int, stop: int) -> SceneRows:
        """Return the rows as views."""
        return SceneRows._make(None if band is None else band[start:stop] for band in self._seen)

    def places(self, start: int, stop: int) -> ScenePlaces:
        """Return the places of the rows as views."""
        return ScenePlaces._make(array[start:stop] for array in self._where)

    def times(self, start: int, stop: int) -> Doubles:
        """Return the times of the rows."""
        return self._acquired[start:stop]

    def moderate(self, start: int, stop: int) -> Singles | None:
        """Return the coarse pixels of the rows."""
        return None if self._coarse is None else self._coarse[start // 2 : (stop + 1) // 2]
