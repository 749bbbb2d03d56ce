"""Reads the table of a weather station, or of several: time, direction and speed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.cells.coordinates import read_angles
from geoaq.io.cells.text import coded, trimmed
from geoaq.io.cells.winds import CALM, read_direction, read_speed, speed_factor
from geoaq.io.lists.headers import SEARCHED_ROWS, Header, find_header
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.synonyms import Synonyms
from geoaq.io.tables import Grid, Limits, open_table
from geoaq.io.wind_series import WindSeries, series_of

Floats = npt.NDArray[np.float64]

_PARTS = ("year", "month", "day", "hour")
# 2024年3月5日8时30分, 2024/3/5 and 2024.3.5 as ISO 8601 would have it.
_SPELT = ((r"[年月/.]", "-"), (r"日\s*", " "), (r"时(?=\d)", ":"), (r"时", ":00"), (r"分", ""))


def read_stations(path: Path, product: ListProduct, limits: Limits, log: IssueLog) -> tuple[WindSeries, ...]:
    """Read the stations of a table, each a series in the order of its first row.

    Raises
    ------
    InputError
        No table, a column missing, no row that can be used, or several stations of which one does not say
        where it is (``wind_station_unplaced``).
    LimitError
        Beyond ``limits``.
    """
    with open_table(path, limits) as table:
        name = table.sheets[0]
        header = find_header(table.grid(name, SEARCHED_ROWS), Synonyms(product))
        grid = table.grid(name)
    header = _required(header, product, path)
    columns = _columns(grid, header)
    numbers = grid.row_numbers[header.rows[-1] + 1 :]
    filled = pa.compute.not_equal(columns["direction"], "").to_numpy(zero_copy_only=False)
    filled |= pa.compute.not_equal(columns["speed"], "").to_numpy(zero_copy_only=False)
    if not filled.any():
        raise InputError("no_rows", name=path.name)
    numbers, columns = (
        numbers[filled],
        {key: cells.filter(pa.array(filled)) for key, cells in columns.items()},
    )
    direction, speed = _winds(columns, header, numbers, log)
    times = _times(columns, len(numbers))
    if np.isnat(times).any():
        log.add(0, "time", "", "wind_time_unreadable", "warning", count=int(np.isnat(times).sum()))
    stations = coded(columns["station"]) if "station" in columns else coded(pa.array([""] * len(numbers)))
    series = [
        _series(stations.distinct[code], stations.codes == code, columns, direction, speed, times)
        for code in dict.fromkeys(stations.codes.tolist())
    ]
    if len(series) > 1 and not all(np.isfinite([one.lon, one.lat]).all() for one in series):
        raise InputError("wind_station_unplaced", name=path.name, count=len(series))
    return tuple(series)


def _required(header: Header | None, product: ListProduct, path: Path) -> Header:
    named = set() if header is None else set(header.columns)
    missing = [c.title.zh for c in product.columns if c.column in {"direction", "speed"} - named]
    if "time" not in named and not {"year", "month"} <= named:
        missing += [c.title.zh for c in product.columns if c.column == "time"]
    if header is None or missing:
        raise InputError("columns_missing", name=path.name, columns="、".join(missing))
    return header


def _columns(grid: Grid, header: Header) -> dict[str, pa.Array]:
    start = header.rows[-1] + 1
    return {name: trimmed(grid.cells.column(place).slice(start)) for name, place in header.columns.items()}


def _winds(
    columns: dict[str, pa.Array], header: Header, numbers: npt.NDArray[np.int64], log: IssueLog
) -> tuple[Floats, Floats]:
    """Return direction and speed of every row; what cannot be read is noted and counts as not observed."""
    factor = speed_factor(header.labels[header.columns["speed"]])
    directions, speeds = coded(columns["direction"]), coded(columns["speed"])
    angles = [read_direction(text) for text in directions.distinct]
    paces = [read_speed(text, factor) for text in speeds.distinct]
    for name, cells, found in (("direction", directions, angles), ("speed", speeds, paces)):
        lost = np.array([value is None for value in found], bool)[cells.codes]
        if lost.any():
            texts = columns[name].filter(pa.array(lost)).to_pylist()
            log.add_many(numbers[lost].tolist(), name, texts, "wind_unreadable", "warning")
    direction = np.array([np.nan if a is None else a for a in angles], np.float64)[directions.codes]
    speed = np.array([np.nan if p is None else p for p in paces], np.float64)[speeds.codes]
    calm = direction == CALM
    speed[calm], direction[calm] = 0.0, np.nan
    return direction, speed


def _times(columns: dict[str, pa.Array], size: int) -> npt.NDArray[np.datetime64]:
    if "time" in columns:
        text = pd.Series(columns["time"].to_pylist(), dtype=object)
        plain = text
        for pattern, plainly in _SPELT:
            plain = plain.str.replace(pattern, plainly, regex=True)
        plain = plain.str.strip()
        packed = plain.str.fullmatch(r"\d{8}(?:\d{2}){0,3}").fillna(value=False).astype(bool)
        times = pd.to_datetime(plain.where(~packed), format="ISO8601", errors="coerce")
        if packed.any():
            padded = plain[packed].str.ljust(14, "0")
            times[packed] = pd.to_datetime(padded, format="%Y%m%d%H%M%S", errors="coerce")
        rest = times.isna() & (plain != "")
        if rest.any():
            times[rest] = pd.to_datetime(plain[rest], format="mixed", errors="coerce")
        found: npt.NDArray[np.datetime64] = times.to_numpy("datetime64[s]")
        return found
    parts = {
        part: pd.to_numeric(pd.Series(columns[part].to_pylist()), errors="coerce")
        if part in columns
        else pd.Series(np.full(size, {"day": 1.0, "hour": 0.0}.get(part, np.nan)))
        for part in _PARTS
    }
    built: npt.NDArray[np.datetime64] = pd.to_datetime(pd.DataFrame(parts), errors="coerce").to_numpy(
        "datetime64[s]"
    )
    return built


def _series(
    name: str,
    rows: npt.NDArray[np.bool_],
    columns: dict[str, pa.Array],
    direction: Floats,
    speed: Floats,
    times: npt.NDArray[np.datetime64],
) -> WindSeries:
    place = [np.nan, np.nan]
    for axis, column in enumerate(("lon", "lat")):
        if column in columns:
            degrees = read_angles(columns[column].filter(pa.array(rows))).degrees
            known = degrees[np.isfinite(degrees)]
            place[axis] = float(known[0]) if len(known) else np.nan
    return series_of(
        name, (place[0], place[1]), direction[rows], speed[rows], times[rows], _step(direction[rows])
    )


def _step(direction: Floats) -> float:
    """Return how coarsely directions are printed: by 22.5°, by 10° or finer."""
    known = direction[np.isfinite(direction)]
    for step in (22.5, 10.0):
        if len(known) and (known % step == 0).all():
            return step
    return 0.0
