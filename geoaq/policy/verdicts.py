"""How one value falls: a word of a row, a class of boiler, a status, each judged once for all its rows."""

from __future__ import annotations

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.vocabulary import WordCondition

Verdict = tuple[int, str]


def word_verdict(condition: WordCondition, word: str) -> Verdict:
    """Judge a word: one of those asked for, an open one, another, or blank."""
    if word == "":
        return UNKNOWN, f"missing_attribute:{condition.fact}"
    if word in condition.any_of:
        return TRUE, ""
    term = dict(condition.unclear).get(word)
    return (FALSE, "") if term is None else (UNKNOWN, f"undefined_term:{term}")


def class_verdict(
    condition: WordCondition, word: str, industry: str, power_industries: tuple[str, ...] | None
) -> Verdict:
    """Judge a class of boiler, a blank one as an ordinary boiler.

    Where the industry generates power a blank class may be a power-station boiler too: it is unknown if that
    matters. ``power_industries`` None: the adopted reading leaves every blank class unknown.
    """
    if word or power_industries is None:
        return word_verdict(condition, word)
    ordinary = word_verdict(condition, "steam")
    if not industry.startswith(power_industries) or word_verdict(condition, "power_station") == ordinary:
        return ordinary
    return UNKNOWN, f"missing_attribute:{condition.fact}"


def existing_verdict(status: str, eliminated_by: str) -> Verdict:
    """停用 is not elimination: it needs evidence; 备用 counts as existing."""
    if status in ("operating", "standby"):
        return (UNKNOWN, "conflicting_sources") if eliminated_by else (TRUE, "")
    if status == "planned":
        return FALSE, ""
    if status == "demolished" or eliminated_by:
        return FALSE, "eliminated"
    return UNKNOWN, "elimination_evidence" if status == "stopped" else "missing_attribute:status"


def new_verdict(status: str, eliminated_by: str) -> Verdict:
    """Judge whether a subject is planned; evidence of elimination shows that it stood."""
    if status == "" and not eliminated_by:
        return UNKNOWN, "missing_attribute:status"
    return (TRUE, "") if status == "planned" else (FALSE, "")


def any_verdict(status: str, eliminated_by: str) -> Verdict:
    """Judge whether a subject exists or is planned."""
    return (TRUE, "") if status == "planned" else existing_verdict(status, eliminated_by)
