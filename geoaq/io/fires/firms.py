"""The columns of FIRMS as detections, whatever file they stand in: csv, JSON, a table or a shapefile.

Fields after the descriptions of attributes by LANCE FIRMS for MODIS collection 6.1, VIIRS collection 2 and
Landsat.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.errors import InputError
from geoaq.frames import NRT, SATELLITES, SP, IssueLog
from geoaq.io.cells.text import coded
from geoaq.io.fires import codes
from geoaq.io.fires.chunks import Cells, FireChunk, Mask, Notes, chunk_of, names
from geoaq.io.fires.numbers import BOUNDS, measure, read_numbers
from geoaq.io.fires.own_columns import by_firms_names, has_own_columns

Floats = npt.NDArray[np.float64]

REQUIRED = ("latitude", "longitude", "acq_date", "acq_time", "satellite")
_T4, _T11 = ("bright_ti4", "brightness"), ("bright_ti5", "bright_t31")
_OTHERS = ("scan", "track", "instrument", "confidence", "version", "frp", "daynight", "type")
KNOWN = frozenset({*REQUIRED, *_T4, *_T11, *_OTHERS})
_VIIRS = ("snpp", "noaa20", "noaa21")
# I4 ends at 367 K; hotter still, it folds over to about 208 K (207.38 K in products of 2025).
_CEILING_K, _FOLDED_K = 367.0, 210.0


def is_firms(header: list[str]) -> bool:
    """Say whether the columns of a table are those of FIRMS, or the product's own (names in any case)."""
    names_there = {name.strip().lower() for name in header}
    return set(REQUIRED) <= names_there or has_own_columns(names_there)


def read_firms(cells: Cells, numbers: npt.NDArray[np.int64], name: str) -> FireChunk:
    """Read rows with the columns of FIRMS.

    Parameters
    ----------
    cells
        Columns of text by their names in lower case, without nulls; those of `REQUIRED` are there.
    numbers
        Number of each row as the user sees it.
    name
        Name of the file, for errors.

    Raises
    ------
    InputError
        ``firms_headers_differ``: a second header among the rows names other columns than the first.
    """
    log = IssueLog()
    cells = by_firms_names(cells)
    if read_numbers(cells["latitude"]).odd:
        cells, numbers = _data_rows(cells, numbers, log, name)
    size = len(numbers)
    notes = Notes(log, numbers)
    lon, lat, bad = _positions(cells, notes)
    acquired, undated = _acquired(cells, notes)
    satellite, strange = _satellites(cells["satellite"], notes)
    bad = bad | undated | strange
    t4 = measure(_first(cells, _T4, size), _T4[0], BOUNDS["kelvin"], notes)
    viirs = np.isin(satellite.codes, [SATELLITES.index(each) for each in _VIIRS])
    folded = viirs & (t4 <= _FOLDED_K)
    notes.add(folded, _T4[0], _first(cells, _T4, size), "fire_folded", "warning")
    confidence, per_cent = _confidences(_column(cells, "confidence", size), notes)
    columns = {
        "satellite": satellite,
        "acquired": acquired,
        "lon": lon,
        "lat": lat,
        "scan_km": measure(_column(cells, "scan", size), "scan", BOUNDS["km"], notes),
        "track_km": measure(_column(cells, "track", size), "track", BOUNDS["km"], notes),
        "t4_k": np.where(folded, np.nan, t4),
        "t11_k": measure(_first(cells, _T11, size), _T11[0], BOUNDS["kelvin"], notes),
        "frp_mw": measure(_column(cells, "frp", size), "frp", BOUNDS["mw"], notes),
        "confidence": confidence,
        "confidence_pct": per_cent,
        "daynight": _code(_column(cells, "daynight", size), "daynight", codes.read_daynight, notes),
        "fire_type": _code(_column(cells, "type", size), "type", codes.read_type, notes),
        "level": _levels(cells, size, satellite, notes),
        "saturated": viirs & (t4 >= _CEILING_K),
    }
    others = {column: texts for column, texts in cells.items() if column not in KNOWN}
    return chunk_of("firms", columns, bad, others, notes, size)


def _data_rows(
    cells: Cells, numbers: npt.NDArray[np.int64], log: IssueLog, name: str
) -> tuple[Cells, npt.NDArray[np.int64]]:
    """Leave out blank rows, and headers that stand among the rows of files that were put together."""
    size = len(numbers)
    first = pc.utf8_lower(pc.utf8_trim_whitespace(cells["latitude"]))
    header = pc.equal(first, "latitude").to_numpy(zero_copy_only=False)
    blank = pc.equal(first, "").to_numpy(zero_copy_only=False)
    for place in np.flatnonzero(header).tolist():
        again = {each: texts[place].as_py().strip().lower() for each, texts in cells.items()}
        bright = {*_T4, *_T11}
        if any(each != said and not {each, said} <= bright for each, said in again.items()):
            raise InputError("firms_headers_differ", name=name, row=int(numbers[place]))
    for texts in cells.values():
        if not blank.any():
            break
        blank &= pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    Notes(log, numbers).add(header, "", None, "header_repeated", "repair")
    keep = ~(header | blank)
    if int(keep.sum()) == size:
        return cells, numbers
    return {each: texts.filter(pa.array(keep)) for each, texts in cells.items()}, numbers[keep]


def _column(cells: Cells, name: str, size: int) -> pa.Array:
    return cells[name] if name in cells else pa.repeat("", size)


def _first(cells: Cells, wanted: tuple[str, str], size: int) -> pa.Array:
    """Return the first of two columns that a row fills: tables of MODIS and VIIRS are put together."""
    there = [cells[name] for name in wanted if name in cells]
    if len(there) == 2:
        return pc.if_else(pc.equal(there[0], ""), there[1], there[0])
    return there[0] if there else _column(cells, wanted[0], size)


def _positions(cells: Cells, notes: Notes) -> tuple[Floats, Floats, Mask]:
    bad = np.zeros(len(notes.numbers), bool)
    found = []
    for name, limit in (("longitude", 180.0), ("latitude", 90.0)):
        numbers = read_numbers(cells[name])
        notes.add(numbers.blank, name, cells[name], "coordinate_missing", "error")
        notes.add(numbers.unreadable, name, cells[name], "coordinate_unreadable", "error")
        beyond = np.abs(numbers.values) > limit
        notes.add(beyond, name, cells[name], "fire_degrees", "error")
        bad |= numbers.blank | numbers.unreadable | beyond
        found.append(numbers.values)
    zero = ~bad & (found[0] == 0) & (found[1] == 0)
    notes.add(zero, "longitude", cells["longitude"], "coordinate_zero", "error")
    return found[0], found[1], bad | zero


def _acquired(cells: Cells, notes: Notes) -> tuple[npt.NDArray[np.int64], Mask]:
    days = _code(cells["acq_date"], "acq_date", codes.read_day, notes, "fire_day", lost=-1)
    minutes = _code(cells["acq_time"], "acq_time", codes.read_minute, notes, "fire_minute", lost=-1)
    return days * 86_400 + minutes * 60, (days < 0) | (minutes < 0)


def _satellites(column: pa.Array, notes: Notes) -> tuple[pd.Categorical, Mask]:
    texts = coded(column)
    read = [codes.read_satellite(text) for text in texts.distinct]
    strange = np.array([one is None for one in read] or [False], bool)[texts.codes]
    notes.add(strange, "satellite", column, "fire_satellite", "error")
    return names(texts.codes, [one or SATELLITES[0] for one in read], SATELLITES), strange


def _confidences(column: pa.Array, notes: Notes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    texts = coded(column)
    read = [codes.read_confidence(text) for text in texts.distinct]
    lost = np.array([one is None for one in read] or [False], bool)[texts.codes]
    notes.add(lost, "confidence", column, "fire_confidence", "warning")
    pairs = np.array([one or (-1, -1) for one in read] or [(-1, -1)], np.int64)[texts.codes]
    return pairs[:, 0], pairs[:, 1]


def _code(
    column: pa.Array,
    field: str,
    read: Callable[[str], int | None],
    notes: Notes,
    code: str = "fire_code",
    *,
    lost: int | None = None,
) -> npt.NDArray[np.int64]:
    """Return a column of codes, -1 where one cannot be read; ``lost`` says that its row is lost then."""
    texts = coded(column)
    found = [read(text) for text in texts.distinct]
    odd = np.array([one is None for one in found] or [False], bool)[texts.codes]
    notes.add(odd, field, column, code, "warning" if lost is None else "error")
    return np.array([-1 if one is None else one for one in found] or [-1], np.int64)[texts.codes]


def _levels(cells: Cells, size: int, satellite: pd.Categorical, notes: Notes) -> npt.NDArray[np.int64]:
    """Return the level of every row; Landsat has no version, a file without the column is taken as NRT."""
    landsat = np.isin(satellite.codes, [SATELLITES.index(each) for each in ("landsat8", "landsat9")])
    if "version" not in cells:
        # The column `type` exists in standard processing alone.
        level = SP if "type" in cells else NRT
        if size and not landsat.all() and level == NRT:
            notes.log.add(0, "version", "", "fire_version_missing", "warning")
        return np.full(size, level, np.int64)
    texts = coded(cells["version"])
    read = [codes.read_level(text) for text in texts.distinct]
    odd = np.array([one is None for one in read] or [False], bool)[texts.codes] & ~landsat
    notes.add(odd, "version", cells["version"], "fire_version", "warning")
    return np.array([NRT if one is None else one for one in read] or [NRT], np.int64)[texts.codes]
