"""Everything a screening leans on, loaded once: boundaries, plants, the office's own layers, the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError, NotFoundError
from geoaq.findings import Tri
from geoaq.flows.request import Request, ScreeningRequest
from geoaq.frames import IssueLog
from geoaq.io.built import LayerSet, load_admin, load_plants, open_layers
from geoaq.policy import Pack, load_pack
from geoaq.zones import areas
from geoaq.zones.admin import AdminIndex

AREA_LAYERS = ("heat_network", "built_up", "zj_heat_range")
TABLE_LAYERS = ("attainment",)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every screening leans on, whatever its list holds.

    Parameters
    ----------
    pack
        The rules.
    built
        The built layers in use.
    admin, second
        The boundaries that decide (Amap), and the second opinion (Tianditu).
    areas
        Polygons (WGS 84) by layer id, only those that the office supplied.
    layer_complete
        Codes of areas for which the office declares a layer complete, by layer id.
    issues
        What was wrong with the office's own lists and layers.
    """

    pack: Pack
    built: LayerSet
    admin: AdminIndex
    second: AdminIndex
    areas: Mapping[str, npt.NDArray[np.object_]]
    layer_complete: Mapping[str, tuple[str, ...]]
    issues: IssueLog = field(default_factory=IssueLog)

    def within(self, subjects: pd.DataFrame) -> dict[str, Tri]:
        """Return ``within.<layer>`` and ``covered.<layer>`` for each area layer that the office supplied.

        A layer speaks of the counties that it touches and of those for which the office declares it complete;
        of a subject elsewhere it says nothing, whatever lies outside its polygons.
        """
        lon, lat = subjects["lon"].to_numpy(float), subjects["lat"].to_numpy(float)
        u_m = subjects["u_m"].to_numpy(float)
        facts: dict[str, Tri] = {}
        for name, shapes in self.areas.items():
            facts[f"within.{name}"] = areas.within(lon, lat, u_m, shapes)
            facts[f"covered.{name}"] = self._covered(name, subjects)
        return facts

    def _covered(self, layer: str, subjects: pd.DataFrame) -> Tri:
        place = pd.Index(self.admin.counties["adcode"]).get_indexer(subjects["adcode"].astype(str))
        known, at = np.unique(place, return_inverse=True)
        polygons = self.admin.polygons(known[known >= 0].astype(np.int32))
        touched = np.zeros(len(known), np.int8)
        touched[known >= 0] = areas.touched(polygons, self.areas[layer])
        declared = np.zeros(len(subjects), np.bool_)
        for level in ("adcode", "city_adcode", "province_adcode"):
            declared |= subjects[level].astype(str).isin(self.layer_complete.get(layer, ())).to_numpy()
        covered: Tri = np.maximum(touched[at], declared.astype(np.int8))
        return covered


@dataclass(frozen=True, kw_only=True)
class Context(Ground):
    """What a screening of boilers or units leans on.

    Parameters
    ----------
    plants
        Columns of `geoaq.frames.PLANTS`, the office's own plants among them.
    attainment
        City PM2.5 annual means that the office supplied, or None.
    """

    plants: pd.DataFrame
    attainment: pd.DataFrame | None


def open_context(request: ScreeningRequest) -> Context:
    """Load what a screening of boilers or units leans on.

    Raises
    ------
    ConfigError
        The layers are not built.
    InputError
        An own layer or plant list cannot be used; an area declared complete is no GB/T 2260 code.
    """
    ground = open_ground(request)
    require_codes(request.complete_for, ground.admin)
    shared = {each.name: getattr(ground, each.name) for each in fields(ground)}
    return Context(
        **shared,
        plants=_plants(request, ground.built, ground.admin, ground.issues),
        attainment=_attainment(request, ground.issues),
    )


def open_ground(request: Request) -> Ground:
    """Load what every screening leans on; errors as of `open_context`."""
    built = open_layers(request.layers_dir)
    admin = AdminIndex(*load_admin(built.path, "amap"))
    for codes in request.layer_complete.values():
        require_codes(codes, admin)
    return Ground(
        pack=load_pack(request.catalog.policy_dir),
        built=built,
        admin=admin,
        second=AdminIndex(*load_admin(built.path, "tianditu")),
        areas=_areas(request.user_layers),
        layer_complete=request.layer_complete,
    )


def require_codes(codes: tuple[str, ...], admin: AdminIndex) -> None:
    """Refuse a code that is of no county, prefecture or province (InputError ``unknown_adcode``)."""
    names = ("adcode", "city_adcode", "province_adcode")
    known = set().union(*(set(admin.counties[name]) for name in names))
    for code in codes:
        if code not in known:
            raise InputError("unknown_adcode", code=code)


def _plants(request: ScreeningRequest, built: LayerSet, admin: AdminIndex, issues: IssueLog) -> pd.DataFrame:
    shipped = load_plants(built.path)
    if request.plants is None:
        if request.plants_only:
            raise InputError("plants_only_without_list")
        return shipped
    from geoaq.io.lists import read_plants

    intake = read_plants(request.plants, product=request.catalog.products["plant_list"], datum=request.datum)
    issues.extend(intake.issues, list_name=request.plants.name)
    own = intake.frame
    if not len(own):
        raise InputError("no_usable_plants", name=request.plants.name)
    place = admin.names(admin.locate(own["lon"].to_numpy(float), own["lat"].to_numpy(float)))
    own = own.assign(province_adcode=place["province_adcode"].astype(str).to_numpy())
    if request.plants_only:
        return own.reset_index(drop=True)
    kept = shipped[~shipped["plant_id"].isin(own["plant_id"])]
    return pd.concat([kept, own[shipped.columns]], ignore_index=True)


def _areas(layers: Mapping[str, Path]) -> dict[str, npt.NDArray[np.object_]]:
    shapes = {}
    for name, path in layers.items():
        if name in TABLE_LAYERS:
            continue
        if name not in AREA_LAYERS:
            raise NotFoundError("unknown_layer", name=name, known=", ".join((*AREA_LAYERS, *TABLE_LAYERS)))
        from geoaq.io.vectors import read_areas

        shapes[name] = read_areas(path).geometry.to_numpy()
    return shapes


def _attainment(request: ScreeningRequest, issues: IssueLog) -> pd.DataFrame | None:
    path = request.user_layers.get("attainment")
    if path is None:
        return None
    from geoaq.io.lists.attainment import read_attainment

    table = read_attainment(path, product=request.catalog.products["attainment_list"])
    issues.extend(table.issues, list_name=path.name)
    return table.frame
