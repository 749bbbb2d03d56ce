from __future__ import annotations

import copy
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoaq.errors import ConfigError
from geoaq.fires.quality import quality_rule
from geoaq.fires.quality.windows import IN, OFF, UNSTATED, Window, season
from tests.fires.quality.toy import RULE, TABLE, seconds


def changed(*path: Any, to: Any) -> dict[str, Any]:
    table = copy.deepcopy(dict(TABLE))
    part: Any = table
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return table


@pytest.mark.parametrize(
    "table",
    [
        changed("cropland", "part", to=0.7),
        changed("cropland", "most", to=1.5),
        changed("cropland", "classes", "igbp", "12", to=-0.1),
        changed("register", "days", to=2),
        changed("register", "within_m", to=0),
        changed("register", "evidence", to="surely"),
        changed("register", to={}),
        changed("unknown_size", "radius_m", "push", to=0.0),
        changed("unknown_size", "radius_m", to={"push": 1000.0}),
        changed("unknown_size", "evidence", to="surely"),
        changed("burst", "times_p95", to="many"),
        changed("places", "roof", to=["steel"]),
        changed("windows", 0, "from", to="02-30"),
        changed("windows", 0, "adcodes", to=["4x"]),
        changed("windows", 0, "adcodes", to=[]),
    ],
)
def test_a_broken_rule_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refused:
        quality_rule(table)
    assert refused.value.code == "policy_broken"


def test_every_window_of_the_shipped_rule_says_its_evidence_and_why() -> None:
    assert len(RULE.windows) == len(TABLE["windows"]) == len({w.name for w in RULE.windows})
    assert all(entry["why"] and entry["evidence"] for entry in TABLE["windows"])


@pytest.mark.parametrize(
    ("adcode", "day", "said"),
    [
        ("411321", date(2025, 5, 24), OFF),
        ("411321", date(2025, 5, 25), IN),
        ("411321", date(2025, 6, 30), IN),
        ("411321", date(2025, 7, 1), OFF),
        ("230112", date(2024, 2, 29), IN),
        ("150203", date(2025, 10, 10), UNSTATED),
        ("150502", date(2025, 10, 10), IN),
        ("451402", date(2024, 12, 31), IN),
        ("451402", date(2025, 1, 1), IN),
        ("451402", date(2025, 4, 1), OFF),
        ("652301", date(2025, 10, 1), UNSTATED),
        ("", date(2025, 10, 1), UNSTATED),
    ],
)
def test_windows_go_by_the_beginning_of_the_adcode_and_may_go_over_new_year(
    adcode: str, day: date, said: int
) -> None:
    found = season(pd.Series([adcode]), np.array([seconds(day)]), RULE.windows)
    assert found.tolist() == [said]


def test_the_calendar_is_that_of_beijing() -> None:
    window = (Window("any", ("41",), (6, 1), (6, 1)),)
    times = np.array([seconds(date(2025, 5, 31), 15), seconds(date(2025, 5, 31), 16)])
    assert season(pd.Series(["411321", "411321"]), times, window).tolist() == [OFF, IN]
