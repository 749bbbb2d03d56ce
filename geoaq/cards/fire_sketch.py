"""A small map of an event as SVG: footprints, centres, 1 km around them, and county lines.

Drawn, not measured: around the middle of the event one degree is so many metres (WGS 84), which over the few
kilometres of a sketch is right to a part in a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.footprints import footprints
from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M
from geoaq.io.built import AdminParts, load_admin, open_layers

# Anhui 2020: a point was struck off only where no trace lay within this of it (READING of the notices).
CIRCLE_M = 1000.0
_MARGIN_M = 400.0
# Corners of a circle, and the most of them that one sketch draws.
_QUARTER, _MOST = 16, 400
_E2 = 1.0 - (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2


class Sketch(NamedTuple):
    """Paths in metres from the middle, y downwards.

    Attributes
    ----------
    box
        ``viewBox`` of the drawing.
    width, height
        Metres.
    footprints, circle, lines
        Data of ``path`` elements.
    centres
        Points ``(x, y)``, first those that are pushes.
    scale_m
        Length of the scale bar, metres.
    left_out
        Pixels that are not drawn.
    """

    box: str
    width: float
    height: float
    footprints: list[str]
    circle: str
    lines: str
    centres: list[dict[str, Any]]
    scale_m: int
    left_out: int


def sketch(
    pixels: pd.DataFrame, bearing_deg: npt.NDArray[np.float64], layers: Path, adcodes: Collection[str]
) -> Sketch | None:
    """Return the sketch of an event, None where it has no pixel.

    Parameters
    ----------
    pixels
        A frame of `geoaq.frames.FIRE_JUDGED`.
    bearing_deg
        As `geoaq.fires.footprints.track_bearing` returns it.
    layers
        Where the built sets are.
    adcodes
        Counties whose outlines are drawn.
    """
    import shapely

    if pixels.empty:
        return None
    left_out = max(0, len(pixels) - _MOST)
    pixels, bearing_deg = pixels.iloc[:_MOST], bearing_deg[:_MOST]
    lon, lat = pixels["lon"].to_numpy(np.float64), pixels["lat"].to_numpy(np.float64)
    middle = (float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2)
    east_m, north_m = _metres(middle[1])

    def flat(shapes: Any) -> Any:
        return shapely.transform(shapes, lambda at: (at - middle) * (east_m, -north_m))

    points = flat(shapely.points(lon, lat))
    circle = shapely.union_all(shapely.buffer(points, CIRCLE_M, quad_segs=_QUARTER))
    grounds = [one for one in flat(footprints(pixels, bearing_deg)) if one is not None]
    around = shapely.union_all([circle, *grounds])
    west, north, east, south = shapely.bounds(around) + np.array([-1, -1, 1, 1]) * _MARGIN_M
    frame = shapely.box(west, north, east, south)
    counties = _outlines(layers, tuple(sorted(code for code in adcodes if code)))
    lines = shapely.intersection(shapely.boundary(flat(np.array(counties, object))), frame)
    return Sketch(
        box=f"{west:.0f} {north:.0f} {east - west:.0f} {south - north:.0f}",
        width=float(east - west),
        height=float(south - north),
        footprints=[_path(one) for one in grounds],
        circle=_path(circle),
        lines=" ".join(_path(one) for one in lines),
        centres=[
            {"x": round(float(one.x), 1), "y": round(float(one.y), 1), "push": kind == "push"}
            for one, kind in zip(points, pixels["kind"], strict=True)
        ],
        scale_m=_scale(float(east - west)),
        left_out=left_out,
    )


def _metres(lat: float) -> tuple[float, float]:
    """Return the metres of a degree eastward and northward at a latitude."""
    sine = math.sin(math.radians(lat))
    normal = SEMI_MAJOR_M / math.sqrt(1.0 - _E2 * sine**2)
    meridian = normal * (1.0 - _E2) / (1.0 - _E2 * sine**2)
    return math.radians(normal * math.cos(math.radians(lat))), math.radians(meridian)


def _scale(width_m: float) -> int:
    """Return a round length that is about a quarter of the width."""
    power = 10 ** math.floor(math.log10(width_m / 4))
    return int(max(step * power for step in (1, 2, 5) if step * power <= width_m / 4))


def _path(shape: Any) -> str:
    """Return a line or a polygon as the data of a path, whole metres."""
    import shapely

    rings = []
    for part in shapely.get_parts(shape):
        whole = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in whole:
            if ring.geom_type == "GeometryCollection" or ring.is_empty:
                continue
            corners = " ".join(f"{x:.0f},{y:.0f}" for x, y in shapely.get_coordinates(ring))
            rings.append(f"M{corners}" + ("Z" if part.geom_type == "Polygon" else ""))
    return "".join(rings)


def _outlines(layers: Path, adcodes: tuple[str, ...]) -> list[Any]:
    if not adcodes:
        return []
    parts = _parts(open_layers(layers).path)
    positions = np.flatnonzero(parts.counties["adcode"].isin(adcodes).to_numpy()).astype(np.int32)
    return list(parts.polygons(positions))


@lru_cache(maxsize=2)
def _parts(path: Path) -> AdminParts:
    return load_admin(path)
