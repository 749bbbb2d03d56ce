"""Which columns the tables of a screening have, by what the list holds.

They are lists of what may leave, not of what must not: a column that is not named here, such as a contact or
a telephone number, cannot get into any file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from geoaq.frames import PROJECTS, Contract

Subject = Literal["boiler", "unit", "project"]
Fields = list[tuple[str, pa.DataType]]

CSV_COLUMNS = (
    "row", "subject_id", "name", "lon", "lat", "province", "city", "county", "adcode", "rule_id", "outcome",
    "strength", "timing", "basis", "distance_km", "margin_m", "anchor_id", "anchor_name", "contested_by",
    "reasons", "quote", "document", "article",
)  # fmt: skip
PROJECT_CSV_COLUMNS = (
    "row", "subject_id", "name", "lon", "lat", "province", "city", "county", "adcode", "rule_id", "outcome",
    "strength", "timing", "basis", "distance_km", "margin_m", "neighbour", "neighbour_name", "contested_by",
    "reasons", "quote", "document", "article",
)  # fmt: skip


def _texts(*names: str) -> Fields:
    return [(name, pa.string()) for name in names]


def _numbers(*names: str) -> Fields:
    return [(name, pa.float64()) for name in names]


def _of_contract(contract: Contract, *, besides: Fields) -> Fields:
    """Return the columns that a list has by its contract, but for some."""
    kinds = {
        "str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "tri": pa.bool_(),
    }  # fmt: skip
    known = {name for name, _ in besides}
    return [(one.name, kinds[one.kind]) for one in contract.columns if one.name not in known]


_KEY: Fields = [("row", pa.int64()), ("part", pa.int32()), ("subject_id", pa.string())]
_HEAD: Fields = [
    *_KEY, *_texts("name"), *_numbers("lon", "lat"), *_texts("province", "city", "county", "adcode"),
]  # fmt: skip
_LEAD: Fields = [
    *_texts("datum"), *_numbers("u_m"), *_texts("lead", "lead_rule", "lead_outcome", "lead_timing"),
]  # fmt: skip
_ANCHOR: Fields = [
    *_texts("anchor_id", "anchor_name"), *_numbers("distance_km", "margin_m", "distance_u_m"),
    *_texts("chp_outcome", "review_reasons", "lead_contested_by", "brakes"),
]  # fmt: skip
_OF_KIND: dict[Subject, Fields] = {
    "boiler": [
        *_texts("fuel", "boiler_class", "purpose", "status"), ("commissioned_year", pa.int32()),
        *_numbers("capacity_tph"), *_texts("capacity_text"), *_LEAD, *_ANCHOR,
    ],
    "unit": [*_texts("fuel", "unit_type", "status"), *_numbers("capacity_mw"), *_LEAD, *_ANCHOR],
    "project": [
        *_of_contract(PROJECTS, besides=_HEAD), *_numbers("u_m"),
        *_texts("lead", "lead_rule", "lead_outcome", "lead_timing"),
        *_texts("home_adcode", "home_name", "neighbour", "neighbour_name", "consultees", "consultee_names"),
        *_texts("consultee_km"), *_numbers("distance_km", "margin_m", "distance_u_m"),
        *_numbers("foot_lon", "foot_lat", "bearing_deg", "second_distance_km", "sources_m"),
        *_numbers("site_west", "site_south", "site_east", "site_north"),
        *_texts("limb_a", "limb_a_rule", "limb_a_note", "limb_b", "limb_b_rule"),
        *_texts("vetoes", "vetoes_to_check", "to_ask"),
        ("near_projects", pa.int32()), ("across", pa.bool_()), ("home_unsure", pa.bool_()),
        *_texts("review_reasons", "lead_contested_by"),
    ],
}  # fmt: skip
_REACH: Fields = [*_numbers("distance_km", "u_m"), ("truth", pa.string())]
ANCHORS_SCHEMA = pa.schema(
    [
        *_KEY, *_texts("plant_id", "plant_name"), *_numbers("lon", "lat", "installed_mw"), *_REACH,
        ("confirmed", pa.bool_()),
    ]
)  # fmt: skip
CONSULTEES_SCHEMA = pa.schema(
    [
        *_KEY, *_texts("home", "neighbour", "neighbour_name", "kind"), *_REACH, *_texts("reasons"),
        *_numbers("foot_lon", "foot_lat", "from_lon", "from_lat", "bearing_deg", "second_distance_km"),
    ]
)  # fmt: skip

NEAR_SCHEMA = pa.schema(
    [
        *_KEY, ("list", pa.int32()), ("other_row", pa.int64()), ("other_part", pa.int32()),
        *_texts("other_id", "other_name"), *_numbers("other_lon", "other_lat", "distance_km"),
        *_texts("other_industry", "other_outcome", "strips"),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class TableKind:
    """The tables of one kind of list.

    Parameters
    ----------
    csv
        Columns of ``findings.csv``.
    subjects
        Schema of ``subjects.parquet``.
    measured
        Columns of the csv that stand only where a rule measured a distance: what it was measured to.
    pairs_name, pairs
        Name and schema of the table of what lies in reach.
    truth
        Its words for false, true and unknown.
    """

    csv: tuple[str, ...]
    subjects: pa.Schema
    measured: tuple[str, str]
    pairs_name: str
    pairs: pa.Schema
    truth: tuple[str, str, str]


def table_kind(subject: Subject) -> TableKind:
    """Return the tables of a list of boilers, of units or of projects."""
    fields = subjects_schema(subject)
    if subject == "project":
        return TableKind(
            PROJECT_CSV_COLUMNS, fields, ("neighbour", "neighbour_name"),
            "consultees", CONSULTEES_SCHEMA, ("outside", "inside", "review"),
        )  # fmt: skip
    return TableKind(
        CSV_COLUMNS, fields, ("anchor_id", "anchor_name"),
        "anchors", ANCHORS_SCHEMA, ("outside", "inside", "borderline"),
    )  # fmt: skip


def subjects_schema(subject: Subject) -> pa.Schema:
    """Return the schema of ``subjects.parquet``: what is known and found of each boiler, unit or project."""
    return pa.schema(_HEAD + _OF_KIND[subject])
