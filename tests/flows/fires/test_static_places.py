"""The office's own hot and glinting places, as fires are judged by them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from geoaq.flows.fires.static_places import own_static_places
from geoaq.store.office_layers import OfficeLayers


def square(lon: float, **properties: str) -> dict[str, object]:
    ring = [[lon, 33.0], [lon + 0.1, 33.0], [lon + 0.1, 33.1], [lon, 33.1], [lon, 33.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_kinds_are_read_in_chinese_and_in_the_words_of_the_policy(tmp_path: Path) -> None:
    assert own_static_places(tmp_path).empty
    kinds = ["钢铁", "photovoltaic", "Steel", "不明", ""]
    features = [square(116.0 + at, 类型=kind) for at, kind in enumerate(kinds)]
    given, checked = tmp_path / "热源.geojson", tmp_path / "checked"
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    given.write_text(text, "utf-8")
    checked.mkdir()
    (checked / "report.json").write_text("{}", "utf-8")
    OfficeLayers(tmp_path).put("static_places", given, checked, now=datetime(2026, 11, 1, tzinfo=UTC))
    places = own_static_places(tmp_path)
    assert places["kind"].tolist() == ["steel", "photovoltaic", "steel", "不明", ""]
    assert [shape.bounds[0] for shape in places["geometry"]] == [116.0, 117.0, 118.0, 119.0, 120.0]
