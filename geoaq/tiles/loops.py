"""Going through the points of a large source, compiled. Imported on use only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.tiles.mercator import Keys, Units
from geoaq.tiles.segments import Codes, Names, Places, Times

compiled = compiler(("geoaq.tiles.loops",))
_ONE = np.uint64(1)
_CELL_MASK = np.uint64(4095)
# Going through a span of time is followed by looking ids up in the other order.
_TIME_PAYS = 0.7


@compiled
def pick(
    space_key: Keys,
    space_time: Times,
    space_codes: Codes,
    space_names: Names,
    time_key: Keys,
    time_time: Times,
    time_codes: Codes,
    time_at: Places,
    first: np.uint64,
    last: np.uint64,
    since: int,
    until: int,
    by_time: bool,
    timed: bool,
    among: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.intp],
    words: npt.NDArray[np.bool_],
    zoom: int,
    strongest: int,
    counts: npt.NDArray[np.int64],
    lowest: Codes,
    taken: int,
    x: Units,
    y: Units,
    ids: Names,
    times: Times,
    codes: Codes,
) -> int:
    """Add what one segment holds of the asked: to the counts of cells, and as it is while there is room.

    Parameters
    ----------
    space_key, space_time, space_codes, space_names, time_key, time_time, time_codes, time_at
        The segment in its two orders.
    first, last, since, until, among, rows, words, strongest
        As `geoaq.tiles.scan.Asked`; ``by_time`` says whether the order of
        time may be gone through, ``timed`` whether time matters.
    zoom
        Of the tile.
    counts, lowest
        By cell in Morton order: how many, and the lowest code of the column ``strongest``.
    taken
        How many there are in the arrays that follow.
    x, y, ids, times, codes
        Of each point, in arrays that hold as many as can be drawn singly.

    Returns
    -------
    int
        How many were found.
    """
    cell_shift = np.uint64(52 - 2 * zoom)
    start, stop = _lower(space_key, first), _upper(space_key, last)
    if by_time:
        early, late = _lower(time_time, since), _lower(time_time, until)
        by_time = late - early < _TIME_PAYS * (stop - start)
    if by_time:
        start, stop, key, code = early, late, time_key, time_codes
    else:
        key, code = space_key, space_codes
    found = 0
    for i in range(start, stop):
        here = key[i]
        if by_time:
            wanted = first <= here <= last
        else:
            wanted = not timed or since <= space_time[i] < until
            if wanted and among.size:
                wanted = among[space_names[i]]
        for m in range(rows.size):
            wanted = wanted and words[m, code[rows[m], i]]
        if not wanted:
            continue
        cell = np.int64((here >> cell_shift) & _CELL_MASK)
        counts[cell] += 1
        lowest[cell] = min(lowest[cell], code[strongest, i])
        at = taken + found
        found += 1
        if at < x.size:
            x[at] = _unit(here, zoom)
            y[at] = _unit(here >> _ONE, zoom)
            place = np.int64(time_at[i]) if by_time else i
            ids[at] = space_names[place]
            times[at] = space_time[place]
            for m in range(code.shape[0]):
                codes[m, at] = code[m, i]
    return found


@compiled
def _lower(values: npt.NDArray[np.uint64] | Times, wanted: int | np.uint64) -> int:
    """Return how many of ascending values are less than one."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _upper(values: npt.NDArray[np.uint64], wanted: np.uint64) -> int:
    """Return how many of ascending values are not more than one."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] <= wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _unit(key: np.uint64, zoom: int) -> np.uint32:
    """Return the even bits of a key, as units of a tile."""
    bits = key & np.uint64(0x5555555555555555)
    bits = (bits | (bits >> _ONE)) & np.uint64(0x3333333333333333)
    bits = (bits | (bits >> np.uint64(2))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    bits = (bits | (bits >> np.uint64(4))) & np.uint64(0x00FF00FF00FF00FF)
    bits = (bits | (bits >> np.uint64(8))) & np.uint64(0x0000FFFF0000FFFF)
    bits = (bits | (bits >> np.uint64(16))) & np.uint64(0x00000000FFFFFFFF)
    return np.uint32((bits >> np.uint64(20 - zoom)) & _CELL_MASK)
