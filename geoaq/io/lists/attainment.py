"""Reads an office's table of city PM2.5 annual means, from which 未达标 is decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.cells.text import trimmed
from geoaq.io.lists.headers import SEARCHED_ROWS, find_header
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.synonyms import Synonyms
from geoaq.io.tables import DEFAULT_LIMITS, Limits, open_table

_NEEDED = ("city_adcode", "pm25_annual", "pm25_year")
# Annual means outside this range have never been published for a Chinese city: a slip of unit or column.
_PLAUSIBLE_UG_M3 = (1.0, 300.0)


@dataclass(frozen=True)
class AttainmentTable:
    """City means, the latest year of each city.

    Parameters
    ----------
    frame
        ``city_adcode`` (six digits), ``pm25_annual`` (µg/m³), ``pm25_year``; one row a city.
    issues
        What could not be used.
    """

    frame: pd.DataFrame
    issues: IssueLog


def read_attainment(path: Path, *, product: ListProduct, limits: Limits = DEFAULT_LIMITS) -> AttainmentTable:
    """Read a table with a city code, a PM2.5 annual mean and its year in each row.

    Raises
    ------
    InputError
        No table, a column is missing, or no usable row.
    LimitError
        Beyond ``limits``.
    """
    log = IssueLog()
    with open_table(path, limits) as table:
        grid = table.grid(table.sheets[0])
        header = find_header(table.grid(table.sheets[0], SEARCHED_ROWS), Synonyms(product))
    missing = [c.title.zh for c in product.columns if header is None or c.column not in header.columns]
    if header is None or missing:
        raise InputError("columns_missing", name=path.name, columns="、".join(missing))
    start = header.rows[-1] + 1
    cells = {name: trimmed(grid.cells.column(header.columns[name]).slice(start)) for name in _NEEDED}
    frame = pd.DataFrame({name: pa.array(column).to_pylist() for name, column in cells.items()})
    frame["row"] = grid.row_numbers[start:]
    frame = frame[(frame[list(_NEEDED)] != "").any(axis=1)]
    good = _usable(frame, log)
    if good.empty:
        raise InputError("no_rows", name=path.name)
    latest = good.sort_values(["city_adcode", "pm25_year"], kind="stable").groupby("city_adcode").tail(1)
    return AttainmentTable(latest[list(_NEEDED)].reset_index(drop=True), log)


def _usable(frame: pd.DataFrame, log: IssueLog) -> pd.DataFrame:
    code = frame["city_adcode"].str.replace(r"\.0$", "", regex=True).str.ljust(6, "0")
    mean = pd.to_numeric(frame["pm25_annual"], errors="coerce")
    year = pd.to_numeric(frame["pm25_year"].str.rstrip("年"), errors="coerce")
    checks = {
        "city_adcode": code.str.fullmatch(r"[1-8]\d{5}"),
        "pm25_annual": mean.between(*_PLAUSIBLE_UG_M3),
        "pm25_year": year.between(2013, 2100),
    }
    good = pd.Series(True, index=frame.index)
    for name, holds in checks.items():
        wrong = ~holds.astype(bool)
        log.add_many(frame.loc[wrong, "row"], name, frame.loc[wrong, name].tolist(), f"bad_{name}")
        good &= ~wrong
    found = pd.DataFrame({"city_adcode": code, "pm25_annual": mean, "pm25_year": year})
    return found[good]
