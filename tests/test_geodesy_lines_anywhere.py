"""Lines of any shape between 85°S and 85°N: both ways of search find what a dense sampling finds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoaq import geodesy
from geoaq.geodesy import lines

GEOD = Geod(ellps="WGS84")
SAMPLES = 2_001


@settings(max_examples=40, deadline=None)
@given(
    lon=st.floats(-179.0, 178.9),
    lat=st.floats(-84.0, 84.0),
    corners=st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)), min_size=3, max_size=8),
    points=st.lists(st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6)), min_size=1, max_size=5),
    reach_m=st.floats(0.0, 50_000.0),
)
def test_no_search_misses_what_sampling_finds(
    lon: float,
    lat: float,
    corners: list[tuple[float, float]],
    points: list[tuple[float, float]],
    reach_m: float,
) -> None:
    # To nine decimals, a tenth of a millimetre: an edge of less than a micrometre is none.
    corner = np.round(np.array(corners) + np.array([lon, lat]), 9)
    edges = np.column_stack([corner[:-1], corner[1:]])
    group = np.arange(len(edges)) % 2
    index = geodesy.build_lines(*edges.T, group)
    x, y = np.round(np.array(points) + np.array([lon, lat]), 9).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "COMPILED_FROM", 10**9)
        tree = geodesy.lines_within(index, x, y, reach_m=reach_m)
        patch.setattr(lines, "COMPILED_FROM", 0)
        cells = geodesy.lines_within(index, x, y, reach_m=reach_m)
    # Points whose distance equals the reach to the last nanometre may fall on either side of it.
    clear = np.abs(tree.distance_m - reach_m) > 1e-7
    assert set(keys(tree.rows(clear))) <= set(keys(cells))
    assert set(keys(cells.rows(np.abs(cells.distance_m - reach_m) > 1e-7))) <= set(keys(tree))
    found = dict(zip(keys(tree), tree.distance_m, strict=True))
    for key, distance in zip(keys(cells), cells.distance_m, strict=True):
        assert abs(found.get(key, distance) - distance) < 1e-8

    share = np.linspace(0.0, 1.0, SAMPLES)[:, None]
    for g in range(index.n_groups):
        some = edges[(group == g) & (edges[:, :2] != edges[:, 2:]).any(1)]
        if len(some) == 0:
            continue
        place = np.concatenate([(1.0 - share) * edge[:2] + share * edge[2:] for edge in some])
        step = max(float(np.asarray(GEOD.inv(*edge)[2])) for edge in some) / (SAMPLES - 1)
        for i in range(x.size):
            start = np.full(len(place), x[i]), np.full(len(place), y[i])
            sampled = float(np.asarray(GEOD.inv(*start, *place.T)[2]).min())
            exact = found.get((i, g))
            if exact is None:
                assert sampled > reach_m - 1e-7
            else:
                # The nearest sample lies within half a step of the foot; edges near a pole run unevenly.
                assert exact - 1e-7 <= sampled <= exact + 2.0 * step


def keys(hits: geodesy.LineHits) -> list[tuple[int, int]]:
    return list(zip(hits.subject.tolist(), hits.group.tolist(), strict=True))


@pytest.mark.parametrize("latitude", [0.0, 30.0, 53.0])
@pytest.mark.parametrize("distance_m", [120_000.0, 900_000.0, 3_000_000.0])
def test_beyond_the_closed_form_the_nearest_is_that_of_geod(latitude: float, distance_m: float) -> None:
    random = np.random.default_rng(12)
    corner = np.column_stack([100.0 + random.uniform(-1.0, 1.0, 9), latitude + random.uniform(-1.0, 1.0, 9)])
    index = geodesy.build_lines(*corner[:-1].T, *corner[1:].T, np.zeros(8, int))
    x, y, _ = (
        np.asarray(v)
        for v in GEOD.fwd(
            np.full(12, 100.0), np.full(12, latitude), np.arange(12) * 30.0, np.full(12, distance_m)
        )
    )
    near = geodesy.nearest_of_groups(index, x, y)
    within = geodesy.lines_within(index, x, y, reach_m=2.0 * distance_m + 300_000.0)
    assert np.array_equal(near.distance_m, within.distance_m)
    share = np.linspace(0.0, 1.0, 4_001)[:, None]
    place = np.concatenate([(1.0 - share) * a + share * b for a, b in pairwise(corner)])
    for i in range(12):
        start = np.full(len(place), x[i]), np.full(len(place), y[i])
        sampled = float(np.asarray(GEOD.inv(*start, *place.T)[2]).min())
        assert near.distance_m[i] - 1e-6 <= sampled <= near.distance_m[i] + 40.0
    azimuth = np.asarray(GEOD.inv(x, y, near.foot_lon, near.foot_lat)[0])
    assert np.abs((azimuth - near.bearing_deg + 180.0) % 360.0 - 180.0).max() < 2e-5
