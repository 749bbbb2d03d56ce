"""Which plants may lie in reach of which subject: one search, whatever capacity counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.geodesy import Pairs, pairs_within
from geoaq.zones.heating.anchors import Floats, position_budgets

# Subjects of like budgets are searched together: one vague position must not widen the search for all.
_BUDGET_STEPS_M = (2_000.0, 10_000.0, 50_000.0)


def pairs_in_reach(
    lon: Floats,
    lat: Floats,
    u_m: Floats,
    plants: pd.DataFrame,
    plant_budget_m: Mapping[str, float],
    radius_m: float,
) -> Pairs:
    """Return every pair of a subject and a plant that the radius and both budgets may hold, and some beyond.

    Parameters
    ----------
    lon, lat, u_m
        Of the subjects: degrees, WGS 84, and the error budget in metres.
    plants
        As the contract `geoaq.frames.PLANTS`.
    plant_budget_m, radius_m
        As in `geoaq.zones.heating.screen`; metres.

    Returns
    -------
    Pairs
        By subject, nearest first; ``anchor`` is the position in ``plants``.
    """
    anchor_lon, anchor_lat = (plants[name].to_numpy(np.float64) for name in ("lon", "lat"))
    step = np.digitize(u_m, _BUDGET_STEPS_M)
    widest_plant = float(position_budgets(plants, plant_budget_m).max(initial=0.0))
    parts = []
    for group in np.unique(step).tolist():
        rows = np.flatnonzero(step == group)
        reach = radius_m + float(np.hypot(u_m[rows].max(), widest_plant))
        found = pairs_within(lon[rows], lat[rows], anchor_lon, anchor_lat, radius_m=reach)
        parts.append(Pairs(rows.astype(np.int32)[found.subject], found.anchor, found.distance_m))
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return pairs_within(lon, lat, anchor_lon, anchor_lat, radius_m=radius_m)
    subject = np.concatenate([part.subject for part in parts])
    order = np.argsort(subject, kind="stable")
    anchor = np.concatenate([part.anchor for part in parts])[order]
    return Pairs(subject[order], anchor, np.concatenate([part.distance_m for part in parts])[order])


def of_reading(pairs: Pairs, taken: npt.NDArray[np.bool_]) -> Pairs:
    """Return the pairs of the plants that a reading takes, by their places among these; the order stays.

    Parameters
    ----------
    pairs
        Of all plants that were searched.
    taken
        Which of these plants the reading takes.
    """
    kept = taken[pairs.anchor]
    place = (np.cumsum(taken) - 1).astype(pairs.anchor.dtype)
    return Pairs(pairs.subject[kept], place[pairs.anchor[kept]], pairs.distance_m[kept])
