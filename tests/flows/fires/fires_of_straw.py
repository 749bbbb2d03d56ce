"""Events as the store keeps them, made by hand."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

# The sites of the worked examples; 青岛 lies outside the key regions.
SITES = {"TS": "130202", "HZ": "330106", "WZ": "330302", "NJ": "320102", "CC": "220102", "QD": "370202"}


def moment(text: str) -> int:
    """Return seconds since 1970 UTC of a moment in Beijing time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def event(site: str, **changes: Any) -> dict[str, Any]:
    """Return the fire of example 4: seen once, 13:40 on 20 October 2024, on cropland, in one county."""
    code = SITES.get(site, site)
    seen = moment(changes.pop("at", "2024-10-20 13:40"))
    found = {
        "event": f"event of {site}",
        "first_seen": seen,
        "last_seen": seen,
        "lon": 118.0,
        "lat": 39.5,
        "across_m": 0.0,
        "satellites": "snpp",
        "class": "straw_likely",
        "official": False,
        "adcode": code,
        "counties": f"{code}=1",
        "disputed_border": False,
    }
    return {**found, **changes}


def frame(*events: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(events))


def findings(judged: pd.DataFrame, row: int = 0) -> dict[str, dict[str, Any]]:
    """Return the findings of one event by what they are of."""
    return {one["id"] or one["by"]: one for one in json.loads(judged["rules"].iloc[row])}
