"""The wind at a site as a rose: context for the reader, it never decides.

Directions are meteorological: where the wind comes *from*, degrees clockwise from north. What it carries goes
*toward* the opposite side. A share is one of all hours that were observed, calm ones included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Calm is force 0 of GB/T 28591-2012 (0.0–0.2 m/s); HJ 2.2-2018 counts 静风 by the same number.
CALM_MS = 0.2
# Lower ends of the classes of a rose, m/s: forces 1 to 4, and 5 with all above (GB/T 28591-2012).
CLASSES_MS = (0.3, 1.6, 3.4, 5.5, 8.0)


@dataclass(frozen=True)
class Rose:
    """How often the wind blows from where, and how fast.

    Parameters
    ----------
    shares
        Share of the hours with wind from sector k (its middle at ``360·k/sectors`` degrees) and of speed
        class c; shape (sectors, classes). With ``calm`` they add up to 1.
    calm
        Share of calm hours.
    classes_ms
        Lower ends of the speed classes, m/s.
    calm_ms
        Speeds up to this are calm.
    hours, missing
        Hours that count, and hours without speed, or with wind of no direction.
    mean_ms
        Mean speed of the hours that count.
    """

    shares: Floats
    calm: float
    classes_ms: tuple[float, ...]
    calm_ms: float
    hours: int
    missing: int
    mean_ms: float

    @property
    def blows_from(self) -> Floats:
        """Return the share of hours with wind from each sector, shape (sectors,)."""
        found: Floats = self.shares.sum(axis=1)
        return found

    @property
    def blows_toward(self) -> Floats:
        """Return the share of hours with wind toward each sector, shape (sectors,)."""
        return np.roll(self.blows_from, len(self.shares) // 2)

    def record(self) -> dict[str, Any]:
        """Return the rose as numbers for a file, shares to six places."""
        return {
            "sectors": len(self.shares),
            "blows_from": np.round(self.shares, 6).tolist(),
            "calm": round(self.calm, 6),
            "classes_ms": list(self.classes_ms),
            "calm_ms": self.calm_ms,
            "hours": self.hours,
            "missing": self.missing,
            "mean_ms": round(self.mean_ms, 3),
        }


def rose(
    direction_deg: npt.ArrayLike,
    speed_ms: npt.ArrayLike,
    *,
    sectors: int = 16,
    classes_ms: Sequence[float] = CLASSES_MS,
    calm_ms: float = CALM_MS,
    step_deg: float = 0.0,
) -> Rose:
    """Count hours of wind by sector and speed.

    Parameters
    ----------
    direction_deg, speed_ms
        As `geoaq.io.wind_series.WindSeries`: where the wind comes from (NaN calm or not observed), and its
        speed (NaN not observed); shape (h,).
    sectors
        Sectors of the rose, the first about north.
    classes_ms
        Lower ends of the speed classes; the first counts from ``calm_ms`` on.
    calm_ms
        Speeds up to this are calm, whatever their direction.
    step_deg
        How coarsely directions are printed: each is spread evenly over its step. Directions of 36 points
        would otherwise fall unevenly into 16 sectors (three into north, two into its neighbours).

    Returns
    -------
    Rose
        All zero where no hour counts.
    """
    direction, speed = np.asarray(direction_deg, np.float64), np.asarray(speed_ms, np.float64)
    calm = speed <= calm_ms
    blows = (speed > calm_ms) & np.isfinite(direction)
    hours = int(calm.sum() + blows.sum())
    distinct, place = np.unique(direction[blows] % 360.0, return_inverse=True)
    kind = np.maximum(np.searchsorted(classes_ms, speed[blows], side="right") - 1, 0)
    counts = np.zeros((len(distinct), len(classes_ms)))
    np.add.at(counts, (place, kind), 1.0)
    shares = spread(distinct, step_deg, sectors).T @ counts / max(hours, 1)
    counted = calm | blows
    mean = float(speed[counted].mean()) if hours else 0.0
    return Rose(
        shares,
        float(calm.sum()) / max(hours, 1),
        tuple(float(c) for c in classes_ms),
        float(calm_ms),
        hours,
        len(speed) - hours,
        mean,
    )


def spread(direction: Floats, step: float, sectors: int) -> Floats:
    """Return which part of each direction, spread over its step, falls into each sector.

    Parameters
    ----------
    direction
        Degrees, 0 to 360, shape (n,).
    step
        Degrees over which each is spread evenly; 0 leaves it where it is.
    sectors
        Sectors, the first about north.

    Returns
    -------
    ndarray
        Shape (n, sectors); each row adds up to 1.
    """
    width = 360.0 / sectors
    if step <= 0.0:
        place = np.floor((direction + width / 2.0) / width).astype(np.int64) % sectors
        return np.eye(sectors)[place]
    start = np.arange(sectors) * width - width / 2.0
    low, high = direction[:, None] - step / 2.0, direction[:, None] + step / 2.0
    found = np.zeros((len(direction), sectors))
    for turn in (-360.0, 0.0, 360.0):
        inside = np.minimum(high + turn, start + width) - np.maximum(low + turn, start)
        found += np.clip(inside, 0.0, None)
    parts: Floats = found / step
    return parts
