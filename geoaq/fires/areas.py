"""Areas of one level that an office has loaded (townships, villages, grid cells), and whose a pixel is.

The same is asked as of counties: which area holds the centre, what share of the footprint each one covers,
and whether that can be held against anyone. A point on a shared line belongs to the area with the lowest
position, and so does one that several areas hold; then it is under question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.fires.attribution import Drawing, footprint_boxes, pairs_in
from geoaq.fires.footprints import Floats, Geometries
from geoaq.fires.pieces import Pieces

# Corners of a piece of line: its box says whether a footprint may touch it.
_CORNERS = 16
Rows = npt.NDArray[np.intp]


class OfficeAreas:
    """The areas of one level.

    Parameters
    ----------
    level
        One of `geoaq.frames.AREA_LEVELS`.
    labels
        What each area is called, no two alike, without ``;`` and ``=``; shape (m,).
    codes
        Their codes, ``""`` where none is stated; shape (m,).
    polygons
        Valid, WGS 84; shape (m,).
    """

    def __init__(self, level: str, labels: Sequence[str], codes: Sequence[str], polygons: Geometries) -> None:
        self.level = level
        self.labels = pd.Index([*labels, ""], dtype=object)
        self._codes = np.array([*codes, ""], object)
        self.polygons = polygons
        shapely.prepare(polygons)
        words = hashlib.sha256(repr((level, list(labels), list(codes))).encode())
        for shape in shapely.to_wkb(polygons):
            words.update(hashlib.sha256(shape).digest())
        #: Of all that decides.
        self.sha256 = words.hexdigest()
        self._bounds = shapely.total_bounds(polygons) if len(polygons) else np.full(4, np.nan)
        self._pieces = Pieces(lambda: polygons)

    def __len__(self) -> int:
        """Return how many areas there are."""
        return len(self.polygons)

    def place(
        self, pixels: pd.DataFrame, footprints: Geometries | Drawing, *, other_share: float
    ) -> pd.DataFrame:
        """Say which area each pixel lies in.

        Parameters
        ----------
        pixels, footprints
            As of `geoaq.fires.attribution.attribute`.
        other_share
            The share of a footprint from which on another area puts it under question whose pixel it is.

        Returns
        -------
        pandas.DataFrame
            Aligned with ``pixels``: ``label`` and ``code`` of the area that holds the centre ('' none),
            ``share`` of the footprint in it (0 where none holds the centre; NaN for unknown footprints),
            ``others`` (``label=share`` of every other area, the largest first, joined by ';') and
            ``disputed``: another area has ``other_share`` of the footprint, or holds the centre too.
        """
        lon, lat = pixels["lon"].to_numpy(np.float64), pixels["lat"].to_numpy(np.float64)
        west, south, east, north = footprint_boxes(pixels, footprints)
        known = np.isfinite(west)
        point, area = pairs_in(lon, lat, self.polygons)
        located = np.full(len(pixels), len(self), np.int64)
        np.minimum.at(located, point, area)
        twice = area != located[point]
        disputed = np.zeros(len(pixels), bool)
        disputed[point[twice]] = True
        near = np.flatnonzero(known & self._reached(west, south, east, north))
        near = near[self._on_lines(west[near], south[near], east[near], north[near])]
        # A footprint that no line enters lies wholly in whatever holds its centre.
        share = np.where(known, (located < len(self)).astype(np.float64), np.nan)
        away = np.ones(len(pixels), bool)
        away[near] = False
        whole = twice & away[point] & known[point]
        pixel, other, part = point[whole], area[whole], np.ones(int(whole.sum()))
        if len(near):
            table = self._pieces.shares(footprints(near) if callable(footprints) else footprints[near])
            rows, areas = near[table["pixel"].to_numpy()], table["area"].to_numpy()
            own = areas == located[rows]
            share[near] = 0.0
            share[rows[own]] = table["share"].to_numpy()[own]
            pixel = np.concatenate([pixel, rows[~own]])
            other = np.concatenate([other, areas[~own]])
            part = np.concatenate([part, table["share"].to_numpy()[~own]])
        disputed[pixel[part >= other_share]] = True
        words = pd.Categorical.from_codes(located, self.labels)
        codes, inverse = np.unique(self._codes.astype(str), return_inverse=True)
        return pd.DataFrame(
            {
                "label": words,
                "code": pd.Categorical.from_codes(inverse[located], pd.Index(codes, dtype=object)),
                "share": share.astype(np.float32),
                "others": self._others(pixel, other, part, len(pixels)),
                "disputed": disputed,
            },
            index=pixels.index,
        )

    def _others(
        self, pixel: Rows, area: npt.NDArray[np.int64], part: Floats, count: int
    ) -> npt.NDArray[np.object_]:
        """Return the other areas of each pixel as text."""
        others = np.full(count, "", object)
        order = np.lexsort((area, -part, pixel))
        pixel, area, part = pixel[order], area[order], part[order]
        names = self.labels.to_numpy(object)[area]
        words = [f"{name}={value:.3f}" for name, value in zip(names, part.tolist(), strict=True)]
        starts = np.flatnonzero(np.append(True, np.diff(pixel) != 0)[: len(pixel)])
        ends = np.append(starts[1:], len(pixel))[: len(starts)]
        for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
            others[pixel[begin]] = ";".join(words[begin:end])
        return others

    def _reached(self, west: Floats, south: Floats, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        left, low, right, high = self._bounds
        reached: npt.NDArray[np.bool_] = (west <= right) & (east >= left) & (south <= high) & (north >= low)
        return reached

    def _on_lines(self, west: Floats, south: Floats, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        """Say which boxes a line enters, or may: those that meet the box of a piece of a line."""
        met = np.zeros(len(west), bool)
        met[self._lines.query(shapely.box(west, south, east, north))[0]] = True
        return met

    @cached_property
    def _lines(self) -> shapely.STRtree:
        corners, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(self.polygons)), return_index=True
        )
        starts = np.flatnonzero(np.append(True, np.diff(ring) != 0)[: len(ring)])
        within = np.arange(len(ring)) - starts[ring]
        # Pieces share a corner: the last of one is the first of the next.
        begins = np.flatnonzero(within % _CORNERS == 0)
        length = np.append(starts[1:], len(ring))
        ends = np.minimum(begins + _CORNERS, length[ring[begins]] - 1)
        lowest, highest = (
            np.stack([_over(way, corners[:, axis], begins, ends) for axis in (0, 1)])
            for way in (np.minimum, np.maximum)
        )
        return shapely.STRtree(shapely.box(lowest[0], lowest[1], highest[0], highest[1]))


def _over(way: np.ufunc, values: Floats, begins: Rows, ends: Rows) -> Floats:
    """Return the extreme of each run of values, its end included."""
    runs: Floats = way.reduceat(values, begins)
    found: Floats = way(runs, values[ends])
    return found
