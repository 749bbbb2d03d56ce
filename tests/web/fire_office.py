"""A store of fires with a register of static sources, made by hand, as after two years of an office."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.store.fires.registers import STATIC, Register
from geoaq.store.fires.store import FireStore
from tests.store.fires.rows import about, fires, given

DAY = 86_400
# 2026-10-01 and 2026-11-01, days since 1970.
OCTOBER, NOVEMBER = 20_727, 20_758
# Wu'an (Handan), Qian'an (Tangshan), Jiangyin, Ma'anshan, and a place at sea.
PLACES = ((114.19, 36.69), (118.66, 39.99), (120.26, 31.93), (118.47, 31.71), (123.5, 37.0))


def sources(month: int, count: int) -> pd.DataFrame:
    """Return a register's rows: the first five at `PLACES`, the others round about them."""
    rng = np.random.default_rng(7)
    rows = []
    for i in range(count):
        lon, lat = PLACES[i % 5]
        if i >= 5:
            lon, lat = lon + rng.uniform(-2.5, 2.5), lat + rng.uniform(-1.8, 1.8)
        days = int(rng.integers(8, 400))
        last = month * DAY - int(rng.integers(1, 120)) * DAY
        rows.append({
            "source": f"static-w{i:05d}", "lon": round(lon, 5), "lat": round(lat, 5),
            "radius_m": float(rng.uniform(180, 1400)), "first": last - days * 2 * DAY, "last": last,
            "days": days, "days_outside": days // 2, "span_days": days * 2,
            "night_share": float(rng.uniform(0.3, 1)) if i % 9 else float("nan"),
            "frp_median_mw": float(rng.uniform(0.5, 4)), "frp_p95_mw": float(rng.uniform(4, 60)),
            "expires": last + 180 * DAY, "learned_as_of": month * DAY,
        })  # fmt: skip
    return pd.DataFrame(rows).astype(STATIC)


def furnish(data: Path, count: int = 7) -> None:
    """Put registers of two months into a store, and the detections at the first source."""
    with FireStore(data) as store:
        first = sources(NOVEMBER, 1).iloc[0]
        end = int(first["last"])
        seen = [
            {"acquired": end - i * 5 * DAY, "lon": first["lon"] + 0.0004 * (i % 5), "lat": first["lat"],
             "scan_km": 0.4, "track_km": 0.4, "frp_mw": 2.0 + i, "daynight": i % 2, "satellite": "noaa20"}
            for i in range(30)
        ]  # fmt: skip
        far = seen[0] | {"lon": first["lon"] + 0.5}
        store.ingest(given(fires(*seen, far)), **about("office"))
        for month, rows in ((OCTOBER, count - 2), (NOVEMBER, count)):
            frame = sources(month, rows)
            store.keep_register(Register(month, "m" * 64, f"{month}".rjust(64, "a"), rows), frame)
