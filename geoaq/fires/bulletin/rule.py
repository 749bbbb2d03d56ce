"""How a bulletin counts: the numbers of ``layers/policy/fire_bulletin.toml``, and what they must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoaq.errors import ConfigError
from geoaq.frames import SATELLITES


@dataclass(frozen=True)
class BulletinRule:
    """The numbers of a bulletin.

    Parameters
    ----------
    ends_at
        Hour of Beijing time at which a day of report ends, 1 to 24.
    expected
        Satellites that pass every day, each from its first day of report on.
    beside
        Satellites whose detections are no points, for they see one fire again and again.
    years
        Earlier seasons that patrols look at.
    margin_days
        Days before and after the period that belong to its season.
    cell_deg
        Side of the cells of patrols where no townships are given, degrees.
    page_rows, workbook_rows
        Rows of a long table on printed pages, and in the workbook.
    """

    ends_at: int
    expected: Mapping[str, date]
    beside: frozenset[str]
    years: int
    margin_days: int
    cell_deg: float
    page_rows: int
    workbook_rows: int

    def __post_init__(self) -> None:
        whole = (self.years, self.page_rows, self.workbook_rows)
        right = 1 <= self.ends_at <= 24 and min(whole) >= 1 and self.margin_days >= 0
        right &= 0.001 <= self.cell_deg <= 1 and self.years <= 30
        right &= bool(self.expected) and set(self.expected) <= set(SATELLITES)
        right &= self.beside <= set(SATELLITES) - set(self.expected)
        right &= all(type(first) is date for first in self.expected.values())
        if not right:
            raise ConfigError("policy_broken", where="fire_bulletin.toml", problem=repr(self))

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> BulletinRule:
        """Return the rule of a parsed ``fire_bulletin.toml``.

        Raises
        ------
        ConfigError
            ``policy_broken``: a number is missing or cannot be.
        """
        try:
            return cls(
                ends_at=int(table["day"]["ends_at"]),
                expected=dict(table["passes"]["expected"]),
                beside=frozenset(table["points"]["beside"]),
                years=int(table["patrol"]["years"]),
                margin_days=int(table["patrol"]["margin_days"]),
                cell_deg=float(table["patrol"]["cell_deg"]),
                page_rows=int(table["rows"]["pages"]),
                workbook_rows=int(table["rows"]["workbook"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError("policy_broken", where="fire_bulletin.toml", problem=repr(error)) from error
