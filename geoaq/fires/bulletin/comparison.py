"""Against the last period and the same days of last year; where nothing was observed, nothing is compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoaq.fires.bulletin.coverage import State, state_of
from geoaq.fires.bulletin.periods import Period


@dataclass(frozen=True)
class Change:
    """How points of suspected straw burning changed against an earlier period.

    Attributes
    ----------
    period
        The earlier one.
    state
        ``whole``, ``partial`` or ``none`` (`geoaq.fires.bulletin.coverage.state_of`). With ``none`` there are
        no numbers at all: a period without data is not a period without fires.
    points
        Of the earlier period, all units; None without data.
    difference
        Now less then; None without data of either.
    percent
        Of that, per cent of then; None as the difference is, or where there were none.
    new, gone
        Units with points now and none then, and the other way round, ascending.
    """

    period: Period
    state: State
    points: int | None
    difference: int | None
    percent: float | None
    new: tuple[str, ...]
    gone: tuple[str, ...]


def change(
    now: pd.Series, then: pd.Series, passed: pd.DataFrame, period: Period, *, observed: State = "whole"
) -> Change:
    """Compare points by unit.

    Parameters
    ----------
    now, then
        Points by code of a unit; '' for points outside every county or near an open border, which are in the
        sums and no unit's.
    passed
        Passes of the earlier period, as `geoaq.fires.bulletin.coverage.passes` returns them.
    period
        The earlier one.
    observed
        How this period was observed; with ``none`` nothing has changed that anybody knows of.
    """
    state = state_of(passed)
    if state == "none":
        return Change(period, state, None, None, None, (), ())
    if observed == "none":
        return Change(period, state, int(then.sum()), None, None, (), ())
    before, after = int(then.sum()), int(now.sum())
    here, there = (set(one.index[one > 0]) - {""} for one in (now, then))
    percent = 100.0 * (after - before) / before if before else None
    new, gone = tuple(sorted(here - there)), tuple(sorted(there - here))
    return Change(period, state, before, after - before, percent, new, gone)


def beside(now: pd.Series, then: pd.Series, state: State) -> pd.Series:
    """Return the earlier points of each unit of ``now``, NaN where that period has no data."""
    if state == "none":
        return pd.Series(np.nan, index=now.index)
    return then.reindex(now.index).fillna(0).astype(np.float64)
