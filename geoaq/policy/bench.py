"""What conditions are held against, and how one of them falls on a column of subjects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from geoaq.findings import Tri
from geoaq.policy.facts import Codes, Facts, Floats
from geoaq.policy.model import Pack
from geoaq.policy.verdicts import Verdict

Int8s = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Fall:
    """How one condition falls: truth, number of the reason, and what was measured against which limit."""

    truth: Tri
    reason: Codes
    quantity: str = ""
    measured: Floats | None = None
    limit: float | Floats = float("nan")
    basis: Int8s | None = None


@dataclass(frozen=True)
class Bench:
    """What conditions are held against: pack, facts, day, and the readings that replace the adopted ones."""

    pack: Pack
    facts: Facts
    as_of: date
    readings: Mapping[str, str] = field(default_factory=dict)

    def reading(self, term: str) -> str:
        """Return the reading of a term that is in use."""
        return self.readings.get(term, self.pack.terms[term].adopted)


def by_code(bench: Bench, codes: Codes, verdicts: Sequence[Verdict]) -> Fall:
    """Return how a condition falls where each distinct value was judged once; ``codes`` name the values."""
    truth = np.array([truth for truth, _ in verdicts], np.int8)
    reason = bench.facts.reasons.codes([reason for _, reason in verdicts])
    return Fall(truth[codes], reason[codes])


def combined(bench: Bench, columns: Sequence[str], judge: Callable[..., Verdict]) -> Fall:
    """Return how a condition falls, judging each distinct combination of the words of columns once."""
    return crossed(bench, [bench.facts.words(name) for name in columns], judge)


def crossed(bench: Bench, columns: Sequence[tuple[Codes, list[str]]], judge: Callable[..., Verdict]) -> Fall:
    """Return how a condition falls, judging each distinct combination of words, given as codes, once."""
    key = np.zeros(bench.facts.n, np.int32)
    combos: list[tuple[str, ...]] = [()]
    for codes, values in columns:
        key = key * len(values) + codes
        combos = [(*combo, value) for combo in combos for value in values]
        present = np.flatnonzero(np.bincount(key, minlength=len(combos)))
        shrink = np.zeros(len(combos), np.int32)
        shrink[present] = np.arange(len(present))
        key, combos = shrink[key], [combos[i] for i in present]
    return by_code(bench, key, [judge(*combo) for combo in combos])
