"""The electric capacity of every unit of a row, in MW; 1 万千瓦 is 10 MW."""

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
_GLUE = "\x1f"
_LARGEST_PLANT_MW = 10_000
_MOST_UNITS = 50
# A list without a unit whose values are all at most this is probably in 万千瓦 (READING 3.4).
_DOUBTFUL_UP_TO = 100
_OF_CAPACITY = {
    "capacity_missing": "power_missing",
    "capacity_unreadable": "power_unreadable",
    "capacity_not_exact": "power_not_exact",
}


@dataclass(frozen=True)
class Powers:
    """Units of all rows: ``counts`` per row, ``mw`` one after another; ``bad`` rows have an error.

    ``separate`` rows state each unit (``2×350``), so that the largest one is known.
    """

    counts: npt.NDArray[np.int64]
    mw: Floats
    bad: npt.NDArray[np.bool_]
    separate: npt.NDArray[np.bool_]

    def row_sums(self) -> Floats:
        """Return the sum of each row."""
        sums: Floats = np.add.reduceat(self.mw, np.cumsum(self.counts) - self.counts)
        return sums

    def row_largest(self) -> Floats:
        """Return the largest unit of each row."""
        largest: Floats = np.maximum.reduceat(self.mw, np.cumsum(self.counts) - self.counts)
        return largest


def read_powers(sheet: Sheet, *, per_unit: bool) -> Powers:
    """Read the electric capacity of every row; each distinct combination of cells is read once.

    Parameters
    ----------
    sheet
        The rows that hold data.
    per_unit
        The number of units multiplies the capacity (unit lists); else it only counts them (plant lists).
    """
    unit = _unit(sheet, "power")
    joined = coded(pc.binary_join_element_wise(sheet.text("power"), sheet.text("quantity"), _GLUE))
    readings: list[tuple[tuple[Decimal, ...], list[tuple[str, str, Severity]]]] = []
    for text in joined.distinct:
        power, quantity = text.split(_GLUE)
        readings.append(_one(read_power(power, unit), quantity if per_unit else ""))
    _note(sheet, joined.codes, [notes for _, notes in readings])
    counts = np.array([len(parts) for parts, _ in readings], np.int64)
    starts = np.cumsum(counts) - counts
    values = np.array([float(part) for parts, _ in readings for part in parts], np.float64)
    row_counts = counts[joined.codes]
    within = np.arange(row_counts.sum()) - np.repeat(np.cumsum(row_counts) - row_counts, row_counts)
    bad = np.array([any(severity == "error" for _, _, severity in notes) for _, notes in readings], bool)
    return Powers(
        counts=row_counts,
        mw=values[np.repeat(starts[joined.codes], row_counts) + within],
        bad=bad[joined.codes],
        separate=row_counts > 1,
    )


def read_single_power(sheet: Sheet, column: str) -> Floats:
    """Return one capacity per row in MW, NaN where none can be read."""
    unit = sheet.header.units.get(column) or sheet.header.units.get("power") or "MW"
    cells = coded(sheet.text(column))
    found = [read_power(text, unit).parts for text in cells.distinct]
    return np.array([float(max(parts)) if parts else np.nan for parts in found], np.float64)[cells.codes]


def _unit(sheet: Sheet, column: str) -> str:
    """Return the unit of a column; without one MW is assumed, and doubted where all numbers are small."""
    unit = sheet.header.units.get(column, "")
    if unit in {"MW", "10MW", "kW"}:
        return unit
    readings = [read_power(text, "MW") for text in coded(sheet.text(column)).distinct]
    open_ones = [reading for reading in readings if reading.parts and not reading.unit_stated]
    if open_ones:
        small = all(max(reading.parts) <= _DOUBTFUL_UP_TO for reading in open_ones)
        sheet.log.add(0, column, "", "power_unit_doubt" if small else "power_unit_assumed", "warning")
    return "MW"


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
