"""The cumulative view: which other projects stand in the same border strip, and how far they are.

Two projects are in one strip where both are, or may be, within the strip of the same line, on whichever side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.findings import FALSE
from geoaq.geodesy import geodesic_m
from geoaq.geodesy.ellipsoid import earth_centred

# Of the projects in the same strips so many are named, the nearest first; all are counted.
MOST_NAMED = 20
_MEMBER = ("row", "part", "subject_id", "name", "lon", "lat", "industry_code", "lead_outcome")
Strips = frozenset[str]


@dataclass(frozen=True)
class Near:
    """Which projects stand in the strips of which.

    Attributes
    ----------
    count
        Aligned to the subjects: how many other projects stand in one of its strips.
    named
        By ``subject`` (position), the `MOST_NAMED` nearest first: the other project (``list`` is 0 for this
        list, k for the k-th of the other screenings; ``other_row other_part other_id other_name other_lon
        other_lat other_industry``, and ``other_outcome`` of those of other screenings), ``distance_m``, the
        geodesic to it, and ``strips`` that they share (``310000-320000``, joined by ``;``).
    """

    count: npt.NDArray[np.int32]
    named: pd.DataFrame


def members(subjects: pd.DataFrame, pairs: pd.DataFrame, *, number: int = 0) -> pd.DataFrame:
    """Return the projects of one list with the strips that they stand in, or may stand in.

    Parameters
    ----------
    subjects
        ``row part subject_id name lon lat``; ``industry_code`` and ``lead_outcome`` where they are known.
    pairs
        ``subject`` (position), ``home``, ``neighbour``, ``kind``, ``truth`` (three-valued).
    number
        0 for the list that is screened, k for the k-th of the others.

    Returns
    -------
    pandas.DataFrame
        The columns given, aligned to the subjects, ``list`` (the number) and ``strips``, a frozenset of
        ``<adcode>-<adcode>``.
    """
    inside = pairs[((pairs["kind"] == "land") & (pairs["truth"] != FALSE)).to_numpy(bool)]
    strips: list[set[str]] = [set() for _ in range(len(subjects))]
    columns = (inside[name].tolist() for name in ("subject", "home", "neighbour"))
    for at, home, neighbour in zip(*columns, strict=True):
        strips[at].add("-".join(sorted((str(home), str(neighbour)))))
    found = pd.DataFrame({name: _column(subjects, name) for name in _MEMBER})
    return found.assign(list=number, strips=pd.Series([frozenset(s) for s in strips], dtype=object))


def _column(subjects: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    blank = np.full(len(subjects), "", object)
    return subjects[name].astype(object).to_numpy(object) if name in subjects else blank


def members_of_screening(folder: Path, *, number: int) -> pd.DataFrame:
    """Return the projects of a finished screening as `members` does.

    Raises
    ------
    InputError
        ``not_projects``: the folder is no screening of projects, or has no parquet tables.
    """
    import pyarrow.parquet as pq

    try:
        subjects = pq.read_table(folder / "subjects.parquet").to_pandas()
        pairs = pq.read_table(folder / "consultees.parquet").to_pandas()
    except FileNotFoundError as error:
        raise InputError("not_projects", name=folder.name) from error
    position = pd.Series(np.arange(len(subjects)), pd.MultiIndex.from_frame(subjects[["row", "part"]]))
    places = position.reindex(pd.MultiIndex.from_frame(pairs[["row", "part"]])).to_numpy(int)
    truth = np.where(pairs["truth"] == "outside", FALSE, 1)
    return members(subjects, pairs.assign(subject=places, truth=truth), number=number)


def near_projects(own: pd.DataFrame, others: Sequence[pd.DataFrame] = ()) -> Near:
    """Count and name for each project of ``own`` the others in its strips; both as `members` returns them.

    A project that stands in several lists, by the same number and name, counts once.
    """
    everybody = pd.concat([own, *others], ignore_index=True)
    again = everybody.duplicated(["subject_id", "name"]).to_numpy() & (np.arange(len(everybody)) >= len(own))
    everybody = everybody[~again].reset_index(drop=True)
    return Near(_counts(everybody["strips"])[: len(own)], _named(everybody, len(own)))


def _counts(strips: pd.Series) -> npt.NDArray[np.int32]:
    """Return how many others share a strip; projects of the same strips are counted together."""
    codes, distinct = pd.factorize(strips)
    sizes = np.bincount(codes, minlength=len(distinct))
    sums = [
        sum(int(size) for other, size in zip(distinct, sizes, strict=True) if not mine.isdisjoint(other)) - 1
        if mine
        else 0
        for mine in distinct
    ]
    return np.array(sums, np.int32)[codes]


def _named(everybody: pd.DataFrame, n: int) -> pd.DataFrame:
    lon, lat = everybody["lon"].to_numpy(float), everybody["lat"].to_numpy(float)
    place = earth_centred(lon, lat)
    subject, other = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    by_strip: dict[str, list[int]] = {}
    for at, strips in enumerate(everybody["strips"]):
        for strip in strips:
            by_strip.setdefault(strip, []).append(at)
    for _, held in sorted(by_strip.items()):
        standing = np.array(held)
        asking = standing[standing < n]
        if len(standing) > 1 and len(asking):
            first, second = _nearest(place, asking, standing)
            subject.append(first)
            other.append(second)
    pairs = np.unique(np.column_stack([np.concatenate(subject), np.concatenate(other)]), axis=0)
    first, second = pairs[:, 0], pairs[:, 1]
    metres = geodesic_m(lon[first], lat[first], lon[second], lat[second])
    order = np.lexsort((second, metres, first))
    first, second, metres = first[order], second[order], metres[order]
    start = np.searchsorted(first, first)
    kept = np.arange(len(first)) - start < MOST_NAMED
    first, second = first[kept], second[kept]
    strips = everybody["strips"].tolist()
    shared = [";".join(sorted(strips[a] & strips[b])) for a, b in zip(first, second, strict=True)]
    found = everybody.take(second)
    return pd.DataFrame(
        {
            "subject": first,
            "list": found["list"].to_numpy(np.int64),
            "other_row": found["row"].to_numpy(np.int64),
            "other_part": found["part"].to_numpy(np.int64),
            "other_id": found["subject_id"].to_numpy(object),
            "other_name": found["name"].to_numpy(object),
            "other_lon": lon[second],
            "other_lat": lat[second],
            "other_industry": found["industry_code"].to_numpy(object),
            "other_outcome": found["lead_outcome"].to_numpy(object),
            "distance_m": metres[kept],
            "strips": np.array(shared, object),
        }
    )


def _nearest(
    place: npt.NDArray[np.float64], asking: npt.NDArray[np.int64], standing: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return pairs of a project and one of the nearest others in a strip, nearest by the chord."""
    from scipy.spatial import cKDTree

    most = min(MOST_NAMED + 1, len(standing))
    _, found = cKDTree(place[standing]).query(place[asking], k=most)
    first = np.repeat(asking, most)
    second = standing[np.asarray(found).reshape(-1)]
    others = first != second
    return first[others], second[others]
