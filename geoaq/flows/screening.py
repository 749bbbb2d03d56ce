"""A whole screening: list in, folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import report
from geoaq.cards.evidence import in_unit
from geoaq.cards.issues import field_names
from geoaq.errors import InputError
from geoaq.findings import FALSE
from geoaq.flows.beside import Later, beside
from geoaq.flows.context import Ground
from geoaq.flows.documents import Documents
from geoaq.flows.facts import Subject
from geoaq.flows.heating import HeatingJob
from geoaq.flows.job import Job, Told
from geoaq.flows.provenance import shared_record
from geoaq.flows.request import Progress, ScreeningRequest, no_progress
from geoaq.io.lists import Intake
from geoaq.store.staging import staged
from geoaq.wording import say
from geoaq.zones.admin import OUTSIDE

# A list from here on is worth a second process for its workbook (about two thousand rows as xlsx).
LONG_LIST_BYTES = 200_000


def screen(
    request: ScreeningRequest, out: Path, *, subject: Subject = "boiler", progress: Progress = no_progress
) -> report.Summary:
    """Screen a list of boilers or units and write the screening folder ``out``.

    Parameters
    ----------
    request
        The list, the day, and what the office adds.
    out
        A folder that must not exist; it appears whole or not at all.
    subject
        What the list holds.
    progress
        Called with (step, done, total); may raise to stop the work.

    Returns
    -------
    report.Summary
        The counts, as in ``summary.json``.

    Raises
    ------
    InputError
        The list, an own plant list or an own layer cannot be used.
    ConfigError
        The layers are not built.
    """
    return run(HeatingJob(request, subject), out, progress)


def run(job: Job[Any, Told], out: Path, progress: Progress = no_progress) -> Told:
    """Do a job from its list to its folder; parameters, result and errors as of `screen`."""
    request = job.request
    long_list = request.path.is_file() and request.path.stat().st_size > LONG_LIST_BYTES
    worth_it = long_list and "xlsx" in request.formats
    with beside("geoaq.report.workbook", worth_it=worth_it) as later:
        return _run(job, out, progress, later, beside_ready=worth_it)


def _run(job: Job[Any, Told], out: Path, progress: Progress, later: Later, *, beside_ready: bool) -> Told:
    request, subject = job.request, job.subject
    progress("reading", 0, 1)
    intake = job.read()
    if beside_ready and intake.layout.kind == "xlsx":
        # The file has been checked by now; its look is read on the other core while this one measures.
        later(report.read_ahead, path=request.path)
    progress("layers", 0, 1)
    ground = job.open()
    frame = _inside_china(intake, ground)
    if not len(frame):
        raise _unusable(job, intake)
    with staged(out) as folder:
        documents = Documents(job, frame["row"].nunique())
        tally = report.Tally(subject)
        with report.FindingsWriter(
            folder, ground.pack.citations(), subject=subject, formats=request.formats
        ) as writer:
            for screened in job.screen(frame, progress):
                _note_contradictions(intake, screened.subjects)
                writer.write(screened.subjects, screened.findings, screened.pairs)
                tally.count(screened.subjects, screened.findings)
                documents.keep(screened)
        progress("screening", len(frame), len(frame))
        issues = pd.concat([intake.issues.frame(), ground.issues.frame()], ignore_index=True)
        report.write_issues(folder / "issues.csv", issues)
        documents.draw(folder)
        job.write_tables(folder)
        record = shared_record(
            request,
            ground,
            intake,
            issues,
            tally.counts(),
            documents.left_out,
            subject,
            frame["row"].nunique(),
            own_files=job.own_files(),
        )
        summary = job.summarise(record)
        report.write_summary(folder / "summary.json", summary)
        documents.write(folder, ground, intake, issues, summary, progress, later)
    return summary


def _unusable(job: Job[Any, Any], intake: Intake) -> InputError:
    """Return why a list has no row to screen; of a single one what is wrong with its field."""
    request = job.request
    issues = intake.issues.frame()
    errors = issues[(issues["severity"] == "error").to_numpy() & (issues["row"] != 0).to_numpy()]
    if intake.rows_read > 1 or not len(errors):
        return InputError("no_usable_rows", name=request.path.name, rows=intake.rows_read)
    first = report.rendered_issues(errors).iloc[0]
    field = field_names(request.catalog, request.lang).get(str(first["field"]), str(first["field"]))
    return InputError("only_row_unusable", field=field, problem=first[f"message_{request.lang}"])


def _inside_china(intake: Intake, context: Ground) -> pd.DataFrame:
    """Return the rows that lie in China; the others leave as issues."""
    frame = intake.frame
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    outside = context.admin.locate(lon, lat) == OUTSIDE
    points = [f"{x:.6f}, {y:.6f}" for x, y in zip(lon[outside], lat[outside], strict=True)]
    intake.issues.add_many(frame["row"][outside], "lon", points, "outside_china")
    inside: pd.DataFrame = frame[~outside]
    return inside


def _note_contradictions(intake: Intake, subjects: pd.DataFrame) -> None:
    """Note every row whose point lies in another place than the row states."""
    wrong = subjects[(subjects["stated_ok"] == FALSE).to_numpy()]
    for row, stated, found in zip(wrong["row"], _place(wrong, "_stated"), _place(wrong, ""), strict=True):
        intake.issues.add(row, "county", stated, "outside_stated_place", "warning", found=found)


def _place(subjects: pd.DataFrame, suffix: str) -> list[str]:
    names = [subjects[f"{level}{suffix}"].astype(str) for level in ("province", "city", "county")]
    return [" ".join(dict.fromkeys(filter(None, words))) for words in zip(*names, strict=True)]


def summary_lines(summary: report.Summary, lang: str) -> list[str]:
    """Return the counts of a screening as lines: rows first, issues second, verdicts third."""
    verdicts = summary.counts.verdicts
    boilers = summary.counts.capacity_unit == "t/h"
    unit = say("cli.unit_tph" if boilers else "cli.unit_mw", lang)
    scale = 1 if boilers else 1 / in_unit(1.0, "mw", lang)
    amounts = {
        "applies": verdicts.applies,
        "encouraged": verdicts.encouraged,
        "review": verdicts.review,
        "not": verdicts.not_,
        "none": verdicts.none,
    }
    return [
        say("cli.rows", lang, **summary.rows.model_dump()),
        say("cli.issues", lang, rows=summary.rows.to_check, repairs=summary.issues.get("repair", 0)),
        *(
            say(
                f"cli.verdict_{name}",
                lang,
                count=amount.count,
                capacity=f"{amount.capacity / scale:,.1f}",
                unit=unit,
            )
            for name, amount in amounts.items()
            if amount.count or name != "none"
        ),
        *(say(f"cli.left_out_{reason}", lang, name=name) for name, reason in summary.left_out.items()),
    ]
