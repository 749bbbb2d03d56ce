"""The card with the reasons of one subject: every rule that was asked, how it fell, what would flip it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geoaq.cards import projects
from geoaq.cards.evidence import (
    UNITS,
    anchor_of,
    deciding_finding,
    deciding_plant,
    facts,
    headline,
    own_number,
)
from geoaq.cards.heads import is_synthetic, summary_of
from geoaq.cards.lists import tag
from geoaq.cards.notices import notices
from geoaq.cards.rules import RuleWords, pack_of, rule_words
from geoaq.cards.unread import as_facts, row_issues, unread
from geoaq.catalog import Catalog
from geoaq.errors import NotFoundError
from geoaq.findings import APPLIES, DOES_NOT_APPLY, STRENGTHS
from geoaq.policy import Pack, explain
from geoaq.policy.explain import Explanation
from geoaq.policy.lead import ENCOURAGING
from geoaq.policy.notes import Measure
from geoaq.report import Subject
from geoaq.report.numbers import degrees
from geoaq.store import consultees, plants, reading
from geoaq.wording import say

Finding = Mapping[str, Any]
Own = Callable[["_Case", Path, Sequence[Finding], list[dict[str, Any]]], dict[str, Any]]
_SHOWN_UNREAD = ("industry_code", "industry_edition", "nature", "eia_kind")
_KINDS_OF_QUANTITY = {
    "capacity_tph": ("capacity",),
    "capacity_mw": ("capacity",),
    "distance_km": ("anchor", "border"),
    "pm25_annual": ("attainment",),
    "stack_m": ("stack",),
    "dispersion_ug_m3": ("downwind",),
}


@dataclass(frozen=True)
class _Case:
    """One subject and everything that its card is made from."""

    catalog: Catalog
    pack: Pack
    subject: Mapping[str, Any]
    kind: Subject
    as_of: date
    lang: str
    unread: dict[str, str]


@dataclass(frozen=True)
class Told:
    """What the tables of a screening say of one project.

    Attributes
    ----------
    subject, findings
        Its line of ``subjects.parquet``, and its lines of ``findings.parquet`` in their order.
    lines, near
        `geoaq.store.consultees.in_reach` and `geoaq.store.consultees.near` of it.
    """

    subject: Mapping[str, Any]
    findings: Sequence[Finding]
    lines: Sequence[Mapping[str, Any]]
    near: Sequence[Mapping[str, Any]]


def why_card(catalog: Catalog, folder: Path, row: int, part: int, lang: str) -> dict[str, Any]:
    """Return the card of one subject, every text in ``lang``; keys as in ``docs/reference/web-endpoints.md``.

    ``links`` is left to the page, which knows its addresses; ``action`` names a layer that would decide.

    Raises
    ------
    NotFoundError
        ``no_subject``; ``no_screening`` when the folder has no summary that can be read.
    """
    subject, found = reading.subject(folder, row, part), reading.findings(folder, row, part)
    case = _case(catalog, folder, subject, lang)
    if case.kind != "project":
        return _card(case, folder, found, _of_boiler)
    lines, near = consultees.in_reach(folder, row, part), consultees.near(folder, row, part)
    return project_card(catalog, folder, Told(subject, found, lines, near), lang)


def project_card(catalog: Catalog, folder: Path, told: Told, lang: str) -> dict[str, Any]:
    """Return the card of one project from what was read of it: `why_card` for many projects of a folder."""
    case = _case(catalog, folder, told.subject, lang)

    def own(case: _Case, _: Path, found: Sequence[Finding], rules: list[dict[str, Any]]) -> dict[str, Any]:
        return _of_project(case, told, found, rules)

    return _card(case, folder, told.findings, own)


def _case(catalog: Catalog, folder: Path, subject: Mapping[str, Any], lang: str) -> _Case:
    summary = summary_of(folder)
    if summary is None:
        raise NotFoundError("no_screening")
    found = unread(folder, subject["row"], lang)
    return _Case(catalog, pack_of(catalog), subject, summary.subject, summary.as_of, lang, found)


def _card(case: _Case, folder: Path, found: Sequence[Finding], own: Own) -> dict[str, Any]:
    subject, lang = case.subject, case.lang
    told = [(_sign(one), one, _explained(case, one)) for one in found]
    lead_rule = subject["lead_rule"] or ""
    told.sort(key=lambda one: _order(one[0], one[1], lead_rule))
    leading = next(((one, why) for _, one, why in told if one["rule_id"] == lead_rule), None)
    rules = [_rule(case, sign, one, why) for sign, one, why in told]
    return {
        "key": f"{subject['row']}-{subject['part']}",
        "title": " · ".join(filter(None, (subject["name"], own_number(subject["subject_id"], lang)))),
        "subject_id": subject["subject_id"] or "",
        "synthetic": is_synthetic(folder),
        "lon": degrees(subject["lon"]),
        "lat": degrees(subject["lat"]),
        "sign": subject["lead"] or "review",
        "tags": _tags(case, leading),
        "quote": None if leading is None else _quote(case, *leading),
        "flips": [] if leading is None or leading[1] is None else _texts(leading[1].flips, lang),
        "brakes": notices(case.pack, subject, case.kind, case.as_of, lang),
        "issues": row_issues(case.catalog, folder, subject["row"], lang),
        **own(case, folder, found, rules),
    }


def _of_boiler(
    case: _Case, folder: Path, found: Sequence[Finding], rules: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what turns on the plant: the number that decides, the plant, every rule."""
    subject, lang = case.subject, case.lang
    near = plants.in_reach(folder, subject["row"], subject["part"])
    plant = deciding_plant(subject, near, plants.looked_at(folder))
    deciding = deciding_finding(found, subject["lead_rule"] or "")
    return {
        "headline": headline(case.pack, subject, plant, deciding, case.kind, lang),
        "anchor": anchor_of(subject, plant),
        "facts": facts(subject, plant, case.kind, lang),
        "rules": rules,
        "project": None,
    }


def _of_project(
    case: _Case, told: Told, found: Sequence[Finding], rules: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what turns on the border: its line, both limbs, whom to consult, the other rules apart."""
    subject, lang = case.subject, case.lang
    lines = projects.consulted(subject, told.lines, lang)
    others = [one for one in rules if not projects.limb_of(case.pack, one["rule_id"])]
    return {
        "headline": projects.headline(case.pack, subject, lang),
        "anchor": projects.neighbour(subject, lines),
        "facts": projects.facts(case.pack, subject, case.unread, lang),
        "rules": others,
        "project": {
            "limbs": projects.limbs(case.pack, subject, rules, lang),
            "consultees": lines,
            "asked": projects.asked(case.pack, subject, found, lang),
            "near": projects.near(subject, told.near, lang),
            "across": bool(subject["across"]),
            "extent": projects.extent(subject, lines),
            "wind": None,
        },
    }


def _sign(found: Finding) -> str:
    if found["outcome"] == DOES_NOT_APPLY:
        return "not"
    if found["outcome"] == APPLIES:
        return "encouraged" if found["strength"] in ENCOURAGING else "applies"
    return "review"


def _order(sign: str, found: Finding, lead_rule: str) -> tuple[bool, int, int]:
    return (
        found["rule_id"] != lead_rule,
        reading.SIGNS.index(sign),
        STRENGTHS.index(found["strength"]) if found["strength"] in STRENGTHS else len(STRENGTHS),
    )


def _explained(case: _Case, found: Finding) -> Explanation | None:
    """Explain one finding; None where this pack no longer has the rule, or has it with other conditions."""
    rule = case.pack.rules.get(found["rule_id"])
    if rule is None or len(rule.conditions(case.kind)) != len(found["truth"] or ""):
        return None
    return explain(
        case.pack,
        found["rule_id"],
        found["truth"],
        as_of=case.as_of,
        subject=case.kind,
        reasons=found["reasons"] or "",
        contested_by=found["contested_by"] or "",
        values=_known(case),
    )


def _known(case: _Case) -> dict[str, Any]:
    """Return what is known of the subject; the province across by its name in the card's language."""
    known = {name: value for name, value in case.subject.items() if value is not None}
    if case.kind == "project" and known.get("neighbour"):
        known["neighbour_name"] = projects.province(known["neighbour"], case.lang)
    # A number that was not understood is not known; a word is shown as it stands.
    return known | {name: text for name, text in as_facts(case.unread).items() if name in _SHOWN_UNREAD}


def _tags(case: _Case, leading: tuple[Finding, Explanation | None] | None) -> list[dict[str, str]]:
    tags = [{"sign": case.subject["lead"] or "review", "text": tag(case.catalog, case.subject, case.lang)}]
    contested = 0 if leading is None else len(_parts(leading[0]["contested_by"]))
    if contested:
        tags.append({"sign": "review", "text": say("policy.contested", case.lang, n=contested)})
    return tags


def _quote(case: _Case, found: Finding, why: Explanation | None) -> dict[str, str]:
    words = rule_words(case.catalog, found["rule_id"], case.lang)
    return {
        "text": words.quote,
        "source": f"{words.document}{words.article}",
        "timing": "" if why is None else why.timing.text(case.lang),
    }


def _rule(case: _Case, sign: str, found: Finding, why: Explanation | None) -> dict[str, Any]:
    words = rule_words(case.catalog, found["rule_id"], case.lang)
    missing = [about for code, _, about in _coded(found["reasons"]) if code == "missing_layer" and about]
    return {
        "rule_id": words.id,
        "sign": sign,
        "tag": say(f"cards.tag_{sign}", case.lang) if why is None else why.verdict.text(case.lang),
        "title": words.title,
        "source": words.place,
        "timing": "" if why is None else why.timing.text(case.lang),
        "quote": words.quote,
        "document": words.document,
        "article": words.article,
        "strength": words.strength,
        "responsible": words.responsible,
        "action": {"text": say("cards.add", case.lang), "layer": missing[0]} if missing else None,
        "conditions": [] if why is None else _conditions(case, words, found, why),
        "flips": [] if why is None else _texts(why.flips, case.lang),
        "contested": [] if why is None else _texts(why.contested, case.lang),
    }


def _conditions(case: _Case, words: RuleWords, found: Finding, why: Explanation) -> list[dict[str, str]]:
    """Return the conditions in their order; the measurement stands with the one that it decides."""
    quantity = found["quantity"] or ""
    lines = []
    for condition, note in zip(case.pack.rules[words.id].conditions(case.kind), why.conditions, strict=True):
        measured = limit = margin = ""
        if quantity and condition.kind in _KINDS_OF_QUANTITY[quantity]:
            unit = UNITS[quantity]
            measured, limit, margin = (
                "" if found[name] is None else Measure(found[name], unit).text(case.lang)
                for name in ("measured", "limit", "margin")
            )
        text = note.note.text(case.lang)
        lines.append(
            {"truth": note.truth, "text": text, "measured": measured, "limit": limit, "margin": margin}
        )
    return lines


def _texts(notes: Any, lang: str) -> list[str]:
    return [note.text(lang) for note in notes]


def _parts(joined: str | None) -> list[str]:
    return [part for part in (joined or "").split(";") if part]


def _coded(joined: str | None) -> list[tuple[str, str, str]]:
    return [part.partition(":") for part in _parts(joined)]
