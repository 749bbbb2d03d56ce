"""The register of static sources: places that are hot again and again, learned from earlier days alone.

A pixel with pixels of ``core_days`` distinct days within ``within_m`` of it, its own day counted, is a core;
cores within that distance of each other hang together (DBSCAN of Ester et al. 1996, its density counted in
days, so that one night's burst of many pixels is no density). A cluster is a source when it was hot on enough
days, over a long enough time, and often enough outside the windows of straw. Pixels at its rim that are no
cores are left out: the buffer covers them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.events.identity import geohash
from geoaq.fires.quality.cropland import metres_per_degree
from geoaq.fires.quality.rule import QualityRule, RegisterRule
from geoaq.fires.quality.sun import by_day
from geoaq.fires.quality.windows import IN, beijing_days, season
from geoaq.geodesy.ellipsoid import columns, earth_centred, require_positions

#: What `learn` reads of a pixel.
LEARNED_FROM = (
    "satellite", "kind", "acquired", "lon", "lat", "scan_km", "track_km", "frp_mw", "daynight", "adcode",
)  # fmt: skip
#: A register's columns; times are seconds since 1970, UTC.
REGISTER = {
    "source": "object", "lon": "float64", "lat": "float64", "radius_m": "float64", "first": "int64",
    "last": "int64", "days": "int64", "days_outside": "int64", "span_days": "int64", "night_share": "float64",
    "frp_median_mw": "float64", "frp_p95_mw": "float64", "expires": "int64", "learned_as_of": "int64",
}  # fmt: skip
_DAY_S = 86_400
_FARTHEST_DEG = 85.0
_SPARE = 32  # empty columns, so that what is reached beyond the end of a row is never the next row's
_PER_DEGREE = 10_000_000  # positions are added as whole numbers, so that the order of rows decides nothing
Labels = npt.NDArray[np.int64]


def learn(
    pixels: pd.DataFrame, *, as_of: date, known: pd.DataFrame | None, rule: QualityRule
) -> pd.DataFrame:
    """Return the register of static sources as it could be known at the beginning of a day.

    Parameters
    ----------
    pixels
        `LEARNED_FROM`: columns of `geoaq.frames.FIRE_PIXELS` and ``adcode`` ('' outside). Rows of that day or
        later, rows older than the rule's months, other kinds than ``satellite``, and pixels too wide to place
        anything (or of unknown size) are left aside.
    as_of
        The day, UTC; as a rule the first of a month.
    known
        ``source lon lat`` of sources in earlier registers, for their ids alone; None for none.
    rule
        What makes a source.

    Returns
    -------
    pandas.DataFrame
        `REGISTER`, by ``source``. ``radius_m`` holds 95 % of the hits. ``frp_p95_mw`` is the largest
        percentile of one satellite with enough hits, else that of all. What a row says but its id does not
        depend on the order of pixels, nor on ``known``.

    Raises
    ------
    InputError
        ``position_unusable``: a position is not finite or out of range.
    """
    end = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    table = _usable(pixels, end, rule.register)
    if not len(table):
        return _empty()
    rows, labels = core_clusters(
        table["lon"].to_numpy(), table["lat"].to_numpy(), beijing_days(table["acquired"].to_numpy()),
        distance_m=rule.register.within_m, least=rule.register.core_days,
    )  # fmt: skip
    table = table.iloc[rows].reset_index(drop=True)
    if not len(table):
        return _empty()
    labels = _cut(table, labels, rule.register)
    found = _summed(table, labels, end, rule)
    found["source"] = _named(found, known, rule.register.same_place_m)
    return found.astype(REGISTER)[[*REGISTER]].sort_values("source", ignore_index=True)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in REGISTER.items()})


def _usable(pixels: pd.DataFrame, end: int, rule: RegisterRule) -> pd.DataFrame:
    acquired = pixels["acquired"].to_numpy(np.int64)
    begin = (pd.Timestamp(end, unit="s") - pd.DateOffset(months=rule.months)).timestamp()
    wide = np.sqrt(pixels["scan_km"].to_numpy(np.float32) * pixels["track_km"].to_numpy(np.float32))
    taken = (acquired < end) & (acquired >= begin) & (wide <= rule.coarsest_km) & (wide > 0)
    taken &= (pixels["kind"] == "satellite").to_numpy(bool)
    table = pixels.loc[taken, [*LEARNED_FROM]].reset_index(drop=True)
    require_positions(*columns(table["lon"], table["lat"]))
    far = table["lat"].to_numpy(np.float64)
    placed: pd.DataFrame = table.loc[np.abs(far) <= _FARTHEST_DEG].reset_index(drop=True)
    return placed


def core_clusters(
    lon: npt.ArrayLike, lat: npt.ArrayLike, days: npt.NDArray[np.int32], *, distance_m: float, least: int
) -> tuple[Labels, Labels]:
    """Return the rows of the cores, and what cluster each is in (any numbers, equal inside a cluster).

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84, shape (n,), n at least 1; latitudes up to 85°.
        A cluster across the antimeridian is two.
    days
        Day of each pixel.
    distance_m
        Up to which pixels are neighbours, metres along the chord (0.2 µm below the geodesic at 500 m).
    least
        Distinct days that make a core.
    """
    from geoaq.fires.events import loops as sorting
    from geoaq.fires.quality import loops

    x, y = columns(lon, lat)
    high = 0.7 * distance_m / 111_700.0  # no degree of the meridian is longer
    wide = 0.7 * distance_m / (111_700.0 * np.cos(np.radians(float(np.abs(y).min()))))
    count = int(360.0 / wide) + _SPARE
    first = int(days.min())
    bits = max(1, (int(days.max()) - first).bit_length())
    total = bits + int((180.0 / high + 2) * count).bit_length()
    words = sorting.keys_of(x, y, days.astype(np.int64), first, high, wide, count, bits)
    keys, order = sorting.sorted_keys(words, total)
    xyz = sorting.positions_of(x, y, order, sorting.SINES)
    when = np.ascontiguousarray(days[order], np.int32)

    def grid(keys: npt.NDArray[np.uint64]) -> tuple[Labels, Labels, Labels]:
        cells, starts = sorting.cells_of(keys, bits)
        edge = np.abs((cells // count) * high - 90.0) + 4 * high
        across = np.floor(distance_m / (wide * 111_200.0 * np.cos(np.radians(edge)))).astype(np.int64) + 1
        return cells, starts, across

    cells, starts, across = grid(keys)
    core = loops.cores(xyz, when, cells, starts, count, across, 2, distance_m, least)
    if not core.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cells, starts, across = grid(np.ascontiguousarray(keys[core]))
    parent = loops.joined(np.ascontiguousarray(xyz[core]), cells, starts, count, across, 2, distance_m)
    return order[core].astype(np.int64), np.repeat(parent.astype(np.int64), np.diff(starts))


def _middles(table: pd.DataFrame, labels: Labels) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Return ``lon lat`` of each cluster (0…n-1) and the distance of each pixel from its own, metres."""
    whole = pd.DataFrame(
        {name: np.rint(table[name].to_numpy() * _PER_DEGREE).astype(np.int64) for name in ("lon", "lat")}
    )
    sums = whole.groupby(labels).sum()
    middle = sums.div(np.bincount(labels), axis=0) / _PER_DEGREE
    scale = metres_per_degree(middle["lat"].to_numpy())[labels]
    north = (table["lat"].to_numpy() - middle["lat"].to_numpy()[labels]) * scale[:, 0]
    east = (table["lon"].to_numpy() - middle["lon"].to_numpy()[labels]) * scale[:, 1]
    return middle, np.hypot(east, north)


def _cut(table: pd.DataFrame, labels: Labels, rule: RegisterRule) -> Labels:
    """Return clusters 0…n-1, those that are too wide cut along a lattice that stands still."""
    labels = pd.factorize(labels)[0].astype(np.int64)
    _, away = _middles(table, labels)
    radius = pd.Series(away).groupby(labels).quantile(0.95).to_numpy()
    large = np.flatnonzero((radius > rule.largest_m)[labels])
    if not len(large):
        return labels
    lat = table["lat"].to_numpy()[large]
    row = np.floor(lat * 111_195.0 / (1.5 * rule.largest_m))
    middle = np.radians((row + 0.5) * 1.5 * rule.largest_m / 111_195.0)
    column = np.floor(table["lon"].to_numpy()[large] * 111_195.0 * np.cos(middle) / (1.5 * rule.largest_m))
    parts = pd.DataFrame({"label": labels[large], "row": row, "column": column})
    labels[large] = labels.max() + 1 + parts.groupby(["label", "row", "column"]).ngroup().to_numpy()
    return pd.factorize(labels)[0].astype(np.int64)


def _summed(table: pd.DataFrame, labels: Labels, end: int, rule: QualityRule) -> pd.DataFrame:
    """Return the clusters that are sources, and what the register says of them but for their ids."""
    own = rule.register
    days = beijing_days(table["acquired"].to_numpy())
    outside = season(table["adcode"], table["acquired"].to_numpy(), rule.windows) != IN
    dates = pd.DataFrame({"label": labels, "day": days, "outside": outside}).groupby(["label", "day"]).any()
    dated = dates["outside"].groupby(level="label").agg(["size", "sum"])
    ends = table["acquired"].groupby(labels).agg(["min", "max"])
    edges = pd.Series(days).groupby(labels).agg(["min", "max"])
    span = edges["max"] - edges["min"]
    enough = (
        (dated["size"] >= own.days)
        & (dated["sum"] >= np.maximum(own.days_outside, own.outside_share * dated["size"]))
        & (span >= own.span_days)
        & (ends["max"] + own.expires_days * _DAY_S > end)
    )
    kept = np.flatnonzero(enough.to_numpy(bool))
    place = np.full(len(enough), -1, np.int64)
    place[kept] = np.arange(len(kept))
    rows = np.flatnonzero(place[labels] >= 0)
    table, labels = table.iloc[rows].reset_index(drop=True), place[labels[rows]]
    found, away = _middles(table, labels)
    found["radius_m"] = pd.Series(away).groupby(labels).quantile(0.95)
    found["first"], found["last"] = ends["min"].to_numpy()[kept], ends["max"].to_numpy()[kept]
    found["days"] = dated["size"].to_numpy()[kept]
    found["days_outside"] = dated["sum"].to_numpy()[kept]
    found["span_days"] = span.to_numpy()[kept]
    found["night_share"] = pd.Series(by_day(table) == 0).groupby(labels).mean()
    power = table["frp_mw"].astype(np.float64)
    found["frp_median_mw"] = power.groupby(labels).median()
    found["frp_p95_mw"] = _strongest(power, table["satellite"], labels, rule.burst_hits)
    found["expires"] = found["last"] + own.expires_days * _DAY_S
    found["learned_as_of"] = end
    return found


def _strongest(power: pd.Series, satellite: pd.Series, labels: Labels, least: int) -> pd.Series:
    """Return the largest 95th percentile of one satellite with enough hits, else that of all, by cluster."""
    every = power.groupby(labels).quantile(0.95)
    parts = power.groupby([labels, satellite.astype("category").cat.codes.to_numpy()])
    single = parts.quantile(0.95)[parts.count() >= least]
    return single.groupby(level=0).max().reindex(every.index).fillna(every)


def _named(found: pd.DataFrame, known: pd.DataFrame | None, reach_m: float) -> npt.NDArray[np.object_]:
    """Return the ids: the nearest known source's own, each for one source; others get one of their place."""
    from scipy.spatial import cKDTree

    names = np.full(len(found), "", object)
    taken: set[str] = set()
    if known is not None and len(known) and len(found):
        there = earth_centred(known["lon"].to_numpy(np.float64), known["lat"].to_numpy(np.float64))
        here = earth_centred(found["lon"].to_numpy(), found["lat"].to_numpy())
        pairs = cKDTree(here).sparse_distance_matrix(cKDTree(there), reach_m, output_type="coo_matrix")
        old = known["source"].to_numpy(object)
        for _, name, row in sorted(zip(pairs.data, old[pairs.col], pairs.row, strict=True)):
            if not names[row] and name not in taken:
                names[row] = name
                taken.add(name)
        taken |= set(old)
    fresh = np.flatnonzero(names == "")
    places = geohash(found["lon"].to_numpy()[fresh], found["lat"].to_numpy()[fresh])
    for own, place in sorted(zip(fresh.tolist(), places.tolist(), strict=True), key=lambda pair: pair[1]):
        number, name = 1, f"static-{place}"
        while name in taken:
            number += 1
            name = f"static-{place}-{number}"
        names[own] = name
        taken.add(name)
    return names
