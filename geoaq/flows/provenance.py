"""What a screening was made from: enough to reproduce it, and nothing of this machine."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

import geoaq
from geoaq import policy, report
from geoaq.flows.context import Ground
from geoaq.flows.datum import datum_report, score_datum
from geoaq.flows.request import Request
from geoaq.io.lists import Intake
from geoaq.policy.sources import Source

# What the shipped samples write into their sheet name and their remarks.
_SYNTHETIC = "合成"
_DECIDING = ("amap/", "tianditu/", "plants")
_LINES = ("/borders/", "/coast/")
_INDEX = "/index/"


def shared_record(
    request: Request,
    context: Ground,
    intake: Intake,
    issues: pd.DataFrame,
    counts: report.Counts,
    left_out: Mapping[str, str],
    subject: report.Subject,
    rows_with_results: int,
    *,
    own_files: Sequence[report.Input] = (),
) -> dict[str, Any]:
    """Return what the summary of every screening holds, whatever its list.

    Parameters
    ----------
    issues
        The issues as written to ``issues.csv``.
    left_out
        Files that were asked for and not written, with the reason.
    rows_with_results
        Rows of the list of which at least one subject was screened.
    own_files
        Files that the office gave besides the list and its layers.
    """
    pack = context.pack
    return {
        "subject": subject,
        "as_of": request.as_of,
        "lang": "en" if request.lang == "en" else "zh",
        "synthetic": _says_synthetic(intake),
        "rows": report.Rows(
            read=intake.rows_read,
            with_results=rows_with_results,
            unusable=intake.rows_read - rows_with_results,
            to_check=_rows_to_check(issues),
        ),
        "issues": dict(sorted(Counter(issues["severity"]).items())),
        "issue_codes": dict(sorted(Counter(issues["code"]).items())),
        "counts": counts,
        "datum": _datum(request, context, intake),
        "inputs": _inputs(request, intake, own_files),
        "policy": report.Policy(
            id=pack.id,
            version=pack.version,
            sha256=pack.hash,
            readings={name: term.adopted for name, term in pack.terms.items()},
        ),
        "layers": _deciding(context.built.report["files"], subject),
        "layer_complete": {
            name: tuple(sorted(codes)) for name, codes in sorted(request.layer_complete.items())
        },
        "rules_not_in_force": _set_aside(pack, subject, request.as_of),
        "brakes": _brakes(pack, subject, request.as_of),
        "code": report.code_record(_lock()),
        "left_out": dict(left_out),
    }


def _rows_to_check(issues: pd.DataFrame) -> int:
    """Return how many rows of the list have an error or a warning; what was repaired needs no check."""
    doubtful = issues["severity"].isin(("error", "warning")) & (issues["row"] > 0)
    return int(issues.loc[doubtful, "row"].nunique())


def _says_synthetic(intake: Intake) -> bool:
    """Say whether the sheet's name or a row's remark calls the list synthetic."""
    if _SYNTHETIC in intake.layout.sheet:
        return True
    remark = intake.layout.columns.get("remark")
    return remark is not None and bool(intake.raw.iloc[:, remark].str.contains(_SYNTHETIC, na=False).any())


def _datum(request: Request, context: Ground, intake: Intake) -> report.DatumReport:
    return datum_report(*score_datum(intake, context.admin), used=request.datum or "unstated")


def _deciding(files: Mapping[str, str], subject: report.Subject) -> dict[str, str]:
    """Return the hashes of the built files that decide; the others only draw.

    The parts of an index of lines count as one. No province line decides on boilers, no plant on projects.
    """
    found: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    for name, digest in sorted(files.items()):
        folder, _, part = name.partition(_INDEX)
        of_project = any(line in name for line in _LINES)
        foreign = name.startswith("plants") if subject == "project" else of_project
        if foreign or not name.startswith(_DECIDING):
            continue
        if part:
            parts.setdefault(f"{folder}{_INDEX}".rstrip("/"), []).append(f"{part} {digest}")
        else:
            found[name] = digest
    joined = {name: hashlib.sha256("\n".join(held).encode()).hexdigest() for name, held in parts.items()}
    return dict(sorted((found | joined).items()))


def _set_aside(pack: policy.Pack, subject: report.Subject, as_of: date) -> tuple[report.NotInForce, ...]:
    """Return the rules that give no finding on this day, and why."""
    return tuple(
        report.NotInForce(
            rule_id=rule.id, document=pack.document(rule.source), reason=_why_not(source, as_of)
        )
        for rule in pack.rules.values()
        if rule.conditions(subject) and not (source := pack.sources[rule.source]).in_force(as_of)
    )


def _why_not(source: Source, as_of: date) -> str:
    if source.status == "consultation_draft":
        return "draft"
    return "not_yet" if as_of < source.effective else "expired"


def _brakes(pack: policy.Pack, subject: report.Subject, as_of: date) -> tuple[report.Brake, ...]:
    """Return the sentences that hold a closure back on this day."""
    return tuple(
        report.Brake(
            id=brake.id,
            quote=brake.quote,
            document=pack.document(brake.source),
            article=brake.article,
            binding=brake.binding,
        )
        for brake in pack.brakes.values()
        if subject in brake.subjects and (not brake.seasonal or pack.season.holds(as_of))
    )


def _inputs(request: Request, intake: Intake, own_files: Sequence[report.Input]) -> tuple[report.Input, ...]:
    layout = intake.layout
    files = [
        report.file_input(
            request.path,
            "list",
            kind=layout.kind,
            sheet=layout.sheet,
            encoding=layout.encoding,
            header_rows=tuple(layout.header_rows),
        )
    ]
    files.extend(own_files)
    files.extend(
        report.file_input(path, f"layer:{name}") for name, path in sorted(request.user_layers.items())
    )
    return tuple(files)


def _lock() -> Path | None:
    """Return the lock file of a checkout or an offline bundle, or None where there is none."""
    path = Path(geoaq.__file__).parent.parent / "requirements" / "run.txt"
    return path if path.exists() else None
