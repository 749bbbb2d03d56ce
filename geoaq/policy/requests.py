"""What is missing, and whom to ask for it: from the reasons of findings to a list of requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.policy.model import Pack
from geoaq.policy.notes import Note, Word
from geoaq.wording import catalogue

# Reasons that the applicant can settle, as what he is asked for.
_OF_APPLICANT = {
    "inside_margin": "position",
    "conflicting_sources": "position",
    "industry_wider": "industry_detail",
    "industry_process": "industry_detail",
    "industry_incomplete": "industry_code",
    "unknown_industry": "industry_code",
    "swap_plan_absent": "capacity_swap",
}
# Reasons that the office settles itself.
_OF_OFFICE = {
    "conflicting_boundaries": "official_line",
    "home_unsure": "official_line",
    "home_unknown": "official_line",
    "sea": "sea",
    "hk_macao": "hk_macao",
    "registration": "registration",
}


@dataclass(frozen=True)
class Request:
    """One thing to ask: its code, whom (``applicant``, ``office``), the sentence, and the rules it serves."""

    code: str
    to: Literal["applicant", "office"]
    note: Note
    rules: tuple[str, ...]


def requests(
    pack: Pack, findings: Iterable[Mapping[str, Any]], values: Mapping[str, Any] | None = None
) -> tuple[Request, ...]:
    """Return what is to be asked before the findings of one subject can be decided.

    Parameters
    ----------
    pack
        The policy.
    findings
        The findings of one subject: ``rule_id``, ``outcome`` and ``reasons`` of each.
    values
        What is known of the subject, by fact. A rule that applies asks for the facts that show its duty met
        (`Rule.shown_by`) where they are not stated; None: none of them is known.

    Returns
    -------
    tuple of Request
        Each thing once, in the order of the rules with the clauses of consultation first.
    """
    known = values or {}
    asked: dict[tuple[str, Literal["applicant", "office"]], list[str]] = {}
    ordered = sorted(findings, key=lambda one: pack.rules[one["rule_id"]].family != "E")
    for one in ordered:
        rule = pack.rules[one["rule_id"]]
        keys: list[tuple[str, Literal["applicant", "office"]]] = []
        if one["outcome"] == NEEDS_REVIEW:
            keys = [key for reason in (one["reasons"] or "").split(";") if (key := _asked(reason))]
        if one["outcome"] == APPLIES:
            keys = [(fact, "applicant") for fact in rule.shown_by if known.get(fact) in (None, "", 2)]
        for key in keys:
            asked.setdefault(key, []).append(rule.id)
    return tuple(
        Request(code, to, _note(code), tuple(dict.fromkeys(rules))) for (code, to), rules in asked.items()
    )


def _asked(reason: str) -> tuple[str, Literal["applicant", "office"]] | None:
    code, _, about = reason.partition(":")
    if code == "missing_attribute":
        return about, "applicant"
    if code in ("missing_layer", "undefined_term"):
        return f"{code}_{about}", "office"
    if code in _OF_APPLICANT:
        return _OF_APPLICANT[code], "applicant"
    return (_OF_OFFICE[code], "office") if code in _OF_OFFICE else None


def _note(code: str) -> Note:
    if f"policy.ask_{code}" in catalogue():
        return Note(f"policy.ask_{code}")
    for kind, prefix in (("missing_layer", "layer"), ("undefined_term", "word")):
        if code.startswith(kind):
            about = code.removeprefix(f"{kind}_")
            return Note(f"policy.ask_{kind}", {"about": Word(f"terms.{prefix}_{about}", about)})
    return Note("policy.ask_fact", {"about": Word(f"terms.fact_{code}", code)})
