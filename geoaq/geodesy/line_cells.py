"""Cells near lines, and for each cell and line the bundles that may hold the nearest point of that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from geoaq.geodesy.ellipsoid import Floats, Places
from geoaq.geodesy.line_pieces import Groups

PER_DEGREE = 16
# Lines within this distance can be asked for in the cells: the strip of the clause and some room for the
# picture.
CELLS_REACH_M = 50_000.0


class Nearest(NamedTuple):
    """The nearest point of a line: for a subject the piece, the share (0…1) along it, and the metres."""

    subject: Places
    piece: Places
    share: Floats
    distance_m: Floats


@dataclass(frozen=True)
class LineCells:
    """Candidates by cell, good up to ``reach_m``, in a window of cells of 1/16°.

    The window holds every cell with a point within reach of a line; it may run round the Earth. Cell (row,
    column) of it has the entries ``spans[k, 0]`` to ``spans[k, 1]``, k = row·columns + column: one for each
    line within reach of the cell.

    Attributes
    ----------
    reach_m
        Metres.
    row, column, rows, columns
        The window: its first cell, counted from 90°S and 180°W, and its size.
    spans
        Shape (rows·columns, 2), int32.
    group
        Shape (entries,), int16: the line of an entry.
    nearest_m
        Shape (entries,), float64: no point of the cell has a shorter chord to the line.
    first
        Shape (entries + 1,), int32: entry e has the bundles ``member[first[e]:first[e + 1]]``.
    member
        int32.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("spans", "group", "nearest_m", "first", "member")

    reach_m: float
    row: int
    column: int
    rows: int
    columns: int
    spans: Places
    group: Groups
    nearest_m: Floats
    first: Places
    member: Places

    def about(self) -> dict[str, float | int]:
        """Return what is no array."""
        return {name: getattr(self, name) for name in ("reach_m", "row", "column", "rows", "columns")}
