"""Counties cut into small squares, so that a footprint is not put to a line of ten thousand corners."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.fires.footprints import Geometries

# Sides of squares, and how far their pieces reach beyond them: more than half of a footprint of a polar
# orbiter at the edge of its swath, and of one below it.
_SIDES_DEG, _BEYOND_DEG = (0.1, 0.02), (0.05, 0.01)
_KEPT = 40_000
Rows = npt.NDArray[np.intp]
Cells = npt.NDArray[np.int64]
Boxes = npt.NDArray[np.float64]
Pairs = tuple[Rows, Rows, Geometries]


class Pieces:
    """What of each polygon lies in a square; squares are cut when they are asked for, and kept.

    Parameters
    ----------
    polygons
        Gives the polygons, shape (m,), valid, WGS 84; asked once.
    """

    def __init__(self, polygons: Callable[[], Geometries]) -> None:
        self._polygons = polygons
        self._tree: shapely.STRtree | None = None
        self._kept: dict[tuple[int, int, int], tuple[npt.NDArray[np.intp], Geometries]] = {}

    def shares(self, footprints: Geometries) -> pd.DataFrame:
        """Return what `geoaq.fires.attribution.shares` returns for these polygons, in any order.

        Parameters
        ----------
        footprints
            Shape (n,), none of them None.
        """
        bounds = shapely.bounds(footprints)
        left = np.arange(len(footprints))
        parts = []
        for size in reversed(range(len(_SIDES_DEG))):
            pairs, fitting = self._within(size, bounds, left)
            parts.append(pairs)
            left = left[~fitting]
        far, whole = self._index().query(footprints[left], predicate="intersects")
        parts.append((left[far], whole, self._index().geometries[whole]))
        pixel, area, pieces = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        found = shapely.area(shapely.intersection(footprints[pixel], pieces))
        share = np.minimum(found / shapely.area(footprints)[pixel], 1.0)
        table = pd.DataFrame({"pixel": pixel, "area": area, "share": share})
        return table[table["share"] > 0.0]

    def _within(self, size: int, bounds: Boxes, rows: Rows) -> tuple[Pairs, npt.NDArray[np.bool_]]:
        """Return pairs of footprints and pieces, of the footprints that fit a square of a size; which do."""
        side, beyond = _SIDES_DEG[size], _BEYOND_DEG[size]
        west, south, east, north = bounds[rows].T
        column = np.floor((west + east) / 2.0 / side).astype(np.int64)
        row = np.floor((south + north) / 2.0 / side).astype(np.int64)
        inside = (west >= column * side - beyond) & (south >= row * side - beyond)
        inside &= (east <= (column + 1) * side + beyond) & (north <= (row + 1) * side + beyond)
        place = np.flatnonzero(inside)
        pixel, area, piece = self._beside(size, column, row, place)
        pixel = rows[pixel]
        # Boxes that do not meet have nothing in common.
        one, other = bounds[pixel].T, shapely.bounds(piece).reshape(-1, 4).T
        meet = (one[0] <= other[2]) & (one[2] >= other[0]) & (one[1] <= other[3]) & (one[3] >= other[1])
        return (pixel[meet], area[meet], piece[meet]), inside

    def _beside(self, size: int, column: Cells, row: Cells, rows: Rows) -> Pairs:
        """Return pairs of pixels and pieces of their square: pixel, polygon, piece."""
        if not len(rows):
            return rows, rows, np.empty(0, object)
        order = rows[np.lexsort((row[rows], column[rows]))]
        new = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
        starts = np.flatnonzero(np.append(True, new))
        parts: list[Pairs] = []
        for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
            some = order[begin:end]
            areas, pieces = self._square(size, int(column[some[0]]), int(row[some[0]]))
            parts.append((np.repeat(some, len(areas)), np.tile(areas, len(some)), np.tile(pieces, len(some))))
        pixel, area, piece = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return pixel, area, piece

    def _square(self, size: int, column: int, row: int) -> tuple[npt.NDArray[np.intp], Geometries]:
        """Return the polygons that reach into a square, and what of each does."""
        found = self._kept.get((size, column, row))
        if found is None:
            side, beyond = _SIDES_DEG[size], _BEYOND_DEG[size]
            west, south = column * side - beyond, row * side - beyond
            box = shapely.box(west, south, west + side + 2.0 * beyond, south + side + 2.0 * beyond)
            if size == 0:
                areas = np.sort(self._index().query(box, predicate="intersects"))
                pieces = self._index().geometries[areas]
            else:
                # With what is beyond it, a small square lies in the large one that holds its middle.
                middle = (column + 0.5) * side, (row + 0.5) * side
                areas, pieces = self._square(0, *(int(np.floor(one / _SIDES_DEG[0])) for one in middle))
            pieces = shapely.intersection(pieces, box)
            there = ~shapely.is_empty(pieces)
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[(size, column, row)] = (areas[there], pieces[there])
        return found

    def _index(self) -> shapely.STRtree:
        if self._tree is None:
            self._tree = shapely.STRtree(self._polygons())
        return self._tree
