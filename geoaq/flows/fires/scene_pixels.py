"""The fire pixels of a searched scene, as its page shows them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geoaq.errors import NotFoundError
from geoaq.io.fires.scene_csv import read_scene_table


def scene_pixels(folder: Path) -> pd.DataFrame:
    """Return the rows of ``fires.csv`` of a scene, numbered from 0.

    Raises
    ------
    NotFoundError
        ``no_scene``: it was deleted meanwhile.
    """
    try:
        return read_scene_table(folder / "fires.csv")
    except FileNotFoundError as error:
        raise NotFoundError("no_scene") from error
