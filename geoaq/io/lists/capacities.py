"""The capacity of every boiler of a row: columns, unit, number of boilers and model code taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import Severity
from geoaq.io.cells.amounts import MOST, unit_word, with_digits
from geoaq.io.cells.capacity import MW_PER_TPH, Capacity, Model, read_capacity, read_model, to_tph
from geoaq.io.cells.text import coded, is_blank, read_number, tidy
from geoaq.io.lists.intake import Sheet

Note = tuple[str, str, Severity]
_FIELDS = ("capacity", "capacity_2", "capacity_unit", "quantity", "model")
_GLUE = "\x1f"
_OPEN_UNITS = {"", "t/h|MW"}
_LARGE = 1000
_NOWHERE = Decimal("NaN")


@dataclass(frozen=True)
class RowCapacity:
    """The boilers of one row (t/h each, NaN: not stated), and what was odd (column, code, severity)."""

    parts: tuple[Decimal, ...]
    notes: tuple[Note, ...]
    conflict: bool = False

    @property
    def unusable(self) -> bool:
        """Say whether the row cannot be used."""
        return any(severity == "error" for _, _, severity in self.notes)


@dataclass(frozen=True)
class Capacities:
    """The boilers of all rows: ``counts`` per row, ``tph`` one after another; ``bad`` rows have an error."""

    counts: npt.NDArray[np.int64]
    tph: npt.NDArray[np.float64]
    conflict: npt.NDArray[np.bool_]
    bad: npt.NDArray[np.bool_]


class CapacityReader:
    """Reads the capacity of one row from its cells.

    Parameters
    ----------
    units
        Units of the header by column.
    pairs
        Sizes (t/h, MW) that are sold as one and the same boiler.
    """

    def __init__(self, units: dict[str, str], pairs: Sequence[tuple[float, float]]) -> None:
        self._units = units
        self._pairs = {(Decimal(str(tph)), Decimal(str(mw))) for tph, mw in pairs}
        self._mw_sizes = {mw for _, mw in self._pairs}
        self.unit_assumed = False

    def read(self, cells: Sequence[str], hot_water: bool) -> RowCapacity:
        """Return the boilers of a row; ``cells`` are capacity, second capacity, unit, number, model."""
        capacity, second, unit_cell, quantity, model_cell = cells
        model = read_model(model_cell)
        hot_water = hot_water or (model is not None and model.hot_water)
        notes: list[Note] = []
        first = self._one("capacity", capacity, unit_cell, hot_water, notes)
        other = self._one("capacity_2", second, "", hot_water, notes) if second else Capacity()
        chosen, conflict = self._choose(first, other, notes)
        parts = chosen.parts
        if not parts and model is not None:
            notes = [note for note in notes if note[1] != "capacity_missing"]
            notes.append(("model", "capacity_from_model", "warning"))
            parts = (model.tph,)
        elif parts and model is not None and not self._agrees_with_model(parts, model):
            notes.append(("model", "model_capacity_differs", "warning"))
        parts = _counted(parts, quantity, notes)
        if any(part <= 0 for part in parts if part == part):
            notes.append(("capacity", "capacity_zero", "error"))
        elif any(part > _LARGE for part in parts if part == part):
            notes.append(("capacity", "capacity_large", "warning"))
        return RowCapacity(parts, tuple(notes), conflict)

    def _one(self, column: str, text: str, unit_cell: str, hot_water: bool, notes: list[Note]) -> Capacity:
        unit = unit_word(unit_cell) or self._units.get(column, "")
        doubtful = unit in _OPEN_UNITS
        if doubtful:
            unit = "MW" if unit and hot_water else "t/h"
        read = read_capacity(text, unit)
        notes += [(column, code, severity) for code, severity in read.codes]
        if read.also is not None:
            if not self._agree_in_cell(read):
                notes.append((column, "capacity_two_units", "warning"))
            elif read.also[1] == "t/h":
                read = replace(read, parts=(read.also[0],), unit="t/h", printed=(read.also[0],))
        if doubtful and read.parts and not read.unit_stated:
            self.unit_assumed = True
            if hot_water and (unit == "MW" or any(value in self._mw_sizes for value in read.printed)):
                notes.append((column, "capacity_unit_doubt", "warning"))
        return read

    def _choose(self, first: Capacity, other: Capacity, notes: list[Note]) -> tuple[Capacity, bool]:
        two_units = any(code == "capacity_two_units" for _, code, _ in notes)
        if not other.parts:
            return first, two_units
        if not first.parts:
            notes[:] = [note for note in notes if note[1] != "capacity_missing"]
            return other, two_units
        steam, heat = (first, other) if first.unit == "t/h" else (other, first)
        if len(steam.parts) == len(heat.parts) and all(
            self._same(tph, heat_tph, printed if heat.unit == "MW" else None)
            for tph, heat_tph, printed in zip(steam.parts, heat.parts, heat.printed, strict=True)
        ):
            return steam, two_units
        notes.append(("capacity", "capacity_conflict", "warning"))
        return steam, True

    def _agree_in_cell(self, read: Capacity) -> bool:
        """Say whether ``35t/h（24.5MW）`` states one size twice."""
        value, unit = read.also or (Decimal(0), "t/h")
        tph, mw = (read.parts[0], value) if unit == "MW" else (to_tph(value, unit), read.printed[0])
        return self._same(tph, to_tph(mw, "MW"), mw) if "MW" in {unit, read.unit} else tph == read.parts[0]

    def _same(self, tph: Decimal, other_tph: Decimal, mw: Decimal | None) -> bool:
        """Say whether two statements mean the same boiler: equal as printed, or a pair that is sold so."""
        if tph == other_tph:
            return True
        if mw is None:
            return False
        half = Decimal(5).scaleb(int(mw.as_tuple().exponent) - 1)
        return abs(tph * MW_PER_TPH - mw) < half or (tph.normalize(), mw.normalize()) in self._pairs

    def _agrees_with_model(self, parts: Sequence[Decimal], model: Model) -> bool:
        mw = (model.tph * MW_PER_TPH).quantize(Decimal("0.01")) if model.hot_water else None
        return all(self._same(part, model.tph, mw) or self._same(model.tph, part, None) for part in parts)


def _counted(parts: tuple[Decimal, ...], quantity: str, notes: list[Note]) -> tuple[Decimal, ...]:
    """Return the boilers with the column 数量 taken into account."""
    parts = parts or (_NOWHERE,)
    if is_blank(quantity):
        return parts
    number = read_number(with_digits(tidy(quantity).rstrip("台座套 ") + "台").rstrip("台"))
    if number is None or Decimal(number) != int(Decimal(number)):
        notes.append(("quantity", "quantity_unreadable", "warning"))
        return parts
    count = int(Decimal(number))
    if count > MOST:
        notes.append(("quantity", "quantity_beyond", "error"))
    elif count < 1:
        notes.append(("quantity", "quantity_zero", "error"))
    elif len(parts) == 1 and count > 1:
        notes.append(("quantity", "quantity_parts", "repair"))
        return parts * count
    elif len(parts) > 1 and count not in {1, len(parts)}:
        notes.append(("quantity", "quantity_differs", "warning"))
    return parts


def read_capacities(
    sheet: Sheet, hot_water: npt.NDArray[np.bool_], pairs: Sequence[tuple[float, float]]
) -> Capacities:
    """Read the boilers of every row; each distinct combination of cells is read once."""
    columns = [sheet.text(column) for column in _FIELDS]
    mark = pc.if_else(pa.array(hot_water), "w", "")
    joined = coded(pc.binary_join_element_wise(*columns, mark, _GLUE))
    reader = CapacityReader(dict(sheet.header.units), pairs)
    readings: list[RowCapacity] = []
    for text in joined.distinct:
        *cells, water = text.split(_GLUE)
        readings.append(reader.read(cells, water == "w"))
    _note(sheet, joined.codes, readings)
    if reader.unit_assumed:
        sheet.log.add(0, "capacity", "", "capacity_unit_assumed", "warning")
    counts = np.array([len(reading.parts) for reading in readings], np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)])
    values = np.array([float(part) for reading in readings for part in reading.parts], np.float64)
    row_counts = counts[joined.codes]
    within = np.arange(row_counts.sum()) - np.repeat(np.cumsum(row_counts) - row_counts, row_counts)
    return Capacities(
        counts=row_counts,
        tph=values[np.repeat(starts[:-1][joined.codes], row_counts) + within],
        conflict=np.array([reading.conflict for reading in readings], bool)[joined.codes],
        bad=np.array([reading.unusable for reading in readings], bool)[joined.codes],
    )


def _note(sheet: Sheet, codes: npt.NDArray[np.int64], readings: Sequence[RowCapacity]) -> None:
    by_note: dict[Note, list[int]] = {}
    for place, reading in enumerate(readings):
        for note in dict.fromkeys(reading.notes):
            by_note.setdefault(note, []).append(place)
    for (column, code, severity), places in by_note.items():
        hit = np.zeros(len(readings), bool)
        hit[places] = True
        sheet.note(hit[codes], column, code, severity)
