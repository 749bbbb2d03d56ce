"""What was wrong with the rows of a file of detections, said in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.store.fires.store import FireStore

_NAMED = 8


def issue_lines(store: FireStore, sha256: str, lang: str) -> list[str]:
    """Return how many rows of a file are left out, and each thing that was wrong with the rows it is in."""
    from geoaq.report.issues import rendered_issues

    noted = store.manifest.ingest(sha256)
    if noted is None or not noted.issues:
        return []
    issues = rendered_issues(store.issues(noted))
    left_out = issues.loc[(issues["severity"] == "error") & (issues["row"] > 0), "row"].nunique()
    lines = [say("cli.fires_unusable", lang, count=left_out)] if left_out else []
    for (kind, text), found in issues.groupby(["severity", f"message_{lang}"], sort=False):
        told = {"severity": say(f"pages.severity_{kind}", lang), "text": text}
        rows = [str(row) for row in sorted(set(found["row"]) - {0})]
        if not rows:
            lines.append(say("cli.fires_issue_of_list", lang, **told))
            continue
        named = ("、" if lang == "zh" else ", ").join(rows[:_NAMED]) + (" …" if len(rows) > _NAMED else "")
        lines.append(say("cli.fires_issue", lang, count=len(found), rows=named, **told))
    return lines
