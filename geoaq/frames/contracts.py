"""What a contract of columns is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """One column: its name, kind (``str``, ``int``, ``float``, ``bool``, ``tri``), meaning and unit.

    ``tri`` is int8 in three-valued logic: 0 false, 1 true, 2 unknown. ``dtype`` is the exact type of a column
    of which there are millions.
    """

    name: str
    kind: Literal["str", "int", "float", "bool", "tri"]
    meaning: str
    unit: str | None = None
    required: bool = False
    dtype: str | None = None


@dataclass(frozen=True)
class Contract:
    """The columns that a frame must have."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def dtypes(self) -> dict[str, str]:
        """Return the exact type of every column that has one, in order."""
        return {column.name: column.dtype for column in self.columns if column.dtype is not None}
