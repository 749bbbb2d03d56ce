"""Reads a vector file into a layer in WGS 84."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.vectors.kinds import vector_kind
from geoaq.io.vectors.shapefiles import copied_shapefile, mend_names, table_encoding, unpacked_shapefile

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

# The only drivers that may open a user's file, by kind (GDAL's names).
DRIVERS = {"gpkg": ("GPKG",), "shp": ("ESRI Shapefile",), "kml": ("KML", "LIBKML")}
# What the parts of a GeoJSON that are not what they should be make of the program.
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_NAMED_CRS = re.compile(r"(?:urn:ogc:def:crs:)?(?:EPSG:[\d.]*:?|OGC:1\.3:CRS)(\d{4,5}|84)", re.IGNORECASE)


def read_vector(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> GeoDataFrame:
    """Read areas or points that an office brings.

    The file is known by its content; it is read from a private copy with a name of our own, by one named
    driver, so that no VRT, no ``/vsi`` name, no network and no other file is ever reached.

    Parameters
    ----------
    path
        GeoPackage, shapefile (``.shp`` beside its parts, or one in a zip; table in UTF-8 or GB18030), GeoJSON
        or KML.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    GeoDataFrame
        WGS 84 (EPSG:4326), longitude first, two dimensions, valid geometries; features without geometry are
        left out.

    Raises
    ------
    InputError
        Another kind of file, broken, without features, without a coordinate system, latitude first, or on
        Beijing 1954 or Xian 1980.
    LimitError
        Too large, too many features or vertices.
    """
    kind = vector_kind(path, limits)
    if kind == "geojson":
        return _cleaned(_read_geojson(path, limits), path.name, limits)
    with private_copy(path, kind, limits) as (copy, encoding):
        frame = read_by_driver(copy, kind, path.name, limits, encoding)
    return _cleaned(frame, path.name, limits)


@contextmanager
def private_copy(path: Path, kind: str, limits: Limits) -> Iterator[tuple[Path, str | None]]:
    """Copy a file, with its parts, under a name of our own; give the copy and the encoding of its table."""
    with TemporaryDirectory(prefix="geoaq-") as name:
        folder = Path(name)
        if kind in {"shp", "zip"}:
            shape = (
                unpacked_shapefile(path, folder, limits) if kind == "zip" else copied_shapefile(path, folder)
            )
            encoding = table_encoding(shape)
            mend_names(shape, encoding)
            yield shape, encoding
        else:
            copy = folder / f"layer.{kind}"
            shutil.copyfile(path, copy)
            yield copy, None


def read_by_driver(
    path: Path, kind: str, name: str, limits: Limits, encoding: str | None, *, flat: bool = True
) -> GeoDataFrame:
    """Read a private copy by its one driver, as it stands.

    Parameters
    ----------
    path, encoding
        As `private_copy` gives them.
    kind
        As `geoaq.io.vectors.kinds.vector_kind` says.
    name
        How its user calls it.
    limits
        Sizes beyond which the file is refused.
    flat
        Leave heights out.
    """
    from pyogrio import list_layers, read_dataframe, read_info
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

    # GDAL warns of rings that are not closed and the like; shapes are made valid afterwards. An
    # UnboundLocalError is what pyogrio raises for a coordinate system that it cannot export.
    broken = (
        DataLayerError, DataSourceError, FieldError, GeometryError, IndexError, ValueError, UnboundLocalError
    )  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            layer = str(list_layers(path)[0, 0])
            info = read_info(path, layer=layer, force_feature_count=True, encoding=encoding)
            if info["driver"] not in DRIVERS["shp" if kind == "zip" else kind]:
                raise InputError("not_a_layer", name=name)
            if info["features"] > limits.features:
                count = info["features"]
                raise LimitError("too_many_features", name=name, count=count, limit=limits.features)
            frame: GeoDataFrame = read_dataframe(
                path, layer=layer, encoding=encoding, force_2d=flat, on_invalid="ignore"
            )
    except broken as error:
        raise InputError("layer_broken", name=name) from error
    if not hasattr(frame, "geometry"):
        raise InputError("layer_empty", name=name)
    return frame


def _read_geojson(path: Path, limits: Limits) -> GeoDataFrame:
    """Read a GeoJSON without GDAL; without a ``crs`` member it is WGS 84 (RFC 7946)."""
    import geopandas as gpd
    from shapely.errors import ShapelyError

    features, crs = geojson_features(path, limits)
    try:
        frame = gpd.GeoDataFrame.from_features(features) if features else gpd.GeoDataFrame(geometry=[])
    except (*MALFORMED, ShapelyError) as error:
        raise InputError("layer_broken", name=path.name) from error
    try:
        return frame.set_crs(crs or 4326)
    except RuntimeError as error:
        # pyproj's word for a code that it does not know.
        raise InputError("layer_crs_unknown", name=path.name) from error


def geojson_features(path: Path, limits: Limits) -> tuple[list[dict[str, Any]], int | None]:
    """Return the features of a GeoJSON as they stand, and the EPSG code of its ``crs`` member if it has one.

    Raises
    ------
    InputError
        No GeoJSON, or a ``crs`` that names no known code.
    LimitError
        Too many features.
    """
    try:
        data: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
        features = _features(data)
        if len(features) > limits.features:
            raise LimitError("too_many_features", name=path.name, count=len(features), limit=limits.features)
    except MALFORMED as error:
        raise InputError("layer_broken", name=path.name) from error
    return features, _geojson_crs(data, path.name)


def _features(data: Any) -> list[dict[str, Any]]:
    if data["type"] == "FeatureCollection":
        return [{**each, "properties": each.get("properties") or {}} for each in data["features"]]
    if data["type"] == "Feature":
        return [{**data, "properties": data.get("properties") or {}}]
    if "coordinates" in data or "geometries" in data:
        return [{"type": "Feature", "properties": {}, "geometry": data}]
    msg = "no features"
    raise ValueError(msg)


def _geojson_crs(data: Any, name: str) -> int | None:
    stated = data.get("crs")
    if stated is None:
        return None
    properties = stated.get("properties") if isinstance(stated, dict) else None
    text = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    found = _NAMED_CRS.fullmatch(text)
    if not found:
        raise InputError("layer_crs_unknown", name=name)
    return 4326 if found[1] == "84" else int(found[1])


def _cleaned(frame: GeoDataFrame, name: str, limits: Limits) -> GeoDataFrame:
    import shapely

    from geoaq.crs import require_crs

    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    if frame.empty:
        raise InputError("layer_empty", name=name)
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    if vertices > limits.vertices:
        raise LimitError("too_many_vertices", name=name, count=vertices, limit=limits.vertices)
    frame = require_crs(frame)
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    west, south, east, north = shapely.total_bounds(shapes)
    if not np.isfinite([west, south, east, north]).all():
        raise InputError("layer_broken", name=name)
    if west >= 3 and east <= 54 and south >= 73 and north <= 136:
        raise InputError("layer_latitude_first", name=name)
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise InputError("layer_not_degrees", name=name)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return frame.set_geometry(shapes, crs=4326).reset_index(drop=True)
