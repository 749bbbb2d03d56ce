"""The decision: which province lines lie within the strip, and which provinces are to be consulted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri
from geoaq.zones.border.derive import Floats
from geoaq.zones.border.homes import Homes, find_homes
from geoaq.zones.border.lines import Borders
from geoaq.zones.border.measure import Bools, Places, ProvinceOf, Sites
from geoaq.zones.border.pairs import (
    LAND,
    OTHER_LINE,
    SEA,
    line_rows,
    nearest_rows,
    sea_rows,
    verdict,
    with_second,
)

# Hong Kong and Macao have plans and procedures of their own: never decided here.
_APART = ("810000", "820000")
# In the order in which they are told.
REASONS = ("inside_margin", "conflicting_boundaries", "home_unsure", "home_unknown", "sea", "hk_macao")
PAIR_COLUMNS = (
    "subject", "home", "neighbour", "distance_m", "u_m", "truth", "reasons", "foot_lon", "foot_lat",
    "from_lon", "from_lat", "bearing_deg", "second_distance_m", "kind",
)  # fmt: skip


class BorderScreen(NamedTuple):
    """What the strip on both sides of the province lines makes of a list of subjects.

    Attributes
    ----------
    per_subject
        Aligned to the subjects' index: ``truth`` (int8, three-valued), ``reasons`` (codes joined by ';', ''
        unless UNKNOWN), ``distance_m`` (nearest line of the subject's own province at any distance, NaN if it
        has none), ``u_m`` (budgets of position and line in quadrature), ``neighbour`` (first consultee, else
        the province behind the nearest line), ``consultees`` (codes joined by ';', nearest first: every
        province that certainly or possibly must be consulted), ``second_distance_m`` (the same by the second
        source), ``sources_m`` (metres between the sources where their verdicts differ, else NaN), ``across``
        (the outline, or its parts, lie in two provinces), ``home_unsure`` (the subject may stand in another
        province).
    pairs
        By subject, nearest first: ``subject`` (position), ``home neighbour`` (codes; of an ``other_line`` its
        two sides), ``distance_m u_m truth reasons``, ``foot_lon foot_lat`` (nearest point of the line,
        degrees), ``from_lon from_lat`` (the place of the subject that is nearest to it: a point itself, of a
        site its nearest part), ``bearing_deg`` (from there towards the line), ``second_distance_m``,
        ``kind``: ``land``, ``sea`` (another province's coast, nearer than any line with it) or
        ``other_line`` (between two other provinces; never decides). Every line within reach, and the nearest
        of one's own in any case.
    """

    per_subject: pd.DataFrame
    pairs: pd.DataFrame


def screen(
    subjects: pd.DataFrame,
    borders: Borders,
    second: Borders | None,
    *,
    sites: Sites | None = None,
    strip_km: float,
    inclusive: bool,
    border_budget_m: float,
    reach_km: float,
    second_budget_m: float | None = None,
    province_of: ProvinceOf | None = None,
) -> BorderScreen:
    """Decide for each subject whether a line of its own province lies within the strip.

    A line at distance d, with budget u of position and line in quadrature, is inside if d ≤ L - u, outside if
    d > L + u, else UNKNOWN ``inside_margin``. What else leaves a pair open:

    * ``conflicting_boundaries``: one source says inside, the other outside; or one cannot say, the other can,
      and they lie farther apart than both budgets allow (or one of them lacks the line);
    * ``hk_macao``: Hong Kong or Macao stands opposite;
    * ``sea``: another province's coast lies within the strip, but no line shared with it;
    * ``home_unsure``: the subject may stand in another province (its position is no better known than the
      distance to the line, or the sources differ); then each of these provinces is tried, and what holds for
      all of them holds. ``home_unknown``: it stands in none.

    A subject is TRUE if any pair is, FALSE if all are.

    Parameters
    ----------
    subjects
        ``lon lat`` (degrees, WGS 84), ``u_m`` (error budget of the position, metres, finite),
        ``province_adcode`` ('' outside), ``alternatives`` (codes of any level joined by ';').
    borders, second
        The boundaries that decide, and the second opinion.
    sites
        Shape (n,): outlines (WGS 84) or None; the nearest part counts.
    strip_km
        Width L of the strip on either side, km; ``inclusive``: its end is in.
    border_budget_m, second_budget_m
        Error budget of the lines, metres; the second source has that of the first unless told otherwise.
    reach_km
        Lines so near are listed, whatever they decide.
    province_of
        Gives the province of each point: asked for the parts of a site that has several.

    Raises
    ------
    InputError
        ``position_unusable`` for a subject without a position.
    """
    lon, lat, u_position = (subjects[name].to_numpy(np.float64) for name in ("lon", "lat", "u_m"))
    if not np.isfinite(u_position).all():
        raise ValueError("u_m must be finite: a position without a budget cannot be judged")
    limit_m = strip_km * 1000.0
    u_m = np.hypot(u_position, border_budget_m)
    u_second = np.hypot(u_position, border_budget_m if second_budget_m is None else second_budget_m)
    places = Places(lon, lat, sites)
    reach_m = np.maximum(reach_km * 1000.0, limit_m + np.maximum(u_m, u_second))

    hits = places.within(borders.index, reach_m)
    known = [*borders.provinces, *(second.provinces if second else ())]
    in_parts = places.in_parts(province_of)
    homes = find_homes(subjects, known, hits, borders.pairs, places.is_site, in_parts)
    rows = line_rows(hits, borders.pairs, homes)
    other, land = rows[rows["kind"] == OTHER_LINE], rows[rows["kind"] == LAND]
    without = np.setdiff1d(np.flatnonzero(homes.possible.any(axis=1)), land["subject"])
    land = pd.concat([land, nearest_rows(without, borders, places, homes)], ignore_index=True)
    second_m = np.full(len(subjects), np.nan)
    if second is None:
        land["second_distance_m"] = np.nan
    else:
        near_m = limit_m + u_second
        land, second_m = _second_opinion(land, borders, second, places, homes, reach_m, near_m)

    measured = verdict(land["distance_m"].to_numpy(), u_m[land["subject"]], limit_m, inclusive=inclusive)
    seconds = measured
    if second is not None:
        far = land["second_distance_m"].to_numpy()
        seconds = verdict(far, u_second[land["subject"]], limit_m, inclusive=inclusive)
    apart_m = np.hypot(u_m, u_second)[land["subject"]]
    land = _judged(land, measured, seconds, apart_m, homes)
    coast = places.within(borders.coast, limit_m + u_m)
    sea = sea_rows(coast, land, borders, homes)
    sea = sea.assign(truth=np.int8(UNKNOWN), if_home=np.int8(UNKNOWN), second_distance_m=np.nan)
    sea["reasons"] = _told({"sea": np.ones(len(sea), np.bool_), "hk_macao": _apart(sea["neighbour"], homes)})
    other = other.assign(truth=np.int8(FALSE), if_home=np.int8(FALSE), reasons="", second_distance_m=np.nan)

    differ = land[(measured != seconds) & ~np.isnan(land["second_distance_m"])]
    pairs = pd.concat([land, sea, other], ignore_index=True)
    pairs["u_m"] = u_m[pairs["subject"].to_numpy(np.int64)]
    pairs = pairs.sort_values(["subject", "distance_m", "neighbour"], kind="stable", ignore_index=True)
    table = _per_subject(pairs, homes, differ)
    table.insert(3, "u_m", u_m)
    table["second_distance_m"] = second_m
    table.index = subjects.index
    words = np.append(homes.codes.astype(object), "")
    pairs["home"], pairs["neighbour"] = words[pairs["home"]], words[pairs["neighbour"]]
    return BorderScreen(table, pairs[list(PAIR_COLUMNS)])


def _second_opinion(
    land: pd.DataFrame,
    first: Borders,
    second: Borders,
    places: Places,
    homes: Homes,
    reach_m: Floats,
    near_m: Floats,
) -> tuple[pd.DataFrame, Floats]:
    """Return the land rows with what the second source says, and its nearest distance by subject.

    A line that only the second source has within ``near_m`` (where it may matter) is added.
    """
    rows = line_rows(places.within(second.index, reach_m), second.pairs, homes)
    rows = rows[rows["kind"] == LAND]
    without = np.setdiff1d(np.flatnonzero(homes.possible.any(axis=1)), rows["subject"])
    rows = pd.concat([rows, nearest_rows(without, second, places, homes)], ignore_index=True)
    nearest = rows.groupby("subject")["distance_m"].min().reindex(range(len(homes.across)))
    rows = rows[rows["distance_m"].to_numpy() <= near_m[rows["subject"].to_numpy(np.int64)]]
    return with_second(land, rows, first, second, places, homes), nearest.to_numpy(np.float64)


def _judged(land: pd.DataFrame, measured: Tri, seconds: Tri, apart_m: Floats, homes: Homes) -> pd.DataFrame:
    """Add ``if_home`` (were the home sure), ``truth`` and ``reasons`` to land rows.

    Sources that differ by more than ``apart_m`` do not speak of one line: then neither outweighs the other.
    """
    conflict = ((measured == TRUE) & (seconds == FALSE)) | ((measured == FALSE) & (seconds == TRUE))
    differ_m = (land["distance_m"] - land["second_distance_m"]).abs().to_numpy()
    conflict |= (measured != UNKNOWN) & (seconds == UNKNOWN) & ~(differ_m <= apart_m)
    if_home = np.where(conflict, UNKNOWN, measured).astype(np.int8)
    apart = (_apart(land["home"], homes) | _apart(land["neighbour"], homes)) & (if_home != FALSE)
    if_home[apart] = UNKNOWN
    subject, home = land["subject"].to_numpy(np.int64), land["home"].to_numpy(np.int64)
    # Between two provinces in question, one is home and the other stands opposite, either way.
    between = homes.maybe[subject, land["neighbour"]] & (homes.maybe.sum(axis=1) == 2)[subject]
    unsure = ~homes.sure[subject, home] & ~between & (if_home != FALSE)
    reasons = {
        "inside_margin": measured == UNKNOWN,
        "conflicting_boundaries": conflict,
        "home_unsure": unsure,
        "hk_macao": apart,
    }
    truth = np.where(unsure, UNKNOWN, if_home).astype(np.int8)
    return land.assign(truth=truth, if_home=if_home, reasons=_told(reasons))


def _apart(position: pd.Series, homes: Homes) -> Bools:
    apart: Bools = np.append(np.isin(homes.codes, _APART), False)[position.to_numpy(np.int64)]
    return apart


def _told(reasons: dict[str, Bools]) -> npt.NDArray[np.object_]:
    told = np.full(len(next(iter(reasons.values()))), "", object)
    for code in REASONS:
        rows = reasons.get(code)
        if rows is not None and rows.any():
            told[rows] = [f"{text};{code}" if text else code for text in told[rows]]
    return told


def _per_subject(pairs: pd.DataFrame, homes: Homes, differ: pd.DataFrame) -> pd.DataFrame:
    n = len(homes.across)
    truth = _truths(pairs, homes)
    apart = homes.possible[:, np.isin(homes.codes, _APART)].any(axis=1)
    nowhere = ~homes.possible.any(axis=1)
    truth[apart | nowhere] = UNKNOWN
    open_rows = pairs[pairs["truth"] == UNKNOWN]
    found = {code: np.zeros(n, np.bool_) for code in REASONS}
    for code in REASONS:
        found[code][open_rows["subject"][open_rows["reasons"].str.contains(code)]] = True
        found[code] &= truth == UNKNOWN
    found["hk_macao"] |= apart
    found["home_unknown"] |= nowhere

    own = pairs[pairs["kind"] == LAND]
    nearest = own.drop_duplicates("subject").set_index("subject").reindex(range(n))
    asked = pairs[(pairs["truth"] != FALSE) & pairs["kind"].isin([LAND, SEA])]
    asked = asked.drop_duplicates(["subject", "neighbour"])
    consultees = np.full(n, "", object)
    for subject, codes in zip(
        asked["subject"], homes.codes[asked["neighbour"].to_numpy(np.int64)], strict=True
    ):
        consultees[subject] = f"{consultees[subject]};{codes}" if consultees[subject] else str(codes)
    behind = nearest["neighbour"].fillna(-1).to_numpy(np.int64)
    words = np.append(homes.codes.astype(object), "")
    first = [codes[:6] or words[k] for codes, k in zip(consultees, behind, strict=True)]
    differ = differ.sort_values(["subject", "distance_m"]).drop_duplicates("subject").set_index("subject")
    apart_m = (differ["distance_m"] - differ["second_distance_m"]).abs().reindex(range(n))
    return pd.DataFrame(
        {
            "truth": truth,
            "reasons": _told(found),
            "distance_m": nearest["distance_m"].to_numpy(np.float64),
            "neighbour": np.array(first, object),
            "consultees": consultees,
            "sources_m": apart_m.to_numpy(np.float64),
            "across": homes.across,
            "home_unsure": homes.unsure,
        }
    )


def _truths(pairs: pd.DataFrame, homes: Homes) -> Tri:
    """Return the strongest pair of each subject; where its home is open, what holds for every home."""
    subject = pairs["subject"].to_numpy(np.int64)
    truth = _strongest(subject, pairs["truth"].to_numpy(np.int8), len(homes.across))
    sea = (pairs["kind"] == SEA).to_numpy()
    home, if_home = pairs["home"].to_numpy(np.int64), pairs["if_home"].to_numpy(np.int8)
    for row in np.flatnonzero(homes.maybe.sum(axis=1) > 1).tolist():
        begin, end = np.searchsorted(subject, [row, row + 1])
        each = set()
        for province in np.flatnonzero(homes.maybe[row]).tolist():
            counts = begin + np.flatnonzero((home[begin:end] == province) | sea[begin:end])
            each.add(int(_strongest(np.zeros(len(counts), np.int64), if_home[counts], 1)[0]))
        truth[row] = each.pop() if len(each) == 1 else UNKNOWN
    return truth


def _strongest(subject: npt.NDArray[np.int64], truth: Tri, n: int) -> Tri:
    # Kleene's OR: TRUE over UNKNOWN over FALSE.
    rank = np.zeros(n, np.int8)
    np.maximum.at(rank, subject, np.array([0, 2, 1], np.int8)[truth])
    return np.array([FALSE, UNKNOWN, TRUE], np.int8)[rank]
