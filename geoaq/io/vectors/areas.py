"""What of a vector file is an area, and the loose parts of a shapefile made one file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.vectors.reading import read_vector

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# The date of every member of a zip that is packed here: the same parts make the same bytes.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def read_areas(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> GeoDataFrame:
    """Read the areas of a vector file that an office brings.

    Parameters
    ----------
    path, limits
        As of `geoaq.io.vectors.read_vector`.

    Returns
    -------
    GeoDataFrame
        The features that are areas, WGS 84, in the file's order; of a collection (which a polygon may become
        when it is made valid) the areas alone.

    Raises
    ------
    InputError
        What `read_vector` refuses; ``layer_without_polygons``: no feature is an area.
    """
    frame = read_vector(path, limits=limits)
    shapes = areas_of(np.asarray(frame.geometry.to_numpy(), object))
    found = np.array([shape is not None for shape in shapes], bool)
    if not found.any():
        raise InputError("layer_without_polygons", name=path.name)
    return frame.set_geometry(shapes, crs=4326)[found].reset_index(drop=True)


def areas_of(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the polygonal part of each shape, None where it has none."""
    import shapely

    found = shapes.copy()
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapely.get_parts(shapes[place]))
        areas = parts[shapely.get_dimensions(parts) == 2]
        found[place] = shapely.multipolygons(areas) if len(areas) else None
    found[~mixed & (shapely.get_dimensions(shapes) != 2)] = None
    return found


def one_file(paths: Sequence[Path], folder: Path) -> Path:
    """Return the one file that was given; the loose parts of a shapefile are packed into ``<stem>.zip``.

    Raises
    ------
    InputError
        ``parts_of_one_shapefile``: several files that are not the parts of one shapefile.
    """
    if len(paths) == 1:
        return paths[0]
    kinds = [path.suffix.lower() for path in paths]
    stems = {path.stem.lower() for path in paths}
    if len(stems) != 1 or len(set(kinds)) != len(kinds) or not set(kinds) <= set(SHAPEFILE_PARTS):
        raise InputError("parts_of_one_shapefile", names="、".join(path.name for path in paths))
    packed = folder / f"{paths[0].stem}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        for path in sorted(paths, key=lambda path: SHAPEFILE_PARTS.index(path.suffix.lower())):
            out.writestr(zipfile.ZipInfo(path.name, _NO_DATE), path.read_bytes())
    return packed
