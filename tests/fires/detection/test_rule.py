"""A detector's file is read whole, or refused with the name of the number."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from geoaq.errors import ConfigError
from geoaq.fires.detection import detector_rule
from geoaq.fires.detection.sections import Neighbours, Ramps
from tests.fires.detection.small import TABLES, table_of


@pytest.mark.parametrize("name", sorted(path.stem for path in TABLES.glob("*.toml")))
def test_every_detector_that_is_shipped_is_sound(name: str) -> None:
    rule = detector_rule(table_of(name), name)
    assert rule.name == name
    assert isinstance(rule.confidence, Neighbours if name == "viirs_i" else Ramps)


def broken(change: dict[str, Any]) -> str:
    table = copy.deepcopy(table_of("viirs_i"))
    for key, value in change.items():
        section, _, number = key.partition(".")
        if value is None:
            del table[section][number]
        else:
            table[section][number] = value
    with pytest.raises(ConfigError) as refused:
        detector_rule(table, "viirs_i")
    assert refused.value.code == "detector_broken"
    assert refused.value.message("zh") != refused.value.message("en")
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hot.day_t4": None}, "hot.day_t4 is missing"),
        ({"hot.source": None}, "hot.source is missing"),
        ({"hot.evidence": "hearsay"}, "hot.evidence = hearsay"),
        ({"hot.day_t5": 1.0}, "hot.day_t5 is not known"),
        ({"hot.day_t4": "335"}, "hot.day_t4 = '335'"),
        ({"hot.day_t4": float("nan")}, "hot.day_t4 = nan"),
        ({"hot.fixed_too": 1}, "hot.fixed_too = 1"),
        ({"window.smallest": 12}, "window.smallest is out of range"),
        ({"window.largest": 9}, "window.largest is out of range"),
        ({"around.kind": "mode"}, "around.kind is out of range"),
        ({"candidate.day_dt_least": 20.0}, "candidate.day_dt_least is out of range"),
        ({"rejection.order": ["desert", "smoke"]}, "rejection.order is out of range"),
        ({"scan.zone_samples": [1184, 736]}, "scan.zone_samples is out of range"),
    ],
)
def test_a_number_that_cannot_be_is_named(change: dict[str, Any], told: str) -> None:
    assert told in broken(change)
