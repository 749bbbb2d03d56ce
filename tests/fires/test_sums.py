from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoaq.fires.events import cluster, overpasses, summaries
from tests.fires.toy import NOON, RULE, fires


def told(pixels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    labels = cluster(pixels, rule=RULE)
    passes = overpasses(pixels, labels, rule=RULE)
    return passes, summaries(pixels, labels, passes)


def test_power_is_added_in_one_overpass_and_never_over_time_or_satellites() -> None:
    pixels = fires(
        [117.0, 117.002, 117.004, 117.0], [34.0] * 4, [NOON, NOON + 360, NOON + 3_600, NOON],
        ["snpp", "snpp", "snpp", "terra"], frp=[2.0, 3.0, 4.0, 7.0],
    )  # fmt: skip

    passes, events = told(pixels)

    assert passes["frp_sum_mw"].tolist() == [5.0, 7.0, 4.0]
    assert passes["satellite"].tolist() == ["snpp", "terra", "snpp"]
    assert events["frp_peak_mw"].tolist() == [7.0]
    assert events["frp_peak_by"].tolist() == ["terra"]
    assert events["frp_last_mw"].tolist() == [4.0]
    assert events["frp_pixel_mw"].tolist() == [7.0]


def test_equal_values_of_neighbours_are_shares_and_are_all_added() -> None:
    passes, _ = told(fires([117.0, 117.004, 117.008], [34.0] * 3, [NOON] * 3, frp=1.25))

    assert passes["frp_sum_mw"].tolist() == [3.75]


def test_a_detection_that_stands_twice_is_counted_once() -> None:
    passes, events = told(fires([117.0, 117.0], [34.0, 34.0], [NOON, NOON], frp=1.5))

    assert passes["frp_sum_mw"].tolist() == [1.5]
    assert events["pixels"].tolist() == [1]


def test_unknown_power_is_left_out_and_alone_it_is_not_zero() -> None:
    passes, events = told(fires([117.0, 117.001, 120.0], [34.0] * 3, [NOON] * 3, frp=[np.nan, 2.0, np.nan]))

    assert passes["frp_known"].tolist() == [1, 0]
    assert passes["frp_sum_mw"].iloc[0] == 2.0
    assert np.isnan(passes["frp_sum_mw"].iloc[1])
    assert np.isnan(events["frp_peak_mw"].iloc[1])
    assert events["frp_peak_at"].tolist() == [NOON, -1]


def test_an_event_says_when_where_and_by_whom_it_was_seen() -> None:
    pixels = fires(
        [117.002, 117.0, 130.0], [34.0, 34.002, 40.0], [NOON + 60, NOON, NOON], ["terra", "aqua", "snpp"]
    )

    _, events = told(pixels)

    first = events.iloc[0]
    assert (first["first_seen"], first["last_seen"], first["pixels"]) == (NOON, NOON + 60, 2)
    assert first["satellites"] == "aqua;terra"
    assert events["satellites"].iloc[1] == "snpp"
    assert first["first_key"] == pixels["key"][1]
    assert [first[name] for name in ("west", "south", "east", "north")] == [117.0, 34.0, 117.002, 34.002]
    assert (first["lon"], first["lat"]) == pytest.approx((117.001, 34.001))
    assert 280 < first["across_m"] < 290
    assert not first["official"]


def test_an_event_across_the_antimeridian_has_its_centre_between_its_pixels() -> None:
    _, events = told(fires([179.999, -179.999], [10.0, 10.0], [NOON, NOON]))

    assert abs(events["lon"][0]) == pytest.approx(180.0)
    assert (events["west"][0], events["east"][0]) == pytest.approx((179.999, -179.999))
    assert events["across_m"][0] == pytest.approx(219.3, abs=0.5)


def test_no_pixels_have_no_sums() -> None:
    passes, events = told(fires([], [], []))

    assert len(passes) == len(events) == 0
