"""The office's wind beside the projects: a rose for each, and what lies downwind. It decides nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import report
from geoaq.flows.border.request import ProjectRequest
from geoaq.io.wind import Wind, read_wind
from geoaq.store.consultees import wind as kept_wind
from geoaq.zones.admin import AdminIndex
from geoaq.zones.border.downwind import City, Downwind, downwind
from geoaq.zones.border.wind import Rose, rose

FILE = "wind.json"


def read_project_wind(request: ProjectRequest, frame: pd.DataFrame) -> Wind | None:
    """Read the office's wind for the projects, None where it gave none; errors as of `read_wind`."""
    if request.wind is None:
        return None
    places = (frame[name].to_numpy(float) for name in ("lon", "lat"))
    product = request.catalog.products["wind_table"]
    lon, lat = places
    return read_wind(request.wind, product=product, lon=lon, lat=lat)


def wind_record(wind: Wind, subjects: pd.DataFrame) -> dict[str, Any]:
    """Return what ``wind.json`` holds: the rose of every series, and which one stands for which project."""
    taken = [
        {"row": int(row), "part": int(part), "series": int(at)}
        for row, part, at in zip(subjects["row"], subjects["part"], wind.taken, strict=True)
        if at >= 0
    ]
    return {
        "kind": wind.kind,
        "sha256": wind.sha256,
        "series": [
            {
                "name": one.name,
                "lon": _number(one.lon),
                "lat": _number(one.lat),
                "first": one.first,
                "last": one.last,
                "months": list(one.months),
                "step_deg": one.step_deg,
                "rose": rose(one.direction_deg, one.speed_ms, step_deg=one.step_deg).record(),
            }
            for one in wind.series
        ],
        "projects": taken,
    }


def write_wind(folder: Path, record: dict[str, Any]) -> None:
    """Write ``wind.json``: UTF-8, keys in order, a final newline."""
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FILE).write_text(text + "\n", "utf-8", newline="\n")


def summary_of_wind(wind: Wind) -> report.WindRecord:
    """Return what the summary says of the wind."""
    names = [one.name for one in wind.series if one.name]
    hours = max((one.hours for one in wind.series), default=0)
    return report.WindRecord(kind=wind.kind, sha256=wind.sha256, name="、".join(names[:3]), hours=hours)


@dataclass(frozen=True)
class ProjectWind:
    """The wind that stands for one project, from ``wind.json``."""

    kind: str
    sha256: str
    series: dict[str, Any]
    rose: Rose


def wind_of(folder: Path, row: int, part: int) -> ProjectWind | None:
    """Return the wind of one project of a finished screening, None where there is none."""
    record = kept_wind(folder)
    if record is None:
        return None
    for one in record["projects"]:
        if (one["row"], one["part"]) == (row, part):
            series = record["series"][one["series"]]
            return ProjectWind(record["kind"], record["sha256"], series, _rose(series["rose"]))
    return None


def downwind_of(
    wind: ProjectWind, admin: AdminIndex, cities: list[City], *, lon: float, lat: float, home: str
) -> list[Downwind]:
    """Return the provinces within 100 km with the share of hours toward each, and their cities."""

    def province_of(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
        codes = np.append(admin.counties["province_adcode"].to_numpy(object), "")
        found: npt.NDArray[np.object_] = codes[admin.locate(x, y)]
        return found

    return downwind(wind.rose, lon, lat, home=home, province_of=province_of, cities=cities)


def cities_of(collection: dict[str, Any]) -> list[City]:
    """Return the prefectures of the display layer ``cities`` as points inside them."""
    import shapely

    features = collection["features"]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in features])
    points = shapely.point_on_surface(shapes)
    return [
        City(str(one["properties"]["name"]), f"{str(one['properties']['adcode'])[:2]}0000", point.x, point.y)
        for one, point in zip(features, points, strict=True)
    ]


def _rose(record: dict[str, Any]) -> Rose:
    return Rose(
        shares=np.array(record["blows_from"], np.float64),
        calm=float(record["calm"]),
        classes_ms=tuple(record["classes_ms"]),
        calm_ms=float(record["calm_ms"]),
        hours=int(record["hours"]),
        missing=int(record["missing"]),
        mean_ms=float(record["mean_ms"]),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
