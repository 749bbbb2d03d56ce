"""What the cells of a project say: industry, construction nature, stacks, boiler, emissions, dispersion."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import Severity
from geoaq.io.cells.capacity import read_capacity
from geoaq.io.cells.industry import read_edition, read_industry
from geoaq.io.cells.stacks import read_stack
from geoaq.io.cells.text import coded, is_blank, read_number, tidy
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.columns import mask_of, read_tri, read_words, stated_text
from geoaq.io.lists.intake import Sheet

Floats = npt.NDArray[np.float64]
Tri = npt.NDArray[np.int8]

_FORM_BOX = re.compile(r"新建 ?[(（/、] ?迁建 ?[)）]?")
_BUILDS_ANEW = ("new", "relocation")
_EMISSIONS = {"so2": "SO2", "nox": "NOx", "dust": "PM", "vocs": "VOCs"}
_CONCENTRATION = re.compile(
    r"(?P<number>[\d.,eE+-]+) ?(?P<unit>[µμu]g|mg|微克|毫克)?(?: ?/ ?(?:m3|m³|立方米))?"
)
_MILLI = re.compile(r"mg|毫克", re.IGNORECASE)


def _note_codes(
    sheet: Sheet, column: str, codes: npt.NDArray[np.int64], found: list[tuple[tuple[str, Severity], ...]]
) -> None:
    """Note what was odd about each distinct cell, once per row that holds it."""
    for code, severity in dict.fromkeys(pair for pairs in found for pair in pairs):
        hit = np.array([(code, severity) in pairs for pairs in found], bool)
        sheet.note(hit[codes], column, code, severity)


def read_industries(sheet: Sheet) -> tuple[pa.Array, pa.Array]:
    """Return code and edition of each row; the edition is that of its own column, the cell or the header."""
    cells = coded(sheet.text("industry"))
    found = [read_industry(text) for text in cells.distinct]
    _note_codes(sheet, "industry", cells.codes, [one.codes for one in found])
    place = sheet.header.columns.get("industry")
    label = "" if place is None else read_edition(sheet.header.labels[place]) or ""
    inside = np.array([one.edition or label for one in found], object)[cells.codes]
    years = coded(sheet.text("industry_edition"))
    stated = [read_edition(text) for text in years.distinct]
    # A year alone is an edition; any other text of that column that names none is not known.
    unknown = np.array(
        [
            one is None or (not one and not is_blank(text))
            for one, text in zip(stated, years.distinct, strict=True)
        ],
        bool,
    )
    sheet.note(unknown[years.codes], "industry_edition", "industry_edition_unknown", "warning")
    own = np.array([one or "" for one in stated], object)[years.codes]
    differs = (own != "") & (inside != "") & (own != inside)
    sheet.note(differs, "industry_edition", "industry_edition_differs", "warning")
    edition = np.where(differs, "", np.where(own != "", own, inside))
    code = pa.array([one.code for one in found], pa.string()).take(pa.array(cells.codes))
    return code, pa.array(edition.tolist(), pa.string())


def read_natures(sheet: Sheet, vocabulary: Vocabulary) -> pa.Array:
    """Return the construction nature of each row; the form's box 新建（迁建） counts as new, and is asked."""
    cells = coded(sheet.text("nature"))
    box = np.array([_FORM_BOX.fullmatch(tidy(text)) is not None for text in cells.distinct], bool)
    blank = np.array([is_blank(text) for text in cells.distinct], bool)
    sheet.note(box[cells.codes], "nature", "nature_form_box", "warning")
    sheet.note(blank[cells.codes], "nature", "nature_missing", "warning")
    return read_words(sheet, "nature", vocabulary)


def read_stacks(sheet: Sheet, natures: pa.Array, vocabulary: Vocabulary) -> tuple[Floats, Tri]:
    """Return the highest stack of each row (m, NaN not known), and whether the project builds a new one.

    Where the column 是否新建排气筒 is blank: a project that is new or relocated builds what it states, unless
    the cell names existing stacks alone; a height of 0 is no new stack; else it is not known.
    """
    cells = coded(sheet.text("stack"))
    found = [read_stack(text) for text in cells.distinct]
    _note_codes(sheet, "stack", cells.codes, [one.codes for one in found])
    height = np.array([one.height_m for one in found], np.float64)[cells.codes]
    existing = np.array([one.existing for one in found], bool)[cells.codes]
    new = read_tri(sheet, "new_stack", vocabulary)
    anew = mask_of(pc.is_in(natures, pa.array(_BUILDS_ANEW)))
    new[(new == 2) & (existing | (height == 0))] = 0
    new[(new == 2) & anew & (height > 0)] = 1
    return height, new


def read_new_boilers(sheet: Sheet) -> Floats:
    """Return the capacity of the largest new boiler of each row, t/h; NaN where none is stated."""
    unit = sheet.header.units.get("new_boiler", "t/h")
    cells = coded(sheet.text("new_boiler"))
    tph: list[float] = []
    oddities: list[tuple[tuple[str, Severity], ...]] = []
    for text in cells.distinct:
        capacity = read_capacity(text, "t/h" if unit == "t/h|MW" else unit)
        tph.append(float(max(capacity.parts)) if capacity.parts else np.nan)
        # No new boiler is the usual case.
        oddities.append(() if is_blank(text) else capacity.codes)
    _note_codes(sheet, "new_boiler", cells.codes, oddities)
    return np.array(tph, np.float64)[cells.codes]


def read_dispersion(sheet: Sheet) -> Floats:
    """Return the modelled contribution of each row, µg/m³; its unit is that of the cell or of the header."""
    place = sheet.header.columns.get("dispersion")
    milli = place is not None and _MILLI.search(sheet.header.labels[place]) is not None
    cells = coded(sheet.text("dispersion"))
    found = [_concentration(text, milli=milli) for text in cells.distinct]
    _note_codes(sheet, "dispersion", cells.codes, [codes for _, codes in found])
    return np.array([value for value, _ in found], np.float64)[cells.codes]


def _concentration(text: str, *, milli: bool) -> tuple[float, tuple[tuple[str, Severity], ...]]:
    if is_blank(text):
        return np.nan, ()
    match = _CONCENTRATION.fullmatch(tidy(text))
    number = read_number(match["number"]) if match else None
    if match is None or number is None or float(number) < 0:
        return np.nan, (("dispersion_unreadable", "warning"),)
    if match["unit"]:
        milli = _MILLI.fullmatch(match["unit"]) is not None
    value = float(number) * (1000.0 if milli else 1.0)
    return value, ((("dispersion_converted", "repair"),) if milli else ())


def read_emissions(sheet: Sheet) -> pa.Array:
    """Return the emissions of each row as one text: pollutants with a column of their own, then the rest."""
    parts: list[pa.Array] = []
    for column, name in _EMISSIONS.items():
        place = sheet.header.columns.get(column)
        if place is None:
            continue
        unit = sheet.header.units.get(column, "")
        parts.append(coded(stated_text(sheet, column)).texts(_labelled(name, unit)))
    parts.append(stated_text(sheet, "emissions"))
    rows: list[tuple[Any, ...]] = list(zip(*(part.to_pylist() for part in parts), strict=True))
    return pa.array(["；".join(text for text in row if text) for row in rows], pa.string())


def _labelled(name: str, unit: str) -> Callable[[str], str]:
    def label(text: str) -> str:
        if not text:
            return ""
        return f"{name} {text} {unit}" if unit and read_number(text) is not None else f"{name} {text}"

    return label
