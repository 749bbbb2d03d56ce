"""A swath laid out on a map, for pictures only: what was found was found in the swath, and is never moved.

Each cell of the map takes the pixel whose centre is nearest among those whose footprint may reach it (forward
gridding, so that neither the overlap of scans nor the wide pixels at the edge of a swath leave holes). Fires
come last and are never lost: the cell that holds the centre of a fire pixel bears its class, or that of a
surer one in the same cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.frames.scenes import HIGH, LOW, NOMINAL, Doubles, Marks

#: A cell that no pixel reaches.
EMPTY = 255
#: Byte = (K - 230) / 0.5: 230 K to 357 K are told apart by half a degree; beyond, the nearest of them.
T4_FROM_K, T4_STEP_K = 230.0, 0.5
# More cells than this would be more than a picture needs: their side grows instead.
_MOST_CELLS = 30_000_000
# The smallest and the largest side of a cell, degrees: 100 m and 11 km.
_SIDES = (0.001, 0.1)


class MapGrid(NamedTuple):
    """Square cells of a map in degrees WGS 84, rows from the north; the east may lie beyond 180°.

    Attributes
    ----------
    west, north
        The north-west corner.
    cell
        Side of a cell.
    rows, columns
        How many there are.
    """

    west: float
    north: float
    cell: float
    rows: int
    columns: int


class Extent:
    """The box around pixels that come block by block, and how far neighbours lie from each other.

    Longitudes are counted on from the first one, so that a swath across 180° is one piece.
    """

    def __init__(self) -> None:
        self._middle: float | None = None
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)
        self._steps: list[float] = []

    @property
    def empty(self) -> bool:
        """Say that no pixel had a place."""
        return self._middle is None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the centres, degrees; the east may lie beyond 180°."""
        west, south, east, north = (*self._low.tolist(), *self._high.tolist())
        return west + self._turn, south, east + self._turn, north

    def add(self, lon: Doubles, lat: Doubles) -> None:
        """Take in a block of rows; pixels without a place are left out."""
        there = np.isfinite(lon) & np.isfinite(lat)
        if not there.any():
            return
        if self._middle is None:
            self._middle = float(lon[there][0])
        turned = self._near(lon)
        for place, values in enumerate((turned[there], lat[there])):
            self._low[place] = min(self._low[place], values.min())
            self._high[place] = max(self._high[place], values.max())
        # One row tells how close neighbours are.
        row = np.argmax(there.sum(axis=1))
        along = np.diff(turned[row]) * np.cos(np.radians(lat[row, 1:]))
        steps = np.hypot(along, np.diff(lat[row]))
        if np.isfinite(steps).any():
            self._steps.append(float(np.nanpercentile(steps, 5)))

    def turned(self, lon: Doubles) -> Doubles:
        """Return longitudes as the box counts them: on from the west, beyond 180° rather than below -180°."""
        return self._near(lon) + self._turn

    @property
    def _turn(self) -> float:
        return 360.0 if self._low[0] < -180.0 else 0.0

    def _near(self, lon: Doubles) -> Doubles:
        """Return longitudes within half a turn of the first one that came."""
        middle = self._middle or 0.0
        return np.asarray((lon - middle + 180.0) % 360.0 - 180.0 + middle)

    def grid(self, most_cells: int = _MOST_CELLS) -> MapGrid:
        """Return cells as wide as the closest pixels, or wider where they would be too many.

        Raises
        ------
        ValueError
            No pixel had a place.
        """
        if self.empty:
            raise ValueError("no pixel has a place")
        step = float(np.median(self._steps)) if self._steps else _SIDES[0]
        width, height = (self._high - self._low).tolist()
        cell = min(max(step, _SIDES[0]), _SIDES[1])
        cell = max(cell, math.sqrt((width + 3 * cell) * (height + 3 * cell) / most_cells))
        cell = math.ceil(cell * 1e5) / 1e5
        west, south = (math.floor(edge / cell) - 1 for edge in self.box[:2])
        east, north = (math.floor(edge / cell) + 2 for edge in self.box[2:])
        return MapGrid(west * cell, north * cell, cell, north - south, east - west)


class MapCanvas:
    """Two pictures of one scene on one grid, filled block by block of the swath.

    Parameters
    ----------
    grid
        Its cells.
    extent
        What the grid was made of.

    Attributes
    ----------
    mask, t4
        Code of the mask, and brightness temperature near 4 µm as `as_bytes` gives it; `EMPTY` where nothing
        was seen; shape (rows, columns) of the grid.
    """

    def __init__(self, grid: MapGrid, extent: Extent) -> None:
        self.grid = grid
        self._extent = extent
        shape = (grid.rows, grid.columns)
        self.mask: Marks = np.full(shape, EMPTY, np.uint8)
        self.t4: Marks = np.full(shape, EMPTY, np.uint8)
        self._near: Marks = np.full(shape, EMPTY, np.uint8)

    def draw(self, lon: Doubles, lat: Doubles, mask: Marks, t4: Marks, inner: slice) -> None:
        """Draw some rows of the swath.

        Parameters
        ----------
        lon, lat
            Degrees, shape (rows, columns), with one row more on each side where the swath goes on: a
            footprint reaches half way to its neighbours.
        mask, t4
            Codes and temperatures as bytes, same shape.
        inner
            The rows of them that are drawn.
        """
        from geoaq.fires.detection.gridding_loops import draw

        first, last, _ = inner.indices(len(lon))
        draw(*self._cells(lon, lat), mask, t4, first, last, self.mask, self.t4, self._near)

    def keep_fires(self, lon: Doubles, lat: Doubles, codes: Marks, t4: Marks) -> None:
        """Put fire pixels where their centres lie, the surest last; shape (n,) each."""
        x, y = (np.floor(each).astype(np.int64) for each in self._cells(lon, lat))
        for code in (LOW, NOMINAL, HIGH):
            some = codes == code
            surer = self.mask[y[some], x[some]]
            some[some] = (surer < code) | (surer == EMPTY)
            self.mask[y[some], x[some]] = code
            self.t4[y[some], x[some]] = t4[some]

    def finish(self) -> None:
        """Let go of what only drawing needs; nothing can be drawn afterwards."""
        self._near = np.empty((0, 0), np.uint8)

    def _cells(self, lon: Doubles, lat: Doubles) -> tuple[Doubles, Doubles]:
        """Return places in cells from the north-west corner: to the east, to the south."""
        grid = self.grid
        x = (self._extent.turned(lon) - grid.west) / grid.cell
        return np.ascontiguousarray(x), np.ascontiguousarray((grid.north - lat) / grid.cell)


def as_bytes(t4_k: npt.NDArray[np.floating]) -> Marks:
    """Return temperatures as bytes of a picture, `EMPTY` for none.

    Examples
    --------
    >>> as_bytes(np.array([np.nan, 200.0, 230.0, 300.2, 367.0])).tolist()
    [255, 0, 0, 140, 254]
    """
    steps = np.clip(np.rint((t4_k - T4_FROM_K) / T4_STEP_K), 0, EMPTY - 1)
    return np.where(np.isnan(steps), EMPTY, steps).astype(np.uint8)


def row_blocks(rows: int, side: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield blocks of rows: first and last to draw, and first and last to read (one more on each side).

    Examples
    --------
    >>> list(row_blocks(5, 2))
    [(0, 2, 0, 3), (2, 4, 1, 5), (4, 5, 3, 5)]
    """
    for start in range(0, rows, side):
        stop = min(start + side, rows)
        yield start, stop, max(start - 1, 0), min(stop + 1, rows)
