"""The county that holds each point, exactly and quickly.

A point on a shared line belongs to the county with the lowest index; the answer is that of ``shapely``'s
exact predicates, asked only where the grid leaves a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.zones.admin.cells import CELLS_PER_DEGREE, COLUMNS, ROWS, SOUTH, WEST, Codes, Floats, Geometries
from geoaq.zones.admin.edges import CellEdges

Positions: TypeAlias = npt.NDArray[np.int32]

OUTSIDE = -1
# With more points than this in one county, preparing its polygon pays.
_PREPARE_FROM = 24
_CHUNK = 1 << 18


def grouped(keys: npt.NDArray[np.signedinteger]) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Yield each distinct key with the places where it stands, both ascending."""
    order = np.argsort(keys, kind="stable")
    distinct, begin = np.unique(keys[order], return_index=True)
    for key, start, end in zip(distinct, begin, np.append(begin, len(keys))[1:], strict=True):
        yield int(key), order[start:end]


@dataclass(frozen=True)
class AdminIndex:
    """The counties of one source, quick to ask.

    Parameters
    ----------
    counties
        One row a county: ``adcode county city_adcode city province_adcode province`` (str), and
        ``equals_adcode``: the code of the same county in the deciding source.
    codes, set_start, set_member
        The grid, see `geoaq.zones.admin_cells.Cells`; may be mapped from a file.
    polygons
        Gives the polygons of counties by position; asked only for those whose line is near a point.
    edges
        The edges of the same polygons by cell, see `geoaq.zones.admin.edges`: the same answers, for millions
        of points many times as quick; without them polygons decide.
    """

    counties: pd.DataFrame
    codes: Codes
    set_start: Positions
    set_member: Positions
    polygons: Callable[[Positions], Geometries]
    edges: CellEdges | None = None
    _kept: dict[int, shapely.Geometry] = field(default_factory=dict, repr=False)

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Positions:
        """Return the position in ``counties`` of the county of each point, -1 outside (or not a number).

        Parameters
        ----------
        lon, lat
            Shape (n,), degrees, WGS 84.

        Returns
        -------
        Positions
            Shape (n,), int32.
        """
        x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        if self.edges is not None:
            return self._among_edges(np.ascontiguousarray(x), np.ascontiguousarray(y), self.edges)
        located = np.full(len(x), OUTSIDE, np.int32)
        for begin in range(0, len(x), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            located[part] = self._locate(x[part], y[part])
        return located

    def _among_edges(self, lon: Floats, lat: Floats, edges: CellEdges) -> Positions:
        from geoaq.zones.admin import edge_loops

        located = np.empty(len(lon), np.int32)
        if edge_loops.locate(lon, lat, *edges, self.set_start, self.set_member, located):
            unsure = np.flatnonzero(located == edge_loops.DOUBTFUL)
            located[unsure] = self._locate(lon[unsure], lat[unsure])
        return located

    def _locate(self, lon: Floats, lat: Floats) -> Positions:
        code = self.code_at(lon, lat)
        n = len(self.counties)
        located = code - 1
        near = np.flatnonzero(code > n)
        if len(near):
            located[near] = self._decide(lon[near], lat[near], code[near] - n - 1)
        return located

    def code_at(self, lon: Floats, lat: Floats) -> Positions:
        """Return the grid's code for each point: 0 outside, 1…n one county, above n several in question."""
        with np.errstate(invalid="ignore"):
            column = np.floor((lon - WEST) * CELLS_PER_DEGREE)
            row = np.floor((lat - SOUTH) * CELLS_PER_DEGREE)
            on_grid = (column >= 0) & (column < COLUMNS) & (row >= 0) & (row < ROWS)
        code = np.zeros(len(lon), np.int32)
        code[on_grid] = self.codes[row[on_grid].astype(np.intp), column[on_grid].astype(np.intp)]
        return code

    def _decide(self, lon: Floats, lat: Floats, set_number: Positions) -> Positions:
        """Test every county in question, exactly; the lowest that holds the point wins."""
        point, county = self._members(set_number)
        located = np.full(len(lon), len(self.counties), np.int32)
        self._load(np.unique(county))
        for which, pairs in grouped(county):
            points = point[pairs]
            polygon = self._kept[which]
            if len(points) >= _PREPARE_FROM:
                shapely.prepare(polygon)
            held = points[shapely.intersects_xy(polygon, lon[points], lat[points])]
            located[held] = np.minimum(located[held], which)
        located[located == len(self.counties)] = OUTSIDE
        return located

    def near_line(
        self, lon: Floats, lat: Floats, located: Positions, reach_deg: Floats
    ) -> npt.NDArray[np.bool_]:
        """Say which points may have their county's line within reach (degrees, the longer of both axes).

        A point outside every county counts as near.
        """
        near: npt.NDArray[np.bool_] = located < 0
        inside = np.flatnonzero(~near)
        self._load(np.unique(located[inside]))
        for which, places in grouped(located[inside]):
            points = inside[places]
            line = shapely.boundary(self._kept[which])
            if len(points) >= _PREPARE_FROM:
                shapely.prepare(line)
            near[points] = shapely.dwithin(line, shapely.points(lon[points], lat[points]), reach_deg[points])
        return near

    def entered(self, west: Floats, south: Floats, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        """Say which boxes (degrees, finite) a county's line enters, or may; all where there are no edges."""
        found = np.ones(len(west), bool)
        if self.edges is not None:
            from geoaq.zones.admin import edge_loops

            own = self.edges
            edge_loops.entered(
                west, south, east, north, own.home, own.start, own.edges, own.set_of, found
            )  # fmt: skip
        return found

    def _members(self, set_number: Positions) -> tuple[npt.NDArray[np.intp], Positions]:
        start = self.set_start[set_number]
        count = self.set_start[set_number + 1] - start
        point = np.repeat(np.arange(len(set_number)), count)
        nth = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
        return point, np.asarray(self.set_member)[start[point] + nth]

    def _load(self, counties: Positions) -> None:
        missing = np.array([k for k in counties.tolist() if k not in self._kept], np.int32)
        if len(missing):
            self._kept.update(zip(missing.tolist(), self.polygons(missing), strict=True))

    def names(self, positions: Positions) -> pd.DataFrame:
        """Return ``adcode county city_adcode city province_adcode province`` at positions; '' outside."""
        columns = {}
        for name in ("adcode", "county", "city_adcode", "city", "province_adcode", "province"):
            codes, words = pd.factorize(self.counties[name].astype(object))
            columns[name] = pd.Categorical.from_codes(
                np.append(codes, len(words))[positions], pd.Index([*words, ""])
            )
        return pd.DataFrame(columns)

    def within(self, field_name: str, adcode: str) -> Positions:
        """Return the positions whose ``field_name`` (``adcode``, ``city_adcode`` …) equals ``adcode``."""
        return np.flatnonzero(self.counties[field_name].to_numpy() == adcode).astype(np.int32)
