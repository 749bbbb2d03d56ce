"""What a later policy or boundary would change in a sheet: the project screened anew, side by side."""

from __future__ import annotations

from datetime import date
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.flows.border.job import ProjectJob
from geoaq.flows.border.request import ProjectRequest
from geoaq.flows.border.sheet import sheet_data
from geoaq.flows.screening import run
from geoaq.frames import PROJECTS, IssueLog
from geoaq.io.lists.intake import SheetLayout
from geoaq.io.lists.projects import ProjectIntake
from geoaq.report.sheet import Recheck, SheetData, Words, sheet_changes

_UNKNOWN: dict[str, Any] = {"str": "", "int": 0, "float": np.nan, "tri": 2, "bool": False}
_KINDS: dict[str, Any] = {"tri": np.int8, "int": np.int64, "float": np.float64, "bool": np.bool_}


def recheck(data: SheetData, *, catalog: Catalog, layers_dir: Path, as_of: date) -> Recheck:
    """Return what the present policy and the shipped lines would change in a sheet, as `compare_sheet`."""
    fresh = _screened_again(data, catalog, layers_dir, as_of, None)
    return Recheck(
        number=data.number,
        name=data.project.name,
        as_of=data.as_of,
        now=as_of,
        policy=data.policy,
        policy_now=fresh.policy,
        changes=sheet_changes(data, fresh),
    )


def compare_sheet(
    data: SheetData,
    *,
    catalog: Catalog,
    layers_dir: Path,
    as_of: date,
    boundaries: Path | None = None,
) -> tuple[Words, ...]:
    """Screen the project of a sheet anew and return what would change, () for nothing.

    Parameters
    ----------
    data
        The sheet; the outline of a site is kept in it to a decimetre.
    catalog, layers_dir
        The present policy and boundaries.
    as_of
        The day whose rules are asked for.
    boundaries
        The office's own line, where it decides.

    Raises
    ------
    InputError
        ``sheet_without_facts``: the sheet does not hold what the list stated; or as of `screen_projects`.

    Notes
    -----
    Layers of the office are no part of a sheet: what they decided is screened without them.
    """
    return sheet_changes(data, _screened_again(data, catalog, layers_dir, as_of, boundaries))


def _screened_again(
    data: SheetData, catalog: Catalog, layers_dir: Path, as_of: date, boundaries: Path | None
) -> SheetData:
    if not data.facts:
        raise InputError("sheet_without_facts")
    with TemporaryDirectory(prefix="geoaq-") as name:
        folder = Path(name)
        listing = folder / "list"
        listing.write_bytes(b"")
        request = ProjectRequest(
            path=listing,
            as_of=as_of,
            catalog=catalog,
            layers_dir=layers_dir,
            formats=("parquet",),
            boundaries=boundaries,
            boundary_error_m=data.boundary_error_m,
            downwind_threshold_ug_m3=data.downwind_threshold_ug_m3,
        )
        run(_Again(request, data), folder / "out")
        return sheet_data(
            folder / "out", data.project.row, data.project.part, catalog=catalog, layers_dir=layers_dir
        )


class _Again(ProjectJob):
    """The screening of the one project of a sheet."""

    def __init__(self, request: ProjectRequest, data: SheetData) -> None:
        super().__init__(request, "project")
        self._data = data

    def read(self) -> ProjectIntake:
        """Return the project as its sheet holds it."""
        sites = np.empty(1, object)
        sites[0] = _outline(self._data)
        layout = SheetLayout("", "sheet", "", "", (0,), 1, {}, (), ())
        raw = pd.DataFrame(index=[self._data.project.row])
        self._intake = ProjectIntake(_frame(self._data), IssueLog(), layout, raw, 1, 1, sites)
        return self._intake


def _frame(data: SheetData) -> pd.DataFrame:
    """Return the facts of a sheet as a row of the contract; what is not known is so again."""
    columns: dict[str, Any] = {}
    for column in PROJECTS.columns:
        value = data.facts.get(column.name)
        stated = _UNKNOWN[column.kind] if value is None else value
        columns[column.name] = pd.Series([stated], dtype=_KINDS.get(column.kind, object))
    return pd.DataFrame(columns)


def _outline(data: SheetData) -> Any:
    """Return the site from its rings (what lies inside an odd number of them), None for a point."""
    rings = [shapely.Polygon(ring) for ring in data.shapes.site]
    return reduce(shapely.symmetric_difference, rings) if rings else None
