"""Going over the pixels of a swath and the cells that each may reach, compiled. Imported on use only."""

from __future__ import annotations

import numpy as np

from geoaq.compiler import compiler
from geoaq.frames.scenes import BOW_TIE, NOT_PROCESSED, Doubles, Marks

compiled = compiler(("geoaq.fires.detection.gridding_loops", "geoaq.frames.scenes"))
_EMPTY = 255
# A footprint reaches so many cells from its centre at most; distances are kept in so many parts of a cell.
_REACH = 8.0
_PARTS = 16.0


@compiled
def draw(
    x: Doubles,
    y: Doubles,
    mask: Marks,
    t4: Marks,
    first: int,
    last: int,
    codes: Marks,
    bytes4: Marks,
    near: Marks,
) -> None:
    """Give each cell the nearest of the pixels whose footprints may reach it.

    Parameters
    ----------
    x, y
        Centres in cells from the north-west corner, shape (rows, columns), NaN without a place.
    mask, t4
        What the pixels are, same shape.
    first, last
        The rows that are drawn.
    codes, bytes4, near
        The map: codes, temperatures, distance of the centre taken so far; changed.
    """
    high, wide = codes.shape
    for i in range(first, last):
        for j in range(x.shape[1]):
            code, byte = mask[i, j], t4[i, j]
            if byte == _EMPTY and code in (NOT_PROCESSED, BOW_TIE):
                continue
            here_x, here_y = x[i, j], y[i, j]
            if not (np.isfinite(here_x) and np.isfinite(here_y)):
                continue
            reach_x, reach_y = _reach(x, i, j), _reach(y, i, j)
            top, bottom = max(0, int(np.floor(here_y - reach_y))), min(high, int(here_y + reach_y) + 1)
            left, right = max(0, int(np.floor(here_x - reach_x))), min(wide, int(here_x + reach_x) + 1)
            for row in range(top, bottom):
                for column in range(left, right):
                    off_x, off_y = column + 0.5 - here_x, row + 0.5 - here_y
                    if abs(off_x) > reach_x or abs(off_y) > reach_y:
                        continue
                    far = min(_EMPTY - 1, int(_PARTS * np.sqrt(off_x * off_x + off_y * off_y)))
                    if far < near[row, column]:
                        near[row, column] = far
                        codes[row, column] = code
                        bytes4[row, column] = byte


@compiled
def _reach(at: Doubles, i: int, j: int) -> float:
    """Return how far the footprint of a pixel may reach along one axis, in cells.

    Half way to the farther neighbour of its column and of its row; one without a place says nothing.
    """
    rows, columns = at.shape
    here = at[i, j]
    down, across = 0.0, 0.0
    for side in (-1, 1):
        if 0 <= i + side < rows and abs(at[i + side, j] - here) > down:
            down = abs(at[i + side, j] - here)
        if 0 <= j + side < columns and abs(at[i, j + side] - here) > across:
            across = abs(at[i, j + side] - here)
    return min((down + across) / 2 + 0.5, _REACH)
