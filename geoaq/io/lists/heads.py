"""The columns that every list of subjects begins with: which row, what number and name, where."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.io.cells.words import Vocabulary
from geoaq.io.lists.columns import read_words, stated_text
from geoaq.io.lists.intake import Sheet
from geoaq.io.lists.positions import Positions


def head_columns(
    sheet: Sheet, ids: npt.NDArray[np.object_], positions: Positions, quality: Vocabulary
) -> dict[str, Any]:
    """Return the shared columns of the contracts of subjects, one value per row.

    Parameters
    ----------
    sheet
        The rows that hold data.
    ids
        Identity of each row (`geoaq.io.lists.identity.subject_ids`).
    positions
        Where each row is.
    quality
        Words for the source of a position; blank is ``unstated``.
    """
    return {
        "row": sheet.numbers,
        "subject_id": ids,
        "name": stated_text(sheet, "name"),
        "lon": positions.lon,
        "lat": positions.lat,
        "datum": positions.datum,
        "position_quality": read_words(sheet, "position_quality", quality, "unstated"),
        "decimals": positions.decimals,
        "province_stated": stated_text(sheet, "province"),
        "city_stated": stated_text(sheet, "city"),
        "county_stated": stated_text(sheet, "county"),
    }
