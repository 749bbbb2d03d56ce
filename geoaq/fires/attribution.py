"""Whose ground a fire pixel covers: the county of its centre, and every county's share of its footprint.

Nobody is blamed for a pixel that lies across a line: where another county holds a stated share of the
footprint, or two sources of boundaries place the centre differently, the border is disputed. Townships,
villages and grid cells are asked in the same way when a user gives their polygons. Longitude and latitude are
in degrees, WGS 84; a point on a shared line belongs to the area with the lowest position.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.fires.footprints import Floats, Geometries

Positions = npt.NDArray[np.int32]
_STEP_DEG = 0.01  # below a cell of the index
_AT_ONCE = 50_000


class Counties(Protocol):
    """What is asked of an index of counties: `geoaq.zones.admin.AdminIndex` is one, the flow brings it."""

    @property
    def counties(self) -> pd.DataFrame:
        """Return one row a county, with ``adcode`` and ``equals_adcode``."""

    @property
    def polygons(self) -> Callable[[Positions], Geometries]:
        """Return what gives the polygons at positions."""

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Positions:
        """Return the position of the county of each point, -1 outside."""

    def code_at(self, lon: Floats, lat: Floats) -> Positions:
        """Return 1…n where a cell of at least 0.01° belongs to one county, else 0 or more than n."""

    def names(self, positions: Positions) -> pd.DataFrame:
        """Return ``adcode county city_adcode city province_adcode province`` at positions."""


def shares(footprints: Geometries, polygons: Geometries) -> pd.DataFrame:
    """Return every polygon's share of each footprint: ``pixel area share``, the largest first.

    Parameters
    ----------
    footprints
        Shape (n,), as `geoaq.fires.footprints.footprints` returns them; None has no shares.
    polygons
        Shape (m,), valid, WGS 84: counties, or what a user gave.

    Returns
    -------
    pandas.DataFrame
        ``pixel`` and ``area`` are positions in the arrays given; shares are exact for the polygons, and
        within 0.1 % of the area for the ellipse on the ground (64 corners; the parallels' change of length).
        What no polygon covers is missing from the sum.
    """
    tree = shapely.STRtree(polygons)
    parts = [
        pd.DataFrame({"pixel": np.empty(0, np.intp), "area": np.empty(0, np.intp), "share": np.empty(0)})
    ]
    for begin in range(0, len(footprints), _AT_ONCE):
        some = footprints[begin : begin + _AT_ONCE]
        pixel, area = tree.query(some, predicate="intersects")
        whole = shapely.area(some)[pixel]
        share = shapely.area(shapely.intersection(some[pixel], polygons[area])) / whole
        table = pd.DataFrame({"pixel": pixel + begin, "area": area, "share": np.minimum(share, 1.0)})
        parts.append(table[table["share"] > 0.0])
    table = pd.concat(parts, ignore_index=True)
    order = np.lexsort((table["area"], -table["share"], table["pixel"]))
    return table.iloc[order].reset_index(drop=True)


def centres_in(lon: Floats, lat: Floats, polygons: Geometries) -> Positions:
    """Return the lowest polygon that holds each point, -1 for none: for areas that a user gave."""
    point, area = shapely.STRtree(polygons).query(shapely.points(lon, lat), predicate="intersects")
    found = np.full(len(lon), len(polygons), np.int32)
    np.minimum.at(found, point, area.astype(np.int32))
    return np.where(found == len(polygons), -1, found).astype(np.int32)


def attribute(
    pixels: pd.DataFrame,
    footprints: Geometries,
    counties: Counties,
    second: Counties | None = None,
    *,
    other_share: float,
) -> pd.DataFrame:
    """Say which county each pixel lies in, and whether that can be held against anyone.

    Parameters
    ----------
    pixels
        ``lon lat`` of `geoaq.frames.FIRE_PIXELS`.
    footprints
        Of the pixels, shape (n,).
    counties
        The deciding boundaries.
    second
        Another source of boundaries.
    other_share
        The share of a footprint from which on another county makes the border disputed
        (``layers/policy/fire_events.toml [border]``).

    Returns
    -------
    pandas.DataFrame
        Aligned with ``pixels``: ``adcode county city_adcode city province_adcode province`` of the centre
        ('' outside), ``county_share`` of the footprint (NaN unknown), ``others`` (``adcode=share`` of every
        other county, the largest first, joined by ';'), ``disputed_border``, ``disputed_by`` ('',
        ``footprint``, ``conflicting_sources``, or both joined by ';').
    """
    lon, lat = pixels["lon"].to_numpy(np.float64), pixels["lat"].to_numpy(np.float64)
    located = counties.locate(lon, lat)
    n = len(counties.counties)
    known = np.array([footprint is not None for footprint in footprints], bool)
    share = np.where(known, 1.0, np.nan)
    others = np.full(len(pixels), "", object)
    largest = np.zeros(len(pixels))
    near = np.flatnonzero(known & ~_alone(counties, located, footprints, known))
    if len(near):
        every = counties.polygons(np.arange(n, dtype=np.int32))
        table = shares(footprints[near], every)
        pixel, area = near[table["pixel"].to_numpy()], table["area"].to_numpy()
        own = area == located[pixel]
        share[near] = 0.0
        share[pixel[own]] = table["share"].to_numpy()[own]
        pixel, area, part = pixel[~own], area[~own], table["share"].to_numpy()[~own]
        np.maximum.at(largest, pixel, part)
        adcode = counties.counties["adcode"].to_numpy(object)[area]
        words = [f"{code}={value:.3f}" for code, value in zip(adcode, part, strict=True)]
        joined = pd.Series(words, dtype=object).groupby(pixel).agg(";".join)
        others[joined.index.to_numpy(np.intp)] = joined.to_numpy(object)
    by_share = largest >= other_share
    conflict = np.zeros(len(pixels), bool)
    if second is not None:
        place = pd.Index(counties.counties["adcode"]).get_indexer(pd.Index(second.counties["equals_adcode"]))
        there = np.append(place, -1)[second.locate(lon, lat)]
        conflict = there != located
    frame = counties.names(located)
    frame["county_share"] = share
    frame["others"] = others
    frame["disputed_border"] = by_share | conflict
    frame["disputed_by"] = pd.Categorical.from_codes(
        (by_share + 2 * conflict).astype(np.int8),
        pd.Index(["", "footprint", "conflicting_sources", "footprint;conflicting_sources"]),
    )
    frame.index = pixels.index
    return frame


def _alone(
    counties: Counties, located: Positions, footprints: Geometries, known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Say which footprints lie wholly in cells of one county: points nearer than a cell's width say so."""
    bounds = shapely.bounds(footprints)
    alone: npt.NDArray[np.bool_] = known & (located >= 0)
    west, south, east, north = (np.where(known, edge, 0.0) for edge in bounds.T)
    steps = max(
        1, int(np.ceil(max((east - west).max(initial=0.0), (north - south).max(initial=0.0)) / _STEP_DEG))
    )
    for right in np.arange(steps + 1) / steps:
        for up in np.arange(steps + 1) / steps:
            asked = np.flatnonzero(alone)
            x = west[asked] + right * (east - west)[asked]
            y = south[asked] + up * (north - south)[asked]
            alone[asked] = counties.code_at(x, y) == located[asked] + 1
    return alone
