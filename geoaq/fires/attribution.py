"""Whose ground a fire pixel covers: the county of its centre, and every county's share of its footprint.

Nobody is blamed for a pixel that lies across a line: where another county, or ground beyond all counties
(abroad, or the sea), holds a stated share of the footprint, or two sources of boundaries place the centre
differently, the border is disputed. Townships,
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
from geoaq.fires.pieces import Pieces
from geoaq.geodesy.ellipsoid import METRES_PER_DEGREE

Positions = npt.NDArray[np.int32]
# No corner of a footprint is farther from its centre than half the diagonal of scan by track, no corner of
# the polygon of an ellipse than 1.001 times half the longer side.
_SPARE = 1.01
_AT_ONCE = 50_000
#: Why it is under question whose ground a pixel is: another county's share of the footprint, that of ground
#: beyond all counties, two sources of boundaries; with one of the first two, that the size is an assumed one.
DISPUTES = ("footprint", "outside", "conflicting_sources", "assumed_size")


# Draws the footprints of some rows.
Drawing = Callable[[npt.NDArray[np.intp]], Geometries]


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

    def entered(self, west: Floats, south: Floats, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        """Say which boxes a county's line enters, or may."""

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
    point, area = pairs_in(lon, lat, polygons)
    found = np.full(len(lon), len(polygons), np.int32)
    np.minimum.at(found, point, area.astype(np.int32))
    return np.where(found == len(polygons), -1, found).astype(np.int32)


def pairs_in(
    lon: Floats, lat: Floats, polygons: Geometries
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return every pair of a point and a polygon that holds it, its line included: positions of both.

    The tree is made of the points: a polygon that is asked about many of them is prepared once.
    """
    points = [np.empty(0, np.int64)]
    areas = [np.empty(0, np.int64)]
    for begin in range(0, len(lon), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        tree = shapely.STRtree(shapely.points(lon[some], lat[some]))
        area, point = tree.query(polygons, predicate="intersects")
        points.append(point + begin)
        areas.append(area)
    return np.concatenate(points), np.concatenate(areas)


def attribute(
    pixels: pd.DataFrame,
    footprints: Geometries | Drawing,
    counties: Counties,
    second: Counties | None = None,
    *,
    other_share: float,
    pieces: Pieces | None = None,
    assumed: npt.NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Say which county each pixel lies in, and whether that can be held against anyone.

    Parameters
    ----------
    pixels
        ``lon lat`` of `geoaq.frames.FIRE_PIXELS`.
    footprints
        Of the pixels, shape (n,); or what draws those of some rows (``scan_km track_km`` of the pixels say
        how large they can be): most are far from any line, and need not be drawn.
    counties
        The deciding boundaries.
    second
        Another source of boundaries.
    other_share
        The share of a footprint from which on another county, or ground of none, makes the border disputed
        (``layers/policy/fire_events.toml [border]``).
    pieces
        Of ``counties``, kept from one call to the next.
    assumed
        Which footprints have an assumed size (`geoaq.fires.footprints.with_sizes`), shape (n,); None: none.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``pixels``: ``adcode county city_adcode city province_adcode province`` of the centre
        ('' outside), ``county_share`` of the footprint (NaN unknown), ``others`` (``adcode=share`` of every
        other county, the largest first, joined by ';'), ``disputed_border``, ``disputed_by`` ('' or some of
        `DISPUTES`, joined by ';').
    """
    lon, lat = pixels["lon"].to_numpy(np.float64), pixels["lat"].to_numpy(np.float64)
    located = counties.locate(lon, lat)
    west, south, east, north = footprint_boxes(pixels, footprints)
    known = np.isfinite(west)
    share = np.where(known, 1.0, np.nan)
    share[known & (located < 0)] = 0.0
    others = np.full(len(pixels), "", object)
    largest, covered = np.zeros(len(pixels)), np.ones(len(pixels))
    near = np.flatnonzero(known)
    near = near[counties.entered(west[near], south[near], east[near], north[near])]
    if len(near):
        if pieces is None:
            pieces = pieces_of(counties)
        drawn = footprints(near) if callable(footprints) else footprints[near]
        table = pieces.shares(drawn)
        order = np.lexsort((table["area"], -table["share"], table["pixel"]))
        table = table.iloc[order]
        pixel, area = near[table["pixel"].to_numpy()], table["area"].to_numpy()
        own = area == located[pixel]
        covered[near] = np.bincount(pixel, table["share"].to_numpy(), len(pixels))[near]
        share[near] = 0.0
        share[pixel[own]] = table["share"].to_numpy()[own]
        pixel, area, part = pixel[~own], area[~own], table["share"].to_numpy()[~own]
        np.maximum.at(largest, pixel, part)
        adcode = counties.counties["adcode"].to_numpy(object)[area]
        words = [f"{code}={value:.3f}" for code, value in zip(adcode, part, strict=True)]
        joined = pd.Series(words, dtype=object).groupby(pixel).agg(";".join)
        others[joined.index.to_numpy(np.intp)] = joined.to_numpy(object)
    by_share = largest >= other_share
    beyond = (located >= 0) & (1.0 - covered >= other_share)
    conflict = np.zeros(len(pixels), bool)
    if second is not None:
        place = pd.Index(counties.counties["adcode"]).get_indexer(pd.Index(second.counties["equals_adcode"]))
        there = np.append(place, -1)[second.locate(lon, lat)]
        conflict = there != located
    guessed = np.zeros(len(pixels), bool) if assumed is None else assumed & (by_share | beyond)
    frame = counties.names(located)
    frame["county_share"] = share
    frame["others"] = others
    frame["disputed_border"] = by_share | beyond | conflict
    every = [
        ";".join(name for bit, name in enumerate(DISPUTES) if code >> bit & 1)
        for code in range(1 << len(DISPUTES))
    ]
    frame["disputed_by"] = pd.Categorical.from_codes(
        (by_share + 2 * beyond + 4 * conflict + 8 * guessed).astype(np.int8), pd.Index(every)
    )
    frame.index = pixels.index
    return frame


def pieces_of(counties: Counties) -> Pieces:
    """Return the pieces of counties, none of them cut yet."""
    return Pieces(lambda: counties.polygons(np.arange(len(counties.counties), dtype=np.int32)))


def footprint_boxes(
    pixels: pd.DataFrame, footprints: Geometries | Drawing
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a box around each footprint: west, south, east, north; NaN where its size is unknown."""
    if not callable(footprints):
        west, south, east, north = np.ascontiguousarray(shapely.bounds(footprints).reshape(-1, 4).T)
        return west, south, east, north
    lon, lat = pixels["lon"].to_numpy(np.float64), pixels["lat"].to_numpy(np.float64)
    scan, track = (pixels[name].to_numpy(np.float64) for name in ("scan_km", "track_km"))
    half = np.where(scan * track > 0.0, np.hypot(scan, track) * 500.0 * _SPARE, np.nan)
    high = half / METRES_PER_DEGREE
    wide = high / np.cos(np.radians(np.minimum(np.abs(lat) + high, 89.0)))
    return lon - wide, lat - high, lon + wide, lat + high
