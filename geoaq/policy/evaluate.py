"""Every rule on every subject: outcome, reasons, weight, timing, basis, and the readings that contest it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import BASES, FALSE, OUTCOMES, STRENGTHS, TIMINGS, UNKNOWN, Tri
from geoaq.policy.bench import Bench, Fall, Int8s
from geoaq.policy.conditions import fall
from geoaq.policy.facts import Codes, Facts, Floats, categorical
from geoaq.policy.model import Pack, Rule
from geoaq.policy.places import DIRECT, NATIONAL_ONLY, NO_BASIS
from geoaq.policy.vocabulary import Condition

QUANTITIES = ("", "capacity_tph", "capacity_mw", "distance_km", "pm25_annual", "stack_m", "dispersion_ug_m3")
COLUMNS = (
    "subject", "rule_id", "outcome", "reasons", "failed_condition", "truth", "strength", "timing", "basis",
    "contested_by", "quantity", "measured", "limit", "margin",
)  # fmt: skip
# Truth of a conjunction → position in findings.OUTCOMES.
_OUTCOME_OF = np.array([1, 0, 2], np.int8)
_LETTERS = "FTU"


@dataclass(frozen=True)
class _Told:
    """What one rule makes of all subjects; ``here`` are the subjects that get a row."""

    rule: Rule
    here: npt.NDArray[np.bool_]
    outcome: Int8s
    reasons: Codes
    failed: Codes
    truth: Codes
    basis: Int8s
    contested: Codes
    quantity: Int8s
    measured: Floats
    limit: Floats


def evaluate(
    pack: Pack,
    facts: Mapping[str, Any],
    *,
    subject: Literal["boiler", "unit", "project", "fire"],
    as_of: date,
    strict: bool = False,
) -> pd.DataFrame:
    """Evaluate the rules in force on ``as_of`` for a chunk of subjects.

    Parameters
    ----------
    pack
        The policy.
    facts
        One array for each fact, all of one length n: columns of the ``boilers`` or ``units`` contract;
        ``adcode``, ``province_adcode``, ``alternatives``, ``boundary_reason``; ``stated_ok``,
        ``province_stated`` and ``city_stated`` where a row states its place; ``within.<layer>`` where a
        layer was given; ``pm25_annual`` (µg/m³) and ``pm25_year`` where an attainment table was given, with
        ``pm25_differs`` (1: another city that may hold the point has other numbers, or none);
        ``anchor.<reading>.truth``, ``.reasons``, ``.distance_m`` from the heating screen. Of projects: the
        columns of the ``projects`` contract, ``border.truth``, ``border.reasons``, ``border.distance_m``
        from the screening of borders, and ``downwind_threshold_ug_m3``, the threshold that the agency
        adopted. Of fires: ``fire_class``, ``official`` (a push from above), and ``ignited detected responded
        disposed`` (seconds since 1970 UTC, NaN unknown). What is absent is unknown.
    subject
        Which rules: those for boilers, generating units, projects or fires.
    as_of
        The day whose rules are asked for.
    strict
        True: an outcome that another reading would flip becomes ``needs_review`` (reason ``contested``).

    Returns
    -------
    DataFrame
        One row a subject and rule, by subject (position in the arrays) and then in the pack's order of
        rules, with the columns of `geoaq.findings`. A province's rules give no row outside the province, save
        where the point contradicts a row that states the province; a national rule gives one everywhere. A
        document that is not in force gives none.
    """
    table = Facts(facts)
    bench = Bench(pack, table, as_of)
    rules = [
        r for r in pack.rules.values() if r.conditions(subject) and pack.sources[r.source].in_force(as_of)
    ]
    shared: dict[Condition, Fall] = {}
    ids: dict[str, int] = {"": 0}
    told = [t for r in rules if (t := _told(bench, r, subject, shared, ids)) is not None]
    if strict:
        told = [_strict(table, t) for t in told]
    return _frame(pack, table, told, list(ids), as_of)


def _told(
    bench: Bench, rule: Rule, subject: str, shared: dict[Condition, Fall], ids: dict[str, int]
) -> _Told | None:
    conditions = rule.conditions(subject)
    falls = []
    here = ~_beyond(bench, rule)
    for condition in conditions:
        if condition not in shared:
            shared[condition] = fall(condition, bench)
        falls.append(shared[condition])
        if condition.kind == "area":
            here &= falls[-1].truth != FALSE
            if not here.any():
                return None
    truths = np.stack([one.truth for one in falls])
    whole = conjunction(truths)
    first_false = np.where(whole == FALSE, (truths == FALSE).argmax(0), -1)
    quantity, measured, limit = _deciding(bench.facts.n, falls, whole, first_false)
    condition_ids = np.array([ids.setdefault(c.id, len(ids)) for c in conditions] + [0], np.int32)
    return _Told(
        rule,
        here,
        _OUTCOME_OF[whole],
        _reasons(bench.facts, falls, truths, whole, first_false),
        condition_ids[first_false],
        _letters(bench.facts, truths),
        _basis(bench, rule, falls, whole),
        _contested(bench, conditions, truths, whole),
        quantity,
        measured,
        limit,
    )


def _beyond(bench: Bench, rule: Rule) -> npt.NDArray[np.bool_]:
    """Say which subjects lie where the document does not reach at all."""
    codes, values = bench.facts.words("province_adcode")
    excluded = bench.pack.sources[rule.source].excluded_areas
    beyond: npt.NDArray[np.bool_] = np.array([value in excluded for value in values], np.bool_)[codes]
    return beyond


def conjunction(truths: Tri) -> Tri:
    """Return Kleene's AND over the first axis of an int8 array of shape (conditions, n)."""
    return np.where((truths == FALSE).any(0), FALSE, truths.max(0)).astype(np.int8)


def _reasons(
    facts: Facts, falls: Sequence[Fall], truths: Tri, whole: Tri, first_false: npt.NDArray[Any]
) -> Codes:
    """Join the reasons of the conditions that decide: the first false one, or all of the outcome's truth."""
    reasons = np.zeros(facts.n, np.int32)
    for position, one in enumerate(falls):
        if one.reason.any():
            decides = np.where(whole == FALSE, first_false == position, truths[position] == whole)
            reasons = facts.reasons.join(reasons, np.where(decides, one.reason, 0).astype(np.int32))
    return reasons


def _letters(facts: Facts, truths: Tri) -> Codes:
    """Return the truth of every condition as a word of T, F and U, by its number among the reasons."""
    key = np.zeros(truths.shape[1], np.int32)
    for row in truths:
        key = key * 3 + row
    present = np.flatnonzero(np.bincount(key, minlength=1))
    width = len(truths)
    words = ["".join(_LETTERS[k // 3 ** (width - 1 - i) % 3] for i in range(width)) for k in present.tolist()]
    table = np.zeros(int(present[-1]) + 1 if len(present) else 1, np.int32)
    table[present] = facts.reasons.codes(words)
    return table[key]


def _deciding(
    n: int, falls: Sequence[Fall], whole: Tri, first_false: npt.NDArray[Any]
) -> tuple[Int8s, Floats, Floats]:
    """Return the measurement that decides: the failed condition's, else the last that was measured."""
    quantity, measured, limit = np.zeros(n, np.int8), np.full(n, np.nan), np.full(n, np.nan)
    for position, one in enumerate(falls):
        if one.measured is not None:
            decides = (whole != FALSE) | (first_false == position)
            quantity[decides] = QUANTITIES.index(one.quantity)
            measured[decides] = one.measured[decides]
            limit[decides] = np.broadcast_to(one.limit, n)[decides]
    return quantity, measured, limit


def _basis(bench: Bench, rule: Rule, falls: Sequence[Fall], whole: Tri) -> Int8s:
    """Return how a text reaches the subject: direct, by reference, or where its province is silent."""
    basis = next((one.basis for one in falls if one.basis is not None), None)
    basis = np.full(bench.facts.n, DIRECT, np.int8) if basis is None else basis.copy()
    pack = bench.pack
    if pack.sources[rule.source].level == "national":
        codes, values = bench.facts.words("province_adcode")
        silent = silent_provinces(pack, rule, bench.as_of)
        nothing_said = np.array([value in silent for value in values], np.bool_)[codes]
        basis[nothing_said & (basis == DIRECT)] = NATIONAL_ONLY
    basis[whole == FALSE] = NO_BASIS
    return basis


def silent_provinces(pack: Pack, rule: Rule, as_of: date) -> set[str]:
    """Return the provinces whose document in force neither relates a rule to ``rule`` nor restates it."""
    speaking = {other.source for other in pack.rules.values() for o in other.overrides if o.rule == rule.id}
    speaking |= {said.source for said in rule.restated}
    return {
        source.area
        for name, source in pack.sources.items()
        if source.area is not None and source.in_force(as_of) and name not in speaking
    }


def _contested(bench: Bench, conditions: Sequence[Condition], truths: Tri, whole: Tri) -> Codes:
    """Return the readings under which a definite outcome would be another, found by evaluating them."""
    contested = np.zeros(bench.facts.n, np.int32)
    terms = sorted({term for c in conditions for term in c.terms})
    for term in terms:
        for reading in bench.pack.terms[term].alternatives(bench.as_of):
            other = replace(bench, readings={term: reading})
            changed = truths.copy()
            for position, condition in enumerate(conditions):
                if term in condition.terms:
                    changed[position] = fall(condition, other).truth
            flips = (conjunction(changed) != whole) & (whole != UNKNOWN)
            code = bench.facts.reasons.code(reading)
            contested = bench.facts.reasons.join(contested, np.where(flips, code, 0).astype(np.int32))
    return contested


def _strict(facts: Facts, told: _Told) -> _Told:
    open_now = told.contested != 0
    code = facts.reasons.code("contested")
    return replace(
        told,
        outcome=np.where(open_now, _OUTCOME_OF[UNKNOWN], told.outcome).astype(np.int8),
        reasons=facts.reasons.join(told.reasons, np.where(open_now, code, 0).astype(np.int32)),
        failed=np.where(open_now, 0, told.failed).astype(np.int32),
    )


def _frame(pack: Pack, facts: Facts, told: Sequence[_Told], ids: list[str], as_of: date) -> pd.DataFrame:
    """Lay the rules side by side and read the table subject by subject."""
    rules = list(pack.rules)
    if not told:
        empty = {name: pd.Series(dtype=np.float64) for name in COLUMNS}
        return pd.DataFrame({**empty, "subject": np.zeros(0, np.int32)})
    here = np.stack([t.here for t in told], axis=1)
    subject = np.broadcast_to(np.arange(facts.n, dtype=np.int32)[:, None], here.shape)[here]

    def column(name: str) -> npt.NDArray[Any]:
        return np.stack([getattr(t, name) for t in told], axis=1)[here]

    def constant(values: list[int]) -> npt.NDArray[Any]:
        return np.broadcast_to(np.array(values, np.int16), here.shape)[here]

    texts = facts.reasons.texts
    measured, limit = column("measured"), column("limit")
    timing = [TIMINGS.index(t.rule.timing.on(as_of)) for t in told]
    return pd.DataFrame(
        {
            "subject": subject,
            "rule_id": categorical(constant([rules.index(t.rule.id) for t in told]), rules),
            "outcome": categorical(column("outcome"), OUTCOMES),
            "reasons": categorical(column("reasons"), texts),
            "failed_condition": categorical(column("failed"), ids),
            "truth": categorical(column("truth"), texts),
            "strength": categorical(constant([STRENGTHS.index(t.rule.strength) for t in told]), STRENGTHS),
            "timing": categorical(constant(timing), TIMINGS),
            "basis": categorical(column("basis"), ("", *BASES)),
            "contested_by": categorical(column("contested"), texts),
            "quantity": categorical(column("quantity"), QUANTITIES),
            "measured": measured,
            "limit": limit,
            "margin": limit - measured,
        }
    )
