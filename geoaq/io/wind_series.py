"""Hours of wind at one place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class WindSeries:
    """Hours of wind at one place, in the order of the file.

    Parameters
    ----------
    name
        Of the station; ``""`` for a grid point.
    lon, lat
        Degrees, WGS 84; NaN where a station does not say.
    direction_deg
        Where the wind comes from, degrees clockwise from north, NaN where it is calm or not observed; (h,).
    speed_ms
        Metres per second, 0 where it is calm, NaN where not observed; shape (h,).
    step_deg
        How coarsely directions are printed: 22.5 for sixteen points, 10, or 0 for single degrees.
    first, last
        First and last time, ISO 8601 to the minute as the file states them; ``""`` not known.
    months
        Months of the year that have hours, 1 … 12.
    """

    name: str
    lon: float
    lat: float
    direction_deg: npt.NDArray[np.float64]
    speed_ms: npt.NDArray[np.float64]
    step_deg: float
    first: str
    last: str
    months: tuple[int, ...]

    @property
    def hours(self) -> int:
        """Return the number of observations, usable or not."""
        return len(self.speed_ms)


def series_of(
    name: str,
    place: tuple[float, float],
    direction_deg: npt.NDArray[np.float64],
    speed_ms: npt.NDArray[np.float64],
    times: npt.NDArray[np.datetime64],
    step_deg: float,
) -> WindSeries:
    """Return a series with what its times say; ``times`` is NaT where not known, shape (h,)."""
    known = times[~np.isnat(times)]
    months = np.unique(known.astype("datetime64[M]").astype(np.int64) % 12 + 1)
    first, last = (
        ("", "") if not len(known) else (str(t.astype("datetime64[m]")) for t in (known.min(), known.max()))
    )
    return WindSeries(
        name,
        place[0],
        place[1],
        direction_deg,
        speed_ms,
        step_deg,
        first,
        last,
        tuple(int(month) for month in months),
    )
