"""What a screening rested on, for a map: plants, discs and the office's own areas as GeoJSON.

Longitude first, WGS 84, five decimals of a degree (about a metre): pictures, the tables decide.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

DECIMALS = 5
# An area is drawn with at most this many corners, about 2 MB.
MOST_CORNERS = 100_000
_PLANT_WORDS = ("heat_evidence", "confirmed_document", "confirmed_issuer")
_FINEST_M, _COARSEST_M = 5.0, 320.0
_METRES_A_DEGREE = 111_320.0
_SAMPLE = 500
# A disc has 64 corners a quadrant; of so many one is drawn, the map lays a curve through them.
_DISC_STEP = 8
Shapes = npt.NDArray[np.object_]


def plant_features(plants: pd.DataFrame) -> dict[str, Any]:
    """Return plants as points.

    Parameters
    ----------
    plants
        ``frames.PLANTS``.

    Returns
    -------
    dict
        A FeatureCollection; properties ``plant_id``, ``name``, ``installed_mw`` (MW or null), ``confirmed``
        (by document and issuer), ``heat_evidence``, ``confirmed_document``, ``confirmed_issuer``.
    """
    features = []
    for plant in plants.to_dict("records"):
        words = {name: _word(plant.get(name)) for name in _PLANT_WORDS}
        megawatts = float(plant["installed_mw"])
        properties = {
            "plant_id": str(plant["plant_id"]),
            "name": _word(plant["name"]),
            "installed_mw": megawatts if math.isfinite(megawatts) else None,
            "confirmed": bool(words["confirmed_document"] and words["confirmed_issuer"]),
            **words,
        }
        point = [round(float(plant["lon"]), DECIMALS), round(float(plant["lat"]), DECIMALS)]
        features.append(_feature({"type": "Point", "coordinates": point}, properties))
    return _collection(features)


def disc_features(discs: Any) -> dict[str, Any]:
    """Return the discs of ``zones.heating.delineate`` as polygons of 32 corners; ``plant_id``, ``confirmed``.

    The map draws a closed curve through the corners, which lies within a metre of the circle at 30 km; the
    sides of the polygon lie up to 145 m inside it.
    """
    return _collection(
        _feature(shape, {"plant_id": str(plant), "confirmed": bool(confirmed)})
        for plant, confirmed, shape in zip(
            discs["plant_id"], discs["confirmed"], _geometries(_thinned(discs.geometry)), strict=True
        )
    )


def _thinned(discs: Any) -> Shapes:
    """Return polygons with every eighth corner."""
    import shapely

    rings = [shapely.get_coordinates(shape)[:-1:_DISC_STEP] for shape in discs]
    return np.array([shapely.Polygon(ring) for ring in rings], object)


def area_features(shapes: Shapes) -> dict[str, Any]:
    """Return the areas that an office supplied, simplified for a picture, without any of their attributes.

    Parameters
    ----------
    shapes
        Polygons and multipolygons, WGS 84.

    Returns
    -------
    dict
        As of `picture_features`.
    """
    return picture_features(shapes, [{}] * len(shapes))


def picture_features(shapes: Shapes, records: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """Return shapes simplified for a picture, with their properties.

    Parameters
    ----------
    shapes
        Areas, lines or points, WGS 84, shape (n,).
    records
        The properties of each.

    Returns
    -------
    dict
        A FeatureCollection with two keys more: ``tolerance_m`` (how far a line may lie from where it was: 5,
        doubled until the corners are at most `MOST_CORNERS`) and ``left_out`` (the smallest shapes, where
        even that does not do).
    """
    import shapely

    tolerance = _FINEST_M
    if len(shapes) > 2 * _SAMPLE and shapely.get_num_coordinates(shapes).sum() > 2 * MOST_CORNERS:
        # Simplifying takes long: where to begin is tried on a few of many shapes.
        few = shapes[:: len(shapes) // _SAMPLE]
        share = MOST_CORNERS * len(few) / len(shapes)
        tolerance = max(_FINEST_M, _simplified(few, tolerance, share)[1] / 2)
    drawn, tolerance = _simplified(shapes, tolerance, MOST_CORNERS)
    largest = np.lexsort((-shapely.length(drawn), -shapely.area(drawn)))
    fits = np.cumsum(shapely.get_num_coordinates(drawn[largest])) <= MOST_CORNERS
    kept = np.sort(largest[fits])
    collection = shape_features(drawn[kept], [records[place] for place in kept])
    return collection | {"tolerance_m": tolerance, "left_out": len(shapes) - len(kept)}


def _simplified(shapes: Shapes, tolerance: float, most: float) -> tuple[Shapes, float]:
    """Return shapes with at most so many corners in all, or at the coarsest, and the tolerance in metres."""
    import shapely

    while True:
        drawn: Shapes = shapely.simplify(shapes, tolerance / _METRES_A_DEGREE, preserve_topology=True)
        if shapely.get_num_coordinates(drawn).sum() <= most or tolerance >= _COARSEST_M:
            return drawn, tolerance
        tolerance *= 2


def shape_features(shapes: Shapes, records: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """Return shapes (WGS 84) with their properties; what is not a number of a record becomes null."""
    return _collection(
        _feature(shape, {str(name): _plain(value) for name, value in record.items()})
        for shape, record in zip(_geometries(shapes), records, strict=True)
    )


def write_features(path: Path, collection: dict[str, Any]) -> None:
    """Write a FeatureCollection: UTF-8, no blanks, a final newline."""
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", "utf-8", newline="\n")


def _geometries(shapes: Shapes) -> Iterator[dict[str, Any]]:
    import shapely

    rounded = shapely.transform(shapes, lambda places: np.round(places, DECIMALS))
    return (json.loads(text) for text in shapely.to_geojson(rounded))


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is None or value != value else value


def _word(value: Any) -> str:
    return "" if value is None or value != value else str(value)
