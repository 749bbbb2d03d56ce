"""Reads a list of small CHP and captive units, subjects of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import UNITS, IssueLog
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.columns import (
    constant,
    digits_lost,
    mask_of,
    note_like_coal,
    read_tri,
    read_words,
    stated_text,
    vocabularies,
)
from geoaq.io.lists.heads import head_columns
from geoaq.io.lists.identity import subject_ids
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.positions import read_positions
from geoaq.io.lists.powers import read_powers
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.subjects import subjects
from geoaq.io.tables import DEFAULT_LIMITS, Limits

_CONTENT = ("name", "unit_no", "power", "quantity")
_HEAT_TYPES = ("backpressure", "extraction", "retrofit")
Tri = npt.NDArray[np.int8]


def read_units(
    path: Path, *, product: ListProduct, datum: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Intake:
    """Read a list of units; parameters, errors and counts as in `read_boilers`.

    Returns
    -------
    Intake
        ``frame`` follows `geoaq.frames.UNITS`, one row per unit (``2×1.2`` gives two). A unit without
        capacity, or with capacity 0, is unusable. ``chp`` is taken from its own column, else from the type
        of unit (backpressure and extraction heat, condensing does not), else unknown.
    """
    log = IssueLog()
    sheet = open_sheet(path, product, limits, log)
    words = vocabularies(product.words)
    positions = read_positions(sheet, datum)
    powers = read_powers(sheet)
    ids, twice = subject_ids(sheet, ("unit_no",), _CONTENT, positions.printed, repeated="row_repeated")
    digits_lost(sheet, [column.column for column in product.columns if column.digits], ())
    unit_type = read_words(sheet, "unit_type", words["unit_type"])
    dispatched, captive = read_ownership(sheet, words)
    fuels = _fuels(sheet, words["fuel"])
    note_like_coal(sheet, product.words, fuels)
    by_row = {
        **head_columns(sheet, ids, positions, words["position_quality"]),
        "fuel": fuels,
        "status": read_status(sheet, words["status"]),
        "unit_type": unit_type,
        "captive": captive,
        "chp": _chp(sheet, words["yes_no"], unit_type),
        "backward_listed": read_tri(sheet, "backward_listed", words["yes_no"]),
        "plant_id": stated_text(sheet, "plant_id"),
        "dispatched": dispatched,
    }
    used = ~(positions.bad | powers.bad | twice)
    frame = subjects(by_row, used, powers.counts, {"capacity_mw": powers.mw}, UNITS)
    return Intake(frame, log, sheet.layout(), sheet.raw(), sheet.size, int(used.sum()))


def read_status(sheet: Sheet, vocabulary: Vocabulary) -> pa.Array:
    """Return the status of each row; a list without such a column is taken as operating, which is noted."""
    if sheet.has("status"):
        return read_words(sheet, "status", vocabulary)
    sheet.log.add(0, "status", "", "status_assumed", "repair")
    return constant(sheet, "operating")


def read_ownership(sheet: Sheet, words: dict[str, Vocabulary]) -> tuple[Tri, Tri]:
    """Return whether each row is dispatched (统调) and captive (自备), from one column or two."""
    dispatched = read_tri(sheet, "dispatched", words["yes_no"])
    captive = read_tri(sheet, "captive", words["yes_no"])
    if sheet.has("ownership"):
        kinds = read_words(sheet, "ownership", words["ownership"])
        for kind, (is_dispatched, is_captive) in {
            "dispatched": (1, 0),
            "public": (0, 0),
            "captive": (0, 1),
        }.items():
            rows = mask_of(pc.equal(kinds, kind))
            dispatched[rows & (dispatched == 2)] = is_dispatched
            captive[rows & (captive == 2)] = is_captive
    return dispatched, captive


def _fuels(sheet: Sheet, vocabulary: Vocabulary) -> pa.Array:
    if not sheet.has("fuel"):
        sheet.log.add(0, "fuel", "", "fuel_missing", "warning")
    return read_words(sheet, "fuel", vocabulary)


def _chp(sheet: Sheet, vocabulary: Vocabulary, unit_type: pa.Array) -> Tri:
    chp = read_tri(sheet, "chp", vocabulary)
    heats = mask_of(pc.is_in(unit_type, pa.array(_HEAT_TYPES)))
    condenses = mask_of(pc.equal(unit_type, "condensing"))
    chp[(chp == 2) & heats] = 1
    chp[(chp == 2) & condenses] = 0
    return chp
