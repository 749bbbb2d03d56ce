"""The finding that stands for a subject, and what else its row on a map or in a workbook says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW, OUTCOMES, STRENGTHS
from geoaq.policy.facts import Words, categorical
from geoaq.policy.model import Pack

# Words that invite rather than oblige: 鼓励, 支持, 力争, 优先.
ENCOURAGING = ("support", "encourage", "strive", "prefer")
SIGNS = ("applies", "encouraged", "review", "not", "none")
# Between different subjects, at equal strength, what must be done at once leads, then what is overdue.
_URGENCY = ("due", "overdue", "no_date", "not_yet")
_OUTCOME_RANK = (APPLIES, NEEDS_REVIEW, DOES_NOT_APPLY)
# Keys of a subject without a finding, and of a finding that follows another: they never lead.
_UNASKED = 3 * 100 * 1000
_FOLLOWS = _UNASKED + 1
LEAD_COLUMNS = (
    "lead",
    "lead_rule",
    "lead_outcome",
    "lead_timing",
    "lead_strength",
    "lead_contested_by",
    "chp_outcome",
    "review_reasons",
)


def lead(pack: Pack, long: pd.DataFrame, n: int | None = None) -> pd.DataFrame:
    """Return one row a subject: the finding that leads, and the reasons of all that need review.

    Parameters
    ----------
    pack
        The policy, whose ``overrides`` say which sentences speak of the same subject.
    long
        The frame of `geoaq.policy.evaluate`, by subject.
    n
        Number of subjects; those without a finding lead with ``none``. None: as many as the frame holds.

    Returns
    -------
    DataFrame
        By position 0…n-1: ``lead`` (``applies``, ``encouraged``, ``review``, ``not``, and ``none`` where no
        rule in force reaches the subject: the sign on a map), ``lead_rule`` (``''`` where nothing applies or
        needs review), ``lead_outcome`` (``''`` where no rule was asked), ``lead_timing``,
        ``lead_strength``, ``lead_contested_by`` (the readings that would flip the lead),
        ``chp_outcome`` (of the 30 km clauses: the first of applies, needs_review,
        does_not_apply; ``''`` where none was asked) and ``review_reasons`` (codes joined by ';').

    Notes
    -----
    The strongest ``applies`` leads, then the strongest ``needs_review``. At equal strength and outcome a rule
    leads before the one that it overrides, the province's own sentence before the nation's, whatever their
    dates. Between sentences of different subjects a direct one leads before one by reference, then the more
    urgent timing, then the pack's order of rules, which has a province before the nation. Of projects only
    the clauses of consultation lead (family E); the other rules for the same site are shown beside them.
    """
    count = int(long["subject"].max()) + 1 if n is None and len(long) else n or 0
    consulting = _of_consultation(pack, long)
    long = long[consulting].reset_index(drop=True) if consulting.any() else long
    subject = long["subject"].to_numpy()
    starts = (
        np.flatnonzero(np.r_[True, subject[1:] != subject[:-1]]) if len(subject) else np.zeros(0, np.int64)
    )
    at = subject[starts]
    outcome = _ranks(long["outcome"], _OUTCOME_RANK)
    best = np.full(count, _UNASKED, np.int64)
    if len(starts):
        best[at] = np.minimum.reduceat(_keys(pack, long, subject, outcome, count), starts)
    leading = _leading(best, long)
    return pd.DataFrame(
        {
            **leading,
            "lead_contested_by": _contested(long, subject, leading["lead_rule"]),
            "chp_outcome": _chp(long, outcome, subject, count),
            **_reviews(long, starts, at, count),
        }
    )


def _of_consultation(pack: Pack, long: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say which findings are of a clause of consultation."""
    if not len(long):
        return np.zeros(0, np.bool_)
    families = [pack.rules[str(rule)].family == "E" for rule in long["rule_id"].cat.categories]
    found: npt.NDArray[np.bool_] = np.array(families, np.bool_)[long["rule_id"].cat.codes.to_numpy()]
    return found


def _keys(
    pack: Pack, long: pd.DataFrame, subject: npt.NDArray[Any], outcome: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return for every finding the number by which it leads: the least of a subject does."""
    rule = long["rule_id"].cat.codes.to_numpy().astype(np.int64)
    weight = _ranks(long["strength"], STRENGTHS) * 2 + (long["basis"] == "reference").to_numpy()
    weight = weight * len(_URGENCY) + _ranks(long["timing"], _URGENCY)
    keys = (outcome * 100 + weight) * 1000 + rule
    order = np.argsort(rule, kind="stable")
    names = [str(name) for name in long["rule_id"].cat.categories]
    ends = np.searchsorted(rule[order], np.arange(len(names) + 1))
    rows = {name: order[ends[at] : ends[at + 1]] for at, name in enumerate(names)}
    for child, parent in _pairs(pack):
        if len(rows.get(child, ())) and len(rows.get(parent, ())):
            beside = np.full(count, -1, np.int64)
            beside[subject[rows[child]]] = outcome[rows[child]]
            parents = rows[parent]
            keys[parents[beside[subject[parents]] == outcome[parents]]] = _FOLLOWS
    return keys


def _pairs(pack: Pack) -> list[tuple[str, str]]:
    """Return the rules with the ones that they override, where both words weigh the same."""
    return [
        (rule.id, parent)
        for rule in pack.rules.values()
        for parent in dict.fromkeys(override.rule for override in rule.overrides)
        if pack.rules[parent].strength == rule.strength
    ]


def _ranks(column: pd.Series[Any], order: tuple[str, ...]) -> npt.NDArray[np.int64]:
    if not len(column):
        return np.zeros(0, np.int64)
    table = np.array([order.index(word) for word in column.cat.categories], np.int64)
    return table[column.cat.codes.to_numpy()]


def _leading(best: npt.NDArray[np.int64], long: pd.DataFrame) -> dict[str, Any]:
    rule, rest = best % 1000, best // 1000
    outcome, weight = rest // 100, rest % 100
    strength, urgency = weight // (2 * len(_URGENCY)), weight % len(_URGENCY)
    nothing = outcome >= _OUTCOME_RANK.index(DOES_NOT_APPLY)
    mild = np.isin(strength, [STRENGTHS.index(word) for word in ENCOURAGING])
    sign = np.where(nothing, outcome + 1, np.where(outcome == 1, 2, np.where(mild, 1, 0)))
    rules = list(long["rule_id"].cat.categories) if len(long) else []

    def named(codes: npt.NDArray[Any], words: Sequence[str]) -> Words:
        return categorical(np.where(nothing, 0, codes + 1), ("", *words))

    return {
        "lead": categorical(sign, SIGNS),
        "lead_rule": named(rule, rules),
        "lead_outcome": categorical(outcome, [*_OUTCOME_RANK, ""]),
        "lead_timing": named(urgency, _URGENCY),
        "lead_strength": named(strength, STRENGTHS),
    }


def _contested(
    long: pd.DataFrame, subject: npt.NDArray[Any], lead_rule: pd.Categorical
) -> npt.NDArray[np.object_]:
    """Return the readings that would flip the finding that leads, '' where none would or nothing leads."""
    contested = np.full(len(lead_rule), "", object)
    if len(long):
        # The categories of lead_rule are those of rule_id behind one for "nothing".
        leads = long["rule_id"].cat.codes.to_numpy() + 1 == np.asarray(lead_rule.codes)[subject]
        contested[subject[leads]] = long["contested_by"].to_numpy(object)[leads]
    return contested


def _chp(long: pd.DataFrame, outcome: npt.NDArray[np.int64], subject: npt.NDArray[Any], count: int) -> Words:
    """Return the outcome of the 30 km clauses together."""
    best = np.full(count, len(_OUTCOME_RANK), np.int64)
    if len(long):
        asked = np.array([str(rule).endswith(".chp30") for rule in long["rule_id"].cat.categories])
        rows = asked[long["rule_id"].cat.codes.to_numpy()]
        np.minimum.at(best, subject[rows], outcome[rows])
    return categorical(best, [*_OUTCOME_RANK, ""])


def _reviews(
    long: pd.DataFrame, starts: npt.NDArray[Any], at: npt.NDArray[Any], count: int
) -> dict[str, Words]:
    """Join the reasons of all findings that need review, each once."""
    if not len(long):
        return {"review_reasons": categorical(np.zeros(count, np.int64), [""])}
    joined = [str(text) for text in long["reasons"].cat.categories]
    review = long["outcome"].cat.codes.to_numpy() == OUTCOMES.index(NEEDS_REVIEW)
    codes = np.where(review, long["reasons"].cat.codes.to_numpy(), joined.index(""))
    used = [joined[code] for code in np.flatnonzero(np.bincount(codes, minlength=len(joined)))]
    atoms = sorted({atom for text in used for atom in text.split(";") if atom})
    masks = np.zeros(count, np.int64)
    bits = {atom: 1 << position for position, atom in enumerate(atoms[:62])}
    table = np.array([sum({bits.get(atom, 0) for atom in text.split(";")}) for text in joined], np.int64)
    masks[at] = np.bitwise_or.reduceat(table[codes], starts)
    found, unique = pd.factorize(masks)
    texts = [";".join(atom for atom, bit in bits.items() if mask & bit) for mask in unique.tolist()]
    return {"review_reasons": categorical(found, texts)}
