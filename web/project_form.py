"""The form of one project: its fields by part, and what was filled in as the file that a screening reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import request

from geoaq.cards import evidence
from geoaq.catalog import Catalog, ProductColumn
from geoaq.errors import InputError, LimitError
from geoaq.flows import border
from geoaq.maps import parse_area
from geoaq.store.attempts import Attempt
from geoaq.wording import Lang, say
from web.language import reader
from web.received import optional_file
from web.work import SPATIAL

# The field of a file with the outline of the project.
SITE_FILE = "project.site_file"
# Longest text of one field, characters.
TEXT_MAX = 500
_FIRST = ("name", "applicant")
_TRADE = ("industry", "industry_edition", "nature", "eia_kind", "stack", "new_stack")
_PARTS = {
    "place": ("project_no", "province", "city", "county"),
    "downwind": ("dispersion", "dispersion_model"),
    "vetoes": (
        "uses_coal", "coal_replacement", "adds_capacity", "capacity_swap", "regional_reduction",
        "new_captive_unit", "new_boiler", "new_boiler_fuel", "boiler_purpose",
    ),
    "emissions": ("so2", "nox", "dust", "vocs", "emissions", "remark"),
}  # fmt: skip
_QUALITIES = ("exact", "stack", "map_point", "outline", "gate", "geocoded", "park")
_WORDS = {
    "industry_edition": ("2017", "2011"),
    "nature": ("new", "relocation", "rebuild", "expansion", "technical"),
    "eia_kind": ("report_book", "report_form", "registration"),
    "new_boiler_fuel": ("coal", "biomass", "gas", "oil", "electric", "other"),
    "boiler_purpose": (
        "industrial", "domestic", "agricultural", "central_steam", "space_heating", "heating_unstated",
    ),
}  # fmt: skip
_SAME_WORDS = {"new_boiler_fuel": "fuel", "boiler_purpose": "purpose"}
_YES_NO = (
    "new_stack", "uses_coal", "coal_replacement", "adds_capacity", "capacity_swap", "regional_reduction",
    "new_captive_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field: name, label, unit, an example, a note, and the choices of a closed one (value, text)."""

    name: str
    title: str
    unit: str
    example: str
    note: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProjectForm:
    """The fields of the form: those in sight, and the folded parts by name."""

    first: tuple[Field, ...]
    trade: tuple[Field, ...]
    parts: dict[str, tuple[Field, ...]]
    qualities: tuple[tuple[str, str], ...]


def project_form(catalog: Catalog, lang: Lang) -> ProjectForm:
    """Return the form in one language; titles and notes are those of the list of projects."""
    columns = {column.column: column for column in catalog.products["project_list"].columns}

    def fields(names: tuple[str, ...]) -> tuple[Field, ...]:
        return tuple(_field(columns[name], lang) for name in names)

    return ProjectForm(
        first=fields(_FIRST),
        trade=fields(_TRADE),
        parts={part: fields(names) for part, names in _PARTS.items()},
        qualities=tuple((name, say(f"pages.quality_{name}", lang)) for name in _QUALITIES),
    )


def _field(column: ProductColumn, lang: Lang) -> Field:
    name = column.column
    same = _SAME_WORDS.get(name, name)
    choices = tuple((word, evidence.word(same, word, lang)) for word in _WORDS.get(name, ()))
    if name in _YES_NO:
        choices = tuple((word, say(f"pages.{word}", lang)) for word in ("yes", "no"))
    return Field(
        name=name,
        title=column.title.say(lang),
        unit=say("client.unit_m", lang) if column.unit == "米" else column.unit or "",
        example="" if choices else column.example or "",
        note=column.note.say(lang) if column.note else "",
        choices=choices,
    )


def project_name() -> str:
    """Return what the form calls the project, as the name of a file may have it."""
    return request.form.get("project.name", "").strip().replace("/", "／")[:TEXT_MAX]


def write_stated_project(attempt: Attempt, catalog: Catalog) -> Path:
    """Write the one project that the form states into the staging folder.

    Raises
    ------
    InputError
        A field that cannot be used: ``field`` names it as the form does; ``site_twice``: the site was drawn,
        and a file of it is given too.
    """
    fields = {name: request.form.get(f"project.{name}", "") for name in border.FIELDS}
    for name, stated in fields.items():
        if len(stated) > TEXT_MAX:
            raise LimitError("text_too_long", limit=TEXT_MAX, length=len(stated), field=f"project.{name}")
    folder = attempt.folder / "input" / "list"
    folder.mkdir(parents=True)
    product = catalog.products["project_list"]
    drawn, given = _site(), optional_file(SITE_FILE, SPATIAL) is not None
    if drawn and given:
        raise InputError("site_twice", field=SITE_FILE)
    try:
        return border.write_project(
            folder, fields, product=product, lang=reader(), site=drawn, outline_follows=given
        )
    except InputError as error:
        if error.code == "project_field":
            error.params["field"] = f"project.{error.params['field']}"
        raise


def _site() -> list[tuple[float, float]]:
    """Return the corners of the site that was drawn on the map, none where none was."""
    drawn = request.form.get("project.site", "").strip()
    return [(lon, lat) for lon, lat in parse_area(drawn).tolist()] if drawn else []
