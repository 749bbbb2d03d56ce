"""Who lies within the heating radius of an anchor: draw the discs, decide the subjects.

The radius and the capacity come from a policy rule and are handed in; nothing here knows a number of its own.
A plant is an *anchor* if its capacity is large enough; it is *confirmed* if the office names the document and
its issuer. The straight line is a screening: a pipe is never shorter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.geodesy import Pairs, disc, geodesic_m, nearest, pairs_within

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Reading = Literal["plant_total", "largest_unit"]

_ZHEJIANG = "330000"
# What the nearest pair of the strongest kind makes of a subject, strongest first: (truth, reasons). Even
# ranks are surely inside, odd ranks inside the error budget.
_OUTCOME: tuple[tuple[int, str], ...] = (
    (TRUE, ""),
    (UNKNOWN, "inside_margin"),
    (UNKNOWN, "other_clause"),
    (UNKNOWN, "other_clause;inside_margin"),
    (UNKNOWN, "chp_status"),
    (UNKNOWN, "chp_status;inside_margin"),
    (UNKNOWN, "chp_capacity_missing"),
    (UNKNOWN, "chp_capacity_missing;inside_margin"),
    (UNKNOWN, "chp_list_not_declared"),
    (FALSE, ""),
)
_UNDECLARED, _OUTSIDE = 8, 9
_CONFIRMED, _OTHER_CLAUSE, _UNCONFIRMED, _CAPACITY_MISSING = 0, 2, 4, 6
# A pair this close to the end of its budget is measured by the arbiter, as in `geoaq.geodesy`.
_GUARD_M = 20e-9
# Subjects of like budgets are searched together: one vague position must not widen the search for all.
_BUDGET_STEPS_M = (2_000.0, 10_000.0, 50_000.0)


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


class _Anchors(NamedTuple):
    plant_id: npt.NDArray[np.object_]
    lon: Floats
    lat: Floats
    u_m: Floats
    province: npt.NDArray[np.object_]
    kind: npt.NDArray[np.int64]
    confirmed: npt.NDArray[np.bool_]


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
    3. a confirmed nuclear or dispatched plant of Zhejiang, which heats under another sentence:
       UNKNOWN ``other_clause``;
    4. an unconfirmed plant of that capacity: UNKNOWN ``chp_status``;
    5. a plant of unknown capacity: UNKNOWN ``chp_capacity_missing``;
    6. nothing: FALSE where the anchor list is declared complete, else UNKNOWN ``chp_list_not_declared``.

    In 3 to 5 ``;inside_margin`` is added if it is borderline only.

    Parameters
    ----------
    subjects
        ``lon lat`` (degrees, WGS 84), ``u_m`` (error budget of the position, metres, finite), ``adcode
        city_adcode province_adcode`` (six digits or ''); optional ``plant_id``: the plant that the subject
        belongs to, which never is its anchor.
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
    radius_m = radius_km * 1000.0
    anchors = _anchors(plants, min_mw, reading, plant_budget_m)
    lon, lat, u_m = (subjects[name].to_numpy(np.float64) for name in ("lon", "lat", "u_m"))
    if not np.isfinite(u_m).all():
        raise ValueError("u_m must be finite: a position without a budget cannot be judged")
    own = _own_plant(subjects, anchors)
    pairs = _pairs_in_reach(lon, lat, u_m, anchors, radius_m)
    other = pairs.anchor != own[pairs.subject]
    pairs = Pairs(pairs.subject[other], pairs.anchor[other], pairs.distance_m[other])
    budget = np.hypot(u_m[pairs.subject], anchors.u_m[pairs.anchor])
    truth = _truth(pairs, budget, radius_m, lon, lat, anchors)
    near = truth != FALSE
    pairs = Pairs(pairs.subject[near], pairs.anchor[near], pairs.distance_m[near])
    budget, truth = budget[near], truth[near]

    rank, choice, distance, cross = _decide(subjects, pairs, truth, anchors)
    declared = np.zeros(len(subjects), np.bool_)
    for name in ("adcode", "city_adcode", "province_adcode"):
        declared |= subjects[name].isin(list(complete_for)).to_numpy()
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


def delineate(plants: pd.DataFrame, *, radius_km: float, min_mw: float, reading: Reading) -> GeoDataFrame:
    """Draw the heating discs of the plants that are large enough.

    Parameters
    ----------
    plants
        As the contract `geoaq.frames.PLANTS`.
    radius_km, min_mw, reading
        As in `screen`.

    Returns
    -------
    GeoDataFrame
        WGS 84: ``plant_id name anchor_mw reading confirmed heat_evidence radius_km geometry``, in the
        order of ``plants``. A picture: verdicts come from `screen`.
    """
    import geopandas as gpd

    capacity = _capacity(plants, min_mw, reading)
    chosen = plants[capacity >= min_mw]
    return gpd.GeoDataFrame(
        {
            "plant_id": _text(chosen, "plant_id"),
            "name": _text(chosen, "name"),
            "anchor_mw": capacity[capacity >= min_mw],
            "reading": reading,
            "confirmed": _confirmed(chosen),
            "heat_evidence": _text(chosen, "heat_evidence"),
            "radius_km": radius_km,
        },
        geometry=[
            disc(lon, lat, radius_m=radius_km * 1000.0)
            for lon, lat in zip(chosen["lon"], chosen["lat"], strict=True)
        ],
        crs="EPSG:4326",
    )


def _text(frame: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    if name not in frame:
        return np.full(len(frame), "", object)
    return frame[name].astype(object).where(frame[name].notna(), "").to_numpy(object)


def _confirmed(plants: pd.DataFrame) -> npt.NDArray[np.bool_]:
    named = (_text(plants, "confirmed_document") != "") & (_text(plants, "confirmed_issuer") != "")
    return np.asarray(named, np.bool_)


def _capacity(plants: pd.DataFrame, min_mw: float, reading: Reading) -> Floats:
    # NaN where it is not known; a unit is never larger than its plant: a small plant settles both readings.
    total = plants["installed_mw"].to_numpy(np.float64)
    if reading == "plant_total":
        return total
    unit = plants["largest_unit_mw"].to_numpy(np.float64)
    return np.where(np.isnan(unit) & (total < min_mw), total, unit)


def _anchors(
    plants: pd.DataFrame, min_mw: float, reading: Reading, plant_budget_m: Mapping[str, float]
) -> _Anchors:
    capacity = _capacity(plants, min_mw, reading)
    chosen = plants[~(capacity < min_mw)]
    capacity = capacity[~(capacity < min_mw)]
    quality = _text(chosen, "position_quality")
    widest = max(plant_budget_m.values(), default=0.0)
    budget = [plant_budget_m.get(key or "unstated", widest) for key in quality]
    confirmed = _confirmed(chosen)
    dispatched = (
        chosen["dispatched"].to_numpy() == TRUE if "dispatched" in chosen else np.zeros(len(chosen), bool)
    )
    elsewhere = (_text(chosen, "province_adcode") == _ZHEJIANG) & (
        (_text(chosen, "fuel") == "nuclear") | dispatched
    )
    kind = np.where(confirmed, np.where(elsewhere, _OTHER_CLAUSE, _CONFIRMED), _UNCONFIRMED)
    return _Anchors(
        _text(chosen, "plant_id"),
        chosen["lon"].to_numpy(np.float64),
        chosen["lat"].to_numpy(np.float64),
        np.array(budget, np.float64),
        _text(chosen, "province_adcode"),
        np.where(np.isnan(capacity), _CAPACITY_MISSING, kind).astype(np.int64),
        confirmed,
    )


def _own_plant(subjects: pd.DataFrame, anchors: _Anchors) -> Places:
    # Position of the anchor that a subject is itself, -1 for none.
    if "plant_id" not in subjects:
        return np.full(len(subjects), -1, np.int64)
    named = _text(subjects, "plant_id")
    places = pd.Index(anchors.plant_id).get_indexer(pd.Index(named))
    return np.where(named == "", -1, places).astype(np.int64)


def _pairs_in_reach(lon: Floats, lat: Floats, u_m: Floats, anchors: _Anchors, radius_m: float) -> Pairs:
    step = np.digitize(u_m, _BUDGET_STEPS_M)
    widest_plant = float(anchors.u_m.max(initial=0.0))
    parts = []
    for group in np.unique(step).tolist():
        rows = np.flatnonzero(step == group)
        reach = radius_m + float(np.hypot(u_m[rows].max(), widest_plant))
        found = pairs_within(lon[rows], lat[rows], anchors.lon, anchors.lat, radius_m=reach)
        parts.append(Pairs(rows.astype(np.int32)[found.subject], found.anchor, found.distance_m))
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return pairs_within(lon, lat, anchors.lon, anchors.lat, radius_m=radius_m)
    subject = np.concatenate([part.subject for part in parts])
    order = np.argsort(subject, kind="stable")
    anchor = np.concatenate([part.anchor for part in parts])[order]
    return Pairs(subject[order], anchor, np.concatenate([part.distance_m for part in parts])[order])


def _truth(pairs: Pairs, budget: Floats, radius_m: float, lon: Floats, lat: Floats, anchors: _Anchors) -> Tri:
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
    subjects: pd.DataFrame, pairs: Pairs, truth: Tri, anchors: _Anchors
) -> tuple[Places, Places, Floats, npt.NDArray[np.bool_]]:
    # Per subject: rank of the strongest kind of pair (-1 if none), the nearest plant of that kind, its
    # distance, and whether all of that kind lie in another province.
    n = len(subjects)
    rank, choice = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    distance, cross = np.full(n, np.nan), np.zeros(n, np.bool_)
    if len(pairs.subject) == 0:
        return rank, choice, distance, cross
    of_pair = anchors.kind[pairs.anchor] + (truth == UNKNOWN)
    starts = np.flatnonzero(np.diff(pairs.subject, prepend=-1))
    rank[pairs.subject[starts]] = np.minimum.reduceat(of_pair, starts)
    deciding = np.flatnonzero(of_pair == rank[pairs.subject])
    row, anchor = pairs.subject[deciding], pairs.anchor[deciding]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    rows = row[starts]
    choice[rows] = anchor[starts]
    distance[rows] = pairs.distance_m[deciding[starts]]
    here, there = _text(subjects, "province_adcode")[row], anchors.province[anchor]
    cross[rows] = np.logical_and.reduceat((here != "") & (there != "") & (here != there), starts)
    return rank, choice, distance, cross


def _add_nearest(
    wanted: npt.NDArray[np.bool_],
    lon: Floats,
    lat: Floats,
    own: Places,
    anchors: _Anchors,
    choice: Places,
    distance: Floats,
) -> None:
    rows = np.flatnonzero(wanted)
    known = np.flatnonzero(anchors.kind != _CAPACITY_MISSING)
    place = np.append(np.full(len(anchors.kind), -1), -1)
    place[known] = np.arange(known.size)
    index, metres = nearest(
        lon[rows], lat[rows], anchors.lon[known], anchors.lat[known], skip=place[own[rows]]
    )
    choice[rows] = np.append(known, -1)[index]
    distance[rows] = metres
