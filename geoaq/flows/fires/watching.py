"""A scene that is watched while a detector goes through it: what its pictures need is noted on the way."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from geoaq.fires.detection import Resampled
from geoaq.fires.detection.gridding import EMPTY, Extent, as_bytes
from geoaq.frames.scenes import Doubles, Marks, Scene, ScenePlaces, SceneRows, Singles


@runtime_checkable
class Placing(Protocol):
    """A scene that gives places without the angles under which they were seen, which takes less."""

    def lon_lat(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """Return longitudes and latitudes of some rows, degrees WGS 84."""


class WatchedScene:
    """A scene like the one it is made of.

    Parameters
    ----------
    scene
        The scene.

    Attributes
    ----------
    t4
        Brightness temperature near 4 µm as bytes of a picture, shape (rows, columns), `EMPTY` where none was
        asked for yet.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.t4: Marks = np.full((scene.rows, scene.columns), EMPTY, np.uint8)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self._scene.rows

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self._scene.columns

    @property
    def satellite(self) -> str:
        """The satellite's name."""
        return self._scene.satellite

    @property
    def swath(self) -> bool:
        """Whether rows are lines of the scan."""
        return self._scene.swath

    @property
    def frp_band(self) -> bool:
        """Whether `moderate` gives a band."""
        return self._scene.frp_band

    def bands(self, start: int, stop: int) -> SceneRows:
        """Return what was seen in some rows, and note it."""
        seen = self._scene.bands(start, stop)
        self.t4[start:stop] = as_bytes(seen.t4)
        return seen

    def places(self, start: int, stop: int) -> ScenePlaces:
        """Return where some rows lie."""
        return self._scene.places(start, stop)

    def lon_lat(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """Return longitudes and latitudes of some rows."""
        if isinstance(self._scene, Placing):
            return self._scene.lon_lat(start, stop)
        places = self.places(start, stop)
        return places.lon, places.lat

    def times(self, start: int, stop: int) -> Doubles:
        """Return when some rows were seen."""
        return self._scene.times(start, stop)

    def moderate(self, start: int, stop: int) -> Singles | None:
        """Return the coarse pixels that hold some rows."""
        return self._scene.moderate(start, stop)

    def source(self, start: int, stop: int) -> tuple[Singles, Singles] | None:
        """Return line and sample in the swath of some rows of a map, where the scene knows them."""
        return self._scene.source(start, stop) if isinstance(self._scene, Resampled) else None

    def extent(self, side: int) -> Extent:
        """Go through all places, so many rows at a time, and return the box around them."""
        found = Extent()
        for start in range(0, self.rows, side):
            found.add(*self.lon_lat(start, min(start + side, self.rows)))
        return found
