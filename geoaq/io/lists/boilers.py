"""Reads a list of boilers as offices keep them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import BOILERS, IssueLog
from geoaq.io.cells.capacity import read_model
from geoaq.io.cells.text import coded, is_blank, tidy
from geoaq.io.cells.words import Vocabulary, Word
from geoaq.io.lists.capacities import read_capacities
from geoaq.io.lists.columns import (
    constant,
    digits_lost,
    industry_codes,
    mask_of,
    note_like_coal,
    read_tri,
    read_words,
    read_years,
    vocabularies,
)
from geoaq.io.lists.heads import head_columns
from geoaq.io.lists.identity import subject_ids
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.positions import read_positions
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.subjects import subjects
from geoaq.io.tables import DEFAULT_LIMITS, Limits

_OWN_NUMBERS = ("registration_no", "boiler_no")
_ENDED = ("stopped", "demolished")
_DONE, _NOT_DONE = Word("yes", "sure"), Word("no", "sure")
# The date of 整治方式 is a time limit, which 完成情况 overtakes.
_DATES = re.compile(r"\d{4} ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?底?[之以]?前?")
_DATE_BEFORE = re.compile(
    r"^于?\d{4} ?[年./-] ?(?:\d{1,2} ?[月./-]? ?)?(?:\d{1,2} ?日?)?(?:底|初)?前? ?(?=已)"
)
_CONTENT = ("name", "boiler_no", "capacity", "capacity_2", "quantity", "model")


def read_boilers(
    path: Path, *, product: ListProduct, datum: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Intake:
    """Read a list of boilers: every cell repaired where that is certain, every repair and doubt noted.

    Parameters
    ----------
    path
        xlsx, xls, et, ods or csv; what it is, is decided by its content.
    product
        The declared list (``layers/product/boiler_list.toml``).
    datum
        Datum of rows that state none (`geoaq.crs.parse_datum`); None leaves them ``unstated``.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    Intake
        ``frame`` follows `geoaq.frames.BOILERS`: one row per boiler (``2×35`` gives two), WGS 84 degrees.
        Rows without a usable position, with capacity 0, or that repeat a row wholly are unusable: they have
        an issue of severity ``error`` and no boiler.

    Raises
    ------
    InputError
        No table, no header or position columns, no rows, or an unknown datum.
    LimitError
        Beyond ``limits``.
    """
    log = IssueLog()
    sheet = open_sheet(path, product, limits, log)
    words = vocabularies(product.words)
    positions = read_positions(sheet, datum)
    boiler_class = _classes(sheet, words["boiler_class"])
    hot_water = mask_of(pc.equal(boiler_class, "hot_water"))
    capacities = read_capacities(sheet, hot_water, product.capacity_pairs)
    ids, twice = subject_ids(sheet, _OWN_NUMBERS, _CONTENT, positions.printed, repeated="row_repeated")
    digits_lost(sheet, [column.column for column in product.columns if column.digits], _OWN_NUMBERS)
    status, eliminated = read_states(sheet, words)
    _note_remarks(sheet, words)
    fuels = _fuels(sheet, words["fuel"], path.stem)
    note_like_coal(sheet, product.words, fuels)
    by_row = {
        **head_columns(sheet, ids, positions, words["position_quality"]),
        "fuel": fuels,
        "boiler_class": boiler_class,
        "purpose": read_words(sheet, "purpose", words["purpose"]),
        "status": status,
        "eliminated_by": eliminated,
        "commissioned_year": read_years(sheet, "commissioned"),
        "capacity_text": sheet.text("capacity"),
        "capacity_conflict": capacities.conflict,
        "industry_code": industry_codes(sheet),
        "heat_network_stated": read_tri(sheet, "heat_network", words["yes_no"]),
        "built_up_stated": read_tri(sheet, "built_up", words["yes_no"]),
    }
    used = ~(positions.bad | capacities.bad | twice)
    frame = subjects(by_row, used, capacities.counts, {"capacity_tph": capacities.tph}, BOILERS)
    return Intake(frame, log, sheet.layout(), sheet.raw(), sheet.size, int(used.sum()))


def _classes(sheet: Sheet, vocabulary: Vocabulary) -> pa.Array:
    """Return the class of boiler that the row names, else that its model code says."""
    classes = read_words(sheet, "boiler_class", vocabulary)
    if not sheet.has("model"):
        return classes
    models = coded(sheet.text("model")).texts(_class_of_model)
    return pc.if_else(pc.equal(classes, ""), models, classes)


def _class_of_model(text: str) -> str:
    model = read_model(text)
    return "" if model is None else "hot_water" if model.hot_water else "steam"


def _fuel_of_model(text: str) -> str:
    model = read_model(text)
    return "" if model is None else model.fuel


def _fuels(sheet: Sheet, vocabulary: Vocabulary, stem: str) -> pa.Array:
    """Return the fuel of each row; a list that calls itself one of coal boilers needs no such column."""
    if not sheet.has("fuel"):
        above = "".join(cell for row in sheet.grid.top(sheet.header.rows[-1] + 1) for cell in row)
        if "燃煤" in above + sheet.grid.sheet + stem:
            sheet.log.add(0, "fuel", "燃煤", "fuel_from_title", "repair")
            return constant(sheet, "coal")
        sheet.log.add(0, "fuel", "", "fuel_missing", "warning")
        return constant(sheet, "")
    fuels = read_words(sheet, "fuel", vocabulary)
    if sheet.has("model"):
        marks = coded(sheet.text("model")).texts(_fuel_of_model)
        both = pc.and_(pc.not_equal(marks, ""), pc.not_equal(fuels, ""))
        sheet.note(
            mask_of(pc.and_(both, pc.not_equal(marks, fuels))), "model", "model_fuel_differs", "warning"
        )
    return fuels


def read_states(sheet: Sheet, words: dict[str, Vocabulary]) -> tuple[pa.Array, pa.Array]:
    """Return status and evidence of elimination: what the status says outright, or what is marked done.

    停用 alone is no evidence; 整治方式 is a plan until 完成情况 says that it is done. A status
    that is only assumed never stands against evidence: it is blank there.
    """
    evidence = words["eliminated_by"]
    eliminated = constant(sheet, "")
    if sheet.has("status"):
        cells = coded(sheet.text("status"))
        eliminated = cells.texts(lambda text: evidence.read(text).value)
        planned = [_certainty(evidence, text) == "denied" for text in cells.distinct]
        noted = [_certainty(words["status"], text) == "denied" for text in cells.distinct]
        only_here = np.array(planned, bool) & ~np.array(noted, bool)
        sheet.note(only_here[cells.codes], "status", "word_denied", "warning")
    if sheet.has("retrofit") and sheet.has("completed"):
        ways = coded(sheet.text("retrofit"))
        read = [evidence.read(_DATES.sub("", text)) for text in ways.distinct]
        done = _done(sheet, words["done"])
        planned_only = np.array([word.certainty == "denied" for word in read], bool)[ways.codes]
        sheet.note(planned_only & mask_of(done), "retrofit", "word_denied", "warning")
        found = pa.array([word.value for word in read], pa.string()).take(pa.array(ways.codes))
        eliminated = pc.if_else(pc.and_(pc.equal(eliminated, ""), done), found, eliminated)
    if sheet.has("status"):
        return read_words(sheet, "status", words["status"]), eliminated
    sheet.log.add(0, "status", "", "status_assumed", "repair")
    return pc.if_else(pc.equal(eliminated, ""), "operating", ""), eliminated


def _note_remarks(sheet: Sheet, words: dict[str, Vocabulary]) -> None:
    """Warn of rows without a status whose remark says that the boiler stands still or is gone.

    A remark is written in passing and decides nothing.
    """
    if not sheet.has("remark"):
        return
    cells = coded(sheet.text("remark"))
    ended = np.array(
        [
            words["status"].read(text).value in _ENDED or words["eliminated_by"].read(text).value != ""
            for text in cells.distinct
        ],
        bool,
    )[cells.codes]
    if sheet.has("status"):
        states = coded(sheet.text("status"))
        ended &= np.array([is_blank(text) for text in states.distinct], bool)[states.codes]
    sheet.note(ended, "remark", "remark_says_ended", "warning")


def _certainty(vocabulary: Vocabulary, text: str) -> str:
    return vocabulary.read(text).certainty


def _done(sheet: Sheet, vocabulary: Vocabulary) -> pa.Array:
    """Say which rows are marked done: the whole cell says so, after a date and 已 at most (2023年已完成).

    基本完成, 部分完成 and words that are not known are not done, and warnings; so is a mere date before
    完成, which may be one to come.
    """
    cells = coded(sheet.text("completed"))
    words = [_completion(vocabulary, text) for text in cells.distinct]
    unclear = np.array([word.certainty in {"mixed", "denied", "unknown"} for word in words], bool)
    sheet.note(unclear[cells.codes], "completed", "completion_unclear", "warning")
    return pa.array(np.array([word == _DONE for word in words], bool)[cells.codes])


def _completion(vocabulary: Vocabulary, text: str) -> Word:
    whole = vocabulary.read_whole(_DATE_BEFORE.sub("", tidy(text).strip(" 。;")))
    if whole.certainty != "unknown":
        return whole
    inside = vocabulary.read(text)
    return inside if inside == _NOT_DONE else Word("", "unknown")
