"""A plant of Hangzhou's plain and subjects placed about it by ``Geod.fwd``, for the tests of the radius."""

from __future__ import annotations

import pandas as pd
from pyproj import Geod

from geoaq.zones.heating import HeatingScreen, screen

GEOD = Geod(ellps="WGS84")
BUDGET_M = {"surveyed": 10.0, "exact": 300.0, "unstated": 1000.0}
HANGZHOU = {"adcode": "330106", "city_adcode": "330100", "province_adcode": "330000"}
CONFIRMED = {"confirmed_document": "浙能源〔2025〕1号", "confirmed_issuer": "浙江省能源局"}


def plant(plant_id: str = "P", lon: float = 120.0, lat: float = 30.0, **more: object) -> dict[str, object]:
    return {
        "plant_id": plant_id, "name": f"{plant_id}电厂", "lon": lon, "lat": lat,
        "position_quality": "surveyed", "installed_mw": 600.0, "largest_unit_mw": 300.0, "fuel": "coal",
        "dispatched": 0, "heat_evidence": "name", "confirmed_document": "", "confirmed_issuer": "",
        "province_adcode": "330000",
    } | more  # fmt: skip


def at(distance_km: float, azimuth: float = 40.0, u_m: float = 10.0, **more: object) -> dict[str, object]:
    """Place a subject at a distance from (120, 30) by Geod.fwd."""
    lon, lat, _ = GEOD.fwd(120.0, 30.0, azimuth, distance_km * 1000.0)
    return {"lon": lon, "lat": lat, "u_m": u_m} | HANGZHOU | more


def judge(
    subjects: list[dict[str, object]], plants: list[dict[str, object]], **more: object
) -> HeatingScreen:
    frame = pd.DataFrame(subjects, columns=None if subjects else ["lon", "lat", "u_m", *HANGZHOU])
    given_plants = pd.DataFrame(plants, columns=list(plant()))
    settled = {"radius_km": 30.0, "min_mw": 300.0, "reading": "plant_total", "complete_for": ["330000"]}
    return screen(frame, given_plants, plant_budget_m=BUDGET_M, **{**settled, **more})  # type: ignore[arg-type]


def outcome(subject: dict[str, object], *plants: dict[str, object], **more: object) -> tuple[int, str]:
    row = judge([subject], list(plants), **more).per_subject.iloc[0]
    return int(row["truth"]), str(row["reasons"])
