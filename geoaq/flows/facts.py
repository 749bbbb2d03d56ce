"""From located subjects to facts, to findings, to one line a subject: the middle of every screening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import policy
from geoaq.flows.context import Context
from geoaq.flows.job import Screened
from geoaq.flows.request import ScreeningRequest
from geoaq.frames import PLANTS
from geoaq.zones import admin, heating

Subject = Literal["boiler", "unit"]
READINGS: tuple[heating.Reading, ...] = ("plant_total", "largest_unit")


def screen_chunk(
    context: Context, request: ScreeningRequest, frame: pd.DataFrame, subject: Subject
) -> Screened:
    """Locate, measure and rule one chunk of clean rows."""
    frame = frame.reset_index(drop=True)
    u_m = policy.position_budget(frame, context.pack)
    located = admin.attach(frame, context.admin, context.second, u_m=u_m)
    subjects = pd.concat([frame, located], axis=1).assign(u_m=u_m)
    readings = anchor_readings(
        context.pack, context.plants, subjects, subject, complete_for=request.complete_for
    )
    findings = policy.evaluate(
        context.pack, _facts(context, subjects, readings), subject=subject, as_of=request.as_of
    )
    adopted = readings[adopted_reading(context.pack)]
    subjects = _with_anchor(subjects, adopted.per_subject, context, subject)
    subjects = pd.concat([subjects, policy.lead(context.pack, findings, len(subjects))], axis=1)
    subjects["brakes"] = policy.brake_texts(context.pack, subjects, subject=subject, as_of=request.as_of)
    return Screened(subjects, findings, _with_plants(adopted.pairs, context))


def adopted_reading(pack: policy.Pack) -> heating.Reading:
    """Return which capacity counts by the reading of 热电联产电厂 that the rules adopt."""
    adopted = pack.terms["chp_anchor"].adopted
    return next(reading for reading in READINGS if reading == adopted)


def anchor_readings(
    pack: policy.Pack,
    plants: pd.DataFrame,
    subjects: pd.DataFrame,
    subject: Subject,
    *,
    complete_for: tuple[str, ...],
) -> dict[heating.Reading, heating.HeatingScreen]:
    """Return what the heating radius makes of located subjects, by each reading of the clause.

    Parameters
    ----------
    pack
        The policy, whose clause for ``subject`` names radius and capacity.
    plants
        Columns of `geoaq.frames.PLANTS`.
    subjects, complete_for
        As in `geoaq.zones.heating.screen`.
    """
    anchor = pack.anchor(subject)
    return heating.screen_readings(
        subjects,
        plants[list(PLANTS.names)],
        radius_km=anchor.radius_km,
        min_mw=anchor.min_mw,
        readings=READINGS,
        complete_for=complete_for,
        plant_budget_m=policy.plant_budget(pack),
    )


def anchor_facts(readings: Mapping[heating.Reading, heating.HeatingScreen]) -> dict[str, pd.Series]:
    """Return ``anchor.<reading>.<fact>`` as the policy asks for them."""
    return {
        f"anchor.{reading}.{name}": screened.per_subject[name]
        for reading, screened in readings.items()
        for name in ("truth", "reasons", "distance_m", "cross_province")
    }


def _facts(
    context: Context, subjects: pd.DataFrame, readings: Mapping[heating.Reading, heating.HeatingScreen]
) -> dict[str, Any]:
    facts: dict[str, Any] = {name: subjects[name] for name in subjects.columns}
    facts |= context.within(subjects)
    if context.attainment is not None:
        facts |= _attainment(context.attainment, context.admin.counties, subjects)
    return facts | anchor_facts(readings)


def _attainment(
    attainment: pd.DataFrame, counties: pd.DataFrame, subjects: pd.DataFrame
) -> dict[str, npt.NDArray[Any]]:
    """Return the PM2.5 of each subject's city, and where another city that may hold it has other numbers."""
    known = attainment.set_index("city_adcode")[["pm25_annual", "pm25_year"]]
    city_of = counties.set_index("adcode")["city_adcode"].astype(str).to_dict()
    numbers = {str(city): tuple(row) for city, row in zip(known.index, known.to_numpy(float), strict=True)}
    own = subjects["city_adcode"].astype(str)

    def differs(city: str, alternatives: str) -> int:
        cities = {city_of.get(code, "") for code in alternatives.split(";") if code} - {city}
        return int(any(numbers.get(other) != numbers.get(city, ()) for other in cities))

    codes, pairs = pd.factorize(pd.MultiIndex.from_arrays([own, subjects["alternatives"].astype(str)]))
    truths = np.array([differs(*pair) for pair in pairs], np.int8)
    found = {name: own.map(known[name]).to_numpy(float) for name in known.columns}
    return {**found, "pm25_differs": truths[codes] if len(truths) else np.zeros(len(own), np.int8)}


def _with_anchor(
    subjects: pd.DataFrame, per_subject: pd.DataFrame, context: Context, subject: Subject
) -> pd.DataFrame:
    """Add the deciding plant with its distance, and the margin to the radius."""
    names = context.plants.set_index("plant_id")["name"]
    distance_km = per_subject["distance_m"].to_numpy(float) / 1000.0
    radius_km = context.pack.anchor(subject).radius_km
    return subjects.assign(
        anchor_id=per_subject["anchor_id"].to_numpy(),
        anchor_name=per_subject["anchor_id"].map(names).fillna("").to_numpy(),
        distance_km=distance_km,
        margin_m=(radius_km - distance_km) * 1000.0,
        distance_u_m=per_subject["u_m"].to_numpy(float),
        cross_province=per_subject["cross_province"].to_numpy(bool),
    )


def _with_plants(pairs: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Add name, place and capacity of each pair's plant."""
    codes, ids = pd.factorize(pairs["plant_id"])
    known = context.plants.set_index("plant_id").reindex(ids)
    return pairs.assign(
        plant_name=known["name"].to_numpy(object)[codes],
        **{name: known[name].to_numpy(float)[codes] for name in ("lon", "lat", "installed_mw")},
    )
