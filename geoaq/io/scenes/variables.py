"""Files of scenes as named variables of rows and columns, through GDAL by a short list of drivers.

A name inside a file is put together here from a declared variable, never taken from a user; a path is always
that of a local file whose first bytes say what it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError
from geoaq.io.scenes.self_contained import hdf4_holds_its_numbers, holds_its_numbers

Numbers = npt.NDArray[Any]

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_CLASSIC = b"CDF"
_HDF4 = b"\x0e\x03\x13\x01"
# Nothing beside the file is looked at; rows come in the order of the file; and few blocks are kept in memory
# (MB), as rows are read once and in order.
_SETTINGS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_NETCDF_BOTTOMUP": "NO", "GDAL_CACHEMAX": 16,
}  # fmt: skip
_KEPT_BYTES = 1 << 25
# GDAL keeps a whole block to give one row of it: files whose blocks need more than this are not read.
_BLOCK_BYTES = 1 << 28


class Variable(Protocol):
    """A variable of a file, read by rows."""

    name: str
    rows: int
    columns: int
    dtype: np.dtype[Any]
    attributes: Mapping[str, str]
    fill: float | None
    layer: int

    def read(self, start: int, stop: int) -> Numbers:
        """Return the numbers of some rows as they stand in the file, shape (stop - start, columns)."""

    def all(self) -> Numbers:
        """Return all numbers of a small variable, shape (n,)."""


class SceneVariables(Protocol):
    """An open file; ``placed`` is the dataset of GDAL where it has a projection, else None."""

    name: str
    attributes: Mapping[str, str]
    placed: Any

    def variable(self, name: str, plane: str | None, plane_names: str) -> Variable | None:
        """Return a variable, or one layer of it, or None where there is none of that name."""


def open_variables(path: Path, form: str, stack: ExitStack) -> SceneVariables:
    """Open a file of a declared form; it closes with ``stack``.

    Raises
    ------
    InputError
        ``scene_unreadable``: not of that form, or broken. ``scene_not_self_contained``: a file of HDF whose
        numbers lie in other files. ``scene_band_twice``: two bands of one name.
        ``scene_block_too_large``: blocks that do not fit into memory.
    """
    path = path.absolute()  # so that no name is taken for an address
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise InputError("scene_unreadable", name=path.name, form=form) from error
    if form == "geotiff" and head.startswith(_TIFF):
        return _Stack(path, stack)
    if form == "netcdf" and head.startswith(_HDF5):
        if not holds_its_numbers(path):
            raise InputError("scene_not_self_contained", name=path.name)
        return _Groups(path, stack, "HDF5", "HDF5Image")
    if form == "netcdf" and head.startswith(_CLASSIC):
        return _Groups(path, stack, "netCDF", "netCDF")
    if form == "hdf4" and head.startswith(_HDF4):
        from geoaq.io.scenes.hdf4 import Hdf4Variables

        if not hdf4_holds_its_numbers(path):
            raise InputError("scene_not_self_contained", name=path.name)
        file: SceneVariables = Hdf4Variables(path, stack)
        return file
    raise InputError("scene_unreadable", name=path.name, form=form)


def opened(path: Path, target: str, driver: str, stack: ExitStack) -> Any:
    """Return an open dataset of GDAL, or None where the target inside the file is missing."""
    import rasterio

    try:
        with warnings.catch_warnings(), rasterio.Env(**_SETTINGS):
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            return stack.enter_context(rasterio.open(target, driver=driver))
    except rasterio.errors.RasterioError as error:
        if target != str(path):
            return None
        raise InputError("scene_unreadable", name=path.name, form=driver) from error


def _check_blocks(path: Path, raster: Any) -> None:
    """Refuse a dataset of which a row cannot be had without a huge block."""
    together = raster.count if raster.profile.get("interleave") == "pixel" else 1
    for (rows, columns), kind in zip(raster.block_shapes, raster.dtypes, strict=True):
        if rows * columns * np.dtype(kind).itemsize * together > _BLOCK_BYTES:
            raise InputError("scene_block_too_large", name=path.name, rows=rows, columns=columns)


class _Layer:
    """One band of a dataset of GDAL."""

    def __init__(self, name: str, path: Path, raster: Any, number: int) -> None:
        self.name, self._path, self._raster, self._number = name, path, raster, number
        self.rows, self.columns = int(raster.height), int(raster.width)
        self.dtype = np.dtype(raster.dtypes[number - 1])
        self.attributes: Mapping[str, str] = raster.tags(number)
        self.fill: float | None = raster.nodatavals[number - 1]
        self.layer = number - 1

    def read(self, start: int, stop: int) -> Numbers:
        """Return the numbers of some rows."""
        import rasterio

        window = ((start, stop), (0, self.columns))
        try:
            # GDAL asks how much it may keep when it first reads, not when it opens.
            with rasterio.Env(**_SETTINGS):
                rows: Numbers = self._raster.read(self._number, window=window)
        except rasterio.errors.RasterioError as error:
            raise InputError("scene_rows_unreadable", name=self._path.name, row=start + 1) from error
        return rows

    def all(self) -> Numbers:
        """Return all numbers."""
        return self.read(0, self.rows).reshape(-1)


class _ClosedLayer(_Layer):
    """A layer of a file whose library keeps what it read until the last layer of the file is closed."""

    def __init__(self, name: str, file: _Groups, raster: Any, number: int) -> None:
        super().__init__(name, file.path, raster, number)
        self._file, self._target = file, str(raster.name)

    def read(self, start: int, stop: int) -> Numbers:
        """Return the numbers of some rows."""
        if self._raster.closed:
            self._raster = self._file.opened_again(self._target)
        rows = super().read(start, stop)
        self._file.has_read(rows.nbytes)
        return rows


class _Stack:
    """A GeoTIFF whose bands are named by their descriptions."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.name, self._path = path.name, path
        self._raster = opened(path, str(path), "GTiff", stack)
        _check_blocks(path, self._raster)
        self.attributes: Mapping[str, str] = self._raster.tags()
        self.placed = None if self._raster.crs is None else self._raster
        self._numbers: dict[str, int] = {}
        for number, text in enumerate(self._raster.descriptions, 1):
            band = "" if text is None else str(text).strip().lower()
            if band in self._numbers:
                raise InputError("scene_band_twice", name=path.name, band=band)
            if band:
                self._numbers[band] = number

    def variable(self, name: str, plane: str | None, plane_names: str) -> Variable | None:
        del plane, plane_names
        number = self._numbers.get(name)
        return None if number is None else _Layer(name, self._path, self._raster, number)


class _Groups:
    """A netCDF or HDF5 file: variables by the names of their groups."""

    placed = None

    def __init__(self, path: Path, stack: ExitStack, driver: str, inner: str) -> None:
        self.name, self.path, self._inner = path.name, path, inner
        self._classic = driver == "netCDF"
        if '"' in str(path):
            raise InputError("scene_unreadable", name=path.name, form=driver)
        whole = opened(path, str(path), driver, stack)
        self.attributes: Mapping[str, str] = whole.tags()
        # Beside latitudes of rows and columns, the HDF5 driver works out control points for every variable
        # that is opened, which takes longer than reading it; the netCDF driver does not.
        if any(inside.lower().endswith("/latitude") for inside in whole.subdatasets):
            self._inner = "netCDF"
        # The netCDF library follows links to other files, the HDF5 driver does not: only what that lists is
        # opened by the former.
        self._listed = {inside.rpartition("://")[2] for inside in whole.subdatasets}
        self._layers = stack.enter_context(ExitStack())
        self._read = 0

    def variable(self, name: str, plane: str | None, plane_names: str) -> Variable | None:
        """Return a variable, or one layer of it."""
        netcdf = self._inner == "netCDF" and (self._classic or name in self._listed)
        target = f'NETCDF:"{self.path}":/{name}' if netcdf else f'HDF5:"{self.path}"://{name}'
        raster = opened(self.path, target, "netCDF" if netcdf else "HDF5Image", self._layers)
        if raster is None:
            return None
        _check_blocks(self.path, raster)
        number = 1
        if plane is None and raster.count != 1:
            seen = f"{raster.count} × {raster.height} × {raster.width}"
            wanted = f"{raster.height} × {raster.width}"
            raise InputError("scene_shape", name=self.name, variable=name, seen=seen, wanted=wanted)
        if plane is not None:
            planes = [part.strip() for part in raster.tags(1).get(plane_names, "").split(",")]
            if plane not in planes or len(planes) != raster.count:
                return None
            number = planes.index(plane) + 1
        if self._inner == "netCDF":
            return _ClosedLayer(name, self, raster, number)
        return _Layer(name, self.path, raster, number)

    def opened_again(self, target: str) -> Any:
        """Return a layer that was closed, open."""
        driver = "netCDF" if target.startswith("NETCDF:") else "HDF5Image"
        return opened(self.path, target, driver, self._layers)

    def has_read(self, count: int) -> None:
        """Close all layers once the library keeps much."""
        self._read += count
        if self._read > _KEPT_BYTES:
            self._layers.close()
            self._read = 0
