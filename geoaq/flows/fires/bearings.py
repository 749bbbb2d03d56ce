"""How the footprints of fire pixels are turned, table by table."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.footprints import track_bearing

_COLUMNS = ["satellite", "acquired", "lon", "lat"]


def bearings_of(data_dir: Path) -> Callable[[Any], npt.NDArray[np.float64]]:
    """Return what tells the bearing of the track of each pixel of an Arrow table.

    Parameters
    ----------
    data_dir
        ``layers/data``, where ``satellite-orbits.toml`` is.

    Returns
    -------
    callable
        Takes a table of `geoaq.frames.FIRE_PIXELS`; gives degrees from north, NaN where the orbit is unknown.
    """
    orbits = tomllib.loads((data_dir / "satellite-orbits.toml").read_text("utf-8"))

    def told(table: Any) -> npt.NDArray[np.float64]:
        frame: pd.DataFrame = table.select(_COLUMNS).to_pandas()
        return track_bearing(frame, orbits)

    return told
