"""What a screening does differently by what its list holds; the rest is `geoaq.flows.screening.run`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from geoaq import report
from geoaq.flows.context import Ground
from geoaq.flows.request import Progress, Request
from geoaq.io.lists import Intake

Asked = TypeVar("Asked", bound=Request)
Told = TypeVar("Told", bound=report.Summary)
Features = dict[str, Any]


@dataclass(frozen=True)
class Screened:
    """One chunk of a list, screened.

    Parameters
    ----------
    subjects
        The clean rows, with place, measurement and lead (columns of ``subjects.parquet``).
    findings
        Long: ``subject`` (position in ``subjects``), one row a rule (see `geoaq.findings`).
    pairs
        Subject and what lies in its reach: plants of boilers and units, provinces of projects.
    """

    subjects: pd.DataFrame
    findings: pd.DataFrame
    pairs: pd.DataFrame


class Job(ABC, Generic[Asked, Told]):
    """One screening of one kind of list.

    Parameters
    ----------
    request
        What is asked.
    subject
        What the list holds.
    """

    def __init__(self, request: Asked, subject: report.Subject) -> None:
        self.request = request
        self.subject = subject

    @abstractmethod
    def read(self) -> Intake:
        """Read the list."""

    @abstractmethod
    def open(self) -> Ground:
        """Load what the screening leans on."""

    @abstractmethod
    def screen(self, frame: pd.DataFrame, progress: Progress) -> Iterator[Screened]:
        """Locate, measure and rule the usable rows, chunk by chunk."""

    @abstractmethod
    def draw(self, folder: Path) -> dict[str, Features]:
        """Write what a map draws besides the subjects, and return it by id of the layer on the map."""

    @abstractmethod
    def layers(self) -> tuple[report.SpatialLayer, ...]:
        """Return the layers of the GeoPackage besides the subjects."""

    @abstractmethod
    def summarise(self, record: dict[str, Any]) -> Told:
        """Return the summary, from what every summary holds."""

    @abstractmethod
    def write_tables(self, folder: Path) -> None:
        """Write what else belongs to the tables, after the subjects and before the summary."""

    @abstractmethod
    def own_files(self) -> tuple[report.Input, ...]:
        """Return the files that the office gave besides the list and its layers."""

    @abstractmethod
    def write_map(
        self,
        folder: Path,
        subjects: pd.DataFrame,
        findings: pd.DataFrame,
        drawn: dict[str, Features],
        citations: report.Citations,
    ) -> None:
        """Write ``map.html``; ``findings`` have ``row`` and ``part`` in place of ``subject``."""
