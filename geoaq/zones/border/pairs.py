"""Subject and line, pair by pair: which line is whose, and how far it is by either source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.zones.border.derive import Floats, Pair
from geoaq.zones.border.homes import Homes
from geoaq.zones.border.lines import Borders
from geoaq.zones.border.measure import Places

Positions = npt.NDArray[np.int64]

LAND, SEA, OTHER_LINE = "land", "sea", "other_line"
_KEY = ["subject", "home", "neighbour"]


def verdict(distance_m: Floats, u_m: Floats, limit_m: float, *, inclusive: bool) -> Tri:
    """Say whether distances lie within a limit, as far as the error budget lets one say.

    Inside if d ≤ L - u (with the end left out: d < L - u), outside if d > L + u (d ≥ L + u), else UNKNOWN. A
    distance that is not known (NaN: there is no such line) is outside.
    """
    if inclusive:
        inside, outside = distance_m <= limit_m - u_m, distance_m > limit_m + u_m
    else:
        inside, outside = distance_m < limit_m - u_m, distance_m >= limit_m + u_m
    truth = np.where(inside, TRUE, np.where(outside | np.isnan(distance_m), FALSE, UNKNOWN))
    return truth.astype(np.int8)


def line_rows(hits: pd.DataFrame, pairs: Sequence[Pair], homes: Homes) -> pd.DataFrame:
    """Return one row for each side of a line that a subject may stand on.

    Parameters
    ----------
    hits
        ``subject group distance_m foot_lon foot_lat from_lon from_lat bearing_deg``.

    Returns
    -------
    pandas.DataFrame
        ``subject home neighbour`` (positions in ``homes.codes``), the columns of ``hits`` and ``kind``:
        ``land``, or ``other_line`` where the subject stands on neither side (then home and neighbour are its
        two sides).
    """
    ends = homes.position(np.array(pairs, str).reshape(-1, 2))[hits["group"].to_numpy(np.int64)]
    subject, possible = hits["subject"].to_numpy(np.int64), homes.possible
    on = [possible[subject, ends[:, side]] for side in (0, 1)]
    parts = [
        hits[chosen].assign(home=ends[chosen, side], neighbour=ends[chosen, 1 - side], kind=kind)
        for chosen, side, kind in ((on[0], 0, LAND), (on[1], 1, LAND), (~on[0] & ~on[1], 0, OTHER_LINE))
    ]
    rows: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return rows


def with_second(
    rows: pd.DataFrame, rows2: pd.DataFrame, first: Borders, second: Borders, places: Places, homes: Homes
) -> pd.DataFrame:
    """Add to the land rows of the first source what the second says of the same pair.

    Parameters
    ----------
    rows
        Land rows of the first source.
    rows2
        Land rows of the second that may matter; the others are measured here, at any distance.

    Returns
    -------
    pandas.DataFrame
        ``rows``, with those that only the second source has there, and ``second_distance_m`` (NaN where the
        second source has no line between the two provinces).
    """
    merged = rows.merge(
        rows2[[*_KEY, "distance_m"]].rename(columns={"distance_m": "second_distance_m"}), on=_KEY, how="left"
    )
    known = pd.MultiIndex.from_frame(rows[_KEY])
    fresh = rows2[~pd.MultiIndex.from_frame(rows2[_KEY]).isin(known)].reset_index(drop=True)
    if len(fresh):
        # Where the first source has no such line at all, the foot stays that of the second.
        fresh = fresh.assign(second_distance_m=fresh["distance_m"], distance_m=np.nan)
        _fill(fresh, fresh, first, places, homes, "distance_m")
        merged = pd.concat([merged, fresh], ignore_index=True)
    _fill(merged, merged[merged["second_distance_m"].isna()], second, places, homes, "second_distance_m")
    return merged


def _fill(
    frame: pd.DataFrame, wanting: pd.DataFrame, borders: Borders, places: Places, homes: Homes, column: str
) -> None:
    """Measure the line of each wanting row at any distance and put it into ``frame``, foot and all."""
    number = {pair: group for group, pair in enumerate(borders.pairs)}
    codes = homes.codes[wanting[["home", "neighbour"]].to_numpy(np.int64)].reshape(-1, 2)
    group = np.array([number.get((min(a, b), max(a, b)), -1) for a, b in codes.tolist()], np.int64)
    there = np.flatnonzero(group >= 0)
    subject = wanting["subject"].to_numpy(np.int64)[there]
    hits = places.nearest(borders.index, subject, np.eye(len(borders.pairs), dtype=bool), group[there])
    at = wanting.index[there[hits["subject"].to_numpy(np.int64)]]
    frame.loc[at, column] = hits["distance_m"].to_numpy()
    if column == "distance_m":
        for name in ("foot_lon", "foot_lat", "from_lon", "from_lat", "bearing_deg"):
            frame.loc[at, name] = hits[name].to_numpy()


def nearest_rows(rows: Positions, borders: Borders, places: Places, homes: Homes) -> pd.DataFrame:
    """Return the land rows of the nearest line of some subjects' own provinces, at any distance."""
    # Subjects of like homes are of one class; there is one class too many, so that none is no special case.
    asked = np.concatenate([homes.possible[rows], np.zeros((1, len(homes.codes)), np.bool_)])
    sets, of_class = np.unique(asked, axis=0, return_inverse=True)
    ends = homes.position(np.array(borders.pairs, str))
    wanted = sets[:, ends[:, 0]] | sets[:, ends[:, 1]]
    hits = places.nearest(borders.index, rows, wanted, of_class.reshape(-1)[: len(rows)].astype(np.int64))
    hits["subject"] = rows[hits["subject"].to_numpy(np.int64)]
    return line_rows(hits, borders.pairs, homes)


def sea_rows(coast_hits: pd.DataFrame, land: pd.DataFrame, borders: Borders, homes: Homes) -> pd.DataFrame:
    """Return rows for other provinces whose coast is near and nearer than any line with them.

    Parameters
    ----------
    coast_hits
        Coasts within the limit and its budget; ``group`` is a position in ``borders.provinces``.
    land
        Land rows with ``truth``: whoever is reached over land is not named again.
    """
    other = homes.position(np.array(borders.provinces, str))[coast_hits["group"].to_numpy(np.int64)]
    subject = coast_hits["subject"].to_numpy(np.int64)
    reached = land.assign(distance_m=np.where(land["truth"] != FALSE, 0.0, land["distance_m"].fillna(np.inf)))
    least = reached.groupby(["subject", "neighbour"])["distance_m"].min()
    over_land = least.reindex(pd.MultiIndex.from_arrays([subject, other])).fillna(np.inf).to_numpy()
    chosen = ~homes.possible[subject, other] & (coast_hits["distance_m"].to_numpy() < over_land)
    # -1 stands for no home: a place at sea.
    own = np.where(homes.possible.any(axis=1), homes.possible.argmax(axis=1), -1)[subject]
    rows: pd.DataFrame = coast_hits[chosen].assign(home=own[chosen], neighbour=other[chosen], kind=SEA)
    return rows
