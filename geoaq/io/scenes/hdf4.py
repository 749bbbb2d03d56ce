"""HDF4 files of scenes, through the optional pyhdf: GDAL as it is installed here does not read them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from geoaq.errors import ConfigError, InputError
from geoaq.io.scenes.variables import Numbers, Variable

# Kinds of numbers by their codes in the format.
_SORTS = {5: "f4", 6: "f8", 20: "i1", 21: "u1", 22: "i2", 23: "u2", 24: "i4", 25: "u4"}


class Hdf4Variables:
    """An HDF4 file: its scientific data sets by name."""

    placed = None

    def __init__(self, path: Path, stack: ExitStack) -> None:
        try:
            from pyhdf import SD
        except ImportError as error:
            raise ConfigError("scene_hdf4_missing", name=path.name) from error
        self.name = path.name
        try:
            self._file = SD.SD(str(path), SD.SDC.READ)
        except SD.HDF4Error as error:
            raise InputError("scene_unreadable", name=path.name, form="HDF4") from error
        stack.callback(self._file.end)
        self._error: type[Exception] = SD.HDF4Error
        self.attributes: Mapping[str, str] = {
            name: str(value) for name, value in self._file.attributes().items()
        }

    def variable(self, name: str, plane: str | None, plane_names: str) -> Variable | None:
        """Return a data set of rows and columns, or one layer of it."""
        try:
            data = self._file.select(name)
        except self._error:
            return None
        attributes = {key: _text(value) for key, value in data.attributes().items()}
        sizes, sort = data.info()[2:4]
        sizes = [sizes] if isinstance(sizes, int) else list(sizes)
        layer = None
        if plane is not None:
            planes = [part.strip() for part in attributes.get(plane_names, "").split(",")]
            if plane not in planes or len(sizes) != 3 or len(planes) != sizes[0]:
                return None
            layer = planes.index(plane)
        elif len(sizes) != 2:
            return None
        if sort not in _SORTS:
            return None
        return _DataSet(name, self.name, data, sizes[-2:], layer, attributes, self._error, _SORTS[sort])


class _DataSet:
    """A data set of HDF4, or one layer of it."""

    def __init__(
        self,
        name: str,
        file: str,
        data: Any,
        size: list[int],
        layer: int | None,
        attributes: Mapping[str, str],
        error: type[Exception],
        sort: str,
    ) -> None:
        self.name, self._file, self._data, self._layer, self._error = name, file, data, layer, error
        self.rows, self.columns = size
        self.attributes = attributes
        self.layer = layer or 0
        self.fill: float | None = float(attributes["_FillValue"]) if "_FillValue" in attributes else None
        self.dtype: np.dtype[Any] = np.dtype(sort)

    def read(self, start: int, stop: int) -> Numbers:
        """Return the numbers of some rows."""
        try:
            return self._get(start, stop)
        except self._error as error:
            raise InputError("scene_rows_unreadable", name=self._file, row=start + 1) from error

    def all(self) -> Numbers:
        """Return all numbers."""
        return self.read(0, self.rows).reshape(-1)

    def _get(self, start: int, stop: int) -> Numbers:
        first, count = [start, 0], [stop - start, self.columns]
        if self._layer is not None:
            first, count = [self._layer, *first], [1, *count]
        numbers: Numbers = np.asarray(self._data.get(start=first, count=count))
        return numbers.reshape(stop - start, self.columns)


def _text(value: object) -> str:
    return ",".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
