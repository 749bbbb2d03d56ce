"""Reads projects: a list as offices keep it, or a file of sites with the same columns as attributes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.frames import PROJECTS, IssueLog
from geoaq.io.lists.columns import digits_lost, read_tri, read_words, stated_text, vocabularies
from geoaq.io.lists.features import sheet_of_features
from geoaq.io.lists.heads import head_columns
from geoaq.io.lists.identity import subject_ids
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.positions import Positions, read_positions
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.project_facts import (
    read_dispersion,
    read_emissions,
    read_industries,
    read_natures,
    read_new_boilers,
    read_stacks,
)
from geoaq.io.lists.subjects import subjects
from geoaq.io.sites import Sites, read_sites
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.vectors.features import is_vector, read_features

_OWN_NUMBERS = ("project_no",)
_CONTENT = ("name", "applicant", "industry", "nature")
_PLANS = ("coal_replacement", "capacity_swap", "regional_reduction")
_QUALITY_OF_AREA = "outline"


@dataclass(frozen=True)
class ProjectIntake(Intake):
    """Projects that have been read.

    Parameters
    ----------
    sites
        Shapely Polygon or MultiPolygon in WGS 84 of each row of ``frame``, None for a point.
    """

    sites: npt.NDArray[np.object_]


def read_projects(
    path: Path,
    *,
    product: ListProduct,
    datum: str | None = None,
    site: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ProjectIntake:
    """Read projects: every cell repaired where that is certain, every repair and doubt noted.

    Parameters
    ----------
    path
        xlsx, xls, et, ods or csv with coordinates; or GeoPackage, shapefile (zipped or not), GeoJSON or KML
        with a point or an area a feature. What it is, is decided by its content.
    product
        The declared list (``layers/product/project_list.toml``).
    datum
        As in `geoaq.io.lists.read_boilers`; in a file of sites see `geoaq.io.sites.read_sites`.
    site
        The outline of the one project that ``path`` lists: a vector file with a single feature, whose
        attributes are not read.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    ProjectIntake
        ``frame`` follows `geoaq.frames.PROJECTS`, one row per project. Rows without a usable position or
        shape, or that repeat a row wholly, are unusable: they have an issue of severity ``error``.

    Raises
    ------
    InputError
        Neither table nor vector file, no header or position columns, no rows, or an unusable datum;
        ``site_for_one``, ``site_several``: a site is stated for a list of several, or its file has several.
    LimitError
        Beyond ``limits``.
    """
    log = IssueLog()
    if is_vector(path, limits):
        features = read_features(path, limits=limits)
        sheet = sheet_of_features(features, product, path, log)
        found = read_sites(features, sheet, datum)
        positions, shapes = found.positions, found.shapes
    elif site is not None:
        sheet = open_sheet(path, product, limits, log)
        found = _outline_of(sheet, site, datum, limits)
        positions, shapes = found.positions, found.shapes
    else:
        sheet = open_sheet(path, product, limits, log)
        positions = read_positions(sheet, datum)
        shapes = np.full(sheet.size, None, object)
    return _intake(sheet, product, positions, shapes)


def _outline_of(sheet: Sheet, site: Path, datum: str | None, limits: Limits) -> Sites:
    """Return the outline of the one row of a list, from a file of its own."""
    if sheet.size != 1:
        raise InputError("site_for_one", rows=sheet.size)
    features = read_features(site, limits=limits)
    if len(features.shapes) != 1:
        raise InputError("site_several", name=site.name, count=len(features.shapes))
    if features.others:
        others = "、".join(features.others)
        sheet.log.add(
            0, "site", site.name, "site_other_layers", "warning", layer=features.layer, others=others
        )
    return read_sites(features, sheet, datum)


def _intake(
    sheet: Sheet, product: ListProduct, positions: Positions, shapes: npt.NDArray[np.object_]
) -> ProjectIntake:
    words = vocabularies(product.words)
    ids, twice = subject_ids(sheet, _OWN_NUMBERS, _CONTENT, positions.printed, repeated="project_repeated")
    digits_lost(sheet, [column.column for column in product.columns if column.digits], _OWN_NUMBERS)
    area = np.array([shape is not None for shape in shapes.tolist()], bool)
    head = head_columns(sheet, ids, positions, words["position_quality"])
    quality = np.array(head["position_quality"].to_pylist(), object)
    # The outline itself is measured, whatever its centre would have been taken from.
    quality[area & (quality == "unstated")] = _QUALITY_OF_AREA
    code, edition = read_industries(sheet)
    natures = read_natures(sheet, words["nature"])
    stack, new_stack = read_stacks(sheet, natures, words["yes_no"])
    by_row = head | {
        "position_quality": quality,
        "applicant": stated_text(sheet, "applicant"),
        "geometry_kind": np.where(area, "polygon", "point").astype(object),
        "industry_code": code,
        "industry_edition": edition,
        "industry_text": sheet.text("industry"),
        "nature": natures,
        "stack_m": stack,
        "stack_text": sheet.text("stack"),
        "new_stack": new_stack,
        "eia_kind": read_words(sheet, "eia_kind", words["eia_kind"]),
        "uses_coal": read_tri(sheet, "uses_coal", words["yes_no"]),
        "adds_capacity": read_tri(sheet, "adds_capacity", words["yes_no"]),
        "new_captive_unit": read_tri(sheet, "new_captive_unit", words["yes_no"]),
        **{plan: read_tri(sheet, plan, words["planned"]) for plan in _PLANS},
        "new_boiler_tph": read_new_boilers(sheet),
        "new_boiler_fuel": read_words(sheet, "new_boiler_fuel", words["new_boiler_fuel"]),
        "boiler_purpose": read_words(sheet, "boiler_purpose", words["boiler_purpose"]),
        "dispersion_ug_m3": read_dispersion(sheet),
        "dispersion_model": stated_text(sheet, "dispersion_model"),
        "emissions_text": read_emissions(sheet),
        "remark": stated_text(sheet, "remark"),
    }
    used = ~(positions.bad | twice)
    frame = subjects(by_row, used, np.ones(sheet.size, np.int64), {}, PROJECTS)
    rows_used = int(used.sum())
    return ProjectIntake(frame, sheet.log, sheet.layout(), sheet.raw(), sheet.size, rows_used, shapes[used])
