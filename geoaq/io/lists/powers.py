"""Electric capacities in MW, of every unit of a row and of whole columns; 1 万千瓦 is 10 MW."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from geoaq.frames import Severity
from geoaq.io.cells.capacity import Capacity, read_power
from geoaq.io.cells.text import coded, read_number
from geoaq.io.lists.intake import Sheet

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_GLUE = "\x1f"
_LARGEST_PLANT_MW = 10_000
_MOST_UNITS = 50
# A list without a unit whose values are all at most this is probably in 万千瓦.
_DOUBTFUL_UP_TO = 100
_UNITS = ("MW", "10MW", "kW")
_OF_CAPACITY = {
    "capacity_missing": "power_missing",
    "capacity_unreadable": "power_unreadable",
    "capacity_not_exact": "power_not_exact",
}
# A plant stays without its capacity, so these are said in other words and take no row out.
_OF_PLANT = {"power_unreadable": "plant_power_unreadable", "power_not_exact": "plant_power_unreadable"}


@dataclass(frozen=True)
class Powers:
    """Units of all rows: ``counts`` per row, ``mw`` one after another; ``bad`` rows have an error."""

    counts: npt.NDArray[np.int64]
    mw: Floats
    bad: Mask


@dataclass(frozen=True)
class PowerColumn:
    """One column, by row: sum and largest of the units that the cell states (MW, NaN for none).

    ``separate`` cells state each unit (``2×350``); ``bad`` ones are 0; ``doubtful`` ones may be in MW or in
    10 MW, so that they are NaN.
    """

    total: Floats
    largest: Floats
    separate: Mask
    bad: Mask
    doubtful: Mask


def read_powers(sheet: Sheet) -> Powers:
    """Read the units of every row of a unit list; each distinct combination of cells is read once."""
    unit = _units(sheet, ("power",))[0]["power"]
    joined = coded(pc.binary_join_element_wise(sheet.text("power"), sheet.text("quantity"), _GLUE))
    readings: list[tuple[tuple[Decimal, ...], list[tuple[str, str, Severity]]]] = []
    for text in joined.distinct:
        power, quantity = text.split(_GLUE)
        readings.append(_one(read_power(power, unit), quantity))
    _note(sheet, joined.codes, [notes for _, notes in readings])
    counts = np.array([len(parts) for parts, _ in readings], np.int64)
    starts = np.cumsum(counts) - counts
    values = np.array([float(part) for parts, _ in readings for part in parts], np.float64)
    row_counts = counts[joined.codes]
    within = np.arange(row_counts.sum()) - np.repeat(np.cumsum(row_counts) - row_counts, row_counts)
    bad = np.array([any(severity == "error" for _, _, severity in notes) for _, notes in readings], bool)
    return Powers(row_counts, values[np.repeat(starts[joined.codes], row_counts) + within], bad[joined.codes])


def read_power_columns(sheet: Sheet, columns: Sequence[str]) -> dict[str, PowerColumn]:
    """Read columns of a plant list.

    A column without a unit takes that of the others. Where none has one, MW is assumed; where the numbers
    are all so small that they may be 万千瓦 as well, they are not taken at all.
    """
    units, doubted = _units(sheet, columns)
    return {column: _column(sheet, column, units[column], doubted) for column in columns}


def read_counts(sheet: Sheet) -> npt.NDArray[np.int64]:
    """Return the number of units that each row states, 0 for none."""
    cells = coded(sheet.text("quantity"))
    numbers = [read_number(text.rstrip("台套 ")) or "" for text in cells.distinct]
    counts = [int(text) if text.isdigit() and int(text) <= _MOST_UNITS else 0 for text in numbers]
    return np.array(counts, np.int64)[cells.codes]


def _column(sheet: Sheet, column: str, unit: str, doubted: bool) -> PowerColumn:
    cells = coded(sheet.text(column))
    read = [read_power(text, unit) for text in cells.distinct]
    open_ones = np.array([bool(r.parts) and not r.unit_stated for r in read], bool) & doubted
    notes = []
    for reading in read:
        named = [(column, _OF_PLANT.get(code, code), kind) for _, code, kind in _one(reading, "")[1]]
        notes.append(
            [
                (place, code, "warning" if code == "plant_power_unreadable" else kind)
                for place, code, kind in named
                if code != "power_missing"
            ]
        )
    _note(sheet, cells.codes, notes)
    bad = np.array([bool(r.parts) and min(r.parts) <= 0 for r in read], bool)
    lost = open_ones | bad | np.array([not r.parts for r in read], bool)
    total = np.array([float(sum(r.parts)) for r in read], np.float64)
    largest = np.array([float(max(r.parts, default=Decimal(0))) for r in read], np.float64)
    return PowerColumn(
        np.where(lost, np.nan, total)[cells.codes],
        np.where(lost, np.nan, largest)[cells.codes],
        np.array([len(r.parts) > 1 for r in read], bool)[cells.codes],
        bad[cells.codes],
        open_ones[cells.codes],
    )


def _units(sheet: Sheet, columns: Sequence[str]) -> tuple[dict[str, str], bool]:
    """Return the unit of each column, and whether the assumed MW is doubted: all open numbers are small."""
    stated = {name: sheet.header.units.get(name, "") for name in columns}
    known = [unit for unit in stated.values() if unit in _UNITS]
    units = {name: unit if unit in _UNITS else (known or ["MW"])[0] for name, unit in stated.items()}
    if known:
        return units, False
    readings = {
        name: [read_power(text, "MW") for text in coded(sheet.text(name)).distinct] for name in columns
    }
    open_ones = {
        name: [reading for reading in found if reading.parts and not reading.unit_stated]
        for name, found in readings.items()
    }
    named = next((name for name in columns if open_ones[name]), "")
    if not named:
        return units, False
    small = all(max(reading.parts) <= _DOUBTFUL_UP_TO for found in open_ones.values() for reading in found)
    sheet.log.add(0, named, "", "power_unit_doubt" if small else "power_unit_assumed", "warning")
    return units, small


def _one(read: Capacity, quantity: str) -> tuple[tuple[Decimal, ...], list[tuple[str, str, Severity]]]:
    notes: list[tuple[str, str, Severity]] = []
    for code, severity in read.codes:
        code = _OF_CAPACITY.get(code, code)
        usable = severity == "repair" or bool(read.parts)
        notes.append(("power", code, "repair" if severity == "repair" else "warning" if usable else "error"))
    parts = read.parts or (Decimal("NaN"),)
    if read.parts and min(parts) <= 0:
        notes.append(("power", "power_zero", "error"))
    elif read.parts and max(parts) > _LARGEST_PLANT_MW:
        notes.append(("power", "power_large", "warning"))
    number = read_number(quantity.rstrip("台 ")) or ""
    if len(parts) == 1 and number.isdigit() and 1 < int(number) <= _MOST_UNITS:
        notes.append(("quantity", "quantity_parts", "repair"))
        parts = parts * int(number)
    return parts, notes


def _note(
    sheet: Sheet, codes: npt.NDArray[np.int64], readings: Sequence[list[tuple[str, str, Severity]]]
) -> None:
    for note in dict.fromkeys(note for notes in readings for note in notes):
        hit = np.array([note in notes for notes in readings], bool)
        sheet.note(hit[codes], *note)
