"""Judged pixels and events made by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geoaq.frames import FIRE_EVENTS, FIRE_JUDGED
from geoaq.store.fires.judged import judged_table
from geoaq.store.fires.judging import Judgement, Past, judging
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.rows import DAY_S
from geoaq.store.fires.store import FireStore
from tests.store.fires.rows import DAY0, fires

JUDGED: dict[str, Any] = {
    "class": "straw_likely", "reasons": "cropland;window", "crop_share": 0.75, "static_source": "",
    "adcode": "341302", "province_adcode": "340000", "county_share": 1.0, "others": "",
    "disputed_border": False, "disputed_by": "",
    "township": "", "township_code": "", "township_share": float("nan"), "township_others": "",
    "disputed_township": False, "village": "", "village_code": "", "village_share": float("nan"),
    "grid": "", "grid_code": "", "grid_share": float("nan"), "event": "e1",
}  # fmt: skip
EVENT: dict[str, Any] = {
    "event": "e1", "first_seen": DAY0, "last_seen": DAY0, "pixels": 1, "satellites": "snpp",
    "official": False,
    "lon": 116.0, "lat": 33.0, "west": 116.0, "south": 33.0, "east": 116.0, "north": 33.0, "across_m": 0.0,
    "frp_peak_mw": float("nan"), "frp_peak_at": -1, "frp_peak_by": "", "frp_last_mw": float("nan"),
    "frp_pixel_mw": float("nan"), "overpasses": 1, "class": "straw_likely", "crop_share": 0.75,
    "confidence": -1, "adcode": "341302", "county": "埇桥区", "city_adcode": "341300", "city": "宿州市",
    "province_adcode": "340000", "province": "安徽省", "counties": "341302=1", "disputed_border": False,
    "township": "", "townships": "", "disputed_township": False, "villages": "", "grids": "",
    "level": 2, "verdict": "", "rules": "[]", "alive": True, "merged_into": "",
}  # fmt: skip


def judged(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a frame of `FIRE_JUDGED` with the stated values."""
    pixels = fires(*({k: v for k, v in row.items() if k not in JUDGED} for row in rows))
    for name, value in JUDGED.items():
        pixels[name] = pd.Series([row.get(name, value) for row in rows]).astype(FIRE_JUDGED.dtypes[name])
    return pixels[list(FIRE_JUDGED.names)]


def events(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return events with the stated values."""
    frame = pd.DataFrame([{**EVENT, **row} for row in rows], columns=list(EVENT))
    return frame.astype({name: FIRE_EVENTS.dtypes[name] for name in EVENT})


def keep(store: FireStore, pixels: pd.DataFrame, found: pd.DataFrame, history: tuple[Past, ...] = ()) -> int:
    """Put judged pixels (whole days of their sources) and events into a store."""
    with judging(store.folder, store.engine):
        judgement = Judgement(store.folder, store.engine)
        days = [pixels["satellite"].astype(str), pixels["kind"].astype(str), pixels["acquired"] // DAY_S]
        for (satellite, kind, day), some in pixels.groupby(days):
            place = SourceDay(str(satellite), str(kind), int(day))
            judgement.add(place, judged_table(some), made_from="m", judged_by="j")
        return judgement.commit(found, history, verdict_by="v", at=DAY0)
