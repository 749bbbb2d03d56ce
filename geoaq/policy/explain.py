"""Why: every condition of a rule with what was measured, and what would flip the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoaq.findings import APPLIES, DOES_NOT_APPLY
from geoaq.policy.model import Pack, Rule
from geoaq.policy.notes import Note, Word
from geoaq.policy.sentences import asked_note, condition_note, shown_note
from geoaq.policy.vocabulary import (
    AnchorCondition,
    BorderCondition,
    CapacityCondition,
    Condition,
    DownwindCondition,
    LayerCondition,
    NatureCondition,
    NewStackCondition,
    StackCondition,
    StageCondition,
)

# What a true condition of these kinds would take to fall is worth saying; of the others it is plain.
_TURNING = (
    CapacityCondition | AnchorCondition | StageCondition | LayerCondition | BorderCondition | NatureCondition
    | NewStackCondition | StackCondition | DownwindCondition
)  # fmt: skip
_MISSING = ("missing_attribute", "missing_layer", "chp_capacity_missing", "swap_plan_absent")
_OF_INDUSTRY = ("industry_wider", "industry_process", "industry_incomplete", "unknown_industry")
# What a reason is about: the beginning of its word.
_ABOUT = {"missing_attribute": "fact", "undefined_term": "word", "evidence": "fire_class"}
_LETTERS = {"T": "true", "F": "false", "U": "unknown"}


@dataclass(frozen=True)
class ConditionNote:
    """One condition: how it fell (``true``, ``false``, ``unknown``) and the sentence that says it."""

    id: str
    truth: str
    note: Note


@dataclass(frozen=True)
class Explanation:
    """The why of one finding, as codes and values; `Note.text` makes the sentences."""

    verdict: Note
    timing: Note
    conditions: tuple[ConditionNote, ...]
    reasons: tuple[Note, ...]
    flips: tuple[Note, ...]
    contested: tuple[Note, ...]
    limbs: tuple[Note, ...]
    shown_by: tuple[Note, ...]
    brakes: tuple[str, ...]
    responsible: tuple[str, ...]


def explain(
    pack: Pack,
    rule_id: str,
    truth: str,
    *,
    as_of: date,
    subject: str = "boiler",
    reasons: str = "",
    contested_by: str = "",
    values: Mapping[str, Any] | None = None,
) -> Explanation:
    """Explain one finding.

    Parameters
    ----------
    pack
        The policy.
    rule_id, truth, reasons, contested_by
        As in the finding; ``truth`` has one letter (T, F, U) a condition.
    as_of
        The day of the screening.
    subject
        ``boiler``, ``unit``, ``project`` or ``fire``.
    values
        What is known of the subject, by fact (``fuel``, ``status``, ``capacity_tph``, …, ``distance_km``,
        ``anchor_name``, ``neighbour_name``, ``pm25_annual``); a fact that is not there is shown as not
        stated.
    """
    rule = pack.rules[rule_id]
    known = dict(values or {})
    conditions = rule.conditions(subject)
    outcome = "F" if "F" in truth else "U" if "U" in truth else "T"
    told = tuple(
        ConditionNote(c.id, _LETTERS[letter], condition_note(pack, c, known, as_of))
        for c, letter in zip(conditions, truth, strict=True)
    )
    flips = tuple(
        flip_note(pack, c, letter, as_of)
        for c, letter in zip(conditions, truth, strict=True)
        if letter == outcome
        if outcome != "T" or isinstance(c, _TURNING)
    )
    word = {"T": APPLIES, "F": DOES_NOT_APPLY, "U": "needs_review"}[outcome]
    return Explanation(
        verdict(pack, rule_id, word, reasons),
        timing_note(pack, rule, as_of),
        told,
        tuple(reason_note(reason) for reason in reasons.split(";") if reason),
        flips,
        tuple(
            Note("policy.flip_reading", {"reading": Word(f"terms.{r}")}) for r in contested_by.split(";") if r
        ),
        tuple(_limb_note(pack, rule, position, as_of) for position in range(len(rule.limbs))),
        tuple(shown_note(fact, known) for fact in rule.shown_by),
        rule.brakes,
        pack.responsible(rule_id),
    )


def verdict(pack: Pack, rule_id: str, outcome: str, reasons: str = "") -> Note:
    """Return the careful sentence for an outcome: 符合“立即淘汰”条款（待核实）, 资料不全 and the like."""
    if outcome == APPLIES:
        return Note(f"policy.applies_{pack.rules[rule_id].effect}")
    atoms = [reason.split(":")[0] for reason in reasons.split(";") if reason]
    if outcome == DOES_NOT_APPLY:
        return Note("policy.not_eliminated" if "eliminated" in atoms else "policy.not")
    for code, kinds in (
        ("policy.review_missing", _MISSING),
        ("policy.review_conflict", ("conflicting_sources",)),
        ("policy.review_boundary", ("conflicting_boundaries", "home_unsure", "home_unknown")),
        ("policy.review_sea", ("sea", "hk_macao")),
        ("policy.review_registration", ("registration",)),
        ("policy.review_evidence", ("elimination_evidence",)),
        ("policy.review_straw", ("evidence",)),
        ("policy.review_margin", ("inside_margin",)),
        ("policy.review_industry", _OF_INDUSTRY),
        ("policy.review_anchor", ("chp_status", "own_plant", "chp_list_not_declared")),
    ):
        if any(atom in kinds for atom in atoms):
            return Note(code)
    return Note("policy.review_wording")


def reason_note(reason: str) -> Note:
    """Return the sentence of one reason, e.g. ``missing_attribute:fuel``."""
    code, _, about = reason.partition(":")
    if not about:
        return Note(f"reasons.{code}")
    prefix = _ABOUT.get(code, "layer")
    return Note(f"reasons.{code}", {"about": Word(f"terms.{prefix}_{about}", about)})


def timing_note(pack: Pack, rule: Rule, as_of: date) -> Note:
    """Return when a rule bites; a province that drops the nation's date is said so."""
    timing = rule.timing.on(as_of)
    source = pack.sources[rule.source]
    parents = [pack.rules[o.rule].timing.parsed_from for o in rule.overrides]
    date_of_nation = next((words for words in parents if words), None)
    if timing == "no_date" and source.area is not None and date_of_nation:
        return Note(
            "policy.timing_no_date_province",
            {"area": Word(f"terms.area_{source.area}"), "date": date_of_nation},
        )
    return Note(f"policy.timing_{timing}")


def _limb_note(pack: Pack, rule: Rule, position: int, as_of: date) -> Note:
    limb = rule.limbs[position]
    where = asked_note(pack, limb.condition, as_of)
    return Note("policy.limb", {"where": where, "quote": limb.quote})


def flip_note(pack: Pack, condition: Condition, letter: str, as_of: date) -> Note:
    """Return what would have to be different for a condition to fall the other way, or to be decided."""
    return Note(f"policy.flip_{_LETTERS[letter]}", {"what": asked_note(pack, condition, as_of)})
