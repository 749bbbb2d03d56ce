"""Subjects as points and cells, and areas drawn on the screen."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, contains_xy

from geoaq.errors import InputError
from geoaq.maps import SIGNS, inside, parse_area, point_table
from tests.maps.toy import EVIL, subjects


def test_points_keep_place_sign_key_and_name():
    table = point_table(subjects(4))
    assert table["kind"] == "points"
    assert table["count"] == 4
    assert table["sign"] == "0123"
    assert table["key"] == ["3-0", "4-0", "5-0", "6-0"]
    assert table["lon"][1] == pytest.approx(120.002)
    assert table["label"][0] == f"GL-0000 {EVIL[0]}"


def test_a_subject_without_a_position_is_no_point():
    frame = subjects(3)
    frame.loc[1, "lon"] = np.nan
    assert point_table(frame)["key"] == ["3-0", "5-0"]


def test_blank_names_are_blank():
    frame = subjects(1).assign(name=None, subject_id=pd.NA)
    assert point_table(frame)["label"] == [""]


def test_an_unknown_lead_counts_as_data_missing():
    assert point_table(subjects(1).assign(lead="?"))["sign"] == "2"


def test_more_subjects_than_the_limit_are_counted_in_cells_and_none_is_lost():
    frame = subjects(1000)
    table = point_table(frame, max_points=999)
    assert table["kind"] == "cells"
    assert sum(sum(table[sign]) for sign in SIGNS) == table["count"] == 1000
    assert [sum(table[sign]) for sign in SIGNS] == [200] * 5
    assert "label" not in table


def test_cells_are_named_by_their_centre():
    table = point_table(subjects(1), max_points=0)
    half = table["size_deg"] / 2
    assert abs(table["lon"][0] - 120.0) <= half + 1e-9
    assert abs(table["lat"][0] - 32.0) <= half + 1e-9


def test_no_subject_at_all_is_an_empty_table():
    assert point_table(subjects(0)) == {
        "kind": "points", "count": 0, "lon": [], "lat": [], "sign": "", "key": [], "label": [],
    }  # fmt: skip


@pytest.mark.parametrize("max_points", [0, 100])
def test_the_table_is_plain_json(max_points):
    json.dumps(point_table(subjects(5), max_points=max_points), allow_nan=False)


@pytest.mark.parametrize(
    "text",
    ["", "1,2", "1,2;3,4", "a,b;c,d;e,f", "1,2,3;4,5,6;7,8,9", "1,2;3;4,5", "nan,1;2,3;4,5", "200,1;2,3;4,5",
     ";".join(["1,1"] * 501)],
)  # fmt: skip
def test_a_broken_area_says_what_would_be_right(text):
    with pytest.raises(InputError) as error:
        parse_area(text)
    assert error.value.code == "area_invalid"


@given(
    st.lists(st.tuples(st.floats(-0.9, 0.9), st.floats(0.3, 0.9)), min_size=3, max_size=9),
    st.integers(0, 2**32 - 1),
)
def test_inside_agrees_with_shapely(spokes, seed):
    turns = np.linspace(0, 2 * np.pi, len(spokes), endpoint=False)
    ring = np.array(
        [[120 + r * np.cos(a), 31 + r * np.sin(a)] for a, (_, r) in zip(turns, spokes, strict=True)]
    )
    polygon = Polygon(ring)
    rng = np.random.default_rng(seed)
    lon, lat = 120 + rng.uniform(-1, 1, 200), 31 + rng.uniform(-1, 1, 200)
    assert (inside(lon, lat, ring) == contains_xy(polygon, lon, lat)).all()


def test_a_point_without_a_position_is_outside_every_area():
    area = parse_area("119,31;121,31;121,33;119,33")
    assert inside(np.array([np.nan, 120.0]), np.array([32.0, 32.0]), area).tolist() == [False, True]
