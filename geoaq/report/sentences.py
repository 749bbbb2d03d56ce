"""One careful sentence a subject, from codes (``wording/reports.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from geoaq.wording import catalogue, say

Citations = Mapping[str, Mapping[str, str]]

# What a reader can settle by measuring or asking comes before what only a layer or a list can settle.
_ORDER = (
    "conflicting_sources", "crs_unknown", "inside_margin", "boundary_margin", "elimination_evidence",
    "chp_status", "other_clause", "missing_attribute", "missing_layer", "undefined_term",
    "chp_list_not_declared",
)  # fmt: skip
_MISSING = ("missing_attribute", "missing_layer")


@cache
def why(reasons: str, lang: str = "zh") -> str:
    """Return why something needs review.

    Parameters
    ----------
    reasons
        Codes joined by ``;``; a code may name what it is about after a colon
        (``missing_layer:heat_network``).
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> why("missing_layer:heat_network;inside_margin")
    '距离临界，需实测；资料不全：缺管网图层'
    """
    codes = sorted(set(filter(None, (part.strip() for part in reasons.split(";")))), key=_rank)
    missing: list[str] = []
    parts: list[str] = []
    for code in codes:
        name, _, about = code.partition(":")
        if name in _MISSING and f"reports.missing_{about}" in catalogue():
            what = say(f"reports.missing_{about}", lang)
            if what not in missing:
                missing.append(what)
            text = ""
        else:
            known = f"reports.why_{name}" in catalogue()
            text = say(f"reports.why_{name}" if known else "reports.why_other", lang)
        if text and text not in parts:
            parts.append(text)
    if missing:
        parts.append(say("reports.why_missing", lang, what=say("reports.list_joiner", lang).join(missing)))
    return say("reports.joiner", lang).join(parts)


def lead_sentence(lead: str, rule: str, reasons: str, title: str, lang: str = "zh") -> str:
    """Return what the screening says of one subject, in the careful words of the official table.

    Parameters
    ----------
    lead
        ``applies``, ``encouraged``, ``review`` or ``not``.
    rule
        The rule that leads, or ''.
    reasons
        The codes of what needs review, joined by ``;``.
    title
        Title of the rule in ``lang``.
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> lead_sentence("applies", "gf.boiler.chp30", "", "30公里")
    '符合关停整合条款（待核实）'
    >>> lead_sentence("review", "gf.boiler.chp30", "inside_margin", "30公里")
    '距离临界，需实测'
    """
    if lead == "review":
        text = why(reasons, lang) or say("reports.why_other", lang)
        return say("reports.lead_review", lang, why=text)
    own = f"reports.lead_{lead}_{rule.rpartition('.')[2]}"
    return say(own if own in catalogue() else f"reports.lead_{lead}", lang, title=title)


def lead_sentences(subjects: pd.DataFrame, citations: Citations, lang: str = "zh") -> list[str]:
    """Return the lead sentence of every row of the subjects frame (lead, lead_rule, review_reasons)."""
    said: dict[tuple[str, ...], str] = {}
    sentences = []
    for key in _keys(subjects, "lead", "lead_rule", "review_reasons"):
        if key not in said:
            lead, rule, reasons = key
            title = citations[rule]["title"] if rule in citations else rule
            said[key] = lead_sentence(lead, rule, reasons, title, lang)
        sentences.append(said[key])
    return sentences


def timing_sentence(timing: str, rule: str, lang: str = "zh") -> str:
    """Return what the deadline of the clause means on the day asked for, or ''.

    Examples
    --------
    >>> timing_sentence("overdue", "gf.boiler.chp30")
    '文件时限已过，后续要求待核'
    """
    if not timing:
        return ""
    own = f"reports.timing_{timing}_{rule.replace('.', '_')}"
    return say(own if own in catalogue() else f"reports.timing_{timing}", lang)


def _rank(code: str) -> tuple[int, str]:
    name = code.partition(":")[0]
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), code)


def _keys(frame: pd.DataFrame, *names: str) -> list[tuple[str, ...]]:
    columns = [frame[name].astype(object).where(frame[name].notna(), "").tolist() for name in names]
    return list(zip(*columns, strict=True))
