"""What was not observed: passes without any data, and clouds. Not observed is never the same as no fire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from geoaq.fires.bulletin.periods import Period

State = Literal["whole", "partial", "none"]


def passes(period: Period, expected: Mapping[str, date], seen: Mapping[str, set[date]]) -> pd.DataFrame:
    """Return which expected satellites have data on which days of report.

    Parameters
    ----------
    period
        The days.
    expected
        Satellites that pass every day, each from a day of report on; before it none of its passes is missing.
    seen
        Days of report by satellite on which the store has anything of it, anywhere.

    Returns
    -------
    pandas.DataFrame
        By the order of ``expected``, then satellites seen beside them: ``satellite expected days seen``
        (counts) and ``missing`` (dates without data, of the expected ones alone).
    """
    days = set(period.days)
    due = {name: sorted(day for day in days if day >= first) for name, first in expected.items()}
    due = {name: wanted for name, wanted in due.items() if wanted}
    beside = sorted(name for name in seen if name not in due and seen[name] & days)
    rows = []
    for name, wanted in due.items():
        missing = tuple(day for day in wanted if day not in seen.get(name, set()))
        rows.append((name, True, len(wanted), len(wanted) - len(missing), missing))
    rows += [(name, False, len(days), len(seen[name] & days), ()) for name in beside]
    return pd.DataFrame(rows, columns=["satellite", "expected", "days", "seen", "missing"])


def state_of(passed: pd.DataFrame) -> State:
    """Say whether every expected satellite has data on every day (``whole``), some (``partial``), or none.

    Data of satellites that are not among the expected ones make ``partial`` at most.
    """
    due = passed[passed["expected"]]
    if len(due) and (due["seen"] == due["days"]).all():
        return "whole"
    return "partial" if passed["seen"].sum() > 0 else "none"


def clouds(table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return what an office states of clouds by unit: ``share`` (mean of the days stated) and ``days``.

    Parameters
    ----------
    table
        ``adcode day share``: a code of any level, a `datetime.date` (day of report), 0–1.
    period
        Only its days count.

    Returns
    -------
    pandas.DataFrame
        By ``adcode``; ``days`` of the period's days have a share. A unit without a row is unknown.
    """
    wanted = table[table["day"].isin(period.days)]
    daily = wanted.groupby(["adcode", "day"])["share"].mean()
    found = daily.groupby(level="adcode").agg(["mean", "count"])
    found.columns = pd.Index(["share", "days"])
    return found.astype({"share": np.float64, "days": np.int64})
