"""Whether a city attains the PM2.5 standard, by the reading of 未达标 that is in use."""

from __future__ import annotations

import numpy as np

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.bench import Bench, Fall
from geoaq.policy.facts import Codes, Facts
from geoaq.policy.vocabulary import AttainmentCondition


def attainment_fall(condition: AttainmentCondition, bench: Bench) -> Fall:
    """Return whether the city does not attain the standard of the reading in use.

    Where the point may lie in another city whose numbers are others, or not known, that is unknown.
    """
    facts, reasons = bench.facts, bench.facts.reasons
    reading = bench.pack.terms[condition.term].readings[bench.reading(condition.term)]
    step = [step for step in reading.steps if step.start <= bench.as_of][-1:]
    measured = facts.numbers("pm25_annual")
    truth = np.full(facts.n, UNKNOWN, np.int8)
    if "pm25_annual" not in facts:
        return Fall(truth, np.full(facts.n, reasons.code("missing_layer:attainment"), np.int32))
    if not step:
        return Fall(truth, np.full(facts.n, reasons.code(f"undefined_term:{condition.term}"), np.int32))
    limit = float(step[0].limit_ug_m3)
    attained = measured <= limit if step[0].inclusive else measured < limit
    truth = np.where(attained, FALSE, TRUE).astype(np.int8)
    year = facts.numbers("pm25_year")
    last = (
        bench.as_of.year - 1
        if reading.latest_year is None
        else min(reading.latest_year, bench.as_of.year - 1)
    )
    reason = np.zeros(facts.n, np.int32)
    for wrong, text in (
        (~(year <= last), f"undefined_term:{condition.term}"),
        (np.isnan(year), "missing_attribute:pm25_year"),
        (np.isnan(measured), "missing_attribute:pm25_annual"),
    ):
        truth[wrong] = UNKNOWN
        reason[wrong] = reasons.code(text)
    # Another city that may hold the point has other numbers, or none.
    differs = (facts.tri("pm25_differs") == TRUE) & (truth != UNKNOWN)
    truth[differs] = UNKNOWN
    reason = np.where(differs, _boundary_reason(facts), reason).astype(np.int32)
    return Fall(truth, reason, "pm25_annual", measured, limit)


def _boundary_reason(facts: Facts) -> Codes:
    """Return why a subject may lie in another county than the one that holds its point."""
    codes, values = facts.words("boundary_reason")
    return facts.reasons.codes([value or "inside_margin" for value in values])[codes]
