"""Events of fire made by hand, one for each thing that a card has to say."""

from __future__ import annotations

import json
from pathlib import Path

from geoaq.store.fires.judging import Past
from geoaq.store.fires.store import FireStore
from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import DAY0

NASTY = "<img src=x onerror=alert(1)>"
AT = DAY0 + 5 * 3600 + 12 * 60  # 13:12 Beijing time on 1 March 2024
LATER = AT + 3 * 3600
SHARED, PUSHED, GONE, OLD, OLDEST = (
    "20240301T0512Z-shared",
    "20240301T0512Z-pushed",
    "20240301T0512Z-gone",
    "20240301T0512Z-old",
    "20240301T0512Z-oldest",
)
RULES = json.dumps(
    [
        {
            "by": "rule",
            "id": "gf.straw.local",
            "outcome": "needs_review",
            "reasons": [],
            "failed": "",
            "truth": "U",
            "strength": "",
            "timing": "",
            "basis": "",
        },
        {
            "by": "permit",
            "id": "p1",
            "version": 1,
            "name": NASTY,
            "outcome": "",
            "reasons": ["permit_matches"],
            "text": {"number": NASTY, "issuer": "某县"},
        },
    ]
)


def burning(data: Path) -> None:
    """Put the events into the store of a folder of state."""
    pixel = {"acquired": AT, "scan_km": 0.4, "track_km": 0.38, "confidence": 1}
    border = {"event": SHARED, "disputed_border": True, "disputed_by": "footprint", "adcode": "341302"}
    pixels = judged(
        pixel | border | {"frp_mw": 4.25, "county_share": 0.6, "others": "341322=0.4"},
        pixel
        | border
        | {"frp_mw": 6.5, "lon": 116.005, "county_share": 0.4, "others": "341302=0.6", "adcode": "341322"},
        pixel
        | border
        | {"lon": 116.006, "lat": 33.004, "county_share": float("nan"), "scan_km": float("nan")},
        pixel | border | {"acquired": LATER, "satellite": "noaa20", "county_share": 1.0},
        pixel
        | {
            "satellite": f"push:{NASTY}",
            "kind": "push",
            "event": PUSHED,
            "number": f"TS-{NASTY}",
            "deadline": AT + 7200,
            "class": "unknown",
            "reasons": "",
        },
    )
    found = events(
        {
            "event": SHARED,
            "first_seen": AT,
            "last_seen": LATER,
            "pixels": 4,
            "satellites": "noaa20;snpp",
            "across_m": 700.0,
            "frp_peak_mw": 10.75,
            "frp_peak_at": AT,
            "frp_peak_by": "snpp",
            "overpasses": 2,
            "disputed_border": True,
            "counties": "341302=3;341322=1",
            "verdict": "needs_review",
            "rules": RULES,
        },
        {
            "event": PUSHED,
            "first_seen": AT,
            "last_seen": AT,
            "satellites": f"push:{NASTY}",
            "official": True,
            "class": "unknown",
        },
        {"event": GONE, "first_seen": AT, "last_seen": AT, "alive": False},
        {"event": OLD, "first_seen": AT, "last_seen": AT, "alive": False, "merged_into": SHARED},
        {"event": OLDEST, "first_seen": AT, "last_seen": AT, "alive": False, "merged_into": OLD},
    )
    history = (
        Past(SHARED, "new", "", '{"pixels": 1}'),
        Past(SHARED, "grew", "", '{"pixels": [1, 4]}'),
        Past(SHARED, "reclassified", "", '{"class": ["mixed", "straw_likely"]}'),
        Past(OLD, "merged_into", SHARED, "{}"),
        Past(GONE, "gone", "", '{"static": 1}'),
        Past(PUSHED, "split_from", SHARED, '{"pixels": 1}'),
    )
    with FireStore(data) as store:
        keep(store, pixels, found, history)
