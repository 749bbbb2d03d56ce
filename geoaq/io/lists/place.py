"""Reads one place as somebody writes it: a pair of coordinates in any spelling, in a stated datum or none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.frames import IssueLog
from geoaq.io.cells.text import trimmed
from geoaq.io.lists.headers import Header
from geoaq.io.lists.intake import Sheet
from geoaq.io.lists.positions import UNSTATED, read_positions
from geoaq.io.tables import Grid

#: Longest text that is read as coordinates.
LONGEST = 100
_COLUMN = "lonlat"
_HEADER = Header(rows=(0,), columns={_COLUMN: 0}, units={}, labels=(_COLUMN,), personal=())


def read_place(text: str, datum: str | None = None, quality: str = UNSTATED) -> tuple[pd.DataFrame, IssueLog]:
    """Read one place.

    Parameters
    ----------
    text
        Longitude and latitude in either order: ``120.28, 31.90``, ``119°31′12″E 31°03′36″N``, or plane
        coordinates in metres.
    datum
        As `geoaq.crs.parse_datum` reads it; None: unstated, with the wider margin.
    quality
        Key of ``layers/policy/budgets.toml`` ``[position]``.

    Returns
    -------
    pandas.DataFrame
        One row: ``lon lat`` (degrees, WGS 84), ``datum``, ``position_quality``, ``decimals``.
    IssueLog
        What was repaired.

    Raises
    ------
    InputError
        ``place_unreadable``: no coordinates, or none in China. Or the datum is unknown or refused.
    """
    told = text.strip()[:LONGEST]
    cells = pa.table({_COLUMN: pa.array([told], pa.string())})
    numbers = np.array([1], np.int64)
    log = IssueLog()
    grid = Grid(sheet="", kind="csv", encoding="utf-8", cells=cells, row_numbers=numbers, merged=())
    sheet = Sheet(cells, (trimmed(cells.column(0)),), numbers, _HEADER, grid, log)
    found = read_positions(sheet, datum)
    if found.bad[0]:
        raise InputError("place_unreadable", value=told[:40])
    frame = pd.DataFrame(
        {
            "lon": found.lon,
            "lat": found.lat,
            "datum": found.datum,
            "position_quality": [quality],
            "decimals": found.decimals,
        }
    )
    return frame, log
