"""What stands behind the sheet of a project: wind, neighbours, follow-up, boundaries, texts and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from geoaq import policy
from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW
from geoaq.flows.border.sheet_clauses import Clauses
from geoaq.flows.border.sheet_shapes import province_words
from geoaq.flows.border.wind import ProjectWind, cities_of, downwind_of
from geoaq.flows.map_file import plain_records
from geoaq.io.built import LayerSet, load_admin
from geoaq.report.sheet import Boundaries, City, Downwind, FollowUp, Near, Stamp, Wind, named, words
from geoaq.report.summary import BorderRecord, ProjectSummary
from geoaq.store import reading
from geoaq.store.followups import State
from geoaq.wording import say
from geoaq.zones.admin import AdminIndex
from geoaq.zones.border import downwind as leeward


def lee_of(
    built: LayerSet, wind: ProjectWind | None, subject: Mapping[str, Any]
) -> tuple[list[leeward.Downwind], list[leeward.City]]:
    """Return what lies downwind of the project, and the cities of the country."""
    cities = cities_of(json.loads(built.display("cities").read_text("utf-8")))
    if wind is None:
        return [], cities
    admin = AdminIndex(*load_admin(built.path, "amap"))
    found = downwind_of(
        wind, admin, cities, lon=subject["lon"], lat=subject["lat"], home=subject["home_adcode"] or ""
    )
    return found, cities


def wind_rose(wind: ProjectWind | None, winds: list[leeward.Downwind]) -> Wind | None:
    """Return the rose and what lies downwind, None without wind."""
    if wind is None:
        return None
    shares = wind.rose.shares
    return Wind(
        name=wind.series["name"] or say("border.input_wind", "zh"),
        kind="grid" if wind.kind == "grid" else "station",
        hours=wind.rose.hours,
        calm=wind.rose.calm,
        speeds=wind.rose.classes_ms[1:],
        shares=tuple(tuple(float(share) for share in sector) for sector in shares),
        downwind=tuple(
            Downwind(
                name=province_words(one.province),
                share=min(one.share, 1.0),
                cities=tuple(
                    City(name=named(city.name), distance_km=city.distance_km, bearing_deg=city.bearing_deg)
                    for city in one.cities
                ),
            )
            for one in winds
        ),
        reach_km=leeward.REACH_KM,
        sha256=wind.sha256,
    )


def near_ones(folder: Path, near: pd.DataFrame) -> tuple[Near, ...]:
    """Return the other projects in the same strips; the outcome of those of this list is read from it."""
    own = reading.subjects(folder).set_index(["row", "part"])["lead_outcome"]
    found = []
    for one in plain_records(near):
        here = own.get((one["other_row"], one["other_part"]), "") if one["list"] == 0 else ""
        outcome = here or one["other_outcome"] or NEEDS_REVIEW
        found.append(
            Near(
                number=str(one["other_id"]),
                name=one["other_name"] or "",
                distance_m=one["distance_km"] * 1000.0,
                industry_code=one["other_industry"] or "",
                outcome=outcome if outcome in (APPLIES, DOES_NOT_APPLY) else NEEDS_REVIEW,
            )
        )
    return tuple(found)


def followed(states: Mapping[str, State]) -> tuple[FollowUp, ...]:
    """Return where the consultations stand, by province."""
    found = []
    for code, one in sorted(states.items()):
        last = one.events[-1] if one.events else None
        found.append(
            FollowUp.model_validate(
                {
                    "adcode": code,
                    "name": province_words(code),
                    "writer": one.bureau,
                    "state": one.state or "none",
                    "day": None if last is None else last.day,
                    "due_on": one.deadline,
                    "note": "" if last is None else last.note,
                }
            )
        )
    return tuple(found)


def measured_to(summary: ProjectSummary) -> tuple[Boundaries, ...]:
    """Return what was measured to."""
    first = _boundary("decides", summary.borders)
    if summary.second_borders is None:
        return (first,)
    return first, _boundary("second", summary.second_borders)


def _boundary(role: Literal["decides", "second"], one: BorderRecord) -> Boundaries:
    note = words("border.line_length", km=f"{one.length_km:,.0f}")
    return Boundaries(role=role, name=named(one.name), version=one.version, sha256=one.sha256, note=note)


def cited_texts(pack: policy.Pack, clauses: Clauses) -> tuple[Stamp, ...]:
    """Return the documents that are cited, by the hash of the text that was read."""
    cited = {one.rule_id for limb in clauses.limbs() for one in limb.clauses}
    cited |= {one.rule_id for one in clauses.vetoes()}
    sources = dict.fromkeys(rule.source for rule in pack.rules.values() if rule.id in cited)
    return tuple(
        Stamp(
            name=named(pack.sources[name].title),
            version=pack.sources[name].number,
            sha256=pack.sources[name].text_sha256,
        )
        for name in sources
    )


def given_file(role: str, sha256: str) -> Stamp:
    """Return a file that the office gave, by its role in the summary."""
    return Stamp(name=words(f"border.input_{role.partition(':')[0]}"), sha256=sha256)
