"""From frames to the rows of a bulletin: detections, events, units, with names instead of codes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geoaq.fires.bulletin import STRAW, group_events, open_border
from geoaq.fires.bulletin.points import SENSORS, beijing, dms, footprint, utc
from geoaq.flows.fires.bulletin.area import Area
from geoaq.flows.fires.bulletin.gather import Gathered
from geoaq.report.fire_bulletin import Detection, Fire, Level, Unit
from geoaq.report.sheet.words import Words, named, words
from geoaq.wording import catalogue

# Of a verdict that is open, so many of its reasons are printed.
_REASONS = 2


def ban_words(rules: str) -> tuple[Words, ...]:
    """Return the texts that a verdict rests on, from the findings of an event (JSON).

    What bans (rule, zone, distance with a cited text) is named; zones without polluting fuels are named
    beside it; where nothing is sure, the first reasons are.
    """
    findings = json.loads(rules) if rules else []
    sure = [one for one in findings if one.get("outcome") == "applies"]
    fuel = [one for one in findings if one.get("by") == "zone" and one.get("kind") == "fuel"]
    told = [_named(one) for one in (*sure, *fuel)]
    if not sure:
        open_ = [one for one in findings if one.get("outcome") == "needs_review"]
        codes = dict.fromkeys(str(code) for one in open_ for code in one.get("reasons", ()))
        plain = dict.fromkeys(code.partition(":")[0] for code in codes)
        known = [code for code in plain if f"reasons.{code}" in catalogue()]
        told += [words(f"reasons.{code}") for code in known if _placeless(f"reasons.{code}")][:_REASONS]
    return tuple(dict.fromkeys(told))


def _placeless(code: str) -> bool:
    return "{" not in catalogue()[code]["zh"]


def _named(one: Mapping[str, Any]) -> Words:
    name = str(one.get("name") or one.get("id") or "")
    if one.get("by") == "rule":
        code = f"rules.{one['id']}"
        return words(code) if code in catalogue() else named(str(one["id"]))
    if one.get("by") == "zone":
        kind = str(one.get("kind", "straw"))
        grade = str(one.get("class", ""))
        if kind == "fuel":
            return words("bulletin.zone_fuel", name=name, grade=grade)
        return words("bulletin.zone_limit" if grade == "limit" else "bulletin.zone_ban", name=name)
    if one.get("by") == "distance":
        return words("bulletin.zone_distance", name=name, km=f"{float(one.get('limit_km') or 0):g}")
    return named(name)


def detections(found: Gathered, rows: pd.Series[bool], *, most: int) -> tuple[tuple[Detection, ...], int]:
    """Return the detections of a mask in the order of time, and how many are left out."""
    chosen = np.flatnonzero(rows.to_numpy(bool))
    kept = chosen[:most]
    pixels, grouped = found.pixels.iloc[kept], found.grouped.iloc[kept]
    near = open_border(found.pixels, found.grouped, "county")[kept]
    judged = found.events.set_index("event")[["verdict", "rules"]].to_dict("index")
    known: dict[str, tuple[Words, ...]] = {}
    told = []
    for number, (row, group, source, place, is_open) in enumerate(
        zip(pixels.to_dict("records"), grouped["group"], grouped["source"], grouped["place"], near,
            strict=True), start=1,
    ):  # fmt: skip
        event = judged.get(row["event"], {"verdict": "", "rules": ""})
        rules = str(event["rules"])
        if rules not in known:
            known[rules] = ban_words(rules)
        city, county = _place(found.area, str(place))
        told.append(
            Detection(
                number=number,
                source=str(source),
                group=str(group),
                reasons=tuple(filter(None, str(row["reasons"]).split(";"))),
                event=str(row["event"]),
                city=city,
                county=county,
                town=str(row["township"]),
                town_open=bool(row["disputed_township"]),
                village=str(row["village"]),
                grid=str(row["grid"]),
                lon=round(float(row["lon"]), 6),
                lat=round(float(row["lat"]), 6),
                lon_dms=dms(float(row["lon"]), "lon"),
                lat_dms=dms(float(row["lat"]), "lat"),
                beijing=beijing(int(row["acquired"])),
                utc=utc(int(row["acquired"])),
                satellite=str(row["satellite"]),
                sensor=SENSORS.get(str(row["satellite"]), ""),
                footprint_km=footprint(float(row["scan_km"]), float(row["track_km"])),
                confidence=int(row["confidence"]),
                frp_mw=_number(row["frp_mw"], 2),
                crop_share=_number(row["crop_share"], 3),
                level=int(row["level"]),
                open=bool(is_open),
                verdict=str(event["verdict"]),
                bans=known[rules],
                push_number=str(row["number"]),
                deadline=beijing(int(row["deadline"])) if row["deadline"] >= 0 else "",
            )
        )
    return tuple(told), len(chosen) - len(kept)


def fires(found: Gathered, *, most: int) -> tuple[tuple[Fire, ...], int]:
    """Return the events, those of straw first, by time; and how many are left out."""
    grouped = group_events(found.events, found.inputs.checks)
    near = open_border(found.events, grouped, "county")
    # Events come by time: what is verified or suspected goes before what is not.
    order = np.argsort(~grouped["group"].isin(STRAW).to_numpy(bool), kind="stable")[:most]
    kept, events = grouped.iloc[order], found.events.iloc[order].to_dict("records")
    told = []
    for row, group, place, is_open in zip(events, kept["group"], kept["place"], near[order], strict=True):
        city, county = _place(found.area, str(place))
        told.append(
            Fire(
                event=str(row["event"]),
                group=str(group),
                official=bool(row["official"]),
                city=city,
                county=county,
                lon=round(float(row["lon"]), 5),
                lat=round(float(row["lat"]), 5),
                first=beijing(int(row["first_seen"])),
                last=beijing(int(row["last_seen"])),
                pixels=int(row["pixels"]),
                satellites=tuple(str(row["satellites"]).split(";")),
                frp_peak_mw=_number(row["frp_peak_mw"], 2),
                crop_share=_number(row["crop_share"], 3),
                open=bool(is_open),
                verdict=str(row["verdict"]),
                bans=ban_words(str(row["rules"])),
            )
        )
    return tuple(told), max(len(found.events) - most, 0)


def units(
    found: Gathered, level: Level, before: pd.Series[float], year_ago: pd.Series[float], clouds: pd.DataFrame
) -> tuple[Unit, ...]:
    """Return the units of one level, in their order.

    Parameters
    ----------
    before, year_ago
        Points of earlier periods by unit, NaN where there are no data.
    clouds
        As `geoaq.fires.bulletin.clouds` returns it.
    """
    told = []
    table = found.units(level)
    for adcode, row in zip(map(str, table.index), table.to_dict("records"), strict=True):
        name, parent = found.area.unit_name(adcode, level)
        cloud = clouds.loc[[adcode]].to_dict("records")[0] if adcode in clouds.index else None
        counts = ("straw", "verified", "suspected", "mixed", "open", "others", "events", "events_verified",
                  "rank", "rank_intensity")  # fmt: skip
        told.append(
            Unit(
                level=level,
                adcode=adcode,
                name=name,
                parent=parent,
                **{one: int(row[one]) for one in counts},
                arable_ha=_number(row["arable_ha"], 1),
                intensity=_number(row["intensity"], 6),
                intensity_verified=_number(row["intensity_verified"], 6),
                before=_count(before[adcode]),
                year_ago=_count(year_ago[adcode]),
                cloud=None if cloud is None else _number(cloud["share"], 4),
                cloud_days=0 if cloud is None else int(cloud["days"]),
            )
        )
    return tuple(told)


def _place(area: Area, adcode: str) -> tuple[Words, Words]:
    county, city = area.unit_name(adcode, "county")
    return city, county


def _number(value: Any, decimals: int) -> float | None:
    number = float(value)
    return round(number, decimals) if math.isfinite(number) else None


def _count(value: Any) -> int | None:
    return int(value) if math.isfinite(float(value)) else None
