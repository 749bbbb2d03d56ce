"""Fire pixels that were found in a scene here (``geoaq fires detect``): one csv, written and read.

A row is one pixel of the swath with all that its class was decided by. What `geoaq.frames.FIRE_PIXELS` has no
column for is kept beside the detection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.errors import InputError
from geoaq.frames import SATELLITES, URT, IssueLog
from geoaq.frames.scenes import HIGH, LOW, NOMINAL, SYNTHETIC
from geoaq.io.cells.text import coded
from geoaq.io.fires import codes
from geoaq.io.fires.chunks import Cells, FireChunk, Mask, Notes, chunk_of, names
from geoaq.io.fires.firms_csv import Form
from geoaq.io.fires.numbers import BOUNDS, measure, read_numbers

#: Columns by which the layout is known.
REQUIRED = ("satellite", "acquired_utc", "lon", "lat", "mask_code", "frp_method", "detector")
_CONFIDENCES = {str(LOW): codes.LOW, str(NOMINAL): codes.NOMINAL, str(HIGH): codes.HIGH}
_GRADES = {LOW: "low", NOMINAL: "nominal", HIGH: "high"}
_LONGEST_NAME = 100
_TEXTS = ("satellite", "frp_method", "confidence", "daynight", "reasons", "detector", "scene")
# Columns of the frame; all others go beside it. ``confidence`` only says ``mask_code`` in words.
_OF_THE_FRAME = frozenset(
    {
        "satellite", "acquired_utc", "lon", "lat", "scan_km", "track_km", "t4_k", "t11_k", "frp_mw",
        "confidence", "confidence_pct", "daynight", "saturated",
    }
)  # fmt: skip
# Name in the file, name in what the detector gives, decimals.
_MEASURED = (
    ("scan_km", "scan_km", 3), ("track_km", "track_km", 3), ("t4_k", "t4_k", 2), ("t11_k", "t11_k", 2),
    ("frp_mw", "frp_mw", 3),
)  # fmt: skip
_BESIDE = (
    ("window", "window", 0), ("n_valid", "n_valid", 0), ("mean4_k", "mean4", 3), ("mad4_k", "mad4", 3),
    ("mean_dt_k", "mean_dt", 3), ("mad_dt_k", "mad_dt", 3), ("mean11_k", "mean11", 3),
    ("mad11_k", "mad11", 3), ("red", "red", 4), ("nir", "nir", 4), ("swir", "swir", 4),
    ("sun_zenith", "sun_zenith", 2), ("view_zenith", "view_zenith", 2), ("glint_deg", "glint_deg", 2),
)  # fmt: skip


def is_scene_csv(header: Iterable[str]) -> bool:
    """Say whether the columns of a table are those of fire pixels found here (names in lower case)."""
    return set(header) >= set(REQUIRED)


def write_scene_csv(path: Path, pixels: pd.DataFrame, *, satellite: str, detector: str, scene: str) -> None:
    """Write fire pixels; the same pixels give the same bytes.

    Parameters
    ----------
    path
        The file to write.
    pixels
        As the detector gives them: one row a pixel.
    satellite
        One of `geoaq.frames.SATELLITES`, or the source's own name.
    detector
        The table of thresholds and its hash, as ``viirs_i@0123456789abcdef``.
    scene
        By which a scene is known: the hash of its files.
    """
    size = len(pixels)
    table: dict[str, Any] = {
        "satellite": [satellite] * size,
        "acquired_utc": _moments(pixels["acquired"]),
        "lon": _decimals(pixels["lon"], 6),
        "lat": _decimals(pixels["lat"], 6),
    }
    table |= {to: _decimals(pixels[own], places) for to, own, places in _MEASURED}
    table["frp_method"] = pixels["frp_method"].astype(str).to_numpy(object)
    table["confidence"] = [_GRADES[code] for code in pixels["code"].tolist()]
    table["confidence_pct"] = ["" if value < 0 else str(value) for value in pixels["confidence_pct"].tolist()]
    table["daynight"] = np.where(pixels["day"].to_numpy(bool), "D", "N")
    table["saturated"] = pixels["saturated"].to_numpy(bool).astype(np.int8)
    table["folded"] = pixels["folded"].to_numpy(bool).astype(np.int8)
    table["mask_code"] = pixels["code"].to_numpy()
    table["line"], table["sample"] = pixels["line"].to_numpy(), pixels["sample"].to_numpy()
    table |= {to: _decimals(pixels[own], places) for to, own, places in _BESIDE}
    table["reasons"] = pixels["reasons"].astype(str).to_numpy(object)
    table["detector"], table["scene"] = [detector] * size, [scene] * size
    pd.DataFrame(table).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read_scene_rows(cells: Cells, numbers: npt.NDArray[np.int64], name: str) -> FireChunk:
    """Read rows of such a csv.

    The level is always URT, whatever else a file says: what a station found itself is a first look, shown
    until FIRMS has reached the pass and never in place of it.

    Parameters
    ----------
    cells
        Columns of text by their names in lower case, without nulls; those of `REQUIRED` are there.
    numbers
        Number of each row as the user sees it.
    name
        Name of the file.

    Raises
    ------
    InputError
        ``scene_synthetic``: a row is of a simulated scene; nothing of the file is taken.
    """
    if SYNTHETIC in {text.strip().lower() for text in coded(cells["satellite"]).distinct}:
        raise InputError("scene_synthetic", name=name)
    size = len(numbers)
    notes = Notes(IssueLog(), numbers)
    bad = np.zeros(size, bool)
    places = {}
    for field, limit in (("lon", 180.0), ("lat", 90.0)):
        found = read_numbers(cells[field])
        places[field] = found.values  # noqa: PD011
        notes.add(found.blank, field, cells[field], "coordinate_missing", "error")
        notes.add(found.unreadable, field, cells[field], "coordinate_unreadable", "error")
        beyond = np.abs(places[field]) > limit
        notes.add(beyond, field, cells[field], "fire_degrees", "error")
        bad |= found.blank | found.unreadable | beyond
    acquired, undated = _read(cells["acquired_utc"], "acquired_utc", _moment, notes, "fire_day", "error")
    confidence, strange = _read(
        cells["mask_code"], "mask_code", _CONFIDENCES.get, notes, "fire_confidence", "error"
    )
    satellite, unknown = _satellites(cells["satellite"], notes)
    folded = _flag(cells, "folded", size)
    t4 = _measure(cells, "t4_k", "kelvin", notes)
    columns = {
        "satellite": satellite,
        "acquired": acquired,
        **places,
        "scan_km": _measure(cells, "scan_km", "km", notes),
        "track_km": _measure(cells, "track_km", "km", notes),
        # What is folded over is no temperature; it stays beside the detection as it was measured.
        "t4_k": np.where(folded, np.nan, t4),
        "t11_k": _measure(cells, "t11_k", "kelvin", notes),
        "frp_mw": _measure(cells, "frp_mw", "mw", notes),
        "confidence": confidence,
        "confidence_pct": _percents(cells, notes, size),
        "daynight": _read(_column(cells, "daynight", size), "daynight", codes.read_daynight, notes)[0],
        "level": np.full(size, URT),
        "saturated": _flag(cells, "saturated", size),
    }
    beside = {each: texts for each, texts in cells.items() if each and each not in _OF_THE_FRAME}
    if "t4_k" in cells:
        beside["t4_folded_k"] = pc.if_else(pa.array(folded), cells["t4_k"], "")
    return chunk_of("scene", columns, bad | undated | strange | unknown, beside, notes, size)


def _moments(acquired: pd.Series[int]) -> npt.NDArray[np.object_]:
    return pd.to_datetime(acquired, unit="s").dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy(object)


def _decimals(values: pd.Series[Any], places: int) -> list[str]:
    numbers = values.to_numpy(np.float64)
    return ["" if number != number else f"{number:.{places}f}" for number in numbers.tolist()]


def _moment(text: str) -> int | None:
    """Return the seconds since 1970 of a moment in UTC, None for anything else."""
    plain = text.strip()
    try:
        found = datetime.strptime(plain, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
    offset = found.utcoffset()
    return int(found.timestamp()) if offset is not None and not offset else None


def _read(
    column: pa.Array,
    field: str,
    read: Callable[[str], int | None],
    notes: Notes,
    code: str = "fire_code",
    severity: Any = "warning",
) -> tuple[npt.NDArray[np.int64], Mask]:
    """Return a column of codes, -1 where one cannot be read, and where that is."""
    texts = coded(column)
    found = [read(text.strip()) for text in texts.distinct]
    odd = np.array([one is None for one in found] or [False], bool)[texts.codes]
    notes.add(odd, field, column, code, severity)
    return np.array([-1 if one is None else one for one in found] or [-1], np.int64)[texts.codes], odd


def _satellites(column: pa.Array, notes: Notes) -> tuple[pd.Categorical, Mask]:
    """Return the satellites by their plain names; one that is not known keeps the name it bears."""
    texts = coded(column)
    read = [codes.read_satellite(text) or text.strip()[:_LONGEST_NAME] for text in texts.distinct]
    blank = np.array([not one for one in read] or [False], bool)[texts.codes]
    notes.add(blank, "satellite", column, "fire_satellite", "error")
    return names(texts.codes, [one or SATELLITES[0] for one in read], SATELLITES), blank


def _percents(cells: Cells, notes: Notes, size: int) -> npt.NDArray[np.int64]:
    column = _column(cells, "confidence_pct", size)
    return _read(column, "confidence_pct", _percent, notes, "fire_confidence")[0]


def _percent(text: str) -> int | None:
    return -1 if not text else int(text) if text.isdecimal() and int(text) <= 100 else None


def _column(cells: Cells, name: str, size: int) -> pa.Array:
    return cells[name] if name in cells else pa.repeat("", size)


def _measure(cells: Cells, name: str, unit: str, notes: Notes) -> npt.NDArray[np.float64]:
    return measure(_column(cells, name, len(notes.numbers)), name, BOUNDS[unit], notes)


def _flag(cells: Cells, name: str, size: int) -> Mask:
    texts = coded(_column(cells, name, size))
    return np.array([text.strip() in {"1", "true"} for text in texts.distinct] or [False], bool)[texts.codes]


def read_scene_table(path: Path) -> pd.DataFrame:
    """Return a file that `write_scene_csv` wrote: text where there is text, NaN where nothing is."""
    words = dict.fromkeys((*_TEXTS, "acquired_utc"), str)
    table: pd.DataFrame = pd.read_csv(path, dtype=words, encoding="utf-8")
    return table.fillna(dict.fromkeys(_TEXTS, ""))


SCENE = Form("scene", is_scene_csv, read_scene_rows)
