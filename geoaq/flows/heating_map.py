"""What the one-file map shows of boilers and units: the phrases of their cards, the same as the server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geoaq import maps, report
from geoaq.cards import evidence, lists
from geoaq.flows.context import Context
from geoaq.flows.facts import Subject
from geoaq.flows.map_file import deciding_findings, place_facts, plain_records
from geoaq.wording import say

_NO_NUMBER = {"value": "", "unit": "", "detail": ""}


def shown_subjects(
    subjects: pd.DataFrame,
    findings: pd.DataFrame,
    plants: Mapping[str, Any],
    context: Context,
    citations: report.Citations,
    kind: Subject,
    lang: str,
) -> pd.DataFrame:
    """Return the subjects with the phrases of card and list; as they are where the map counts in cells."""
    if len(subjects) > maps.MAX_POINTS:
        return subjects
    by_id = {plant["properties"]["plant_id"]: plant["properties"] for plant in plants["features"]}
    capacity = subjects["capacity_tph" if kind == "boiler" else "capacity_mw"]
    names = ["anchor_id", "distance_km", "margin_m", "distance_u_m"]
    records = plain_records(subjects[names].assign(capacity=capacity))
    lines = []
    for subject, deciding in zip(records, deciding_findings(subjects, findings), strict=True):
        plant = by_id.get(subject["anchor_id"], {})
        number = evidence.headline(context.pack, subject, plant, deciding, kind, lang) or _NO_NUMBER
        lines.append(
            {f"headline_{name}": text for name, text in number.items()}
            | {
                "capacity_text": lists.capacity_text(subject),
                "distance_text": evidence.distance_text(subject),
                "error_text": evidence.error_text(subject, plant, lang),
                "anchor_size": evidence.plant_size(plant, lang) if plant else "",
                "anchor_state": evidence.plant_state(plant, lang) if plant else "",
            }
        )
    tags = pd.Series(report.lead_sentences(subjects, citations, lang), subjects.index)
    return subjects.assign(tag=tags, **pd.DataFrame(lines, index=subjects.index))


def shown_facts(subjects: pd.DataFrame, citations: report.Citations, lang: str) -> dict[str, pd.Series[str]]:
    """Return the lines of the card that follow the plant's: place, datum, what holds a closure back."""
    care = pd.Series(report.care_texts(subjects, citations), subjects.index)
    return {**place_facts(subjects, lang), say("reports.head_care", lang): care}
