"""Other projects in the same strip: who counts, on either side, from this list and from others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pyproj import Geod

from geoaq.flows.border.cumulative import MOST_NAMED, members, near_projects


def listed(points: list[tuple[float, float]], prefix: str = "P") -> pd.DataFrame:
    n = len(points)
    return pd.DataFrame(points, columns=["lon", "lat"]).assign(
        row=range(2, n + 2), part=0, subject_id=[f"{prefix}{k}" for k in range(n)], name=prefix
    )


def strips(*rows: tuple[int, str, str, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["subject", "home", "neighbour", "truth", "kind"])


def test_projects_on_both_sides_of_one_line_stand_in_one_strip():
    subjects = listed([(119.0, 31.0), (119.2, 31.0), (119.4, 31.0), (100.0, 31.0)])
    pairs = strips(
        (0, "330000", "340000", 1, "land"),
        (1, "340000", "330000", 2, "land"),
        (2, "330000", "340000", 0, "land"),
        (3, "510000", "500000", 1, "land"),
    )
    near = near_projects(members(subjects, pairs))
    assert near.count.tolist() == [1, 1, 0, 0]
    assert near.named["subject"].tolist() == [0, 1]
    assert near.named["other_id"].tolist() == ["P1", "P0"]
    assert near.named["strips"].tolist() == ["330000-340000"] * 2
    metres = Geod(ellps="WGS84").inv(119.0, 31.0, 119.2, 31.0)[2]
    assert np.allclose(near.named["distance_m"], metres, atol=1e-6)


def test_a_project_in_two_strips_counts_each_other_project_once():
    subjects = listed([(119.6, 31.0), (119.7, 31.0), (119.8, 31.0)])
    pairs = strips(
        (0, "340000", "330000", 1, "land"),
        (0, "340000", "320000", 1, "land"),
        (1, "330000", "340000", 1, "land"),
        (1, "340000", "320000", 2, "land"),
        (2, "320000", "340000", 1, "land"),
    )
    near = near_projects(members(subjects, pairs))
    assert near.count.tolist() == [2, 2, 2]
    first = near.named[near.named["subject"] == 0]
    assert first["other_id"].tolist() == ["P1", "P2"]
    assert first["strips"].tolist() == ["320000-340000;330000-340000", "320000-340000"]


def test_a_coast_is_no_strip_and_an_other_line_is_none_either():
    subjects = listed([(110.1, 20.2), (110.2, 20.2)])
    pairs = strips((0, "440000", "460000", 2, "sea"), (1, "440000", "460000", 2, "sea"))
    assert near_projects(members(subjects, pairs)).count.tolist() == [0, 0]


def test_projects_of_other_lists_count_and_one_that_stands_in_both_counts_once():
    pairs = strips((0, "330000", "340000", 1, "land"), (1, "330000", "340000", 1, "land"))
    own = members(listed([(119.0, 31.0), (119.1, 31.0)]), pairs)
    other = members(listed([(119.0, 31.0), (119.3, 31.0)]).assign(subject_id=["P0", "Q9"]), pairs, number=1)
    near = near_projects(own, [other])
    assert near.count.tolist() == [2, 2]
    assert near.named[["subject", "list", "other_id"]].to_numpy().tolist() == [
        [0, 0, "P1"],
        [0, 1, "Q9"],
        [1, 0, "P0"],
        [1, 1, "Q9"],
    ]


def test_only_the_nearest_are_named_and_all_are_counted():
    n = 3 * MOST_NAMED
    subjects = listed([(119.0 + 0.01 * k, 31.0) for k in range(n)])
    pairs = strips(*((k, "330000", "340000", 1, "land") for k in range(n)))
    near = near_projects(members(subjects, pairs))
    assert set(near.count.tolist()) == {n - 1}
    first = near.named[near.named["subject"] == 0]
    assert first["other_id"].tolist() == [f"P{k}" for k in range(1, MOST_NAMED + 1)]
