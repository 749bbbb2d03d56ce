"""What is shown beside the findings of a subject and decides nothing: brakes, drafts, documents run out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import numpy as np

from geoaq.policy import Pack, informational
from geoaq.wording import say

_WORDS = ("fuel", "boiler_class", "purpose", "status", "unit_type", "adcode")
_WORDS_OF_PROJECTS = (
    "industry_code",
    "industry_edition",
    "nature",
    "eia_kind",
    "new_boiler_fuel",
    "boiler_purpose",
)
_NUMBERS = ("capacity_tph", "capacity_mw", "stack_m", "new_boiler_tph", "dispersion_ug_m3")


def notices(
    pack: Pack,
    subject: Mapping[str, Any],
    kind: Literal["boiler", "unit", "project"],
    as_of: date,
    lang: str,
) -> list[dict[str, str]]:
    """Return the sentences that hold a closure back, and those of drafts, each with where it is written."""
    found = informational(pack, _facts(subject), subject=kind, as_of=as_of)
    lines = []
    for name, binding, what in zip(found["id"], found["binding"], found["kind"], strict=True):
        if what == "brake":
            brake = pack.brakes[name]
            text, source, article = brake.quote, brake.source, brake.article
            weight = say("cards.binding" if binding else "cards.for_information", lang)
        else:
            rule = pack.rules[name]
            text, source, article = rule.quote, rule.source, rule.article
            weight = say(f"cards.{what}", lang)
        lines.append({"text": text, "source": f"{pack.document(source)}{article} · {weight}"})
    return lines


def _facts(subject: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the finished screening knows of one subject, as arrays of one."""
    facts: dict[str, Any] = {
        name: np.array([subject.get(name) or ""], object)
        for name in (*_WORDS, *_WORDS_OF_PROJECTS)
        if name in subject
    }
    for name in _NUMBERS:
        if name in subject:
            value = subject[name]
            facts[name] = np.array([np.nan if value is None else value], float)
    adcode = subject["adcode"] or ""
    facts["province_adcode"] = np.array([f"{adcode[:2]}0000" if adcode else ""], object)
    return facts
