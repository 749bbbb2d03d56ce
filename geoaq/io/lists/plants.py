"""Reads an office's own list of CHP plants: one row per plant, or one row per unit of a plant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.frames import PLANTS, IssueLog
from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.columns import digits_lost, read_words, stated_text
from geoaq.io.lists.identity import content_key
from geoaq.io.lists.intake import Intake, Sheet, open_sheet
from geoaq.io.lists.plant_capacity import PlantRow, plant_capacity
from geoaq.io.lists.positions import Positions, read_positions
from geoaq.io.lists.powers import read_counts, read_power_columns
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.units import read_ownership, read_status
from geoaq.io.tables import DEFAULT_LIMITS, Limits

_EXISTS = ("operating", "standby", "")
# Two rows of one name farther apart than this (degrees, about 1 km) are two plants.
_APART = 0.01
_NUCLEAR = "核电"
_GLUE = "\x1f"
_POWERS = ("power", "unit_power", "largest_unit")
_PARTS = (
    "unit_no",
    "total",
    "total_largest",
    "separate",
    "single",
    "listed",
    "units",
    "stated_largest",
    "covered",
    "runs",
)


def read_plants(
    path: Path, *, product: ListProduct, datum: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Intake:
    """Read a list of plants or of their units; parameters and errors as in `read_boilers`.

    Rows with the same plant id, or the same name where there is none, are one plant if they lie together;
    a row with neither is a plant of its own. What its capacity is, `geoaq.io.lists.plant_capacity` tells
    from the rows in operation or on standby. Its position is that of the first row.

    Returns
    -------
    Intake
        ``frame`` follows `geoaq.frames.PLANTS`; ``row`` and ``datum`` of the plant's first row and
        ``decimals`` stand behind those columns. ``installed_mw`` and ``largest_unit_mw`` are NaN where the
        list does not tell. ``confirmed_document`` and ``confirmed_issuer`` are both filled or both ``""``.
    """
    log = IssueLog()
    sheet = open_sheet(path, product, limits, log)
    words = {name: Vocabulary(entries) for name, entries in product.words.items()}
    positions = read_positions(sheet, datum)
    powers = read_power_columns(sheet, _POWERS)
    digits_lost(sheet, [column.column for column in product.columns if column.digits], ())
    status = read_status(sheet, words["status"])
    exists = np.isin(np.asarray(status.to_pylist(), object), _EXISTS)
    sheet.note(~exists, "status", "plant_unit_left_out", "error")
    readable = ~positions.bad & ~powers["power"].bad & ~powers["unit_power"].bad
    used = readable & exists
    documents, issuers = _confirmations(sheet)
    rows = pd.DataFrame(
        {
            "plant_id": _plant_ids(sheet, positions),
            "name": stated_text(sheet, "name").to_pylist(),
            "lon": positions.lon,
            "lat": positions.lat,
            "position_quality": read_words(
                sheet, "position_quality", words["position_quality"], "user"
            ).to_pylist(),
            "fuel": _fuels(sheet, words["fuel"]),
            "dispatched": read_ownership(sheet, words)[0],
            "heat_evidence": read_words(sheet, "heat_evidence", words["heat_evidence"], "user").to_pylist(),
            "confirmed_document": documents,
            "confirmed_issuer": issuers,
            "province_adcode": stated_text(sheet, "province_adcode").to_pylist(),
            "row": sheet.numbers,
            "datum": positions.datum,
            "decimals": positions.decimals,
            "unit_no": stated_text(sheet, "unit_no").to_pylist(),
            "total": powers["power"].total,
            "total_largest": powers["power"].largest,
            "separate": powers["power"].separate,
            "single": powers["unit_power"].largest,
            "listed": np.where(powers["unit_power"].separate, powers["unit_power"].total, np.nan),
            "units": read_counts(sheet),
            "stated_largest": powers["largest_unit"].largest,
            "covered": _covered(sheet),
            "runs": exists,
            "used": used,
            "readable": readable,
            "doubtful": np.any([column.doubtful for column in powers.values()], axis=0),
        }
    )
    frame = _joined(_split(rows, sheet), sheet)
    return Intake(frame, log, sheet.layout(), sheet.raw(), sheet.size, int(used.sum()))


def _plant_ids(sheet: Sheet, positions: Positions) -> list[str]:
    """Return the plant id of each row, else a key of its name, else of its place and row."""
    stated = stated_text(sheet, "plant_id").to_pylist()
    names = stated_text(sheet, "name").to_pylist()
    printed = positions.printed.to_pylist()
    return [
        own or content_key(name or f"{place}{_GLUE}{row}")
        for own, name, place, row in zip(stated, names, printed, sheet.numbers.tolist(), strict=True)
    ]


def _covered(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Tell which rows lie under a cell of the plant's capacity that is merged from a row above."""
    place = sheet.header.columns.get("power", -1)
    below = [
        number
        for first_row, first, last_row, _ in sheet.grid.merged
        if first == place
        for number in sheet.grid.row_numbers[first_row + 1 : last_row + 1]
    ]
    return np.isin(sheet.numbers, below)


def _split(rows: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Give rows of one id that lie apart an id of their own each, ``@2``, ``@3`` …; unplaced rows stay."""
    rows["split"] = False
    placed = rows[rows["readable"]]
    groups = placed.groupby("plant_id", sort=False)[["lon", "lat"]]
    spread = groups.max() - groups.min()
    for plant in spread.index[(spread > _APART).any(axis=1)]:
        rows.loc[rows["plant_id"] == plant, "split"] = True
        seen: list[tuple[float, float]] = []
        alike = placed[placed["plant_id"] == plant]
        for place, row, name, lon, lat in zip(
            alike.index, alike["row"], alike["name"], alike["lon"], alike["lat"], strict=True
        ):
            near = (k for k, at in enumerate(seen) if max(abs(at[0] - lon), abs(at[1] - lat)) <= _APART)
            number = next(near, len(seen))
            if number == len(seen):
                seen.append((lon, lat))
                if number:
                    sheet.log.add(int(row), "lon", name, "plant_positions_differ", "warning")
            if number:
                rows.loc[place, "plant_id"] = f"{plant}@{number + 1}"
    return rows


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
    """Return one row per plant that has a usable row, in the order of the sheet."""
    groups = rows[rows["used"]].groupby("plant_id", sort=False)
    frame = groups.first()
    for column in ("fuel", "province_adcode"):
        frame[column] = groups[column].max()
    confirmed = rows[rows["used"] & (rows["confirmed_document"] != "")].drop_duplicates("plant_id")
    confirmed = confirmed.set_index("plant_id")
    for column in ("confirmed_document", "confirmed_issuer"):
        frame[column] = confirmed[column].reindex(frame.index).fillna("").astype(object)
    members: dict[str, list[PlantRow]] = {}
    for plant, readable, *parts in zip(
        rows["plant_id"], rows["readable"], *(rows[n] for n in _PARTS), strict=True
    ):
        said = PlantRow(*parts)
        if not readable:
            # A row that cannot be placed is not counted, so that the plant is not known as a whole.
            said = said._replace(total=np.nan, single=np.nan, listed=np.nan, stated_largest=np.nan)
        members.setdefault(plant, []).append(said)
    doubtful = set(rows.loc[rows["doubtful"], "plant_id"])
    found = [
        plant_capacity(members[plant], split=bool(split))
        for plant, split in zip(frame.index, frame["split"], strict=True)
    ]
    frame["installed_mw"] = np.array([capacity.installed for capacity in found], np.float64)
    frame["largest_unit_mw"] = np.array([capacity.largest for capacity in found], np.float64)
    for plant, row, name, capacity in zip(frame.index, frame["row"], frame["name"], found, strict=True):
        if capacity.code and plant not in doubtful:
            sheet.log.add(int(row), "power", name, capacity.code, "warning")
    return frame.reset_index()[[*PLANTS.names, "row", "datum", "decimals"]]
