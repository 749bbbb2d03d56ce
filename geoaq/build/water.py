"""Lakes and rivers inside China, for orientation where the map has no other ground; they decide nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.io.packages import copy_licences
from geoaq.io.shorelines import ISLAND, LAKE, PACKAGE, read_shores

_BOX = (73.0, 3.0, 136.0, 54.0)
# What is drawn from the widest zoom on, from 5 and from 7: lakes by km², rivers by km that hang together.
_ZOOMS = (0, 5, 7)
_LAKES_KM2 = (1000.0, 100.0, 5.0)
_RIVERS_KM = (400.0, 150.0, 20.0)
# One degree of latitude on the mean sphere: enough to tell long rivers from short ones.
_DEGREE_KM = 111.195

Shapes = npt.NDArray[np.object_]
Save = Callable[[str, Any, list[dict[str, object]]], None]


def draw_water(folder: Path, save: Save, land: shapely.Geometry) -> None:
    """Write the display files of lakes and rivers, and the licence texts that their package brings.

    Parameters
    ----------
    folder
        A set that is being built; ``licences/<package>/`` below it is written.
    save
        Writes one display file.
    land
        The area that is drawn, WGS 84: water beyond it is left out.

    Raises
    ------
    ConfigError
        ``build_part_missing``: the package with the shores is not installed.
    """
    shapely.prepare(land)
    for layer, shapes, sizes, steps in (
        ("water", *_lakes(land), _LAKES_KM2),
        ("rivers", *_rivers(land), _RIVERS_KM),
    ):
        order = np.argsort(-sizes, kind="stable")
        order = order[sizes[order] >= steps[-1]]
        zooms = np.array(_ZOOMS)[np.searchsorted(-np.array(steps), -sizes[order])]
        save(layer, shapes[order], [{"from_zoom": zoom} for zoom in zooms.tolist()])
    copy_licences(PACKAGE, folder / "licences")


def _lakes(land: shapely.Geometry) -> tuple[Shapes, npt.NDArray[np.float64]]:
    """Return lakes, and rivers with two banks, without their islands; and their whole area in km²."""
    areas: dict[int, list[shapely.Geometry]] = {LAKE: [], ISLAND: []}
    sizes = []
    for shore in read_shores("gshhs", _BOX):
        if shore.kind in areas:
            areas[shore.kind].append(shapely.make_valid(shapely.Polygon(shore.positions)))
        if shore.kind == LAKE:
            sizes.append(abs(shore.area_km2))
    lakes, size = np.array(areas[LAKE], object), np.array(sizes)
    near = shapely.intersects(land, lakes)
    wet = shapely.difference(lakes[near], shapely.union_all(areas[ISLAND]))
    wet = np.array([_only(shape, "Polygon") for shape in shapely.intersection(wet, land)], object)
    there = ~shapely.is_empty(wet)
    return wet[there], size[near][there]


def _rivers(land: shapely.Geometry) -> tuple[Shapes, npt.NDArray[np.float64]]:
    """Return rivers joined to lines as long as can be, and their lengths in km."""
    lines = [shapely.LineString(shore.positions) for shore in read_shores("rivers", _BOX)]
    near = np.array(lines, object)[shapely.intersects(land, lines)]
    inside = np.array([_only(shape, "LineString") for shape in shapely.intersection(near, land)], object)
    joined = shapely.get_parts(shapely.line_merge(shapely.union_all(inside)))
    return joined, np.array([_length_km(line) for line in joined])


def _only(shape: shapely.Geometry, kind: str) -> shapely.Geometry:
    """Return the parts of one kind, without the points and lines where an edge was only touched."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == kind]
    many = shapely.MultiPolygon if kind == "Polygon" else shapely.MultiLineString
    return parts[0] if len(parts) == 1 else many(parts)


def _length_km(line: shapely.Geometry) -> float:
    lon, lat = shapely.get_coordinates(line).T
    east = np.diff(lon) * np.cos(np.radians((lat[1:] + lat[:-1]) / 2))
    return float(np.hypot(east, np.diff(lat)).sum() * _DEGREE_KM)
