"""When straw is burned where: a calendar by the beginning of the adcode; a prior, never a mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Outside every window, inside one, and where no window is known for the place.
OFF, IN, UNSTATED = 0, 1, -1
_BEIJING_S, _DAY_S = 8 * 3600, 86_400
_LEAP = 2024  # a year with all month-days


@dataclass(frozen=True)
class Window:
    """A window: ``first`` to ``last`` as (month, day), both included; it may go over the turn of the year."""

    name: str
    adcodes: tuple[str, ...]
    first: tuple[int, int]
    last: tuple[int, int]

    @classmethod
    def from_table(cls, entry: Mapping[str, Any]) -> Window:
        """Return the window of one ``[[windows]]``.

        Raises
        ------
        ValueError
            A day does not exist, or a prefix is not made of two to six digits.
        """
        first, last = (date.fromisoformat(f"{_LEAP}-{entry[key]}") for key in ("from", "until"))
        prefixes = tuple(entry["adcodes"])
        if not prefixes or not all(code.isdecimal() and 2 <= len(code) <= 6 for code in prefixes):
            raise ValueError(f"adcodes = {prefixes}")
        return cls(str(entry["name"]), prefixes, (first.month, first.day), (last.month, last.day))

    def holds(self, day: tuple[int, int]) -> bool:
        """Say whether a month and day lie inside."""
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


def beijing_days(acquired: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the day in China of each time, days since 1970."""
    return ((acquired + _BEIJING_S) // _DAY_S).astype(np.int32)


def season(
    adcode: pd.Series[Any], acquired: npt.NDArray[np.int64], windows: Sequence[Window]
) -> npt.NDArray[np.int8]:
    """Say for each pixel whether straw is burned there at that time: `IN`, `OFF` or `UNSTATED`.

    Parameters
    ----------
    adcode
        County of each pixel, '' outside; quick when categorical.
    acquired
        Seconds since 1970, UTC; the calendar is that of Beijing time.
    windows
        Those whose prefixes begin a pixel's adcode count together.
    """
    if not len(adcode):
        return np.empty(0, np.int8)
    places = adcode if isinstance(adcode.dtype, pd.CategoricalDtype) else adcode.astype("category")
    days = beijing_days(acquired)
    start = int(days.min())
    epoch = date(1970, 1, 1)
    calendar = [epoch + timedelta(days=start + k) for k in range(int(days.max()) - start + 1)]
    inside = np.array([[w.holds((day.month, day.day)) for day in calendar] for w in windows], bool)
    inside = inside.reshape(len(windows), len(calendar))
    table = np.full((len(places.cat.categories) + 1, len(calendar)), UNSTATED, np.int8)
    for row, code in enumerate(places.cat.categories):
        own = [k for k, w in enumerate(windows) if str(code).startswith(w.adcodes)]
        if own:
            table[row] = np.where(inside[own].any(axis=0), IN, OFF)
    found: npt.NDArray[np.int8] = table[places.cat.codes.to_numpy(), days - start]
    return found
