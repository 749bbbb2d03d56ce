"""Which rules reach a place whatever stands there: only the conditions that the place decides are asked.

Of a place in no county, at sea or abroad, nothing is sure, not even where a rule holds for the whole country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.bench import Bench
from geoaq.policy.conditions import OF_PLACE, fall
from geoaq.policy.evaluate import conjunction
from geoaq.policy.facts import Facts
from geoaq.policy.model import Pack, Subject
from geoaq.policy.places import in_region
from geoaq.policy.vocabulary import Condition

KINDS: tuple[Subject, ...] = ("boiler", "unit", "project", "fire")
_NOWHERE = "missing_attribute:adcode"


@dataclass(frozen=True)
class LocalRule:
    """A rule that reaches a place, or may.

    Attributes
    ----------
    rule_id, subject
        The rule, and the kind of subject that it reaches there.
    sure
        True: the place fits. False: it may, for ``reasons``.
    reasons
        Codes (see `geoaq.policy.evaluate`).
    rest
        What else the rule asks, in its order: it depends on the subject.
    """

    rule_id: str
    subject: Subject
    sure: bool
    reasons: tuple[str, ...]
    rest: tuple[Condition, ...]


@dataclass(frozen=True)
class LocalRegion:
    """A listed region that holds a place, or may: region, its part, and whether that is sure."""

    region: str
    part: str
    sure: bool


def local_rules(pack: Pack, facts: Mapping[str, Any], *, as_of: date) -> list[LocalRule]:
    """Return the rules in force that a place fits or may fit, in the pack's order.

    Parameters
    ----------
    pack
        The policy.
    facts
        As in `geoaq.policy.evaluate`, of length 1; only those of the place are looked at.
    as_of
        The day whose rules are asked for.
    """
    bench, found = Bench(pack, Facts(facts), as_of), []
    nowhere = not facts["adcode"][0]
    for rule in pack.rules.values():
        source = pack.sources[rule.source]
        if not source.in_force(as_of) or facts["province_adcode"][0] in source.excluded_areas:
            continue
        for subject in KINDS:
            conditions = rule.conditions(subject)
            if not conditions:
                continue
            falls = [fall(one, bench) for one in conditions if one.kind in OF_PLACE]
            truths = np.array([[TRUE], *(one.truth for one in falls)], np.int8)
            whole = int(conjunction(truths)[0])
            if whole == FALSE:
                continue
            codes = [int(one.reason[0]) for one in falls if one.truth[0] == UNKNOWN]
            texts = ";".join(bench.facts.reasons.texts[code] for code in codes).split(";")
            reasons = tuple(dict.fromkeys(filter(None, (_NOWHERE if nowhere else "", *texts))))
            rest = tuple(one for one in conditions if one.kind not in OF_PLACE)
            found.append(LocalRule(rule.id, subject, whole == TRUE and not nowhere, reasons, rest))
    return found


def local_regions(pack: Pack, adcode: str, alternatives: Sequence[str], *, as_of: date) -> list[LocalRegion]:
    """Return the listed regions that hold a county, or one of those that come into question.

    Parameters
    ----------
    adcode
        The county that holds the point, ``''`` for none.
    alternatives
        The others that may.
    """
    codes = [code for code in (adcode, *alternatives) if code]
    found = []
    for region in pack.regions.values():
        if not pack.sources[region.source].in_force(as_of):
            continue
        holds = [in_region(pack, region.id, code) for code in codes]
        if any(holds):
            part = next((region.part_of(code) for code in codes if region.part_of(code)), "")
            found.append(LocalRegion(region.id, part, bool(adcode) and all(holds)))
    return found
