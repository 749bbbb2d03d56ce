"""A small bulletin made by hand, with everything in it that a bulletin may hold, and words that bite."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoaq.report.fire_bulletin import (
    BulletinData,
    Compared,
    Detection,
    Fire,
    Ledger,
    Pass,
    Patrol,
    Patrols,
    Shapes,
    Source,
    Unit,
)
from geoaq.report.sheet.shapes import Area
from geoaq.report.sheet.words import named

HOSTILE = "=HYPERLINK(1)<script>alert(1)</script>#set page"
SQUARE = ((116.5, 33.2), (117.5, 33.2), (117.5, 34.2), (116.5, 34.2), (116.5, 33.2))


def detection(**stated: Any) -> Detection:
    usual = {
        "number": 1, "source": "satellite", "group": "straw_likely", "reasons": ("cropland", "window"),
        "event": "20250611T0532Z-wtq5h2s1c", "city": named("宿州市"), "county": named("埇桥区"),
        "town": "夹沟镇", "lon": 116.97, "lat": 33.63, "lon_dms": "116°58′12.000″E",
        "lat_dms": "33°37′48.000″N",
        "beijing": "2025-06-11 13:32", "utc": "2025-06-11T05:32Z", "satellite": "noaa21", "sensor": "VIIRS",
        "footprint_km": "0.39×0.36", "confidence": 1, "frp_mw": 4.2, "crop_share": 0.83, "level": 2,
        "open": False, "verdict": "applies", "bans": (named("重点区域：禁止露天焚烧秸秆"),),
    }  # fmt: skip
    return Detection(**{**usual, **stated})


def unit(**stated: Any) -> Unit:
    usual = {
        "level": "county", "adcode": "341302", "name": named("埇桥区"), "parent": named("宿州市"), "straw": 3,
        "verified": 2, "suspected": 1, "mixed": 1, "open": 0, "others": 0, "events": 2, "events_verified": 1,
        "arable_ha": 152300.0, "intensity": 0.0197, "intensity_verified": 0.0131, "rank": 1,
        "rank_intensity": 1, "before": None, "year_ago": 4, "cloud": 0.35, "cloud_days": 1,
    }  # fmt: skip
    return Unit(**{**usual, **stated})


def bulletin(**stated: Any) -> BulletinData:
    """Return the bulletin; groups and units add up to its ``total``."""
    counts = {"verified": (2, 0, 1), "straw_likely": (2, 1, 0), "mixed": (1, 0, 0), "unknown": (0, 0, 0),
              "suspect": (1, 0, 0), "not_cropland": (1, 0, 0), "static": (3, 0, 0),
              "checked_other": (1, 0, 0),
              "checked_no_trace": (0, 0, 0)}  # fmt: skip
    day = date(2025, 6, 11)
    usual: dict[str, Any] = {
        "kind": "day", "adcode": "341300", "area": named("宿州市"), "first": day, "last": day, "ends_at": 17,
        "since": "2025-06-10 17:00", "until": "2025-06-11 17:00", "as_of": day, "total": 13,
        "ledger": tuple(
            Ledger(group=name, satellite=a, other=b, push=c) for name, (a, b, c) in counts.items()
        ),
        "events": 3, "events_verified": 1, "events_open": 1, "open_points": 1, "levels": ("county",),
        "units": (
            unit(),
            unit(adcode="341322", name=named("萧县"), straw=0, verified=0, suspected=0, mixed=0, open=1,
                 rank=0, rank_intensity=0, arable_ha=None, intensity=None, intensity_verified=None,
                 cloud=None,
                 cloud_days=0, year_ago=None, events=0, events_verified=0),
        ),
        "counted_units": (5,),
        "before": Compared(first=date(2025, 6, 10), last=date(2025, 6, 10), state="none", seen=0, due=5,
                           points=None, difference=None, percent=None),
        "year_ago": Compared(first=date(2024, 6, 11), last=date(2024, 6, 11), state="partial", seen=2, due=5,
                             points=8, difference=-4, percent=-50.0),
        "passes": (
            Pass(satellite="snpp", expected=True, days=1, seen=1),
            Pass(satellite="noaa21", expected=True, days=1, seen=0, missing=(day,)),
            Pass(satellite="himawari9", expected=False, days=1, seen=1),
        ),
        "arable": "office", "clouds": True, "checks": True,
        "points": (detection(), detection(number=2, group="verified", open=True, town=HOSTILE)),
        "pushes": (detection(source="push", push_number=HOSTILE, deadline="2025-06-11 16:00"),),
        "aside": (detection(group="static", reasons=("static_register",), event="", verdict=""),),
        "points_left_out": 2, "pushes_left_out": 0, "aside_left_out": 6,
        "fires": (
            Fire(event="20250611T0532Z-wtq5h2s1c", group="verified", official=False, city=named("宿州市"),
                 county=named("埇桥区"), lon=116.97, lat=33.63, first="2025-06-11 13:32",
                 last="2025-06-11 14:20", pixels=3, satellites=("noaa21", "snpp"), frp_peak_mw=None,
                 crop_share=0.8, open=False, verdict="applies", bans=(named(HOSTILE),)),
        ),
        "fires_left_out": 0,
        "patrols": Patrols(by_town=True, cell_deg=0.05, margin_days=21, asked_years=5, years=(2024, 2023),
                           rows=(Patrol(county=named("埇桥区"), town="夹沟镇", lon=117.02, lat=33.91, years=2,
                                        points=7, last_year=2024, now=1),), left_out=0),
        "data_levels": (("snpp", 2, 9),),
        "sources": (Source(what="checks", name=named(HOSTILE), sha256="ab" * 32),),
        "attributions": (named("NASA FIRMS"),), "unused_rows": 3, "judged_state": "j7",
        "content_sha256": "cd" * 32,
        "shapes": Shapes(box=(116.5, 33.2, 117.5, 34.2),
                         areas=(Area(adcode="341302", name=named("埇桥区"), rings=(SQUARE,)),),
                         dots=(((116.97, 33.63), "straw_likely"), ((116.98, 33.64), "verified"),
                               ((116.9, 33.5), "static"), ((117.0, 33.7), "push"))),
    }  # fmt: skip
    return BulletinData(**{**usual, **stated})
