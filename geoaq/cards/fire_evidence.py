"""What was seen of an event, in words: its place, its overpasses, and the pixels of each."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from geoaq.cards.fires import Place, beijing, class_name, place_name, source_name
from geoaq.catalog import Catalog
from geoaq.crs.shifted import wgs84_to_gcj02
from geoaq.fires.events import EventRule, overpasses
from geoaq.report.numbers import fixed, grouped
from geoaq.wording import catalogue, say

_CONFIDENCES = ("low", "nominal", "high")
_LEVELS = ("URT", "RT", "NRT", "SP")


def positions(lon: float, lat: float, lang: str) -> list[dict[str, str]]:
    """Return a place in WGS 84, decimal and in degrees and minutes, and in GCJ-02, each by its name."""
    turned = f"{dms(lon, 'EW')} {dms(lat, 'NS')}"
    shifted = tuple(float(part[0]) for part in wgs84_to_gcj02([lon], [lat]))
    return [
        {"label": say("fire_event.wgs84", lang), "text": f"{lon:.5f}, {lat:.5f}", "note": ""},
        {"label": say("fire_event.wgs84_dms", lang), "text": turned, "note": ""},
        {
            "label": "GCJ-02",
            "text": f"{shifted[0]:.5f}, {shifted[1]:.5f}",
            "note": say("fire_map.for_navigation", lang),
        },
    ]


def dms(degrees: float, signs: str) -> str:
    """Return degrees, minutes and whole seconds; about 30 m, finer than any pixel.

    Examples
    --------
    >>> dms(126.05, "EW"), dms(-0.99999, "NS"), dms(29.9999, "NS")
    ('126°03′00″E', '1°00′00″S', '30°00′00″N')
    """
    seconds = round(abs(degrees) * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″{signs[degrees < 0]}"


def utc(seconds: int) -> str:
    """Return a moment in UTC, to the minute."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def power(value: float, lang: str) -> str:
    """Return a radiative power in MW, or that it is unknown."""
    if not math.isfinite(value):
        return say("fire_event.unknown", lang)
    return f"{grouped(value, 1)} {say('fire_map.unit_frp', lang)}"


def percent(share: float) -> str:
    """Return a share as per cent, ``""`` when it is unknown."""
    return f"{fixed(100.0 * share, 0)}%" if math.isfinite(share) else ""


def passes_told(
    pixels: pd.DataFrame, catalog: Catalog, known: Mapping[str, Place], lang: str, *, most: int
) -> list[dict[str, Any]]:
    """Return the overpasses in the order of time, each with its pixels; power is added over one overpass.

    Parameters
    ----------
    pixels
        A frame of `geoaq.frames.FIRE_JUDGED`, all of one event.
    catalog
        Its ``fire_events.toml`` says where an overpass ends.
    known
        As `geoaq.cards.fires.places` returns it.
    lang
        ``zh`` or ``en``.
    most
        Pixels that are told of one by one; of the others only how many there are (``left_out``).
    """
    if pixels.empty:
        return []
    rule = EventRule.from_table(tomllib.loads((catalog.policy_dir / "fire_events.toml").read_text("utf-8")))
    found = overpasses(pixels, np.zeros(len(pixels), np.int32), rule=rule)
    listed = 0
    told = []
    for one in found.sort_values(["begin", "satellite"]).to_dict("records"):
        in_time = pixels["acquired"].between(one["begin"], one["end"])
        rows = pixels[in_time & pixels["satellite"].eq(one["satellite"])]
        shown = rows.head(max(0, most - listed))
        listed += len(shown)
        told.append(
            {
                "source": source_name(str(one["satellite"]), str(rows["kind"].iloc[0]), lang),
                "beijing": beijing(int(one["begin"])),
                "utc": utc(int(one["begin"])),
                "frp": _summed(one, lang),
                "count": len(rows),
                "left_out": len(rows) - len(shown),
                "pixels": [_pixel(row, known, lang) for row in shown.to_dict("records")],
            }
        )
    return told


def _summed(one: Mapping[Any, Any], lang: str) -> str:
    known, count = int(one["frp_known"]), int(one["pixels"])
    if not known:
        return say("fire_event.frp_unknown", lang)
    total = power(float(one["frp_sum_mw"]), lang)
    if known == count:
        return say("fire_event.frp_sum", lang, frp=total)
    return say("fire_event.frp_sum_of", lang, frp=total, known=known, count=count)


def _pixel(row: Mapping[Any, Any], known: Mapping[str, Place], lang: str) -> dict[str, Any]:
    lon, lat = float(row["lon"]), float(row["lat"])
    scan, track = float(row["scan_km"]), float(row["track_km"])
    sized = math.isfinite(scan) and math.isfinite(track)
    unknown = say("fire_event.unknown", lang)
    return {
        "beijing": beijing(int(row["acquired"])),
        "utc": utc(int(row["acquired"])),
        "lon": round(lon, 5),
        "lat": round(lat, 5),
        "footprint": f"{fixed(scan, 2)} × {fixed(track, 2)}" if sized else unknown,
        "confidence": _confidence(row, lang),
        "frp": grouped(float(row["frp_mw"]), 1) if math.isfinite(float(row["frp_mw"])) else unknown,
        "level": _LEVELS[int(row["level"])],
        "class": {"code": row["class"], "text": class_name(str(row["class"]), lang)},
        "reasons": _reasons(str(row["reasons"]), lang),
        "crop_share": percent(float(row["crop_share"])) or unknown,
        "place": place_name(str(row["adcode"]), known, lang),
        "push": {"number": str(row["number"]), "deadline": _deadline(int(row["deadline"]))}
        if row["kind"] == "push"
        else None,
    }


def _deadline(seconds: int) -> str:
    return beijing(seconds) if seconds > 0 else ""


def _confidence(row: Mapping[Any, Any], lang: str) -> str:
    grade, share = int(row["confidence"]), int(row["confidence_pct"])
    word = say(f"fire_map.confidence_{_CONFIDENCES[grade] if grade >= 0 else 'unknown'}", lang)
    return f"{word} {share}%" if share >= 0 else word


def _reasons(codes: str, lang: str) -> list[str]:
    known = [code for code in codes.split(";") if f"fire_quality.{code}" in catalogue()]
    return [say(f"fire_quality.{code}", lang) for code in known]
