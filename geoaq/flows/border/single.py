"""One project as a form states it: written as a list of one row, and checked by the reader of lists."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from geoaq.catalog import Product
from geoaq.errors import InputError
from geoaq.io.lists.projects import read_projects
from geoaq.report import rendered_issues
from geoaq.wording import say

# What the form may state: columns of the list of projects.
FIELDS = (
    "project_no", "name", "applicant", "province", "city", "county", "lonlat", "datum", "position_quality",
    "industry", "industry_edition", "nature", "eia_kind", "stack", "new_stack", "dispersion",
    "dispersion_model", "uses_coal", "coal_replacement", "adds_capacity", "capacity_swap",
    "regional_reduction", "new_captive_unit", "new_boiler", "new_boiler_fuel", "boiler_purpose", "so2",
    "nox", "dust", "vocs", "emissions", "remark",
)  # fmt: skip
# Fields of the reader that stand in another of the form.
_SHOWN_AT = {"lon": "lonlat", "lat": "lonlat", "north": "lonlat", "east": "lonlat", "site": "lonlat"}
_PLACE = (*_SHOWN_AT, "lonlat")
_DRAWN_DATUM = "WGS84"
Corners = Sequence[tuple[float, float]]


def write_project(
    folder: Path,
    fields: Mapping[str, str],
    *,
    product: Product,
    lang: str,
    site: Corners = (),
    outline_follows: bool = False,
) -> Path:
    """Write one project as the file that `geoaq.flows.border.screen_projects` reads.

    Parameters
    ----------
    folder
        Where the file goes; it must exist.
    fields
        What the form states, by names of `FIELDS`; coordinates in any spelling that a list may have.
    product
        The declared list of projects: its titles head the columns.
    lang
        Language of the sentence in an error.
    site
        Corners of the outline that was drawn on the map, longitude and latitude in degrees (WGS 84); it then
        says where the project is, and how that was found.
    outline_follows
        The outline comes as a file of its own (`ProjectRequest.site`): no coordinates are stated.

    Returns
    -------
    Path
        ``project.csv``, or ``project.geojson`` where a site was drawn.

    Raises
    ------
    InputError
        ``project_field``: the name or the position cannot be used; ``field`` names it.
    """
    stated = {name: fields.get(name, "").strip() for name in FIELDS}
    if not stated["name"]:
        raise InputError("project_field", field="name", problem=_blank(product, "name", lang))
    if site:
        stated |= {"datum": _DRAWN_DATUM, "lonlat": f"{site[0][0]!r}, {site[0][1]!r}"}
        stated["position_quality"] = "outline"
    elif outline_follows:
        stated["lonlat"] = ""
    elif not stated["lonlat"]:
        raise InputError("project_field", field="lonlat", problem=_blank(product, "lonlat", lang))
    titles = {column.column: column.title.zh for column in product.columns}
    told = {titles[name]: value for name, value in stated.items()}
    _require_usable(told, product, lang, besides=_PLACE if outline_follows else ())
    if not site:
        return _table(folder / "project.csv", told)
    del told[titles["lonlat"]]
    ring = [list(corner) for corner in (*site, site[0])]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": told, "geometry": shape}
    path = folder / "project.geojson"
    collection = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    return path


def _table(path: Path, told: Mapping[str, str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([list(told), list(told.values())])
    return path


def _require_usable(
    told: Mapping[str, str], product: Product, lang: str, *, besides: Sequence[str] = ()
) -> None:
    """Read the row as a list is read; the first reason for which it cannot be used is told.

    What is wrong with the fields ``besides`` is not asked.
    """
    with TemporaryDirectory() as folder:
        issues = read_projects(_table(Path(folder) / "project.csv", told), product=product).issues.frame()
    unusable = issues[(issues["severity"] == "error") & ~issues["field"].isin(besides)]
    if len(unusable):
        first = rendered_issues(unusable).iloc[0]
        field = str(first["field"])
        raise InputError("project_field", field=_SHOWN_AT.get(field, field), problem=first[f"message_{lang}"])


def _blank(product: Product, name: str, lang: str) -> str:
    title = next(column.title.say(lang) for column in product.columns if column.column == name)
    return say("border.field_blank", lang, field=title)
