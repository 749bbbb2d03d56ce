from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.errors import ConfigError, InputError
from geoaq.fires.events import EventRule, cluster
from tests.fires.toy import NOON, RULE, by_every_pair, east_of, fires

FOOTPRINTS = replace(RULE, linkage="footprints")


def crowd(n: int, lon: float, lat: float, seed: int, spread: float = 0.05, days: int = 6) -> pd.DataFrame:
    """Return points so dense that about half of them hang together."""
    random = np.random.default_rng(seed)
    x = lon + random.uniform(-spread, spread, n) / max(np.cos(np.radians(lat)), 1e-3)
    return fires(
        (x + 180.0) % 360.0 - 180.0,
        np.clip(lat + random.uniform(-spread, spread, n), -90.0, 90.0),
        NOON + random.integers(0, days * 1440, n) * 60,
        side_km=random.choice([0.4, 2.0, 4.8, np.nan], n),
    )


@pytest.mark.parametrize(
    ("lon", "lat"), [(117.2, 34.3), (180.0, 10.0), (-180.0, 65.0), (20.0, 89.98), (0.0, -90.0), (0.0, 0.0)]
)
@pytest.mark.parametrize("rule", [RULE, FOOTPRINTS], ids=["centres", "footprints"])
def test_the_partition_is_that_of_comparing_every_pair_anywhere(
    lon: float, lat: float, rule: EventRule
) -> None:
    days = 6 if rule is RULE else 90
    pixels = crowd(700, lon, lat, seed=int(abs(lon + lat)), days=days)

    labels = cluster(pixels, rule=rule)

    assert labels.tolist() == by_every_pair(pixels, rule).tolist()
    assert 1 < labels.max() + 1 < len(pixels)


@given(st.integers(0, 2**32 - 1), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_change_the_partition(seed: int, n: int) -> None:
    pixels = crowd(n, 117.2, 34.3, seed, spread=0.02)
    order = np.random.default_rng(seed).permutation(n)

    labels, turned = cluster(pixels, rule=RULE), cluster(pixels.iloc[order], rule=RULE)

    assert pd.factorize(labels[order])[0].tolist() == turned.tolist()
    assert labels.tolist() == by_every_pair(pixels, RULE).tolist()


@pytest.mark.parametrize(("off_m", "events"), [(-1e-3, 1), (1e-3, 2), (-1e-6, 1), (1e-6, 2)])
def test_a_micrometre_decides_at_the_distance(off_m: float, events: int) -> None:
    for lat in (-60.0, 0.0, 23.5, 50.0):
        x, y = east_of(118.0, lat, 1000.0 + off_m)
        assert cluster(fires([118.0, x], [lat, y], [NOON, NOON]), rule=RULE).max() + 1 == events


def test_more_doubtful_pairs_than_expected_are_all_put_to_geod() -> None:
    places = [east_of(100.0 + 0.1 * k, 30.0, 1000.0) for k in range(40)]
    lon = [100.0 + 0.1 * (k % 40) for k in range(240)] + [x for x, _ in places] * 6
    lat = [30.0] * 240 + [y for _, y in places] * 6
    pixels = fires(lon, lat, [NOON] * 480)

    labels = cluster(pixels, rule=RULE)

    assert labels.tolist() == by_every_pair(pixels, RULE).tolist()


def test_exactly_24_hours_join_and_a_second_more_does_not() -> None:
    times = [NOON, NOON + 86_400, NOON + 2 * 86_400 + 1]

    assert cluster(fires([117.0] * 3, [34.0] * 3, times), rule=RULE).tolist() == [0, 0, 1]


def test_a_chain_of_near_pixels_is_one_event_though_its_ends_are_far_apart() -> None:
    places = [east_of(117.0, 34.0, 900.0 * k) for k in range(20)]
    lon, lat = zip(*places, strict=True)
    times = [NOON + 3_600 * 20 * k for k in range(20)]

    assert cluster(fires(lon, lat, times), rule=RULE).max() == 0


def test_large_pixels_at_the_edge_of_a_swath_hold_together_where_footprints_decide() -> None:
    x, y = east_of(117.0, 34.0, 4_700.0)
    pixels = fires([117.0, x], [34.0, y], [NOON, NOON], "terra", side_km=4.8)

    assert cluster(pixels, rule=RULE).tolist() == [0, 1]
    assert cluster(pixels, rule=FOOTPRINTS).tolist() == [0, 0]


def test_an_official_push_is_never_joined_with_an_own_discovery() -> None:
    pixels = fires([117.0] * 4, [34.0] * 4, [NOON] * 4, kind=["push", "satellite", "camera", "push"])

    assert cluster(pixels, rule=RULE).tolist() == [0, 1, 1, 0]


def test_no_pixels_are_no_events_and_an_impossible_place_is_refused() -> None:
    assert cluster(fires([], [], []), rule=RULE).shape == (0,)
    with pytest.raises(InputError):
        cluster(fires([117.0], [34.0], [NOON]).assign(lon=np.nan), rule=RULE)


def test_the_rule_has_its_home_among_the_layers(root: Path) -> None:
    table = tomllib.loads((root / "layers" / "policy" / "fire_events.toml").read_text("utf-8"))

    assert EventRule.from_table(table) == RULE
    with pytest.raises(ConfigError):
        EventRule.from_table({**table, "link": {**table["link"], "distance_km": -1}})
    with pytest.raises(ConfigError):
        EventRule.from_table({**table, "link": {"linkage": "touch", "distance_km": 1, "hours": 1}})
    with pytest.raises(ConfigError):
        EventRule.from_table({})
