"""In which order a list is shown: by one column, blank cells last, equal ones in the list's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW

if TYPE_CHECKING:
    import pandas as pd

SIGNS = ("applies", "encouraged", "review", "not", "none")
OUTCOMES = (APPLIES, NEEDS_REVIEW, DOES_NOT_APPLY, "")
# What a list can be ordered by, and the column that holds it.
SORTS = {
    "row": "row", "subject_id": "subject_id", "name": "name", "county": "adcode", "capacity": "capacity",
    "anchor": "anchor_name", "distance": "distance_km", "verdict": "lead", "industry": "industry_code",
    "neighbour": "neighbour_name", "consultees": "consultee_names", "limb_a": "limb_a", "limb_b": "limb_b",
}  # fmt: skip
# Columns whose words have an order of their own.
_RANKS = {"lead": SIGNS, "limb_a": OUTCOMES, "limb_b": OUTCOMES}


def order_of(values: pd.Series, column: str, *, descending: bool) -> npt.NDArray[np.int64]:
    """Return the positions of a whole column in its order.

    Parameters
    ----------
    values
        The column.
    column
        Its name: words that have an order of their own come in it.
    descending
        The largest first; blank cells stay last, equal ones in the list's order.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pa.Array.from_pandas(values)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if column in _RANKS:
        words = pa.array(_RANKS[column], pa.string())
        array = pc.index_in(array.cast(pa.string()).fill_null(""), value_set=words)
    found = pc.array_sort_indices(array, order="descending" if descending else "ascending")
    order: npt.NDArray[np.int64] = found.to_numpy().astype(np.int64)
    order.setflags(write=False)
    return order
