"""The index of a set of lines: their pieces, gathered into bundles, kept in a folder of plain arrays.

A detailed boundary has an edge every few hundred metres. Pieces of one line whose middles share a cell of
1/64° are gathered into a *bundle*; a bundle's pieces lie in a capsule, the places within ``radius`` of an
axis. A piece's chord lies in a convex set when its ends do, so the radius is the greatest distance of a
piece's end from the axis, and the piece's sagitta on top. A search asks capsules first and pieces afterwards.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.geodesy.ellipsoid import Floats, Places, require_positions
from geoaq.geodesy.line_pieces import PIECE_M, Groups, Pieces, cut

if TYPE_CHECKING:
    from scipy.spatial import cKDTree
    from shapely import STRtree

    from geoaq.geodesy.line_cells import LineCells

_PER_DEGREE = 64
_FORMAT = 1


class Bundles(NamedTuple):
    """Pieces of one line that lie together.

    Attributes
    ----------
    first
        Shape (n + 1,), int32: bundle i holds the pieces ``first[i]`` to ``first[i + 1]``.
    group
        Shape (n,), int16.
    axis
        Shape (n, 7), metres: start of the axis, its way to the end, and the capsule's radius.
    middle
        Shape (n, 3), metres: a place on the bundle's line.
    half
        Shape (n,), metres: radius of a ball about the middle that holds the bundle.
    """

    first: Places
    group: Groups
    axis: Floats
    middle: Floats
    half: Floats


@dataclass(frozen=True)
class LineIndex:
    """Lines that are straight in longitude and latitude from edge to edge, each edge of one group.

    Made by `geoaq.geodesy.build_lines`; the arrays are read-only.
    """

    pieces: Pieces
    bundles: Bundles
    n_groups: int
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def tree(self) -> cKDTree:
        """Return the tree of the bundles' middles."""
        from scipy.spatial import cKDTree

        return cKDTree(self.bundles.middle)

    @cached_property
    def planar(self) -> STRtree:
        """Return the tree of the pieces as lines in the plane of longitude and latitude."""
        import shapely

        return shapely.STRtree(shapely.linestrings(self.pieces.ends.reshape(-1, 2, 2)))

    @property
    def cells(self) -> LineCells:
        """Return the candidates of every cell near a line, read with the index or made on first use."""
        if "cells" not in self._kept:
            from geoaq.geodesy.line_cells import CELLS_REACH_M
            from geoaq.geodesy.line_lists import cells_of

            self._kept["cells"] = cells_of(self, CELLS_REACH_M)
        made: LineCells = self._kept["cells"]
        return made

    def save(self, folder: Path) -> None:
        """Write the index, its cells included, as arrays into a folder, which is made.

        The same lines give the same bytes.
        """
        folder.mkdir(parents=True, exist_ok=True)
        parts = {
            "pieces": self.pieces._asdict(),
            "bundles": self.bundles._asdict(),
            "cells": {column: getattr(self.cells, column) for column in self.cells.ARRAYS},
        }
        for name, columns in parts.items():
            for column, values in columns.items():
                np.save(folder / f"{name}.{column}.npy", values)
        about = {"format": _FORMAT, "n_groups": self.n_groups, "cells": self.cells.about()}
        (folder / "index.json").write_text(json.dumps(about, sort_keys=True), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LineIndex:
        """Map an index that `save` has written; its arrays are read as they are needed.

        Raises
        ------
        FileNotFoundError
            The folder holds no index.
        ValueError
            The index is of another version of the program: build it anew.
        """
        from geoaq.geodesy.line_cells import LineCells

        about = json.loads((folder / "index.json").read_text("utf-8"))
        if about["format"] != _FORMAT:
            raise ValueError(f"lines of format {about['format']}, not {_FORMAT}")

        def part(name: str, columns: tuple[str, ...]) -> list[Any]:
            return [
                np.load(folder / f"{name}.{column}.npy", mmap_mode="r").view(np.ndarray) for column in columns
            ]

        index = cls(
            Pieces(*part("pieces", Pieces._fields)),
            Bundles(*part("bundles", Bundles._fields)),
            about["n_groups"],
        )
        arrays = part("cells", LineCells.ARRAYS)
        index._kept["cells"] = LineCells(**about["cells"], **dict(zip(LineCells.ARRAYS, arrays, strict=True)))
        return index


def build_lines(
    start_lon: npt.ArrayLike,
    start_lat: npt.ArrayLike,
    end_lon: npt.ArrayLike,
    end_lat: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    n_groups: int | None = None,
    piece_m: float = PIECE_M,
) -> LineIndex:
    """Return an index of lines made of edges that are straight in longitude and latitude (RFC 7946).

    Parameters
    ----------
    start_lon, start_lat, end_lon, end_lat
        Shape (n,), degrees, WGS 84: -180…180, and -85…85 of latitude. An edge runs between its ends through
        the longitudes in between, never across the 180° meridian.
    group
        Shape (n,), int from 0: the line that the edge belongs to.
    n_groups
        How many groups there are; by default one more than the last group that has an edge.
    piece_m
        Longest piece that an edge is cut into, metres.

    Raises
    ------
    InputError
        ``position_unusable`` for an end that is not finite or out of range, ``edge_out_of_range`` for an edge
        beyond 85° of latitude or longer than 180° of longitude.
    """
    ends = np.column_stack(
        [np.asarray(part, np.float64) for part in (start_lon, start_lat, end_lon, end_lat)]
    )
    of_edge = np.asarray(group, np.int64)
    if of_edge.shape != (len(ends),):
        raise ValueError(f"one group an edge is wanted: {of_edge.shape} for {len(ends)} edges")
    count = int(of_edge.max(initial=-1)) + 1 if n_groups is None else n_groups
    if of_edge.min(initial=0) < 0 or of_edge.max(initial=-1) >= count or count > np.iinfo(np.int16).max:
        raise ValueError(f"groups must be 0…{count - 1} and fit 16 bits")
    require_positions(ends[:, 0], ends[:, 1])
    require_positions(ends[:, 2], ends[:, 3])
    pieces = cut(ends, of_edge.astype(np.int16), piece_m=piece_m)
    column, row = (
        np.floor((0.5 * (pieces.ends[:, k] + pieces.ends[:, k + 2]) + offset) * _PER_DEGREE).astype(np.int64)
        for k, offset in ((0, 180.0), (1, 90.0))
    )
    cell = _interleaved(column) | _interleaved(row) << 1
    order = np.lexsort((cell, pieces.group))
    pieces = Pieces(**{name: values[order] for name, values in pieces._asdict().items()})
    bundles = _bundled(pieces, cell[order])
    for values in (*pieces, *bundles):
        values.flags.writeable = False
    return LineIndex(pieces, bundles, count)


def _interleaved(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    # Every other bit (Morton 1966), so that neighbours on the ground are near in memory.
    spread = number & 0xFFFF
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | spread << shift) & mask
    return spread


def _bundled(pieces: Pieces, cell: npt.NDArray[np.int64]) -> Bundles:
    n = cell.size
    if n == 0:
        nothing = np.empty(0, np.int16)
        return Bundles(np.zeros(1, np.int32), nothing, np.empty((0, 7)), np.empty((0, 3)), np.empty(0))
    starts = np.flatnonzero((np.diff(cell, prepend=-1) != 0) | (np.diff(pieces.group, prepend=-1) != 0))
    size = np.diff(starts, append=n)
    bundle = np.repeat(np.arange(starts.size), size)
    begin, end = pieces.chord[:, :3], pieces.chord[:, :3] + pieces.chord[:, 3:6]
    sagitta = pieces.chord[:, 6]
    middle = pieces.middle[starts + size // 2]
    ball = np.maximum(*(np.sqrt(((place - middle[bundle]) ** 2).sum(1)) for place in (begin, end)))
    half = np.maximum.reduceat(ball + sagitta, starts)
    # The axis runs from the end farthest from the middle to the one farthest from that.
    ends = np.concatenate([begin, end])
    whose = np.concatenate([bundle, bundle])
    one = _farthest(ends, whose, middle)
    way = _farthest(ends, whose, one) - one
    length = (way**2).sum(1)
    off = np.zeros(n)
    for place in (begin, end):
        start = place - one[bundle]
        share = np.clip((start * way[bundle]).sum(1) / length[bundle], 0.0, 1.0)
        off = np.maximum(off, np.sqrt(((start - share[:, None] * way[bundle]) ** 2).sum(1)))
    radius = np.maximum.reduceat(off + sagitta, starts) + 1e-6
    first = np.append(starts, n).astype(np.int32)
    return Bundles(first, pieces.group[starts], np.column_stack([one, way, radius]), middle, half)


def _farthest(places: Floats, whose: npt.NDArray[np.int64], centre: Floats) -> Floats:
    order = np.lexsort((((places - centre[whose]) ** 2).sum(1), whose))
    last = np.flatnonzero(np.diff(whose[order], append=-1))
    return places[order[last]]
