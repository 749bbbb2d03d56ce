"""What decided, in numbers: the distance with its error and bound, the plant, the subject, its position."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from geoaq.frames import CONTENT_KEY
from geoaq.policy import Pack
from geoaq.policy.notes import Measure
from geoaq.report.numbers import degrees, fixed, grouped, toward
from geoaq.wording import catalogue, say

Subject = Mapping[str, Any]
Plant = Mapping[str, Any]
Finding = Mapping[str, Any]
# What stands in place of a number where the list has none (`geoaq.io.lists.identity`).
_CONTENT_KEY = re.compile(CONTENT_KEY)
UNITS = {
    "capacity_tph": "tph",
    "capacity_mw": "mw",
    "distance_km": "km",
    "pm25_annual": "ug_m3",
    "stack_m": "m",
    "dispersion_ug_m3": "ug_m3",
}


def deciding_finding(findings: Sequence[Finding], lead_rule: str) -> Finding | None:
    """Return the finding that decides: that of the leading rule.

    Where no rule leads, it is one that fell by what was measured, by the distance before all.
    """
    if lead_rule:
        return next((one for one in findings if one["rule_id"] == lead_rule), None)
    measured = [one for one in findings if one["quantity"]]
    far = (one for one in measured if one["quantity"] == "distance_km")
    return next(far, measured[0] if measured else None)


def headline(
    pack: Pack, subject: Subject, plant: Plant, deciding: Finding | None, kind: str, lang: str
) -> dict[str, str] | None:
    """Return the number that decides.

    Parameters
    ----------
    deciding
        The `deciding_finding`: its ``quantity``, ``measured`` and ``limit``.

    Returns
    -------
    dict
        ``value``, ``unit`` and ``detail``: what was measured, its limit and what is left to it. None where
        no number decides, or one that is not known.
    """
    if deciding is None or not deciding["quantity"] or deciding["measured"] is None:
        return None
    quantity, measured, limit = deciding["quantity"], float(deciding["measured"]), deciding["limit"]
    if quantity == "distance_km":
        return None if subject["distance_km"] is None else _distance(pack, subject, plant, kind, lang)
    unit = UNITS[quantity]
    value = grouped(in_unit(measured, unit, lang), 4)
    return {
        "value": value,
        "unit": say(f"cards.unit_{unit}", lang),
        "detail": "" if limit is None else _limit(measured, float(limit), unit, lang),
    }


def _distance(pack: Pack, subject: Subject, plant: Plant, kind: str, lang: str) -> dict[str, str]:
    radius = pack.strip("project").strip_km if kind == "project" else pack.anchor(kind).radius_km
    margin_km = radius - float(subject["distance_km"])
    code = "cards.within" if margin_km >= 0 else "cards.beyond"
    detail = say(code, lang, radius=grouped(radius, 2), margin=toward(abs(margin_km), 0.0, 2))
    error = error_text(subject, plant, lang)
    detail = " · ".join(filter(None, (error, detail)))
    return {"value": distance_text(subject), "unit": say("cards.unit_km", lang), "detail": detail}


def _limit(measured: float, limit: float, unit: str, lang: str) -> str:
    """Return on which side of its limit a number lies, and how far."""
    side = "at" if measured == limit else "below" if measured < limit else "above"
    margin = grouped(in_unit(abs(limit - measured), unit, lang), 4)
    bound = Measure(limit, unit).text(lang)
    if side == "at":
        return say("cards.limit_at", lang, limit=bound)
    return say(f"cards.limit_{side}", lang, limit=bound, margin=margin, unit=say(f"cards.unit_{unit}", lang))


def in_unit(value: float, unit: str, lang: str) -> float:
    """Return a number in the unit that its reader uses: ten megawatts are 1 万千瓦."""
    return value / 10 if unit == "mw" and lang == "zh" else value


def deciding_plant(subject: Subject, pairs: Sequence[Plant], plants: Mapping[str, Plant]) -> Plant:
    """Return what is known of the plant that decides, else of the nearest one; empty where there is none.

    Parameters
    ----------
    pairs
        The plants in reach of the subject, from ``anchors.parquet``.
    plants
        The plants that the screening looked at, by id, from ``plants.geojson``.
    """
    ident = subject["anchor_id"]
    pair = next((one for one in pairs if one["plant_id"] == ident), {})
    return {**pair, **plants.get(ident, {})}


def anchor_of(subject: Subject, plant: Plant) -> dict[str, Any] | None:
    """Return the deciding plant with its place, degrees WGS 84; None without one, null without its place."""
    if not subject["anchor_id"]:
        return None
    return {
        "id": subject["anchor_id"],
        "name": subject["anchor_name"] or subject["anchor_id"],
        "lon": degrees(plant.get("lon")),
        "lat": degrees(plant.get("lat")),
    }


def distance_text(subject: Subject) -> str:
    """Return the distance to the deciding plant, km, never rounded across the bound."""
    value = subject["distance_km"]
    if value is None:
        return ""
    margin_m = subject["margin_m"]
    return toward(value, value if margin_m is None else value + margin_m / 1000, 2)


def error_text(subject: Subject, plant: Plant, lang: str) -> str:
    """Return the error of that distance, ``± 0.05 公里``, ``""`` where there is none."""
    known = next(
        (u for u in (subject.get("distance_u_m"), plant.get("u_m"), subject.get("u_m")) if u is not None), 0.0
    )
    return error_km(known, lang) if known > 0 else ""


def error_km(metres: float, lang: str) -> str:
    """Return an error of some metres in kilometres with its unit.

    Examples
    --------
    >>> error_km(1040.0, "zh"), error_km(1040.0, "en")
    ('± 1.04 公里', '± 1.04 km')
    """
    return f"± {toward(metres / 1000, 0.0, 2)} {say('cards.unit_km', lang)}"


def plant_size(plant: Plant, lang: str) -> str:
    """Return the capacity of a plant, ``""`` where it is not known."""
    megawatts = plant.get("installed_mw")
    return "" if megawatts is None else power(megawatts, lang)


def plant_state(plant: Plant, lang: str) -> str:
    """Return whether the office has confirmed a plant as CHP, and by which document; ``""`` where unknown."""
    if not plant:
        return ""
    if not plant.get("confirmed", False):
        return say("cards.unconfirmed", lang)
    return " ".join(filter(None, (say("cards.confirmed", lang), plant.get("confirmed_document"))))


def facts(subject: Subject, plant: Plant, kind: str, lang: str) -> list[dict[str, str]]:
    """Return the lines under the headline: plant, subject, place, position; each a label and a text."""
    names = (subject[name] for name in ("province", "city", "county"))
    lines = [
        ("plant", _plant(subject, plant, lang)),
        (kind, _subject(subject, kind, lang)),
        ("place", " ".join(dict.fromkeys(filter(None, names)))),
        ("position", _position(subject, lang)),
    ]
    return [{"label": say(f"cards.label_{name}", lang), "text": text} for name, text in lines if text]


def word(column: str, value: str, lang: str) -> str:
    """Return a word of a list, such as a fuel, as it is shown."""
    code = f"terms.{column}_{value}"
    return say(code, lang) if code in catalogue() else value


def _plant(subject: Subject, plant: Plant, lang: str) -> str:
    if not subject["anchor_id"]:
        return ""
    far = distance_text(subject)
    if far:
        far = " ".join(filter(None, (far, say("cards.unit_km", lang), error_text(subject, plant, lang))))
    name, ident = subject["anchor_name"], say("cards.plant_id", lang, id=subject["anchor_id"])
    return " · ".join(filter(None, (name, plant_size(plant, lang), far, plant_state(plant, lang), ident)))


def power(megawatts: float, lang: str) -> str:
    """Return an electric capacity: 万千瓦 in Chinese, MW in English.

    Examples
    --------
    >>> power(1215.0, "zh"), power(1215.0, "en").replace("\u202f", " ")
    ('121.5 万千瓦', '1 215 MW')
    """
    value = megawatts / 10 if lang == "zh" else megawatts
    return say("cards.power", lang, value=grouped(value, 2))


def _subject(subject: Subject, kind: str, lang: str) -> str:
    named = "boiler_class" if kind == "boiler" else "unit_type"
    parts = [word(named, subject[named], lang) if subject.get(named) else ""]
    if subject["capacity"] is not None:
        unit = "tph" if kind == "boiler" else "mw"
        amount = grouped(in_unit(subject["capacity"], unit, lang), 4)
        parts.append(f"{amount} {say(f'cards.unit_{unit}', lang)}")
    parts += [word(name, subject[name], lang) for name in ("fuel", "status") if subject.get(name)]
    return " · ".join(filter(None, parts))


def own_number(ident: str | None, lang: str) -> str:
    """Return the number of a subject as it is shown: a content key is none of the office's.

    Examples
    --------
    >>> own_number("GL-0017", "zh"), own_number("k-df4b62ca7574c8e3", "zh"), own_number(None, "zh")
    ('GL-0017', '无编号', '')
    """
    if ident and _CONTENT_KEY.fullmatch(ident):
        return say("cards.no_number", lang)
    return ident or ""


def datum_text(datum: str, lang: str) -> str:
    """Return what a datum is called and what was done with it."""
    family, _, zone = datum.partition(":")
    code = f"cards.datum_{family}"
    return say(code, lang, zone=zone) if code in catalogue() else datum


def _position(subject: Subject, lang: str) -> str:
    if subject["lon"] is None:
        return ""
    place = f"{fixed(subject['lon'], 5)}, {fixed(subject['lat'], 5)}"
    source = datum_text(subject["datum"] or "unstated", lang)
    error = "" if subject["u_m"] is None else say("cards.error_m", lang, error=grouped(subject["u_m"]))
    return " · ".join(filter(None, (place, source, error)))
