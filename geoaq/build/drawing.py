"""What the browser draws: one GeoJSON a layer, where names stand, and the index of places.

A picture only: nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.build.borders import draw_borders
from geoaq.build.names import Name, named
from geoaq.build.sources import Boundaries, lines_at_sea
from geoaq.build.water import draw_water
from geoaq.geodesy import disc
from geoaq.io.boundaries import dissolved, save_features, simplified
from geoaq.io.built import save_json
from geoaq.policy import Pack
from geoaq.zones.border import Borders

# One tolerance for every level, so that province, city and county lines stay one line: about half a pixel
# at zoom 8. Four decimals of a degree are 10 m.
_TOLERANCE_DEG = 0.006
_DECIMALS = 4
_PLANT_DECIMALS = 5


def draw(
    folder: Path,
    shown: Boundaries,
    plants: pd.DataFrame,
    pack: Pack,
    borders: Borders,
    provinces: Mapping[str, shapely.Geometry],
    *,
    progress: Callable[[], None],
) -> dict[str, dict[str, int]]:
    """Write every display file below ``folder`` and return bytes and features by layer.

    Parameters
    ----------
    borders, provinces
        The lines that decide between provinces, and the areas that they bound.
    """
    written: dict[str, dict[str, int]] = {}

    def save(layer: str, shapes: Any, words: list[dict[str, object]], decimals: int = _DECIMALS) -> None:
        path = folder / "display" / f"{layer}.geojson"
        written[layer] = {
            "bytes": save_features(path, shapes, words, decimals=decimals),
            "features": len(words),
        }

    counties = shown.counties
    fewer = simplified(shown.polygons, tolerance_deg=_TOLERANCE_DEG)
    names: dict[str, list[Name]] = {"counties": named(fewer, _words(counties, "county", []))}
    for level, above in (("province", []), ("city", ["province"])):
        groups = [(code, np.sort(rows)) for code, rows in counties.groupby(f"{level}_adcode").indices.items()]
        firsts = counties.iloc[[rows[0] for _, rows in groups]]
        words = _words(firsts, level, above)
        layer = {"province": "provinces", "city": "cities"}[level]
        shapes = [dissolved(fewer[r]) for _, r in groups]
        save(layer, shapes, words)
        names[layer] = named(shapes, words)
        if level == "province":
            draw_water(folder, save, shapely.union_all(shapes))
    progress()
    for code, rows in counties.groupby("province_adcode").indices.items():
        rows = np.sort(rows)
        save(f"counties/{code}", fewer[rows], _words(counties.iloc[rows], "county", ["city", "province"]))
    save("south_sea_line", [lines_at_sea()], [{"name": "南海断续线"}])
    _draw_regions(save, counties, fewer, pack)
    _draw_plants(save, plants, pack)
    draw_borders(save, borders, provinces, counties, pack)
    save_json(folder / "places.json", {"places": _places(shown, plants)})
    save_json(folder / "names.json", names)
    return written


def _words(rows: pd.DataFrame, level: str, above: list[str]) -> list[dict[str, object]]:
    code = "adcode" if level == "county" else f"{level}_adcode"
    frame = rows[[code, level, *above]].rename(columns={code: "adcode", level: "name"})
    return [{str(key): value for key, value in words.items()} for words in frame.to_dict("records")]


def _draw_regions(save: Callable[..., None], counties: pd.DataFrame, fewer: Any, pack: Pack) -> None:
    for layer, region in (("key_regions", "key"), ("zj_reference", "zj_ref")):
        shapes, words = [], []
        part_of = counties["adcode"].map(pack.regions[region].part_of)
        for part in pack.regions[region].parts:
            rows = np.flatnonzero(part_of == part.id)
            shapes.append(dissolved(fewer[rows]))
            words.append(
                {"adcode": part.id, "name": part.title.zh, "name_en": part.title.en, "region": region}
            )
        save(layer, shapes, words)


def _draw_plants(save: Callable[..., None], plants: pd.DataFrame, pack: Pack) -> None:
    anchor = pack.anchor("boiler")
    points = shapely.points(plants["lon"], plants["lat"])
    columns = ["plant_id", "name", "installed_mw", "largest_unit_mw", "heat_evidence", "position_quality"]
    words = [
        {str(key): value for key, value in row.items()} | {"confirmed": False}
        for row in plants[columns].to_dict("records")
    ]
    save("coal_power_plants", points, words, _PLANT_DECIMALS)
    large = np.flatnonzero(plants["installed_mw"].to_numpy() >= anchor.min_mw)
    said = [words[k] | {"reading": "plant_total"} for k in large]
    save("chp_anchors", points[large], said, _PLANT_DECIMALS)
    discs = [
        disc(lon, lat, radius_m=anchor.radius_km * 1000)
        for lon, lat in plants.iloc[large][["lon", "lat"]].itertuples(index=False)
    ]
    save("heating_discs", discs, [entry | {"radius_km": anchor.radius_km} for entry in said])


def _places(shown: Boundaries, plants: pd.DataFrame) -> list[dict[str, object]]:
    """Return every place that can be searched by name, with its kind, code, centre and bounds."""
    counties = shown.counties
    boxes = shapely.bounds(shown.polygons)
    places: list[dict[str, object]] = []
    for kind, code, above in (
        ("province", "province_adcode", []),
        ("city", "city_adcode", ["province"]),
        ("county", "adcode", ["province", "city"]),
    ):
        for adcode, rows in counties.groupby(code).indices.items():
            first = counties.iloc[rows[0]]
            if kind == "city" and adcode in (first["province_adcode"], first["adcode"]):
                continue
            west, south = boxes[rows, :2].min(0)
            east, north = boxes[rows, 2:].max(0)
            lon, lat = counties["lon"].iloc[rows].mean(), counties["lat"].iloc[rows].mean()
            detail = "".join(dict.fromkeys(first[name] for name in above if first[name] != first[kind]))
            places.append(
                _place(kind, str(adcode), str(first[kind]), detail, lon, lat)
                | {"bounds": [round(float(edge), _DECIMALS) for edge in (west, south, east, north)]}
            )
    for plant in plants.to_dict("records"):
        detail = f"{plant['installed_mw']:g} MW"
        entry = _place("plant", plant["plant_id"], plant["name"], detail, plant["lon"], plant["lat"])
        places.append(entry | {"bounds": None})
    return places


def _place(kind: str, adcode: str, text: str, detail: str, lon: float, lat: float) -> dict[str, object]:
    return {
        "kind": kind,
        "adcode": adcode,
        "text": text,
        "detail": detail,
        "lon": round(float(lon), _DECIMALS),
        "lat": round(float(lat), _DECIMALS),
    }
