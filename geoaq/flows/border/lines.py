"""The counts of a screening of projects as lines: rows, issues, both limbs, provinces."""

from __future__ import annotations

from geoaq import report
from geoaq.cards.projects import province
from geoaq.findings import OUTCOMES
from geoaq.wording import say


def project_lines(summary: report.ProjectSummary, lang: str) -> list[str]:
    """Return what the command line says of a finished screening."""
    lines = [
        say("cli.rows", lang, **summary.rows.model_dump()),
        say("cli.issues", lang, rows=summary.rows.to_check, repairs=summary.issues.get("repair", 0)),
    ]
    for limb, counts in summary.by_limb.items():
        told = {word: counts.get(word, 0) for word in OUTCOMES}
        lines.append(say(f"cli.project_limb_{limb}", lang, **told))
    if summary.by_consultee:
        lines.append(say("cli.project_consultees", lang))
        lines += [
            say("cli.project_consultee", lang, province=province(code, lang), count=count)
            for code, count in summary.by_consultee.items()
        ]
    lines += [say(f"cli.left_out_{reason}", lang, name=name) for name, reason in summary.left_out.items()]
    return lines
