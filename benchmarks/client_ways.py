"""The two maps that `benchmarks/client.py` shows: ours, served, and folium's own page of the counties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from geoaq.io.built import open_layers

ROOT = Path(__file__).resolve().parent.parent
# What folium's page names from outside and needs, and the part of this machine that stands for it.
PARTS = {"leaflet.js": "leaflet/leaflet.js", "leaflet.css": "leaflet/leaflet.css"}
_KINDS = {".js": "text/javascript", ".css": "text/css"}


def listing(path: Path, layers: Path, n: int) -> None:
    """Write a list of boilers spread over the counties, some kilometres beside where their names stand."""
    counties = json.loads((open_layers(layers).path / "names.json").read_text("utf-8"))["counties"]
    random = np.random.default_rng(1)
    places = np.array([row[1:3] for row in counties])[random.integers(0, len(counties), n)]
    lon, lat = (places + random.normal(0, 0.06, (n, 2))).T
    tph = random.choice([2, 4, 10, 20, 35, 65, 90], n)
    lines = ["编号,单位名称,经度,纬度,燃料,锅炉类型,状态,容量（蒸吨/小时）"]
    lines += [f"GL-{i},单位{i},{lon[i]:.5f},{lat[i]:.5f},煤,蒸汽,在用,{tph[i]}" for i in range(n)]
    path.write_text("\n".join(lines), "utf-8")


def counties_geojson(layers: Path) -> dict[str, Any]:
    """Return the counties as one collection, as the peer embeds them."""
    files = sorted((open_layers(layers).path / "display" / "counties").glob("*.geojson"))
    return {
        "type": "FeatureCollection",
        "features": [one for file in files for one in json.loads(file.read_text("utf-8"))["features"]],
    }


def peer_page(path: Path, layers: Path) -> int:
    """Write folium's page of the counties, drawn on canvas; return how many there are."""
    import folium

    data = counties_geojson(layers)
    chart = folium.Map(location=[36, 108], zoom_start=5, tiles=None, prefer_canvas=True)
    style = {"color": "#c9c4b8", "weight": 0.8, "fill": False}
    folium.GeoJson(data, style_function=lambda _: style, smooth_factor=0.6).add_to(chart)
    chart.save(path)
    return len(data["features"])


def answer_parts(route: Any) -> None:
    """Answer what the peer's page asks outside from this machine's own parts, or with nothing."""
    name = route.request.url.rsplit("/", 1)[-1]
    part = PARTS.get(name)
    body = (ROOT / "web/static/vendor" / part).read_bytes() if part else b""
    route.fulfill(status=200, body=body, content_type=_KINDS.get(Path(name).suffix, "text/plain"))
