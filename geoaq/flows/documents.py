"""The files that hold a whole list at once: workbook, GeoJSON, GeoPackage, one-file map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import report
from geoaq.flows.beside import Later, Wait
from geoaq.flows.citations import worded_citations
from geoaq.flows.context import Ground
from geoaq.flows.job import Features, Job, Screened
from geoaq.flows.request import MOST_ROWS_IN_A_DOCUMENT, Progress
from geoaq.io.lists import Intake
from geoaq.store.staging import TABLES_ARE_WHOLE

_WHOLE = ("xlsx", "geojson", "gpkg", "map")


class Documents:
    """Keeps the screened chunks back until every file that needs them all can be written.

    Parameters
    ----------
    job
        The screening: which files are asked for, and how its map is written.
    n
        Number of rows with a subject; above `MOST_ROWS_IN_A_DOCUMENT` only the map is written, in cells.
    """

    def __init__(self, job: Job[Any, Any], n: int) -> None:
        self._job = job
        self._request, self._subject = job.request, job.subject
        request = job.request
        wanted = [name for name in _WHOLE if name in request.formats]
        fits = n <= MOST_ROWS_IN_A_DOCUMENT
        self._names = [name for name in wanted if fits or name == "map"]
        self.left_out: dict[str, str] = {
            name: "too_many_subjects" for name in wanted if name not in self._names
        }
        self._subjects: list[pd.DataFrame] = []
        self._findings: list[pd.DataFrame] = []
        self._drawn: dict[str, Features] = {}

    def keep(self, screened: Screened) -> None:
        """Keep a chunk, as far as a document will ask for it."""
        if not self._names:
            return
        self._subjects.append(screened.subjects)
        if "map" in self._names:
            place = screened.subjects[["row", "part"]].take(screened.findings["subject"].to_numpy())
            findings = screened.findings.drop(columns="subject")
            self._findings.append(pd.concat([place.reset_index(drop=True), findings], axis=1))

    def draw(self, folder: Path) -> None:
        """Write what a map draws besides the subjects: it is read with the tables, before ``map.html``."""
        if "map" in self._names:
            self._drawn = self._job.draw(folder)

    def write(
        self,
        folder: Path,
        ground: Ground,
        intake: Intake,
        issues: pd.DataFrame,
        summary: report.Summary,
        progress: Progress,
        later: Later,
    ) -> None:
        """Write the documents that were asked for into ``folder``, which holds every table by now."""
        if not self._names:
            return
        progress(TABLES_ARE_WHOLE, 0, len(self._names))
        subjects = pd.concat(self._subjects, ignore_index=True)
        citations = worded_citations(ground.pack, self._request.as_of, self._request.lang)
        steps, lang = len(self._names), self._request.lang
        workbook = self._start_workbook(folder, intake, issues, summary, subjects, citations, later)
        quick = [name for name in self._names if name != "xlsx"]
        for done, name in enumerate(quick):
            progress(TABLES_ARE_WHOLE, done, steps)
            if name == "geojson":
                report.write_geojson(
                    folder / "findings.geojson", subjects, citations, subject=self._subject, lang=lang
                )
            elif name == "gpkg":
                report.write_geopackage(
                    folder / "findings.gpkg",
                    subjects,
                    self._job.layers(),
                    citations,
                    as_of=self._request.as_of,
                    subject=self._subject,
                    lang=lang,
                )
            else:
                found = pd.concat(self._findings, ignore_index=True)
                self._job.write_map(folder, subjects, found, self._drawn, citations)
        workbook(lambda: progress(TABLES_ARE_WHOLE, len(quick), steps))
        progress(TABLES_ARE_WHOLE, steps, steps)

    def _start_workbook(
        self,
        folder: Path,
        intake: Intake,
        issues: pd.DataFrame,
        summary: report.Summary,
        subjects: pd.DataFrame,
        citations: report.Citations,
        later: Later,
    ) -> Wait:
        """Start the slowest document, where it is asked for, and return how to wait for it."""
        if "xlsx" not in self._names:
            return lambda _tick: None
        return later(
            report.write_workbook,
            path=folder / "findings.xlsx",
            subjects=subjects,
            issues=issues,
            citations=citations,
            summary=summary,
            office=_office(intake, self._request.path),
            lang=self._request.lang,
        )


def _office(intake: Intake, path: Path) -> report.OfficeList:
    """Say where the list stands in the office's own file."""
    layout = intake.layout
    rows = [(int(number), cells) for number, *cells in intake.raw.itertuples(name=None)]
    return report.OfficeList(
        sheet=layout.sheet,
        header_row=layout.header_rows[-1],
        width=len(layout.headers),
        fields={name: place + 1 for name, place in layout.columns.items()},
        rows=[(layout.header_rows[-1], layout.headers), *rows],
        source=path if layout.kind == "xlsx" else None,
    )
