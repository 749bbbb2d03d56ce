"""Open words with their readings, and error budgets: what the texts leave to an agency to settle."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from geoaq.policy.vocabulary import DecimalText, Strict


class AttainmentStep(Strict):
    """The annual limit of PM2.5 from a day on; attained means at most (or below) it."""

    start: date = Field(alias="from")
    limit_ug_m3: DecimalText
    inclusive: bool


class Reading(Strict):
    """One way to read an open word.

    ``list`` is the list of industries that the reading takes, ``by_reference`` the regions that it adds.
    """

    compared: bool = False
    inclusive: bool | None = None
    effective: date | None = None
    latest_year: int | None = None
    steps: tuple[AttainmentStep, ...] = ()
    list: str | None = None
    by_reference: tuple[str, ...] = ()


class Term(Strict):
    """An open word of the texts: the adopted reading, its reason, and the alternatives."""

    id: str
    word: str
    adopted: str
    adopted_by: str | None = None
    settled: bool = False
    why: str
    power_industries: tuple[str, ...] = ()
    readings: dict[str, Reading]

    @model_validator(mode="after")
    def _adopted_exists(self) -> Self:
        if self.adopted not in self.readings:
            raise ValueError(f"adopted reading {self.adopted!r} is not among the readings")
        return self

    def alternatives(self, as_of: date) -> list[str]:
        """Return the readings that are evaluated beside the adopted one on ``as_of``."""
        return [
            name
            for name, reading in self.readings.items()
            if name != self.adopted and reading.compared and not self.settled
            if reading.effective is None or reading.effective <= as_of
        ]


class Budget(Strict):
    """An error in metres, with its source or the word that it is assumed."""

    metres: float = Field(gt=0)
    source: str | None = None
    assumed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _sourced_or_assumed(self) -> Self:
        if (self.source is not None) == self.assumed:
            raise ValueError("either a source or assumed = true")
        return self


class Budgets(Strict):
    """Error budgets by datum, position quality, printed decimals, position of a plant and boundary layer."""

    datum: dict[str, Budget]
    position: dict[str, Budget]
    decimals: dict[int, Budget]
    plant_position: dict[str, Budget]
    boundary: dict[str, Budget]
