"""Boundaries as the browser draws them: features with rounded coordinates and few vertices.

Neighbours keep one line between them, because a whole coverage is simplified at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.io.built import save_json

# Holes smaller than this (square degrees, about a square kilometre) between dissolved neighbours are faults.
_SLIVER = 1e-4
# Positions of the smallest ring that encloses anything: a triangle, closed.
_SMALLEST_RING = 4


def simplified(polygons: npt.NDArray[np.object_], *, tolerance_deg: float) -> npt.NDArray[np.object_]:
    """Return a polygon coverage (WGS 84) with fewer vertices, its shared lines still shared.

    Parameters
    ----------
    polygons
        Shape (n,); polygons that share lines vertex by vertex.
    tolerance_deg
        Triangles smaller than the square of this are removed (Visvalingam-Whyatt), degrees.
    """
    import shapely

    fewer: npt.NDArray[np.object_] = shapely.coverage_simplify(polygons, tolerance_deg)
    return fewer


def dissolved(polygons: npt.NDArray[np.object_]) -> Any:
    """Return the union of polygons of one coverage, without the slivers that small faults leave inside."""
    import shapely

    return without_slivers(shapely.unary_union(polygons))


def without_slivers(area: Any) -> Any:
    """Return an area without its holes smaller than about a square kilometre."""
    import shapely

    parts = [
        shapely.Polygon(
            part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > _SLIVER]
        )
        for part in shapely.get_parts(area)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


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
    """Return an RFC 7946 geometry: outer rings anticlockwise, coordinates rounded."""
    import shapely

    kind = shape.geom_type
    if kind in {"Polygon", "MultiPolygon"}:
        parts = [_polygon(part, decimals) for part in shapely.get_parts(shapely.orient_polygons(shape))]
        parts = [part for part in parts if part]
        return {"type": kind, "coordinates": parts[0] if kind == "Polygon" else parts}
    if kind == "MultiLineString":
        return {"type": kind, "coordinates": [_positions(part, decimals) for part in shape.geoms]}
    positions = _positions(shape, decimals)
    return {"type": kind, "coordinates": positions[0] if kind == "Point" else positions}


def _polygon(part: Any, decimals: int) -> list[list[list[float]]]:
    """Return the rings of a polygon; rings that rounding closes to a line are left out."""
    rings = [_positions(ring, decimals) for ring in (part.exterior, *part.interiors)]
    if len(rings[0]) < _SMALLEST_RING:
        return []
    return [ring for ring in rings if len(ring) >= _SMALLEST_RING]


def _positions(line: Any, decimals: int) -> list[list[float]]:
    """Return rounded positions without repeats."""
    import shapely

    xy = np.round(shapely.get_coordinates(line), decimals) + 0.0
    fresh = np.append(True, (xy[1:] != xy[:-1]).any(axis=1))
    positions: list[list[float]] = xy[fresh].tolist()
    return positions
