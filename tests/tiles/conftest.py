"""Points in East China, made from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

CLASSES = ["straw", "unclear", "static"]
SATELLITES = ["N20", "N21", "SNPP", "MODIS"]
REGIONS = ["330482", "330483", "320281", "419001"]


@pytest.fixture(scope="session")
def made_points() -> Callable[..., pd.DataFrame]:
    """Return a maker of points: ``n`` of them, ids from ``first`` on."""

    def make(n: int, *, first: int = 0, seed: int = 7) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        seconds = random.integers(1_600_000_000, 1_760_000_000, n)
        return pd.DataFrame(
            {
                "id": np.arange(first, first + n),
                "lon": random.uniform(115, 122, n),
                "lat": random.uniform(28, 35, n),
                "time": pd.to_datetime(seconds, unit="s", utc=True),
                "class": random.choice(CLASSES, n),
                "satellite": random.choice(SATELLITES, n),
                "region": random.choice(REGIONS, n),
            }
        )

    return make
