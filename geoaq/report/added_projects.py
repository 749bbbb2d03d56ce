"""The columns that are added to an office's own list of projects: what each project comes to."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geoaq.report.beside import Value, numbers, place_text, texts
from geoaq.report.sentences import Citations, lead_sentences, why
from geoaq.wording import say

PROJECT_ADDED = (
    "result", "limb_a", "limb_b", "consultees", "neighbour", "distance", "error", "margin_strip", "foot",
    "quote", "article", "vetoes", "vetoes_to_check", "to_ask", "review", "contested", "near_projects",
    "place", "issues",
)  # fmt: skip
# Widths of the columns, in characters.
PROJECT_WIDTHS = (30, 24, 18, 26, 14, 11, 11, 14, 24, 46, 32, 40, 40, 46, 34, 18, 12, 22, 40)
_OUTCOMES = ("applies", "does_not_apply", "needs_review")


def project_columns(subjects: pd.DataFrame, citations: Citations, lang: str = "zh") -> list[list[Value]]:
    """Return the added columns of projects, in the order of `PROJECT_ADDED` without the last.

    Parameters
    ----------
    subjects
        One row a project (``columns.subjects_schema``); ``to_ask_text``, where it is there, says in ``lang``
        what the applicant is to be asked for.
    citations
        For each rule its ``quote``, ``document``, ``article`` and ``title``.
    lang
        ``zh`` or ``en``.
    """
    rules = [_said_by(*each) for each in zip(*(texts(subjects, name) for name in _DECIDING), strict=True)]
    cited = [citations.get(rule) for rule in rules]
    outcomes = {word: say(f"policy.outcome_{word}", lang) for word in _OUTCOMES}
    contested = texts(subjects, "lead_contested_by")
    places = zip(*(texts(subjects, name) for name in ("province", "city", "county")), strict=True)
    near = numbers(subjects, "near_projects", 0)
    limb_a, limb_b = ([outcomes.get(word) for word in texts(subjects, name)] for name in ("limb_a", "limb_b"))
    noted: list[Value] = [
        f"{told}\n{why(note, lang)}" if told and note else told
        for told, note in zip(limb_a, texts(subjects, "limb_a_note"), strict=True)
    ]
    neighbours: list[Value] = [province_name(code, lang) or None for code in texts(subjects, "neighbour")]
    return [
        list(lead_sentences(subjects, citations, lang)),
        noted,
        [*limb_b],
        _consultees(subjects, lang),
        neighbours,
        numbers(subjects, "distance_km", 2),
        numbers(subjects, "distance_u_m", 0),
        numbers(subjects, "margin_m", 0),
        _feet(subjects),
        [None if one is None else one["quote"] for one in cited],
        [None if one is None else f"{one['document']}{one['article']}" for one in cited],
        *(_titles(subjects, name, citations, lang) for name in ("vetoes", "vetoes_to_check")),
        [text or None for text in texts(subjects, "to_ask_text")],
        [why(text, lang) or None for text in texts(subjects, "review_reasons")],
        [say("policy.contested", lang, n=text.count(";") + 1) if text else None for text in contested],
        near,
        [place_text(parts) or None for parts in places],
    ]


_DECIDING = ("lead_rule", "limb_a_rule", "limb_b_rule")


def _said_by(lead: str, limb_a: str, limb_b: str) -> str:
    """Return the rule whose sentence is shown: the one that leads, else that of limb (a), else (b)."""
    return lead or limb_a or limb_b


def _consultees(subjects: pd.DataFrame, lang: str) -> list[Value]:
    """Return who is to be consulted, each with the distance in km, one a line."""
    told: list[Value] = []
    columns = (texts(subjects, name) for name in ("consultees", "consultee_km"))
    for codes, far in zip(*columns, strict=True):
        pairs = zip(codes.split(";"), far.split(";"), strict=False)
        lines = [
            say("border.consultee_km", lang, name=province_name(code, lang), km=km)
            for code, km in pairs
            if code
        ]
        told.append("\n".join(lines) or None)
    return told


def province_name(code: str, lang: str) -> str:
    """Return the name of a province by its code, ``""`` where there is none."""
    return say(f"provinces.name_{code}", lang) if code else ""


def _feet(subjects: pd.DataFrame) -> list[Value]:
    """Return the nearest point of the nearest line: longitude, latitude in degrees, six decimals."""
    ends = zip(numbers(subjects, "foot_lon", 6), numbers(subjects, "foot_lat", 6), strict=True)
    return [None if lon is None or lat is None else f"{lon:.6f}, {lat:.6f}" for lon, lat in ends]


def _titles(subjects: pd.DataFrame, name: str, citations: Citations, lang: str) -> list[Value]:
    """Return rules as their titles, each with where it stands, one a line."""
    said: dict[str, Value] = {"": None}
    for joined in texts(subjects, name):
        if joined not in said:
            cited = ((rule, citations.get(rule, {})) for rule in joined.split(";"))
            lines = [_title(rule, one, lang) for rule, one in cited]
            said[joined] = "\n".join(lines)
    return [said[joined] for joined in texts(subjects, name)]


def _title(rule: str, cited: Mapping[str, str], lang: str) -> str:
    source = f"{cited.get('document', '')}{cited.get('article', '')}"
    return say("border.rule_line", lang, title=cited.get("title", rule), source=source)
