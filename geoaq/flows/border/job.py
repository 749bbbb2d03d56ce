"""A screening of projects: list or sites in, folder out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import policy, report
from geoaq.flows.border.context import BorderGround, open_border_ground
from geoaq.flows.border.drawing import (
    FEET_LAYER,
    SITES_LAYER,
    STRIPS_LAYER,
    foot_features,
    site_features,
    strip_features,
)
from geoaq.flows.border.facts import Measured, measure, rule
from geoaq.flows.border.kept_lines import LINES_FILE, PROVINCES_FILE, line_features, province_features
from geoaq.flows.border.map_file import write_project_map
from geoaq.flows.border.request import KEPT_POLICY, ProjectRequest
from geoaq.flows.border.tally import LimbTally
from geoaq.flows.border.wind import read_project_wind, summary_of_wind, wind_record, write_wind
from geoaq.flows.job import Features, Job, Screened
from geoaq.flows.request import Progress, no_progress
from geoaq.flows.screening import run
from geoaq.io.lists.projects import ProjectIntake, read_projects
from geoaq.io.wind import Wind
from geoaq.zones import border

CHUNK = 20_000


def screen_projects(
    request: ProjectRequest, out: Path, progress: Progress = no_progress
) -> report.ProjectSummary:
    """Screen a list of projects or a file of sites and write the screening folder ``out``.

    Parameters
    ----------
    request
        The list, the day, and what the office adds.
    out
        A folder that must not exist; it appears whole or not at all.
    progress
        Called with (step, done, total); may raise to stop the work.

    Raises
    ------
    InputError
        The list, the office's line, wind or layer cannot be used.
    ConfigError
        The layers are not built.
    """
    return run(ProjectJob(request, "project"), out, progress)


class ProjectJob(Job[ProjectRequest, report.ProjectSummary]):
    """The screening of a list of projects."""

    _intake: ProjectIntake
    _ground: BorderGround
    _measured: Measured
    _sites: npt.NDArray[np.object_]
    _tally: LimbTally
    _wind: Wind | None

    def read(self) -> ProjectIntake:
        """Read the list, or the sites with their attributes."""
        request = self.request
        product = request.catalog.products["project_list"]
        self._intake = read_projects(request.path, product=product, datum=request.datum, site=request.site)
        return self._intake

    def open(self) -> BorderGround:
        """Load boundaries and their lines, the office's layers and the rules."""
        self._ground = open_border_ground(self.request)
        self._tally = LimbTally()
        return self._ground

    def screen(self, frame: pd.DataFrame, progress: Progress) -> Iterator[Screened]:
        """Measure all projects to the lines, then ask the rules chunk by chunk."""
        progress("screening", 0, len(frame))
        self._sites = self._intake.sites[frame.index.to_numpy()]
        self._wind = read_project_wind(self.request, frame)
        if self._wind is not None and self.request.wind is not None:
            self._ground.issues.extend(self._wind.issues, list_name=self.request.wind.name)
        self._measured = measure(self._ground, frame, self._sites)
        self._leads: list[pd.Series] = []
        self._note_across()
        for start in range(0, len(frame), CHUNK):
            progress("screening", start, len(frame))
            screened = rule(self._ground, self.request, self._measured, start, min(start + CHUNK, len(frame)))
            self._tally.count(screened.subjects)
            self._leads.append(screened.subjects["lead"].astype(object))
            yield screened

    def _note_across(self) -> None:
        """Note every site whose outline lies in two provinces."""
        subjects = self._measured.subjects
        wide = subjects[subjects["across"].to_numpy(bool)]
        for row, name in zip(wide["row"], wide["name"], strict=True):
            self._intake.issues.add(row, "site", name, "site_across_provinces", "warning")

    def draw(self, folder: Path) -> dict[str, Features]:
        """Write the lines to the feet and the office's areas; sites and strips are written in any case."""
        drawn = {
            SITES_LAYER: self._site_features,
            FEET_LAYER: self._foot_features,
            STRIPS_LAYER: self._strip_features,
        }
        names = {FEET_LAYER: "feet"}
        for name, shapes in sorted(self._ground.areas.items()):
            drawn[name], names[name] = report.area_features(shapes), f"layer-{name}"
        for layer, name in names.items():
            report.write_features(folder / f"{name}.geojson", drawn[layer])
        return drawn

    # Tables, map and GeoPackage hold the same shapes: each kind is made once, when the rules have been asked.
    @cached_property
    def _ruled(self) -> pd.DataFrame:
        return self._measured.subjects.assign(lead=pd.concat(self._leads, ignore_index=True))

    @cached_property
    def _site_features(self) -> Features:
        return site_features(self._ruled, self._sites)

    @cached_property
    def _foot_features(self) -> Features:
        return foot_features(self._ruled, self._measured.pairs)

    @cached_property
    def _strip_features(self) -> Features:
        strip_km = self._ground.pack.strip("project").strip_km
        return strip_features(self._ground, self._measured.pairs, strip_km)

    def write_tables(self, folder: Path) -> None:
        """Write ``sites.geojson``, ``near.parquet`` (the other projects in the strips) and ``wind.json``.

        ``policy.json`` keeps the rules and ``lines.geojson`` the lines, so that a sheet can be made when they
        have changed; ``provinces.geojson`` the areas of the office's own boundaries.
        """
        (folder / KEPT_POLICY).write_text(policy.kept_pack(self.request.catalog.policy_dir), "utf-8")
        report.write_features(folder / "sites.geojson", self._site_features)
        report.write_features(folder / "strips.geojson", self._strip_features)
        borders, pairs = self._ground.borders, self._measured.pairs
        report.write_features(folder / LINES_FILE, line_features(borders, self._ruled, pairs))
        if self._ground.own_line:
            report.write_features(folder / PROVINCES_FILE, province_features(borders, pairs))
        if "parquet" in self.request.formats:
            report.write_near(folder / "near.parquet", self._ruled, self._measured.near.named)
        if self._wind is not None:
            write_wind(folder, wind_record(self._wind, self._ruled))

    def layers(self) -> tuple[report.SpatialLayer, ...]:
        """Return the outlines and the lines to the feet."""
        return (
            report.feature_layer("sites", "MultiPolygon", self._site_features),
            report.feature_layer("feet", "LineString", self._foot_features),
        )

    def own_files(self) -> tuple[report.Input, ...]:
        """Return the office's line, its wind, and the tables of other screenings that were looked at."""
        request = self.request
        files = [(request.site, "site"), (request.boundaries, "boundaries"), (request.wind, "wind")]
        given = [report.file_input(path, role) for path, role in files if path is not None]
        beside = (folder / "consultees.parquet" for folder in request.beside)
        return (*given, *(report.file_input(path, "beside") for path in beside))

    def summarise(self, record: dict[str, Any]) -> report.ProjectSummary:
        """Return the summary with the borders, the numbers of the office and the counts by limb."""
        ground, strip = self._ground, self._ground.pack.strip("project")
        return report.ProjectSummary(
            **record,
            **self._tally.record(),
            strip_km=strip.strip_km,
            strip_inclusive=strip.inclusive,
            boundary_error_m=ground.boundary_error_m,
            downwind_threshold_ug_m3=self.request.downwind_threshold_ug_m3,
            borders=_record(ground.borders),
            second_borders=_record(ground.second_borders),
            projects_beside=sum(len(one) for one in ground.others),
            wind=None if self._wind is None else summary_of_wind(self._wind),
        )

    def write_map(
        self,
        folder: Path,
        subjects: pd.DataFrame,
        findings: pd.DataFrame,
        drawn: dict[str, Features],
        citations: report.Citations,
    ) -> None:
        """Write the map of strips, sites, feet and projects."""
        write_project_map(folder, self.request, self._ground, subjects, findings, drawn, citations)


def _record(borders: border.Borders) -> report.BorderRecord:
    return report.BorderRecord(
        source=borders.source,
        name=borders.name,
        version=borders.version,
        sha256=borders.sha256,
        pairs=len(borders.pairs),
        length_km=float(borders.facts["length_km"]),
        edge_meaning=str(borders.facts["edge_meaning"]),
        snap_report=len(borders.facts["unmatched_near"]),
    )
