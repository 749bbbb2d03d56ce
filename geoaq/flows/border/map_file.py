"""What the one-file map shows of projects: distance, neighbour, both limbs and the other rules of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import maps, report
from geoaq.cards import evidence
from geoaq.cards.projects import province
from geoaq.cards.whole import project_cards
from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.flows.border.context import BorderGround
from geoaq.flows.border.request import ProjectRequest
from geoaq.flows.border.wind_card import wind_card
from geoaq.flows.job import Features
from geoaq.flows.map_file import place_facts, plain_records, write_map
from geoaq.report.numbers import grouped, toward
from geoaq.wording import say

# From here on a file holds shorter cards, and roses only of projects whose high stack is met or open: a card
# takes some milliseconds, a rose some more.
MOST_CARDS = 2_000
MOST_ROSES = 200


def write_project_map(
    folder: Path,
    request: ProjectRequest,
    ground: BorderGround,
    subjects: pd.DataFrame,
    findings: pd.DataFrame,
    drawn: Mapping[str, Features],
    citations: report.Citations,
) -> None:
    """Write ``map.html`` of a screening of projects; parameters as of `geoaq.flows.map_file.write_map`."""
    lang = request.lang
    write_map(
        folder,
        request,
        ground,
        _shown(subjects, citations, ground.pack.strip("project").strip_km, lang),
        findings,
        drawn,
        citations,
        facts=_facts(subjects, citations, lang),
        whole_cards=_cards(folder, request, subjects),
        title=say("cli.map_title_project", lang),
        view="border",
    )


def _cards(folder: Path, request: ProjectRequest, subjects: pd.DataFrame) -> list[dict[str, Any]] | None:
    """Return the card of each project with its wind, as the page shows it; None where they are too many."""
    if len(subjects) > MOST_CARDS:
        return None
    cards = project_cards(request.catalog, folder, request.lang)
    found = []
    keys = zip(subjects["row"].tolist(), subjects["part"].tolist(), subjects["limb_b"].tolist(), strict=True)
    for row, part, stack in keys:
        card = cards[row, part]
        if request.wind is not None and (len(subjects) <= MOST_ROSES or stack in (APPLIES, NEEDS_REVIEW)):
            wind = wind_card(folder, row, part, layers_dir=request.layers_dir, lang=request.lang)
            card = card | {"project": card["project"] | {"wind": wind}}
        found.append(card)
    return found


def _shown(subjects: pd.DataFrame, citations: report.Citations, strip_km: float, lang: str) -> pd.DataFrame:
    """Return the projects with the phrases of card and list; as they are where the map counts in cells."""
    if len(subjects) > maps.MAX_POINTS:
        return subjects
    lines = []
    for one in plain_records(subjects[["distance_km", "margin_m", "distance_u_m"]]):
        far = evidence.distance_text(one)
        line = {"distance_text": far, "error_text": evidence.error_text(one, {}, lang)}
        if far:
            margin = toward(abs(one["margin_m"]) / 1000.0, 0.0, 2)
            code = "cards.within" if one["margin_m"] >= 0 else "cards.beyond"
            detail = say(code, lang, radius=grouped(strip_km, 2), margin=margin)
            line |= {
                "headline_value": far,
                "headline_unit": say("cards.unit_km", lang),
                "headline_detail": " · ".join(filter(None, (line["error_text"], detail))),
            }
        lines.append(line)
    names = ("distance_text", "error_text", "headline_value", "headline_unit", "headline_detail")
    phrases = pd.DataFrame(lines, subjects.index, columns=list(names)).fillna("")
    joiner = say("cards.and", lang)
    codes = subjects["consultees"].astype(object)
    return subjects.assign(
        **phrases,
        tag=report.lead_sentences(subjects, citations, lang),
        neighbour=subjects["neighbour"].astype(object).map(lambda code: province(code or "", lang)),
        consultees=codes.map(lambda text: _provinces(text, joiner, lang)),
        consultee_codes=codes,
    )


def _provinces(codes: str, joiner: str, lang: str) -> str:
    return joiner.join(province(code, lang) for code in codes.split(";") if code)


def _facts(subjects: pd.DataFrame, citations: report.Citations, lang: str) -> dict[str, pd.Series]:
    """Return the lines of the card: whom to consult, both limbs, the other rules, place and datum."""
    joiner = say("reports.list_joiner", lang)
    outcomes = {
        word: say(f"policy.outcome_{word}", lang) for word in ("applies", "does_not_apply", "needs_review")
    }
    titles = {rule: cited["title"] for rule, cited in citations.items() if "title" in cited}

    def named(joined: pd.Series) -> pd.Series:
        return joined.astype(object).map(
            lambda text: joiner.join(titles.get(rule, rule) for rule in text.split(";") if rule)
        )

    told = {
        "neighbour": subjects["neighbour"].astype(object).map(lambda code: province(code or "", lang)),
        "consultees": subjects["consultees"].astype(object).map(lambda text: _provinces(text, joiner, lang)),
        "limb_a": subjects["limb_a"].astype(object).map(outcomes).fillna(""),
        "limb_b": subjects["limb_b"].astype(object).map(outcomes).fillna(""),
        "vetoes": named(subjects["vetoes"]),
        "vetoes_to_check": named(subjects["vetoes_to_check"]),
        "near_projects": subjects["near_projects"].map(lambda count: grouped(count) if count else ""),
    }
    own = {say(f"border.label_{name}", lang): column for name, column in told.items()}
    return {**own, **place_facts(subjects, lang)}
