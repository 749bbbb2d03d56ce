"""What the fire map says of a pixel: in the list, and on its card."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from geoaq.cards.fire_areas import pixel_areas
from geoaq.crs.shifted import wgs84_to_gcj02
from geoaq.frames import FIRE_KINDS, NRT, SATELLITES
from geoaq.io.built import open_layers
from geoaq.report.numbers import fixed, grouped
from geoaq.wording import catalogue, say

_CHINA = ZoneInfo("Asia/Shanghai")
_LEVELS = ("urt", "rt", "nrt", "sp")
_CONFIDENCES = ("low", "nominal", "high")
Facts = list[dict[str, str]]


class Place(NamedTuple):
    """An administrative unit: its name, and where it belongs."""

    name: str
    within: str


def places(layers: Path) -> Mapping[str, Place]:
    """Return province, city and county by code (GB/T 2260).

    Raises
    ------
    ConfigError
        ``layers_not_built``.
    """
    return _places(open_layers(layers).places)


@lru_cache(maxsize=2)
def _places(path: Path) -> Mapping[str, Place]:
    found = json.loads(path.read_text("utf-8"))["places"]
    return {one["adcode"]: Place(one["text"], one["detail"]) for one in found if one.get("adcode")}


def beijing(seconds: int) -> str:
    """Return a moment as it is shown: Beijing time, to the minute.

    Examples
    --------
    >>> beijing(1_650_000_000)
    '2022-04-15 13:20'
    """
    return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")


def source_name(satellite: str, kind: str, lang: str) -> str:
    """Return what a source of detections is called: a satellite, or a camera and its number.

    ``kind`` may be "" where only the source is known.
    """
    if satellite in SATELLITES:
        name = say(f"fire_map.satellite_{satellite}", lang)
        return name if kind in {"", "satellite"} else f"{say(f'fire_map.kind_{kind}', lang)} {name}"
    before, _, own = satellite.partition(":")
    kind = kind or before
    if kind not in FIRE_KINDS:
        return satellite
    called = say(f"fire_map.kind_{kind}", lang)
    name = own or satellite
    return called if name == kind else say("fire_map.own_source", lang, kind=called, name=name)


def class_name(code: str, lang: str) -> str:
    """Return what a class is called."""
    return say(f"fire_quality.class_{code}", lang)


def place_name(code: str, known: Mapping[str, Place], lang: str) -> str:
    """Return the county of a code with its province and city, or that it is not known."""
    place = known.get(code)
    if place is None:
        return code or say("fire_map.no_county", lang)
    return f"{place.within}{place.name}"


def pixel_rows(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, Place], lang: str
) -> list[dict[str, Any]]:
    """Return lines of the list.

    Parameters
    ----------
    rows
        ``key`` (of its card), ``time`` (seconds since 1970 UTC), ``lon``, ``lat``, and the words ``class``,
        ``satellite``, ``kind``, ``confidence``, ``region``, ``frp`` ("" unknown).
    known
        As `places` returns it.
    """
    return [
        {
            "key": row["key"],
            "time": beijing(row["time"]),
            "lon": round(row["lon"], 5),
            "lat": round(row["lat"], 5),
            "place": known[row["region"]].name if row["region"] in known else "",
            "place_whole": place_name(row["region"], known, lang),
            "class": {"code": row["class"], "text": class_name(row["class"], lang)},
            "satellite": source_name(row["satellite"], row["kind"], lang),
            "confidence": say(f"fire_map.confidence_{row['confidence']}", lang),
            "frp": row["frp"],
        }
        for row in rows
    ]


def pixel_card(
    pixel: Mapping[str, Any], event: Mapping[str, Any] | None, known: Mapping[str, Place], lang: str
) -> dict[str, Any]:
    """Return the card of a pixel.

    Parameters
    ----------
    pixel
        A row of `geoaq.frames.FIRE_JUDGED`, or of `FIRE_PIXELS` where it was not judged yet.
    event
        Its event as the store tells it, or None.
    known
        As `places` returns it.
    """
    code = str(pixel.get("class", "unknown"))
    lon, lat = float(pixel["lon"]), float(pixel["lat"])
    return {
        "title": say("fire_map.pixel", lang),
        "time": beijing(int(pixel["acquired"])),
        "acquired": int(pixel["acquired"]),
        "lon": lon,
        "lat": lat,
        "class": {"code": code, "text": class_name(code, lang)},
        "push": pixel["kind"] == "push",
        "tags": _tags(pixel, lang),
        "positions": positions(lon, lat, lang),
        "facts": _facts(pixel, known, lang),
        "reasons": _reasons(pixel, lang),
        "event": None if event is None else _event(event, lang),
        "note": say("fire_map.pixel_note", lang),
        "caution": say("fire_map.caution", lang),
    }


def event_rows(events: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Return lines of the list of events, from rows of `geoaq.frames.FIRE_EVENTS`."""
    return [
        _event(event, lang)
        | {
            "lon": round(float(event["lon"]), 5),
            "lat": round(float(event["lat"]), 5),
            "place": event["county"] or say("fire_map.no_county", lang),
            "place_whole": f"{event['province']}{event['city']}{event['county']}",
            # A township under question stands for nobody.
            "township": say("areas.disputed", lang) if event["disputed_township"] else event["township"],
            "township_note": event["townships"].replace(";", say("feed.comma", lang)),
        }
        for event in events
    ]


def _event(event: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "id": event["event"],
        "href": f"/fires/events/{event['event']}",
        "first": beijing(int(event["first_seen"])),
        "last": beijing(int(event["last_seen"])),
        "pixels": int(event["pixels"]),
        "class": {"code": event["class"], "text": class_name(event["class"], lang)},
        "frp": _number(event["frp_peak_mw"], 1),
        "official": bool(event["official"]),
        "verdict": say(f"fire_map.verdict_{event['verdict'] or 'none'}", lang),
    }


def _tags(pixel: Mapping[str, Any], lang: str) -> list[str]:
    tags = []
    if pixel["kind"] == "push":
        tags.append(say("fire_map.kind_push", lang))
    if int(pixel["level"]) < NRT:
        tags.append(say("fire_map.provisional", lang))
    if pixel.get("disputed_border"):
        tags.append(say("fire_map.disputed", lang))
    elif pixel.get("disputed_township"):
        tags.append(say("areas.disputed", lang))
    return tags


def positions(lon: float, lat: float, lang: str) -> Facts:
    """Return a place in WGS 84 and, for navigation in China, in GCJ-02, each with the name of its datum.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    """
    shifted_lon, shifted_lat = wgs84_to_gcj02([lon], [lat])
    return [
        {"label": "WGS 84", "text": f"{lon:.5f}, {lat:.5f}"},
        {
            "label": "GCJ-02",
            "text": f"{float(shifted_lon[0]):.5f}, {float(shifted_lat[0]):.5f}",
            "note": say("fire_map.for_navigation", lang),
        },
    ]


def _facts(pixel: Mapping[str, Any], known: Mapping[str, Place], lang: str) -> Facts:
    facts: Facts = []

    def add(code: str, text: str) -> None:
        if text:
            facts.append({"label": say(f"fire_map.{code}", lang), "text": text})

    unit = say("fire_map.unit_frp", lang)
    add("source", source_name(str(pixel["satellite"]), str(pixel["kind"]), lang))
    add("county", _county(pixel, known, lang))
    facts += pixel_areas(pixel, lang)
    scan, track = _number(pixel["scan_km"], 2), _number(pixel["track_km"], 2)
    add("footprint", say("fire_map.scan_by_track", lang, scan=scan, track=track) if scan and track else "")
    frp = _number(pixel["frp_mw"], 1)
    add("frp", f"{frp} {unit}" if frp else "")
    bright = _number(pixel["t4_k"], 1)
    ceiling = say("fire_map.saturated", lang) if pixel["saturated"] else ""
    add("brightness", f"{bright} K {ceiling}".strip() if bright else "")
    add("confidence", _confidence(pixel, lang))
    share = _number(100 * float(pixel.get("crop_share", math.nan)), 0)
    add("crop_share", f"{share}%" if share else "")
    add("level", say(f"fire_map.level_{_LEVELS[int(pixel['level'])]}", lang))
    if pixel["number"]:
        add("number", str(pixel["number"]))
    if int(pixel["deadline"]) > 0:
        add("deadline", beijing(int(pixel["deadline"])))
    return facts


def _county(pixel: Mapping[str, Any], known: Mapping[str, Place], lang: str) -> str:
    """Return the county with its share of the footprint, then the others."""
    if "adcode" not in pixel:
        return ""
    name = place_name(str(pixel["adcode"]), known, lang)
    share = float(pixel["county_share"])
    if not pixel["others"] or math.isnan(share):
        return name
    others = [one.partition("=") for one in str(pixel["others"]).split(";")]
    told = [f"{place_name(code, known, lang)} {float(part):.0%}" for code, _, part in others]
    return say("fire_map.shares", lang, first=f"{name} {share:.0%}", rest="; ".join(told))


def _confidence(pixel: Mapping[str, Any], lang: str) -> str:
    grade = int(pixel["confidence"])
    word = say(f"fire_map.confidence_{_CONFIDENCES[grade] if grade >= 0 else 'unknown'}", lang)
    percent = int(pixel["confidence_pct"])
    return f"{word} ({percent}%)" if percent >= 0 else word


def _reasons(pixel: Mapping[str, Any], lang: str) -> list[str]:
    codes = [code for code in str(pixel.get("reasons", "")).split(";") if code]
    return [say(f"fire_quality.{code}", lang) for code in codes if f"fire_quality.{code}" in catalogue()]


def _number(value: Any, decimals: int) -> str:
    known = value is not None and math.isfinite(float(value))
    return (
        (grouped(float(value), decimals) if float(value) >= 1000 else fixed(float(value), decimals))
        if known
        else ""
    )
