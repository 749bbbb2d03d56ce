"""Conditions as sentences: what a rule asks, and what is known of the subject."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geoaq.policy.model import Pack
from geoaq.policy.notes import Measure, Note, Value, Word
from geoaq.policy.vocabulary import (
    AnchorCondition,
    AreaCondition,
    AttainmentCondition,
    BorderCondition,
    CapacityCondition,
    ClockCondition,
    Condition,
    DownwindCondition,
    EvidenceCondition,
    FlagCondition,
    IndustryCondition,
    LayerCondition,
    NatureCondition,
    NewBoilerCondition,
    NewStackCondition,
    RegionCondition,
    StackCondition,
    StageCondition,
    SwapCondition,
    WordCondition,
)


def asked_note(pack: Pack, condition: Condition, as_of: date) -> Note:
    """Return what a condition asks for, as a phrase."""
    code, params = _asked(pack, condition, as_of)
    return Note(f"policy.asked_{code}", params)


def _stated(known: Mapping[str, Any], fact: str, prefix: str | None = None) -> Word:
    value = "" if known.get(fact) is None else str(known[fact])
    return Word(f"terms.{prefix or fact}_{value}", value) if value else Word("terms.not_stated")


def _number(known: Mapping[str, Any], fact: str) -> float:
    value = known.get(fact)
    return float("nan") if value is None or value == "" else float(value)


def _tri(known: Mapping[str, Any], fact: str) -> Word:
    """Return a yes-or-no fact in words, be it a truth of three values, a yes or no, or nothing."""
    value = known.get(fact)
    if isinstance(value, bool):
        value = int(value)
    stated = value is not None and value != ""
    return Word(f"terms.tri_{value}", str(value)) if stated else Word("terms.not_stated")


def _of_project(pack: Pack, condition: Condition, known: Mapping[str, Any]) -> dict[str, Value]:
    """Return what is known of a project, as a condition's sentence shows it."""
    if isinstance(condition, BorderCondition):
        name = str(known.get("neighbour_name", "") or "")
        stated = Measure(_number(known, "distance_km"), "km")
        return {"stated": stated, "neighbour": Word("", name) if name else Word("terms.nearest_province")}
    if isinstance(condition, IndustryCondition | SwapCondition):
        code, edition = (str(known.get(fact, "") or "") for fact in ("industry_code", "industry_edition"))
        entries = pack.industries.lists[condition.list].matching(code, edition)
        found: Value = tuple(entry.name for entry in entries) or Word("terms.no_entry")
        shown = Word("", code) if code else Word("terms.not_stated")
        return {"stated": shown, "edition": _stated(known, "industry_edition"), "entry": found}
    if isinstance(condition, NatureCondition):
        return {"stated": _stated(known, "nature")}
    if isinstance(condition, NewStackCondition):
        return {"stated": _stated(known, "nature"), "stack": _tri(known, "new_stack")}
    if isinstance(condition, StackCondition):
        return {"stated": Measure(_number(known, "stack_m"), "m")}
    if isinstance(condition, DownwindCondition):
        result = Measure(_number(known, "dispersion_ug_m3"), "ug_m3")
        return {"stated": result, "limit": Measure(_number(known, "downwind_threshold_ug_m3"), "ug_m3")}
    if isinstance(condition, NewBoilerCondition):
        boiler = Measure(_number(known, "new_boiler_tph"), "tph")
        return {"stated": _stated(known, "new_boiler_fuel", "fuel"), "capacity": boiler}
    return {"stated": _stated(known, "eia_kind")} if condition.kind == "approval" else {}


def condition_note(pack: Pack, condition: Condition, known: Mapping[str, Any], as_of: date) -> Note:
    """Return the sentence of one condition with what is known of the subject."""
    code, params = _asked(pack, condition, as_of)
    stated: dict[str, Value] = {}
    if isinstance(condition, WordCondition):
        stated = {"stated": _stated(known, condition.fact, condition.words_of)}
    elif isinstance(condition, StageCondition):
        stated = {"stated": _stated(known, "status")}
    elif isinstance(condition, CapacityCondition):
        unit = condition.quantity.removeprefix("capacity_")
        stated = {"stated": Measure(_number(known, condition.column), unit)}
    elif isinstance(condition, AnchorCondition):
        name = str(known.get("anchor_name", "") or "")
        stated = {
            "stated": Measure(_number(known, "distance_km"), "km"),
            "anchor": Word("", name) if name else Word("terms.nearest_plant"),
        }
    elif isinstance(condition, AttainmentCondition):
        stated = {"stated": Measure(_number(known, "pm25_annual"), "ug_m3")}
    elif isinstance(condition, FlagCondition):
        stated = {"stated": _tri(known, condition.fact)}
    elif isinstance(condition, EvidenceCondition):
        stated = {"stated": _stated(known, "fire_class")}
    else:
        stated = _of_project(pack, condition, known)
    return Note(f"policy.condition_{code}", {**params, **stated})


def shown_note(fact: str, known: Mapping[str, Any]) -> Note:
    """Return what an applicant states to show that a duty is met, or that it is not stated."""
    return Note("policy.shown_by", {"fact": Word(f"terms.fact_{fact}"), "stated": _tri(known, fact)})


def _asked(pack: Pack, condition: Condition, as_of: date) -> tuple[str, dict[str, Value]]:
    """Return the code of a condition's sentences and what the rule asks."""
    if isinstance(condition, WordCondition):
        prefix = condition.words_of or condition.fact
        wanted = tuple(Word(f"terms.{prefix}_{word}", word) for word in condition.any_of)
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
        return "region_outside" if condition.outside else "region", {"region": names}
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
    if isinstance(condition, EvidenceCondition):
        return "evidence", {}
    if isinstance(condition, ClockCondition):
        limits = ("detected", "responded", "disposed")
        return "clock", {name: f"{float(getattr(condition, f'{name}_min')):g}" for name in limits}
    return _asked_of_project(pack, condition)


def _asked_of_project(pack: Pack, condition: Condition) -> tuple[str, dict[str, Value]]:
    if isinstance(condition, BorderCondition):
        bound = "inclusive" if condition.inclusive else "exclusive"
        return f"border_{bound}", {"limit": Measure(float(condition.strip_km), "km")}
    if isinstance(condition, IndustryCondition | SwapCondition):
        return condition.kind, _list_words(pack, condition)
    if isinstance(condition, NatureCondition):
        return f"nature_{condition.reach}", {}
    if isinstance(condition, StackCondition):
        bound = "inclusive" if condition.inclusive else "exclusive"
        return f"stack_{bound}", {"limit": Measure(float(condition.above_m), "m")}
    if isinstance(condition, NewBoilerCondition):
        fuels = tuple(Word(f"terms.fuel_{fuel}", fuel) for fuel in condition.fuels)
        return "new_boiler", {"fuel": fuels or Word("terms.any_boiler_fuel")}
    if condition.kind in ("city", "approval", "new_stack"):
        return condition.kind, {}
    return condition.kind, {"word": pack.terms[condition.term].word if condition.term else ""}


def _list_words(pack: Pack, condition: IndustryCondition | SwapCondition) -> dict[str, Value]:
    """Return what a list is of (the word of the text, else its own title) and the reading that takes it."""
    listed = pack.industries.lists[condition.list]
    if condition.term is None:
        return {"word": listed.title, "reading": Word("terms.as_printed")}
    term = pack.terms[condition.term]
    return {"word": term.word, "reading": Word(f"terms.{term.adopted}")}
