"""Reads a list of boilers as offices keep them (READING 3.3)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.frames import BOILERS, IssueLog
from geoaq.io.cells.capacity import read_model
from geoaq.io.cells.text import coded
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.capacities import read_capacities
from geoaq.io.lists.columns import digits_lost, industry_codes, read_tri, read_words, stated_text
from geoaq.io.lists.identity import subject_ids
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.positions import read_positions
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import DEFAULT_LIMITS, Limits

_OWN_NUMBERS = ("registration_no", "boiler_no")
_CONTENT = ("name", "boiler_no", "capacity", "capacity_2", "quantity", "model")
Words = npt.NDArray[np.object_]


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
    words = {name: Vocabulary(entries) for name, entries in product.words.items()}
    positions = read_positions(sheet, datum)
    boiler_class = _classes(sheet, words["boiler_class"])
    capacities = read_capacities(sheet, boiler_class == "hot_water", product.capacity_pairs)
    ids, twice = subject_ids(sheet, _OWN_NUMBERS, _CONTENT, positions.printed)
    digits_lost(sheet, [column.column for column in product.columns if column.digits], _OWN_NUMBERS)
    status, eliminated = _states(sheet, words)
    by_row: dict[str, object] = {
        "name": stated_text(sheet, "name"),
        "province_stated": stated_text(sheet, "province"),
        "city_stated": stated_text(sheet, "city"),
        "county_stated": stated_text(sheet, "county"),
        "fuel": _fuels(sheet, words["fuel"], path.stem),
        "boiler_class": boiler_class,
        "purpose": read_words(sheet, "purpose", words["purpose"]),
        "status": status,
        "eliminated_by": eliminated,
        "capacity_text": sheet.text("capacity").to_pandas().to_numpy(object),
        "industry_code": industry_codes(sheet),
        "heat_network_stated": read_tri(sheet, "heat_network", words["yes_no"]),
        "built_up_stated": read_tri(sheet, "built_up", words["yes_no"]),
        "position_quality": read_words(sheet, "position_quality", words["position_quality"], "unstated"),
        "lon": positions.lon,
        "lat": positions.lat,
        "datum": positions.datum,
        "decimals": positions.decimals,
        "capacity_conflict": capacities.conflict,
    }
    used = ~(positions.bad | capacities.bad | twice)
    counts = np.where(used, capacities.counts, 0)
    rows = np.repeat(np.arange(sheet.size), counts)
    kept = np.repeat(used, capacities.counts)
    frame = pd.DataFrame({name: np.asarray(values)[rows] for name, values in by_row.items()})
    frame["row"] = sheet.numbers[rows]
    part = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    several = counts[rows] > 1
    frame["part"] = np.where(several, part, 0)
    numbered = ids[rows]
    numbered[several] = [f"{name}#{n}" for name, n in zip(numbered[several], part[several], strict=True)]
    frame["subject_id"] = numbered
    frame["capacity_tph"] = capacities.tph[kept]
    return Intake(frame[list(BOILERS.names)], log, sheet.layout(), sheet.raw(), sheet.size)


def _classes(sheet: Sheet, vocabulary: Vocabulary) -> Words:
    """Return the class of boiler that the row names, else that its model code says."""
    classes = read_words(sheet, "boiler_class", vocabulary)
    blank = classes == ""
    if blank.any() and sheet.has("model"):
        models = coded(sheet.text("model")).map(_class_of_model)
        classes[blank] = models[blank]
    return classes


def _class_of_model(text: str) -> str:
    model = read_model(text)
    return "" if model is None else "hot_water" if model.hot_water else "steam"


def _fuels(sheet: Sheet, vocabulary: Vocabulary, stem: str) -> Words:
    """Return the fuel of each row; a list that calls itself one of coal boilers needs no such column."""
    if not sheet.has("fuel"):
        above = "".join(cell for row in sheet.grid.top(sheet.header.rows[-1] + 1) for cell in row)
        if "燃煤" in above + sheet.grid.sheet + stem:
            sheet.log.add(0, "fuel", "燃煤", "fuel_from_title", "repair")
            return np.full(sheet.size, "coal", object)
        sheet.log.add(0, "fuel", "", "fuel_missing", "warning")
        return np.full(sheet.size, "", object)
    fuels = read_words(sheet, "fuel", vocabulary)
    if sheet.has("model"):
        marks = coded(sheet.text("model")).map(lambda text: getattr(read_model(text), "fuel", ""))
        sheet.note((marks != "") & (fuels != "") & (marks != fuels), "model", "model_fuel_differs", "warning")
    return fuels


def _states(sheet: Sheet, words: dict[str, Vocabulary]) -> tuple[Words, Words]:
    """Return status and evidence of elimination: what the status says outright, or what is marked done.

    停用 alone is no evidence (READING 6.2); 整治方式 is a plan until 完成情况 says that it is done.
    """
    evidence = words["eliminated_by"]
    if sheet.has("status"):
        status = read_words(sheet, "status", words["status"])
        eliminated = coded(sheet.text("status")).map(lambda text: evidence.read(text).value)
    else:
        sheet.log.add(0, "status", "", "status_assumed", "repair")
        status = np.full(sheet.size, "operating", object)
        eliminated = np.full(sheet.size, "", object)
    if sheet.has("retrofit") and sheet.has("completed"):
        ways = coded(sheet.text("retrofit")).map(lambda text: evidence.read(text).value)
        done = coded(sheet.text("completed")).map(lambda text: words["done"].read(text).value)
        proven = (eliminated == "") & (done == "yes")
        eliminated[proven] = ways[proven]
    return status, eliminated
