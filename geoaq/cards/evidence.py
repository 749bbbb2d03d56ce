"""What decided, in numbers: the distance with its error and bound, the plant, the subject, its position."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from geoaq.cards.numbers import fixed, grouped, toward
from geoaq.policy import Pack
from geoaq.wording import catalogue, say

Subject = Mapping[str, Any]
Plants = Sequence[Mapping[str, Any]]


def headline(pack: Pack, subject: Subject, plants: Plants, kind: str, lang: str) -> dict[str, str] | None:
    """Return the number that decides: the distance to the plant, else the capacity, else None."""
    if subject["distance_km"] is None:
        if subject["capacity"] is None:
            return None
        unit = say(f"cards.unit_{'tph' if kind == 'boiler' else 'mw'}", lang)
        return {"value": grouped(subject["capacity"], 4), "unit": unit, "detail": ""}
    radius = pack.anchor(kind).radius_km
    distance = float(subject["distance_km"])
    margin_km = radius - distance
    error_km = _error_m(subject, plants) / 1000
    code = "cards.within" if margin_km >= 0 else "cards.beyond"
    detail = say(code, lang, radius=grouped(radius, 2), margin=toward(abs(margin_km), 0.0, 2))
    if error_km > 0:
        detail = f"± {toward(error_km, 0.0, 2)} · {detail}"
    return {"value": toward(distance, radius, 2), "unit": say("cards.unit_km", lang), "detail": detail}


def anchor_of(subject: Subject, plants: Plants) -> dict[str, Any] | None:
    """Return the deciding plant with its place, degrees WGS 84; None without one, null without its place."""
    if not subject["anchor_id"]:
        return None
    plant = _deciding(subject, plants)
    return {
        "id": subject["anchor_id"],
        "name": subject["anchor_name"] or subject["anchor_id"],
        "lon": plant.get("lon"),
        "lat": plant.get("lat"),
    }


def facts(subject: Subject, plants: Plants, kind: str, lang: str) -> list[dict[str, str]]:
    """Return the lines under the headline: plant, subject, place, position; each a label and a text."""
    names = (subject[name] for name in ("province", "city", "county"))
    lines = [
        ("plant", _plant(subject, plants, lang)),
        (kind, _subject(subject, kind, lang)),
        ("place", " ".join(dict.fromkeys(filter(None, names)))),
        ("position", _position(subject, lang)),
    ]
    return [{"label": say(f"cards.label_{name}", lang), "text": text} for name, text in lines if text]


def word(column: str, value: str, lang: str) -> str:
    """Return a word of a list, such as a fuel, as it is shown."""
    code = f"terms.{column}_{value}"
    return say(code, lang) if code in catalogue() else value


def _plant(subject: Subject, plants: Plants, lang: str) -> str:
    if not subject["anchor_id"]:
        return ""
    plant = _deciding(subject, plants)
    parts = [subject["anchor_name"] or subject["anchor_id"]]
    if plant.get("installed_mw") is not None:
        parts.append(power(plant["installed_mw"], lang))
    confirmed = bool(plant.get("confirmed", False))
    parts.append(say("cards.confirmed" if confirmed else "cards.unconfirmed", lang))
    return " · ".join(parts)


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
        unit = say(f"cards.unit_{'tph' if kind == 'boiler' else 'mw'}", lang)
        parts.append(f"{grouped(subject['capacity'], 4)} {unit}")
    parts += [word(name, subject[name], lang) for name in ("fuel", "status") if subject.get(name)]
    return " · ".join(filter(None, parts))


def _position(subject: Subject, lang: str) -> str:
    if subject["lon"] is None:
        return ""
    place = f"{fixed(subject['lon'], 5)}, {fixed(subject['lat'], 5)}"
    datum = subject["datum"] or "unstated"
    code = f"cards.datum_{datum.partition(':')[0]}"
    source = say(code, lang, zone=datum.partition(":")[2]) if code in catalogue() else datum
    error = "" if subject["u_m"] is None else say("cards.error_m", lang, error=grouped(subject["u_m"]))
    return " · ".join(filter(None, (place, source, error)))


def _deciding(subject: Subject, plants: Plants) -> Mapping[str, Any]:
    return next((plant for plant in plants if plant["plant_id"] == subject["anchor_id"]), {})


def _error_m(subject: Subject, plants: Plants) -> float:
    pair = _deciding(subject, plants).get("u_m")
    known = subject["u_m"] if pair is None else pair
    return 0.0 if known is None or math.isnan(known) else float(known)
