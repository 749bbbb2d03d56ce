"""The lines that decided, kept in the screening as far as its projects' maps show them.

A picture: simplified by some twenty metres at most, so that a sheet draws the lines of its screening whatever
the layers, or the office, have become since.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq import report
from geoaq.cards.projects import province
from geoaq.zones.border import Borders

LINES_FILE, PROVINCES_FILE = "lines.geojson", "provinces.geojson"
# Half the height of what is cut out around a project and its feet, degrees; the maps show less.
AROUND_DEG = 1.1
# Lines are drawn to within some twenty metres near a project, areas to within a hundred.
LINE_DEG, AREA_DEG = 0.0002, 0.001
# What lies near is asked by cells of half a degree: three up and down and four across hold `AROUND_DEG`
# anywhere in the country (a degree of longitude is at least 0.59 of one of latitude).
_CELL_DEG, _UP, _ACROSS = 0.5, 3, 4
Floats = npt.NDArray[np.float64]


def line_features(borders: Borders, subjects: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Any]:
    """Return the lines of the projects' own provinces near them and near their feet.

    Parameters
    ----------
    borders
        The lines that decided.
    subjects
        ``lon``, ``lat``, degrees WGS 84.
    pairs
        Project and province, as `geoaq.zones.border.screen` gives them.

    Returns
    -------
    dict
        A FeatureCollection, one MultiLineString a pair in the order of its codes; property ``pair``
        (``330000-340000``).
    """
    near = _cells(subjects, pairs)
    own = pairs[(pairs["kind"] == "land").to_numpy(bool)]
    wanted = set(zip(own["home"].astype(str), own["neighbour"].astype(str), strict=True))
    shapes, records = [], []
    for group, pair in sorted(enumerate(borders.pairs), key=lambda one: one[1]):
        if pair not in wanted and pair[::-1] not in wanted:
            continue
        start, end, _ = borders.lines(group)
        kept = np.isin(_cell((start + end) / 2), near)
        pieces = shapely.linestrings(np.stack([start[kept], end[kept]], axis=1))
        drawn = shapely.simplify(shapely.line_merge(shapely.multilinestrings(pieces)), LINE_DEG)
        if not shapely.is_empty(drawn):
            shapes.append(shapely.multilinestrings(shapely.get_parts(drawn)))
            records.append({"pair": "-".join(pair)})
    return report.shape_features(_array(shapes), records)


def province_features(borders: Borders, pairs: pd.DataFrame) -> dict[str, Any]:
    """Return the areas of the office's own boundaries on either side of the listed lines, for a picture.

    Properties: ``adcode``, ``name``.
    """
    codes = {*pairs["home"].astype(str), *pairs["neighbour"].astype(str)} & set(borders.provinces)
    areas = own_areas(borders, codes)
    shapes = [shapely.simplify(areas[code], AREA_DEG) for code in sorted(areas)]
    records = [{"adcode": code, "name": province(code, "zh")} for code in sorted(areas)]
    return report.shape_features(_array(shapes), records)


def own_areas(borders: Borders, codes: Collection[str]) -> dict[str, shapely.Geometry]:
    """Return the area of each of these provinces by the office's own polygons, {} where it gave none."""
    if borders.polygons is None or borders.province_of is None:
        return {}
    return {code: shapely.union_all(borders.polygons[borders.province_of == code]) for code in sorted(codes)}


def _cells(subjects: pd.DataFrame, pairs: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the cells around the projects and their feet."""
    feet = pairs[(pairs["kind"] == "land").to_numpy(bool)][["foot_lon", "foot_lat"]].dropna()
    places = np.concatenate([subjects[["lon", "lat"]].to_numpy(float), feet.to_numpy(float)])
    own = np.unique(_cell(places))
    around = [_number(x, y) for x, y in product(range(-_ACROSS, _ACROSS + 1), range(-_UP, _UP + 1))]
    return np.unique(own[:, None] + np.array(around, np.int64))


def _cell(places: Floats) -> npt.NDArray[np.int64]:
    """Return the number of the cell of each place (shape (n, 2), degrees)."""
    x, y = np.floor(places / _CELL_DEG).astype(np.int64).T
    return np.asarray(_number(x, y), np.int64)


def _number(x: Any, y: Any) -> Any:
    return x * 10_000 + y


def _array(shapes: list[Any]) -> npt.NDArray[np.object_]:
    found = np.empty(len(shapes), object)
    found[:] = shapes
    return found
