"""What is said of an event: when, where, how large, seen by whom, and its power overpass by overpass.

How power is added
------------------
Fire radiative power is a rate. It is added over the pixels of one overpass (one satellite, detections no
farther apart than the rule's gap) and never over time or over satellites. Equal values of neighbours are
shares of one coarser pixel, which the product has divided among them: each is added, none is averaged or
taken for a repetition. A detection that stands twice in the table (same ``key``) is counted once. What is not
known is left out and counted: an overpass of unknown values alone has no power, not zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.events.rule import EventRule
from geoaq.geodesy.ellipsoid import geodesic_m

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]


def overpasses(pixels: pd.DataFrame, labels: Labels, *, rule: EventRule) -> pd.DataFrame:
    """Return one row for each overpass of each event, by event, then time, then satellite.

    Parameters
    ----------
    pixels
        ``satellite acquired frp_mw key`` of `geoaq.frames.FIRE_PIXELS`.
    labels
        As `geoaq.fires.events.cluster` returns them.
    rule
        Its ``pass_gap_s`` says where an overpass ends.

    Returns
    -------
    pandas.DataFrame
        ``cluster satellite begin end pixels frp_sum_mw frp_known frp_max_mw``: seconds since 1970 UTC;
        ``frp_known`` pixels have a power, ``frp_sum_mw`` is theirs together (NaN where it is 0).
    """
    satellite = pixels["satellite"].astype("category")
    codes = satellite.cat.codes.to_numpy(np.int64)
    acquired, key = pixels["acquired"].to_numpy(np.int64), pixels["key"].to_numpy(np.uint64)
    order = np.lexsort((key, acquired, codes, labels))
    group = labels[order].astype(np.int64) * (codes.max(initial=0) + 1) + codes[order]
    time = acquired[order]
    begins = np.append(True, (np.diff(group) != 0) | (np.diff(time) > rule.pass_gap_s))[: len(order)]
    first = np.flatnonzero(begins)
    again = np.zeros(len(order), bool)
    again[1:] = ~begins[1:] & (key[order][1:] == key[order][:-1])
    frp = pixels["frp_mw"].to_numpy(np.float64)[order]
    known = ~np.isnan(frp) & ~again
    count = _added(known, first)
    with np.errstate(invalid="ignore"):
        added = np.where(count > 0, _added(np.where(known, frp, 0.0), first), np.nan)
    last = np.append(first[1:], len(order)) - 1
    table = pd.DataFrame(
        {
            "cluster": labels[order][first],
            "satellite": pd.Categorical.from_codes(codes[order][first], satellite.cat.categories),
            "begin": time[first],
            "end": time[last] if len(first) else time[first],
            "pixels": _added(~again, first).astype(np.int64),
            "frp_sum_mw": added,
            "frp_known": count.astype(np.int64),
            "frp_max_mw": np.fmax.reduceat(frp, first) if len(first) else frp,
        }
    )
    names = table["satellite"].astype(object)
    return table.iloc[np.lexsort((names, table["begin"], table["cluster"]))].reset_index(drop=True)


def _added(values: npt.NDArray[Any], first: Rows) -> npt.NDArray[np.float64]:
    return np.add.reduceat(values.astype(np.float64), first) if len(first) else np.empty(0)


def summaries(pixels: pd.DataFrame, labels: Labels, passes: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each event, indexed by its number in ``labels``.

    Parameters
    ----------
    pixels
        Columns of `geoaq.frames.FIRE_PIXELS`.
    labels
        As `geoaq.fires.events.cluster` returns them.
    passes
        As `overpasses` returns them.

    Returns
    -------
    pandas.DataFrame
        ``first_seen last_seen`` (seconds since 1970 UTC), ``pixels`` (distinct detections), ``satellites``
        (sources in alphabetical order, joined by ';'), ``official`` (made of pushes), ``lon lat`` (mean of
        the centres), ``west south east north`` (of the centres; west > east across the antimeridian),
        ``across_m`` (geodesic between the corners of that box), ``frp_peak_mw`` (largest sum of one overpass)
        with ``frp_peak_at`` and ``frp_peak_by``, ``frp_last_mw`` (of the latest overpass with a known power),
        ``frp_pixel_mw`` (largest of one pixel), ``overpasses``, ``first_key`` (of its first pixel).
    """
    order = np.argsort(labels, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(labels[order]) != 0)[: len(order)])
    if not len(first):
        return pd.DataFrame(columns=[*_COLUMNS])
    sizes = np.diff(np.append(first, len(order)))
    lon, lat = (pixels[name].to_numpy(np.float64)[order] for name in ("lon", "lat"))
    acquired = pixels["acquired"].to_numpy(np.int64)[order]
    home = np.repeat(lon[first], sizes)
    away = (lon - home + 180.0) % 360.0 - 180.0
    west, east = np.minimum.reduceat(lon, first), np.maximum.reduceat(lon, first)
    split = east - west > 180.0
    for edge, least in ((west, np.minimum), (east, np.maximum)):
        edge[split] = _turned(least.reduceat(away, first) + lon[first])[split]
    south, north = np.minimum.reduceat(lat, first), np.maximum.reduceat(lat, first)
    table = pd.DataFrame(
        {
            "first_seen": np.minimum.reduceat(acquired, first),
            "last_seen": np.maximum.reduceat(acquired, first),
            "pixels": passes.groupby("cluster")["pixels"].sum().to_numpy(),
            "satellites": _satellites(passes),
            "official": (pixels["kind"] == "push").to_numpy(bool)[order][first],
            "lon": _turned(_added(away, first) / sizes + lon[first]),
            "lat": np.add.reduceat(lat, first) / sizes,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "across_m": geodesic_m(west, south, east, north),
        }
    )
    powers = passes[passes["frp_known"] > 0]
    peak = powers.sort_values(["cluster", "frp_sum_mw"], ascending=[True, False], kind="stable")
    peak = peak.drop_duplicates("cluster").set_index("cluster")
    latest = powers.drop_duplicates("cluster", keep="last").set_index("cluster")["frp_sum_mw"]
    table["frp_peak_mw"] = peak["frp_sum_mw"].reindex(table.index)
    table["frp_peak_at"] = peak["begin"].reindex(table.index, fill_value=-1).astype(np.int64)
    table["frp_peak_by"] = peak["satellite"].astype(object).reindex(table.index, fill_value="")
    table["frp_last_mw"] = latest.reindex(table.index)
    table["frp_pixel_mw"] = passes.groupby("cluster")["frp_max_mw"].max().to_numpy()
    table["overpasses"] = passes.groupby("cluster").size().to_numpy()
    table["first_key"] = pixels["key"].to_numpy(np.uint64)[first_pixels(pixels, labels)]
    return table[[*_COLUMNS]]


_COLUMNS = (
    "first_seen", "last_seen", "pixels", "satellites", "official", "lon", "lat", "west", "south", "east",
    "north", "across_m", "frp_peak_mw", "frp_peak_at", "frp_peak_by", "frp_last_mw", "frp_pixel_mw",
    "overpasses", "first_key",
)  # fmt: skip


def _satellites(passes: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the sources of each event, joined by ';'."""
    pairs = passes[["cluster", "satellite"]].drop_duplicates()
    pairs = pairs.assign(satellite=pairs["satellite"].astype(object)).sort_values(["cluster", "satellite"])
    several = pairs.duplicated("cluster", keep=False)
    names = pairs[~several].set_index("cluster")["satellite"]
    joined = pairs[several].groupby("cluster")["satellite"].agg(";".join)
    words: npt.NDArray[np.object_] = pd.concat([names, joined]).sort_index().to_numpy(object)
    return words


def _turned(lon: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return longitudes between -180 and 180; what lies there already stays as it is."""
    return np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon)


def first_pixels(pixels: pd.DataFrame, labels: Labels) -> Rows:
    """Return the row of each event's first pixel: the earliest, of several that with the lowest key."""
    acquired = pixels["acquired"].to_numpy(np.int64)
    count = int(labels.max(initial=-1)) + 1
    earliest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(earliest, labels, acquired)
    rows = np.flatnonzero(acquired == earliest[labels])
    rows = rows[np.lexsort((pixels["key"].to_numpy(np.uint64)[rows], labels[rows]))]
    first: Rows = rows[np.append(True, np.diff(labels[rows]) != 0)[: len(rows)]]
    return first
