"""Which plants can be anchors: large enough by a reading, confirmed or not, with a position budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import TRUE

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
Reading = Literal["plant_total", "largest_unit"]

# Kinds of anchors, the strongest first; the odd numbers between stand for "inside the error budget only".
# MAYBE_OWN is a confirmed anchor at which a subject may stand itself: a matter of the pair.
CONFIRMED, MAYBE_OWN, OTHER_CLAUSE, UNCONFIRMED, CAPACITY_MISSING = 0, 2, 4, 6, 8
_ZHEJIANG = "330000"


class Anchors(NamedTuple):
    """The plants that are, or may be, large enough: name, position, budget in metres, province, kind."""

    plant_id: Words
    name: Words
    lon: Floats
    lat: Floats
    u_m: Floats
    province: Words
    kind: npt.NDArray[np.int64]
    confirmed: npt.NDArray[np.bool_]


def text(frame: pd.DataFrame, name: str) -> Words:
    """Return a column of texts, '' where it is blank or missing."""
    if name not in frame:
        return np.full(len(frame), "", object)
    return frame[name].astype(object).where(frame[name].notna(), "").to_numpy(object)


def is_confirmed(plants: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which plants the office confirmed: by a document's number and its issuer, both."""
    named = (text(plants, "confirmed_document") != "") & (text(plants, "confirmed_issuer") != "")
    return np.asarray(named, np.bool_)


def capacity(plants: pd.DataFrame, min_mw: float, reading: Reading) -> Floats:
    """Return the capacity that counts by a reading, MW; NaN where it is not known.

    A unit is never larger than its plant: a plant below ``min_mw`` settles both readings, and so does a unit
    of ``min_mw``.
    """
    total = plants["installed_mw"].to_numpy(np.float64)
    unit = plants["largest_unit_mw"].to_numpy(np.float64)
    if reading == "plant_total":
        return np.where(np.isnan(total) & (unit >= min_mw), unit, total)
    return np.where(np.isnan(unit) & (total < min_mw), total, unit)


def may_be_anchor(plants: pd.DataFrame, min_mw: float, reading: Reading) -> npt.NDArray[np.bool_]:
    """Tell which plants are large enough by a reading, or of unknown capacity."""
    return ~(capacity(plants, min_mw, reading) < min_mw)


def position_budgets(plants: pd.DataFrame, plant_budget_m: Mapping[str, float]) -> Floats:
    """Return the error budget of each plant's position, metres.

    A blank ``position_quality`` is ``unstated``; one that has no budget takes the widest.
    """
    widest = max(plant_budget_m.values(), default=0.0)
    budget = [plant_budget_m.get(key or "unstated", widest) for key in text(plants, "position_quality")]
    return np.array(budget, np.float64)


def find_anchors(
    plants: pd.DataFrame, min_mw: float, reading: Reading, plant_budget_m: Mapping[str, float]
) -> Anchors:
    """Return the plants that are large enough or of unknown capacity, in the order of the table."""
    there = may_be_anchor(plants, min_mw, reading)
    chosen, mw = plants[there], capacity(plants, min_mw, reading)[there]
    confirmed = is_confirmed(chosen)
    dispatched = (
        chosen["dispatched"].to_numpy() == TRUE if "dispatched" in chosen else np.zeros(len(chosen), bool)
    )
    elsewhere = (text(chosen, "province_adcode") == _ZHEJIANG) & (
        (text(chosen, "fuel") == "nuclear") | dispatched
    )
    kind = np.where(confirmed, np.where(elsewhere, OTHER_CLAUSE, CONFIRMED), UNCONFIRMED)
    return Anchors(
        text(chosen, "plant_id"),
        text(chosen, "name"),
        chosen["lon"].to_numpy(np.float64),
        chosen["lat"].to_numpy(np.float64),
        position_budgets(chosen, plant_budget_m),
        text(chosen, "province_adcode"),
        np.where(np.isnan(mw), CAPACITY_MISSING, kind).astype(np.int64),
        confirmed,
    )
