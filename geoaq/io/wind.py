"""Reads wind: a station's table of direction and speed, or gridded u and v (NetCDF, GRIB)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from geoaq.frames import IssueLog
from geoaq.io.lists.product import ListProduct
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.tables.kinds import require_file
from geoaq.io.wind_grids import grid_kind, read_grid
from geoaq.io.wind_series import WindSeries
from geoaq.io.wind_tables import read_stations

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Wind:
    """Wind that an office brings.

    Parameters
    ----------
    kind
        ``station`` or ``grid``.
    series
        One a station, or one a grid point that a project is nearest to.
    taken
        Position in ``series`` for each point that was asked for, -1 where there is none; shape (n,).
    sha256
        Of the file.
    issues
        What was repaired, doubtful or left out.
    """

    kind: Literal["station", "grid"]
    series: tuple[WindSeries, ...]
    taken: npt.NDArray[np.int64]
    sha256: str
    issues: IssueLog

    def at(self, point: int) -> WindSeries | None:
        """Return the wind that stands for a point, None where the file has none near it."""
        place = int(self.taken[point])
        return None if place < 0 else self.series[place]


def read_wind(
    path: Path,
    *,
    product: ListProduct,
    lon: npt.ArrayLike = (),
    lat: npt.ArrayLike = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Wind:
    """Read wind for some points.

    Parameters
    ----------
    path
        A table (xlsx, xls, ods, csv) with time, direction and speed; or NetCDF or GRIB with u and v at 10 m,
        or at one other height, on a grid of degrees. What it is, is decided by its content.
    product
        The declared table (``layers/product/wind_table.toml``).
    lon, lat
        Points (projects), degrees, WGS 84, shape (n,). Each takes the nearest station that states where it
        is (one station alone stands for all), or the nearest grid point if it lies in the grid.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    Wind
        Directions are those from which the wind blows. A series that does not cover twelve months of the
        year is noted: its rose is that of its season.

    Raises
    ------
    InputError
        Neither table nor grid, columns or variables missing, several heights, or a grid not in degrees.
    LimitError
        Beyond ``limits``.
    """
    require_file(path, limits)
    x, y = np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))
    log = IssueLog()
    form = grid_kind(path)
    kind: Literal["station", "grid"] = "grid" if form else "station"
    if form:
        series, taken = read_grid(path, form, x, y, limits)
        outside = int((taken < 0).sum())
        if outside:
            log.add(0, "", path.name, "wind_outside", "warning", count=outside)
    else:
        series = read_stations(path, product, limits, log)
        taken = _nearest(series, x, y)
    # The points of a grid have the same hours.
    for one in series[:1] if form else series:
        if len(one.months) < _MONTHS_OF_A_YEAR:
            log.add(
                0, "time", one.name, "wind_not_a_year", "warning", hours=one.hours, months=len(one.months)
            )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Wind(kind, series, taken, digest, log)


def _nearest(
    series: tuple[WindSeries, ...], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Return the nearest station of each point, by the haversine of the sphere: it is only chosen by it."""
    if len(series) == 1:
        return np.zeros(len(lon), np.int64)
    at = np.radians([[one.lon, one.lat] for one in series])
    x, y = np.radians(lon)[:, None], np.radians(lat)[:, None]
    half = np.sin((at[:, 1] - y) / 2) ** 2 + np.cos(y) * np.cos(at[:, 1]) * np.sin((at[:, 0] - x) / 2) ** 2
    nearest: npt.NDArray[np.int64] = np.argmin(half, axis=1).astype(np.int64)
    return nearest
