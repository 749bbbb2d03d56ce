"""Reads the wildfire product of JAXA for Himawari (level 2, a csv under two lines that begin with #).

After the product's README on JAXA P-Tree. The unit that the header prints for FRP (W m⁻²) does not fit the
README's power, so that FRP is unknown here and kept beside the table as printed.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import NRT, SATELLITES, IssueLog
from geoaq.io.cells.text import coded
from geoaq.io.fires import codes
from geoaq.io.fires.chunks import FireChunk, Notes, chunk_of, empty_chunk, same
from geoaq.io.fires.numbers import read_numbers

_COLUMNS = ("year", "month", "day", "time", "lat", "lon", "area", "reliability", "frp")
_EXTRA = {
    "frp": "frp_wm2", "area": "area_km2", "volcano": "volcano", "level": "fire_level", "qf": "qf",
    "hot": "hot",
}  # fmt: skip
_NAMED = re.compile(r"^H(\d\d)_\d{8}_\d{4}_", re.IGNORECASE)
# Himawari-9 took over from Himawari-8 on 13 December 2022 at 05:00 UTC.
_HANDED_OVER = int(datetime(2022, 12, 13, 5, tzinfo=UTC).timestamp())
# Cells of the grid: 0.02°, here in kilometres from south to north.
_CELL_KM = 0.02 * 111.195
# Reliability 1, 3 and 5; JAXA's daily product takes a mean of 2.5 and more.
_CONFIDENCE = {"1": codes.LOW, "2": codes.LOW, "3": codes.NOMINAL, "4": codes.NOMINAL, "5": codes.HIGH}


def is_himawari(head: str) -> bool:
    """Say whether a text begins like a wildfire product."""
    lines = head.splitlines()[:2]
    return len(lines) == 2 and all(line.startswith("#") for line in lines) and "Lat,Lon,Area" in lines[1]


def read_himawari(data: bytes, name: str) -> FireChunk:
    """Read a wildfire product; ``scan_km`` × ``track_km`` is the cell of the grid, not the sensor's pixel.

    Raises
    ------
    InputError
        ``firms_broken``: columns are missing, or the text is not ASCII.
    """
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("firms_encoding", name=name) from error
    header = [re.sub(r"\(.*", "", cell).strip().lower() for cell in lines[1].lstrip("# ").split(",")]
    if not set(_COLUMNS) <= set(header):
        raise InputError("firms_broken", name=name)
    log = IssueLog()
    records, numbers, read = [], [], 0
    for number, record in enumerate(csv.reader(io.StringIO("\n".join(lines[2:]))), start=3):
        if not any(cell.strip() for cell in record):
            continue
        read += 1
        if len(record) != len(header):
            text, widths = ",".join(record)[:200], {"found": len(record), "expected": len(header)}
            log.add(number, "", text, "fire_row_ragged", "error", **widths)
            continue
        records.append([cell.strip() for cell in record])
        numbers.append(number)
    if not records:
        return empty_chunk("himawari", log, read)
    cells = {each: pa.array([r[place] for r in records], pa.string()) for place, each in enumerate(header)}
    return _chunk(cells, Notes(log, np.array(numbers, np.int64)), name, read)


def _chunk(cells: dict[str, pa.Array], notes: Notes, name: str, read: int) -> FireChunk:
    size = len(notes.numbers)
    lon, lat = read_numbers(cells["lon"]), read_numbers(cells["lat"])
    bad = np.zeros(size, bool)
    for field, found, limit in (("lon", lon, 180.0), ("lat", lat, 90.0)):
        lost = found.blank | found.unreadable | (np.abs(found.values) > limit)
        notes.add(lost, field, cells[field], "fire_degrees", "error")
        bad |= lost
    dates = zip(*(cells[each].to_pylist() for each in ("year", "month", "day")), strict=True)
    days = [codes.read_day("-".join(parts)) for parts in dates]
    minutes = [codes.read_minute(text) for text in cells["time"].to_pylist()]
    undated = np.array([day is None for day in days])
    untimed = np.array([minute is None for minute in minutes])
    notes.add(undated, "day", cells["day"], "fire_day", "error")
    notes.add(untimed, "time", cells["time"], "fire_minute", "error")
    bad |= undated | untimed
    since = [(day or 0) * 86_400 + (minute or 0) * 60 for day, minute in zip(days, minutes, strict=True)]
    acquired = np.array(since, np.int64)
    grades = coded(cells["reliability"])
    confidence = np.array([_CONFIDENCE.get(text, -1) for text in grades.distinct])[grades.codes]
    notes.add(confidence < 0, "reliability", cells["reliability"], "fire_confidence", "warning")
    area = read_numbers(cells["area"]).values
    columns = {
        "satellite": same(_satellite(name, int(acquired.max())), size, SATELLITES),
        "acquired": acquired,
        "lon": lon.values,
        "lat": lat.values,
        "scan_km": area / _CELL_KM,
        "track_km": np.full(size, _CELL_KM),
        "confidence": confidence,
        "level": np.full(size, NRT),
    }
    notes.log.add(0, "frp", "", "fire_frp_unit", "warning")
    extra = {to: cells[each] for each, to in _EXTRA.items() if each in cells}
    return chunk_of("himawari", columns, bad, extra, notes, read)


def _satellite(name: str, newest: int) -> str:
    """Return the satellite of a file by its name, else by which of the two was at work."""
    found = _NAMED.match(name)
    if found:
        return f"himawari{int(found[1])}"
    return "himawari9" if newest >= _HANDED_OVER else "himawari8"
