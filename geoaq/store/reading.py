"""Reading a finished screening by pieces: pages of subjects, one subject's findings, its issues.

Folders are immutable, so what was read once is kept, keyed by the folder, for the few screenings that people
look at. Every answer is bounded by its caller's page size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geoaq.errors import InputError, NotFoundError
from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.store import ordering
from geoaq.store.choice import Choice, Mask

if TYPE_CHECKING:
    import pandas as pd

SIGNS, OUTCOMES = ordering.SIGNS, ordering.OUTCOMES
PAGE_MAX = 200
YEAR = "commissioned_year"
Positions = npt.NDArray[np.int64]
# A map asks for many tiles of one new choice at a time: the first looks it up, the others wait for it.
_LOOKING = Lock()


@dataclass(frozen=True)
class Page:
    """One page of rows: the rows, how many there are in all, which page this is of how many."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    page_size: int


@lru_cache(maxsize=2)  # half a GB for a list of a million
def subjects(folder: Path) -> pd.DataFrame:
    """Return ``subjects.parquet``, one row a subject in the list's order; read once, never changed.

    The column ``capacity`` is that of the kind of subject: t/h of boilers, MW of units, none of projects.
    """
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pq.read_table(folder / "subjects.parquet").to_pandas()
    unit = next((name for name in ("capacity_mw", "capacity_tph") if name in frame.columns), None)
    return frame.assign(capacity=np.nan if unit is None else frame[unit])


def chosen(folder: Path, choice: Choice) -> Positions:
    """Return the positions in `subjects` that a choice asks for, ascending."""
    return np.flatnonzero(wanted(folder, choice))


def wanted(folder: Path, choice: Choice) -> Mask:
    """Say of every subject, in the order of `subjects`, whether a choice asks for it; not to be changed."""
    with _LOOKING:
        return _wanted(folder, choice)


@lru_cache(maxsize=32)  # 1 MB each for a list of a million
def _wanted(folder: Path, choice: Choice) -> Mask:
    frame = subjects(folder)
    mask = np.ones(len(frame), bool)
    if choice.verdict:
        mask &= frame["lead"].isin(choice.verdict).to_numpy()
    if choice.county:
        mask &= (frame["adcode"] == choice.county).to_numpy(bool, na_value=False)
    if choice.timing:
        mask &= (frame["lead_timing"] == choice.timing).to_numpy(bool, na_value=False)
    if choice.consultee:
        mask &= _holds(frame, "consultees", choice.consultee)
    if choice.text:
        found = np.zeros(len(frame), bool)
        for column in ("name", "subject_id"):
            texts = frame[column].astype("str").str
            found |= texts.contains(choice.text, case=False, regex=False).to_numpy(bool)
        mask &= found
    if choice.rule:
        mask &= _among(_keys(frame["row"], frame["part"]), reached(folder, choice.rule))
    if choice.area is not None:
        mask &= choice.area(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
    if choice.years is not None:
        year = years(folder)
        mask &= (year >= choice.years[0]) & (year <= choice.years[1])
    mask.setflags(write=False)
    return mask


def years(folder: Path) -> npt.NDArray[np.float64]:
    """Return the year in which each subject came into operation; NaN where its list does not say."""
    frame = subjects(folder)
    if YEAR not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[YEAR].to_numpy(float, na_value=np.nan)


@lru_cache(maxsize=16)
def reached(folder: Path, rule_id: str) -> Positions:
    """Return the keys of the subjects for which a rule applies or needs review, ascending."""
    import pyarrow.parquet as pq

    wanted = [("rule_id", "=", rule_id), ("outcome", "in", [APPLIES, NEEDS_REVIEW])]
    table = pq.read_table(folder / "findings.parquet", columns=["row", "part"], filters=wanted)
    return np.sort(_keys(table["row"].to_numpy(), table["part"].to_numpy()))


@lru_cache(maxsize=16)
def rules_reached(folder: Path) -> dict[str, int]:
    """Return for each rule how many subjects it applies to or needs review for, where there are any."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "findings.parquet", columns=["rule_id", "outcome"])
    counted = table.group_by(["rule_id", "outcome"]).aggregate([([], "count_all")]).to_pylist()
    counts: dict[str, int] = {}
    for line in counted:
        if line["outcome"] in (APPLIES, NEEDS_REVIEW):
            counts[line["rule_id"]] = counts.get(line["rule_id"], 0) + line["count_all"]
    return dict(sorted(counts.items()))


def totals(folder: Path, positions: Positions) -> dict[str, float]:
    """Return the number of subjects, the sum of their capacities, and the number of each sign."""
    frame = subjects(folder)
    counts = np.bincount(_signs(folder)[positions], minlength=len(SIGNS))
    return {
        "subjects": len(positions),
        "capacity": float(np.nansum(frame["capacity"].to_numpy(float)[positions])),
        **{sign: int(counts[at]) for at, sign in enumerate(SIGNS)},
    }


@lru_cache(maxsize=2)
def _signs(folder: Path) -> npt.NDArray[np.int8]:
    """Return the sign of the lead of each subject as its place in `SIGNS`; of another word the one after."""
    places = {sign: at for at, sign in enumerate(SIGNS)}
    return np.asarray(subjects(folder)["lead"].map(places).fillna(len(SIGNS)), np.int8)


def page(
    folder: Path,
    positions: Positions,
    *,
    sort: str = "row",
    descending: bool = False,
    page_number: int = 1,
    page_size: int = 50,
    find: tuple[int, int] | None = None,
) -> Page:
    """Return one page of the subjects at ``positions``.

    Parameters
    ----------
    folder
        The screening.
    positions
        As `chosen` returns them.
    sort
        ``row``, ``subject_id``, ``name``, ``county``, ``capacity``, ``anchor``, ``distance``, ``verdict``; of
        projects ``industry``, ``neighbour``, ``consultees``, ``limb_a``, ``limb_b`` too; blank cells come
        last, equal ones in the list's order.
    descending
        The largest first.
    page_number
        From 1; beyond the last page is the last page.
    page_size
        At most `PAGE_MAX`.
    find
        Row and part of a subject: the page that holds it, where it is among ``positions``.

    Raises
    ------
    InputError
        ``bad_query``: an unknown order, a page number below 1 or a page size that is not allowed.
    """
    column = ordering.SORTS.get(sort)
    frame = subjects(folder)
    if column is None or column not in frame.columns:
        raise InputError("bad_query", name="sort", value=sort)
    if page_number < 1:
        raise InputError("bad_query", name="page", value=page_number)
    if not 1 <= page_size <= PAGE_MAX:
        raise InputError("bad_query", name="page_size", value=page_size)
    order = positions
    if sort != "row" or descending:
        order = _order(folder, column, descending)
        if len(positions) < len(frame):
            among = np.zeros(len(frame), bool)
            among[positions] = True
            order = order[among[order]]
    total = len(order)
    pages = max(1, -(-total // page_size))
    number = min(page_number, pages)
    if find is not None:
        at = np.flatnonzero((frame["row"].to_numpy() == find[0]) & (frame["part"].to_numpy() == find[1]))
        place = np.flatnonzero(order == at[0]) if len(at) else at
        if len(place):
            number = int(place[0]) // page_size + 1
    rows = frame.iloc[order[(number - 1) * page_size : number * page_size]]
    return Page(_plain(rows), total, number, pages, page_size)


@lru_cache(maxsize=16)  # 8 MB each for a list of a million
def _order(folder: Path, column: str, descending: bool) -> Positions:
    return ordering.order_of(subjects(folder)[column], column, descending=descending)


def subject(folder: Path, row: int, part: int) -> dict[str, Any]:
    """Return one subject, absent values as None.

    Raises
    ------
    NotFoundError
        ``no_subject``.
    """
    frame = subjects(folder)
    at = np.flatnonzero((frame["row"].to_numpy() == row) & (frame["part"].to_numpy() == part))
    if not len(at):
        raise NotFoundError("no_subject", row=row)
    return _plain(frame.iloc[at[:1]])[0]


def findings(folder: Path, row: int, part: int) -> list[dict[str, Any]]:
    """Return what every rule made of one subject, in the order of the rules."""
    import pyarrow.parquet as pq

    wanted = [("row", "=", row), ("part", "=", part)]
    table = pq.read_table(folder / "findings.parquet", filters=wanted)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@lru_cache(maxsize=4)
def issues(folder: Path) -> pd.DataFrame:
    """Return ``issues.csv`` as text, by row: row, field, value, severity, code, message_zh, message_en."""
    import pandas as pd

    return pd.read_csv(folder / "issues.csv", dtype="str", keep_default_na=False, encoding="utf-8-sig")


def issues_page(folder: Path, *, page_number: int, page_size: int, code: str = "", row: str = "") -> Page:
    """Return one page of the issues, of one code or one row when stated.

    Raises
    ------
    InputError
        ``bad_query``: a page number below 1 or a page size that is not allowed.
    """
    if page_number < 1:
        raise InputError("bad_query", name="page", value=page_number)
    if not 1 <= page_size <= PAGE_MAX:
        raise InputError("bad_query", name="page_size", value=page_size)
    frame = issues(folder)
    if code:
        frame = frame[frame["code"] == code]
    if row:
        frame = frame[frame["row"] == row]
    pages = max(1, -(-len(frame) // page_size))
    number = min(page_number, pages)
    rows = frame.iloc[(number - 1) * page_size : number * page_size]
    return Page(_plain(rows), len(frame), number, pages, page_size)


def _holds(frame: pd.DataFrame, column: str, code: str) -> Mask:
    """Say whose codes, joined by ``;``, hold one; none where the table has no such column."""
    if column not in frame.columns:
        return np.zeros(len(frame), bool)
    return frame[column].fillna("").str.contains(code, regex=False).to_numpy(bool)


def _among(keys: Positions, held: Positions) -> Mask:
    """Say which keys are among those held, which ascend."""
    if not len(held):
        return np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(held, keys), len(held) - 1)
    return np.asarray(held[place] == keys)


def _keys(row: Any, part: Any) -> Positions:
    return np.asarray(row, np.int64) * 4096 + np.asarray(part, np.int64)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): None if value is None or value != value else value for name, value in record.items()}
        for record in frame.to_dict("records")
    ]
