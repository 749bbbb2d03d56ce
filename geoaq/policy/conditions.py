"""How each kind of condition falls on a column of subjects: true, false or unknown, and why.

A reading replaces the adopted one of a term, so that the same function answers "and if the word were read
the other way?".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.attainment import attainment_fall
from geoaq.policy.bench import Bench, Fall, by_code, combined
from geoaq.policy.burning import clock_fall, evidence_fall
from geoaq.policy.consultation import (
    approval_fall,
    border_fall,
    downwind_fall,
    industry_fall,
    nature_fall,
    new_boiler_fall,
    new_stack_fall,
    stack_fall,
    swap_fall,
)
from geoaq.policy.places import area_truth, city_truth, region_truth
from geoaq.policy.verdicts import (
    Verdict,
    any_verdict,
    class_verdict,
    existing_verdict,
    new_verdict,
    word_verdict,
)
from geoaq.policy.vocabulary import (
    AnchorCondition,
    AreaCondition,
    CapacityCondition,
    CityCondition,
    Condition,
    FlagCondition,
    IndustrialCondition,
    LayerCondition,
    OpenWordCondition,
    RegionCondition,
    StageCondition,
    WordCondition,
)

#: Conditions that the place decides: a wrong position would turn them.
OF_PLACE = ("area", "region", "city", "layer", "anchor", "attainment", "border")


def fall(condition: Condition, bench: Bench) -> Fall:
    """Return how a condition falls on every subject of the bench.

    Where the point contradicts the place that the row states (fact ``stated_ok`` false), either may be wrong:
    whatever depends on the place is unknown there until somebody says which. So is a province both where the
    point lies in it and where the row states it.
    """
    found = _FALLS[condition.kind](condition, bench)
    contradicted = bench.facts.tri("stated_ok") == FALSE
    if condition.kind not in OF_PLACE or not contradicted.any():
        return found
    if condition.kind == "area":
        contradicted &= (found.truth != FALSE) | _stated_in(condition, bench)
    reason = bench.facts.reasons.code("conflicting_sources")
    return replace(
        found,
        truth=np.where(contradicted, UNKNOWN, found.truth).astype(np.int8),
        reason=np.where(contradicted, reason, found.reason).astype(np.int32),
    )


def _word(condition: WordCondition, bench: Bench) -> Fall:
    if condition.fact == "boiler_class":
        power = _power_industries(bench)
        return combined(
            bench,
            ("boiler_class", "industry_code"),
            lambda word, industry: class_verdict(condition, word, industry, power),
        )
    codes, values = bench.facts.words(condition.fact)
    return by_code(bench, codes, [word_verdict(condition, word) for word in values])


def _power_industries(bench: Bench) -> tuple[str, ...] | None:
    """Return the industries in which a blank class may be a power station, None where blank stays unknown."""
    if bench.reading("boiler_class_blank") != "not_a_power_station":
        return None
    return bench.pack.terms["boiler_class_blank"].power_industries


def _industrial(condition: IndustrialCondition, bench: Bench) -> Fall:
    ordinary = WordCondition(
        id=condition.id,
        kind="word",
        fact=condition.fact,
        any_of=("steam", "hot_water", "thermal_oil"),
        unclear=(("hot_air", "boiler_word"),),
    )
    power = _power_industries(bench)
    use_only = bench.reading("industrial_boiler") == "industrial_use_only"

    def judge(word: str, industry: str, purpose: str) -> Verdict:
        verdict = class_verdict(ordinary, word, industry, power)
        if not use_only or verdict[0] == FALSE or purpose in ("industrial", "central_steam"):
            return verdict
        return (FALSE, "") if purpose else (UNKNOWN, "missing_attribute:purpose")

    return combined(bench, (condition.fact, "industry_code", condition.purpose), judge)


def _stage(condition: StageCondition, bench: Bench) -> Fall:
    literal = condition.term is not None and bench.reading(condition.term) == "literal_xinjian"
    judges: dict[str, Callable[[str, str], Verdict]] = {
        "existing": existing_verdict,
        "new": partial(new_verdict, literal=literal),
        "any": any_verdict,
    }
    return combined(bench, ("status", "eliminated_by"), judges[condition.stage])


def _capacity(condition: CapacityCondition, bench: Bench) -> Fall:
    facts, limit = bench.facts, condition.limit
    # decimals as printed: 24.5 MW / 0.7 is 35 t/h, whatever a binary float makes of it
    measured = np.round(facts.numbers(condition.column), 6)
    inclusive = condition.inclusive
    if condition.term is not None:
        inclusive = bench.pack.terms[condition.term].readings[bench.reading(condition.term)].inclusive is True
    equal = measured == limit
    beyond = {"at_most": measured < limit, "at_least": measured > limit, "equal": equal}[condition.compare]
    truth = np.where(beyond | (equal & inclusive), TRUE, FALSE).astype(np.int8)
    reason = np.zeros(facts.n, np.int32)
    missing = np.isnan(measured)
    truth[missing] = UNKNOWN
    reason[missing] = facts.reasons.code(f"missing_attribute:{condition.column}")
    if condition.column == "capacity_tph":
        conflict = facts.flags("capacity_conflict")
        truth[conflict] = UNKNOWN
        reason[conflict] = facts.reasons.code("conflicting_sources")
    return Fall(truth, reason, condition.quantity, measured, limit)


def _region(condition: RegionCondition, bench: Bench) -> Fall:
    codes, combos = bench.facts.places()
    everywhere = condition.term == "chp_scope" and bench.reading("chp_scope") == "scope_national"
    if condition.term is not None:
        further = bench.pack.terms[condition.term].readings[bench.reading(condition.term)].by_reference
        condition = condition.model_copy(update={"by_reference": (*condition.by_reference, *further)})
    found = [region_truth(bench.pack, condition, place, bench.as_of) for place in combos]
    basis = np.array([basis for _, _, basis in found], np.int8)[codes]
    if everywhere:
        return Fall(np.full(bench.facts.n, TRUE, np.int8), np.zeros(bench.facts.n, np.int32), basis=basis)
    if condition.outside:
        turned = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}
        return by_code(bench, codes, [(turned[truth], reason) for truth, reason, _ in found])
    told = by_code(bench, codes, [(truth, reason) for truth, reason, _ in found])
    return Fall(told.truth, told.reason, basis=basis)


def _area(condition: AreaCondition, bench: Bench) -> Fall:
    codes, combos = bench.facts.places()
    return by_code(bench, codes, [area_truth(condition.area, place) for place in combos])


def _stated_in(condition: AreaCondition, bench: Bench) -> npt.NDArray[np.bool_]:
    """Say whether a row states the province, by its own name or by that of one of its prefectures."""
    stated = np.zeros(bench.facts.n, np.bool_)
    for fact in ("province_stated", "city_stated"):
        codes, values = bench.facts.words(fact)
        stated |= np.array([value.strip().startswith(condition.names) for value in values], np.bool_)[codes]
    return stated


def _city(condition: CityCondition, bench: Bench) -> Fall:
    codes, combos = bench.facts.places()
    seats_too = bench.reading(condition.term) == "county_seats_too"
    return by_code(bench, codes, [city_truth(condition.term, place, seats_too) for place in combos])


def _layer(condition: LayerCondition, bench: Bench) -> Fall:
    facts, reasons = bench.facts, bench.facts.reasons
    name = f"within.{condition.layer}"
    stated = facts.tri(condition.stated) if condition.stated else np.full(facts.n, UNKNOWN, np.int8)
    truth = facts.tri(name).copy()
    if name not in facts:
        missing = f"missing_layer:{condition.layer}"
        hints = [f"stated_outside:{condition.layer}", f"stated_inside:{condition.layer}"]
        table = reasons.codes([f"{missing};{hints[FALSE]}", f"{missing};{hints[TRUE]}", missing])
        return Fall(truth, table[stated])
    reason = np.where(truth == UNKNOWN, reasons.code("inside_margin"), 0).astype(np.int32)
    # Outside its polygons, a layer says nothing of a county that it does not cover.
    silent = (truth == FALSE) & (facts.tri(f"covered.{condition.layer}") == FALSE)
    truth[silent] = UNKNOWN
    reason[silent] = reasons.code(f"missing_layer:{condition.layer}")
    conflict = (truth != UNKNOWN) & (stated != UNKNOWN) & (truth != stated)
    truth[conflict] = UNKNOWN
    reason[conflict] = reasons.code("conflicting_sources")
    return Fall(truth, reason)


def _anchor(condition: AnchorCondition, bench: Bench) -> Fall:
    facts, reasons = bench.facts, bench.facts.reasons
    reading = f"anchor.{bench.reading(condition.term)}"
    truth = facts.tri(f"{reading}.truth")
    if f"{reading}.truth" not in facts:
        return Fall(truth, np.full(facts.n, reasons.code("missing_layer:chp_plants"), np.int32))
    codes, values = facts.words(f"{reading}.reasons")
    reason = reasons.codes(values)[codes]
    blank = (truth == UNKNOWN) & (reason == 0)
    reason[blank] = reasons.code("inside_margin")
    across = facts.flags(f"{reading}.cross_province") & (truth == TRUE)
    reason = reasons.join(reason, np.where(across, reasons.code("cross_province"), 0).astype(np.int32))
    return Fall(
        truth,
        reason,
        "distance_km",
        facts.numbers(f"{reading}.distance_m") / 1000.0,
        float(condition.radius_km),
    )


def _flag(condition: FlagCondition, bench: Bench) -> Fall:
    stated = bench.facts.tri(condition.fact)
    wanted = TRUE if condition.expect else FALSE
    truth = np.where(stated == UNKNOWN, UNKNOWN, np.where(stated == wanted, TRUE, FALSE)).astype(np.int8)
    code = bench.facts.reasons.code(f"missing_attribute:{condition.fact}")
    return Fall(truth, np.where(truth == UNKNOWN, code, 0).astype(np.int32))


def _open_word(condition: OpenWordCondition, bench: Bench) -> Fall:
    n, code = bench.facts.n, bench.facts.reasons.code(f"undefined_term:{condition.term}")
    return Fall(np.full(n, UNKNOWN, np.int8), np.full(n, code, np.int32))


_FALLS: dict[str, Callable[..., Fall]] = {
    "word": _word,
    "industrial": _industrial,
    "stage": _stage,
    "capacity": _capacity,
    "region": _region,
    "area": _area,
    "city": _city,
    "layer": _layer,
    "anchor": _anchor,
    "attainment": attainment_fall,
    "flag": _flag,
    "open_word": _open_word,
    "border": border_fall,
    "industry": industry_fall,
    "nature": nature_fall,
    "new_stack": new_stack_fall,
    "stack": stack_fall,
    "downwind": downwind_fall,
    "approval": approval_fall,
    "swap": swap_fall,
    "new_boiler": new_boiler_fall,
    "evidence": evidence_fall,
    "clock": clock_fall,
}
