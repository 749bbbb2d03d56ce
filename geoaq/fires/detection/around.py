"""The limits of a candidate by the ground around it: an exact median, or exact means. Imported on use only.

Sums down the columns follow the line of the candidates, and sums over columns follow the candidates along
their line, so that no window is read anew. A median is not even computed: it matters only whether it lies
below one temperature, and counts of coarse levels tell that for nearly all; the rest is counted pixel by
pixel. Sums of temperatures are exact in double precision (a float32 has 24 bits, a window less than 2¹⁸
pixels), so that nothing depends on the order in which pixels come.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.compiler import compiler
from geoaq.fires.detection.marks import (
    BY_DAY,
    CLOUDY,
    FIXED,
    LEVELS,
    NO_LEVEL,
    PROCESSED,
    SOURCES,
    Counts,
    Flags,
    level_of,
)
from geoaq.frames.scenes import Doubles, Marks, Singles

Bools = npt.NDArray[np.bool_]
Columns = npt.NDArray[np.int16]

compiled = compiler(("geoaq.fires.detection.around", *SOURCES))


@compiled
def first_left(state: Counts, line: int, half: int, oldest: int) -> int:
    """Say from which line on the column sums at ``state[0]`` can be moved to ``line``; -1: made anew."""
    if state[0] < 0 or line - state[0] > half or state[0] - half < oldest:
        return -1
    return int(state[0])


@compiled
def count_line(levels: Marks, line: int, sign: int, columns: Columns) -> None:
    """Add or take away the pixels of one line."""
    row = levels[line % levels.shape[0]]
    for j in range(row.size):
        if row[j] != NO_LEVEL:
            columns[j, row[j]] += sign


@compiled
def slid(
    window: Counts | Doubles, columns: Columns | Doubles, left: int, right: int, sample: int, half: int
) -> tuple[int, int]:
    """Let the sums of a window, ``left`` to ``right``, be those of the columns within ``half`` of a sample.

    Return from which column to before which the window now reaches.
    """
    begin, end = max(sample - half, 0), min(sample + half + 1, columns.shape[0])
    if begin >= right:
        window[:] = 0
        left = right = begin
    while left < begin:
        window -= columns[left]
        left += 1
    while right < end:
        window += columns[right]
        right += 1
    return left, right


@compiled
def move_counts(
    levels: Marks, columns: Columns, state: Counts, line: int, half: int, oldest: int, rows: int
) -> None:
    """Let the counts down the columns be those of the lines within ``half`` of a line."""
    at = first_left(state, line, half, oldest)
    if at < 0:
        columns[:] = 0
        for other in range(max(line - half, 0), min(line + half + 1, rows)):
            count_line(levels, other, 1, columns)
    else:
        while at < line:
            if at - half >= 0:
                count_line(levels, at - half, -1, columns)
            at += 1
            if at + half < rows:
                count_line(levels, at + half, 1, columns)
    state[0] = line


@compiled
def median_below(
    t4: Singles, levels: Marks, top: int, bottom: int, left: int, right: int, total: int, wanted: float,
    level: int, below: int,
) -> bool:  # fmt: skip
    """Say whether the median of a window is below ``wanted``, pixel by pixel.

    ``total`` pixels count in the window, ``below`` of them are of a lower level than the wanted temperature.
    """
    for line in range(top, bottom):
        row = line % levels.shape[0]
        for j in range(left, right):
            if levels[row, j] == level:
                below += int(np.float64(t4[row, j]) < wanted)
    if 2 * below != total:
        return 2 * below > total
    under, over = -np.inf, np.inf
    for line in range(top, bottom):
        row = line % levels.shape[0]
        for j in range(left, right):
            if levels[row, j] != NO_LEVEL:
                value = np.float64(t4[row, j])
                if value < wanted:
                    under = max(under, value)
                else:
                    over = min(over, value)
    return (under + over) / 2.0 < wanted


@compiled
def above_median(
    lines: Counts,
    samples: Counts,
    wanted: Doubles,
    least: int,
    half_lines: int,
    half_samples: int,
    lowest: float,
    rows: int,
    oldest: int,
    t4: Singles,
    levels: Marks,
    columns: Columns,
    state: Counts,
) -> Bools:
    """Say for each pixel whether the median around it is below ``wanted``; no where too few pixels count.

    Pixels come line by line, each from left to right. ``t4`` and ``levels`` hold line k in row k modulo their
    height, from line ``oldest`` on; ``columns`` and ``state`` are kept from call to call.
    """
    found = np.zeros(lines.size, np.bool_)
    window = np.zeros(LEVELS, np.int64)
    left = right = 0
    for i in range(lines.size):
        line = lines[i]
        if state[0] != line or i == 0:
            move_counts(levels, columns, state, line, half_lines, oldest, rows)
            window[:] = 0
            left = right = max(samples[i] - half_samples, 0)
        left, right = slid(window, columns, left, right, samples[i], half_samples)
        total = window.sum()
        if total < least:
            continue
        level = level_of(wanted[i], lowest)
        below = window[:level].sum()
        if 2 * below > total:
            found[i] = True
        elif 2 * (below + window[level]) >= total:
            top, bottom = max(line - half_lines, 0), min(line + half_lines + 1, rows)
            found[i] = median_below(t4, levels, top, bottom, left, right, total, wanted[i], level, below)
    return found


@compiled
def sum_line(t4: Singles, t11: Singles, flags: Flags, line: int, sign: int, columns: Doubles) -> None:
    """Add or take away the clear pixels by day of one line: their number, 4 µm, and the difference."""
    row = line % flags.shape[0]
    for j in range(flags.shape[1]):
        if flags[row, j] & (PROCESSED | BY_DAY | CLOUDY | FIXED) == PROCESSED | BY_DAY:
            columns[j, 0] += sign
            columns[j, 1] += sign * np.float64(t4[row, j])
            columns[j, 2] += sign * (np.float64(t4[row, j]) - np.float64(t11[row, j]))


@compiled
def means_around(
    lines: Counts,
    samples: Counts,
    half_lines: int,
    half_samples: int,
    rows: int,
    oldest: int,
    t4: Singles,
    t11: Singles,
    flags: Flags,
    columns: Doubles,
    state: Counts,
) -> Doubles:
    """Return for each pixel how many clear pixels by day lie around it, and two means of theirs.

    Number, mean at 4 µm and mean difference: shape (n, 3); arguments as in `above_median`.
    """
    found = np.empty((lines.size, 3))
    window = np.zeros(3)
    left = right = 0
    for i in range(lines.size):
        line = lines[i]
        if state[0] != line or i == 0:
            at = first_left(state, line, half_lines, oldest)
            if at < 0:
                columns[:] = 0.0
                for other in range(max(line - half_lines, 0), min(line + half_lines + 1, rows)):
                    sum_line(t4, t11, flags, other, 1, columns)
            else:
                while at < line:
                    if at - half_lines >= 0:
                        sum_line(t4, t11, flags, at - half_lines, -1, columns)
                    at += 1
                    if at + half_lines < rows:
                        sum_line(t4, t11, flags, at + half_lines, 1, columns)
            state[0] = line
            window[:] = 0.0
            left = right = max(samples[i] - half_samples, 0)
        left, right = slid(window, columns, left, right, samples[i], half_samples)
        found[i, 0] = window[0]
        found[i, 1:] = window[1:] / window[0]
    return found
