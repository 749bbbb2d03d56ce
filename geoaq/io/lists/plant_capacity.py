"""The capacity of a plant from its rows: what is a plant's total, what a unit's, and what cannot be told."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

# Totals and sums within this share of each other agree: lists round.
_AGREE = 0.01
_SEVERAL = re.compile(r"\d+\D+\d+|[、,，~～至和]")


class PlantRow(NamedTuple):
    """What one row says of its plant, in MW; NaN where it says nothing.

    ``total`` and ``total_largest`` are the sum and the largest of 装机容量, ``separate`` where it states
    each unit; ``single`` is 单机容量 and ``listed`` its sum where it states several units; ``units`` is their
    number (0 for none) and ``stated_largest`` 最大单机容量. ``covered`` rows lie under a cell of 装机容量
    that is merged from above. ``runs`` is False for a unit that is not in operation or on standby.
    """

    unit_no: str
    total: float
    total_largest: float
    separate: bool
    single: float
    listed: float
    units: int
    stated_largest: float
    covered: bool
    runs: bool


class PlantCapacity(NamedTuple):
    """Installed capacity and largest unit in MW, NaN where not known; ``code`` of an issue or ``""``."""

    installed: float
    largest: float
    code: str = ""


def plant_capacity(rows: Sequence[PlantRow], *, split: bool = False) -> PlantCapacity:
    """Return what the rows of one plant amount to.

    单机容量 is summed over the units that run. 装机容量 is the plant's own total and counts once; only where
    unit rows state it with different numbers it is that of each unit. The same number on every unit row may
    be either, so that nothing is taken.

    Parameters
    ----------
    rows
        All rows of the plant, at least one of which runs.
    split
        The plant was one of several with its name, so that a total may be of all of them.
    """
    running = [row for row in rows if row.runs]
    stated = max((row.stated_largest for row in running if _known(row.stated_largest)), default=math.nan)
    by_units = any(_known(row.single) for row in rows)
    found = _of_units(rows, running, split) if by_units else _of_totals(rows, running, split)
    largest = stated if _known(stated) else found.largest
    if _known(stated) and stated > found.installed * (1 + _AGREE):
        return PlantCapacity(math.nan, largest, "plant_capacity_contradicts")
    if not found.code and not _known(found.installed):
        return PlantCapacity(math.nan, largest, "plant_capacity_missing")
    return found._replace(largest=largest)


def _of_units(rows: Sequence[PlantRow], running: Sequence[PlantRow], split: bool) -> PlantCapacity:
    counts = _counts(rows, running)
    if counts is None or _repeated(rows):
        return PlantCapacity(math.nan, math.nan, "plant_units_ambiguous")
    amounts = [
        row.listed if _known(row.listed) else row.single * count if count else math.nan
        for row, count in zip(running, counts, strict=True)
    ]
    summed = sum(amounts)
    largest = max(row.single for row in running) if all(_known(r.single) for r in running) else math.nan
    all_run = len(running) == len(rows)
    total = max((row.total for row in rows if _known(row.total)), default=math.nan) if all_run else math.nan
    if not _known(total):
        return PlantCapacity(summed, largest)
    if not _known(summed):
        return PlantCapacity(math.nan if split else total, largest)
    if total < summed * (1 - _AGREE) or (split and total > summed * (1 + _AGREE)):
        return PlantCapacity(math.nan, largest, "plant_capacity_contradicts")
    return PlantCapacity(total, largest, "plant_capacity_differs" if total > summed * (1 + _AGREE) else "")


def _of_totals(rows: Sequence[PlantRow], running: Sequence[PlantRow], split: bool) -> PlantCapacity:
    totals = [row.total for row in rows if _known(row.total)]
    numbered = all(row.unit_no for row in rows)
    ambiguous = PlantCapacity(math.nan, math.nan, "plant_capacity_ambiguous")
    if not totals:
        return PlantCapacity(math.nan, math.nan)
    if split and any(row.unit_no for row in rows):
        return ambiguous
    if len(rows) == 1:
        row = rows[0]
        one = row.separate or row.units == 1 or (numbered and row.units == 0 and not _several(row))
        return PlantCapacity(row.total, row.total_largest if one else math.nan)
    all_run = len(running) == len(rows)
    if len(totals) == 1 and sum(row.covered for row in rows) == len(rows) - 1:
        return PlantCapacity(totals[0], math.nan) if all_run else ambiguous
    if len(totals) < len(rows):
        return PlantCapacity(math.nan, math.nan) if numbered else ambiguous
    counts = _counts(rows, running)
    same = max(totals) <= min(totals) * (1 + _AGREE)
    if not numbered or same or counts is None or max(counts) > 1 or _repeated(rows):
        return ambiguous
    alone = not any(_several(row) and not row.separate for row in running)
    largest = max(row.total_largest for row in running) if alone else math.nan
    return PlantCapacity(sum(row.total for row in running), largest)


def _counts(rows: Sequence[PlantRow], running: Sequence[PlantRow]) -> list[int] | None:
    """Return the number of units of each running row, 0 for unknown; None where it cannot be told."""
    if len(rows) == 1:
        row = rows[0]
        return [row.units or (1 if row.unit_no and not _several(row) else 0)]
    stated = {row.units for row in rows if row.units}
    each = all(row.unit_no and not _several(row) for row in rows)
    if each and len(stated) == 1 and max(stated) > 1:
        # The number of units of the whole plant, beside each of them.
        return [1] * len(running) if stated == {len(rows)} else None
    return [row.units or (0 if _several(row) else 1) for row in running]


def _repeated(rows: Sequence[PlantRow]) -> bool:
    numbers = [row.unit_no for row in rows if row.unit_no]
    return len(set(numbers)) < len(numbers)


def _several(row: PlantRow) -> bool:
    return bool(_SEVERAL.search(row.unit_no))


def _known(value: float) -> bool:
    return math.isfinite(value)
