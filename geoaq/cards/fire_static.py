"""What a page says of static heat sources: a line of the register, and the card of one source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from geoaq.cards.fires import beijing, source_name
from geoaq.report.numbers import fixed, grouped
from geoaq.store.fires.registers import Register
from geoaq.wording import say

_EAST = timedelta(hours=8)
_HASH = 16


def row(source: Mapping[Any, Any], lang: str) -> dict[str, Any]:
    """Return a line of the register.

    Parameters
    ----------
    source
        A row of `geoaq.flows.fires.static_sources.placed_register`.
    """
    return {
        "key": source["source"],
        "lon": round(float(source["lon"]), 5),
        "lat": round(float(source["lat"]), 5),
        "radius_m": round(float(source["radius_m"])),
        "place": source["county"] or say("fire_static.nowhere", lang),
        "place_whole": place(source, lang),
        "days": int(source["days"]),
        "span": int(source["span_days"]),
        "night": _share(source["night_share"]),
        "frp_median": _power(source["frp_median_mw"]),
        "frp_p95": _power(source["frp_p95_mw"]),
        "first": _day(source["first"]),
        "last": _day(source["last"]),
        "expires": _day(source["expires"]),
        "decision": decision(source["decision"], lang),
    }


def decision(code: str, lang: str) -> dict[str, str]:
    """Return a decision: ``code`` and ``text``."""
    return {"code": code, "text": say(f"fire_static.decision_{code}", lang)}


def place(source: Mapping[Any, Any], lang: str) -> str:
    """Return province, city and county of a source."""
    names = [str(source[name]) for name in ("province", "city", "county") if source[name]]
    return " ".join(dict.fromkeys(names)) or say("fire_static.nowhere", lang)


def month_name(register: Register) -> str:
    """Return the month of a register: YYYY-MM."""
    return _first(register).isoformat()[:7]


def provenance(register: Register, lang: str) -> dict[str, str]:
    """Return from what a register was learned: ``text`` and the whole ``sha256``."""
    words = {"month": month_name(register), "day": _first(register).isoformat()}
    text = say("fire_static.provenance_of", lang, **words, hash=register.sha256[:_HASH])
    return {"text": text, "sha256": register.sha256}


def card(
    source: Mapping[Any, Any], register: Register, history: Iterable[Mapping[str, Any]], lang: str
) -> dict[str, Any]:
    """Return the card of a source: its ``row``, ``facts`` (label and text), ``history`` and ``caution``."""
    position = f"{fixed(float(source['lon']), 5)}, {fixed(float(source['lat']), 5)}"
    facts = {
        "position": position,
        "days": say(
            "fire_static.days_of", lang, days=int(source["days"]), span=int(source["span_days"]),
            outside=int(source["days_outside"]),
        ),
        "night_share": _share(source["night_share"]),
        "frp": say(
            "fire_static.frp_of", lang, median=_power(source["frp_median_mw"]) or "—",
            p95=_power(source["frp_p95_mw"]) or "—",
        ),
        "radius": say("fire_static.radius_of", lang, metres=grouped(round(float(source["radius_m"])))),
        "seen": say("fire_static.seen_of", lang, first=_day(source["first"]), last=_day(source["last"])),
        "expires": say("fire_static.expires_of", lang, day=_day(source["expires"])),
        "plant": _plant(source, lang),
        "provenance": provenance(register, lang)["text"],
    }  # fmt: skip
    labels = {name: say(f"fire_static.{name}", lang) for name in facts}
    return row(source, lang) | {
        "month": month_name(register),
        "facts": [{"label": labels[name], "text": text} for name, text in facts.items() if text],
        "history": [
            {
                "decision": decision(str(one["decision"]), lang),
                "by": one["by"],
                "remark": one["remark"],
                "at": beijing(int(one["at"])),
            }
            for one in history
        ],
        "caution": say("fire_static.caution", lang),
    }


def hit_rows(hits: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """Return detections as lines: ``time``, ``satellite``, ``frp``, ``apart`` (metres), ``night``."""
    return [
        {
            "time": beijing(int(one["acquired"])),
            "satellite": source_name(str(one["satellite"]), str(one["kind"]), lang),
            "frp": _power(one["frp_mw"]),
            "apart": grouped(round(float(one["apart_m"]))),
            "night": int(one["daynight"]) == 0,
        }
        for one in hits.to_dict("records")
    ]


def _plant(source: Mapping[Any, Any], lang: str) -> str:
    if not source["plant"]:
        return say("fire_static.no_plant", lang)
    km = fixed(float(source["plant_m"]) / 1000.0, 1)
    if source["plant_exact"]:
        return say("fire_static.plant_of", lang, name=source["plant"], km=km)
    return say("fire_static.plant_of_approximate", lang, name=source["plant"], km=km)


def _first(register: Register) -> date:
    return date(1970, 1, 1) + timedelta(days=register.as_of)


def _day(seconds: float) -> str:
    return (datetime.fromtimestamp(int(seconds), UTC) + _EAST).date().isoformat()


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.0f}%"


def _power(value: float) -> str:
    return "" if math.isnan(value) else fixed(float(value), 1)
