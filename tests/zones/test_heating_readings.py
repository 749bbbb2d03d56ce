"""Both readings of 热电联产电厂 from one search of pairs: the same answers as from a search of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoaq.zones.heating import Reading, screen, screen_readings
from tests.zones.heating_toy import BUDGET_M, CONFIRMED, HANGZHOU, plant

READINGS: tuple[Reading, ...] = ("plant_total", "largest_unit")
SETTLED = {"radius_km": 30.0, "min_mw": 300.0, "complete_for": ["330106"], "plant_budget_m": BUDGET_M}


def subjects(n: int, rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame({"lon": rng.uniform(119.0, 121.0, n), "lat": rng.uniform(29.2, 30.8, n)})
    frame = frame.assign(u_m=rng.choice([10.0, 1_000.0, 5_000.0, 20_000.0], n), **HANGZHOU)
    return frame.assign(name=rng.choice(["P1电厂 1号锅炉", "乙纸业"], n), plant_id=rng.choice(["", "P3"], n))


def plants(n: int, rng: np.random.Generator) -> pd.DataFrame:
    units = rng.choice([100.0, 299.0, 300.0, 600.0, np.nan], n)
    totals = np.where(
        rng.random(n) < 0.2, np.nan, np.maximum(np.nan_to_num(units), rng.choice([120.0, 650.0], n))
    )
    rows = [
        plant(
            f"P{i}", rng.uniform(119.0, 121.0), rng.uniform(29.2, 30.8),
            installed_mw=total, largest_unit_mw=unit,
            position_quality=rng.choice(["surveyed", "exact", ""]), **(CONFIRMED if i % 3 == 0 else {}),
        )
        for i, (total, unit) in enumerate(zip(totals, units, strict=True))
    ]  # fmt: skip
    rows += [rows[0] | {"plant_id": "twin"}]  # at the same distance from everybody
    return pd.DataFrame(rows)


@pytest.mark.parametrize("seed", range(4))
def test_one_search_for_both_readings_decides_as_a_search_for_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    listed, table = subjects(400, rng), plants(40, rng)
    together = screen_readings(listed, table, readings=READINGS, **SETTLED)  # type: ignore[arg-type]
    assert len(together["plant_total"].pairs) > len(together["largest_unit"].pairs) > 0
    for reading in READINGS:
        alone = screen(listed, table, reading=reading, **SETTLED)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(together[reading].per_subject, alone.per_subject, check_exact=True)
        pd.testing.assert_frame_equal(together[reading].pairs, alone.pairs, check_exact=True)
