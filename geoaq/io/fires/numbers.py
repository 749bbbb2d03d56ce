"""Columns of measured numbers: the usual ones at once, the odd ones one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.io.fires.chunks import Mask, Notes

Floats = npt.NDArray[np.float64]

# What a measurement can be, by its unit: an infrared sensor saturates near 510 K at most, the widest pixel of
# a polar orbiter has 4.8 km (geostationary ones on the limb more), no fire has sent out a million megawatts.
BOUNDS = {"kelvin": (150.0, 1000.0), "km": (0.0, 100.0), "mw": (0.0, 1e6)}
_PLAIN = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_BLANK = r"(?i)^(?:|nan|null|none|na|n/a|-|/|无|-999(?:9)?(?:\.0+)?)$"


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, NaN where a cell is blank or cannot be read."""

    values: Floats
    blank: Mask
    unreadable: Mask

    @property
    def odd(self) -> bool:
        """Say whether any cell is not a number."""
        return bool(self.blank.any() or self.unreadable.any())


def read_numbers(column: pa.Array) -> Numbers:
    """Read a column of text as numbers.

    Examples
    --------
    >>> read_numbers(pa.array([" 1.5", ".64", "", "nan", "-999", "1.2.3"])).values.tolist()
    [1.5, 0.64, nan, nan, nan, nan]
    """
    none = np.zeros(len(column), bool)
    try:
        values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        values = None
    if values is not None and np.isfinite(values).all() and not (values <= -999).any():
        return Numbers(values, none, none)
    plain = pc.utf8_trim_whitespace(column)
    blank = pc.match_substring_regex(plain, _BLANK)
    good = pc.and_not(pc.match_substring_regex(plain, _PLAIN), blank)
    numbers = pc.cast(pc.if_else(good, plain, pa.scalar(None, pa.string())), pa.float64())
    empty = blank.to_numpy(zero_copy_only=False)
    read = good.to_numpy(zero_copy_only=False)
    values = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    endless = np.isinf(values)
    values[endless] = np.nan
    return Numbers(values, empty, (~empty & ~read) | endless)


def measure(column: pa.Array, field: str, bounds: tuple[float, float], notes: Notes) -> Floats:
    """Read a column of measurements; what is no number, or none that can be, is noted and unknown."""
    numbers = read_numbers(column)
    low, high = bounds
    with np.errstate(invalid="ignore"):
        strange = (numbers.values < low) | (numbers.values > high)
    notes.add(numbers.unreadable | strange, field, column, "fire_number", "warning")
    return np.where(strange, np.nan, numbers.values)
