"""The heating job: boilers and small units against the plants in their reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from geoaq import report
from geoaq.flows.context import Context, open_context
from geoaq.flows.facts import Subject, screen_chunk
from geoaq.flows.heating_map import shown_facts, shown_subjects
from geoaq.flows.job import Features, Job, Screened
from geoaq.flows.map_file import write_map
from geoaq.flows.request import Progress, ScreeningRequest
from geoaq.flows.used import PLANTS_LAYER, Used
from geoaq.io.lists import Intake, read_boilers, read_units
from geoaq.wording import say

CHUNK = 50_000
_PRODUCTS = {"boiler": "boiler_list", "unit": "unit_list"}


class HeatingJob(Job[ScreeningRequest, report.Summary]):
    """The screening of a list of boilers or units."""

    _context: Context
    _used: Used

    def __init__(self, request: ScreeningRequest, subject: Subject) -> None:
        super().__init__(request, subject)
        self._subject: Subject = subject

    def read(self) -> Intake:
        """Read the list of boilers or units."""
        read = read_boilers if self.subject == "boiler" else read_units
        product = self.request.catalog.products[_PRODUCTS[self.subject]]
        return read(self.request.path, product=product, datum=self.request.datum)

    def open(self) -> Context:
        """Load boundaries, plants, the office's layers and the rules."""
        self._context = open_context(self.request)
        self._used = Used(self._context, self._subject)
        return self._context

    def screen(self, frame: pd.DataFrame, progress: Progress) -> Iterator[Screened]:
        """Locate, measure to the plants and rule, chunk by chunk."""
        for start in range(0, len(frame), CHUNK):
            progress("screening", start, len(frame))
            part = frame.iloc[start : start + CHUNK]
            screened = screen_chunk(self._context, self.request, part, self._subject)
            self._used.note(screened)
            yield screened

    def draw(self, folder: Path) -> dict[str, Features]:
        """Write the plants that came into question, their discs and the office's own areas."""
        return self._used.write(folder)

    def layers(self) -> tuple[report.SpatialLayer, ...]:
        """Return plants and discs."""
        return report.plant_layer(self._used.plants()), report.disc_layer(self._used.discs())

    def write_tables(self, folder: Path) -> None:
        """Write nothing: boilers and units have no table of their own."""

    def own_files(self) -> tuple[report.Input, ...]:
        """Return the office's plant list."""
        plants = self.request.plants
        return () if plants is None else (report.file_input(plants, "plants"),)

    def summarise(self, record: dict[str, Any]) -> report.Summary:
        """Return the summary with whose plants were looked at."""
        request = self.request
        return report.Summary(
            **record,
            plants="shipped" if request.plants is None else "own" if request.plants_only else "both",
            complete_for=tuple(sorted(request.complete_for)),
        )

    def write_map(
        self,
        folder: Path,
        subjects: pd.DataFrame,
        findings: pd.DataFrame,
        drawn: dict[str, Features],
        citations: report.Citations,
    ) -> None:
        """Write the map of plants, discs and subjects."""
        lang, context = self.request.lang, self._context
        plants = drawn[PLANTS_LAYER]
        write_map(
            folder,
            self.request,
            context,
            shown_subjects(subjects, findings, plants, context, citations, self._subject, lang),
            findings,
            drawn,
            citations,
            facts=shown_facts(subjects, citations, lang),
            title=say(f"cli.map_title_{self.subject}", lang),
            view="heating",
        )
