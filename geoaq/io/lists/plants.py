"""Reads an office's own list of CHP plants: one row per plant, or one row per unit of a plant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from geoaq.frames import PLANTS, IssueLog
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.columns import digits_lost, mask_of, read_words, stated_text
from geoaq.io.lists.identity import content_key
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.positions import read_positions
from geoaq.io.lists.powers import read_powers, read_single_power
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.units import read_ownership, read_status
from geoaq.io.tables import DEFAULT_LIMITS, Limits

_EXISTS = ("operating", "standby", "")
# Two rows of one plant farther apart than this (degrees, about 1 km) are asked about.
_APART = 0.01
_NUCLEAR = "核电"


def read_plants(
    path: Path, *, product: ListProduct, datum: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Intake:
    """Read a list of plants or of their units; parameters and errors as in `read_boilers`.

    Rows with the same plant id, or the same name where there is none, are one plant: its capacity is the sum
    of the rows in operation or on standby, its largest unit the largest of them, its position the first.

    Returns
    -------
    Intake
        ``frame`` follows `geoaq.frames.PLANTS`; ``row`` and ``datum`` of the plant's first row and
        ``decimals`` stand behind those columns. ``largest_unit_mw`` is NaN where the list does not tell.
        ``confirmed_document`` and ``confirmed_issuer`` are both filled or both ``""``.
    """
    log = IssueLog()
    sheet = open_sheet(path, product, limits, log)
    words = {name: Vocabulary(entries) for name, entries in product.words.items()}
    positions = read_positions(sheet, datum)
    powers = read_powers(sheet, per_unit=sheet.has("unit_no"))
    digits_lost(sheet, [column.column for column in product.columns if column.digits], ())
    status = read_status(sheet, words["status"])
    exists = np.isin(np.asarray(status.to_pylist(), object), _EXISTS)
    sheet.note(~exists, "status", "plant_unit_left_out", "error")
    used = ~positions.bad & ~powers.bad & exists
    documents, issuers = _confirmations(sheet)
    rows = pd.DataFrame(
        {
            "plant_id": _plant_ids(sheet),
            "name": stated_text(sheet, "name").to_pylist(),
            "lon": positions.lon,
            "lat": positions.lat,
            "position_quality": read_words(
                sheet, "position_quality", words["position_quality"], "user"
            ).to_pylist(),
            "installed_mw": powers.row_sums(),
            "largest_unit_mw": _largest(sheet, powers.row_largest(), powers.separate),
            "fuel": _fuels(sheet, words["fuel"]),
            "dispatched": read_ownership(sheet, words)[0],
            "heat_evidence": read_words(sheet, "heat_evidence", words["heat_evidence"], "user").to_pylist(),
            "confirmed_document": documents,
            "confirmed_issuer": issuers,
            "province_adcode": stated_text(sheet, "province_adcode").to_pylist(),
            "row": sheet.numbers,
            "datum": positions.datum,
            "decimals": positions.decimals,
        }
    )
    frame = _joined(rows[used], sheet)
    return Intake(frame, log, sheet.layout(), sheet.raw(), sheet.size, int(used.sum()))


def _plant_ids(sheet: Sheet) -> list[str]:
    """Return the plant id of each row, else a key of its name (see `geoaq.io.lists.identity`)."""
    stated = stated_text(sheet, "plant_id").to_pylist()
    names = sheet.text("name").to_pylist()
    return [own or content_key(name) for own, name in zip(stated, names, strict=True)]


def _largest(
    sheet: Sheet, row_largest: npt.NDArray[np.float64], separate: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return the largest unit of each row: as stated, else of separate units or a single one, else NaN."""
    stated = read_single_power(sheet, "largest_unit")
    one_unit = mask_of(pc.equal(sheet.text("quantity"), "1")) | sheet.has("unit_no")
    known = np.where(separate | one_unit, row_largest, np.nan)
    largest: npt.NDArray[np.float64] = np.where(np.isfinite(stated), stated, known)
    return largest


def _fuels(sheet: Sheet, vocabulary: Vocabulary) -> list[str]:
    fuels = read_words(sheet, "fuel", vocabulary).to_pylist()
    names = sheet.text("name").to_pylist()
    return [fuel or ("nuclear" if _NUCLEAR in name else "") for fuel, name in zip(fuels, names, strict=True)]


def _confirmations(sheet: Sheet) -> tuple[list[str], list[str]]:
    """Return document number and issuer; one without the other confirms nothing and is asked about."""
    documents = stated_text(sheet, "confirmed_document").to_pylist()
    issuers = stated_text(sheet, "confirmed_issuer").to_pylist()
    half = np.array([bool(a) != bool(b) for a, b in zip(documents, issuers, strict=True)], bool)
    sheet.note(half, "confirmed_document", "confirmation_incomplete", "warning")
    whole = [bool(a) and bool(b) for a, b in zip(documents, issuers, strict=True)]
    return (
        [text if ok else "" for text, ok in zip(documents, whole, strict=True)],
        [text if ok else "" for text, ok in zip(issuers, whole, strict=True)],
    )


def _joined(rows: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Return one row per plant, in the order of the sheet."""
    groups = rows.groupby("plant_id", sort=False)
    frame = groups.first()
    frame["installed_mw"] = groups["installed_mw"].sum()
    frame["largest_unit_mw"] = groups["largest_unit_mw"].max()
    for column in ("confirmed_document", "confirmed_issuer", "fuel", "province_adcode"):
        frame[column] = groups[column].max()
    spread = groups[["lon", "lat"]].max() - groups[["lon", "lat"]].min()
    for plant in frame.index[(spread > _APART).any(axis=1)]:
        first = frame.loc[plant]
        sheet.log.add(int(first["row"]), "lon", first["name"], "plant_positions_differ", "warning")
    return frame.reset_index()[[*PLANTS.names, "row", "datum", "decimals"]]
