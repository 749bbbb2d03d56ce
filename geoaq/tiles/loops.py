"""The loop over long runs of points. Imported on use only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.tiles.mercator import Keys
from geoaq.tiles.segments import Codes, Names, Times

compiled = compiler(("geoaq.tiles.loops",))
_CELL_MASK = np.uint64(4095)


@compiled
def long_run(
    key: Keys,
    time: Times,
    codes: Codes,
    start: int,
    stop: int,
    first: np.uint64,
    last: np.uint64,
    since: int,
    until: int,
    spatial: bool,
    names: Names,
    among: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
    words: npt.NDArray[np.bool_],
    shift: np.uint64,
    strongest: int,
    counts: npt.NDArray[np.int64],
    lowest: Codes,
    places: npt.NDArray[np.int64],
) -> int:
    """Count the points asked for, by cell, with the lowest code; write where the first stand; see `run`."""
    found = 0
    for i in range(start, stop):
        if spatial:
            if time[i] < since or time[i] >= until:
                continue
        elif key[i] < first or key[i] > last:
            continue
        if among.size and not among[names[i]]:
            continue
        wanted = True
        for m in range(rows.size):
            if not words[m, codes[rows[m], i]]:
                wanted = False
                break
        if not wanted:
            continue
        cell = np.int64((key[i] >> shift) & _CELL_MASK)
        counts[cell] += 1
        lowest[cell] = min(lowest[cell], codes[strongest, i])
        if found < places.size:
            places[found] = i
        found += 1
    return found
