"""Counties cut into small squares, so that a footprint is not put to a line of ten thousand corners."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.fires.footprints import Geometries

# Side of a square, and how far its pieces reach beyond it: more than half of a footprint of a polar orbiter.
_SIDE_DEG, _BEYOND_DEG = 0.1, 0.05
_KEPT = 40_000


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
        self._kept: dict[tuple[int, int], tuple[npt.NDArray[np.intp], Geometries]] = {}

    def shares(self, footprints: Geometries) -> pd.DataFrame:
        """Return what `geoaq.fires.attribution.shares` returns for these polygons, in any order.

        Parameters
        ----------
        footprints
            Shape (n,), none of them None.
        """
        west, south, east, north = shapely.bounds(footprints).T
        column = np.floor((west + east) / 2.0 / _SIDE_DEG).astype(np.int64)
        row = np.floor((south + north) / 2.0 / _SIDE_DEG).astype(np.int64)
        inside = (west >= column * _SIDE_DEG - _BEYOND_DEG) & (south >= row * _SIDE_DEG - _BEYOND_DEG)
        inside &= (east <= (column + 1) * _SIDE_DEG + _BEYOND_DEG) & (
            north <= (row + 1) * _SIDE_DEG + _BEYOND_DEG
        )
        pixel, area, pieces = self._beside(column, row, np.flatnonzero(inside))
        large = np.flatnonzero(~inside)
        far, whole = self._index().query(footprints[large], predicate="intersects")
        pixel = np.concatenate([pixel, large[far]])
        area = np.concatenate([area, whole])
        pieces = np.concatenate([pieces, self._index().geometries[whole]])
        found = shapely.area(shapely.intersection(footprints[pixel], pieces))
        share = np.minimum(found / shapely.area(footprints)[pixel], 1.0)
        table = pd.DataFrame({"pixel": pixel, "area": area, "share": share})
        return table[table["share"] > 0.0]

    def _beside(
        self, column: npt.NDArray[np.int64], row: npt.NDArray[np.int64], rows: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Geometries]:
        """Return pairs of pixels and pieces of their square: pixel, polygon, piece."""
        order = rows[np.lexsort((row[rows], column[rows]))]
        new = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
        starts = np.flatnonzero(np.append(True, new)[: len(order)])
        parts: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Geometries]] = []
        for begin, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
            some = order[begin:end]
            areas, pieces = self._square(int(column[some[0]]), int(row[some[0]]))
            parts.append((np.repeat(some, len(areas)), np.tile(areas, len(some)), np.tile(pieces, len(some))))
        if not parts:
            none = np.empty(0, np.intp)
            return none, none, np.empty(0, object)
        pixel, area, piece = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return pixel, area, piece

    def _square(self, column: int, row: int) -> tuple[npt.NDArray[np.intp], Geometries]:
        """Return the polygons that reach into a square, and what of each does."""
        found = self._kept.get((column, row))
        if found is None:
            west, south = column * _SIDE_DEG - _BEYOND_DEG, row * _SIDE_DEG - _BEYOND_DEG
            wide = _SIDE_DEG + 2.0 * _BEYOND_DEG
            box = shapely.box(west, south, west + wide, south + wide)
            areas = np.sort(self._index().query(box, predicate="intersects"))
            pieces = shapely.intersection(self._index().geometries[areas], box)
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[(column, row)] = (areas, pieces)
        return found

    def _index(self) -> shapely.STRtree:
        if self._tree is None:
            self._tree = shapely.STRtree(self._polygons())
        return self._tree
