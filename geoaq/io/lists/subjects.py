"""Turns rows into subjects: a row that holds several gives one subject for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.frames import Contract


def subjects(
    by_row: Mapping[str, Any],
    used: npt.NDArray[np.bool_],
    counts: npt.NDArray[np.int64],
    by_part: Mapping[str, npt.NDArray[np.float64]],
    contract: Contract,
) -> pd.DataFrame:
    """Return one row per subject, in the order of the sheet, with the columns of a contract.

    Parameters
    ----------
    by_row
        Columns (arrays of numpy or pyarrow) with one value per row.
    used
        The rows that give subjects.
    counts
        Number of subjects of each row, used or not.
    by_part
        Columns with one value per subject of all rows, one row after the other.
    contract
        The columns of the frame and their order. Where a row holds several subjects, ``part`` is 1…n and
        ``subject_id`` has ``#1`` … ``#n`` behind it.
    """
    given = np.where(used, counts, 0)
    rows = np.repeat(np.arange(len(used)), given)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(given) - given, given) + 1
    part = np.where(given[rows] > 1, within, 0)
    picked = pa.array(rows)
    straight = len(rows) == len(used) and bool((given == 1).all())
    columns: dict[str, pa.Array] = {"part": pa.array(part)}
    for name, values in by_row.items():
        array = values if isinstance(values, pa.Array) else pa.array(values)
        columns[name] = array if straight else array.take(picked)
    kept = np.repeat(used, counts)
    columns |= {name: pa.array(values[kept], from_pandas=False) for name, values in by_part.items()}
    if part.any():
        numbered = pc.binary_join_element_wise(
            columns["subject_id"], pc.cast(columns["part"], pa.string()), "#"
        )
        columns["subject_id"] = pc.if_else(pa.array(part > 0), numbered, columns["subject_id"])
    table = pa.table([columns[name] for name in contract.names], names=list(contract.names))
    frame: pd.DataFrame = table.to_pandas()
    return frame
