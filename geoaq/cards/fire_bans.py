"""What is said of a fire under the bans: each finding in words, for card, export and sheet alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from geoaq.cards.rules import pack_of, rule_words
from geoaq.catalog import Catalog
from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW
from geoaq.fires.duty import Stage
from geoaq.policy import verdict as careful
from geoaq.report.sentences import why_each
from geoaq.wording import catalogue, say

#: The sign of an outcome on a map; what is only shown bears none.
SIGNS = {APPLIES: "applies", NEEDS_REVIEW: "review", DOES_NOT_APPLY: "not"}


def verdict_text(verdict: str, lang: str) -> str:
    """Return what stands for an event in words; ``""`` where nobody has judged it."""
    return say(f"bans.verdict_{verdict}", lang) if verdict else ""


def ban_findings(catalog: Catalog, rules: str, lang: str) -> list[dict[str, Any]]:
    """Return the findings of an event in words.

    Parameters
    ----------
    rules
        As `geoaq.flows.fires.bans.judge_events` gives them; ``""`` is none.

    Returns
    -------
    list of dict
        ``by`` and ``id`` of the finding, ``sign`` (``applies``, ``review``, ``not``, ``""``), ``title``,
        ``tag`` (the careful sentence), ``why`` (sentences), ``source`` (document, number, article), ``quote``
        (Chinese, as printed), ``responsible`` and ``strength``; plain text, ``""`` where there is none.
    """
    return [dict(one) for one in _told(catalog, rules, lang)]


def ban_line(catalog: Catalog, verdict: str, rules: str, lang: str) -> str:
    """Return one line for a table: what stands for an event, and the titles of what it rests on."""
    told = [one["title"] for one in _told(catalog, rules, lang) if one["sign"] == SIGNS.get(verdict)]
    day = decided_on(rules)
    words = [verdict_text(verdict, lang), say("reports.list_joiner", lang).join(dict.fromkeys(told))]
    words += [say("bans.decided_on", lang, day=day)] if day else []
    return say("reports.joiner", lang).join(filter(None, words))


def decided_on(rules: str) -> str:
    """Return the day (YYYY-MM-DD) whose texts stand for an event seen on several; ``""`` for one day."""
    return next((str(one["day"]) for one in json.loads(rules or "[]") if one["by"] == "days"), "")


def clock_lines(stages: Sequence[Stage], lang: str) -> list[str]:
    """Return a line for each stage of a fire's handling, on both clocks."""

    def minutes(value: float | None) -> str:
        return say("bans.clock_unknown", lang) if value is None else f"{value:g}"

    return [
        say(
            "bans.clock_line", lang,
            stage=say(f"bans.clock_stage_{one.name}", lang), limit=f"{one.limit_min:g}",
            alone=minutes(one.stage_min), alone_kept=say(f"bans.clock_{one.stage_breach}", lang),
            whole=minutes(one.cumulative_min), whole_kept=say(f"bans.clock_{one.cumulative_breach}", lang),
        )
        for one in stages
    ]  # fmt: skip


@lru_cache(maxsize=4096)
def _cached(policy: str, rules: str, lang: str, catalog: _Key) -> tuple[Mapping[str, Any], ...]:
    del policy
    return tuple(_finding(catalog.catalog, one, lang) for one in json.loads(rules))


class _Key:
    """A catalogue as a key: every one with the same root is the same."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.catalog.root == other.catalog.root

    def __hash__(self) -> int:
        return hash(self.catalog.root)


def _told(catalog: Catalog, rules: str, lang: str) -> tuple[Mapping[str, Any], ...]:
    return _cached(pack_of(catalog).hash, rules, lang, _Key(catalog)) if rules else ()


def _finding(catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    outcome, reasons = str(one["outcome"]), list(one["reasons"])
    conflict = outcome == APPLIES and "conflicting_sources" in reasons
    why = list(why_each(";".join(r for r in reasons if r != "conflicting_sources"), lang))
    why += [say("bans.conflict", lang)] if conflict else []
    failed = f"bans.failed_{one.get('failed', '')}"
    if outcome == DOES_NOT_APPLY and failed in catalogue():
        why.append(say(failed, lang))
    words = _OF[one["by"]](catalog, one, lang)
    empty = {
        "title": "",
        "tag": _tag(one, lang),
        "source": "",
        "quote": "",
        "responsible": "",
        "strength": "",
    }
    return {"by": one["by"], "id": one["id"], "sign": SIGNS.get(outcome, ""), "why": why, **empty, **words}


def _tag(one: Mapping[str, Any], lang: str) -> str:
    outcome = str(one["outcome"])
    return say(f"bans.verdict_{outcome}", lang) if outcome else say("bans.shown", lang)


def _of_rule(catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, str]:
    words = rule_words(catalog, str(one["id"]), lang)
    known = one["id"] in pack_of(catalog).rules
    tag = (
        careful(pack_of(catalog), one["id"], one["outcome"], ";".join(one["reasons"])).text(lang)
        if known
        else ""
    )
    return {
        "title": words.title,
        "tag": tag or _tag(one, lang),
        "source": words.document + words.article,
        "quote": words.quote,
        "responsible": words.responsible,
        "strength": words.strength,
    }


def _of_draft(catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, str]:
    words = rule_words(catalog, str(one["id"]), lang)
    source = words.document + words.article
    return {"title": say("bans.draft", lang, title=words.title), "source": source, "quote": words.quote}


def _of_zone(_catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, str]:
    params = {
        "kind": say(f"bans.kind_{one['kind']}", lang),
        "class_": say(f"bans.class_{one['class']}", lang),
        "name": one["name"],
    }
    code = "bans.zone_fuel" if one["kind"] == "fuel" else "bans.zone"
    return {"title": say(code, lang, **params), **_cited(one, lang)}


def _of_distance(_catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, str]:
    if not one["id"]:
        return {"title": say("bans.distance_missing", lang), "tag": say("bans.shown", lang), "sign": ""}
    kind = say(f"bans.kind_{one['kind']}", lang)
    limit, km = f"{one['limit_km']:g}", f"{one['km']:.1f}"
    title = say("bans.distance", lang, kind=kind, name=one["name"], km=km, limit=limit)
    cited = _cited(one, lang)
    return (
        {"title": title, **cited}
        if one["bans"]
        else {"title": title, "strength": say("bans.remembered", lang)} | cited
    )


def _of_permit(_catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, str]:
    text = one["text"]
    params = {"number": text.get("number", ""), "issuer": text.get("issuer", ""), "name": one["name"]}
    return {"title": say("bans.permit", lang, **params)}


def _of_moment(_catalog: Catalog, _one: Mapping[str, Any], lang: str) -> dict[str, str]:
    return {"title": say("bans.moment", lang)}


def _of_days(_catalog: Catalog, one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    lines = [
        say(
            "bans.days_line" if first != last else "bans.day_line", lang,
            first=first, last=last, verdict=verdict_text(verdict, lang),
        )
        for first, last, verdict in one["days"]
    ]  # fmt: skip
    return {"title": say("bans.days", lang, day=one["day"]), "why": lines}


def _cited(one: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return the text of a zone as a source, and what kind of text it is."""
    text = one["text"]
    if not text.get("title"):
        return {"source": say("bans.no_text", lang)}
    number = f"（{text['number']}）" if text.get("number") else ""
    source = f"《{text['title']}》{number}{text.get('article', '')}"
    said = (source, text.get("issuer", ""), text.get("day", ""), say(f"bans.basis_{one['basis']}", lang))
    return {"source": " · ".join(filter(None, said)), "quote": text.get("quote", "")}


_OF = {
    "rule": _of_rule,
    "draft": _of_draft,
    "zone": _of_zone,
    "distance": _of_distance,
    "permit": _of_permit,
    "moment": _of_moment,
    "days": _of_days,
}
