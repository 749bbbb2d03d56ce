"""What each detection of a period counts as: every one in exactly one group, so that the groups add up.

A detection is *verified* when the event that it belongs to was checked on the spot and found to be burning
straw. Nobody is ranked by anything else. A check says nothing of what was detected after it, nor, where it
states a county, of what lies beyond doubt in another county of the same event. Official pushes are a source
of their own and are never added to what an office found itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Groups in the order in which a bulletin lists them; the middle ones are the classes not (yet) checked.
GROUPS = (
    "verified", "straw_likely", "mixed", "unknown", "suspect", "not_cropland", "static", "checked_other",
    "checked_no_trace",
)  # fmt: skip
SOURCES = ("satellite", "other", "push")
#: What a check on the spot can have found.
RESULTS = ("straw", "not_straw", "no_trace", "pending")
#: The groups whose detections are points of suspected straw burning, checked or not.
STRAW = ("verified", "straw_likely")
_BY_RESULT = {"straw": "verified", "not_straw": "checked_other", "no_trace": "checked_no_trace"}
_LEVELS = {"county": 6, "city": 4, "province": 2}

Strings = npt.NDArray[np.object_]


def latest_checks(checks: pd.DataFrame) -> pd.DataFrame:
    """Return one row an event, the last check of each: ``result adcode checked_at counties`` by event.

    Parameters
    ----------
    checks
        ``event result`` (one of `RESULTS`), ``adcode`` (of the place found on the spot, '' none) and
        ``checked_at`` (seconds since 1970 UTC, -1 not stated: it holds for all of the event); of equal times
        the later row counts. ``counties`` of the event as the store keeps them, where they are known.
    """
    ordered = checks if "counties" in checks else checks.assign(counties="")
    ordered = ordered.sort_values("checked_at", kind="stable")
    return ordered.groupby("event", sort=True)[["result", "adcode", "checked_at", "counties"]].last()


def group_pixels(pixels: pd.DataFrame, checks: pd.DataFrame, *, beside: Collection[str] = ()) -> pd.DataFrame:
    """Say what each detection counts as and where.

    Parameters
    ----------
    pixels
        `geoaq.frames.FIRE_JUDGED`.
    checks
        As `latest_checks` takes them.
    beside
        Satellites that count as another source: they see one fire again and again.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``pixels``: ``group`` (one of `GROUPS`), ``source`` (one of `SOURCES`), ``place`` (the
        county that it counts for: that of the check, else of the centre, '' outside), ``settled`` (a check
        states the county).
    """
    latest = latest_checks(checks)
    event = pixels["event"].to_numpy(object)
    result, stated = looked_up(event, latest["result"]), looked_up(event, latest["adcode"])
    own = pixels["adcode"].astype(object).to_numpy(object)
    told = _by_then(pixels["acquired"].to_numpy(np.int64), event, latest)
    elsewhere = _elsewhere(own, stated, looked_up(event, latest["counties"]))
    told &= ~elsewhere | pixels["disputed_border"].to_numpy(bool)
    result, stated = np.where(told, result, ""), np.where(told, stated, "")
    group = pixels["class"].astype(object).to_numpy(object)
    for found, name in _BY_RESULT.items():
        group = np.where(result == found, name, group)
    kind = pixels["kind"].astype(object).to_numpy(object)
    passing = (kind == "satellite") & ~pixels["satellite"].isin(list(beside)).to_numpy(bool)
    source = np.where(kind == "push", "push", np.where(passing, "satellite", "other"))
    settled = stated != ""
    return pd.DataFrame(
        {
            "group": pd.Categorical(group, categories=list(GROUPS)),
            "source": pd.Categorical(source, categories=list(SOURCES)),
            "place": np.where(settled, stated, own),
            "settled": settled,
        },
        index=pixels.index,
    )


def group_events(events: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Say what each event counts as and where: ``group place settled``, aligned.

    Parameters
    ----------
    events
        ``event class adcode last_seen`` of the store's events. What was found not to be burning straw, and
        burned on after that, is open again; what was found to be is verified.
    checks
        As `latest_checks` takes them.
    """
    latest = latest_checks(checks)
    event = events["event"].to_numpy(object)
    result, stated = looked_up(event, latest["result"]), looked_up(event, latest["adcode"])
    told = _by_then(events["last_seen"].to_numpy(np.int64), event, latest) | (result == "straw")
    result = np.where(told, result, "")
    group = events["class"].astype(object).to_numpy(object)
    for found, name in _BY_RESULT.items():
        group = np.where(result == found, name, group)
    return pd.DataFrame(
        {
            "group": pd.Categorical(group, categories=list(GROUPS)),
            "place": np.where(stated != "", stated, events["adcode"].astype(object).to_numpy(object)),
            "settled": stated != "",
        },
        index=events.index,
    )


def _by_then(moment: npt.NDArray[np.int64], event: Strings, latest: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say what was seen before the last check of its event, or when nobody knows when that was."""
    at = pd.Series(event, dtype=object).map(latest["checked_at"]).fillna(-1).to_numpy(np.int64)
    before: npt.NDArray[np.bool_] = (at < 0) | (moment <= at)
    return before


def _elsewhere(own: Strings, stated: Strings, counties: Strings) -> npt.NDArray[np.bool_]:
    """Say what lies in another county of its event than the one that the check states, itself one of them."""
    pairs = zip(stated, counties, strict=True)
    among = np.array([bool(code) and f";{code}=" in f";{every}" for code, every in pairs], bool)
    found: npt.NDArray[np.bool_] = among & (own != "") & (own != stated)
    return found


def ledger(grouped: pd.DataFrame) -> pd.DataFrame:
    """Return how many detections each group has from each source: `GROUPS` by `SOURCES`, all of them there.

    The sum of the table is the number of rows of ``grouped``.
    """
    counts = pd.crosstab(grouped["group"].astype(object), grouped["source"].astype(object))
    return counts.reindex(index=list(GROUPS), columns=list(SOURCES), fill_value=0).astype(np.int64)


def open_border(pixels: pd.DataFrame, grouped: pd.DataFrame, level: str) -> npt.NDArray[np.bool_]:
    """Say whose unit of a level is not settled: the footprint reaches into another, or sources differ.

    Parameters
    ----------
    pixels
        ``disputed_border disputed_by others adcode`` of `geoaq.frames.FIRE_JUDGED`, or of events
        (``disputed_border`` alone: then it counts at every level).
    grouped
        As `group_pixels` or `group_events` return them.
    level
        ``county``, ``city`` or ``province``. Of prefectures and provinces only a neighbour of another one
        leaves the place open; a footprint that reaches abroad or to sea, or a second source of boundaries
        that differs, leaves it open at every level.
    """
    settled = grouped["settled"].to_numpy(bool)
    disputed: npt.NDArray[np.bool_] = pixels["disputed_border"].to_numpy(bool) & ~settled
    if "others" not in pixels or not disputed.any():
        return disputed
    digits = _LEVELS[level]
    rows = np.flatnonzero(disputed)
    columns = (pixels[name].astype(object).iloc[rows] for name in ("adcode", "others", "disputed_by"))
    found = disputed.copy()
    for row, own, others, why in zip(rows, *columns, strict=True):
        codes = (part.partition("=")[0] for part in str(others).split(";") if part)
        across = any(code[:digits] != str(own)[:digits] for code in codes)
        found[row] = across or not {"outside", "conflicting_sources"}.isdisjoint(str(why).split(";"))
    return found


def unit_codes(places: Strings, county_units: pd.DataFrame, level: str) -> Strings:
    """Return the code of each place's unit at a level, '' where the county is not known.

    Parameters
    ----------
    places
        Codes of counties.
    county_units
        ``adcode city_adcode province_adcode``: a prefecture is read off the table, since 济源 (419001) and
        its like have none by their digits.
    level
        ``county``, ``city`` or ``province``.
    """
    if level == "county":
        return np.asarray(places, object)
    column: Any = county_units.drop_duplicates("adcode").set_index("adcode")[f"{level}_adcode"]
    return looked_up(places, column)


def looked_up(keys: Strings, words: pd.Series) -> Strings:
    """Return the word of each key, '' for a key that has none."""
    known = words.to_dict()
    distinct, place = np.unique(np.asarray(keys, object).astype(str), return_inverse=True)
    return np.array([known.get(str(key), "") for key in distinct], object)[place]
