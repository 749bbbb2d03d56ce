"""Boundaries as the browser draws them: features with rounded coordinates and few vertices.

Neighbours keep one line between them, because a whole coverage is simplified at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.io.built import save_json


def simplified(
    polygons: npt.NDArray[np.object_], *, tolerance_deg: float, decimals: int
) -> npt.NDArray[np.object_]:
    """Return a polygon coverage (WGS 84) with fewer vertices, its shared lines still shared.

    Parameters
    ----------
    polygons
        Shape (n,); polygons that share lines vertex by vertex.
    tolerance_deg
        Triangles smaller than the square of this are removed (Visvalingam-Whyatt), degrees.
    decimals
        Decimals of a degree that remain.
    """
    import shapely

    fewer = shapely.coverage_simplify(polygons, tolerance_deg)
    snapped = shapely.transform(fewer, lambda xy: np.round(xy, decimals))
    kept: npt.NDArray[np.object_] = np.array([_without_slivers(shape) for shape in snapped], object)
    return kept


def _without_slivers(shape: Any) -> Any:
    """Drop rings that rounding has closed to a line; a shape keeps at least its largest part."""
    import shapely

    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > 0])
        for part in shapely.get_parts(shape)
        if part.area > 0
    ]
    if not parts:
        return shape
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def dissolved(polygons: npt.NDArray[np.object_]) -> Any:
    """Return the union of polygons of one coverage, without inner lines or slivers."""
    import shapely

    return shapely.union_all(polygons, grid_size=1e-6)


def save_features(
    path: Path, shapes: Iterable[Any], properties: Iterable[Mapping[str, object]], *, decimals: int
) -> int:
    """Write a GeoJSON FeatureCollection (RFC 7946) and return its size in bytes."""
    features = [
        {"type": "Feature", "geometry": _geometry(shape, decimals), "properties": dict(words)}
        for shape, words in zip(shapes, properties, strict=True)
    ]
    return save_json(path, {"type": "FeatureCollection", "features": features})


def _geometry(shape: Any, decimals: int) -> dict[str, object]:
    """Return an RFC 7946 geometry: outer rings anticlockwise, coordinates rounded, -0.0 avoided."""
    from shapely.geometry import mapping
    from shapely.geometry.polygon import orient

    if shape.geom_type == "Polygon":
        shape = orient(shape)
    elif shape.geom_type == "MultiPolygon":
        shape = type(shape)([orient(part) for part in shape.geoms])
    made = mapping(shape)
    return {"type": made["type"], "coordinates": _rounded(made["coordinates"], decimals)}


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, (tuple, list)):
        return [_rounded(part, decimals) for part in value]
    number = round(float(value), decimals) + 0.0
    return int(number) if math.isfinite(number) and number == int(number) else number
