"""The list of a screening, line by line, as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoaq.cards.evidence import distance_text
from geoaq.cards.projects import province
from geoaq.cards.rules import pack_of, rule_words
from geoaq.catalog import Catalog
from geoaq.findings import APPLIES
from geoaq.policy import verdict
from geoaq.report.numbers import degrees, grouped
from geoaq.report.sentences import lead_sentence
from geoaq.store import reading
from geoaq.wording import say


def totals(amounts: Mapping[str, float]) -> dict[str, Any]:
    """Return the totals of a choice (`geoaq.store.reading.totals`) as they are shown."""
    return {
        "subjects": int(amounts["subjects"]),
        "tph_text": grouped(amounts["capacity"], 1),
        **{sign: int(amounts[sign]) for sign in reading.SIGNS},
    }


def line(catalog: Catalog, subject: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return one line of the list: every cell as text, the place as numbers."""
    own = _of_project if "limb_a" in subject else _of_boiler
    return {
        "key": f"{subject['row']}-{subject['part']}",
        "row": int(subject["row"]),
        "subject_id": subject["subject_id"] or "",
        "name": subject["name"] or "",
        "county": subject["county"] or subject["city"] or "",
        **own(subject, lang),
        "distance": distance_text(subject),
        "sign": subject["lead"] or "review",
        "tag": tag(catalog, subject, lang),
        "lon": degrees(subject["lon"]),
        "lat": degrees(subject["lat"]),
    }


def _of_boiler(subject: Mapping[str, Any], _: str) -> dict[str, str]:
    return {"capacity": capacity_text(subject), "anchor": subject["anchor_name"] or ""}


def _of_project(subject: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return the province across the nearest line, whom to consult, and how both limbs fell."""
    found: dict[str, Any] = {"neighbour": province(subject["neighbour"] or "", lang)}
    codes = (subject["consultees"] or "").split(";")
    found["consultees"] = say("cards.and", lang).join(province(code, lang) for code in codes if code)
    for limb in ("limb_a", "limb_b"):
        outcome = subject[limb] or ""
        sign = {"applies": "applies", "needs_review": "review", "does_not_apply": "not"}.get(outcome, "none")
        found[limb] = {"sign": sign, "text": say(f"cards.limb_{sign}", lang)}
    return found


def tag(catalog: Catalog, subject: Mapping[str, Any], lang: str) -> str:
    """Return what leads, in the careful words of the official table: the sentence of the workbook."""
    rule = subject["lead_rule"] or ""
    title = rule_words(catalog, rule, lang).title if rule else ""
    pack = pack_of(catalog)
    applies = verdict(pack, rule, APPLIES).text(lang) if rule in pack.rules else None
    lead, reasons = subject["lead"] or "review", subject["review_reasons"] or ""
    return lead_sentence(lead, rule, reasons, title, lang, applies=applies)


def capacity_text(subject: Mapping[str, Any]) -> str:
    """Return the capacity of one subject as printed, ``""`` when it is not known."""
    value = subject["capacity"]
    return "" if value is None else grouped(value, 4)
