"""From located projects to lines, to facts, to findings, to one line a project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import policy
from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.flows.border.asking import ask_columns
from geoaq.flows.border.context import BorderGround
from geoaq.flows.border.cumulative import Near, members, near_projects
from geoaq.flows.border.limbs import limb_columns, limbs_first
from geoaq.flows.border.names import province_names
from geoaq.flows.border.request import REACH_KM, ProjectRequest
from geoaq.flows.job import Screened
from geoaq.report.numbers import toward
from geoaq.zones import admin, border
from geoaq.zones.admin import OUTSIDE

# What the zone says of a project, as the policy asks for it.
_BORDER_FACTS = ("truth", "reasons", "distance_m")
_EXTENT = ("site_west", "site_south", "site_east", "site_north")
_CONSULTED = ("consultees", "consultee_names", "consultee_km")


@dataclass(frozen=True)
class Measured:
    """All projects of a list, located and measured; the rules are asked chunk by chunk afterwards.

    Parameters
    ----------
    subjects
        The clean rows with place, distance and consultees (columns of ``subjects.parquet`` but the rules').
    facts
        Facts of the zone by name, aligned to ``subjects``.
    pairs
        Project and province, by ``subject`` (position), nearest first.
    near
        The cumulative view.
    """

    subjects: pd.DataFrame
    facts: dict[str, npt.NDArray[Any]]
    pairs: pd.DataFrame
    near: Near


def measure(ground: BorderGround, frame: pd.DataFrame, sites: npt.NDArray[np.object_] | None) -> Measured:
    """Locate every project, measure it to the province lines, and look for others in its strips.

    Parameters
    ----------
    ground
        What the screening leans on.
    frame
        The usable rows (contract ``frames.PROJECTS``).
    sites
        The outline of each project (WGS 84) or None, aligned to ``frame``.
    """
    frame = frame.reset_index(drop=True)
    u_m = policy.position_budget(frame, ground.pack)
    located = _located(ground, frame, u_m)
    subjects = pd.concat([frame, located], axis=1).assign(u_m=u_m)
    strip = ground.pack.strip("project")
    screened = border.screen(
        subjects,
        ground.borders,
        ground.second_borders,
        sites=sites,
        strip_km=strip.strip_km,
        inclusive=strip.inclusive,
        border_budget_m=ground.boundary_error_m,
        reach_km=REACH_KM,
        second_budget_m=policy.boundary_budget(ground.pack, ground.second_borders.source),
        province_of=partial(_province_of, ground),
    )
    each, pairs = screened.per_subject, screened.pairs
    pairs = pairs.assign(neighbour_name=_named(pairs["neighbour"].to_numpy(object)))
    near = near_projects(members(subjects, pairs), ground.others)
    home = subjects["province_adcode"].astype(object).to_numpy(object)
    neighbour, consultees = (each[name].to_numpy(object) for name in ("neighbour", "consultees"))
    subjects = subjects.assign(
        home_adcode=home,
        home_name=_named(home),
        neighbour=neighbour,
        neighbour_name=_named(neighbour),
        consultees=consultees,
        consultee_names=_named(consultees),
        consultee_km=_kilometres(consultees, pairs, strip.strip_km),
        **_feet(pairs, len(subjects)),
        **_bounds(sites, len(subjects)),
        distance_km=each["distance_m"].to_numpy(float) / 1000.0,
        margin_m=strip.strip_km * 1000.0 - each["distance_m"].to_numpy(float),
        distance_u_m=each["u_m"].to_numpy(float),
        second_distance_km=each["second_distance_m"].to_numpy(float) / 1000.0,
        sources_m=each["sources_m"].to_numpy(float),
        across=each["across"].to_numpy(bool),
        home_unsure=each["home_unsure"].to_numpy(bool),
        near_projects=near.count,
    )
    facts = {f"border.{name}": each[name].to_numpy() for name in _BORDER_FACTS}
    return Measured(subjects, facts, pairs, near)


def rule(ground: BorderGround, request: ProjectRequest, measured: Measured, start: int, end: int) -> Screened:
    """Ask the rules of the projects at positions ``start`` to ``end``."""
    subjects = measured.subjects.iloc[start:end].reset_index(drop=True)
    facts: dict[str, Any] = {name: subjects[name] for name in subjects.columns}
    facts |= {name: values[start:end] for name, values in measured.facts.items()}
    facts |= ground.within(subjects)
    if request.downwind_threshold_ug_m3 is not None:
        facts["downwind_threshold_ug_m3"] = np.full(len(subjects), request.downwind_threshold_ug_m3)
    findings = policy.evaluate(ground.pack, facts, subject="project", as_of=request.as_of)
    n = len(subjects)
    findings = limbs_first(ground.pack, findings)
    lead, limbs = policy.lead(ground.pack, findings, n), limb_columns(ground.pack, findings, n)
    at = measured.pairs["subject"].to_numpy(np.int64)
    pairs = measured.pairs[(at >= start) & (at < end)]
    pairs = pairs.assign(subject=pairs["subject"].to_numpy(np.int64) - start)
    asked = ask_columns(ground.pack, subjects, findings, request.lang)
    found = pd.concat([subjects, lead, limbs], axis=1).assign(**asked)
    return Screened(_consulted(found), findings, pairs)


def _consulted(subjects: pd.DataFrame) -> pd.DataFrame:
    """Return the projects with consultees only where a limb is met or open: nobody is asked about the others.

    Whose lines are in reach stands in ``consultees.parquet`` whatever the limbs say.
    """
    asked = subjects["lead_outcome"].isin((APPLIES, NEEDS_REVIEW))
    return subjects.assign(**{name: subjects[name].where(asked, "") for name in _CONSULTED})


def _kilometres(
    consultees: npt.NDArray[np.object_], pairs: pd.DataFrame, strip_km: float
) -> npt.NDArray[np.object_]:
    """Return the distance to each consultee, km, joined as the codes are; none reads across the edge."""
    asked = pairs[(pairs["kind"] != "other_line").to_numpy(bool)].drop_duplicates(["subject", "neighbour"])
    columns = (asked[name].tolist() for name in ("subject", "neighbour", "distance_m"))
    far = {(at, code): toward(m / 1000.0, strip_km, 2) for at, code, m in zip(*columns, strict=True)}
    told = [
        ";".join(far.get((at, code), "") for code in codes.split(";")) for at, codes in enumerate(consultees)
    ]
    return np.array(told, object)


def _feet(pairs: pd.DataFrame, n: int) -> dict[str, npt.NDArray[np.float64]]:
    """Return the nearest point of the nearest line of each project's own, and the bearing towards it."""
    own = pairs[(pairs["kind"] == "land").to_numpy(bool)].drop_duplicates("subject")
    names = ["foot_lon", "foot_lat", "bearing_deg"]
    found = own.set_index("subject")[names].reindex(range(n))
    return {name: found[name].to_numpy(float) for name in names}


def _bounds(sites: npt.NDArray[np.object_] | None, n: int) -> dict[str, npt.NDArray[np.float64]]:
    """Return the extent of each outline, degrees WGS 84; NaN for a point."""
    import shapely

    every = np.full((n, 4), np.nan) if sites is None else shapely.bounds(sites)
    return dict(zip(_EXTENT, every.T, strict=True))


def _named(codes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the names, in Chinese, of provinces whose codes are joined by ``;``."""
    told = {text: province_names(text, "zh") for text in set(codes)}
    return np.array([told[text] for text in codes], object)


def _located(ground: BorderGround, frame: pd.DataFrame, u_m: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return where each project lies; the office's own line has the last word on the province.

    Where it puts a point into another province than the county boundaries do, the county is the nearest one
    of that province; counties of other provinces are no alternatives any more.
    """
    located = admin.attach(frame, ground.admin, ground.second, u_m=u_m)
    if not ground.own_line:
        return located
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    home = ground.borders.locate(lon, lat)
    known = home != ""
    shipped = located["province_adcode"].astype(object).to_numpy(object)
    county = pd.Index(ground.admin.counties["adcode"]).get_indexer(located["adcode"].astype(str))
    moved = np.flatnonzero(known & (home != shipped))
    county[moved] = [_nearest_county(ground, home[k], lon[k], lat[k]) for k in moved]
    names = ground.admin.names(county.astype(np.int32))
    others = located["alternatives"].astype(object).to_numpy(object)
    kept = [
        ";".join(code for code in codes.split(";") if code[:2] == own[:2]) if sure else codes
        for codes, own, sure in zip(others, home, known, strict=True)
    ]
    reason = located["boundary_reason"].astype(object).to_numpy(object)
    alternatives = np.array(kept, object)
    return located.assign(
        **{name: names[name] for name in names.columns},
        alternatives=alternatives,
        boundary_reason=np.where(alternatives == "", "", reason),
    )


def _province_of(
    ground: BorderGround, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Return the province of each point: by the office's own line where it has one, else by the counties."""
    codes = np.append(ground.admin.counties["province_adcode"].to_numpy(object), "")
    found: npt.NDArray[np.object_] = codes[ground.admin.locate(lon, lat)]
    own = ground.borders.locate(lon, lat) if ground.own_line else found
    return np.where(own == "", found, own)


def _nearest_county(ground: BorderGround, province: str, lon: float, lat: float) -> int:
    """Return the position of the county of a province that is nearest to a point outside it, or -1."""
    import shapely

    candidates = ground.admin.within("province_adcode", province)
    if not len(candidates):
        return OUTSIDE
    # Degrees of longitude shrunk to the latitude: near enough to say which county is nearest.
    shrink = np.array([np.cos(np.radians(lat)), 1.0])
    flat = shapely.transform(ground.admin.polygons(candidates), lambda places: places * shrink)
    return int(candidates[int(np.argmin(shapely.distance(flat, shapely.Point(lon * shrink[0], lat))))])
