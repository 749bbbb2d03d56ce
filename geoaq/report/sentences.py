"""One careful sentence a subject, from codes (``wording/reports.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from geoaq.wording import catalogue, say

# For each rule its quote, document and article and, in the reader's language, its title, the sentence where
# it applies and what its deadline means on the day asked for; the last three may lack.
Citations = Mapping[str, Mapping[str, str]]

# What a reader can settle by measuring or asking comes before what only a layer or a list can settle.
_ORDER = (
    "conflicting_sources", "inside_margin", "elimination_evidence", "own_plant", "chp_status",
    "chp_capacity_missing", "other_clause", "missing", "undefined_term", "contested", "chp_list_not_declared",
)  # fmt: skip
_ABOUT = {"missing_attribute": "fact", "undefined_term": "word", "evidence": "fire_class"}
_MISSING = ("missing_attribute", "missing_layer")


@cache
def why_each(reasons: str, lang: str = "zh") -> tuple[str, ...]:
    """Return why something needs review, one sentence a kind of reason, what can be settled first in front.

    Parameters
    ----------
    reasons
        Codes joined by ``;``; a code may name what it is about after a colon
        (``missing_layer:heat_network``).
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> why_each("missing_layer:built_up;inside_margin")
    ('距离临界，需实测', '资料不全：缺“城市建成区”图层')
    """
    ranked: dict[str, int] = {}
    missing: list[str] = []
    for code in dict.fromkeys(filter(None, (part.strip() for part in reasons.split(";")))):
        name, _, about = code.partition(":")
        label = f"terms.{_ABOUT.get(name, 'layer')}_{about}"
        word = say(label, lang) if label in catalogue() else about
        if name in _MISSING:
            missing.append(say(f"reports.{name}", lang, about=word))
        else:
            known = f"reasons.{name}" in catalogue()
            text = say(f"reasons.{name}" if known else "policy.outcome_needs_review", lang, about=word)
            ranked.setdefault(text, _rank(name))
    if missing:
        what = say("reports.list_joiner", lang).join(dict.fromkeys(missing))
        ranked[say("reports.missing", lang, what=what)] = _rank("missing")
    return tuple(sorted(ranked, key=ranked.__getitem__))


def why(reasons: str, lang: str = "zh") -> str:
    """Return all of `why_each` as one sentence, or ''."""
    return say("reports.joiner", lang).join(why_each(reasons, lang))


def lead_sentence(
    lead: str, rule: str, reasons: str, title: str, lang: str = "zh", *, applies: str | None = None
) -> str:
    """Return what the screening says of one subject, in the careful words of the official table.

    Parameters
    ----------
    lead
        ``applies``, ``encouraged``, ``review``, ``not`` or ``none``.
    rule
        The rule that leads, or ''.
    reasons
        The codes of what needs review, joined by ``;``: the first that can be settled is said.
    title
        Title of the rule in ``lang``.
    lang
        ``zh`` or ``en``.
    applies
        What the rule says where it applies, in ``lang``; without it the title is quoted.

    Examples
    --------
    >>> lead_sentence("applies", "gf.boiler.heatnet", "", "管网覆盖范围")
    '符合“管网覆盖范围”条款（待核实）'
    >>> lead_sentence("review", "gf.boiler.chp30", "inside_margin;chp_status", "")
    '距离临界，需实测'
    """
    if lead == "review":
        return next(iter(why_each(reasons, lang)), say("policy.outcome_needs_review", lang))
    if lead in ("not", "none"):
        return say(f"policy.{lead}", lang)
    return applies or say(f"reports.lead_{lead}", lang, title=title or rule)


def lead_sentences(subjects: pd.DataFrame, citations: Citations, lang: str = "zh") -> list[str]:
    """Return the lead sentence of every row of the subjects frame (lead, lead_rule, review_reasons)."""
    said: dict[tuple[str, ...], str] = {}
    sentences = []
    for key in _keys(subjects, "lead", "lead_rule", "review_reasons"):
        if key not in said:
            lead, rule, reasons = key
            cited = citations.get(rule, {})
            title = cited.get("title", "")
            said[key] = lead_sentence(lead, rule, reasons, title, lang, applies=cited.get("applies"))
        sentences.append(said[key])
    return sentences


def timing_sentence(timing: str, cited: Mapping[str, str], lang: str = "zh") -> str:
    """Return what the deadline of a clause means on the day asked for, or ''.

    Examples
    --------
    >>> timing_sentence("overdue", {})
    '文件时限已过，后续要求待核'
    >>> timing_sentence("no_date", {"timing": "浙江未设期限；国家：到2025年"})
    '浙江未设期限；国家：到2025年'
    """
    return (cited.get("timing") or say(f"policy.timing_{timing}", lang)) if timing else ""


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _keys(frame: pd.DataFrame, *names: str) -> list[tuple[str, ...]]:
    columns = [frame[name].astype(object).where(frame[name].notna(), "").tolist() for name in names]
    return list(zip(*columns, strict=True))
