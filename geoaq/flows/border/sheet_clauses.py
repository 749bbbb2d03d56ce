"""Findings of one project as the clauses of its sheet: sentence, conditions, readings, what to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from geoaq import policy
from geoaq.cards.projects import limb_of
from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW
from geoaq.flows.border.limbs import CONSULTATION_FAMILY
from geoaq.policy.explain import Explanation
from geoaq.report.sheet import Clause, Condition, Limb, Words, words
from geoaq.wording import LANGS, say

Finding = Mapping[str, Any]
_LETTERS: dict[str, Literal["T", "F", "U"]] = {"true": "T", "false": "F", "unknown": "U"}


class Clauses:
    """The findings of one project, explained.

    Parameters
    ----------
    pack
        The policy that the screening used.
    subject
        One row of ``subjects.parquet``.
    findings
        Its findings, in the pack's order of rules.
    as_of
        The day of the screening.
    """

    def __init__(
        self, pack: policy.Pack, subject: Mapping[str, Any], findings: Sequence[Finding], as_of: date
    ) -> None:
        self._pack = pack
        self._subject = subject
        # A yes or no of the tables is a number in the rules.
        self._known = {
            name: int(value) if isinstance(value, bool) else value
            for name, value in subject.items()
            if value is not None
        }
        self._findings = findings
        self._as_of = as_of

    def limb(self, name: Literal["a", "b"]) -> Limb:
        """Return one limb with its clauses; without a document in force it is not met, and says why."""
        own = [one for one in self._findings if limb_of(self._pack, one["rule_id"]) == name]
        deciding = next((one for one in own if one["rule_id"] == self._subject[f"limb_{name}_rule"]), None)
        if deciding is None:
            return Limb(id=name, outcome=DOES_NOT_APPLY, verdict=words("policy.none"), clauses=())
        return Limb(
            id=name,
            outcome=deciding["outcome"],
            verdict=both(self._explained(deciding).verdict),
            clauses=tuple(self._clause(one) for one in own),
        )

    def limbs(self) -> tuple[Limb, Limb]:
        """Return both limbs."""
        return self.limb("a"), self.limb("b")

    def vetoes(self) -> tuple[Clause, ...]:
        """Return the other rules for the site that apply, then those that need review."""
        others = [one for one in self._findings if not limb_of(self._pack, one["rule_id"])]
        ordered = (one for word in (APPLIES, NEEDS_REVIEW) for one in others if one["outcome"] == word)
        return tuple(self._clause(one) for one in ordered)

    def asked(self, to: Literal["applicant", "office"]) -> tuple[Words, ...]:
        """Return what is to be asked of the applicant, or settled by the office."""
        found = policy.requests(self._pack, self._findings, self._known)
        return tuple(both(one.note) for one in found if one.to == to)

    def questions(self) -> tuple[Words, ...]:
        """Return the words of the consultation clause that the texts leave open, with the reading used."""
        asked = {one["rule_id"] for one in self._findings if limb_of(self._pack, one["rule_id"])}
        terms = dict.fromkeys(
            term
            for rule in self._pack.rules.values()
            if rule.family == CONSULTATION_FAMILY and rule.id in asked
            for condition in rule.conditions("project")
            for term in condition.terms
        )
        found = (self._pack.terms[term] for term in terms)
        return tuple(
            _each("border.question", word=f"terms.word_{one.id}", reading=f"terms.{one.adopted}")
            for one in found
            if not one.settled
        )

    def _clause(self, finding: Finding) -> Clause:
        rule = self._pack.rules[finding["rule_id"]]
        source = self._pack.sources[rule.source]
        why = self._explained(finding)
        basis = finding["basis"] or ""
        return Clause(
            rule_id=rule.id,
            title=words(f"rules.{rule.id}"),
            document=source.title,
            number=source.number,
            article=rule.article,
            quote=rule.quote,
            outcome=finding["outcome"],
            verdict=both(why.verdict),
            basis=words(f"policy.basis_{basis}") if basis not in ("", "direct") else None,
            conditions=tuple(
                Condition(truth=_LETTERS[one.truth], text=both(one.note)) for one in why.conditions
            ),
            contested=tuple(both(note) for note in why.contested),
        )

    def _explained(self, finding: Finding) -> Explanation:
        return policy.explain(
            self._pack,
            finding["rule_id"],
            finding["truth"],
            as_of=self._as_of,
            subject="project",
            reasons=finding["reasons"] or "",
            contested_by=finding["contested_by"] or "",
            values=self._known,
        )


def both(note: policy.Note) -> Words:
    """Return a sentence of the policy in both languages."""
    zh, en = (note.text(lang) for lang in LANGS)
    return Words(zh=zh, en=en)


def _each(code: str, /, **codes: str) -> Words:
    """Return a sentence whose places are sentences themselves."""
    zh, en = (say(code, lang, **{name: say(one, lang) for name, one in codes.items()}) for lang in LANGS)
    return Words(zh=zh, en=en)
