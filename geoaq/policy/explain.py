"""Why: every condition of a rule with what was measured, and what would flip the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoaq.findings import APPLIES, DOES_NOT_APPLY
from geoaq.policy.model import Pack, Rule
from geoaq.policy.notes import Measure, Note, Value, Word
from geoaq.policy.vocabulary import (
    AnchorCondition,
    AreaCondition,
    AttainmentCondition,
    CapacityCondition,
    Condition,
    FlagCondition,
    LayerCondition,
    RegionCondition,
    StageCondition,
    WordCondition,
)

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
        ``boiler`` or ``unit``.
    values
        What is known of the subject, by fact (``fuel``, ``status``, ``capacity_tph``, …, ``distance_km``,
        ``anchor_name``, ``pm25_annual``); a fact that is not there is shown as not stated.
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
        if outcome != "T"
        or isinstance(c, CapacityCondition | AnchorCondition | StageCondition | LayerCondition)
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
        ("policy.review_missing", ("missing_attribute", "missing_layer", "chp_capacity_missing")),
        ("policy.review_conflict", ("conflicting_sources",)),
        ("policy.review_evidence", ("elimination_evidence",)),
        ("policy.review_margin", ("inside_margin",)),
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
    prefix = {"missing_attribute": "fact", "undefined_term": "word"}.get(code, "layer")
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
    code, params = _asked(pack, limb.condition, as_of)
    return Note("policy.limb", {"where": Note(f"policy.asked_{code}", params), "quote": limb.quote})


def _stated(known: Mapping[str, Any], fact: str, prefix: str | None = None) -> Word:
    value = "" if known.get(fact) is None else str(known[fact])
    return Word(f"terms.{prefix or fact}_{value}", value) if value else Word("terms.not_stated")


def _number(known: Mapping[str, Any], fact: str) -> float:
    value = known.get(fact)
    return float("nan") if value is None or value == "" else float(value)


def condition_note(pack: Pack, condition: Condition, known: Mapping[str, Any], as_of: date) -> Note:
    """Return the sentence of one condition with what is known of the subject."""
    code, params = _asked(pack, condition, as_of)
    stated: dict[str, Value] = {}
    if isinstance(condition, WordCondition):
        stated = {"stated": _stated(known, condition.fact)}
    elif isinstance(condition, StageCondition):
        stated = {"stated": _stated(known, "status")}
    elif isinstance(condition, CapacityCondition):
        unit = condition.quantity.removeprefix("capacity_")
        stated = {"stated": Measure(_number(known, condition.quantity), unit)}
    elif isinstance(condition, AnchorCondition):
        name = str(known.get("anchor_name", "") or "")
        stated = {
            "stated": Measure(_number(known, "distance_km"), "km"),
            "anchor": Word("", name) if name else Word("terms.nearest_plant"),
        }
    elif isinstance(condition, AttainmentCondition):
        stated = {"stated": Measure(_number(known, "pm25_annual"), "ug_m3")}
    elif isinstance(condition, FlagCondition):
        stated = {"stated": _stated(known, condition.fact, "tri")}
    return Note(f"policy.condition_{code}", {**params, **stated})


def flip_note(pack: Pack, condition: Condition, letter: str, as_of: date) -> Note:
    """Return what would have to be different for a condition to fall the other way, or to be decided."""
    return Note(f"policy.flip_{_LETTERS[letter]}", {"what": asked_note(pack, condition, as_of)})


def asked_note(pack: Pack, condition: Condition, as_of: date) -> Note:
    """Return what a condition asks for, as a phrase."""
    code, params = _asked(pack, condition, as_of)
    return Note(f"policy.asked_{code}", params)


def _asked(pack: Pack, condition: Condition, as_of: date) -> tuple[str, dict[str, Value]]:
    """Return the code of a condition's sentences and what the rule asks."""
    if isinstance(condition, WordCondition):
        wanted = tuple(Word(f"terms.{condition.fact}_{word}", word) for word in condition.any_of)
        return "word", {"fact": Word(f"terms.fact_{condition.fact}"), "wanted": wanted}
    if isinstance(condition, StageCondition):
        return f"stage_{condition.stage}", {}
    if isinstance(condition, CapacityCondition):
        bound = "" if condition.compare == "equal" else "_inclusive" if condition.inclusive else "_exclusive"
        unit = condition.quantity.removeprefix("capacity_")
        return f"{condition.compare}{bound}", {"limit": Measure(condition.limit, unit)}
    if isinstance(condition, RegionCondition):
        names: tuple[Value, ...] = tuple(
            pack.regions[name].title for name in (condition.region, *condition.by_reference)
        )
        return "region", {"region": names}
    if isinstance(condition, AreaCondition):
        return "area", {"area": Word(f"terms.area_{condition.area}")}
    if isinstance(condition, LayerCondition):
        return "layer", {"layer": Word(f"terms.layer_{condition.layer}")}
    if isinstance(condition, AnchorCondition):
        reading = Word(f"terms.{pack.terms[condition.term].adopted}")
        radius, least = Measure(float(condition.radius_km), "km"), Measure(float(condition.min_mw), "mw")
        return "anchor", {"radius": radius, "least": least, "reading": reading}
    if isinstance(condition, AttainmentCondition):
        term = pack.terms[condition.term]
        steps = [step for step in term.readings[term.adopted].steps if step.start <= as_of][-1:]
        limit = Measure(float(steps[0].limit_ug_m3) if steps else float("nan"), "ug_m3")
        return "attainment", {"limit": limit, "reading": Word(f"terms.{term.adopted}")}
    if isinstance(condition, FlagCondition):
        wanted_flag = Word(f"terms.tri_{int(condition.expect)}")
        return "flag", {"fact": Word(f"terms.fact_{condition.fact}"), "wanted": wanted_flag}
    if condition.kind == "city":
        return "city", {}
    return condition.kind, {"word": pack.terms[condition.term].word if condition.term else ""}
