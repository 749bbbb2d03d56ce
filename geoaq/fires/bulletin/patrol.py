"""Where straw burned in the same weeks of earlier years, as a plain list for patrols."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.bulletin.periods import Period

Floats = npt.NDArray[np.float64]


def seasons(period: Period, *, years: int, margin_days: int) -> tuple[Period, ...]:
    """Return the same days of earlier years with a margin before and after, the latest year first."""
    margin = timedelta(days=margin_days)
    found = (period.year_before(back) for back in range(1, years + 1))
    return tuple(Period("range", one.first - margin, one.last + margin, one.ends_at) for one in found)


def cells(lon: Floats, lat: Floats, *, cell_deg: float) -> tuple[Floats, Floats]:
    """Return the centres of the cells of a grid in degrees (from 0° and 0°) that hold the points.

    Examples
    --------
    >>> x, y = cells(np.array([125.31]), np.array([44.87]), cell_deg=0.05)
    >>> float(x[0]), float(y[0])
    (125.325, 44.875)
    """

    def centre(value: Floats) -> Floats:
        # A value that prints as an edge (125.3) lies in the cell that begins there, whatever its last bit.
        found: Floats = np.round((np.floor(np.round(value / cell_deg, 9)) + 0.5) * cell_deg, 6)
        return found

    return centre(lon), centre(lat)


def patrols(past: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """Return one row a place, those that burned in most years first.

    Parameters
    ----------
    past
        Points of suspected or verified straw burning of earlier seasons: ``adcode place lon lat year``;
        ``place`` is the township, or '' and ``lon lat`` the centre of a cell.
    present
        Those of the period, the same columns without ``year``.

    Returns
    -------
    pandas.DataFrame
        ``adcode place lon lat years points last_year now``: years with points, points in them, the latest
        such year (0 none), points in the period. ``lon lat`` are the means of a township's points, or the
        cell.
    """
    before, after = _keyed(past), _keyed(present)
    key = ["adcode", "place", "cell_x", "cell_y"]
    old = before.groupby(key, sort=True).agg(
        years=("year", "nunique"), points=("year", "size"), last_year=("year", "max")
    )
    new = after.groupby(key, sort=True).size().rename("now")
    middle = pd.concat([before, after]).groupby(key, sort=True)[["lon", "lat"]].mean()
    found = middle.join(old).join(new).fillna({"years": 0, "points": 0, "last_year": 0, "now": 0})
    counts = ["years", "points", "last_year", "now"]
    found = found.astype(dict.fromkeys(counts, np.int64)).reset_index().drop(columns=["cell_x", "cell_y"])
    order = np.lexsort(
        (found["lon"], found["lat"], found["place"].astype(str), found["adcode"].astype(str), -found["now"],
         -found["points"], -found["years"])
    )  # fmt: skip
    return found.iloc[order].reset_index(drop=True)[["adcode", "place", "lon", "lat", *counts]]


def _keyed(points: pd.DataFrame) -> pd.DataFrame:
    """Return points with the cell as a key where no township is known."""
    named = (points["place"] != "").to_numpy(bool)
    return points.assign(
        cell_x=np.where(named, 0.0, points["lon"]), cell_y=np.where(named, 0.0, points["lat"])
    )
