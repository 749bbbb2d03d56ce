"""``map.html``: the screening as one page that works from a memory stick."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq import cards, maps, report
from geoaq.cards import evidence, lists
from geoaq.flows.context import Context
from geoaq.flows.facts import Subject
from geoaq.flows.request import ScreeningRequest
from geoaq.flows.used import PLANTS_LAYER
from geoaq.wording import say

_BACKGROUND = ("provinces", "cities", "key_regions", "zj_reference", "south_sea_line")
_MEASURED = ["quantity", "measured", "limit"]
_NO_NUMBER = {"value": "", "unit": "", "detail": ""}


def write_map(
    folder: Path,
    request: ScreeningRequest,
    context: Context,
    subjects: pd.DataFrame,
    findings: pd.DataFrame,
    drawn: Mapping[str, dict[str, Any]],
    citations: report.Citations,
    *,
    kind: Subject,
    title: str,
) -> None:
    """Write ``map.html`` beside the tables and the summary that are in ``folder`` already.

    Parameters
    ----------
    subjects, findings
        Every subject, and the long findings with ``row`` and ``part`` in place of ``subject``.
    drawn
        The plants, discs and own areas as GeoJSON, by layer (`geoaq.flows.used.Used.write`).
    citations
        For each rule what `geoaq.flows.citations.worded_citations` says of it.
    kind
        Boilers or units.
    title
        Heading of the page.
    """
    lang = request.lang
    head = cards.head(request.catalog, folder, lang)
    shown = subjects
    if len(subjects) <= maps.MAX_POINTS:
        shown = _as_shown(subjects, findings, drawn[PLANTS_LAYER], context, citations, kind, lang)
    words = {
        rule: cards.rule_words(request.catalog, rule, lang)
        for rule in findings["rule_id"].astype(str).unique().tolist()
    }
    page = maps.standalone(
        shown.assign(county_adcode=subjects["adcode"]),
        catalog=request.catalog,
        head=head | {"id": "", "title": title, "files": []},
        layers={**_background(context), **drawn},
        counties=_counties(context, subjects),
        findings=_spoken(findings, citations, lang),
        rules={
            rule: {
                "title": found.title,
                "source": found.place,
                "quote": found.quote,
                "document": found.document,
                "article": found.article,
                "responsible": found.responsible,
            }
            for rule, found in words.items()
        },
        facts=_facts(subjects, citations, lang),
        given=frozenset(head["layers"]),
        lang=lang,
    )
    (folder / "map.html").write_text(page.html, "utf-8")


def _as_shown(
    subjects: pd.DataFrame,
    findings: pd.DataFrame,
    plants: Mapping[str, Any],
    context: Context,
    citations: report.Citations,
    kind: Subject,
    lang: str,
) -> pd.DataFrame:
    """Return the subjects with the phrases of the card and the list, the same as those of the server's."""
    by_id = {plant["properties"]["plant_id"]: plant["properties"] for plant in plants["features"]}
    capacity = subjects["capacity_tph" if kind == "boiler" else "capacity_mw"]
    names = ["anchor_id", "distance_km", "margin_m", "distance_u_m"]
    records = _plain(subjects[names].assign(capacity=capacity))
    lines = []
    for subject, deciding in zip(records, _deciding(subjects, findings), strict=True):
        plant = by_id.get(subject["anchor_id"], {})
        number = evidence.headline(context.pack, subject, plant, deciding, kind, lang) or _NO_NUMBER
        lines.append(
            {f"headline_{name}": text for name, text in number.items()}
            | {
                "capacity_text": lists.capacity_text(subject),
                "distance_text": evidence.distance_text(subject),
                "error_text": evidence.error_text(subject, plant),
                "anchor_size": evidence.plant_size(plant, lang) if plant else "",
                "anchor_state": evidence.plant_state(plant, lang) if plant else "",
            }
        )
    tags = pd.Series(report.lead_sentences(subjects, citations, lang), subjects.index)
    return subjects.assign(tag=tags, **pd.DataFrame(lines, index=subjects.index))


def _deciding(subjects: pd.DataFrame, findings: pd.DataFrame) -> list[dict[str, Any] | None]:
    """Return `geoaq.cards.evidence.deciding_finding` of each subject."""
    found = findings[["row", "part", "rule_id", "quantity", "measured", "limit"]]
    found = found.astype({"rule_id": str, "quantity": str})
    lead = subjects[["row", "part"]].assign(lead_rule=subjects["lead_rule"].astype(str))
    found = found.merge(lead, how="inner", on=["row", "part"])
    leads, none_leads = found["rule_id"] == found["lead_rule"], found["lead_rule"] == ""
    rank = np.where(leads, 0, np.where(found["quantity"] == "distance_km", 1, 2))
    wanted = leads | (none_leads & (found["quantity"] != ""))
    chosen = found.assign(rank=rank)[wanted].sort_values("rank", kind="stable")
    chosen = chosen.drop_duplicates(["row", "part"]).set_index(["row", "part"])[_MEASURED]
    places = pd.MultiIndex.from_frame(subjects[["row", "part"]])
    return [one if one["quantity"] is not None else None for one in _plain(chosen.reindex(places))]


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows with None for what is not known."""
    return [
        {str(name): None if value is None or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _spoken(findings: pd.DataFrame, citations: report.Citations, lang: str) -> pd.DataFrame:
    """Return the findings with reasons and deadline as sentences, and powers in the reader's unit."""
    reasons = findings["reasons"].astype(str)
    why = {codes: report.why(codes, lang) for codes in reasons.unique()}
    when = {rule: cited["timing"] for rule, cited in citations.items()}
    megawatts = (findings["quantity"] == "capacity_mw").to_numpy()
    scale = np.where(megawatts, evidence.in_unit(1.0, "mw", lang), 1.0)
    numbers = {name: findings[name].to_numpy(float) * scale for name in ("measured", "limit", "margin")}
    when_due = findings["rule_id"].astype(str).map(when)
    return findings.assign(reasons=reasons.map(why), timing=when_due, **numbers)


def _background(context: Context) -> dict[str, Any]:
    """Return the built layers that lie under a screening."""
    return {
        name: json.loads(context.built.display(name).read_text("utf-8"))
        for name in _BACKGROUND
        if name in context.built.report["display"]
    }


def _counties(context: Context, subjects: pd.DataFrame) -> dict[str, Any]:
    """Return the county lines of the provinces in which subjects lie."""
    found = {}
    for province in sorted(subjects["province_adcode"].astype(str).unique()):
        name = f"counties/{province}"
        if name in context.built.report["display"]:
            found[province] = json.loads(context.built.display(name).read_text("utf-8"))
    return found


def _facts(subjects: pd.DataFrame, citations: report.Citations, lang: str) -> dict[str, pd.Series[str]]:
    """Return the lines of the card that follow the plant's: place, datum, what holds a closure back."""
    names = [subjects[name].astype(str) for name in ("province", "city", "county")]
    place = [" ".join(dict.fromkeys(filter(None, words))) for words in zip(*names, strict=True)]
    datum = subjects["datum"].astype(str)
    words = {name: evidence.datum_text(name, lang) for name in datum.unique()}
    return {
        say("cards.label_place", lang): pd.Series(place, subjects.index),
        say("cards.label_position", lang): datum.map(words),
        say("reports.head_care", lang): pd.Series(report.care_texts(subjects, citations), subjects.index),
    }
