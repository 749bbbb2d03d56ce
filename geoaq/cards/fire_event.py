"""The card of an event: what was seen, whose ground it is, what bans burning there, and what became of it."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq.cards.fire_areas import across_townships, event_areas
from geoaq.cards.fire_bans import SIGNS, ban_findings, decided_on, verdict_text
from geoaq.cards.fire_evidence import passes_told, percent, positions, power, utc
from geoaq.cards.fire_sketch import sketch
from geoaq.cards.fires import Place, beijing, class_name, place_name, places, source_name
from geoaq.catalog import Catalog
from geoaq.fires.footprints import track_bearing
from geoaq.frames import FIRE_KINDS, NRT
from geoaq.report.numbers import fixed
from geoaq.store.fires.store import FireStore
from geoaq.wording import catalogue, say

_WHERE = ("province", "city", "county", "township")
# Pixels that the page lists; the JSON has all of them.
LISTED = 300
_HOUR_S, _NEAR_ZOOM = 3600, 12


def event_card(
    store: FireStore, event: str, *, catalog: Catalog, layers: Path, lang: str, was: str = "",
    most: int = LISTED,
) -> dict[str, Any] | None:  # fmt: skip
    """Return the card of an event, None when there never was one of that name.

    Parameters
    ----------
    store
        The store.
    event
        Its identity; the one that it was merged into is told in its place.
    catalog
        The policy and the texts beside the data.
    layers
        Where the built sets are (``GEOAQ_DATA/layers``).
    lang
        ``zh`` or ``en``.
    was
        Identity by which the reader came here; told where it was merged into this event.
    most
        Pixels that are told of one by one.
    """
    row = store.event(event)
    if row is None:
        return None
    known = places(layers)
    pixels = store.members(row["event"]).sort_values(["acquired", "satellite", "key"], ignore_index=True)
    history = store.event_history(row["event"])
    before = store.event(was) if was not in {"", row["event"]} else None
    codes = _codes(row, pixels)
    counties = _counties(row, pixels, known, lang)
    orbits = tomllib.loads((catalog.data_dir / "satellite-orbits.toml").read_text("utf-8"))
    bearing = track_bearing(pixels, orbits) if len(pixels) else np.zeros(0)
    verdict = verdict_text(row["verdict"], lang) or say("fire_map.verdict_none", lang)
    return {
        "id": row["event"],
        "title": _title(row, counties, lang),
        "alive": bool(row["alive"]),
        "came_from": was if before is not None and before["event"] == row["event"] else "",
        "tags": _tags(row, pixels, lang),
        "class": {"code": row["class"], "text": class_name(row["class"], lang)},
        "verdict": {"code": row["verdict"], "sign": SIGNS.get(row["verdict"], "not"), "text": verdict},
        "as_of": decided_on(row["rules"]) or beijing(int(row["first_seen"]))[:10],
        "as_of_text": _as_of(row, lang),
        "map": _on_map(row),
        "facts": _facts(row, lang),
        "positions": positions(float(row["lon"]), float(row["lat"]), lang),
        "passes": passes_told(pixels, catalog, known, lang, most=most),
        "counties": counties,
        "areas": event_areas(row, lang),
        "disputed": _disputed(pixels, row, lang),
        "findings": ban_findings(catalog, row["rules"], lang),
        "history": [past_told(one, row["event"], lang) for one in history.to_dict("records")],
        "sketch": sketch(pixels, bearing, layers, codes),
        "pixels": len(pixels),
    }


def _as_of(row: Mapping[str, Any], lang: str) -> str:
    """Return by the texts of which day the event was judged, as a sentence."""
    day = decided_on(row["rules"])
    if not day:
        return say("fire_event.ban_as_of", lang, day=beijing(int(row["first_seen"]))[:10])
    return say("fire_event.ban_as_of_days", lang, day=day)


def _on_map(row: Mapping[str, Any]) -> str:
    """Return the address of the fire map at the event's place, over the whole hours that it was seen in."""
    first, last = int(row["first_seen"]), int(row["last_seen"])
    begin, end = beijing(first - first % _HOUR_S), beijing(last - last % _HOUR_S + _HOUR_S)
    span = f"{begin}_{end}".replace(" ", "T")
    return f"/fires#map={_NEAR_ZOOM}/{float(row['lat']):.5f}/{float(row['lon']):.5f}&f.span={span}"


def _title(row: Mapping[str, Any], counties: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return the heading; where it is under question whose ground it is, it names every county alike."""
    at = beijing(int(row["first_seen"]))
    if row["disputed_border"] and len(counties) > 1:
        names = say("feed.comma", lang).join(str(one["short"]) for one in counties[:3])
        return say("fire_event.title_between", lang, places=names, at=at)
    named = ("province", "city", "county") if row["disputed_township"] else _WHERE
    where = [str(row[name]) for name in named if row[name]]
    joined = "".join(where) if lang == "zh" else ", ".join(reversed(where))
    return say("fire_event.title", lang, place=joined or say("fire_map.no_county", lang), at=at)


def _tags(row: Mapping[str, Any], pixels: pd.DataFrame, lang: str) -> list[dict[str, str]]:
    tags = []
    if row["official"]:
        tags.append({"kind": "applies", "text": say("fire_map.kind_push", lang)})
    if row["disputed_border"]:
        tags.append({"kind": "review", "text": say("fire_event.disputed", lang)})
    elif row["disputed_township"]:
        tags.append({"kind": "review", "text": say("areas.disputed", lang)})
    if len(pixels) and int(row["level"]) < NRT:
        tags.append({"kind": "not", "text": say("fire_map.provisional", lang)})
    if not row["alive"]:
        tags.append({"kind": "not", "text": say("fire_event.no_longer", lang)})
    return tags


def _facts(row: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    def told(code: str, text: str) -> dict[str, str]:
        return {"label": say(f"fire_event.{code}", lang), "text": text}

    first, last = int(row["first_seen"]), int(row["last_seen"])
    names = [_source(name, lang) for name in str(row["satellites"]).split(";")]
    seen = say("fire_event.counted", lang, pixels=int(row["pixels"]), passes=int(row["overpasses"]))
    facts = [
        told("first", say("fire_event.moment", lang, beijing=beijing(first), utc=utc(first))),
        told("last", say("fire_event.moment", lang, beijing=beijing(last), utc=utc(last))),
        told("seen", seen),
        told("sources", say("feed.comma", lang).join(names)),
    ]
    peak = float(row["frp_peak_mw"])
    if math.isfinite(peak):
        at, by = beijing(int(row["frp_peak_at"])), _source(str(row["frp_peak_by"]), lang)
        facts.append(told("peak", say("fire_event.peak_at", lang, frp=power(peak, lang), at=at, by=by)))
    else:
        facts.append(told("peak", say("fire_event.frp_unknown", lang)))
    across = float(row["across_m"])
    facts.append(told("across", say("fire_event.km", lang, km=fixed(across / 1000.0, 1))))
    share = float(row["crop_share"])
    facts.append(told("crop_share", percent(share) or say("fire_event.unknown", lang)))
    return facts


def _source(name: str, lang: str) -> str:
    """Return what a source is called, when only its name is known."""
    kind = name.partition(":")[0]
    return source_name(name, kind if kind in FIRE_KINDS else "satellite", lang) if name else ""


def _codes(row: Mapping[str, Any], pixels: pd.DataFrame) -> set[str]:
    """Return the counties that an event lies in or touches."""
    found = {part.partition("=")[0] for part in str(row["counties"]).split(";")}
    for others in pixels["others"].astype(str).unique():
        found |= {part.partition("=")[0] for part in others.split(";")}
    return {code for code in found if code}


def _counties(
    row: Mapping[str, Any], pixels: pd.DataFrame, known: Mapping[str, Place], lang: str
) -> list[dict[str, Any]]:
    """Return each county with the pixels whose centre it holds, and the mean share of the footprints."""
    counts = dict(part.split("=") for part in str(row["counties"]).split(";") if part)
    shares: dict[str, float] = {}
    sized = 0
    for own, share, others in zip(pixels["adcode"], pixels["county_share"], pixels["others"], strict=True):
        if not math.isfinite(float(share)):
            continue
        sized += 1
        told = [(str(own), float(share))]
        beside = (one.split("=") for one in str(others).split(";") if one)
        told += [(code, float(part)) for code, part in beside]
        for code, part in told:
            shares[code] = shares.get(code, 0.0) + part
    rows = [
        {
            "adcode": code,
            "name": place_name(code, known, lang),
            "short": known[code].name if code in known else code,
            "pixels": int(counts.get(code, 0)),
            "share": percent(shares[code] / sized) if code in shares else say("fire_event.unknown", lang),
        }
        for code in {*counts, *shares}
    ]
    return sorted(rows, key=lambda one: (-int(one["pixels"]), str(one["adcode"])))


def _disputed(pixels: pd.DataFrame, row: Mapping[str, Any], lang: str) -> list[str]:
    """Return why it is under question whose ground it is; nothing where it is not."""
    between = across_townships(row, pixels)
    names = say("feed.comma", lang).join(between)
    townships = [say("areas.between", lang, names=names)] if row["disputed_township"] else []
    if not row["disputed_border"]:
        return townships
    why = {code for one in pixels["disputed_by"].astype(str) for code in one.split(";") if code}
    known = [code for code in sorted(why) if f"fire_event.disputed_{code}" in catalogue()]
    told = [say(f"fire_event.disputed_{code}", lang) for code in known]
    return [*(told or [say("fire_event.disputed_note", lang)]), *townships]


def past_told(one: Mapping[Any, Any], event: str, lang: str) -> dict[str, str]:
    """Return what became of the event, or of another one that names it, as a sentence with its moment."""
    why = json.loads(one["why"]) if one["why"] else {}
    counts = why.get("pixels", 0)
    before, after = counts if isinstance(counts, list) else (0, counts)
    classes = [class_name(str(code), lang) if code else "" for code in why.get("class", ("", ""))]
    mine = one["event"] == event
    what = f"past_{one['what']}" if mine else f"past_{one['what']}_other"
    other = str(one["other"] if mine else one["event"])
    told = {"before": before, "after": after, "was": classes[0], "now": classes[1], "other": other}
    return {
        "at": beijing(int(one["at"])),
        "text": say(f"fire_event.{what}", lang, **told),
        "other": other,
    }
