"""The policy pack: sources, regions, terms, budgets, rules and brakes, as frozen records.

A rule without a source, an override of a rule that does not exist, a term without its adopted reading: none
of them loads (`geoaq.policy.pack`). An override relates a rule to its parent; it can never remove it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from geoaq.policy.industries import Industries
from geoaq.policy.sources import Region, Sha256, Source
from geoaq.policy.terms import Budgets, Term
from geoaq.policy.vocabulary import AnchorCondition, BorderCondition, Condition, Strict

Subject = Literal["boiler", "unit", "project", "fire", "location"]
Strength = Literal[
    "must", "principle", "basic", "promote", "support", "encourage", "strive", "prefer", "define", "delegates"
]
Relation = Literal["widens", "tightens", "restates", "adds", "weaker"]


class Timing(Strict):
    """When a rule bites: by a day, at once, from issue on, or with no date."""

    deadline: date | None = None
    parsed_from: str | None = None
    immediate: bool = False
    from_issue: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.deadline is not None) + self.immediate + self.from_issue > 1:
            raise ValueError("deadline, immediate and from_issue exclude one another")
        if (self.deadline is not None or self.immediate) and not self.parsed_from:
            raise ValueError("parsed_from: the words that the date was read from")
        return self

    def on(self, as_of: date) -> str:
        """Return ``not_yet``, ``due``, ``overdue`` or ``no_date`` on a day."""
        if self.deadline is None:
            return "due" if self.immediate or self.from_issue else "no_date"
        if as_of > self.deadline:
            return "overdue"
        return "due" if as_of == self.deadline else "not_yet"


class Override(Strict):
    """How a rule stands to its parent; no relation deletes."""

    rule: str
    relation: Relation


class Restatement(Strict):
    """Another document's sentence to the same effect, without a rule of its own."""

    source: str
    article: str
    quote: str
    relation: Relation


class Limb(Strict):
    """A further duty of the same sentence, shown beside the rule where its condition holds."""

    condition: Condition
    quote: str
    strength: Strength
    effect: str


class Rule(Strict):
    """One rule: where it is written, whom it reaches under which conditions, and what its words weigh.

    ``shown_by`` are the facts by which an applicant shows that the duty is met; they decide nothing.
    """

    id: str = Field(pattern=r"^[a-z]{2}(\.[a-z0-9-]+)+$")
    family: Literal["A", "B", "C", "D", "E", "F"]
    source: str
    article: str = Field(min_length=1)
    quotes: tuple[str, ...] = Field(min_length=1)
    subjects: tuple[Subject, ...] = Field(min_length=1)
    strength: Strength
    effect: str
    timing: Timing
    defines: str | None = None
    when: dict[Subject, tuple[Condition, ...]] = Field(default_factory=dict)
    exemptions: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    restated: tuple[Restatement, ...] = ()
    readings: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    brakes: tuple[str, ...] = ()
    limbs: tuple[Limb, ...] = ()
    shown_by: tuple[str, ...] = ()
    notes: str = ""

    @property
    def quote(self) -> str:
        """The quotes as one line."""
        return "……".join(self.quotes)

    def conditions(self, subject: str) -> tuple[Condition, ...]:
        """Return the conditions for a kind of subject, in the order in which they are told."""
        return next((found for kind, found in self.when.items() if kind == subject), ())


class Brake(Strict):
    """A sentence that holds a closure back, shown beside it."""

    id: str
    source: str
    article: str
    quote: str
    binding: bool
    seasonal: bool
    subjects: tuple[Literal["boiler", "unit"], ...]
    purposes: tuple[str, ...] = ()


class Season(Strict):
    """The season in which seasonal brakes are shown (month-day, both ends included)."""

    start: str = Field(pattern=r"^\d\d-\d\d$")
    end: str = Field(pattern=r"^\d\d-\d\d$")
    source: str
    article: str
    quote: str

    def holds(self, as_of: date) -> bool:
        """Say whether a day lies in the season, which may run over New Year."""
        day = f"{as_of:%m-%d}"
        return self.start <= day <= self.end if self.start <= self.end else not self.end < day < self.start


class Silence(Strict):
    """How often a document says something: 0 is a silence."""

    doc: str
    topic: str
    search: str
    count: int = Field(ge=0)


class Unlisted(Strict):
    """Regions that the texts name and never list."""

    names: tuple[str, ...]
    rule: str


class Anchor(Strict):
    """The anchor that the clauses of a subject ask for: radius and least capacity, ends included or not."""

    radius_km: float
    radius_inclusive: bool
    min_mw: float
    min_inclusive: bool

    @classmethod
    def of(cls, condition: AnchorCondition) -> Anchor:
        """Return the numbers of a condition."""
        return cls(
            radius_km=float(Decimal(condition.radius_km)),
            radius_inclusive=condition.radius_inclusive,
            min_mw=float(Decimal(condition.min_mw)),
            min_inclusive=condition.min_inclusive,
        )


class Strip(Strict):
    """The strip on either side of a provincial border: width, and whether its edge is in it."""

    strip_km: float
    inclusive: bool

    @classmethod
    def of(cls, condition: BorderCondition) -> Strip:
        """Return the numbers of a condition."""
        return cls(strip_km=float(Decimal(condition.strip_km)), inclusive=condition.inclusive)


class Pack(Strict):
    """The whole policy: what `geoaq.policy.load_pack` returns."""

    id: str
    version: str
    language: str
    hash: Sha256
    sources: dict[str, Source]
    regions: dict[str, Region]
    unlisted: Unlisted
    terms: dict[str, Term]
    industries: Industries
    budgets: Budgets
    rules: dict[str, Rule]
    brakes: dict[str, Brake]
    season: Season
    silences: tuple[Silence, ...]

    def in_force(self, as_of: date) -> list[str]:
        """Return the ids of the sources that give outcomes on ``as_of``."""
        return [name for name, source in self.sources.items() if source.in_force(as_of)]

    def anchor(self, subject: str) -> Anchor:
        """Return the anchor that the rules for a subject ask for (one for all of them: the loader checks)."""
        for rule in self.rules.values():
            for condition in rule.conditions(subject):
                if isinstance(condition, AnchorCondition):
                    return Anchor.of(condition)
        raise KeyError(subject)

    def strip(self, subject: str) -> Strip:
        """Return the strip that the rules for a subject ask for (one for all of them: the loader checks)."""
        for rule in self.rules.values():
            for condition in rule.conditions(subject):
                if isinstance(condition, BorderCondition):
                    return Strip.of(condition)
        raise KeyError(subject)

    def responsible(self, rule_id: str) -> tuple[str, ...]:
        """Return the 责任单位 of a rule as printed, and those that the document names for every paragraph."""
        rule = self.rules[rule_id]
        return (
            *rule.responsible,
            *(self.sources[rule.source].responsible_everywhere if rule.responsible else ()),
        )

    def citations(self) -> dict[str, dict[str, str]]:
        """Return quote, document and article of every rule."""
        return {
            rule.id: {
                "quote": rule.quote,
                "document": self.document(rule.source),
                "article": rule.article,
            }
            for rule in self.rules.values()
        }

    def document(self, source_id: str) -> str:
        """Return title and number of a document as one line."""
        source = self.sources[source_id]
        return f"《{source.title}》" + (f"（{source.number}）" if source.number else "")
