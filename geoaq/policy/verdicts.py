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
    """停用 is not elimination: it needs evidence; 备用 counts as existing.

    Evidence of elimination contradicts a status that is stated, and decides where none is. A boiler that is
    being relocated (迁建) is a planned one; of one that is altered (扩建、改建) the texts do not speak.
    """
    if status in ("operating", "standby"):
        return (UNKNOWN, "conflicting_sources") if eliminated_by else (TRUE, "")
    if status in ("planned", "relocating"):
        return FALSE, ""
    if status == "altering":
        return UNKNOWN, "undefined_term:altering"
    if status == "demolished" or eliminated_by:
        return FALSE, "eliminated"
    return UNKNOWN, "elimination_evidence" if status == "stopped" else "missing_attribute:status"


def new_verdict(status: str, eliminated_by: str, *, literal: bool = False) -> Verdict:
    """Judge whether a subject is new; evidence of elimination shows that it stood.

    Relocation (迁建) is new, unless 新建 is read to the letter; 扩建 and 改建 are an open word.
    """
    if status == "" and not eliminated_by:
        return UNKNOWN, "missing_attribute:status"
    if status == "altering":
        return UNKNOWN, "undefined_term:altering"
    new = status == "planned" or (status == "relocating" and not literal)
    return (TRUE, "") if new else (FALSE, "")


def any_verdict(status: str, eliminated_by: str) -> Verdict:
    """Judge whether a subject exists or is planned."""
    known = status in ("planned", "relocating", "altering")
    return (TRUE, "") if known else existing_verdict(status, eliminated_by)


def nature_verdict(nature: str, *, reach: str, literal: bool, altered: str) -> Verdict:
    """Judge the nature of a project: 新建, or any of 新建、改建、扩建 (迁建 and 技术改造 are of them).

    ``altered`` is the reason given where 改建 and the like are not 新建 to the letter.
    """
    if reach == "any_works":
        return TRUE, ""
    if nature == "":
        return UNKNOWN, "missing_attribute:nature"
    if nature == "new" or (nature == "relocation" and not literal):
        return TRUE, ""
    return FALSE, "" if nature == "relocation" else altered


def new_stack_verdict(nature: str, new_stack: int, *, literal: bool, project_only: bool) -> Verdict:
    """Judge whether a stack is newly built: by a new project, or by an alteration that says so.

    A new project builds new stacks unless it says that it builds none; an alteration that does not say is to
    be asked. To the letter of 新建 a relocation (迁建) is no new source.
    """
    if new_stack == FALSE:
        return FALSE, ""
    if nature == "":
        return UNKNOWN, "missing_attribute:nature"
    if nature in ("new", "relocation"):
        return (FALSE if literal and nature == "relocation" else TRUE), ""
    if project_only:
        return FALSE, "altering_literal"
    return (TRUE, "") if new_stack == TRUE else (UNKNOWN, "missing_attribute:new_stack")


def approval_verdict(eia_kind: str) -> Verdict:
    """Judge the kind of assessment: a 登记表 is registered, not approved; a blank counts as approved."""
    return (UNKNOWN, "registration") if eia_kind == "registration" else (TRUE, "")


def new_boiler_verdict(fuel: str, state: str, *, fuels: tuple[str, ...]) -> Verdict:
    """Judge the new boiler of a project; ``state``: ``none`` is built, ``no_coal`` is used, or ``''``."""
    if state == "none":
        return FALSE, ""
    if fuel:
        return (TRUE, "") if not fuels or fuel in fuels else (FALSE, "")
    if state == "no_coal" and fuels == ("coal",):
        return FALSE, ""
    return UNKNOWN, "missing_attribute:new_boiler_fuel"
