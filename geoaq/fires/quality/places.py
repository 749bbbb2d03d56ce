"""Which pixels lie where it is known to be hot: in reach of a learned source, or on a place of a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.fires.footprints import Geometries, sizes_known
from geoaq.fires.quality.cropland import metres_per_degree
from geoaq.fires.quality.rule import QualityRule
from geoaq.geodesy.ellipsoid import Floats, Places

Flags = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
#: Footprints, or what gives them at rows, so that only those beside a place are drawn.
Shapes: TypeAlias = Geometries | Callable[[npt.NDArray[np.intp]], Geometries] | None
_CELLS_PER_DEGREE = 10
_AT_ONCE = 200_000


def sources_at(pixels: pd.DataFrame, sources: pd.DataFrame, rule: QualityRule) -> tuple[Places, Floats]:
    """Return the row of the source in whose reach each pixel lies deepest, -1 for none, and a power.

    Parameters
    ----------
    pixels
        ``lon lat scan_km track_km acquired``.
    sources
        ``source lon lat radius_m learned_as_of expires frp_p95_mw`` of a register.
    rule
        A source reaches its radius and ``register.buffer_m``, or the width of the pixel if that is more.

    Returns
    -------
    row, power
        ``power`` is the largest ``frp_p95_mw`` of the sources in reach, NaN where none is known.
    """
    return _reached(
        pixels,
        sources,
        sources["radius_m"].to_numpy(np.float64),
        sources["learned_as_of"].to_numpy(np.int64),
        sources["expires"].to_numpy(np.int64),
        sources["frp_p95_mw"].to_numpy(np.float64),
        rule.register.buffer_m,
    )


def _reached(
    pixels: pd.DataFrame,
    places: pd.DataFrame,
    radius_m: Floats,
    begin: Longs,
    end: Longs,
    power: Floats,
    least_m: float,
) -> tuple[Places, Floats]:
    if not len(places) or not len(pixels):
        return np.full(len(pixels), -1, np.int32), np.full(len(pixels), np.nan)
    from geoaq.fires.quality import loops

    lon, lat = (places[name].to_numpy(np.float64) for name in ("lon", "lat"))
    # What else decides between equals must not be the order of the rows.
    order = np.lexsort((end, begin, radius_m, lon, lat))
    scan, track = (pixels[name].to_numpy(np.float32) for name in ("scan_km", "track_km"))
    width = np.where(sizes_known(pixels), np.sqrt(np.abs(scan * track)), np.float32(0.0))
    found, most = loops.covering(
        np.ascontiguousarray(pixels["lon"], np.float64),
        np.ascontiguousarray(pixels["lat"], np.float64),
        width * np.float32(1000.0),
        np.ascontiguousarray(pixels["acquired"], np.int64),
        lon[order],
        lat[order],
        radius_m[order],
        begin[order],
        end[order],
        power[order],
        least_m,
        metres_per_degree(lat[order]),
    )
    rows: Places = np.where(found >= 0, order[found], -1).astype(np.int32)
    return rows, most


def touched(
    pixels: pd.DataFrame, footprints: Shapes, places: pd.DataFrame, rule: QualityRule
) -> tuple[Flags, Flags, Flags]:
    """Say which centres lie on a place of heat, which on one that glints, and what lies beside heat.

    Parameters
    ----------
    pixels
        ``lon lat scan_km track_km acquired``.
    footprints
        Of the pixels, what gives them at rows, or None to ask centres alone.
    places
        ``kind geometry begin end``, polygons or points, degrees WGS 84; each counts from ``begin`` until
        before ``end``, seconds since 1970 UTC.
    rule
        For the kinds, and how near a point is near.
    """
    n = len(pixels)
    hot, glinting, beside = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    if not len(places) or not n:
        return hot, glinting, beside
    kinds, shapes = places["kind"].to_numpy(object), np.asarray(places["geometry"], object)
    heat, roof = (np.array([kind in own for kind in kinds], bool) for own in (rule.heat, rule.roof))
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    single = np.flatnonzero(heat & points)
    at = pd.DataFrame({"lon": shapely.get_x(shapes[single]), "lat": shapely.get_y(shapes[single])})
    begin, end = (places[name].to_numpy(np.int64) for name in ("begin", "end"))
    nothing = np.zeros(len(single))
    beside |= _reached(pixels, at, nothing, begin[single], end[single], nothing, rule.near_m)[0] >= 0
    acquired = pixels["acquired"].to_numpy(np.int64)
    for own, flags in ((heat & ~points, hot), (roof & ~points, glinting)):
        polygons, first, last = shapes[own], begin[own], end[own]
        rows = _around(pixels, polygons)
        tree = shapely.STRtree(polygons)
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            lon, lat = (pixels[name].to_numpy(np.float64)[some] for name in ("lon", "lat"))
            pairs = tree.query(shapely.points(lon, lat), predicate="intersects")
            flags[_then(some[pairs[0]], pairs[1], acquired, first, last)] = True
            if flags is hot and footprints is not None:
                shapes_there = footprints(some) if callable(footprints) else footprints[some]
                pairs = tree.query(shapes_there, predicate="intersects")
                beside[_then(some[pairs[0]], pairs[1], acquired, first, last)] = True
    return hot, glinting, beside


def _then(
    pixel: npt.NDArray[np.intp], place: npt.NDArray[np.intp], acquired: Longs, begin: Longs, end: Longs
) -> npt.NDArray[np.intp]:
    """Return the pixels of the pairs whose place counted when the pixel was seen."""
    return pixel[(acquired[pixel] >= begin[place]) & (acquired[pixel] < end[place])]


def _around(pixels: pd.DataFrame, polygons: Geometries) -> npt.NDArray[np.intp]:
    """Return the pixels that lie within a tenth of a degree of a polygon's box: most lie far from all."""
    if not len(polygons):
        return np.empty(0, np.intp)
    marked = np.zeros((180 * _CELLS_PER_DEGREE + 3, 360 * _CELLS_PER_DEGREE + 3), bool)
    cells = np.floor((shapely.bounds(polygons) + np.array([180.0, 90.0, 180.0, 90.0])) * _CELLS_PER_DEGREE)
    for west, south, east, north in cells.astype(np.int64).tolist():
        marked[south : north + 3, west : east + 3] = True
    row = ((pixels["lat"].to_numpy(np.float64) + 90.0) * _CELLS_PER_DEGREE).astype(np.int32) + 1
    column = ((pixels["lon"].to_numpy(np.float64) + 180.0) * _CELLS_PER_DEGREE).astype(np.int32) + 1
    return np.flatnonzero(marked[row, column])
