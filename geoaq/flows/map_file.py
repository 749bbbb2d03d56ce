"""``map.html``: the screening as one page that works from a memory stick."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq import cards, maps, report
from geoaq.cards import evidence
from geoaq.flows.context import Ground
from geoaq.flows.job import Features
from geoaq.flows.request import Request
from geoaq.wording import say

_MEASURED = ["quantity", "measured", "limit"]
_BACKGROUND = ("provinces", "cities", "key_regions", "zj_reference", "south_sea_line")


def write_map(
    folder: Path,
    request: Request,
    ground: Ground,
    shown: pd.DataFrame,
    findings: pd.DataFrame,
    drawn: Mapping[str, Features],
    citations: report.Citations,
    *,
    facts: Mapping[str, pd.Series[str]],
    title: str,
    view: str,
    whole_cards: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Write ``map.html`` beside the tables and the summary that are in ``folder`` already.

    Parameters
    ----------
    shown
        Every subject, with the phrases that its card and its line of the list show.
    findings
        The long findings with ``row`` and ``part`` in place of ``subject``.
    drawn
        What is drawn besides the subjects, as GeoJSON by layer.
    citations
        For each rule what `geoaq.flows.citations.worded_citations` says of it.
    facts
        Further lines of the card, by label, aligned to ``shown``.
    title
        Heading of the page.
    view
        Which layers, in which order.
    whole_cards
        The whole card of each subject, where the file is to hold them (`geoaq.maps.standalone`).
    """
    lang = request.lang
    head = cards.head(request.catalog, folder, lang)
    words = {
        rule: cards.rule_words(request.catalog, rule, lang)
        for rule in findings["rule_id"].astype(str).unique().tolist()
    }
    page = maps.standalone(
        shown.assign(county_adcode=shown["adcode"]),
        catalog=request.catalog,
        head=head | {"id": "", "title": title, "files": []},
        layers={**_background(ground), **drawn},
        counties=_counties(ground, shown),
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
        facts=facts,
        cards=whole_cards,
        given=frozenset(head["layers"]),
        view=view,
        lang=lang,
    )
    (folder / "map.html").write_text(page.html, "utf-8")


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


def _background(context: Ground) -> dict[str, Any]:
    """Return the built layers that lie under a screening."""
    return {
        name: json.loads(context.built.display(name).read_text("utf-8"))
        for name in _BACKGROUND
        if name in context.built.report["display"]
    }


def _counties(context: Ground, subjects: pd.DataFrame) -> dict[str, Any]:
    """Return the county lines of the provinces in which subjects lie."""
    found = {}
    for province in sorted(subjects["province_adcode"].astype(str).unique()):
        name = f"counties/{province}"
        if name in context.built.report["display"]:
            found[province] = json.loads(context.built.display(name).read_text("utf-8"))
    return found


def place_facts(subjects: pd.DataFrame, lang: str) -> dict[str, pd.Series[str]]:
    """Return the lines of every card: place and datum of each subject, by label."""
    names = [subjects[name].astype(str) for name in ("province", "city", "county")]
    place = [" ".join(dict.fromkeys(filter(None, words))) for words in zip(*names, strict=True)]
    datum = subjects["datum"].astype(str)
    words = {name: evidence.datum_text(name, lang) for name in datum.unique()}
    return {
        say("cards.label_place", lang): pd.Series(place, subjects.index),
        say("cards.label_position", lang): datum.map(words),
    }


def deciding_findings(subjects: pd.DataFrame, findings: pd.DataFrame) -> list[dict[str, Any] | None]:
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
    return [one if one["quantity"] is not None else None for one in plain_records(chosen.reindex(places))]


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows with None for what is not known."""
    return [
        {str(name): None if value is None or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
