"""Reads the townships, villages or grid cells of an office: outlines with names and codes.

An outline that crosses itself is mended and told; one without a name, or that is no area, is told and left
out. The others go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.frames import IssueLog
from geoaq.io.lists.features import fault_of, read_outlines
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import Limits
from geoaq.io.vectors import areas_of

# Signs that part the names of areas where several are told in one cell.
_SIGNS = str.maketrans({";": "；", "=": "＝", "\n": " ", "\r": " ", "\t": " "})
_LONGEST = 60


@dataclass(frozen=True)
class AreaIntake:
    """A file of areas that has been read.

    Parameters
    ----------
    frame
        The features that can be used: ``row name code parent`` (texts; ``parent`` is the township of a
        village or a grid cell, '' where none is stated).
    shapes
        Their outlines, WGS 84, valid; shape (n,).
    issues
        What could not be used or was mended.
    features
        How many the file holds.
    """

    frame: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    issues: IssueLog
    features: int


def read_office_areas(path: Path, *, level: str, product: ListProduct, limits: Limits) -> AreaIntake:
    """Read areas from a GeoPackage, shapefile, GeoJSON or KML.

    Parameters
    ----------
    level
        One of `geoaq.frames.AREA_LEVELS`: which of the columns names the area.
    product
        ``area_list`` of the catalogue.

    Raises
    ------
    InputError, LimitError
        As `geoaq.io.vectors.read_vector`: the file as a whole cannot be used.
    """
    log = IssueLog()
    stated, numbers, shapes = read_outlines(path, product, log, limits=limits)
    rows, kept = [], []
    for at, number in enumerate(numbers):
        cells = {name: _clean(texts[at]) for name, texts in stated.items()}
        code = cells[f"{level}_code"] or cells["code"]
        name = cells[level] or cells["name"] or code
        shape = _area(shapes[at], number, name, log)
        if not name:
            log.add(number, "name", "", "area_unnamed", "error")
        if name and shape is not None:
            parent = "" if level == "township" else cells["township"]
            rows.append({"row": number, "name": name, "code": code, "parent": parent})
            kept.append(shape)
    usable = np.empty(len(kept), object)
    usable[:] = kept
    frame = pd.DataFrame(rows, columns=["row", "name", "code", "parent"])
    return AreaIntake(frame, usable, log, len(shapes))


def _clean(text: Any) -> str:
    return str(text or "").strip().translate(_SIGNS)[:_LONGEST]


def _area(shape: Any, number: int, name: str, log: IssueLog) -> Any:
    """Return the area of a feature, mended where it has to be; None for what is none."""
    import shapely

    if shape is None or shape.is_empty:
        log.add(number, "geometry", name, "area_no_shape", "error")
        return None
    if shapely.get_dimensions(shape) != 2:
        log.add(number, "geometry", name, "area_not_area", "error", said=shape.geom_type)
        return None
    if not shapely.is_valid(shape):
        reason, lon, lat = fault_of(shape)
        log.add(number, "geometry", name, "area_mended", "repair", said=reason, lon=lon, lat=lat)
        shape = shapely.make_valid(shape)
    shape = areas_of(np.array([shape], object))[0]
    if shape is None or not shape.area:
        log.add(number, "geometry", name, "area_no_shape", "error")
        return None
    return shape
