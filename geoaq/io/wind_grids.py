"""Reads gridded wind, u eastward and v northward, through rasterio: NetCDF and GRIB, by name of driver."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import Limits
from geoaq.io.wind_series import WindSeries, series_of

Floats = npt.NDArray[np.float64]

# The only drivers that may open a grid of wind (GDAL's names), by the first bytes of the file.
_DRIVERS = ((b"CDF", "netCDF"), (b"\x89HDF\r\n\x1a\n", "netCDF"), (b"GRIB", "GRIB"))
# Names of u and v, those at 10 m first; then by the standard name that the file gives.
_NAMES = (
    ("u10", "v10"), ("10u", "10v"), ("u10m", "v10m"), ("u10n", "v10n"), ("uwnd", "vwnd"), ("ugrd", "vgrd"),
    ("u", "v"), ("u100", "v100"), ("u100m", "v100m"),
)  # fmt: skip
_STANDARD = ("eastward_wind", "northward_wind")
_SINCE = re.compile(
    r"(seconds?|minutes?|hours?|days?) since (\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?"
)
_MOST_VALUES = 600_000_000
# Values read at once: a call looks at every band of the file, so few calls are quicker.
_AT_ONCE = 8_000_000


@dataclass(frozen=True)
class _Field:
    """u or v: the dataset it is in and its bands, by time."""

    data: Any
    bands: tuple[int, ...]
    times: npt.NDArray[np.datetime64]


def grid_kind(path: Path) -> str:
    """Return GDAL's name for a grid of wind, ``""`` for anything else."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((driver for magic, driver in _DRIVERS if head.startswith(magic)), "")


def read_grid(
    path: Path, driver: str, lon: Floats, lat: Floats, limits: Limits
) -> tuple[tuple[WindSeries, ...], npt.NDArray[np.int64]]:
    """Read the grid points that are nearest to some points.

    The file is read from a private copy with a name of our own, by one named driver.

    Parameters
    ----------
    path, driver
        The file and what `grid_kind` says of it.
    lon, lat
        Points, degrees, WGS 84.
    limits
        Sizes beyond which the file is refused.

    Returns
    -------
    series, taken
        One series a grid point; its position for each point, -1 outside the grid.

    Raises
    ------
    InputError
        Broken, without u and v, at several heights, or not on a grid of degrees.
    LimitError
        More values than can be read in reasonable time.
    """
    with _opened(path, driver, limits) as (u, v):
        column, row, inside = _cells(u.data, path.name, lon, lat)
        cells, place = np.unique(np.column_stack([row, column])[inside], axis=0, return_inverse=True)
        taken = np.full(len(lon), -1, np.int64)
        taken[inside] = place.ravel()
        if not len(cells):
            return (), taken
        span = np.ptp(cells, axis=0) + 1
        if int(span.prod()) * len(u.bands) > _MOST_VALUES:
            raise LimitError("wind_too_large", name=path.name, count=len(u.bands), limit=_MOST_VALUES)
        east, north = _values(u, cells), _values(v, cells)
        centres = [u.data.xy(int(r), int(c)) for r, c in cells]
    direction = np.degrees(np.arctan2(east, north)) + 180.0
    direction %= 360.0
    speed = np.hypot(east, north)
    series = tuple(
        series_of("", (_east(x), float(y)), direction[:, k], speed[:, k], u.times, 0.0)
        for k, (x, y) in enumerate(centres)
    )
    return series, taken


@contextmanager
def _opened(path: Path, driver: str, limits: Limits) -> Iterator[tuple[_Field, _Field]]:
    """Open u and v of a file; whatever GDAL says of a broken one is an error of its user."""
    from rasterio.env import Env
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="geoaq-")))
        copy = folder / ("wind.nc" if driver == "netCDF" else "wind.grib")
        shutil.copyfile(path, copy)
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        stack.enter_context(Env(GDAL_PAM_ENABLED="NO", GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"))
        try:
            found = _netcdf(copy, stack) if driver == "netCDF" else _grib(copy, stack)
            if found is None:
                raise InputError("wind_without_uv", name=path.name)
            u, v = found
            if len(u.bands) != len(v.bands) or u.data.shape != v.data.shape:
                raise InputError("wind_levels", name=path.name)
            if len(u.bands) > limits.csv_rows:
                raise LimitError("wind_too_large", name=path.name, count=len(u.bands), limit=limits.csv_rows)
            yield u, v
        except (RasterioError, OSError, ValueError, OverflowError) as error:
            raise InputError("wind_broken", name=path.name) from error


def _netcdf(copy: Path, stack: ExitStack) -> tuple[_Field, _Field] | None:
    import rasterio

    whole = stack.enter_context(rasterio.open(copy, driver="netCDF"))
    names = [name.rsplit(":", 1)[-1].strip('"') for name in whole.subdatasets]
    if not names:
        # A file of one variable has no parts: it cannot hold both.
        return None
    plain = {name.lower(): name for name in names}
    pair = next((pair for pair in _NAMES if set(pair) <= set(plain)), None)
    opened = {
        name: stack.enter_context(rasterio.open(f"netcdf:{copy}:{name}", driver="netCDF"))
        for name in ([plain[name] for name in pair] if pair else names)
    }
    chosen = list(opened) if pair else _by_standard_name(opened)
    if chosen is None:
        return None
    u, v = (_netcdf_field(opened[name]) for name in chosen)
    return None if u is None or v is None else (u, v)


def _by_standard_name(opened: dict[str, Any]) -> list[str] | None:
    """Return the variables that call themselves wind, where each name occurs once."""
    found = [
        [name for name, data in opened.items() if data.tags(1).get("standard_name") == wanted]
        for wanted in _STANDARD
    ]
    return [names[0] for names in found] if all(len(names) == 1 for names in found) else None


def _netcdf_field(data: Any) -> _Field | None:
    """Return a variable by time; None where a band has more dimensions than time, latitude, longitude."""
    tags = data.tags()
    extra = [name for name in tags.get("NETCDF_DIM_EXTRA", "").strip("{}").split(",") if name]
    times: list[np.datetime64] = []
    clock = next((name for name in extra if "time" in name.lower()), None)
    unit = _SINCE.match(tags.get(f"{clock}#units", "")) if clock else None
    seen: set[tuple[str, ...]] = set()
    for band in range(1, data.count + 1):
        own = data.tags(band)
        seen.add(tuple(own.get(f"NETCDF_DIM_{name}", "") for name in extra if name != clock))
        times.append(_moment(own.get(f"NETCDF_DIM_{clock}", ""), unit))
    if len(seen) > 1:
        return None
    return _Field(data, tuple(range(1, data.count + 1)), np.array(times, "datetime64[s]"))


def _moment(text: str, unit: re.Match[str] | None) -> np.datetime64:
    if unit is None or not text:
        return np.datetime64("NaT", "s")
    word, year, month, day, hour, minute = unit.groups()
    start = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001
    return np.datetime64(start + timedelta(**{word.rstrip("s") + "s": float(text)}), "s")


def _grib(copy: Path, stack: ExitStack) -> tuple[_Field, _Field] | None:
    """Return u and v of the messages of one height: 10 m where it is among them, else the only one."""
    import rasterio

    data = stack.enter_context(rasterio.open(copy, driver="GRIB"))
    bands: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for band in range(1, data.count + 1):
        tags = data.tags(band)
        element = tags.get("GRIB_ELEMENT", "").upper()
        axis = {"UGRD": "u", "10U": "u", "U": "u", "VGRD": "v", "10V": "v", "V": "v"}.get(element)
        if axis:
            moment = int(float(tags.get("GRIB_VALID_TIME", "0").split()[0]))
            level = "10-HTGL" if element.startswith("10") else tags.get("GRIB_SHORT_NAME", "")
            bands.setdefault((axis, level), []).append((moment, band))
    levels = sorted({level for _, level in bands})
    level = "10-HTGL" if "10-HTGL" in levels else levels[0] if len(levels) == 1 else None
    if level is None or ("u", level) not in bands or ("v", level) not in bands:
        return None
    u, v = (sorted(bands[axis, level]) for axis in "uv")
    if [moment for moment, _ in u] != [moment for moment, _ in v]:
        return None
    times = np.array([moment for moment, _ in u], "datetime64[s]")
    return _Field(data, tuple(b for _, b in u), times), _Field(data, tuple(b for _, b in v), times)


def _cells(
    data: Any, name: str, lon: Floats, lat: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return column and row of the grid point nearest to each point, and whether it lies in the grid."""
    step = data.transform
    degrees = data.crs is None or data.crs.is_geographic
    west, south, east, north = data.bounds
    if (
        not degrees or step.is_identity or step.b or step.d
        or not (-180.5 <= west < east <= 540.5 and -91 <= min(south, north) < max(south, north) <= 91)
    ):  # fmt: skip
        raise InputError("wind_grid_not_degrees", name=name)
    # A grid from 0° to 360° and one from -180° to 180° are the same one.
    around = west + (lon - west) % 360.0
    column = np.floor((around - step.c) / step.a).astype(np.int64)
    row = np.floor((lat - step.f) / step.e).astype(np.int64)
    inside = (column >= 0) & (column < data.width) & (row >= 0) & (row < data.height)
    return column, row, inside


def _values(field: _Field, cells: npt.NDArray[np.int64]) -> Floats:
    """Return the values of the cells (row, column) hour by hour, shape (hours, cells), m/s."""
    from rasterio.windows import Window

    top, left = cells.min(axis=0)
    height, width = np.ptp(cells, axis=0) + 1
    window = Window(int(left), int(top), int(width), int(height))
    found = np.empty((len(field.bands), len(cells)))
    # Asked once: each of these, and a masked read, looks at every band of the file.
    scale, offset = np.array(field.data.scales), np.array(field.data.offsets)
    empty = np.array(field.data.nodatavals, np.float64)
    batch = max(1, _AT_ONCE // int(height * width))
    for start in range(0, len(field.bands), batch):
        bands = list(field.bands[start : start + batch])
        places = np.array(bands) - 1
        block = field.data.read(bands, window=window).astype(np.float64)
        picked = block[:, cells[:, 0] - top, cells[:, 1] - left]
        picked[picked == empty[places, None]] = np.nan
        found[start : start + len(bands)] = picked * scale[places, None] + offset[places, None]
    return found


def _east(lon: float) -> float:
    return float((lon + 180.0) % 360.0 - 180.0)
