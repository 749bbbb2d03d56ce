"""The two limbs of the consultation clause and the other rules for the same site, one line a project."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.cards.projects import limb_of
from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW
from geoaq.policy import Pack

# The consultation clause; what else the same site meets has a block of its own.
CONSULTATION_FAMILY = "E"
# Limb (a): the strip; limb (b): a new high stack at any distance.
LIMBS = ("a", "b")
_ORDER = (APPLIES, NEEDS_REVIEW, DOES_NOT_APPLY)


def limb_columns(pack: Pack, findings: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return outcome and rule of both limbs of each project, and the other rules that it meets.

    Parameters
    ----------
    pack
        The policy.
    findings
        Long, by ``subject`` (position), in the pack's order of rules, in which a province's own sentence
        comes before the nation's.
    n
        Number of projects.

    Returns
    -------
    pandas.DataFrame
        By position 0…n-1: ``limb_a``, ``limb_b``: the first of applies, needs_review, does_not_apply;
        ``limb_a_rule``, ``limb_b_rule``: the rule that says so (``""`` where no rule in force was asked);
        ``limb_a_note``: codes of what is to be known where (a) fails by one condition alone (an extension is
        no 新建 to the letter, though consultation is often asked for);
        ``vetoes`` and ``vetoes_to_check``: ids of the other rules that apply or need review, joined by ``;``.
    """
    rules = findings["rule_id"].astype(str)
    limbs = rules.map({rule: limb_of(pack, rule) for rule in rules.unique()})
    found = {}
    for limb in LIMBS:
        asked = findings[(limbs == limb).to_numpy(bool)]
        outcome, rule = np.full(n, "", object), np.full(n, "", object)
        for word in reversed(_ORDER):
            rows = asked[(asked["outcome"] == word).to_numpy(bool)].drop_duplicates("subject")
            at = rows["subject"].to_numpy()
            outcome[at], rule[at] = word, rows["rule_id"].astype(str).to_numpy()
        found[f"limb_{limb}"], found[f"limb_{limb}_rule"] = outcome, rule
        if limb == "a":
            found["limb_a_note"] = _notes(asked, outcome)
    others = findings[rules.isin(other_rules(pack)).to_numpy(bool)]
    for name, word in (("vetoes", APPLIES), ("vetoes_to_check", NEEDS_REVIEW)):
        rows = others[(others["outcome"] == word).to_numpy(bool)]
        column = np.full(n, "", object)
        for at, rule_id in zip(rows["subject"].tolist(), rows["rule_id"].astype(str), strict=True):
            column[at] = f"{column[at]};{rule_id}" if column[at] else rule_id
        found[name] = column
    return pd.DataFrame(found)


def limbs_first(pack: Pack, findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings by subject, the consultation clause before the other rules; else in their order."""
    others = findings["rule_id"].isin(other_rules(pack)).to_numpy(bool)
    order = np.lexsort((others, findings["subject"].to_numpy()))
    return findings.iloc[order].reset_index(drop=True)


def _notes(asked: pd.DataFrame, outcome: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the reasons of the rule that a limb fails by, where one condition alone is false."""
    notes = np.full(len(outcome), "", object)
    rows = asked[(asked["outcome"] == DOES_NOT_APPLY).to_numpy(bool)].drop_duplicates("subject")
    rows = rows[(rows["truth"].astype(str).str.count("F") == 1).to_numpy(bool)]
    at = rows["subject"].to_numpy()
    notes[at] = np.where(outcome[at] == DOES_NOT_APPLY, rows["reasons"].astype(str).to_numpy(object), "")
    return notes


def other_rules(pack: Pack) -> tuple[str, ...]:
    """Return the rules for projects beside the consultation clause."""
    return tuple(
        rule.id
        for rule in pack.rules.values()
        if rule.conditions("project") and rule.family != CONSULTATION_FAMILY
    )
