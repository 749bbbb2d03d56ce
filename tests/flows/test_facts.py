"""What the rules are told of a city's air where the point may lie in another city."""

from __future__ import annotations

import pandas as pd
import pytest

from geoaq.flows.facts import _attainment

COUNTIES = pd.DataFrame(
    {"adcode": ["220102", "220103", "220302"], "city_adcode": ["220100", "220100", "220300"]}
)


@pytest.mark.parametrize(
    ("other", "alternatives", "expected"),
    [
        ((28.0, 2025), "", 0),
        ((28.0, 2025), "220103", 0),  # the same city
        ((28.0, 2025), "220302", 1),
        ((32.0, 2024), "220302", 1),
        ((32.0, 2025), "220103;220302", 0),
        (None, "220302", 1),
        (None, "999999", 1),
    ],
)
def test_another_city_differs_by_mean_by_year_or_by_being_unknown(
    other: tuple[float, int] | None, alternatives: str, expected: int
) -> None:
    rows = {"220100": (32.0, 2025)} | ({} if other is None else {"220300": other})
    table = pd.DataFrame(rows.values(), columns=["pm25_annual", "pm25_year"]).assign(city_adcode=list(rows))
    subjects = pd.DataFrame({"city_adcode": ["220100"], "alternatives": [alternatives]})
    found = _attainment(table, COUNTIES, subjects)
    assert found["pm25_differs"].tolist() == [expected]
    assert (found["pm25_annual"].tolist(), found["pm25_year"].tolist()) == ([32.0], [2025.0])
