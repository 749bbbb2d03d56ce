"""Findings for a GIS: ``findings.geojson`` and ``findings.gpkg``, WGS 84, longitude first."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from geoaq.report.columns import Subject, subjects_schema
from geoaq.report.sentences import Citations, lead_sentences
from geoaq.report.tables import subjects_table

_DIGITS = {"distance_km": 5, "margin_m": 1, "u_m": 1, "distance_u_m": 1}
_CRS = "EPSG:4326"
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("lon", "<f8"), ("lat", "<f8")])
_PLANT_COLUMNS = (
    "plant_id", "name", "installed_mw", "largest_unit_mw", "fuel", "heat_evidence", "confirmed_document",
    "confirmed_issuer",
)  # fmt: skip


def write_geojson(
    path: Path, subjects: pd.DataFrame, citations: Citations, *, subject: Subject = "boiler", lang: str = "zh"
) -> None:
    """Write one point a subject (RFC 7946), with lead verdict, sentence, nearest plant and margin.

    Coordinates have 6 decimals of a degree. A feature's ``id`` is ``row-part``; a value that is not known is
    null. Only the columns of ``subjects_schema`` leave: nothing personal is among them.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for number, line in enumerate(_features(subjects, citations, subject, lang)):
            file.write(",\n" if number else "\n")
            file.write(line)
        file.write("\n]}\n")


def _features(subjects: pd.DataFrame, citations: Citations, subject: Subject, lang: str) -> Iterator[str]:
    table = subjects_table(subjects, subjects_schema(subject))
    names = [name for name in table.column_names if name not in ("lon", "lat")]
    columns = [_plain(table[name].to_pylist(), _DIGITS.get(name)) for name in names]
    columns.append(lead_sentences(subjects, citations, lang))
    names.append("sentence")
    points = zip(table["lon"].to_pylist(), table["lat"].to_pylist(), strict=True)
    for (lon, lat), values in zip(points, zip(*columns, strict=True), strict=True):
        found = dict(zip(names, values, strict=True))
        words = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield (
            f'{{"type":"Feature","id":"{found["row"]}-{found["part"]}","geometry":{{"type":"Point",'
            f'"coordinates":[{lon:.6f},{lat:.6f}]}},"properties":{words}}}'
        )


def _plain(values: list[Any], digits: int | None) -> list[Any]:
    """Return values for json: rounded where a number of digits is set, null instead of an infinity."""
    if digits is None:
        return [None if isinstance(v, float) and not math.isfinite(v) else v for v in values]
    return [None if v is None or not math.isfinite(v) else round(v, digits) + 0.0 for v in values]


@dataclass(frozen=True)
class SpatialLayer:
    """One layer of a GeoPackage.

    Parameters
    ----------
    name
        Name of the layer.
    kind
        ``Point``, ``LineString``, ``Polygon`` or ``MultiPolygon``.
    columns
        The attributes, one row a feature.
    geometry
        Well-known binary, WGS 84, aligned to ``columns``.
    """

    name: str
    kind: str
    columns: pa.Table
    geometry: pa.Array


def plant_layer(plants: pd.DataFrame) -> SpatialLayer:
    """Return the plants that were looked at (``frames.PLANTS``) as points."""
    chosen = plants[[name for name in _PLANT_COLUMNS if name in plants.columns]]
    places = (plants[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    return SpatialLayer(
        "plants", "Point", pa.Table.from_pandas(chosen, preserve_index=False), points_wkb(*places)
    )


def disc_layer(discs: Any) -> SpatialLayer:
    """Return the discs of ``zones.heating.delineate`` (GeoDataFrame in WGS 84; it may be empty)."""
    columns = pa.Table.from_pandas(pd.DataFrame(discs.drop(columns="geometry")), preserve_index=False)
    return SpatialLayer("discs", "Polygon", columns, pa.array(discs.geometry.to_wkb().tolist(), pa.binary()))


def write_geopackage(
    path: Path,
    subjects: pd.DataFrame,
    layers: Sequence[SpatialLayer],
    citations: Citations,
    *,
    as_of: date,
    subject: Subject = "boiler",
    lang: str = "zh",
) -> None:
    """Write the layer ``subjects`` (points) and others beside it.

    Parameters
    ----------
    path
        The file to write.
    subjects
        One row a subject (``columns.subjects_schema``).
    layers
        What else was looked at.
    citations
        For each rule its ``title``, for the sentences.
    as_of
        The day whose rules were asked for: the date that the file carries in place of the clock.
    subject
        What the list holds.
    lang
        Language of the sentences.
    """
    import pyogrio

    table = subjects_table(subjects, subjects_schema(subject))
    table = table.append_column("sentence", pa.array(lead_sentences(subjects, citations, lang), pa.string()))
    places = points_wkb(table["lon"].to_numpy(), table["lat"].to_numpy())
    previous = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of.isoformat()}T00:00:00.000Z"})
    try:
        for number, layer in enumerate([SpatialLayer("subjects", "Point", table, places), *layers]):
            pyogrio.write_arrow(
                layer.columns.replace_schema_metadata(None).append_column("geometry", layer.geometry),
                path,
                layer=layer.name,
                driver="GPKG",
                geometry_name="geometry",
                geometry_type=layer.kind,
                crs=_CRS,
                append=number > 0,
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": previous})


def points_wkb(lon: Any, lat: Any) -> pa.Array:
    """Return points as well-known binary, from degrees."""
    packed = np.zeros(len(lon), _POINT)
    packed["order"], packed["kind"], packed["lon"], packed["lat"] = 1, 1, lon, lat
    fixed = pa.binary(_POINT.itemsize)
    return pa.Array.from_buffers(fixed, len(packed), [None, pa.py_buffer(packed.tobytes())]).cast(pa.binary())


def feature_layer(name: str, kind: str, collection: Mapping[str, Any]) -> SpatialLayer:
    """Return a GeoJSON FeatureCollection (WGS 84) as a layer; its features have the same properties.

    Parameters
    ----------
    name
        Name of the layer.
    kind
        Its geometry; polygons become multipolygons where that is asked for.
    collection
        The features; there may be none.
    """
    import shapely

    features = collection["features"]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in features])
    if kind == "MultiPolygon":
        shapes = [one if one.geom_type == kind else shapely.MultiPolygon([one]) for one in shapes]
    columns = {"row": pa.array([], pa.int64())}
    for key in features[0]["properties"] if features else ():
        values = pa.array([one["properties"][key] for one in features])
        columns[key] = values.cast(pa.string()) if pa.types.is_null(values.type) else values
    return SpatialLayer(name, kind, pa.table(columns), pa.array(list(shapely.to_wkb(shapes)), pa.binary()))
