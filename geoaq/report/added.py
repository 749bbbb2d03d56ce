"""The columns that are added to the office's own: what each row of the list comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geoaq.report.added_projects import PROJECT_ADDED, PROJECT_WIDTHS, project_columns
from geoaq.report.beside import Value, numbers, place_text, texts
from geoaq.report.columns import Subject
from geoaq.report.sentences import Citations, lead_sentences, timing_sentence, why
from geoaq.wording import say

ADDED = (
    "result", "anchor", "distance", "error", "margin", "quote", "article", "timing", "review", "contested",
    "place", "care", "issues",
)  # fmt: skip
# Widths of the columns, in characters.
ADDED_WIDTHS = (30, 22, 11, 11, 11, 46, 32, 24, 34, 18, 22, 46, 40)


@dataclass(frozen=True)
class Added:
    """The added columns and their cells.

    Parameters
    ----------
    names
        The columns, as the headings are named in ``wording/reports.toml``.
    widths
        Their widths in characters.
    rows
        The cells by row number.
    """

    names: tuple[str, ...]
    widths: tuple[int, ...]
    rows: dict[int, list[Value]]

    def of(self, row: int) -> list[Value] | None:
        """Return the added cells of a row, or None for a row that is no part of the list."""
        return self.rows.get(row)


def added_columns(
    subjects: pd.DataFrame,
    issues: pd.DataFrame,
    citations: Citations,
    lang: str = "zh",
    *,
    subject: Subject = "boiler",
) -> Added:
    """Return what is written beside each row.

    A row that holds several boilers (2×35) gets one text for all where they agree, else one a boiler, each
    with its number; a row that could not be used says so.

    Parameters
    ----------
    subjects
        One row a subject (``columns.subjects_schema``; ``lead_contested_by`` is used where it is there).
    issues
        As returned by ``rendered_issues``.
    citations
        For each rule its ``quote``, ``document``, ``article`` and ``title``.
    lang
        ``zh`` or ``en``.
    subject
        What the list holds: projects have columns of their own.
    """
    names: tuple[str, ...]
    widths: tuple[int, ...]
    if subject == "project":
        names, widths = PROJECT_ADDED, PROJECT_WIDTHS
        per_subject = project_columns(subjects, citations, lang)
    else:
        names, widths = ADDED, ADDED_WIDTHS
        per_subject = _per_subject(subjects, citations, lang)
    notes = _notes(issues, lang)
    rows: dict[int, list[Value]] = {}
    several: dict[int, list[int]] = {}
    numbers = subjects["row"].tolist()
    parts = subjects["part"].tolist()
    for at, number in enumerate(numbers):
        if number in rows:
            several.setdefault(number, []).append(at)
            continue
        rows[number] = [*(column[at] for column in per_subject), None]
        if parts[at]:
            several[number] = [at]
    for number, held in several.items():
        rows[number] = [*(_merged(column, parts, held, lang) for column in per_subject), None]
    for number, (text, unusable) in notes.items():
        if number not in rows:
            if number == 0 or not unusable:
                continue
            rows[number] = [say("reports.row_unusable", lang), *[None] * (len(names) - 1)]
        rows[number][-1] = text
    return Added(names, widths, rows)


def _per_subject(subjects: pd.DataFrame, citations: Citations, lang: str) -> list[list[Value]]:
    rules = texts(subjects, "lead_rule")
    timings = texts(subjects, "lead_timing")
    reasons = texts(subjects, "review_reasons")
    contested = texts(subjects, "lead_contested_by")
    cited = [citations.get(rule) for rule in rules]
    dated = zip(timings, cited, strict=True)
    places = zip(*(texts(subjects, name) for name in ("province", "city", "county")), strict=True)
    error = numbers(subjects, "distance_u_m", 0)
    if all(value is None for value in error):
        error = numbers(subjects, "u_m", 0)
    distance = numbers(subjects, "distance_km", 2)
    return [
        list(lead_sentences(subjects, citations, lang)),
        [text or None for text in texts(subjects, "anchor_name")],
        distance,
        [value if near is not None else None for value, near in zip(error, distance, strict=True)],
        numbers(subjects, "margin_m", 0),
        [None if one is None else one["quote"] for one in cited],
        [None if one is None else f"{one['document']}{one['article']}" for one in cited],
        [timing_sentence(timing, one or {}, lang) or None for timing, one in dated],
        [why(text, lang) or None for text in reasons],
        [say("policy.contested", lang, n=text.count(";") + 1) if text else None for text in contested],
        [place_text(parts) or None for parts in places],
        care_texts(subjects, citations),
    ]


def care_texts(subjects: pd.DataFrame, citations: Citations) -> list[Value]:
    """Return for each subject the sentences that hold a closure back, each with its source.

    Parameters
    ----------
    subjects
        ``brakes``: ids joined by ``;``, where it is there.
    citations
        ``brake.<id>`` → ``quote``, ``document``, ``article``.
    """
    joined = texts(subjects, "brakes")
    told: dict[str, Value] = {}
    for ids in set(joined):
        cited = [citations[f"brake.{name}"] for name in ids.split(";") if name]
        told[ids] = "\n".join(f"{one['quote']} {one['document']}{one['article']}" for one in cited) or None
    return [told[ids] for ids in joined]


def _merged(column: Sequence[Value], parts: Sequence[int], held: Sequence[int], lang: str) -> Value:
    """Return what the subjects of one row share, or one line each."""
    values = [column[at] for at in held]
    if all(value == values[0] for value in values):
        return values[0]
    lines = [
        say("reports.part", lang, part=parts[at], text=value)
        for at, value in zip(held, values, strict=True)
        if value is not None
    ]
    return "\n".join(lines)


def _notes(issues: pd.DataFrame, lang: str) -> dict[int, tuple[str, bool]]:
    """Return for each row the messages of its issues, and whether one of them makes it unusable."""
    told: dict[int, list[str]] = {}
    unusable: set[int] = set()
    columns = (issues["row"], issues["severity"], issues[f"message_{lang}"])
    for number, severity, message in zip(*(column.tolist() for column in columns), strict=True):
        said = told.setdefault(number, [])
        if message not in said:
            said.append(message)
        if severity == "error":
            unusable.add(number)
    return {number: ("\n".join(said), number in unusable) for number, said in told.items()}
