"""The two sheets that follow the office's own: what is wrong in the list, and what the counts rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geoaq.report.cells import is_formula_like
from geoaq.report.issues import rendered_issues
from geoaq.report.project_notes import Line, county_text, project_lines
from geoaq.report.sentences import Citations
from geoaq.report.summary import ProjectSummary, Summary
from geoaq.report.tally import Amount, Verdicts
from geoaq.wording import say

MOST_ISSUES = 1_000_000
_COUNTED = ("all", "applies", "encouraged", "review", "not", "none", "chp_status", "chp_list_not_declared")


def write_issue_sheet(
    book: Any, title: str, issues: pd.DataFrame, field_heads: Mapping[str, str], lang: str
) -> None:
    """Write the issues, one a line: row, field (in the office's own words), value, kind and message."""
    issues = rendered_issues(issues)
    page = book.add_worksheet(title)
    heads = ("row", "field", "value", "severity", "message")
    line: Line = [say(f"reports.head_{name}", lang) for name in heads]
    _write_line(page, 0, line, book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}))
    quoted = book.add_format({"quote_prefix": True})
    kinds = {name: say(f"reports.severity_{name}", lang) for name in ("error", "warning", "repair")}
    names = ("row", "field", "value", "severity", f"message_{lang}")
    columns = (issues[name].head(MOST_ISSUES).tolist() for name in names)
    for at, (number, name, value, severity, message) in enumerate(zip(*columns, strict=True), 1):
        page.write_number(at, 0, number)
        cells = (field_heads.get(name, name), value, kinds[severity], message)
        for column, text in enumerate(cells, 1):
            page.write_string(at, column, text[:32_767], quoted if is_formula_like(text) else None)
    for column, width in enumerate((8, 22, 26, 10, 80)):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)


def write_notes_sheet(book: Any, title: str, summary: Summary, citations: Citations, lang: str) -> None:
    """Write disclaimer, counts in 台 and 蒸吨 by verdict and county, the sources cited and the versions."""
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for at, line in enumerate(_lines(summary, citations, lang)):
        heading = bool(line) and isinstance(line[-1], str) and len(line) > 2
        _write_line(page, at, line, bold if heading or at < 2 else None)
    for column, width in enumerate((44, 18, 14, 14, 14, 14, 14, 14, 14, 14)):
        page.set_column(column, column, width)


def _lines(summary: Summary, citations: Citations, lang: str) -> Iterator[Line]:
    yield [say(f"reports.notes_title_{summary.subject}", lang)]
    yield [say("reports.disclaimer", lang)]
    yield [say("reports.notes_as_of", lang), summary.as_of.isoformat()]
    yield [say("reports.notes_rows_read", lang), summary.rows.read]
    yield [say("reports.notes_rows_used", lang), summary.rows.with_results]
    yield [say("reports.notes_rows_unusable", lang), summary.rows.unusable]
    yield []
    if isinstance(summary, ProjectSummary):
        yield from project_lines(summary, citations, lang)
    else:
        yield from _amount_lines(summary, citations, lang)
    yield []
    yield from _versions(summary, lang)


def _amount_lines(summary: Summary, citations: Citations, lang: str) -> Iterator[Line]:
    """Yield the counts of boilers or units with their capacities."""
    counts = summary.counts
    boilers = counts.capacity_unit == "t/h"
    capacity = say("reports.notes_tph" if boilers else "reports.notes_mw", lang)
    # Chinese pages say 万千瓦, ten megawatts.
    factor = 1.0 if boilers or lang == "en" else 0.1

    def amount(of: Amount) -> Line:
        return [of.count, round(of.capacity * factor, 3)]

    count = say("reports.notes_count", lang)
    lacking = say("reports.notes_without_capacity", lang)
    yield [say("reports.notes_verdict", lang), count, capacity, lacking]
    for name, of in verdict_amounts(counts.verdicts):
        yield [say(f"reports.notes_{name}", lang), *amount(of), of.without_capacity]
    yield []
    heads: Line = [say("reports.notes_county", lang)]
    for name in _COUNTED:
        label = say(f"reports.notes_{name}", lang)
        heads.extend((f"{label}（{count}）", f"{label}（{capacity}）"))
    yield heads
    for county in counts.by_county:
        line: Line = [county_text(county, lang)]
        for _, of in verdict_amounts(county.verdicts):
            line.extend(amount(of))
        yield line
    yield []
    yield [say("reports.notes_rule", lang), count, capacity, say("reports.notes_sources", lang)]
    for rule, of in counts.by_lead_rule.items():
        cited = citations[rule]
        yield [cited["title"], *amount(of), f"{cited['document']}{cited['article']}"]


def _versions(summary: Summary, lang: str) -> Iterator[Line]:
    yield [say("reports.notes_versions", lang)]
    for one in summary.inputs:
        yield [say("reports.notes_input", lang, role=one.role), one.sha256]
    policy, code = summary.policy, summary.code
    yield [say("reports.notes_policy", lang, id=policy.id, version=policy.version), policy.sha256]
    for layer, digest in summary.layers.items():
        yield [say("reports.notes_layer", lang, id=layer), digest]
    yield [say("reports.notes_code", lang, version=code.version), code.source_sha256]
    if code.lock_sha256:
        yield [say("reports.notes_lock", lang), code.lock_sha256]


def verdict_amounts(verdicts: Verdicts) -> Iterator[tuple[str, Amount]]:
    """Yield name and amount of every verdict, in the order of the tables.

    The names are those of ``summary.json``.
    """
    for name in _COUNTED:
        yield name, getattr(verdicts, "not_" if name == "not" else name)


def _write_line(page: Any, row: int, line: Line, look: Any) -> None:
    for column, value in enumerate(line):
        if isinstance(value, str):
            page.write_string(row, column, value, look)
        else:
            page.write_number(row, column, value, look)
