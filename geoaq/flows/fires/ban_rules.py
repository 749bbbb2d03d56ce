"""What the plans say of fires: each distinct place, class and period of policy is judged once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import APPLIES, DOES_NOT_APPLY, FALSE, NEEDS_REVIEW, TRUE, UNKNOWN
from geoaq.policy import Pack, evaluate, informational
from geoaq.policy.bench import Bench
from geoaq.policy.conditions import fall
from geoaq.policy.facts import Facts
from geoaq.policy.vocabulary import ClockCondition, EvidenceCondition

LAYER = "straw_ban"
MISSING = f"missing_layer:{LAYER}"
#: What a rule does where burning is banned: these decide the verdict, the others are shown beside it.
BANNING = ("not_burn", "local_range")
_EPOCH = date(1970, 1, 1)
_LETTERS = {"T": TRUE, "F": FALSE, "U": UNKNOWN}
_OUTCOMES = {TRUE: APPLIES, FALSE: DOES_NOT_APPLY, UNKNOWN: NEEDS_REVIEW}


@dataclass(frozen=True)
class Spoken:
    """What the plans say of one place, class and period.

    Attributes
    ----------
    findings
        Of the rules, as they go into ``rules``; that of the local range as if the place lay in it.
    local
        Its position among them, -1 where the nation leaves nothing to the place.
    province
        Whether a province's own sentence covers the place: then the range is the whole province.
    evidence, evidence_reasons
        Whether the fire is taken for straw, and what is to be told of that.
    """

    findings: tuple[dict[str, Any], ...]
    local: int
    province: int
    evidence: int
    evidence_reasons: tuple[str, ...]


def periods(pack: Pack) -> npt.NDArray[np.int64]:
    """Return the days (since 1970-01-01) on which a document comes into force or has run out, ascending."""
    changes = set()
    for source in pack.sources.values():
        changes.add((source.effective - _EPOCH).days)
        if source.expires is not None:
            changes.add((source.expires - _EPOCH).days + 1)
    return np.array(sorted(changes), np.int64)


def spoken(pack: Pack, combos: pd.DataFrame) -> list[Spoken]:
    """Return what the plans say of each distinct combination.

    Parameters
    ----------
    pack
        The policy.
    combos
        ``day`` (any day of its period, since 1970-01-01), ``adcode alternatives boundary_reason fire_class
        official``.
    """
    found: list[Spoken | None] = [None] * len(combos)
    for day, rows in combos.groupby("day").indices.items():
        as_of = _EPOCH + timedelta(days=int(str(day)))
        for position, one in zip(rows, _on(pack, combos.iloc[rows], as_of), strict=True):
            found[int(position)] = one
    return [one for one in found if one is not None]


def _on(pack: Pack, combos: pd.DataFrame, as_of: date) -> list[Spoken]:
    n = len(combos)
    names = ("adcode", "alternatives", "boundary_reason", "fire_class", "official")
    facts: dict[str, Any] = {name: combos[name].to_numpy(object) for name in names}
    facts["province_adcode"] = np.array(
        [code[:2] + "0000" if code else "" for code in facts["adcode"]], object
    )
    facts[f"within.{LAYER}"] = np.full(n, TRUE, np.int8)
    long = evaluate(pack, facts, subject="fire", as_of=as_of)
    drafts = informational(pack, facts, subject="fire", as_of=as_of)
    findings: list[list[dict[str, Any]]] = [[] for _ in range(n)]
    for row in long.to_dict("records"):
        findings[int(row["subject"])].append(_rule_finding(row))
    shown = [name for name, source in pack.sources.items() if source.effective <= as_of]
    for row in drafts[drafts["source"].isin(shown)].to_dict("records"):
        findings[int(row["subject"])].append({"by": "draft", "id": row["id"], "outcome": "", "reasons": []})
    evidence, reasons = _evidence(pack, facts, as_of)
    silent = "no_text_here" if pack.in_force(as_of) else "before_the_rules"
    spoken = []
    for at in range(n):
        told = [one for one in findings[at] if one.get("failed") != "not_key_region"]
        if not any(one["by"] == "rule" for one in told):
            reason = silent if facts["adcode"][at] else "outside_country"
            told.append({"by": "moment", "id": "", "outcome": NEEDS_REVIEW, "reasons": [reason]})
        effects = [pack.rules[one["id"]].effect if one["by"] == "rule" else "" for one in told]
        local = effects.index("local_range") if "local_range" in effects else -1
        spoken.append(
            Spoken(
                tuple(told),
                local,
                _province(pack, told, local),
                int(evidence[at]),
                tuple(filter(None, reasons[at])),
            )
        )
    return spoken


def _rule_finding(row: Mapping[Any, Any]) -> dict[str, Any]:
    words = ("outcome", "truth", "strength", "timing", "basis")
    return {
        "by": "rule",
        "id": str(row["rule_id"]),
        "failed": str(row["failed_condition"]),
        "reasons": [reason for reason in str(row["reasons"]).split(";") if reason],
        **{name: str(row[name]) for name in words},
    }


def _province(pack: Pack, told: Sequence[Mapping[str, Any]], local: int) -> int:
    """Return whether a province bans everywhere what the nation leaves to the place."""
    if local < 0:
        return FALSE
    asked = told[local]["id"]
    letters = [
        _LETTERS[one["truth"][0]]
        for one in told
        if one["by"] == "rule" and any(o.rule == asked for o in pack.rules[one["id"]].overrides)
    ]
    return TRUE if TRUE in letters else UNKNOWN if UNKNOWN in letters else FALSE


def _evidence(
    pack: Pack, facts: Mapping[str, Any], as_of: date
) -> tuple[npt.NDArray[np.int8], list[list[str]]]:
    asked = [c for r in pack.rules.values() for c in r.conditions("fire") if isinstance(c, EvidenceCondition)]
    bench = Bench(pack, Facts(facts), as_of)
    found = fall(asked[0], bench)
    return found.truth, [bench.facts.reasons.texts[code].split(";") for code in found.reason.tolist()]


def with_local(spoken: Spoken, pack: Pack, truth: int, reasons: Sequence[str]) -> list[dict[str, Any]]:
    """Return the findings with that of the local range as the place lies: in it, outside, or unknown why."""
    findings = [dict(one) for one in spoken.findings]
    if spoken.local < 0:
        return findings
    one = findings[spoken.local]
    names = [condition.id for condition in pack.rules[one["id"]].conditions("fire")]
    at = names.index(LAYER)
    letters = list(one["truth"])
    letters[at] = "FTU"[truth]
    one["truth"] = "".join(letters)
    whole = FALSE if "F" in letters else UNKNOWN if "U" in letters else TRUE
    one["outcome"] = _OUTCOMES[whole]
    one["failed"] = LAYER if whole == FALSE else ""
    if whole == FALSE:
        one["reasons"] = []
    elif truth == UNKNOWN:
        one["reasons"] = list(dict.fromkeys([*one["reasons"], *reasons]))
    return findings


def verdict(pack: Pack, findings: Sequence[Mapping[str, Any]]) -> str:
    """Return what stands for an event: a ban that reaches it, else what is open, else that none does."""
    outcomes = {one["outcome"] for one in findings if bans_burning(pack, one)}
    for outcome in (APPLIES, NEEDS_REVIEW, DOES_NOT_APPLY):
        if outcome in outcomes:
            return outcome
    return NEEDS_REVIEW


def duty_limits(pack: Pack) -> dict[str, dict[str, float]]:
    """Return the minutes for detection, response and disposal of every rule that sets a clock."""
    return {
        rule.id: {
            "detected": float(one.detected_min),
            "responded": float(one.responded_min),
            "disposed": float(one.disposed_min),
        }
        for rule in pack.rules.values()
        for one in rule.conditions("fire")
        if isinstance(one, ClockCondition)
    }


def bans_burning(pack: Pack, one: Mapping[str, Any]) -> bool:
    """Say whether a finding is of a text that bans burning, or of there being none in force."""
    if one["by"] == "rule":
        return pack.rules[one["id"]].effect in BANNING
    return one["by"] == "moment" or bool(one.get("bans"))
