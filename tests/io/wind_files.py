"""Gridded wind made on the spot from arrays: NetCDF classic by scipy, GRIB2 by GDAL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from affine import Affine
from scipy.io import netcdf_file

Grid = npt.NDArray[np.floating]

# What stands where there is no value.
EMPTY = -9999
# Octets of a GRIB2 message: analysis of momentum, parameter 2 (u) or 3 (v), at a height above ground.
_PDS = "2 {parameter} 2 0 0 0 0 0 1 0 0 0 0 103 0 0 0 0 {height} 255 0 0 0 0 0"


def write_netcdf(
    path: Path,
    lon: Grid,
    lat: Grid,
    fields: dict[str, Grid],
    *,
    hours: list[int],
    standard: dict[str, str] | None = None,
    packed: bool = False,
) -> Path:
    """Write variables of shape (hours, lat, lon) as NetCDF 3, packed into 16 bits where asked."""
    with netcdf_file(str(path), "w") as file:
        for name, values, units in (
            ("time", np.array(hours), "hours since 2024-01-01 00:00:00"),
            ("latitude", lat, "degrees_north"),
            ("longitude", lon, "degrees_east"),
        ):
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "i4" if name == "time" else "f4", (name,))
            axis[:] = values
            axis.units = units
        for name, values in fields.items():
            kind = "i2" if packed else "f4"
            variable = file.createVariable(name, kind, ("time", "latitude", "longitude"))
            stored = np.round((values - 1.0) / 0.01) if packed else values
            variable[:] = np.where(np.isnan(values), EMPTY, stored)
            variable._FillValue = np.array(EMPTY, kind)
            variable.units = "m s**-1"
            if packed:
                variable.scale_factor, variable.add_offset = 0.01, 1.0
            if standard:
                variable.standard_name = standard[name]
    return path


def write_image(path: Path, west: float, north: float, step: float, bands: list[Grid]) -> Path:
    """Write bands, from north to south, as an image that GDAL can copy into another format."""
    height, width = bands[0].shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=len(bands), dtype="float32",
        crs="EPSG:4326", transform=Affine(step, 0, west - step / 2, 0, -step, north + step / 2),
    ) as out:  # fmt: skip
        for band, values in enumerate(bands, start=1):
            out.write(values.astype(np.float32), band)
    return path


def write_netcdf_4(path: Path, west: float, north: float, step: float, bands: list[Grid]) -> Path:
    """Write u and v of one hour, known by their standard names, as NetCDF 4."""
    image = write_image(path.with_suffix(".tif"), west, north, step, bands)
    with rasterio.open(image, "r+") as out:
        out.update_tags(1, standard_name="eastward_wind")
        out.update_tags(2, standard_name="northward_wind")
    rasterio.shutil.copy(image, path, driver="netCDF", FORMAT="NC4")
    return path


def write_grib(
    path: Path, west: float, north: float, step: float, bands: list[tuple[str, int, Grid]]
) -> Path:
    """Write u and v as GRIB2: each band is (``u`` or ``v``, height in m, values from north to south)."""
    image = write_image(path.with_suffix(".tif"), west, north, step, [values for _, _, values in bands])
    options: dict[str, object] = {"IDS": "REF_TIME=2024-01-01T00:00:00Z"}
    for band, (name, metres, _) in enumerate(bands, start=1):
        options[f"BAND_{band}_DISCIPLINE"] = 0
        options[f"BAND_{band}_PDS_PDTN"] = 0
        options[f"BAND_{band}_PDS_TEMPLATE_NUMBERS"] = _PDS.format(
            parameter={"u": 2, "v": 3}[name], height=metres
        )
    rasterio.shutil.copy(image, path, driver="GRIB", **options)
    return path
