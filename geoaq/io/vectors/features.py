"""Reads the features of a vector file as they stand: nothing repaired, converted or left out."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.tables.kinds import require_file
from geoaq.io.vectors.kinds import vector_kind
from geoaq.io.vectors.reading import MALFORMED, geojson_features, private_copy, read_by_driver

_HEADS = (b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"{", b"<")


@dataclass(frozen=True)
class Features:
    """The features of one layer.

    Parameters
    ----------
    kind
        ``gpkg``, ``shp``, ``geojson`` or ``kml``.
    layer, others
        The layer that was read, and the names of those that were not.
    encoding
        Of a shapefile's table, else ``""``.
    attributes
        The attributes as text, ``""`` where a feature has none; one row a feature.
    shapes
        Shapely geometries as they stand, None where a feature has none that can be read; shape (n,).
    crs
        The coordinate system (as of geopandas), None where the file states none.
    by_format
        The coordinate system is that of the format, not a statement of the file.
    """

    kind: str
    layer: str
    others: tuple[str, ...]
    encoding: str
    attributes: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    crs: Any
    by_format: bool


def is_vector(path: Path, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Say whether a file is one of shapes rather than a table, by its content.

    Raises
    ------
    InputError
        Missing or empty.
    LimitError
        Larger than ``limits.file_mb``.
    """
    require_file(path, limits)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as packed:
                return any(name.lower().endswith(".shp") for name in packed.namelist())
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
            return False
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(_HEADS[:2]) or start.startswith(_HEADS[2]) or b"<kml" in start.lower()


def read_features(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Features:
    """Read every feature of a GeoPackage, shapefile, GeoJSON or KML, opened as narrowly as `read_vector`.

    Raises
    ------
    InputError
        Another kind of file, broken, or without features.
    LimitError
        Too large, too many features, attributes or vertices.
    """
    import shapely

    kind = vector_kind(path, limits)
    if kind == "geojson":
        found = _geojson(path, limits)
    else:
        with private_copy(path, kind, limits) as (copy, encoding):
            found = _by_driver(copy, kind, path.name, limits, encoding)
    if not len(found.shapes):
        raise InputError("layer_empty", name=path.name)
    vertices = int(shapely.get_num_coordinates(found.shapes).sum())
    if vertices > limits.vertices:
        raise LimitError("too_many_vertices", name=path.name, count=vertices, limit=limits.vertices)
    return found


def in_degrees(features: Features) -> npt.NDArray[np.object_]:
    """Return the shapes on WGS 84, flat, nothing mended; shape (n,).

    Raises
    ------
    InputError
        As `geoaq.crs.require_crs`: the coordinate system is unknown or refused.
    """
    import geopandas as gpd
    import shapely

    from geoaq.crs import require_crs

    frame = require_crs(gpd.GeoDataFrame(geometry=features.shapes, crs=features.crs))
    flat: npt.NDArray[np.object_] = np.asarray(shapely.force_2d(frame.geometry.to_numpy()), object)
    return flat


def _by_driver(copy: Path, kind: str, name: str, limits: Limits, encoding: str | None) -> Features:
    from pyogrio import list_layers

    frame = read_by_driver(copy, kind, name, limits, encoding, flat=False)
    layers = [str(layer) for layer, *_ in list_layers(copy)]
    texts = frame.drop(columns=frame.geometry.name)
    _require_columns(len(texts.columns), name, limits)
    return Features(
        kind="shp" if kind == "zip" else kind,
        layer="" if encoding else layers[0],
        others=tuple(layers[1:]),
        encoding=encoding or "",
        attributes=pd.DataFrame(
            {column: [_text(cell) for cell in texts[column]] for column in texts}, dtype=object
        ),
        shapes=frame.geometry.to_numpy(),
        crs=frame.crs,
        by_format=kind == "kml",
    )


def _geojson(path: Path, limits: Limits) -> Features:
    import geopandas as gpd

    features, code = geojson_features(path, limits)
    try:
        names = list(dict.fromkeys(str(name) for feature in features for name in feature["properties"]))
        _require_columns(len(names), path.name, limits)
        cells = {name: [_text(feature["properties"].get(name)) for feature in features] for name in names}
    except MALFORMED as error:
        raise InputError("layer_broken", name=path.name) from error
    shapes = np.empty(len(features), object)
    for place, feature in enumerate(features):
        shapes[place] = _shape(feature.get("geometry"))
    try:
        crs = gpd.GeoSeries([], crs=code or 4326).crs
    except RuntimeError as error:
        # pyproj's word for a code that it does not know.
        raise InputError("layer_crs_unknown", name=path.name) from error
    attributes = pd.DataFrame(cells, index=range(len(features)), dtype=object)
    return Features("geojson", "", (), "", attributes, shapes, crs, by_format=code is None)


def _shape(stated: Any) -> Any:
    """Return the shape of a GeoJSON geometry, None where it is null or no geometry."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    if stated is None:
        return None
    try:
        return shape(stated)
    except (*MALFORMED, ShapelyError):
        return None


def _require_columns(count: int, name: str, limits: Limits) -> None:
    if count > limits.columns:
        raise LimitError("too_many_columns", name=name, columns=count, limit=limits.columns)


def _text(cell: Any) -> str:
    """Return an attribute as a sheet would print it: whole numbers without places, nothing for null."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return ""
    if isinstance(cell, float | np.floating):
        return "" if np.isnan(cell) else f"{float(cell):.15g}"
    return str(cell)
