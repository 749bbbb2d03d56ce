"""Fire pixels for tests, and the partition by comparing every pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from geoaq.fires.events import EventRule
from geoaq.frames import fire_keys

GEOD = Geod(ellps="WGS84")
RULE = EventRule(1000.0, 86_400, "centres", 480, 500.0, 120)
NOON = 1_744_000_800  # 2025-04-07 04:40 UTC


def fires(
    lon: Sequence[float] | npt.NDArray[np.float64],
    lat: Sequence[float] | npt.NDArray[np.float64],
    acquired: Sequence[int] | npt.NDArray[np.int64],
    satellite: str | Sequence[str] = "noaa21",
    frp: float | Sequence[float] = 2.0,
    kind: str | Sequence[str] = "satellite",
    side_km: float | Sequence[float] = 0.4,
) -> pd.DataFrame:
    """Return a table with the columns of FIRE_PIXELS that events and places need."""
    n = len(lon)
    frame = pd.DataFrame(
        {
            "satellite": pd.Categorical([satellite] * n if isinstance(satellite, str) else satellite),
            "kind": pd.Categorical([kind] * n if isinstance(kind, str) else kind),
            "acquired": np.asarray(acquired, np.int64),
            "lon": np.asarray(lon, np.float64),
            "lat": np.asarray(lat, np.float64),
            "scan_km": np.full(n, side_km, np.float32) if np.ndim(side_km) == 0 else np.float32(side_km),
            "frp_mw": np.asarray([frp] * n if np.ndim(frp) == 0 else frp, np.float32),
        }
    )
    frame["track_km"] = frame["scan_km"]
    frame["key"] = fire_keys(
        frame["satellite"], frame["acquired"].to_numpy(), frame["lon"].to_numpy(), frame["lat"].to_numpy()
    )
    return frame


def east_of(lon: float, lat: float, metres: float) -> tuple[float, float]:
    """Return the place so far east of a point along the geodesic."""
    x, y, _ = GEOD.fwd(lon, lat, 90.0, metres)
    return float(x), float(y)


def by_every_pair(pixels: pd.DataFrame, rule: EventRule) -> npt.NDArray[np.int64]:
    """Return the partition, numbered by first appearance, from all pairs and ``Geod`` alone."""
    n = len(pixels)
    i, j = np.triu_indices(n, 1)
    lon, lat, time = (pixels[name].to_numpy() for name in ("lon", "lat", "acquired"))
    metres = GEOD.inv(lon[i], lat[i], lon[j], lat[j])[2] if n > 1 else np.empty(0)
    limit = np.full(len(i), rule.distance_m)
    if rule.linkage == "footprints":
        half = np.nan_to_num(np.fmax(pixels["scan_km"], pixels["track_km"]).to_numpy()) * np.float32(500)
        limit = np.maximum(limit, half[i].astype(float) + half[j])
    near = (metres <= limit) & (np.abs(time[i] - time[j]) <= rule.window_s)
    if "kind" in pixels:
        pushed = (pixels["kind"] == "push").to_numpy()
        near &= pushed[i] == pushed[j]
    label = np.arange(n)
    for a, b in zip(i[near], j[near], strict=True):
        if label[a] != label[b]:
            label[label == max(label[a], label[b])] = min(label[a], label[b])
    return pd.factorize(label)[0]
