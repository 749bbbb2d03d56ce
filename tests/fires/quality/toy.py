"""Fire pixels made by hand for the tests of quality, and the rule as it is shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq.fires.quality import REGISTER, QualityRule, quality_rule
from geoaq.frames import FIRE_PIXELS, fire_keys

ROOT = Path(__file__).resolve().parents[3]
TABLE: Mapping[str, Any] = tomllib.loads(
    (ROOT / "layers" / "policy" / "fire_quality.toml").read_text("utf-8")
)
RULE: QualityRule = quality_rule(TABLE)
NO_SOURCES = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in REGISTER.items()})
NO_PLACES = pd.DataFrame({"kind": pd.Series(dtype=object), "geometry": pd.Series(dtype=object)})
_DEFAULTS: dict[str, Any] = {
    "satellite": "snpp", "kind": "satellite", "acquired": 0, "lon": 126.0, "lat": 46.0, "scan_km": 0.4,
    "track_km": 0.4, "t4_k": np.nan, "t11_k": np.nan, "frp_mw": 5.0, "confidence": 1, "confidence_pct": -1,
    "daynight": 1, "fire_type": -1, "level": 2, "saturated": False, "number": "", "deadline": -1,
    "adcode": "230112",
}  # fmt: skip


def seconds(day: date, hour: int = 5) -> int:
    """Return a time of a day, UTC; 5 is the early afternoon in China."""
    return (day - date(1970, 1, 1)).days * 86_400 + hour * 3600


def pixels(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return detections as `FIRE_PIXELS` with ``adcode``; what a row does not say is the default."""
    table = pd.DataFrame([_DEFAULTS | row for row in rows], columns=list(_DEFAULTS))
    table["satellite"] = table["satellite"].astype("category")
    table["key"] = fire_keys(
        table["satellite"],
        table["acquired"].to_numpy(np.int64),
        table["lon"].to_numpy(np.float64),
        table["lat"].to_numpy(np.float64),
    )
    return table.astype(FIRE_PIXELS.dtypes | {"adcode": "category"})[[*FIRE_PIXELS.names, "adcode"]]


def source(**said: Any) -> pd.DataFrame:
    """Return a register of one source at 126° E, 46° N."""
    row = {
        "source": "static-a", "lon": 126.0, "lat": 46.0, "radius_m": 200.0, "first": 0, "last": 0, "days": 20,
        "days_outside": 10, "span_days": 300, "night_share": 0.8, "frp_median_mw": 1.0, "frp_p95_mw": 3.0,
        "expires": seconds(date(2030, 1, 1)), "learned_as_of": 0,
    }  # fmt: skip
    return pd.DataFrame([row | said]).astype(REGISTER)
