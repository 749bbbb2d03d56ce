"""One place on the map: where it lies, what is near it, and which rules reach it whatever stands there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq import policy
from geoaq.catalog import Catalog
from geoaq.findings import TRUE
from geoaq.flows.border.context import DECIDING, SECOND
from geoaq.flows.border.request import REACH_KM
from geoaq.flows.context import AREA_LAYERS, Ground
from geoaq.flows.facts import adopted_reading, anchor_facts, anchor_readings
from geoaq.frames import IssueLog
from geoaq.io.built import load_admin, load_borders, load_plants, open_layers
from geoaq.io.lists.place import read_place
from geoaq.store.office_layers import OfficeLayers, Version
from geoaq.zones import admin, border
from geoaq.zones.admin import AdminIndex

#: How a place was found, as `layers/policy/budgets.toml` names it: clicked on the map, or stated.
CLICKED, STATED = "map_point", "unstated"
# Less than the metres in a degree of latitude anywhere: no search box is too small.
_DEGREE_M = 110_000.0


@dataclass(frozen=True, kw_only=True)
class PointGround(Ground):
    """What a question about a place leans on, loaded once.

    Parameters
    ----------
    borders, second_borders
        The province lines of the boundaries that decide, and of the second opinion.
    plants
        Columns of `geoaq.frames.PLANTS`.
    """

    borders: border.Borders
    second_borders: border.Borders
    plants: pd.DataFrame


@dataclass(frozen=True)
class OfficeArea:
    """An area layer that the office added, as it is drawn.

    Parameters
    ----------
    version
        The file in use.
    shapes
        Its polygons, WGS 84.
    tolerance_m
        By how much they were simplified, metres; it counts as error.
    whole
        False: some are so small that they are not drawn; outside the others the layer then says nothing.
    tree
        Of the shapes.
    """

    version: Version
    shapes: npt.NDArray[np.object_]
    tolerance_m: float
    whole: bool
    tree: shapely.STRtree


@dataclass(frozen=True)
class Zone:
    """What an added layer says of a place: its title's id, its file, and whether the place lies inside."""

    layer: str
    name: str
    truth: int
    covered: bool


@dataclass(frozen=True)
class PointAnswer:
    """What is known of a place.

    Attributes
    ----------
    place
        ``lon lat`` (degrees, WGS 84), ``u_m``, ``datum``, ``decimals``, what `geoaq.zones.admin.attach` says
        of it, and ``other_names``: the counties of ``alternatives`` by name.
    repairs
        What was repaired in the coordinates.
    anchor, anchors
        What the heating radius makes of the place, and the plants in reach, nearest first (see
        `geoaq.zones.heating.HeatingScreen`), with ``name lon lat installed_mw``.
    strip, lines
        What the strip along province lines makes of it, and the lines within 50 km with the nearest in any
        case (see `geoaq.zones.border.BorderScreen`).
    nearest
        Name of the plant of that size that is nearest, where none is in reach.
    zones
        What the layers that the office added say of it.
    regions, rules
        The listed regions and the rules that hold there, or may.
    """

    place: Mapping[str, Any]
    repairs: IssueLog
    anchor: Mapping[str, Any]
    anchors: pd.DataFrame
    strip: Mapping[str, Any]
    lines: pd.DataFrame
    nearest: str
    zones: tuple[Zone, ...]
    regions: tuple[policy.LocalRegion, ...]
    rules: tuple[policy.LocalRule, ...]


def open_point_ground(catalog: Catalog, layers_dir: Path) -> PointGround:
    """Load what questions about places lean on; kept until other layers are in use.

    Raises
    ------
    ConfigError
        The layers are not built.
    """
    return _opened(catalog.policy_dir, layers_dir, open_layers(layers_dir).key)


@lru_cache(maxsize=1)
def _opened(policy_dir: Path, layers_dir: Path, _key: str) -> PointGround:
    built = open_layers(layers_dir)
    return PointGround(
        pack=policy.load_pack(policy_dir),
        built=built,
        admin=AdminIndex(*load_admin(built.path, DECIDING)),
        second=AdminIndex(*load_admin(built.path, SECOND)),
        areas={},
        layer_complete={},
        borders=border.Borders.from_parts(load_borders(built.path, DECIDING)),
        second_borders=border.Borders.from_parts(load_borders(built.path, SECOND)),
        plants=load_plants(built.path),
    )


def office_areas(data: Path) -> tuple[OfficeArea, ...]:
    """Return the area layers that the office added and that rules ask for, as they are drawn."""
    found = OfficeLayers(data)
    used = (found.in_use(layer) for layer in AREA_LAYERS)
    return tuple(_area(one) for one in used if one is not None and one.display is not None)


@lru_cache(maxsize=8)
def _area(version: Version) -> OfficeArea:
    drawn = json.loads((version.folder / "display.geojson").read_text("utf-8"))
    given = shapely.from_geojson([json.dumps(one["geometry"]) for one in drawn["features"]])
    shapes = shapely.make_valid(np.asarray(given, object))
    return OfficeArea(
        version=version,
        shapes=shapes,
        tolerance_m=float(drawn.get("tolerance_m") or 0.0),
        whole=not drawn.get("left_out"),
        tree=shapely.STRtree(shapes),
    )


def at_point(
    ground: PointGround,
    text: str,
    *,
    as_of: date,
    datum: str | None = None,
    quality: str = STATED,
    areas: Sequence[OfficeArea] = (),
) -> PointAnswer:
    """Say what is known of a place.

    Parameters
    ----------
    text, datum, quality
        As in `geoaq.io.lists.place.read_place`.
    as_of
        The day whose rules are asked for.
    areas
        As of `office_areas`.

    Raises
    ------
    InputError
        The coordinates cannot be read, or do not lie in China.
    """
    frame, repairs = read_place(text, datum, quality)
    pack = ground.pack
    u_m = policy.position_budget(frame, pack)
    located = admin.attach(frame, ground.admin, ground.second, u_m=u_m)
    subjects = pd.concat([frame, located], axis=1).assign(u_m=u_m)
    readings = anchor_readings(pack, ground.plants, subjects, "boiler", complete_for=())
    adopted = readings[adopted_reading(pack)]
    strip = pack.strip("project")
    screened = border.screen(
        subjects,
        ground.borders,
        ground.second_borders,
        strip_km=strip.strip_km,
        inclusive=strip.inclusive,
        border_budget_m=policy.boundary_budget(pack, ground.borders.source),
        second_budget_m=policy.boundary_budget(pack, ground.second_borders.source),
        reach_km=REACH_KM,
    )
    facts: dict[str, Any] = {name: subjects[name] for name in subjects.columns}
    facts |= anchor_facts(readings)
    facts |= {f"border.{name}": screened.per_subject[name] for name in ("truth", "reasons", "distance_m")}
    zones = [_zone(ground, one, subjects, facts) for one in areas]
    place = _first(subjects)
    others = [code for code in str(place["alternatives"]).split(";") if code]
    return PointAnswer(
        place=place | {"other_names": _counties(ground.admin, others)},
        repairs=repairs,
        anchor=_first(adopted.per_subject),
        anchors=_named(adopted.pairs, ground.plants),
        strip=_first(screened.per_subject),
        lines=screened.pairs,
        nearest=_name_of(ground.plants, adopted.per_subject["anchor_id"].iloc[0]),
        zones=tuple(zones),
        regions=tuple(policy.local_regions(pack, str(place["adcode"]), others, as_of=as_of)),
        rules=tuple(policy.local_rules(pack, facts, as_of=as_of)),
    )


def _zone(ground: PointGround, area: OfficeArea, subjects: pd.DataFrame, facts: dict[str, Any]) -> Zone:
    """Say whether the place lies in an added layer, and add that to its facts: as a screening does.

    Of the shapes only those in reach are looked at, and of its county only whether any of them touches it: a
    click must not wait for thousands of areas that lie elsewhere.
    """
    layer = area.version.layer
    wider = subjects.assign(u_m=np.hypot(subjects["u_m"].to_numpy(float), area.tolerance_m))
    found = replace(ground, areas={layer: area.shapes[_in_reach(area, wider)]}).within(wider)
    place = pd.Index(ground.admin.counties["adcode"]).get_indexer(subjects["adcode"].astype(str))
    county = ground.admin.polygons(place[place >= 0].astype(np.int32))
    touched = any(area.tree.query(one, predicate="intersects").size for one in county)
    found[f"covered.{layer}"] = np.array([touched and area.whole], np.int8)
    facts |= found
    inside, covered = (int(found[f"{said}.{layer}"][0]) for said in ("within", "covered"))
    return Zone(layer, area.version.name, inside, covered == TRUE)


def _in_reach(area: OfficeArea, subjects: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the places of the shapes that come as near to the one subject as its error, and some more."""
    lon, lat, u_m = (float(subjects[name].iloc[0]) for name in ("lon", "lat", "u_m"))
    high = u_m / _DEGREE_M
    wide = high / np.cos(np.radians(lat))
    return np.sort(area.tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high)))


def _named(pairs: pd.DataFrame, plants: pd.DataFrame) -> pd.DataFrame:
    known = plants.set_index("plant_id")[["name", "lon", "lat", "installed_mw"]]
    return pairs.join(known, on="plant_id").reset_index(drop=True)


def _first(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): value for name, value in frame.iloc[0].items()}


def _name_of(plants: pd.DataFrame, plant_id: str) -> str:
    found = plants.loc[plants["plant_id"] == plant_id, "name"]
    return str(found.iloc[0]) if len(found) else ""


def _counties(index: AdminIndex, codes: list[str]) -> str:
    known = index.counties.set_index("adcode")["county"]
    return "、".join(str(known.get(code, code)) for code in codes)
