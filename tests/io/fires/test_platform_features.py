"""Detections of a platform as vector files: GeoJSON, shapefile, KML."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

# 13:32 in Beijing on 11 June 2025.
AT = 1_749_619_920


def test_features_are_read_with_their_attributes(tmp_path: Path, read: Callable[..., Any]) -> None:
    properties = {"火点编号": "HD001", "过境时间": "2025-06-11 13:32", "卫星": "NOAA-20", "置信度": "中"}
    square = [[120.90, 30.80], [120.94, 30.80], [120.94, 30.84], [120.90, 30.84], [120.90, 30.80]]
    shapes = [
        {"type": "Point", "coordinates": [120.921735, 30.838912]},
        {"type": "Polygon", "coordinates": [square]},
        None,
    ]
    features = [{"type": "Feature", "geometry": each, "properties": properties} for each in shapes]
    path = tmp_path / "火点.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    found = read(path)
    assert found.layouts == {"features"}
    assert (found.rows_read, len(found.frame)) == (3, 2)
    assert found.frame["lon"].round(9).tolist() == [120.921735, 120.92]
    errors = found.issues[found.issues["severity"] == "error"]
    assert errors[["row", "code"]].to_numpy().tolist() == [[3, "coordinate_missing"]] * 2


def test_a_shapefile_in_plane_coordinates_is_read(tmp_path: Path, read: Callable[..., Any]) -> None:
    import geopandas as gpd
    from shapely.geometry import Point

    cells = {"火点编号": ["HD001"], "过境时间": ["2025-06-11 13:32"]}
    frame = gpd.GeoDataFrame(cells, geometry=[Point(120.921735, 30.838912)], crs=4326).to_crs(4549)
    frame.to_file(tmp_path / "fire.shp", encoding="GB18030")
    one = read(tmp_path / "fire.shp").one()
    assert abs(one["lon"] - 120.921735) < 1e-6
    assert one["acquired"] == AT


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>HD001</name>
<description><![CDATA[<b>过境时间</b>：2025-06-11 13:32<br/>
<b>卫星</b>：NOAA-20<br/>置信度：高]]></description>
<Point><coordinates>120.921735,30.838912,0</coordinates></Point></Placemark></Document></kml>"""


def test_the_description_of_a_kml_is_taken_apart(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "fires.kml"
    path.write_text(KML, "utf-8")
    found = read(path)
    one = found.one()
    assert (one["acquired"], one["confidence"], one["lon"]) == (AT, 2, 120.921735)
    assert json.loads(found.extra["data"].iloc[0]) == {"fire_no": "HD001", "satellite": "noaa20"}
