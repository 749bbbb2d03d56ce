"""The area of a bulletin: its counties, the levels below it, and how it is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.errors import InputError
from geoaq.flows.fires.places import county_index
from geoaq.io.built import LayerSet, open_layers
from geoaq.report.fire_bulletin import Level, Shapes
from geoaq.report.sheet.shapes import Area as DrawnArea
from geoaq.report.sheet.words import Words, named, words
from geoaq.wording import catalogue
from geoaq.zones.admin import AdminIndex

#: The code of the whole country.
COUNTRY = "100000"
_COUNTRY_BOX = (73.0, 3.0, 135.5, 54.0)
# Places per width of the map: nearer points are drawn once, finer corners not at all.
_ACROSS = 1000
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Area:
    """One area.

    Attributes
    ----------
    adcode, name
        Its code and name.
    counties
        ``adcode county city_adcode city province_adcode province`` of its counties.
    every
        The same of all counties.
    levels
        Levels of the tables, the highest first.
    index
        All counties, to put points to.
    layers
        The built set.
    """

    adcode: str
    name: Words
    counties: pd.DataFrame
    every: pd.DataFrame
    levels: tuple[Level, ...]
    index: AdminIndex
    layers: LayerSet

    @cached_property
    def bounds(self) -> Box:
        """Return west, south, east, north in degrees."""
        own = np.flatnonzero(self.index.counties["adcode"].isin(set(self.counties["adcode"])))
        west, south, east, north = shapely.total_bounds(self.index.polygons(own.astype(np.int32)))
        return float(west), float(south), float(east), float(north)

    def codes(self, level: Level) -> list[str]:
        """Return the codes of its units at a level, ascending."""
        column = "adcode" if level == "county" else f"{level}_adcode"
        return sorted(set(self.counties[column]))

    def holds(self, adcodes: pd.Series[Any]) -> pd.Series[bool]:
        """Say which counties are its own."""
        return adcodes.astype(object).isin(set(self.counties["adcode"]))

    def unit_name(self, adcode: str, level: Level) -> tuple[Words, Words]:
        """Return the name of a unit and of what it belongs to; '' is outside every county."""
        if not adcode:
            return words("bulletin.units_outside"), named("")
        column = "adcode" if level == "county" else f"{level}_adcode"
        row = self.every[self.every[column] == adcode].iloc[0]
        if level == "province":
            return province_name(adcode, str(row["province"])), named("")
        own = named(str(row["county" if level == "county" else "city"]))
        above = str(row["city"]) if level == "county" else str(row["province"])
        return own, named(above if above != own.zh else str(row["province"]))


def open_area(adcode: str, layers_dir: Path, cache_dir: Path) -> Area:
    """Return an area by its code.

    Raises
    ------
    InputError
        ``unknown_area``: no county, prefecture or province has the code.
    ConfigError
        ``layers_not_built``.
    """
    index, layers = county_index(layers_dir, cache_dir), open_layers(layers_dir)
    every = index.counties[
        ["adcode", "county", "city_adcode", "city", "province_adcode", "province"]
    ].drop_duplicates("adcode")
    levels: tuple[Level, ...]
    if adcode == COUNTRY:
        own, name, levels = every, words("bulletin.country"), ("province", "city", "county")
    elif (every["province_adcode"] == adcode).any():
        own = every[every["province_adcode"] == adcode]
        name = province_name(adcode, str(own["province"].iloc[0]))
        levels = ("city", "county") if set(own["city_adcode"]) != {adcode} else ("county",)
    elif (every["city_adcode"] == adcode).any():
        own = every[every["city_adcode"] == adcode]
        name, levels = named(str(own["city"].iloc[0])), ("county",)
    elif (every["adcode"] == adcode).any():
        own = every[every["adcode"] == adcode]
        name, levels = named(str(own["county"].iloc[0])), ("county",)
    else:
        raise InputError("unknown_area", value=adcode[:20])
    return Area(adcode, name, own.reset_index(drop=True), every, levels, index, layers)


def province_name(adcode: str, chinese: str) -> Words:
    """Return the name of a province in both languages."""
    code = f"provinces.name_{adcode}"
    return words(code) if code in catalogue() else named(chinese)


def shapes(area: Area, points: pd.DataFrame) -> Shapes:
    """Return what the map of a bulletin draws.

    Parameters
    ----------
    area
        The area; provinces are drawn of the country, counties else.
    points
        ``lon lat group``; places that fall together on the map are drawn once, one of each group.
    """
    box = _box(area)
    step = max(box[2] - box[0], box[3] - box[1]) / _ACROSS
    around = _wider(box)
    lines: list[tuple[tuple[float, float], ...]] = []
    if area.adcode == COUNTRY:
        areas = list(_drawn(area.layers.display("provinces"), around, step))
        for feature in _features(area.layers.display("south_sea_line")):
            lines += [tuple((x, y) for x, y, *_ in one) for one in feature["geometry"]["coordinates"]]
    else:
        areas = []
        for code in sorted(set(area.counties["province_adcode"])):
            name = f"counties/{code}"
            if name in area.layers.report["display"]:
                areas += _drawn(area.layers.display(name), around, step)
    places = points.assign(x=(points["lon"] / step).round(), y=(points["lat"] / step).round())
    kept = places.drop_duplicates(["group", "x", "y"]).sort_values(["group", "lon", "lat"], kind="stable")
    dots = tuple(
        ((round(lon, 5), round(lat, 5)), str(group))
        for lon, lat, group in zip(kept["lon"], kept["lat"], kept["group"], strict=True)
    )
    return Shapes(box=box, areas=tuple(areas), lines=tuple(lines), dots=dots)


def _box(area: Area) -> Box:
    """Return the box of an area, to a hundredth of a degree."""
    import shapely

    if area.adcode == COUNTRY:
        return _COUNTRY_BOX
    own = np.flatnonzero(area.index.counties["adcode"].isin(set(area.counties["adcode"])))
    west, south, east, north = shapely.total_bounds(area.index.polygons(own.astype(np.int32)))
    return (
        float(np.floor(west * 100) / 100), float(np.floor(south * 100) / 100),
        float(np.ceil(east * 100) / 100), float(np.ceil(north * 100) / 100),
    )  # fmt: skip


def _wider(box: Box) -> Box:
    x, y = 0.6 * (box[2] - box[0]), 0.6 * (box[3] - box[1])
    return box[0] - x, box[1] - y, box[2] + x, box[3] + y


def _features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return found


def _drawn(path: Path, box: Box, step: float) -> Iterator[DrawnArea]:
    """Yield the areas of a drawn layer that a box touches, with no finer corners than the map shows."""
    import shapely

    window = shapely.box(*box)
    for feature in _features(path):
        shape = shapely.simplify(shapely.geometry.shape(feature["geometry"]), step / 2)
        if not shapely.intersects(shape, window):
            continue
        rings = [
            tuple((round(float(x), 4), round(float(y), 4)) for x, y in shapely.get_coordinates(ring))
            for part in shapely.get_parts(shape)
            for ring in shapely.get_rings(part)
        ]
        told = feature["properties"]
        code = str(told["adcode"])
        name = province_name(code, str(told["name"])) if code.endswith("0000") else named(str(told["name"]))
        yield DrawnArea(adcode=code, name=name, rings=tuple(ring for ring in rings if len(ring) >= 4))
