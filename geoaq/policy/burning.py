"""How the conditions of a fire fall: what it is taken for, and whether its handling was timed."""

from __future__ import annotations

import numpy as np

from geoaq.findings import TRUE, UNKNOWN
from geoaq.policy.bench import Bench, Fall, combined
from geoaq.policy.verdicts import Verdict
from geoaq.policy.vocabulary import ClockCondition, EvidenceCondition

#: The moments that 1分钟发现、5分钟响应、30分钟处置 is counted from, in their order.
MOMENTS = ("ignited", "detected", "responded", "disposed")


def evidence_fall(condition: EvidenceCondition, bench: Bench) -> Fall:
    """Return whether each fire is taken for straw: true or unknown, for heat seen from above proves no more.

    What a higher office pushes as a straw fire counts as one where nothing else is known of it.
    """

    def judge(found: str, official: str) -> Verdict:
        if found in condition.any_of:
            return TRUE, ""
        if found in condition.noted:
            return TRUE, f"evidence:{found}"
        if official == "True" and found in ("", "unknown"):
            return TRUE, "evidence:official_push"
        return UNKNOWN, f"evidence:{found}" if found else "missing_attribute:fire_class"

    return combined(bench, ("fire_class", "official"), judge)


def clock_fall(_condition: ClockCondition, bench: Bench) -> Fall:
    """Return whether all moments of each fire are known; what comes out is counted beside the rule."""
    missing = np.zeros(bench.facts.n, np.int32)
    for moment in MOMENTS:
        code = bench.facts.reasons.code(f"missing_attribute:{moment}")
        blank = np.isnan(bench.facts.numbers(moment))
        missing = bench.facts.reasons.join(missing, np.where(blank, code, 0).astype(np.int32))
    return Fall(np.where(missing == 0, TRUE, UNKNOWN).astype(np.int8), missing)
