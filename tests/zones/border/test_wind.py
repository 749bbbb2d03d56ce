"""The rose of a site: where the wind comes from, whither it goes, and how calm hours count."""

from __future__ import annotations

import json

import numpy as np
import pytest

from geoaq.zones.border.wind import CALM_MS, CLASSES_MS, rose


def test_shares_and_calm_add_up_to_all_hours() -> None:
    chance = np.random.default_rng(1)
    found = rose(360 * chance.random(5000), 8 * chance.random(5000))
    assert found.hours == 5000
    assert found.shares.sum() + found.calm == pytest.approx(1.0)
    assert found.shares.shape == (16, len(CLASSES_MS))
    np.testing.assert_allclose(found.blows_from, 1 / 16, atol=0.02)


def test_wind_from_the_north_west_goes_toward_the_south_east() -> None:
    found = rose([315.0] * 3 + [0.0], [3.0, 3.0, 9.0, 3.0])
    assert found.blows_from[14] == 0.75
    assert found.blows_from[0] == 0.25
    assert found.blows_toward[6] == 0.75
    assert found.blows_toward[8] == 0.25
    assert found.shares[14].tolist() == [0, 0.5, 0, 0, 0.25]


def test_a_calm_hour_counts_in_all_hours_and_in_no_sector() -> None:
    found = rose([90.0, 90.0, np.nan], [CALM_MS, CALM_MS + 0.01, 0.0])
    assert (found.hours, found.calm) == (3, pytest.approx(2 / 3))
    assert found.blows_from[4] == pytest.approx(1 / 3)


def test_hours_without_speed_or_direction_are_missing_and_said_so() -> None:
    found = rose([90.0, np.nan, 90.0], [2.0, 2.0, np.nan])
    assert (found.hours, found.missing, found.mean_ms) == (1, 2, 2.0)


def test_no_wind_at_all_is_a_rose_of_nothing() -> None:
    found = rose([], [])
    assert (found.hours, found.calm, found.shares.sum()) == (0, 0.0, 0.0)


def test_the_middle_of_the_first_sector_is_north() -> None:
    found = rose([348.75, 11.24, 11.25, 359.0], [3.0] * 4)
    assert found.blows_from[[0, 1]].tolist() == [0.75, 0.25]


def test_directions_of_thirty_six_points_fall_evenly_into_sixteen_sectors() -> None:
    directions = np.arange(36) * 10.0
    uneven = rose(directions, np.full(36, 3.0)).blows_from
    even = rose(directions, np.full(36, 3.0), step_deg=10.0).blows_from
    assert np.ptp(uneven) > 0.02
    np.testing.assert_allclose(even, 1 / 16)


def test_sixteen_points_stay_in_their_sectors() -> None:
    directions = np.arange(16) * 22.5
    for step in (0.0, 22.5):
        np.testing.assert_allclose(rose(directions, np.full(16, 3.0), step_deg=step).blows_from, 1 / 16)


def test_a_rose_goes_into_a_file_as_plain_numbers() -> None:
    record = rose([315.0, 90.0, 90.0], [3.0, 1.0, 0.1]).record()
    assert json.loads(json.dumps(record)) == record
    assert (record["sectors"], record["hours"], record["calm"]) == (16, 3, 0.333333)
