"""The areas of an office as they were checked: one Arrow file of labels, codes and outlines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.feather as feather

from geoaq.errors import ConfigError

FILE = "areas.arrow"


def save_areas(
    folder: Path, labels: Sequence[str], codes: Sequence[str], shapes: npt.NDArray[np.object_]
) -> None:
    """Write areas into ``areas.arrow`` of a folder.

    Parameters
    ----------
    labels, codes
        What each is called, and its code; shape (m,).
    shapes
        Valid outlines, WGS 84; shape (m,).
    """
    import shapely

    columns = {
        "label": pa.array(labels, pa.string()),
        "code": pa.array(codes, pa.string()),
        "shape": pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()),
    }
    feather.write_feather(pa.table(columns), str(folder / FILE), compression="zstd")


def load_areas(folder: Path) -> tuple[list[str], list[str], npt.NDArray[np.object_]]:
    """Return labels, codes and outlines as they were saved.

    Raises
    ------
    ConfigError
        ``areas_damaged``: the file is lost or cannot be read.
    """
    import shapely

    try:
        table = feather.read_table(folder / FILE)
        shapes = shapely.from_wkb(np.array(table.column("shape").to_pylist(), object))
        return table.column("label").to_pylist(), table.column("code").to_pylist(), shapes
    except (OSError, KeyError, pa.ArrowInvalid, shapely.errors.GEOSException) as error:
        raise ConfigError("areas_damaged", path=str(folder / FILE)) from error
