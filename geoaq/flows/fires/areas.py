"""An office's townships, villages and grid cells: looked through when given, taken out for judging."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.errors import InputError
from geoaq.fires.areas import OfficeAreas
from geoaq.frames import IssueLog
from geoaq.io.kept_areas import load_areas, save_areas
from geoaq.io.lists.office_areas import read_office_areas
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import Limits
from geoaq.store.office_layers import OfficeLayers, Version
from geoaq.zones.admin import OUTSIDE, AdminIndex

#: The layers by which an office gives them, and the level of each (`geoaq.frames.AREA_LEVELS`).
LAYERS = {"townships": "township", "villages": "village", "grid_cells": "grid"}
#: Overlaps that are told one by one; of the others how many there are.
MOST_TOLD = 200
# Lines of neighbours that were drawn apart cover slivers twice; less than this is not worth a word.
_OVERLAP_KM2 = 0.01
# Square kilometres in a square degree at the equator, for a size that need not be exact.
_KM2_PER_DEGREE2 = 111.32**2
_HECTARES_PER_KM2 = 100.0


@dataclass(frozen=True)
class CheckedAreas:
    """A file of areas, looked through.

    Attributes
    ----------
    labels, codes
        What each area is called, no two alike, and its code ('' not stated).
    shapes
        Their outlines, WGS 84, valid.
    issues
        What could not be used, was mended, or overlaps; rows are features, 1 the first.
    features
        Shapes in the file.
    """

    labels: list[str]
    codes: list[str]
    shapes: npt.NDArray[np.object_]
    issues: IssueLog
    features: int

    def told(self, level: str) -> dict[str, Any]:
        """Return what a report keeps: numbers, and issues as codes with parameters."""
        frame = self.issues.frame()
        rows = [
            {"row": int(row), "code": code, "severity": severity, "params": json.loads(params)}
            for row, code, severity, params in zip(
                frame["row"], frame["code"], frame["severity"], frame["params"], strict=True
            )
        ]
        return {
            "level": level,
            "count": len(self.labels),
            "features": self.features,
            "coded": sum(bool(code) for code in self.codes),
            "issues": rows[:MOST_TOLD],
            "issue_count": len(rows),
        }


def check_areas(
    path: Path, *, level: str, product: ListProduct, counties: AdminIndex, limits: Limits
) -> CheckedAreas:
    """Look a file of areas through; several outlines of one name and code become one area.

    Parameters
    ----------
    path
        A GeoPackage, zipped shapefile (GBK or UTF-8), GeoJSON or KML.
    level
        One of `geoaq.frames.AREA_LEVELS`.
    product
        ``area_list`` of the catalogue.
    counties
        The boundaries that decide: areas outside China are left out, and names that occur in several
        counties are told apart by them.

    Raises
    ------
    InputError, LimitError
        As `geoaq.io.vectors.read_vector`; ``areas_unusable``: not one of its features can be used.
    """
    intake = read_office_areas(path, level=level, product=product, limits=limits)
    frame, shapes, log = intake.frame, intake.shapes, intake.issues
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    home = counties.locate(inner[:, 0], inner[:, 1]) if len(frame) else np.empty(0, np.int32)
    for at in np.flatnonzero(home == OUTSIDE).tolist():
        lon, lat = (f"{value:.5f}" for value in inner[at])
        row, name = int(frame["row"].iloc[at]), frame["name"].iloc[at]
        log.add(row, "geometry", name, "area_outside_china", "error", lon=lon, lat=lat)
    good = home != OUTSIDE
    frame, shapes, home = frame[good].reset_index(drop=True), shapes[good], home[good]
    if not len(frame):
        raise InputError("areas_unusable", name=path.name, features=intake.features)
    named = counties.names(home)
    frame = frame.assign(adcode=named["adcode"].to_numpy(object), county=named["county"].to_numpy(object))
    frame, shapes = _united(frame, shapes)
    _tell_codes(frame, log)
    _tell_overlaps(frame, shapes, log)
    return CheckedAreas(_labels(frame), frame["code"].tolist(), shapes, log, intake.features)


def keep_areas(checked: CheckedAreas, folder: Path) -> None:
    """Write what judging needs of checked areas into a folder."""
    save_areas(folder, checked.labels, checked.codes, checked.shapes)


def own_areas(data: Path) -> tuple[OfficeAreas, ...]:
    """Return the areas that an office has loaded, one entry a level; none where none were given.

    Parameters
    ----------
    data
        The folder of all state.

    Raises
    ------
    ConfigError
        ``areas_damaged``.
    """
    found = ((level, version_of(data, level)) for level in LAYERS.values())
    return tuple(OfficeAreas(level, *load_areas(one.folder)) for level, one in found if one is not None)


def version_of(data: Path, level: str) -> Version | None:
    """Return the file in use of a level, None where none was given."""
    layer = next(name for name, one in LAYERS.items() if one == level)
    return OfficeLayers(data).in_use(layer)


def _united(
    frame: pd.DataFrame, shapes: npt.NDArray[np.object_]
) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """Return one row an area, in the order of the file: by name and code, else by what it lies in."""
    inside = frame["parent"].where(frame["parent"] != "", frame["adcode"])
    key = frame["name"] + "\n" + frame["code"].where(frame["code"] != "", "\n" + inside)
    number = pd.factorize(key)[0]
    first = np.flatnonzero(~pd.Series(number).duplicated().to_numpy(bool))
    united: npt.NDArray[np.object_] = shapes[first].copy()
    for one in np.flatnonzero(np.bincount(number) > 1).tolist():
        united[one] = shapely.union_all(shapes[number == one])
    return frame.iloc[first].reset_index(drop=True), united


def _labels(frame: pd.DataFrame) -> list[str]:
    """Return names that are told apart where several are alike: by township, county, code or row."""
    labels = frame["name"].astype(object).copy()
    for words in (frame["parent"], frame["county"], frame["code"], frame["row"].astype(str)):
        differ = words.groupby(labels).transform("nunique") > 1
        alike = labels.duplicated(keep=False) & differ & (words != "")
        labels[alike] = labels[alike] + "（" + words[alike] + "）"
    return [str(one) for one in labels]


def _tell_codes(frame: pd.DataFrame, log: IssueLog) -> None:
    """Tell codes that stand beside several names."""
    coded = frame[frame["code"] != ""]
    for row, name, code in coded.loc[coded["code"].duplicated(), ["row", "name", "code"]].itertuples(
        index=False
    ):
        log.add(int(row), "code", name, "area_code_repeated", "warning", said=code)


def _tell_overlaps(frame: pd.DataFrame, shapes: npt.NDArray[np.object_], log: IssueLog) -> None:
    """Tell areas that cover the same ground: a pixel there is under question."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.intersection(shapes[first], shapes[second])
    middle = np.nan_to_num(shapely.get_y(shapely.centroid(common)))
    km2 = shapely.area(common) * _KM2_PER_DEGREE2 * np.cos(np.radians(middle))
    told = np.flatnonzero(km2 >= _OVERLAP_KM2)
    names, rows = frame["name"].to_numpy(object), frame["row"].to_numpy()
    for at in told[:MOST_TOLD].tolist():
        one, other = names[first[at]], names[second[at]]
        hectares = f"{km2[at] * _HECTARES_PER_KM2:.3g}"
        words = {"one": one, "other": other, "hectares": hectares}
        log.add(int(rows[second[at]]), "geometry", other, "area_overlap", "warning", **words)
    if len(told) > MOST_TOLD:
        log.add(0, "geometry", "", "area_overlaps_more", "warning", count=len(told) - MOST_TOLD)
