"""Where the name of an area stands on the map: a point well inside its largest part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

_DECIMALS = 4
# How exactly edges and the innermost point are taken, as a share of the width of a square of the same area;
# and which share of that point's distance from the edge is room enough.
_SOUGHT = 0.02
_ROOM = 0.5

Name = list[str | float]


def label_points(shapes: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return a point inside each area, and the extent of the part it lies in.

    Parameters
    ----------
    shapes
        Polygons or multipolygons in degrees, shape (n,).

    Returns
    -------
    points
        Longitude and latitude in degrees, four decimals, shape (n, 2): in the largest part, the point nearest
        to its centroid that keeps at least half the distance from the edge that the innermost point has.
    extents
        Area of that part in square degrees, shape (n,): the order in which names find room.
    """
    largest = np.array([_largest(shape) for shape in np.asarray(shapes, object)], object)
    exactly = _SOUGHT * np.sqrt(shapely.area(largest))
    plain = shapely.simplify(largest, exactly)
    radii = shapely.length(shapely.maximum_inscribed_circle(plain, exactly))
    roomy = shapely.buffer(plain, -_ROOM * radii)
    nearest = shapely.get_point(shapely.shortest_line(roomy, shapely.centroid(largest)), 0)
    points = shapely.get_coordinates(nearest)
    return np.round(points, _DECIMALS), shapely.area(largest)


def named(shapes: npt.ArrayLike, words: Iterable[Mapping[str, Any]]) -> list[Name]:
    """Return ``[name, lon, lat, extent, adcode]`` of each area, the largest first.

    Parameters
    ----------
    shapes
        As in `label_points`.
    words
        What the display says of each: ``name`` and ``adcode`` are read.
    """
    points, extents = label_points(shapes)
    found: list[Name] = [
        [str(word["name"]), float(lon), float(lat), float(np.round(extent, _DECIMALS)), str(word["adcode"])]
        for word, (lon, lat), extent in zip(words, points, extents, strict=True)
    ]
    return sorted(found, key=lambda name: (-float(name[3]), str(name[4])))


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return parts[int(np.argmax(shapely.area(parts)))]
