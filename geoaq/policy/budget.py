"""How far a position may be wrong: datum, quality of the position and printed decimals, in quadrature."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.policy.facts import Facts
from geoaq.policy.model import Pack
from geoaq.policy.terms import Budget


def position_budget(frame: pd.DataFrame, pack: Pack) -> npt.NDArray[np.float64]:
    """Return the error budget of every position of a list.

    Parameters
    ----------
    frame
        Columns ``datum``, ``position_quality`` and ``decimals`` of the ``boilers`` or ``units`` contract; a
        column that is not there counts as unstated.
    pack
        The policy, whose budgets say how much each is worth.

    Returns
    -------
    ndarray
        Metres, shape (n,): never zero. A datum or quality that the budgets do not know counts as unstated;
        more decimals than listed count as the finest listed.
    """
    facts = Facts({name: frame[name] for name in ("datum", "position_quality", "decimals") if name in frame})
    facts.n = len(frame)
    budgets = pack.budgets
    squares = np.zeros(len(frame))
    for name, table in (("datum", budgets.datum), ("position_quality", budgets.position)):
        codes, values = facts.words(name)
        squares += np.array([_metres(table, value.split(":")[0]) for value in values])[codes] ** 2
    places = facts.numbers("decimals")
    finest = max(budgets.decimals)
    known = np.clip(np.where(np.isnan(places), 0, places), -1, finest).astype(np.int64)
    worth = np.array([budgets.decimals[place].metres for place in range(-1, finest + 1)])
    if "decimals" in facts:
        squares += worth[known + 1] ** 2
    total: npt.NDArray[np.float64] = np.sqrt(squares)
    return total


def plant_budget(pack: Pack) -> dict[str, float]:
    """Return the error budget of a plant's position by quality, metres; ``''`` is unstated."""
    table = {name: budget.metres for name, budget in pack.budgets.plant_position.items()}
    return {**table, "": table["unstated"]}


def boundary_budget(pack: Pack, layer: str = "default") -> float:
    """Return how far the lines of a boundary layer may be from the official ones, metres.

    A layer that the budgets do not name counts as ``default``.
    """
    table = pack.budgets.boundary
    return (table.get(layer) or table["default"]).metres


def _metres(table: Mapping[str, Budget], key: str) -> float:
    return (table.get(key) or table["unstated"]).metres
