"""Judged detections, events and counties for tests of bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

NO_CHECKS = pd.DataFrame(
    {
        "event": pd.Series(dtype=object),
        "result": pd.Series(dtype=object),
        "adcode": pd.Series(dtype=object),
        "checked_at": pd.Series(dtype=np.int64),
    }
)


def judged(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return detections; what a row does not state is that of a quiet straw fire in 宿州."""
    usual = {
        "satellite": "noaa21", "kind": "satellite", "acquired": 1_744_000_800, "lon": 116.97, "lat": 33.63,
        "scan_km": 0.39, "track_km": 0.36, "t4_k": 330.0, "t11_k": 300.0, "frp_mw": 2.0, "confidence": 1,
        "confidence_pct": -1, "daynight": 1, "fire_type": -1, "level": 2, "saturated": False, "number": "",
        "deadline": -1, "class": "straw_likely", "reasons": "cropland;window", "crop_share": 0.9,
        "static_source": "", "adcode": "341302", "province_adcode": "340000", "county_share": 1.0,
        "others": "", "disputed_border": False, "disputed_by": "",
    }  # fmt: skip
    full = [
        {**usual, "event": f"E{place}", "key": place, **row} | {"key": row.get("key", place)}
        for place, row in enumerate(rows)
    ]
    frame = pd.DataFrame(full, columns=[*usual, "event", "key"])
    return frame.astype({"key": np.uint64, "acquired": np.int64, "disputed_border": bool, "adcode": object})


def events_of(pixels: pd.DataFrame, **stated: Any) -> pd.DataFrame:
    """Return the events of detections, one row each, as the store keeps them."""
    own = pixels[pixels["event"] != ""]
    first = own.groupby("event", sort=True).agg(
        first_seen=("acquired", "min"), last_seen=("acquired", "max"), pixels=("key", "size"),
        satellites=("satellite", lambda one: ";".join(sorted(set(one)))), lon=("lon", "mean"),
        lat=("lat", "mean"), adcode=("adcode", "first"), disputed_border=("disputed_border", "max"),
        frp_peak_mw=("frp_mw", "sum"), crop_share=("crop_share", "mean"), confidence=("confidence", "max"),
    )  # fmt: skip
    first["class"] = own.groupby("event", sort=True)["class"].first()
    first["official"] = own.groupby("event", sort=True)["kind"].first() == "push"
    found = first.reset_index()
    for name, value in {"verdict": "", "rules": "", "overpasses": 1, "level": 2, **stated}.items():
        found[name] = value
    return found


def checks(**results: str) -> pd.DataFrame:
    """Return checks of events by name: ``checks(E0="straw", E1="not_straw@341322")`` states a place too."""
    rows = [
        {"event": event, "result": text.partition("@")[0], "adcode": text.partition("@")[2], "checked_at": -1}
        for event, text in results.items()
    ]
    return pd.DataFrame(rows, columns=["event", "result", "adcode", "checked_at"]) if rows else NO_CHECKS


def county_units(*codes: str) -> pd.DataFrame:
    """Return counties with their prefecture and province by digits; 济源 has a prefecture of its own."""
    return pd.DataFrame(
        {
            "adcode": list(codes),
            "city_adcode": [code if code == "419001" else f"{code[:4]}00" for code in codes],
            "province_adcode": [f"{code[:2]}0000" for code in codes],
        },
        dtype=object,
    )
