"""Exact distance: whatever way is taken, the answer is that of pyproj.Geod."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geoaq import geodesy
from geoaq.errors import InputError
from geoaq.geodesy import ellipsoid

GEOD = Geod(ellps="WGS84")
RADIUS_M = 30_000.0


@pytest.fixture(params=["tree", "cells"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Force one of the two ways, whatever the number of points."""
    monkeypatch.setattr(geodesy, "COMPILED_FROM", 0 if request.param == "cells" else 10**9)
    return str(request.param)


@pytest.fixture(scope="module")
def plants(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "layers" / "data" / "coal-power-plants.csv")


def placed(
    lon: np.ndarray, lat: np.ndarray, azimuth: np.ndarray, distance_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    x, y, _ = GEOD.fwd(lon, lat, azimuth, distance_m)
    return np.asarray(x), np.asarray(y)


def all_pairs(x: np.ndarray, y: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    i, j = (a.ravel() for a in np.meshgrid(np.arange(x.size), np.arange(u.size), indexing="ij"))
    return np.asarray(GEOD.inv(x[i], y[i], u[j], v[j])[2]).reshape(x.size, u.size)


def assert_pairs_are_those_of_geod(pairs: geodesy.Pairs, distance: np.ndarray, radius_m: float) -> None:
    expected = {(int(i), int(j)) for i, j in zip(*np.nonzero(distance <= radius_m), strict=True)}
    assert set(zip(pairs.subject.tolist(), pairs.anchor.tolist(), strict=True)) == expected
    assert len(pairs.subject) == len(expected)
    assert np.abs(distance[pairs.subject, pairs.anchor] - pairs.distance_m).max(initial=0.0) < 1e-8
    assert (np.diff(pairs.subject) >= 0).all()
    same = np.diff(pairs.subject) == 0
    assert (np.diff(pairs.distance_m)[same] >= 0.0).all()


# --- the predicate


@pytest.mark.parametrize("spread_m", [50.0, 1e-3, 1e-6])
def test_no_boiler_at_thirty_kilometres_of_a_real_plant_is_misjudged(
    way: str, plants: pd.DataFrame, spread_m: float
) -> None:
    random = np.random.default_rng(7)
    n = 20_000
    plant = random.integers(0, len(plants), n)
    u, v = plants["lon"].to_numpy(), plants["lat"].to_numpy()
    x, y = placed(
        u[plant], v[plant], random.uniform(-180, 180, n), RADIUS_M + random.uniform(-spread_m, spread_m, n)
    )
    pairs = geodesy.pairs_within(x, y, u, v, radius_m=RADIUS_M)
    found = np.zeros(n, bool)
    found[pairs.subject[pairs.anchor == plant[pairs.subject]]] = True
    truly = np.asarray(GEOD.inv(x, y, u[plant], v[plant])[2])
    assert int((found != (truly <= RADIUS_M)).sum()) == 0
    assert 0.3 < found.mean() < 0.7

    expected = GEOD.inv(x[pairs.subject], y[pairs.subject], u[pairs.anchor], v[pairs.anchor])[2]
    assert np.abs(np.asarray(expected) - pairs.distance_m).max() < 1e-8
    assert (pairs.distance_m <= RADIUS_M).all()
    few = slice(0, 300)
    in_few = pairs.subject < 300
    assert_pairs_are_those_of_geod(
        geodesy.Pairs(*(column[in_few] for column in pairs)), all_pairs(x[few], y[few], u, v), RADIUS_M
    )


@pytest.mark.parametrize(
    "latitude", [-89.99, -60.0, -0.1, 0.0, 3.0, 18.0, 30.0, 41.0, 54.0, 75.0, 89.99, 90.0]
)
@pytest.mark.parametrize("longitude", [-180.0, 0.0, 104.7, 179.99])
def test_the_radius_holds_at_every_azimuth_anywhere_on_the_earth(
    way: str, longitude: float, latitude: float
) -> None:
    azimuth = np.repeat(np.arange(-180.0, 180.0, 7.5), 3)
    off = np.tile([-1e-3, 0.0, 1e-3], azimuth.size // 3)
    x, y = placed(np.full(azimuth.size, longitude), np.full(azimuth.size, latitude), azimuth, RADIUS_M + off)
    u, v = np.array([longitude]), np.array([latitude])
    pairs = geodesy.pairs_within(x, y, u, v, radius_m=RADIUS_M)
    assert_pairs_are_those_of_geod(pairs, all_pairs(x, y, u, v), RADIUS_M)
    assert np.isin(np.flatnonzero(off < 0), pairs.subject).all()
    assert not np.isin(np.flatnonzero(off > 0), pairs.subject).any()


@pytest.mark.parametrize("radius_m", [0.0, 1.0, 99_999.0, 100_001.0, 400_000.0, 9_000_000.0, 2.1e7])
def test_any_radius_gives_the_pairs_of_geod(way: str, radius_m: float) -> None:
    random = np.random.default_rng(3)
    u, v = random.uniform(-180, 180, 40), random.uniform(-90, 90, 40)
    x, y = placed(
        np.tile(u, 5),
        np.tile(v, 5),
        random.uniform(-180, 180, 200),
        np.minimum(radius_m, 1.9e7) * np.repeat([0.0, 0.5, 1 - 1e-9, 1 + 1e-9, 1.01], 40),
    )
    pairs = geodesy.pairs_within(x, y, u, v, radius_m=radius_m)
    assert_pairs_are_those_of_geod(pairs, all_pairs(x, y, u, v), radius_m)


def test_the_radius_includes_its_end(way: str) -> None:
    distance = float(GEOD.inv(120.3, 30.2, 120.0, 30.0)[2])
    for radius_m, inside in ((distance, 1), (np.nextafter(distance, 0.0), 0)):
        pairs = geodesy.pairs_within([120.3], [30.2], [120.0], [30.0], radius_m=float(radius_m))
        assert len(pairs.subject) == inside


# --- the nearest


def test_the_nearest_real_plant_is_the_nearest_by_geod(way: str, plants: pd.DataFrame) -> None:
    random = np.random.default_rng(5)
    x, y = random.uniform(73, 136, 400), random.uniform(3, 54, 400)
    u, v = plants["lon"].to_numpy(), plants["lat"].to_numpy()
    index, distance = geodesy.nearest(x, y, u, v)
    expected = all_pairs(x, y, u, v)
    assert np.array_equal(index, expected.argmin(1))
    assert np.abs(distance - expected.min(1)).max() < 1e-8


@pytest.mark.parametrize("distance_m", [20.0, 30_000.0, 90_000.0, 400_000.0, 3_000_000.0])
@pytest.mark.parametrize("off_m", [0.0, 1e-6, 1e-3])
def test_of_two_anchors_almost_equally_far_the_nearer_is_taken(
    way: str, distance_m: float, off_m: float
) -> None:
    # North-south against east-west: the chords are in the wrong order long before the distances are.
    random = np.random.default_rng(11)
    x, y = random.uniform(75, 130, 60), random.uniform(5, 52, 60)
    for k in range(x.size):
        azimuth = random.uniform(-180, 180)
        u, v = placed(
            np.full(2, x[k]),
            np.full(2, y[k]),
            np.array([azimuth, azimuth + 90.0]),
            np.array([distance_m, distance_m + off_m]),
        )
        truly = all_pairs(x[k : k + 1], y[k : k + 1], u, v)[0]
        index, distance = geodesy.nearest(x[k : k + 1], y[k : k + 1], u, v)
        assert index[0] == truly.argmin()
        assert abs(distance[0] - truly.min()) < 1e-8


def test_chords_alone_would_choose_the_wrong_anchor() -> None:
    # Equally far to the north and to the east, 5 mm more to the north: there the chord still is the shorter.
    u, v = placed(
        np.full(2, 110.0), np.full(2, 30.0), np.array([0.0, 90.0]), np.array([100_000.005, 100_000.0])
    )
    chord = np.linalg.norm(
        ellipsoid.earth_centred(u, v) - ellipsoid.earth_centred(np.array([110.0]), np.array([30.0])), axis=1
    )
    assert chord.argmin() == 0
    assert geodesy.nearest([110.0], [30.0], u, v)[0].tolist() == [1]


def test_anchors_at_one_place_give_the_first_of_them(way: str) -> None:
    index, distance = geodesy.nearest([120.0, 121.0], [30.0, 31.0], [121.0, 120.5, 120.5], [31.0, 30.5, 30.5])
    assert index.tolist() == [1, 0]
    assert distance[1] < 1e-8


def test_nearest_works_across_the_date_line_and_at_the_poles(way: str) -> None:
    x, y = np.array([179.95, -179.95, 10.0, -170.0, 0.0]), np.array([10.0, 10.0, 89.9, -89.9, 0.0])
    u, v = np.array([-179.9, 179.0, -160.0, 20.0]), np.array([10.0, 10.0, 90.0, -90.0])
    index, distance = geodesy.nearest(x, y, u, v)
    expected = all_pairs(x, y, u, v)
    assert np.array_equal(index, expected.argmin(1))
    assert np.abs(distance - expected.min(1)).max() < 1e-8


def test_an_anchor_is_not_its_own_nearest(way: str) -> None:
    u, v = np.array([120.0, 120.0, 121.0, 123.0]), np.array([30.0, 30.0, 30.0, 30.0])
    index, distance = geodesy.nearest(u, v, u, v, skip=np.array([0, -1, 2, 3]))
    assert index.tolist() == [1, 0, 0, 2]
    assert distance[:2].max() < 1e-8
    alone = geodesy.nearest([120.0], [30.0], [120.0], [30.0], skip=[0])
    assert alone[0].tolist() == [-1]
    assert np.isnan(alone[1]).all()


# --- what comes in


@pytest.mark.parametrize(
    ("lon", "lat"), [(np.nan, 30.0), (120.0, np.nan), (181.0, 0.0), (0.0, -90.01), (np.inf, 0.0)]
)
def test_an_unusable_position_is_refused_with_its_index(way: str, lon: float, lat: float) -> None:
    for call in (
        lambda: geodesy.nearest([120.0, 121.0, lon], [30.0, 31.0, lat], [120.0], [30.0]),
        lambda: geodesy.pairs_within([120.0, 121.0, lon], [30.0, 31.0, lat], [120.0], [30.0], radius_m=1.0),
        lambda: geodesy.pairs_within([120.0], [30.0], [1.0, 1.0, lon], [1.0, 1.0, lat], radius_m=1.0),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.code == "position_unusable"
        assert caught.value.params["index"] == 2


def test_nothing_comes_of_nothing(way: str) -> None:
    assert [len(part) for part in geodesy.pairs_within([], [], [120.0], [30.0], radius_m=RADIUS_M)] == [
        0,
        0,
        0,
    ]
    assert [len(part) for part in geodesy.pairs_within([120.0], [30.0], [], [], radius_m=RADIUS_M)] == [
        0,
        0,
        0,
    ]
    assert [len(part) for part in geodesy.nearest([], [], [120.0], [30.0])] == [0, 0]
    index, distance = geodesy.nearest([120.0], [30.0], [], [])
    assert index.tolist() == [-1]
    assert np.isnan(distance).all()


def test_columns_of_unlike_length_and_a_negative_radius_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="one length"):
        geodesy.nearest([120.0], [30.0, 31.0], [120.0], [30.0])
    with pytest.raises(ValueError, match="negative"):
        geodesy.pairs_within([120.0], [30.0], [120.0], [30.0], radius_m=-1.0)
