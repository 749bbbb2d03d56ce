"""The decision: every pair in reach, measured, and what the strongest of them makes of a subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.geodesy import Pairs, geodesic_m, nearest
from geoaq.zones.heating.anchors import (
    CAPACITY_MISSING,
    CONFIRMED,
    MAYBE_OWN,
    Anchors,
    Floats,
    Reading,
    find_anchors,
    may_be_anchor,
    text,
)
from geoaq.zones.heating.own import own_pairs, own_places
from geoaq.zones.heating.reach import of_reading, pairs_in_reach

Places = npt.NDArray[np.int64]

# What the nearest pair of the strongest kind makes of a subject, strongest first: (truth, reasons). Even
# ranks are surely inside, odd ranks inside the error budget.
_OUTCOME: tuple[tuple[int, str], ...] = (
    (TRUE, ""),
    (UNKNOWN, "inside_margin"),
    (UNKNOWN, "own_plant"),
    (UNKNOWN, "own_plant;inside_margin"),
    (UNKNOWN, "other_clause"),
    (UNKNOWN, "other_clause;inside_margin"),
    (UNKNOWN, "chp_status"),
    (UNKNOWN, "chp_status;inside_margin"),
    (UNKNOWN, "chp_capacity_missing"),
    (UNKNOWN, "chp_capacity_missing;inside_margin"),
    (UNKNOWN, "chp_list_not_declared"),
    (FALSE, ""),
)
_UNDECLARED, _OUTSIDE = 10, 11
# A pair this close to the end of its budget is measured by the arbiter, as in `geoaq.geodesy`.
_GUARD_M = 20e-9


class HeatingScreen(NamedTuple):
    """What the heating radius makes of a list of subjects.

    Attributes
    ----------
    per_subject
        Aligned to the subjects' index: ``truth`` (int8, three-valued), ``reasons`` (codes joined by ';'),
        ``anchor_id``, ``distance_m`` and ``u_m`` of the plant that decides or else of the nearest one large
        enough at any distance ('' and NaN if there is none), ``within`` (large enough plants certainly or
        possibly inside), ``cross_province`` (every plant that decides lies in another province).
    pairs
        Every plant certainly or possibly inside, by subject, nearest first: ``subject`` (position, int32),
        ``plant_id``, ``distance_m``, ``u_m`` (both budgets in quadrature), ``truth`` (of the distance
        alone), ``confirmed``.
    """

    per_subject: pd.DataFrame
    pairs: pd.DataFrame


def screen(
    subjects: pd.DataFrame,
    plants: pd.DataFrame,
    *,
    radius_km: float,
    min_mw: float,
    reading: Reading,
    complete_for: Collection[str],
    plant_budget_m: Mapping[str, float],
) -> HeatingScreen:
    """Decide for each subject whether an anchor lies within the heating radius.

    A pair at distance d, with budget u of both positions in quadrature, is inside if d ≤ L - u (the radius
    includes its end), outside if d > L + u, else borderline. Then, the first that holds:

    1. a confirmed anchor inside: TRUE;
    2. a confirmed anchor borderline: UNKNOWN ``inside_margin``;
    3. a confirmed anchor no farther than u, so that the subject may be of that plant: UNKNOWN ``own_plant``;
    4. a confirmed nuclear or dispatched plant of Zhejiang, which heats under another sentence:
       UNKNOWN ``other_clause``;
    5. an unconfirmed plant of that capacity: UNKNOWN ``chp_status``;
    6. a plant of unknown capacity: UNKNOWN ``chp_capacity_missing``;
    7. nothing: FALSE where the anchor list is declared complete, else UNKNOWN ``chp_list_not_declared``.

    In 4 to 6 ``;inside_margin`` is added if it is borderline only. A plant never is the anchor of its own
    boilers and units: those that name its id, or bear its name within 2 km of it.

    Parameters
    ----------
    subjects
        ``lon lat`` (degrees, WGS 84), ``u_m`` (error budget of the position, metres, finite), ``adcode
        city_adcode province_adcode`` (six digits or ''); optional ``plant_id`` and ``name``: of the plant
        that the subject belongs to, which never is its anchor.
    plants
        As the contract `geoaq.frames.PLANTS`.
    radius_km
        The heating radius L, its end included.
    min_mw
        Least capacity of an anchor, MW, itself included.
    reading
        Which capacity counts: of the plant (``plant_total``) or of its largest unit (``largest_unit``).
    complete_for
        Province, city and county codes for which the office declared its list of anchors complete.
    plant_budget_m
        Error budget in metres by ``position_quality``; a blank is ``unstated``, a quality that is not in it
        takes the widest.

    Raises
    ------
    InputError
        ``position_unusable`` for a subject or plant without a position.
    """
    found = screen_readings(
        subjects,
        plants,
        radius_km=radius_km,
        min_mw=min_mw,
        readings=(reading,),
        complete_for=complete_for,
        plant_budget_m=plant_budget_m,
    )
    return found[reading]


def screen_readings(
    subjects: pd.DataFrame,
    plants: pd.DataFrame,
    *,
    radius_km: float,
    min_mw: float,
    readings: Sequence[Reading],
    complete_for: Collection[str],
    plant_budget_m: Mapping[str, float],
) -> dict[Reading, HeatingScreen]:
    """Decide by several readings of one clause, as `screen` does by each, with one search of all pairs.

    Parameters
    ----------
    subjects, plants, radius_km, min_mw, complete_for, plant_budget_m
        As in `screen`.
    readings
        Which capacities may count.

    Raises
    ------
    InputError
        As `screen`.
    """
    lon, lat, u_m = (subjects[name].to_numpy(np.float64) for name in ("lon", "lat", "u_m"))
    if not np.isfinite(u_m).all():
        raise ValueError("u_m must be finite: a position without a budget cannot be judged")
    taken = {reading: may_be_anchor(plants, min_mw, reading) for reading in readings}
    searched = np.logical_or.reduce([*taken.values()])
    pairs = pairs_in_reach(lon, lat, u_m, plants[searched], plant_budget_m, radius_km * 1000.0)
    declared = np.zeros(len(subjects), np.bool_)
    for name in ("adcode", "city_adcode", "province_adcode"):
        declared |= subjects[name].isin(list(complete_for)).to_numpy()
    return {
        reading: _judge(
            subjects,
            find_anchors(plants, min_mw, reading, plant_budget_m),
            of_reading(pairs, mask[searched]),
            radius_km * 1000.0,
            declared,
        )
        for reading, mask in taken.items()
    }


def _judge(
    subjects: pd.DataFrame,
    anchors: Anchors,
    pairs: Pairs,
    radius_m: float,
    declared: npt.NDArray[np.bool_],
) -> HeatingScreen:
    lon, lat, u_m = (subjects[name].to_numpy(np.float64) for name in ("lon", "lat", "u_m"))
    own = own_places(subjects, anchors)
    named = own_pairs(subjects, pairs, anchors)
    _take_named(own, pairs, named)
    other = (pairs.anchor != own[pairs.subject]) & ~named
    pairs = Pairs(pairs.subject[other], pairs.anchor[other], pairs.distance_m[other])
    budget = np.hypot(u_m[pairs.subject], anchors.u_m[pairs.anchor])
    truth = _truth(pairs, budget, radius_m, lon, lat, anchors)
    near = truth != FALSE
    pairs = Pairs(pairs.subject[near], pairs.anchor[near], pairs.distance_m[near])
    budget, truth = budget[near], truth[near]

    rank, choice, distance, cross = _decide(subjects, pairs, truth, budget, anchors)
    nothing = rank < 0
    rank[nothing] = np.where(declared[nothing], _OUTSIDE, _UNDECLARED)
    _add_nearest(nothing, lon, lat, own, anchors, choice, distance)

    table = pd.DataFrame(
        {
            "truth": np.array([truth for truth, _ in _OUTCOME], np.int8)[rank],
            "reasons": np.array([reasons for _, reasons in _OUTCOME], object)[rank],
            "anchor_id": np.append(anchors.plant_id, "")[choice],
            "distance_m": distance,
            "u_m": np.hypot(u_m, np.append(anchors.u_m, np.nan)[choice]),
            "within": np.bincount(pairs.subject, minlength=len(subjects)).astype(np.int32),
            "cross_province": cross,
        },
        index=subjects.index,
    )
    return HeatingScreen(
        table,
        pd.DataFrame(
            {
                "subject": pairs.subject,
                "plant_id": anchors.plant_id[pairs.anchor],
                "distance_m": pairs.distance_m,
                "u_m": budget,
                "truth": truth,
                "confirmed": anchors.confirmed[pairs.anchor],
            }
        ),
    )


def _take_named(own: Places, pairs: Pairs, named: npt.NDArray[np.bool_]) -> None:
    # The nearest anchor of its name is a subject's own where the subject names none by its id.
    places = np.flatnonzero(named)
    rows, first = np.unique(pairs.subject[places], return_index=True)
    own[rows] = np.where(own[rows] < 0, pairs.anchor[places[first]], own[rows])


def _truth(pairs: Pairs, budget: Floats, radius_m: float, lon: Floats, lat: Floats, anchors: Anchors) -> Tri:
    beyond = pairs.distance_m - radius_m
    close = np.flatnonzero(np.abs(np.abs(beyond) - budget) <= _GUARD_M)
    if close.size:
        row, anchor = pairs.subject[close], pairs.anchor[close]
        metres = geodesic_m(lon[row], lat[row], anchors.lon[anchor], anchors.lat[anchor])
        pairs.distance_m[close] = metres
    inside = pairs.distance_m <= radius_m - budget
    outside = pairs.distance_m > radius_m + budget
    return np.where(inside, TRUE, np.where(outside, FALSE, UNKNOWN)).astype(np.int8)


def _decide(
    subjects: pd.DataFrame, pairs: Pairs, truth: Tri, budget: Floats, anchors: Anchors
) -> tuple[Places, Places, Floats, npt.NDArray[np.bool_]]:
    # Per subject: rank of the strongest kind of pair (-1 if none), the nearest plant of that kind, its
    # distance, and whether all of that kind lie in another province.
    n = len(subjects)
    rank, choice = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    distance, cross = np.full(n, np.nan), np.zeros(n, np.bool_)
    if len(pairs.subject) == 0:
        return rank, choice, distance, cross
    kind = anchors.kind[pairs.anchor]
    at_plant = (kind == CONFIRMED) & (truth == TRUE) & (pairs.distance_m <= budget)
    of_pair = np.where(at_plant, MAYBE_OWN, kind) + (truth == UNKNOWN)
    starts = np.flatnonzero(np.diff(pairs.subject, prepend=-1))
    rank[pairs.subject[starts]] = np.minimum.reduceat(of_pair, starts)
    deciding = np.flatnonzero(of_pair == rank[pairs.subject])
    row, anchor = pairs.subject[deciding], pairs.anchor[deciding]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    rows = row[starts]
    choice[rows] = anchor[starts]
    distance[rows] = pairs.distance_m[deciding[starts]]
    here, there = text(subjects, "province_adcode")[row], anchors.province[anchor]
    cross[rows] = np.logical_and.reduceat((here != "") & (there != "") & (here != there), starts)
    return rank, choice, distance, cross


def _add_nearest(
    wanted: npt.NDArray[np.bool_],
    lon: Floats,
    lat: Floats,
    own: Places,
    anchors: Anchors,
    choice: Places,
    distance: Floats,
) -> None:
    rows = np.flatnonzero(wanted)
    known = np.flatnonzero(anchors.kind != CAPACITY_MISSING)
    place = np.append(np.full(len(anchors.kind), -1), -1)
    place[known] = np.arange(known.size)
    index, metres = nearest(
        lon[rows], lat[rows], anchors.lon[known], anchors.lat[known], skip=place[own[rows]]
    )
    choice[rows] = np.append(known, -1)[index]
    distance[rows] = metres
