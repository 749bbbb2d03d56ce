"""Where each subject of a list lies, and who else comes into question.

The lines are not surveyed legal lines, and no position is without error: a point nearer to a line than its
own error budget, or one that two sources place differently, keeps the other codes as alternatives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.geodesy.ellipsoid import METRES_PER_DEGREE
from geoaq.zones.admin.cells import CELLS_PER_DEGREE, Floats
from geoaq.zones.admin.index import OUTSIDE, AdminIndex, Positions, grouped
from geoaq.zones.admin.names import agree

Subjects: TypeAlias = npt.NDArray[np.intp]

# Where on a position's error disc other counties are looked for: 16 directions at its rim, 8 halfway.
_TURN = 2 * np.pi * np.append(np.arange(16) / 16, np.arange(8) / 8)
_SHARE = np.append(np.full(16, 1.0), np.full(8, 0.5))
_EAST, _NORTH = _SHARE * np.cos(_TURN), _SHARE * np.sin(_TURN)
# Subjects whose discs are sampled at once (24 points each).
_AT_ONCE = 20_000


def attach(
    subjects: pd.DataFrame, index: AdminIndex, second: AdminIndex | None = None, *, u_m: Floats
) -> pd.DataFrame:
    """Say where each subject lies, and what else comes into question.

    Parameters
    ----------
    subjects
        ``lon lat`` (degrees, WGS 84), ``province_stated city_stated county_stated`` where the list has them.
    index
        The deciding boundaries.
    second
        Another source of boundaries; where it disagrees, its county becomes an alternative.
    u_m
        Error budget of each position, metres, shape (n,).

    Returns
    -------
    pandas.DataFrame
        Aligned with ``subjects``: ``adcode county city_adcode city province_adcode province`` (categories,
        '' outside China), ``alternatives`` (other codes, ';' joined, ascending), ``boundary_reason`` ('',
        ``inside_margin``: another county lies within ``u_m``; ``conflicting_sources``: the second source
        names a county that does not), ``stated_ok`` (tri: the place that the row states is the one found;
        unknown when nothing usable is stated or an alternative fits).
    """
    lon, lat = subjects["lon"].to_numpy(np.float64), subjects["lat"].to_numpy(np.float64)
    located = index.locate(lon, lat)
    subject, county = _near(index, lon, lat, located, np.asarray(u_m, np.float64))
    reason = np.zeros(len(lon), np.int8)
    reason[subject] = 1
    if second is not None:
        other = _same_county(index, second)[second.locate(lon, lat)]
        differs = np.flatnonzero((other != located) & (other >= 0))
        fresh = differs[~_pairs_in(differs, other[differs], subject, county, len(index.counties))]
        reason[fresh] = 2
        subject = np.concatenate([subject, fresh])
        county = np.concatenate([county, other[fresh]])
    frame = index.names(located)
    frame["alternatives"] = _joined(index, subject, county, len(lon))
    frame["boundary_reason"] = pd.Categorical.from_codes(
        reason, pd.Index(["", "inside_margin", "conflicting_sources"])
    )
    frame["stated_ok"] = stated_ok(subjects, index, located, subject, county)
    frame.index = subjects.index
    return frame


def in_stated_place(subjects: pd.DataFrame, index: AdminIndex) -> Callable[[Floats, Floats], Tri]:
    """Return a function of longitudes and latitudes (WGS 84, aligned with ``subjects``, NaN allowed).

    It says which of them lie in the place that their row states, UNKNOWN where the row states none: what
    `geoaq.zones.datum.score` asks.
    """
    stated = _stated(subjects)

    def truth(lon: Floats, lat: Floats) -> Tri:
        return agree(index.counties, index.locate(lon, lat), *stated)

    return truth


def _stated(subjects: pd.DataFrame) -> list[npt.NDArray[np.object_]]:
    return [
        subjects[name].to_numpy(object) if name in subjects else np.full(len(subjects), "", object)
        for name in ("province_stated", "city_stated", "county_stated")
    ]


def stated_ok(
    subjects: pd.DataFrame, index: AdminIndex, located: Positions, subject: Subjects, county: Positions
) -> Tri:
    """Compare the stated province, prefecture and county with the county found.

    ``subject``, ``county``: pairs of alternatives; a statement that fits one of them is unknown, not false.
    """
    stated = _stated(subjects)
    truth = agree(index.counties, located, *stated)
    doubtful = truth[subject] == FALSE
    if doubtful.any():
        pairs, places = subject[doubtful], county[doubtful]
        fits = agree(index.counties, places, *(words[pairs] for words in stated)) == TRUE
        truth[pairs[fits]] = UNKNOWN
    return truth


def _near(
    index: AdminIndex, lon: Floats, lat: Floats, located: Positions, u_m: Floats
) -> tuple[Subjects, Positions]:
    """Return (subject, county) for counties other than the located one within the error disc."""
    reach_y = u_m / METRES_PER_DEGREE
    with np.errstate(invalid="ignore"):
        reach_x = reach_y / np.cos(np.radians(lat))
    doubtful = np.flatnonzero(~_alone(index, lon, lat, reach_x, reach_y) & (u_m > 0))
    near = index.near_line(lon[doubtful], lat[doubtful], located[doubtful], reach_x[doubtful])
    doubtful = doubtful[near]
    n = len(index.counties)
    found = [np.empty(0, np.int64)]
    for begin in range(0, len(doubtful), _AT_ONCE):
        some = doubtful[begin : begin + _AT_ONCE]
        x = lon[some] + _EAST[:, None] * reach_x[some]
        y = lat[some] + _NORTH[:, None] * reach_y[some]
        there = index.locate(x.ravel(), y.ravel()).reshape(x.shape)
        other = (there != located[some]) & (there >= 0)
        found.append(np.unique((some * n + there)[other]))
    pairs = np.concatenate(found)
    return (pairs // n).astype(np.intp), (pairs % n).astype(np.int32)


def _alone(
    index: AdminIndex, lon: Floats, lat: Floats, reach_x: Floats, reach_y: Floats
) -> npt.NDArray[np.bool_]:
    """Say which points have only cells of one county (or none) within reach, up to a cell's width."""
    home = index.code_at(lon, lat)
    width = 1 / CELLS_PER_DEGREE
    alone: npt.NDArray[np.bool_] = (home <= len(index.counties)) & (reach_x < width) & (reach_y < width)
    for east in (-1, 0, 1):
        for north in (-1, 0, 1):
            asked = np.flatnonzero(alone)
            there = index.code_at(lon[asked] + east * reach_x[asked], lat[asked] + north * reach_y[asked])
            alone[asked] = there == home[asked]
    return alone


def _same_county(index: AdminIndex, second: AdminIndex) -> Positions:
    """Return for each county of ``second`` its position in ``index``, -1 where it has none (and for -1)."""
    position = pd.Index(index.counties["adcode"])
    equal: Positions = position.get_indexer(pd.Index(second.counties["equals_adcode"])).astype(np.int32)
    return np.append(equal, np.int32(OUTSIDE))


def _pairs_in(
    subject: Subjects, county: Positions, subjects: Subjects, counties: Positions, n: int
) -> npt.NDArray[np.bool_]:
    return np.isin(subject * n + county, subjects * n + counties)


def _joined(index: AdminIndex, subject: Subjects, county: Positions, n: int) -> npt.NDArray[np.object_]:
    """Return the codes of each subject's alternatives, ascending, joined by ';'."""
    joined = np.full(n, "", object)
    adcode = index.counties["adcode"].to_numpy(object)[county]
    for owner, places in grouped(subject):
        joined[owner] = ";".join(sorted(adcode[places]))
    return joined
