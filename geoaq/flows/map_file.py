"""``map.html``: the screening as one page that works from a memory stick."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import cards, maps, report
from geoaq.flows.context import Context
from geoaq.flows.request import ScreeningRequest
from geoaq.wording import say

_BACKGROUND = ("provinces", "cities", "key_regions", "zj_reference", "south_sea_line")


def write_map(
    folder: Path,
    request: ScreeningRequest,
    context: Context,
    subjects: pd.DataFrame,
    findings: pd.DataFrame,
    plants: pd.DataFrame,
    discs: Any,
    citations: report.Citations,
    *,
    title: str,
) -> None:
    """Write ``map.html`` beside the tables and the summary that are in ``folder`` already.

    Parameters
    ----------
    subjects, findings
        Every subject, and the long findings with ``row`` and ``part`` in place of ``subject``.
    plants, discs
        The plants that decide some subject's answer, and their discs (GeoDataFrame, WGS 84).
    citations
        For each rule what `geoaq.flows.citations.worded_citations` says of it.
    title
        Heading of the page.
    """
    lang = request.lang
    words = {
        rule: cards.rule_words(request.catalog, rule, lang)
        for rule in findings["rule_id"].astype(str).unique().tolist()
    }
    page = maps.standalone(
        _as_shown(subjects, citations, lang),
        catalog=request.catalog,
        head=cards.head(request.catalog, folder, lang) | {"id": "", "title": title, "files": []},
        layers=_layers(context, plants, discs),
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
        facts=_facts(subjects, lang),
        lang=lang,
    )
    (folder / "map.html").write_text(page.html, "utf-8")


def _as_shown(subjects: pd.DataFrame, citations: report.Citations, lang: str) -> pd.DataFrame:
    """Return the subjects with the phrases that the page shows."""
    detail = [
        say("cli.map_distance", lang, u_km=f"{u / 1000:.2f}", margin_km=f"{abs(margin) / 1000:.2f}")
        if margin == margin
        else ""
        for u, margin in zip(subjects["distance_u_m"], subjects["margin_m"], strict=True)
    ]
    return subjects.assign(
        county_adcode=subjects["adcode"],
        tag=report.lead_sentences(subjects, citations, lang),
        distance_text=detail,
    )


def _spoken(findings: pd.DataFrame, citations: report.Citations, lang: str) -> pd.DataFrame:
    """Return the findings with reasons and deadline as sentences."""
    reasons = findings["reasons"].astype(str)
    why = {codes: report.why(codes, lang) for codes in reasons.unique()}
    when = {rule: cited["timing"] for rule, cited in citations.items()}
    return findings.assign(reasons=reasons.map(why), timing=findings["rule_id"].astype(str).map(when))


def _layers(context: Context, plants: pd.DataFrame, discs: Any) -> dict[str, Any]:
    """Return the background, and only those plants and discs that decide something here."""
    layers = {
        name: json.loads(context.built.display(name).read_text("utf-8"))
        for name in _BACKGROUND
        if name in context.built.report["display"]
    }
    confirmed = plants["confirmed_document"].astype(str).ne("")
    layers["chp_anchors"] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
                "properties": {"plant_id": ident, "name": name, "installed_mw": mw, "confirmed": bool(sure)},
            }
            for ident, name, lon, lat, mw, sure in zip(
                plants["plant_id"], plants["name"], plants["lon"], plants["lat"], plants["installed_mw"],
                confirmed, strict=True,
            )
        ],
    }  # fmt: skip
    sure = dict(zip(plants["plant_id"], confirmed, strict=True))
    layers["heating_discs"] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": _ring(disc),
                "properties": {"plant_id": ident, "confirmed": bool(sure.get(ident, False))},
            }
            for ident, disc in zip(discs["plant_id"], discs.geometry, strict=True)
        ],
    }
    return layers


def _ring(disc: Any) -> dict[str, Any]:
    ring = [[round(x, 5), round(y, 5)] for x, y in disc.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}


def _counties(context: Context, subjects: pd.DataFrame) -> dict[str, Any]:
    """Return the county lines of the provinces in which subjects lie."""
    found = {}
    for province in sorted(subjects["province_adcode"].astype(str).unique()):
        name = f"counties/{province}"
        if name in context.built.report["display"]:
            found[province] = json.loads(context.built.display(name).read_text("utf-8"))
    return found


def _facts(subjects: pd.DataFrame, lang: str) -> dict[str, pd.Series[str]]:
    """Return the lines of the card: plant, boiler or unit, datum."""
    place = subjects["province"].astype(str) + subjects["city"].astype(str) + subjects["county"].astype(str)
    return {
        say("cli.map_plant", lang): subjects["anchor_name"].astype(str),
        say("cli.map_place", lang): place,
        say("cli.map_datum", lang): subjects["datum"].astype(str),
    }
