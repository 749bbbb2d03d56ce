"""Counts, fire intensity and ranking by county, prefecture and province.

Fire intensity (火点强度) is the number of fire points per 1,000 ha of arable land, as the ministry prints it
in its weekly bulletins. Points are detections by satellites in their passes; what cameras, patrols,
platforms and satellites that look every few minutes found stands beside them, and official pushes are not in
these tables at all.

A unit has a rank only by points that were verified. Equal numbers share a rank and the next ones are skipped
(1, 2, 3, 3, 5).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geoaq.fires.bulletin.groups import STRAW, group_events, open_border, unit_codes

#: Hectares that fire intensity counts points per.
PER_HA = 1000.0
#: Columns of `by_unit` that hold counts.
COUNTS = (
    "straw", "verified", "suspected", "mixed", "open", "others", "events", "events_verified", "events_open",
)  # fmt: skip


def by_unit(
    pixels: pd.DataFrame,
    grouped: pd.DataFrame,
    events: pd.DataFrame,
    checks: pd.DataFrame,
    county_units: pd.DataFrame,
    arable_ha: pd.Series,
    *,
    level: str,
    surveyed: bool,
) -> pd.DataFrame:
    """Return one row a unit that has a detection or an event, most points first.

    Parameters
    ----------
    pixels, grouped
        `geoaq.frames.FIRE_JUDGED`, and what `geoaq.fires.bulletin.groups.group_pixels` makes of them.
    events
        The store's events with a detection among them; those of pushes (``official``) are left out.
    checks
        As `geoaq.fires.bulletin.groups.latest_checks` takes them.
    county_units
        ``adcode city_adcode province_adcode`` of every county.
    arable_ha
        Hectares by code. A prefecture or province that has none of its own is the sum of its counties,
        unknown where one is.
    level
        ``county``, ``city`` or ``province``.
    surveyed
        Whether the hectares are an office's: nobody is ranked by intensity over an estimate.

    Returns
    -------
    pandas.DataFrame
        By ``adcode`` ('' outside every county): `COUNTS`, ``arable_ha intensity intensity_verified``
        (points per 1,000 ha, NaN unknown), ``rank rank_intensity`` (0 for none).

        ``straw`` is ``verified`` + ``suspected``, settled places alone; ``open`` are points of suspected
        straw burning near a border whose unit is to be verified. Sums over units of straw + open are all
        points of suspected straw burning.
    """
    place = unit_codes(grouped["place"].to_numpy(object), county_units, level)
    group, source = grouped["group"].astype(object), grouped["source"].astype(object)
    near = open_border(pixels, grouped, level)
    seen, straw = (source == "satellite").to_numpy(bool), group.isin(STRAW).to_numpy(bool)
    marks = {
        "verified": seen & ~near & (group == "verified").to_numpy(bool),
        "suspected": seen & ~near & (group == "straw_likely").to_numpy(bool),
        "mixed": seen & (group == "mixed").to_numpy(bool),
        "open": seen & near & straw,
        "others": (source == "other").to_numpy(bool) & straw,
    }
    counts = pd.DataFrame(marks, index=pd.Index(place, name="adcode", dtype=object)).astype(np.int64)
    found = counts.groupby(level=0).sum()
    found = found.join(_events(events, checks, county_units, level), how="outer").fillna(0).astype(np.int64)
    found = found[(found != 0).any(axis=1)]
    found["straw"] = found["verified"] + found["suspected"]
    found["arable_ha"] = _arable(arable_ha, county_units, level).reindex(found.index)
    area = found["arable_ha"].where(found["arable_ha"] > 0) / PER_HA
    found["intensity"] = found["straw"] / area
    found["intensity_verified"] = found["verified"] / area
    found["rank"] = ranks(found["verified"].where(found["verified"] > 0))
    found["rank_intensity"] = ranks(found["intensity_verified"].where((found["verified"] > 0) & surveyed))
    return in_order(found)[[*COUNTS, "arable_ha", *_MEASURES]]


_MEASURES = ("intensity", "intensity_verified", "rank", "rank_intensity")


def ranks(values: pd.Series) -> pd.Series:
    """Return ranks from the largest down, equal values sharing the best of theirs; 0 where there is none.

    Examples
    --------
    >>> ranks(pd.Series([6.0, 23.0, 6.0, float("nan"), 4.0])).tolist()
    [2, 1, 2, 0, 4]
    """
    return values.astype(np.float64).rank(method="min", ascending=False).fillna(0).astype(np.int64)


def in_order(units: pd.DataFrame) -> pd.DataFrame:
    """Return units by verified points, suspected points, intensity and code; outside every county last."""
    outside = (units.index == "").astype(np.int8)
    intensity = -units["intensity"].fillna(-1.0).to_numpy()
    keys = (units.index.to_numpy(object).astype(str), intensity, -units["straw"], -units["verified"], outside)
    return units.iloc[np.lexsort(keys)]


def _events(
    events: pd.DataFrame, checks: pd.DataFrame, county_units: pd.DataFrame, level: str
) -> pd.DataFrame:
    """Return ``events events_verified events_open`` by unit: events of suspected straw burning."""
    own = events[~events["official"].to_numpy(bool)]
    grouped = group_events(own, checks)
    straw = grouped["group"].isin(STRAW).to_numpy(bool)
    near = open_border(own, grouped, level)
    marks = {
        "events": straw & ~near,
        "events_verified": ~near & (grouped["group"] == "verified").to_numpy(bool),
        "events_open": straw & near,
    }
    place = unit_codes(grouped["place"].to_numpy(object), county_units, level)
    counts = pd.DataFrame(marks, index=pd.Index(place, name="adcode", dtype=object)).astype(np.int64)
    return counts.groupby(level=0).sum()


def _arable(arable_ha: pd.Series, county_units: pd.DataFrame, level: str) -> pd.Series:
    """Return hectares by unit: those stated of it, else their sum where every county's is known."""
    units = county_units.drop_duplicates("adcode")
    if level == "county":
        return arable_ha
    known = units["adcode"].map(arable_ha)
    sums = known.groupby(units[f"{level}_adcode"].to_numpy(object)).agg(lambda one: one.sum(skipna=False))
    return arable_ha[arable_ha.index.isin(sums.index)].combine_first(sums)
