"""A bulletin of fires: counts, intensity, ranking, comparison, what was not observed, patrols.

Frames in, frames out. Nobody is ranked by what was not verified, official pushes are kept apart, and a period
without data is never a period without fires.
"""

from geoaq.fires.bulletin.arable import arable_by_county
from geoaq.fires.bulletin.comparison import Change, beside, change
from geoaq.fires.bulletin.coverage import clouds, passes, state_of
from geoaq.fires.bulletin.groups import (
    GROUPS,
    RESULTS,
    SOURCES,
    STRAW,
    group_events,
    group_pixels,
    latest_checks,
    ledger,
    open_border,
    unit_codes,
)
from geoaq.fires.bulletin.patrol import cells, patrols, seasons
from geoaq.fires.bulletin.periods import Period, day_period, report_day, week_period
from geoaq.fires.bulletin.rule import BulletinRule
from geoaq.fires.bulletin.units import by_unit, in_order, ranks

__all__ = [
    "GROUPS",
    "RESULTS",
    "SOURCES",
    "STRAW",
    "BulletinRule",
    "Change",
    "Period",
    "arable_by_county",
    "beside",
    "by_unit",
    "cells",
    "change",
    "clouds",
    "day_period",
    "group_events",
    "group_pixels",
    "in_order",
    "latest_checks",
    "ledger",
    "open_border",
    "passes",
    "patrols",
    "ranks",
    "report_day",
    "seasons",
    "state_of",
    "unit_codes",
    "week_period",
]
