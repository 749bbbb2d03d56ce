"""One place in words: where it lies, what is near, and the rules that reach it whatever stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from geoaq.cards.evidence import datum_text, power
from geoaq.cards.projects import line_cards
from geoaq.cards.rules import pack_of, rule_words
from geoaq.catalog import Catalog
from geoaq.findings import FALSE, TRUE
from geoaq.frames import IssueLog
from geoaq.policy import LocalRegion, LocalRule, Pack, asked_note
from geoaq.policy.explain import timing_note
from geoaq.report import rendered_issues
from geoaq.report.numbers import degrees, fixed, grouped, toward
from geoaq.report.sentences import why_each
from geoaq.wording import say

_WORDS = {TRUE: "inside", FALSE: "outside"}
_KINDS = ("boiler", "unit", "project", "fire")
Lines = list[dict[str, Any]]


def point_card(
    catalog: Catalog,
    *,
    place: Mapping[str, Any],
    repairs: IssueLog,
    anchor: Mapping[str, Any],
    anchors: pd.DataFrame,
    strip: Mapping[str, Any],  # noqa: ARG001 - the lines say it province by province
    lines: pd.DataFrame,
    regions: Sequence[LocalRegion],
    rules: Sequence[LocalRule],
    nearest: str,
    zones: Sequence[Any],
    as_of: date,
    lang: str,
) -> dict[str, Any]:
    """Return what is known of a place, every text in ``lang``; keys as in docs/reference/web-endpoints.md.

    Parameters
    ----------
    place, repairs, anchor, anchors, strip, lines, regions, rules, nearest, zones
        As in `geoaq.flows.point.PointAnswer`.
    """
    pack = pack_of(catalog)
    return {
        "lon": degrees(place["lon"]),
        "lat": degrees(place["lat"]),
        "title": say("point.title", lang),
        "unit": say("cards.unit_km", lang),
        "place": _place(place, lang),
        "repairs": _repairs(repairs, lang),
        "regions": _regions(catalog, pack, regions, lang),
        "zones": [_zone(catalog, one, lang) for one in zones],
        "anchors": _anchors(pack, anchor, anchors, nearest, lang),
        "lines": {"title": say("point.lines", lang), "none": say("point.lines_none", lang)}
        | {"items": line_cards(_rows(lines), pack.strip("project").strip_km, lang)},
        "rules": _rules(catalog, pack, rules, as_of, lang),
        "rules_none": say("point.rules_none", lang),
        "as_of": say("point.as_of", lang, day=as_of.isoformat()),
        "caution": say("point.caution", lang),
    }


def point_lines(card: Mapping[str, Any]) -> list[str]:
    """Return a card as lines of plain text."""
    unit = card["unit"]

    def near(one: Mapping[str, Any]) -> str:
        far = f"{one['distance']} {unit} {one['error']}" if one["distance"] else ""
        return "  " + " · ".join(filter(None, (one["name"], far, one["tag"], one.get("why", ""))))

    lines = [card["place"]["text"], card["place"]["position"], *card["repairs"], card["place"]["others"]]
    lines += [one["text"] for one in card["regions"]["items"]] or [card["regions"]["none"]]
    lines += [f"{one['name']} · {one['tag']} · {one['source']}" for one in card["zones"]]
    plants = card["anchors"]
    lines += [plants["title"]]
    lines += [near(one) for one in plants["items"]] or [f"  {plants['none']}", f"  {plants['nearest']}"]
    lines += [card["lines"]["title"]]
    lines += [near(one) for one in card["lines"]["items"]] or [f"  {card['lines']['none']}"]
    for kind in card["rules"]:
        lines.append(kind["title"])
        for one in kind["items"]:
            lines.append(f"  [{one['tag']}] {one['title']} · {one['source']}")
            lines += [f"      {text}" for text in (*one["why"], one["rest"]) if text]
    return [line for line in (*lines, card["as_of"], card["caution"]) if line.strip()]


def _repairs(repairs: IssueLog, lang: str) -> list[str]:
    """Return what was repaired in the coordinates; that no datum was stated stands beside the position."""
    issues = repairs.frame()
    told = rendered_issues(issues[issues["row"] > 0])[f"message_{lang}"]
    return list(dict.fromkeys(told))


def _place(place: Mapping[str, Any], lang: str) -> dict[str, Any]:
    names = [str(place[name]) for name in ("province", "city", "county") if place[name]]
    others = str(place["alternatives"])
    error = say("cards.error_m", lang, error=grouped(float(place["u_m"])))
    found = {
        "text": " ".join(dict.fromkeys(names)) or say("point.nowhere", lang),
        "adcode": str(place["adcode"]),
        "position": " · ".join(
            (
                f"{fixed(place['lon'], 5)}, {fixed(place['lat'], 5)}",
                datum_text(str(place["datum"]), lang),
                error,
            )
        ),
        "others": "",
    }
    if others:
        told = str(place["other_names"])
        found["others"] = say("point.others", lang, names=told)
    return found


def _regions(catalog: Catalog, pack: Pack, regions: Sequence[LocalRegion], lang: str) -> dict[str, Any]:
    items = []
    for one in regions:
        region = pack.regions[one.region]
        part = next((part for part in region.parts if part.id == one.part), region.parts[0])
        titles = (_said(region.title, lang), _said(part.title, lang))
        text = " · ".join(dict.fromkeys(titles))
        items.append(
            {
                "text": say("point.region_sure" if one.sure else "point.region_open", lang, region=text),
                "sign": "applies" if one.sure else "review",
                "source": rule_words(catalog, part.rule, lang).place,
            }
        )
    return {"items": items, "none": say("point.regions_none", lang)}


def _said(title: Any, lang: str) -> str:
    return str(title.en if lang == "en" else title.zh)


def _zone(catalog: Catalog, one: Any, lang: str) -> dict[str, str]:
    """Return what a layer that the office added says; of a county that it does not cover it says nothing."""
    word = (
        "zone_silent" if one.truth == FALSE and not one.covered else f"zone_{_WORDS.get(one.truth, 'review')}"
    )
    return {
        "name": catalog.layer(one.layer).title.say(lang),
        "sign": {TRUE: "applies", FALSE: "not"}.get(one.truth, "review"),
        "tag": say(f"point.{word}", lang),
        "source": one.name,
    }


def _anchors(
    pack: Pack, anchor: Mapping[str, Any], anchors: pd.DataFrame, nearest: str, lang: str
) -> dict[str, Any]:
    asked = pack.anchor("boiler")
    items = [
        {
            "id": one["plant_id"],
            "name": one["name"],
            "size": "" if pd.isna(one["installed_mw"]) else power(float(one["installed_mw"]), lang),
            "lon": degrees(one["lon"]),
            "lat": degrees(one["lat"]),
            "distance": toward(one["distance_m"] / 1000, asked.radius_km, 2),
            "error": f"± {toward(one['u_m'] / 1000, 0.0, 2)} {say('cards.unit_km', lang)}",
            "sign": "applies" if one["truth"] == TRUE else "review",
            "tag": say("point.anchor_inside" if one["truth"] == TRUE else "point.anchor_review", lang),
            "state": say("cards.confirmed" if one["confirmed"] else "cards.unconfirmed", lang),
        }
        for one in anchors.to_dict("records")
    ]
    far = float(anchor["distance_m"])
    return {
        "title": say(
            "point.anchors", lang, radius=grouped(asked.radius_km, 2), power=power(asked.min_mw, lang)
        ),
        "items": items,
        "none": say("point.anchors_none", lang),
        "nearest": ""
        if items or pd.isna(far)
        else say("point.anchor_nearest", lang, name=nearest, distance=toward(far / 1000, asked.radius_km, 2)),
    }


def _rows(lines: pd.DataFrame) -> Lines:
    """Return the lines in the shape that ``consultees.parquet`` gives them."""
    rows = []
    for one in lines.to_dict("records"):
        plain = {
            name: None if isinstance(value, float) and pd.isna(value) else value
            for name, value in one.items()
        }
        rows.append(
            plain
            | {
                "distance_km": None if plain["distance_m"] is None else plain["distance_m"] / 1000,
                "second_distance_km": None
                if plain["second_distance_m"] is None
                else plain["second_distance_m"] / 1000,
                "truth": _WORDS.get(int(one["truth"]), "review"),
            }
        )
    return rows


def _rules(
    catalog: Catalog, pack: Pack, rules: Sequence[LocalRule], as_of: date, lang: str
) -> list[dict[str, Any]]:
    return [
        {
            "title": say(f"point.rules_{kind}", lang),
            "items": [_rule(catalog, pack, one, as_of, lang) for one in sorted(own, key=_may)],
        }
        for kind in _KINDS
        if (own := [one for one in rules if one.subject == kind])
    ]


def _may(one: LocalRule) -> bool:
    return not one.sure


def _rule(catalog: Catalog, pack: Pack, one: LocalRule, as_of: date, lang: str) -> dict[str, Any]:
    words = rule_words(catalog, one.rule_id, lang)
    joiner = say("reports.joiner", lang)
    rest = [asked_note(pack, condition, as_of).text(lang) for condition in one.rest]
    return {
        "rule_id": one.rule_id,
        "sign": "applies" if one.sure else "review",
        "tag": say("point.rule_holds" if one.sure else "point.rule_may", lang),
        "title": words.title,
        "source": words.place,
        "document": words.document,
        "quote": words.quote,
        "strength": words.strength,
        "timing": timing_note(pack, pack.rules[one.rule_id], as_of).text(lang),
        "why": list(why_each(";".join(one.reasons), lang)),
        "rest": say("point.rest", lang, what=joiner.join(rest)) if rest else "",
    }
