"""Error budgets: never zero, in quadrature, wider where less is stated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoaq.policy import Pack, plant_budget, position_budget


def budget(pack: Pack, datum: str, quality: str, decimals: float) -> float:
    frame = pd.DataFrame({"datum": [datum], "position_quality": [quality], "decimals": [decimals]})
    return float(position_budget(frame, pack)[0])


def test_budgets_add_in_quadrature(pack: Pack) -> None:
    assert budget(pack, "wgs84", "exact", 6) == pytest.approx(np.sqrt(1.0 + 100.0 + 0.01))
    assert budget(pack, "unstated", "exact", 5) == pytest.approx(np.sqrt(600.0**2 + 100.0 + 1.0))


def test_an_unstated_datum_costs_600_m_and_baidu_1400(pack: Pack) -> None:
    assert 600 < budget(pack, "unstated", "exact", 6) < 601
    assert 1400 < budget(pack, "unstated_baidu", "exact", 6) < 1401


@pytest.mark.parametrize("datum", ["gk:4549", "gk:4513"])
def test_every_gauss_krueger_zone_has_one_budget(datum: str, pack: Pack) -> None:
    assert budget(pack, datum, "exact", -1) < 11


def test_fewer_decimals_cost_more(pack: Pack) -> None:
    costs = [budget(pack, "wgs84", "exact", places) for places in (6, 5, 4, 3, 2, 1, 0)]
    assert costs == sorted(costs)
    assert budget(pack, "wgs84", "exact", 9) == costs[0]
    assert costs[4] > 557  # half of 0.01° of latitude


def test_what_the_budgets_do_not_know_counts_as_unstated(pack: Pack) -> None:
    assert budget(pack, "beijing54", "guess", 6) == budget(pack, "unstated", "unstated", 6)
    assert budget(pack, "", "", 6) == budget(pack, "unstated", "unstated", 6)
    assert budget(pack, "wgs84", "exact", float("nan")) == budget(pack, "wgs84", "exact", 0)


def test_no_position_is_without_error(pack: Pack) -> None:
    empty = position_budget(pd.DataFrame(index=range(3)), pack)
    assert empty.shape == (3,)
    assert (empty > 600).all()
    assert all(metres > 0 for metres in plant_budget(pack).values())
    assert plant_budget(pack)[""] == plant_budget(pack)["unstated"]
    assert plant_budget(pack)["exact"] > 0


def test_every_budget_names_its_origin(pack: Pack) -> None:
    tables = (pack.budgets.datum, pack.budgets.position, pack.budgets.plant_position)
    for table in (*tables, {str(k): v for k, v in pack.budgets.decimals.items()}):
        assert all(entry.source or entry.assumed for entry in table.values())
        assert "unstated" in table or "0" in table
