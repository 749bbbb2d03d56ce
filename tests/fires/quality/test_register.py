from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from geoaq.fires.quality import REGISTER, learn
from geoaq.fires.quality.register import core_clusters
from geoaq.geodesy.ellipsoid import earth_centred
from tests.fires.quality.toy import RULE, pixels, seconds

START, AS_OF = date(2024, 1, 1), date(2025, 7, 1)


def hits(days: list[int], seed: int = 0, spread: float = 0.001, **said: Any) -> list[dict[str, Any]]:
    """Return one pixel a day around 126° E, 46° N, on days counted from 1 January 2024."""
    random = np.random.default_rng(seed)
    place = {"lon": 126.0, "lat": 46.0} | said
    return [
        place
        | {
            "acquired": seconds(START + timedelta(days=day), 18),
            "daynight": 0,
            "lon": place["lon"] + random.normal(0.0, spread),
            "lat": place["lat"] + random.normal(0.0, spread),
        }
        for day in days
    ]


def register(rows: list[dict[str, Any]], known: pd.DataFrame | None = None, **rule: Any) -> pd.DataFrame:
    own = replace(RULE, register=replace(RULE.register, **rule))
    return learn(pixels(rows), as_of=AS_OF, known=known, rule=own)


def partition(rows: npt.NDArray[Any], labels: npt.NDArray[Any]) -> set[frozenset[int]]:
    return {frozenset(rows[labels == label].tolist()) for label in np.unique(labels)}


def by_every_pair(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], days: npt.NDArray[np.int32], least: int
) -> set[frozenset[int]]:
    """Return clusters of cores by the definition, comparing every pair."""
    xyz = earth_centred(lon, lat)
    near = np.sqrt(((xyz[:, None] - xyz[None]) ** 2).sum(axis=2)) <= 500.0
    core = np.flatnonzero([len(set(days[row])) >= least for row in near])
    left, found = set(core.tolist()), set()
    while left:
        grown, edge = set(), [left.pop()]
        while edge:
            here = edge.pop()
            grown.add(here)
            more = {there for there in left if near[here, there]}
            left -= more
            edge += more
        found.add(frozenset(grown))
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(2, 250),
    st.sampled_from([0.002, 0.01, 0.03]),
    st.sampled_from([0.0, 22.0, 53.0, -33.0]),
    st.integers(2, 6),
)
def test_clusters_of_cores_are_those_of_the_definition(
    seed: int, n: int, spread: float, lat: float, least: int
) -> None:
    random = np.random.default_rng(seed)
    x, y = 110.0 + random.normal(0.0, spread, n), lat + random.normal(0.0, spread, n)
    days = random.integers(20_000, 20_012, n).astype(np.int32)
    rows, labels = core_clusters(x, y, days, distance_m=500.0, least=least)
    assert partition(rows, labels) == by_every_pair(x, y, days, least)


def test_with_one_pixel_a_day_clusters_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(7)
    n = 4000
    middle = random.uniform([100.0, 20.0], [101.0, 50.0], (60, 2))[random.integers(0, 60, n)]
    x, y = (middle + random.normal(0.0, 0.006, (n, 2))).T
    days = np.arange(n, dtype=np.int32)
    rows, labels = core_clusters(x, y, days, distance_m=500.0, least=5)
    peer = DBSCAN(eps=500.0, min_samples=5).fit(earth_centred(x, y))
    own = peer.core_sample_indices_
    assert len(own) > 1000
    assert partition(rows, labels) == partition(own, peer.labels_[own])


def test_a_furnace_is_learned_with_what_is_known_of_it() -> None:
    rows = hits(list(range(0, 540, 6)), frp_mw=2.0)
    found = register(rows)
    assert list(found.columns) == list(REGISTER)
    assert found.dtypes.astype(str).to_dict() == REGISTER
    (only,) = found.to_dict("records")
    assert only["lon"] == pytest.approx(126.0, abs=5e-4)
    assert only["lat"] == pytest.approx(46.0, abs=5e-4)
    assert only["radius_m"] < 400.0
    assert only["days"] == 90
    assert 20 < only["days_outside"] < 70
    assert only["span_days"] == 534
    assert only["night_share"] == 1.0
    assert only["frp_median_mw"] == only["frp_p95_mw"] == 2.0
    assert only["last"] == max(row["acquired"] for row in rows)
    assert only["expires"] == only["last"] + 180 * 86_400
    assert only["learned_as_of"] == seconds(AS_OF, 0)


SPRING = [day + year for year in (0, 366) for day in range(70, 120, 5)]
REST = [170, 200, 230, 350, 380]


@pytest.mark.parametrize(
    ("rows", "sources"),
    [
        (hits([400] * 60), 0),  # a burst: many pixels, one day
        (hits(SPRING), 0),  # every spring, and never outside
        (hits([*SPRING, *REST]), 1),
        (hits([*SPRING, *REST[:2]]), 0),  # only two days outside
        (hits(list(range(400, 480, 2))), 0),  # 79 days from first to last
        (hits(list(range(160, 280, 6))), 0),  # long cold: no hit for more than 180 days
        (hits([*REST, 410, 415]), 0),  # seven days
        (hits([*REST, 410, 415, 420]), 1),
        (hits([*REST, 410, 415, 420], kind="camera"), 0),
        (hits([*REST, 410, 415, 420], scan_km=2.0, track_km=2.0), 0),
        (hits([*REST, 410, 415, 420], scan_km=np.nan), 0),
        (hits(list(range(0, 540, 2)), spread=0.2), 0),  # strewn over 40 km
        (hits([*SPRING * 4, *REST], seed=3), 1),
        ([], 0),
    ],
)
def test_a_source_is_hot_on_many_days_over_a_long_time_and_outside_the_windows(
    rows: list[dict[str, Any]], sources: int
) -> None:
    assert len(register(rows)) == sources


def test_fields_that_hang_together_are_no_source_for_a_few_days_outside() -> None:
    rows = [row for k in range(12) for row in hits(SPRING, seed=k, lon=126.0 + 0.003 * k)]
    assert len(register(rows + hits([170, 200, 230], lon=126.015))) == 0
    assert len(register(rows + hits(list(range(140, 260, 2)), lon=126.015))) == 1


def test_pixels_of_the_day_or_later_change_nothing() -> None:
    rows = hits(list(range(0, 540, 6)))
    later = hits([*range(547, 640), *range(547, 640)], lon=126.05) + hits(list(range(547, 640)), frp_mw=99.0)
    edge = [{"acquired": seconds(AS_OF, 0)}]
    pd.testing.assert_frame_equal(register(rows), register(rows + later + edge))


def test_pixels_older_than_the_months_looked_at_change_nothing() -> None:
    rows = hits(list(range(0, 540, 6)))
    old = [row | {"acquired": row["acquired"] - 800 * 86_400} for row in rows]
    pd.testing.assert_frame_equal(register(rows), register(old + rows))


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_pixels_changes_nothing(random: Any) -> None:
    rows = hits(list(range(0, 540, 4)), spread=0.004) + hits(list(range(2, 540, 5)), lon=126.2, lat=45.9)
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(register(rows), register(shuffled))


def test_a_source_keeps_its_id_and_a_new_one_gets_its_own() -> None:
    early = [row for row in hits(list(range(0, 540, 6))) if row["acquired"] < seconds(date(2025, 1, 1))]
    rule = RULE
    first = learn(pixels(early), as_of=date(2025, 1, 1), known=None, rule=rule)
    more = hits(list(range(0, 540, 6))) + hits(list(range(300, 540, 3)), lon=126.1)
    second = register(more, known=first)
    assert len(second) == 2
    assert first["source"].iloc[0] in second["source"].tolist()
    fresh = register(more)
    pd.testing.assert_frame_equal(
        fresh.drop(columns="source").sort_values("lon", ignore_index=True),
        second.drop(columns="source").sort_values("lon", ignore_index=True),
    )


def test_an_id_is_given_once_though_two_sources_lie_near_the_known_one() -> None:
    rows = hits(list(range(0, 540, 6)), spread=0.0002, lon=125.991) + hits(
        list(range(0, 540, 6)), spread=0.0002, lon=126.008
    )
    known = register(hits(list(range(0, 540, 6)), spread=0.0002))
    found = register(rows, known=known)
    assert len(set(found["source"])) == 2
    kept = found.loc[found["source"] == known["source"].iloc[0], "lon"].iloc[0]
    assert abs(kept - known["lon"].iloc[0]) == pytest.approx(abs(found["lon"] - known["lon"].iloc[0]).min())


def test_a_steelworks_of_kilometres_is_cut_into_sources() -> None:
    rows = [row for k in range(24) for row in hits(list(range(k % 5, 540, 5)), seed=k, lon=126.0 + 0.004 * k)]
    found = register(rows)
    assert len(found) > 2
    assert (found["radius_m"] <= RULE.register.largest_m).all()
    assert found["lon"].max() - found["lon"].min() > 0.05


def test_the_percentile_of_a_source_is_that_of_its_strongest_satellite() -> None:
    rows = hits(list(range(0, 540, 3)), frp_mw=1.0)
    coarse = [row | {"satellite": "terra", "frp_mw": 12.0} for row in rows[: RULE.burst_hits]]
    assert register(rows + coarse)["frp_p95_mw"].iloc[0] == 12.0
    assert register(rows + coarse[1:])["frp_p95_mw"].iloc[0] == 1.0
