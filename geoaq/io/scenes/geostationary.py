"""Where the pixels of a geostationary satellite's nominal grid lie, and how they were seen.

Closed formulae of CGMS 03, LRIT/HRIT Global Specification, issue 2.8, section 4.4 (normalised geostationary
projection): lines run from north to south, columns from west to east, both counted from 0 here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geoaq.errors import InputError
from geoaq.frames.scenes import Doubles
from geoaq.io.scenes.choosing import Part
from geoaq.io.scenes.grid import GridKind
from geoaq.io.scenes.product import ProductKind
from geoaq.io.scenes.variables import SceneVariables

# Factors of columns and lines stand in the file for 2^16 pixels a degree.
_PER_FACTOR = 2.0**16


class GeostationaryPlaces:
    """The centres of the pixels of a nominal grid, or of some of its lines.

    Parameters
    ----------
    grid
        The grid of the full disk.
    columns
        Its columns.
    first_line
        Which of its lines is the first of the scene.
    longitude
        Of the point below the satellite, degrees.
    """

    def __init__(self, grid: GridKind, columns: int, first_line: int, longitude: float) -> None:
        self._grid, self._first, self._longitude = grid, first_line, longitude
        self._x = np.radians((np.arange(columns) - grid.column_offset) * _PER_FACTOR / grid.column_factor)

    def rows(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """Return longitude and latitude of some rows, degrees WGS 84; NaN beside the Earth."""
        grid = self._grid
        line = np.arange(start, stop) + self._first
        y = np.radians((line - grid.line_offset) * _PER_FACTOR / grid.line_factor)[:, None]
        flat = (grid.equator_km / grid.pole_km) ** 2
        reach = grid.distance_km * np.cos(self._x) * np.cos(y)
        curve = np.cos(y) ** 2 + flat * np.sin(y) ** 2
        square = reach**2 - curve * (grid.distance_km**2 - grid.equator_km**2)
        away = (reach - np.sqrt(np.where(square >= 0.0, square, np.nan))) / curve
        ahead = grid.distance_km - away * np.cos(self._x) * np.cos(y)
        east, north = away * np.sin(self._x) * np.cos(y), -away * np.sin(y)
        lon = np.degrees(np.arctan2(east, ahead)) + self._longitude
        lat = np.degrees(np.arctan(flat * north / np.hypot(ahead, east)))
        return (lon + 180.0) % 360.0 - 180.0, lat

    def view(self, lon: Doubles, lat: Doubles) -> tuple[Doubles, Doubles]:
        """Return zenith and azimuth of the satellite, degrees; azimuths clockwise from north, from the pixel.

        Parameters
        ----------
        lon, lat
            Degrees, one shape.
        """
        grid = self._grid
        turn, high = np.radians(lon - self._longitude), np.radians(lat)
        # The pixel on the ellipsoid, the first axis through the meridian below the satellite.
        bulge = 1.0 - (grid.pole_km / grid.equator_km) ** 2
        normal = grid.equator_km / np.sqrt(1.0 - bulge * np.sin(high) ** 2)
        x = grid.distance_km - normal * np.cos(high) * np.cos(turn)
        y = -normal * np.cos(high) * np.sin(turn)
        z = -normal * (1.0 - bulge) * np.sin(high)
        outward = np.cos(turn) * x + np.sin(turn) * y
        east = np.cos(turn) * y - np.sin(turn) * x
        north = np.cos(high) * z - np.sin(high) * outward
        up = np.cos(high) * outward + np.sin(high) * z
        zenith = np.degrees(np.arctan2(np.hypot(east, north), up))
        return zenith, np.degrees(np.arctan2(east, north)) % 360.0


def grid_places(
    product: ProductKind,
    parts: Mapping[str, Part],
    files: Mapping[str, SceneVariables],
    shape: tuple[int, int],
) -> GeostationaryPlaces | None:
    """Return the places of a product with a nominal grid; None for another.

    Raises
    ------
    InputError
        ``scene_places_missing``: the scene is a part of the disk and its lines are not told, or not those of
        the grid; or no name tells the longitude of the satellite.
    """
    grid = product.grid
    if grid is None:
        return None
    said = [part.said["sub_lon"] for part in parts.values() if "sub_lon" in part.said]
    lines = _lines(grid, files, shape[0])
    if len(set(said)) != 1 or lines is None:
        raise InputError("scene_places_missing", name=", ".join(sorted(file.name for file in files.values())))
    return GeostationaryPlaces(grid, shape[1], lines, int(said[0]) / 10.0)


def _lines(grid: GridKind, files: Mapping[str, SceneVariables], rows: int) -> int | None:
    """Return the first line of a scene in the grid, or None where it is not known."""
    if rows == grid.lines:
        return 0
    for file in files.values():
        try:
            first, last = (
                int(float(file.attributes[name])) for name in (grid.first_attribute, grid.last_attribute)
            )
        except (KeyError, ValueError, OverflowError):
            continue
        if 0 <= first <= last < grid.lines and last - first + 1 == rows:
            return first
    return None
