"""Counts of projects by limb of the consultation clause, by other rule and by consultee."""

from __future__ import annotations

from typing import Any

import pandas as pd

_LIMBS = {"a": "limb_a", "b": "limb_b"}
_VETOES = {"vetoes": "applies", "vetoes_to_check": "needs_review"}


class LimbTally:
    """Gathers the counts chunk by chunk, from the columns of ``subjects.parquet``."""

    def __init__(self) -> None:
        self._limbs: dict[str, dict[str, int]] = {limb: {} for limb in _LIMBS}
        self._vetoes: dict[str, dict[str, int]] = {}
        self._consultees: dict[str, int] = {}

    def count(self, subjects: pd.DataFrame) -> None:
        """Take in one chunk."""
        for limb, column in _LIMBS.items():
            _add(self._limbs[limb], subjects[column])
        for column, outcome in _VETOES.items():
            for rule, count in _each(subjects[column]).value_counts().items():
                if not rule:
                    continue
                sums = self._vetoes.setdefault(str(rule), {})
                sums[outcome] = sums.get(outcome, 0) + int(count)
        _add(self._consultees, _each(subjects["consultees"]))

    def record(self) -> dict[str, Any]:
        """Return ``by_limb``, ``by_veto`` and ``by_consultee`` of the summary."""
        return {
            "by_limb": {limb: dict(sorted(sums.items())) for limb, sums in self._limbs.items()},
            "by_veto": {rule: dict(sorted(sums.items())) for rule, sums in sorted(self._vetoes.items())},
            "by_consultee": dict(sorted(self._consultees.items())),
        }


def _each(joined: pd.Series) -> pd.Series:
    return joined.astype(object).str.split(";").explode()


def _add(sums: dict[str, int], words: pd.Series) -> None:
    for word, count in words.astype(object).value_counts().items():
        if word:
            sums[str(word)] = sums.get(str(word), 0) + int(count)
