"""What a page says of an office's zones and permits: a line of the list, the card with every version."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import shapely

from geoaq.cards.fires import beijing
from geoaq.report.drawings import picture_features
from geoaq.report.numbers import grouped
from geoaq.store.zones import KeptPermit, KeptZone, Repeat
from geoaq.wording import say

#: Zones of both kinds, what distances are kept from, and permits.
KINDS = ("straw", "fuel", "airport", "motorway", "railway", "road", "permit")
STATES = ("now", "future", "past", "ended")
_EPOCH = date(1970, 1, 1)
_BEIJING_S, _DAY_S = 8 * 3600, 86_400
_KM2_PER_DEGREE2 = 111.32**2
_MOST_CORNERS = 500
_TEXT = ("title", "number", "issuer", "day", "article", "quote")


class Item(NamedTuple):
    """A zone or a permit: its identity, kind, versions (the newest last), state, whether a text is cited."""

    id: str
    kind: str
    versions: Sequence[KeptZone | KeptPermit]
    state: str
    cited: bool

    @property
    def newest(self) -> KeptZone | KeptPermit:
        """Return the newest version."""
        return self.versions[-1]


def items(zones: Sequence[KeptZone], permits: Sequence[KeptPermit], now: int) -> list[Item]:
    """Return zones and permits with their states at a moment (seconds since 1970 UTC), by kind and name."""
    versions: dict[tuple[bool, str], list[Any]] = {}
    for one in zones:
        versions.setdefault((False, one.zone), []).append(one)
    for permit in permits:
        versions.setdefault((True, permit.permit), []).append(permit)
    found = [_item(name, some, now) for (_, name), some in versions.items()]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.newest.name, one.id))


def row(item: Item, lang: str) -> dict[str, Any]:
    """Return a line of the list."""
    one = item.newest
    bounds = [round(float(edge), 5) for edge in shapely.from_wkb(one.shape).bounds]
    return {
        "key": item.id,
        "kind": {"code": item.kind, "text": kind_name(item.kind, lang)},
        "class": say(f"bans.class_{one.class_}", lang) if isinstance(one, KeptZone) and one.class_ else "",
        "name": one.name,
        "text": _text(item, lang),
        "cited": item.cited,
        "validity": _validity(one, lang),
        "windows": _windows(one, lang),
        "state": {"code": item.state, "text": say(f"fire_zones.state_{item.state}", lang)},
        "version": one.version,
        "bounds": bounds,
    }


def card(item: Item, lang: str) -> dict[str, Any]:
    """Return the card: the line, ``facts``, ``quote``, ``versions``, what a form begins with, ``corners``.

    ``corners`` are those of an outline that can be drawn anew on the map: one ring, none too long; else None.
    """
    one = item.newest
    shape = shapely.from_wkb(one.shape)
    facts = _permit_facts(one, lang) if isinstance(one, KeptPermit) else _zone_facts(item, one, lang)
    facts["area"] = say("fire_zones.area_of", lang, km2=grouped(_km2(shape), 2)) if shape.area else ""
    facts["file"] = one.file or say("fire_zones.drawn", lang)
    facts["remark"] = one.remark
    caution = "permit_caution" if isinstance(one, KeptPermit) else "caution"
    return row(item, lang) | {
        "facts": [
            {"label": say(f"fire_zones.fact_{name}", lang), "text": text}
            for name, text in facts.items()
            if text
        ],
        "quote": one.quote if isinstance(one, KeptZone) else "",
        "versions": [_version(each, lang) for each in reversed(item.versions)],
        "form": _form(one),
        "corners": _corners(shape),
        "caution": say(f"fire_zones.{caution}", lang),
    }


def drawing(found: Sequence[Item]) -> dict[str, Any]:
    """Return the outlines for the map: ``key``, ``name``, ``look`` (the word of the layer's legend)."""
    import numpy as np

    shapes = np.array([shapely.from_wkb(one.newest.shape) for one in found], object)
    records = [{"key": one.id, "name": one.newest.name, "look": _look(one)} for one in found]
    if not found:
        return {"type": "FeatureCollection", "features": [], "tolerance_m": 0, "left_out": 0}
    return picture_features(shapes, records)


def problems(told: Sequence[Mapping[str, Any]], titles: Mapping[str, str], lang: str) -> list[dict[str, str]]:
    """Return what was wrong with a file: ``where``, ``field``, ``value``, ``severity``, ``text``."""
    return [
        {
            "where": say("fire_zones.problem_row", lang, row=one["row"])
            if one["row"]
            else say("fire_zones.problem_file", lang),
            "field": titles.get(one["field"], ""),
            "value": str(one["value"])[:80],
            "severity": one["severity"],
            "text": one[lang],
        }
        for one in told
    ]


def repeated(repeats: Sequence[Repeat], lang: str) -> list[dict[str, str]]:
    """Return what was given and is there already, as `problems` does."""
    return [
        {
            "where": say("fire_zones.problem_file", lang),
            "field": "",
            "value": one.name[:80],
            "severity": "warning",
            "text": say("fire_zones.there_already", lang, name=one.name, earlier=one.earlier),
        }
        for one in repeats
    ]


def kind_name(kind: str, lang: str) -> str:
    """Return what a kind is called, as it stands by itself."""
    name = say("fire_zones.kind_permit" if kind == "permit" else f"bans.kind_{kind}", lang)
    return name[:1].upper() + name[1:]


def _item(name: str, versions: list[Any], now: int) -> Item:
    versions = sorted(versions, key=lambda one: one.version)
    one = versions[-1]
    if isinstance(one, KeptPermit):
        state = "past" if one.end < now else "future" if one.begin > now else "now"
        return Item(name, "permit", versions, state, cited=True)
    today = (now + _BEIJING_S) // _DAY_S
    cited = one.basis != "none" and all((one.title, one.issuer, one.day))
    return Item(name, one.kind, versions, _zone_state(one, versions, today), cited)


def _zone_state(one: KeptZone, versions: Sequence[KeptZone], today: int) -> str:
    if one.ended and one.first <= today:
        return "ended"
    if one.first > today:
        before = [each for each in versions[:-1] if not each.ended and each.first <= today < one.first]
        return "now" if before and (before[-1].last is None or before[-1].last >= today) else "future"
    return "past" if one.last is not None and one.last < today else "now"


def _look(item: Item) -> str:
    if item.state in {"past", "ended", "future"}:
        return "past"
    if not item.cited:
        return "bare"
    return item.kind if item.kind in {"straw", "fuel", "permit"} else "thing"


def _text(item: Item, lang: str) -> str:
    one = item.newest
    if isinstance(one, KeptPermit):
        return f"{one.number} {one.issuer}".strip()
    if not item.cited:
        return say("fire_zones.bare", lang)
    return say("fire_zones.text_of", lang, title=one.title, number=one.number).strip()


def _validity(one: KeptZone | KeptPermit, lang: str) -> str:
    if isinstance(one, KeptPermit):
        return say("fire_zones.span", lang, first=beijing(one.begin), last=beijing(one.end))
    first = _date(one.first)
    if one.ended:
        return say("fire_zones.ended_from", lang, first=first)
    if one.last is None:
        return say("fire_zones.open_end", lang, first=first)
    return say("fire_zones.span", lang, first=first, last=_date(one.last))


def _windows(one: KeptZone | KeptPermit, lang: str) -> str:
    if isinstance(one, KeptPermit):
        return _weather(one, lang)
    told = [_pairs(one.seasons), _pairs(one.hours)]
    return " · ".join(filter(None, told)) or say("fire_zones.always", lang)


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{begin}–{end}" for begin, end in pairs)


def _zone_facts(item: Item, one: KeptZone, lang: str) -> dict[str, str]:
    whole = say("fire_zones.always", lang)
    return {
        "text": _text(item, lang),
        "basis": say(f"bans.basis_{one.basis}", lang) if item.cited else "",
        "issuer": " ".join(filter(None, (one.issuer, one.day))),
        "article": one.article,
        "validity": _validity(one, lang),
        "seasons": _pairs(one.seasons) or whole,
        "hours": _pairs(one.hours),
        "complete_for": ", ".join(one.complete_for),
        "radius_km": "" if one.radius_km is None else f"{one.radius_km:g}",
    }


def _permit_facts(one: KeptPermit, lang: str) -> dict[str, str]:
    return {
        "text": one.number,
        "issuer": f"{one.issuer} {one.day}",
        "permit_time": _validity(one, lang),
        "weather": _weather(one, lang),
    }


def _weather(one: KeptPermit, lang: str) -> str:
    limits = (("wind", one.wind_ms), ("aqi", one.aqi))
    told = [say(f"fire_zones.{name}", lang, **{name: f"{value:g}"}) for name, value in limits if value]
    return " · ".join(told)


def _version(one: KeptZone | KeptPermit, lang: str) -> dict[str, Any]:
    return {
        "version": one.version,
        "validity": _validity(one, lang),
        "text": one.title if isinstance(one, KeptZone) else one.number,
        "by": one.by,
        "remark": one.remark,
        "recorded": beijing(one.recorded),
    }


def _form(one: KeptZone | KeptPermit) -> dict[str, str]:
    """Return what the form of a new version begins with, by the names of its fields."""
    if isinstance(one, KeptPermit):
        names = ("name", "number", "issuer", "day")
        limits = {name: "" if value is None else f"{value:g}" for name, value in _limits(one)}
        times = {"begin": _moment(one.begin), "end": _moment(one.end)}
        return {"kind": "permit"} | {name: getattr(one, name) for name in names} | times | limits
    found = {name: str(getattr(one, name)) for name in ("kind", "name", "basis", *_TEXT)}
    return found | {
        "class": one.class_,
        "first": _date(one.first),
        "last": "" if one.last is None else _date(one.last),
        "seasons": "; ".join(f"{begin}至{end}" for begin, end in one.seasons),
        "hours": "; ".join(f"{begin}-{end}" for begin, end in one.hours),
        "complete_for": "; ".join(one.complete_for),
        "radius": "" if one.radius_km is None else f"{one.radius_km:g}",
    }


def _limits(one: KeptPermit) -> tuple[tuple[str, float | None], ...]:
    return ("wind_ms", one.wind_ms), ("aqi", one.aqi)


def _corners(shape: Any) -> list[list[float]] | None:
    if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape.geom_type != "Polygon" or len(shape.interiors) or len(shape.exterior.coords) > _MOST_CORNERS + 1:
        return None
    return [[round(lon, 6), round(lat, 6)] for lon, lat, *_ in shape.exterior.coords[:-1]]


def _km2(shape: Any) -> float:
    """Return about how large an outline is, from degrees: told, never judged by."""
    return float(shape.area * _KM2_PER_DEGREE2 * math.cos(math.radians(shape.centroid.y)))


def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds + _BEIJING_S, UTC).strftime("%Y-%m-%dT%H:%M")
