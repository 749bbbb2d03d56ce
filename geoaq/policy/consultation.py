"""How the conditions of the consultation clauses fall: strip, industry, nature, stack, downwind effect."""

from __future__ import annotations

from functools import partial

import numpy as np

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.bench import Bench, Fall, combined, crossed
from geoaq.policy.facts import Codes
from geoaq.policy.verdicts import (
    Verdict,
    approval_verdict,
    nature_verdict,
    new_boiler_verdict,
    new_stack_verdict,
)
from geoaq.policy.vocabulary import (
    ApprovalCondition,
    BorderCondition,
    DownwindCondition,
    IndustryCondition,
    NatureCondition,
    NewBoilerCondition,
    NewStackCondition,
    StackCondition,
    SwapCondition,
)

_TRI = {"0": FALSE, "1": TRUE}


def border_fall(condition: BorderCondition, bench: Bench) -> Fall:
    """Return whether the site lies in the strip, as the screening of borders found it with its error."""
    facts, reasons = bench.facts, bench.facts.reasons
    truth = facts.tri("border.truth")
    if "border.truth" not in facts:
        return Fall(truth, np.full(facts.n, reasons.code("missing_layer:province_borders"), np.int32))
    codes, values = facts.words("border.reasons")
    reason = reasons.codes(values)[codes]
    reason[(truth == UNKNOWN) & (reason == 0)] = reasons.code("inside_margin")
    measured = facts.numbers("border.distance_m") / 1000.0
    return Fall(truth, reason, "distance_km", measured, float(condition.strip_km))


def industry_fall(condition: IndustryCondition, bench: Bench) -> Fall:
    """Return whether the industry stands in the list of the reading in use."""
    name = condition.list
    if condition.term is not None:
        name = bench.pack.terms[condition.term].readings[bench.reading(condition.term)].list or name
    return _listed(name, bench)


def _listed(name: str, bench: Bench) -> Fall:
    industries = bench.pack.industries
    watched = industries.lists[name].words()

    def judge(code: str, edition: str, text: str, project: str) -> Verdict:
        return industries.verdict(name, code.strip(), edition, f"{text} {project}")

    stated = [bench.facts.words(fact) for fact in ("industry_code", "industry_edition")]
    said = [_watched(bench, fact, watched) for fact in ("industry_text", "name")]
    return crossed(bench, [*stated, *said], judge)


def _watched(bench: Bench, fact: str, watched: tuple[str, ...]) -> tuple[Codes, list[str]]:
    """Return what a column says, reduced to the words that a list looks for: few, however long the column."""
    codes, values = bench.facts.words(fact)
    reduced = [" ".join(word for word in watched if word in value) for value in values]
    distinct = list(dict.fromkeys(reduced))
    place = {value: position for position, value in enumerate(distinct)}
    return np.array([place[value] for value in reduced], np.int32)[codes], distinct


def nature_fall(condition: NatureCondition, bench: Bench) -> Fall:
    """Return whether the nature of the project is the one that the sentence names."""
    literal = condition.term is not None and bench.reading(condition.term) == "literal_xinjian"
    judge = partial(nature_verdict, reach=condition.reach, literal=literal, altered=condition.altered)
    return combined(bench, ("nature",), judge)


def new_stack_fall(condition: NewStackCondition, bench: Bench) -> Fall:
    """Return whether the project builds a new stack, be it new or an alteration."""
    literal = bench.reading(condition.nature_term) == "literal_xinjian"
    project_only = bench.reading(condition.term) == "new_project_only"

    def judge(nature: str, new_stack: str) -> Verdict:
        return new_stack_verdict(
            nature, _TRI.get(new_stack, UNKNOWN), literal=literal, project_only=project_only
        )

    stack = bench.facts.tri("new_stack").astype(np.int32)
    return crossed(bench, [bench.facts.words("nature"), (stack, ["0", "1", "2"])], judge)


def stack_fall(condition: StackCondition, bench: Bench) -> Fall:
    """Return whether the highest stack rises above the bound of the reading in use."""
    facts, limit = bench.facts, float(condition.above_m)
    measured = facts.numbers("stack_m")
    inclusive = bench.pack.terms[condition.term].readings[bench.reading(condition.term)].inclusive is True
    above = (measured >= limit) if inclusive else (measured > limit)
    missing = np.isnan(measured)
    truth = np.where(missing, UNKNOWN, np.where(above, TRUE, FALSE)).astype(np.int8)
    code = facts.reasons.code("missing_attribute:stack_m")
    return Fall(truth, np.where(missing, code, 0).astype(np.int32), "stack_m", measured, limit)


def downwind_fall(condition: DownwindCondition, bench: Bench) -> Fall:
    """Return whether the modelled effect exceeds the agency's threshold: both are needed to decide."""
    facts, reasons = bench.facts, bench.facts.reasons
    measured, limit = facts.numbers("dispersion_ug_m3"), facts.numbers("downwind_threshold_ug_m3")
    beyond = (measured >= limit) if condition.inclusive else (measured > limit)
    no_result, no_threshold = np.isnan(measured), np.isnan(limit)
    truth = np.where(no_result | no_threshold, UNKNOWN, np.where(beyond, TRUE, FALSE)).astype(np.int8)
    first = np.where(no_result, reasons.code("missing_attribute:dispersion_ug_m3"), 0).astype(np.int32)
    second = np.where(no_threshold, reasons.code(f"undefined_term:{condition.term}"), 0).astype(np.int32)
    return Fall(truth, reasons.join(first, second), "dispersion_ug_m3", measured, limit)


def approval_fall(_condition: ApprovalCondition, bench: Bench) -> Fall:
    """Return whether the project is one whose assessment is approved."""
    return combined(bench, ("eia_kind",), approval_verdict)


def swap_fall(condition: SwapCondition, bench: Bench) -> Fall:
    """Return whether a swap of capacity is involved: by a stated plan, or by the industry.

    An industry of the list that states no plan is to be asked; outside the list nothing is swapped unless a
    plan is stated.
    """
    reasons, stated = bench.facts.reasons, bench.facts.tri("capacity_swap")
    listed = _listed(condition.list, bench)
    asked = (listed.truth == TRUE) & (stated != TRUE)
    truth = np.where(asked, UNKNOWN, listed.truth)
    reason = np.where(asked, reasons.code("missing_attribute:capacity_swap"), listed.reason)
    reason = np.where(asked & (stated == FALSE), reasons.code("swap_plan_absent"), reason)
    return Fall(
        np.where(stated == TRUE, TRUE, truth).astype(np.int8),
        np.where(stated == TRUE, 0, reason).astype(np.int32),
    )


def new_boiler_fall(condition: NewBoilerCondition, bench: Bench) -> Fall:
    """Return whether the project builds a boiler of the fuel; a capacity of 0 says that it builds none."""
    facts = bench.facts
    none = facts.numbers("new_boiler_tph") == 0.0
    no_coal = facts.tri("uses_coal") == FALSE
    state = (none * 2 + no_coal).astype(np.int32)
    judge = partial(new_boiler_verdict, fuels=condition.fuels)
    return crossed(bench, [facts.words("new_boiler_fuel"), (state, ["", "no_coal", "none", "none"])], judge)
