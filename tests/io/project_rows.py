"""Projects made on the spot: rows of a list, and features with the same columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import mapping

HEADER = ("项目名称", "建设单位", "经度", "纬度", "坐标系", "行业代码", "建设性质", "排气筒高度（m）")
PLAIN = ("甲水泥熟料线", "甲建材", "120.921735", "30.838912", "CGCS2000", "C3011 水泥制造", "新建", "80")
FACTS = {"项目名称": "甲水泥熟料线", "行业代码": "C3011", "建设性质": "新建", "排气筒高度": 80}


def with_cells(**cells: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return header and row of a plain project with cells changed or added (keys are headers)."""
    row = dict(zip(HEADER, PLAIN, strict=True)) | cells
    return tuple(row), tuple(row.values())


def write_geojson(path: Path, shapes: Sequence[Any], **facts: object) -> Path:
    """Write features with the facts of a plain project; a shape may be a mapping, shapely's, or None."""
    features = [
        {
            "type": "Feature",
            "properties": FACTS | {"项目名称": f"项目{number}"} | facts,
            "geometry": shape if shape is None or isinstance(shape, dict) else mapping(shape),
        }
        for number, shape in enumerate(shapes, start=1)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def layer(shape: object, crs: int, **facts: object) -> gpd.GeoDataFrame:
    """Return one site with the facts of a plain project, in a coordinate system of that EPSG code."""
    frame = gpd.GeoDataFrame({name: [fact] for name, fact in (FACTS | facts).items()}, geometry=[shape])
    return frame.set_crs(4326).to_crs(crs)


def as_shapefile(frame: gpd.GeoDataFrame, path: Path, encoding: str) -> None:
    """Write a shapefile with its names cut off at ten bytes, as GIS programs do."""
    names = {name: name.encode(encoding)[:10].decode(encoding, "ignore") for name in frame.columns}
    frame.rename(columns=names | {"geometry": "geometry"}).to_file(path, encoding=encoding)
