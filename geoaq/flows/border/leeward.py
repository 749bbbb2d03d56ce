"""What the office's wind says of one project of a finished screening: context for its card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shapely import Polygon

from geoaq.flows.border.wind import ProjectWind, cities_of, downwind_of, wind_of
from geoaq.io.built import load_admin, open_layers
from geoaq.store import reading
from geoaq.zones.admin import AdminIndex
from geoaq.zones.border.downwind import City, Downwind, sector_polygon


@dataclass(frozen=True)
class Leeward:
    """The wind at a project, which provinces it blows toward, and the sectors that they fill within reach.

    ``sectors`` are polygons in WGS 84 degrees, one an arc, with the code of the province.
    """

    wind: ProjectWind
    provinces: tuple[Downwind, ...]
    sectors: tuple[tuple[str, Polygon], ...]


def leeward(folder: Path, row: int, part: int, *, layers_dir: Path) -> Leeward | None:
    """Return the wind of one project, None where the office gave none for it.

    Parameters
    ----------
    folder
        A finished screening of projects.
    row, part
        The project in its list.
    layers_dir
        The built layers: they say which province lies where.
    """
    wind = wind_of(folder, row, part)
    if wind is None:
        return None
    subject = reading.subject(folder, row, part)
    lon, lat = float(subject["lon"]), float(subject["lat"])
    admin, cities = _places(open_layers(layers_dir).path, layers_dir)
    found = downwind_of(wind, admin, cities, lon=lon, lat=lat, home=subject["home_adcode"] or "")
    sectors = [
        (one.province, sector_polygon(lon, lat, from_deg=begin, to_deg=end))
        for one in found
        for begin, end in one.arcs
    ]
    return Leeward(wind, tuple(found), tuple(sectors))


@lru_cache(maxsize=1)
def _places(built: Path, layers_dir: Path) -> tuple[AdminIndex, list[City]]:
    """Read boundaries and cities once; ``built`` names the set, which never changes."""
    display = open_layers(layers_dir).display("cities")
    return AdminIndex(*load_admin(built, "amap")), cities_of(json.loads(display.read_text("utf-8")))
