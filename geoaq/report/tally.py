"""Counts of a screening in 台 and 蒸吨 (units: MW), gathered chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geoaq.report.columns import Subject

LEADS = ("applies", "encouraged", "review", "not", "none")
CHP_APART = ("chp_status", "chp_list_not_declared")


class Record(BaseModel):
    """A part of ``summary.json``: its keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Amount(Record):
    """So many subjects of so much capacity.

    ``capacity`` is t/h for boilers, MW for units and always 0 for projects; ``without_capacity`` counts the
    subjects of ``count`` whose capacity is not known and which ``capacity`` therefore lacks.
    """

    count: int
    capacity: float
    without_capacity: int


class Verdicts(Record):
    """Subjects by what leads: ``all`` is the sum of the five from ``applies`` to ``none``.

    ``none`` are the subjects that no rule in force reaches: none was asked of them.
    ``chp_status`` and ``chp_list_not_declared`` count the subjects of which some rule waits for that word of
    the office, whatever leads; each is kept by itself and belongs to no sum.
    """

    all: Amount
    applies: Amount
    encouraged: Amount
    review: Amount
    not_: Amount = Field(alias="not")
    none: Amount = Amount(count=0, capacity=0.0, without_capacity=0)
    chp_status: Amount
    chp_list_not_declared: Amount


class County(Record):
    """The verdicts of one county; empty strings where a subject could not be located."""

    adcode: str
    province: str
    city: str
    county: str
    verdicts: Verdicts


class Counts(Record):
    """Every count of a screening."""

    capacity_unit: Literal["t/h", "MW", ""]
    verdicts: Verdicts
    by_rule: dict[str, dict[str, Amount]]
    by_lead_rule: dict[str, Amount]
    by_timing: dict[str, Amount]
    by_review_reason: dict[str, Amount]
    by_datum: dict[str, Amount]
    by_county: tuple[County, ...]


_LEADING = ("applies", "encouraged")
_Sums = dict[tuple[str, ...], list[float]]
_PLACE = ("adcode", "province", "city", "county")
_CAPACITIES: dict[Subject, tuple[str, Literal["t/h", "MW", ""]]] = {
    "boiler": ("capacity_tph", "t/h"),
    "unit": ("capacity_mw", "MW"),
    "project": ("", ""),
}


@dataclass(frozen=True)
class _Words:
    """A column of words as codes; each name is a tuple, so that columns can be joined."""

    codes: npt.NDArray[np.int64]
    names: list[tuple[str, ...]]

    @classmethod
    def of(cls, values: pd.Series) -> _Words:
        if not isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype("category")
        names = [*values.cat.categories.tolist(), ""]
        codes = values.cat.codes.to_numpy().astype(np.int64)
        return cls(np.where(codes < 0, len(names) - 1, codes), [(str(name),) for name in names])

    def at(self, chosen: npt.NDArray[np.bool_]) -> _Words:
        return _Words(self.codes[chosen], self.names)


def _joined(columns: list[_Words]) -> _Words:
    """Return the combinations that occur, as one column."""
    joined = columns[0]
    for column in columns[1:]:
        width = len(column.names)
        codes, found = pd.factorize(joined.codes * width + column.codes)
        names = [joined.names[code // width] + column.names[code % width] for code in found.tolist()]
        joined = _Words(codes.astype(np.int64), names)
    return joined


class Tally:
    """Gathers the counts of a screening.

    Parameters
    ----------
    subject
        ``boiler`` (capacity in t/h), ``unit`` (capacity in MW) or ``project`` (counted only).
    """

    def __init__(self, subject: Subject = "boiler") -> None:
        self._capacity, self._unit = _CAPACITIES[subject]
        self._sums: dict[str, _Sums] = {
            name: {} for name in ("rule", "lead", "lead_rule", "timing", "reason", "datum", "county")
        }

    def count(self, subjects: pd.DataFrame, findings: pd.DataFrame) -> None:
        """Take in one chunk: the subjects frame and its long findings (``subject`` is the position)."""
        capacity = np.zeros(len(subjects))
        if self._capacity:
            capacity = subjects[self._capacity].to_numpy(dtype=float, na_value=np.nan)
        lead, reasons = _Words.of(subjects["lead"]), _Words.of(subjects["review_reasons"])
        place = _joined([_Words.of(subjects[name]) for name in _PLACE])
        leading = np.array([name in _LEADING for (name,) in lead.names])[lead.codes]
        self._gather("lead", lead, capacity)
        self._gather("datum", _Words.of(subjects["datum"]), capacity)
        self._gather("lead_rule", _Words.of(subjects["lead_rule"]).at(leading), capacity[leading])
        self._gather("timing", _Words.of(subjects["lead_timing"]).at(leading), capacity[leading])
        self._gather("county", _joined([place, lead]), capacity)
        for reason in sorted({code for (combo,) in reasons.names for code in reason_codes(combo)}):
            holds = np.array([reason in reason_codes(combo) for (combo,) in reasons.names])
            chosen = holds[reasons.codes]
            one = _Words(np.zeros(int(chosen.sum()), np.int64), [(reason,)])
            self._gather("reason", one, capacity[chosen])
            if reason in CHP_APART:
                self._gather("county", _joined([place.at(chosen), one]), capacity[chosen])
        outcomes = _joined([_Words.of(findings["rule_id"]), _Words.of(findings["outcome"])])
        self._gather("rule", outcomes, capacity[findings["subject"].to_numpy()])

    def counts(self) -> Counts:
        """Return the counts so far."""
        rules: dict[str, dict[str, Amount]] = {}
        for (rule, outcome), amount in self._amounts("rule").items():
            rules.setdefault(rule, {})[outcome] = amount
        leads = {key[0]: sums for key, sums in self._sums["lead"].items()}
        apart = {key[0]: sums for key, sums in self._sums["reason"].items() if key[0] in CHP_APART}
        places: dict[tuple[str, ...], dict[str, list[float]]] = {}
        for key, sums in sorted(self._sums["county"].items()):
            places.setdefault(key[:-1], {})[key[-1]] = sums
        return Counts(
            capacity_unit=self._unit,
            verdicts=_verdicts(leads | apart),
            by_rule=rules,
            by_lead_rule=self._by_one("lead_rule"),
            by_timing=self._by_one("timing"),
            by_review_reason=self._by_one("reason"),
            by_datum=self._by_one("datum"),
            by_county=tuple(
                County(**dict(zip(_PLACE, place, strict=True)), verdicts=_verdicts(sums))
                for place, sums in places.items()
            ),
        )

    def _gather(self, name: str, words: _Words, capacity: npt.NDArray[np.float64]) -> None:
        known = np.isfinite(capacity)
        size = len(words.names)
        counts = np.bincount(words.codes, minlength=size)
        totals = np.bincount(words.codes, np.where(known, capacity, 0.0), size)
        unknown = np.bincount(words.codes[~known], minlength=size)
        sums = self._sums[name]
        for code in np.flatnonzero(counts).tolist():
            held = sums.setdefault(words.names[code], [0, 0.0, 0])
            held[0] += int(counts[code])
            held[1] += float(totals[code])
            held[2] += int(unknown[code])

    def _amounts(self, name: str) -> dict[tuple[str, ...], Amount]:
        return {key: _amount([sums]) for key, sums in sorted(self._sums[name].items())}

    def _by_one(self, name: str) -> dict[str, Amount]:
        return {key[0]: amount for key, amount in self._amounts(name).items()}


def _amount(many: Iterable[list[float]]) -> Amount:
    held = list(many)
    return Amount(
        count=int(sum(sums[0] for sums in held)),
        capacity=round(float(sum(sums[1] for sums in held)), 3),
        without_capacity=int(sum(sums[2] for sums in held)),
    )


def _verdicts(sums: Mapping[str, list[float]]) -> Verdicts:
    of = {name: _amount([sums[name]] if name in sums else []) for name in (*LEADS, *CHP_APART)}
    return Verdicts(all=_amount(sums[name] for name in LEADS if name in sums), **of)


def reason_codes(reasons: str) -> frozenset[str]:
    """Return the codes of a joined text without what each is about.

    Examples
    --------
    >>> sorted(reason_codes("missing_layer:heat_network;inside_margin;missing_layer:built_up"))
    ['inside_margin', 'missing_layer']
    """
    return frozenset(part.strip().partition(":")[0] for part in reasons.split(";")) - {""}
