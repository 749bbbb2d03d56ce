"""Exact distance: whatever way is taken, the answer is that of pyproj.Geod."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
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


# --- both ways agree


coordinates = st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))


@settings(max_examples=60, deadline=None)
@given(
    subjects=st.lists(coordinates, min_size=1, max_size=12),
    anchors=st.lists(coordinates, min_size=1, max_size=6),
    radius_m=st.floats(0.0, 2.0e7),
)
def test_cells_and_tree_give_the_same_answer(
    subjects: list[tuple[float, float]], anchors: list[tuple[float, float]], radius_m: float
) -> None:
    x, y = np.array(subjects).T
    u, v = np.array(anchors).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geodesy, "COMPILED_FROM", 10**9)
        tree, tree_nearest = geodesy.pairs_within(x, y, u, v, radius_m=radius_m), geodesy.nearest(x, y, u, v)
        patch.setattr(geodesy, "COMPILED_FROM", 0)
        cells, cells_nearest = (
            geodesy.pairs_within(x, y, u, v, radius_m=radius_m),
            geodesy.nearest(x, y, u, v),
        )
    assert np.array_equal(tree.subject, cells.subject)
    assert sorted(zip(tree.subject, tree.anchor, strict=True)) == sorted(
        zip(cells.subject, cells.anchor, strict=True)
    )
    assert np.abs(tree.distance_m - cells.distance_m).max(initial=0.0) < 1e-8
    assert np.array_equal(tree_nearest[0], cells_nearest[0])
    assert np.abs(tree_nearest[1] - cells_nearest[1]).max() < 1e-8


@settings(max_examples=60, deadline=None)
@given(points=st.lists(coordinates, min_size=2, max_size=8), radius_m=st.floats(1.0, 2.0e6))
def test_within_is_symmetric(points: list[tuple[float, float]], radius_m: float) -> None:
    x, y = np.array(points).T
    half = len(points) // 2
    there = geodesy.pairs_within(x[:half], y[:half], x[half:], y[half:], radius_m=radius_m)
    back = geodesy.pairs_within(x[half:], y[half:], x[:half], y[:half], radius_m=radius_m)
    sure = [np.abs(side.distance_m - radius_m) > 1e-6 for side in (there, back)]
    assert sorted(zip(there.subject[sure[0]], there.anchor[sure[0]], strict=True)) == sorted(
        zip(back.anchor[sure[1]], back.subject[sure[1]], strict=True)
    )


@pytest.mark.parametrize("anchors", [1, 2000])
def test_a_long_list_takes_the_cells_and_equals_the_tree(
    anchors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(2)
    u, v = random.uniform(100, 125, anchors), random.uniform(20, 45, anchors)
    n = geodesy.COMPILED_FROM
    x, y = random.uniform(98, 127, n), random.uniform(18, 47, n)
    taken = []
    monkeypatch.setattr(geodesy, "tree_pairs", lambda *_: taken.append("tree"))
    cells = geodesy.pairs_within(x, y, u, v, radius_m=RADIUS_M), geodesy.nearest(x, y, u, v)
    assert taken == []
    monkeypatch.undo()
    monkeypatch.setattr(geodesy, "COMPILED_FROM", n + 1)
    tree = geodesy.pairs_within(x, y, u, v, radius_m=RADIUS_M), geodesy.nearest(x, y, u, v)
    assert np.array_equal(cells[0].subject, tree[0].subject)
    assert np.array_equal(cells[0].anchor, tree[0].anchor)
    assert np.array_equal(cells[1][0], tree[1][0])
    assert np.abs(cells[1][1] - tree[1][1]).max() < 1e-8


def test_more_pairs_than_there_is_room_for_are_written_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    from geoaq.geodesy import cells

    monkeypatch.setattr(geodesy, "COMPILED_FROM", 0)
    monkeypatch.setattr(cells, "_PAIR_ROOM", 7)
    x, y = np.full(50, 120.0), np.linspace(30.0, 30.1, 50)
    u, v = np.full(5, 120.0), np.linspace(30.0, 30.1, 5)
    pairs = geodesy.pairs_within(x, y, u, v, radius_m=RADIUS_M)
    assert_pairs_are_those_of_geod(pairs, all_pairs(x, y, u, v), RADIUS_M)
    assert len(pairs.subject) == 250


def test_lists_too_long_for_memory_are_left_to_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    from geoaq import geodesy_kernels

    monkeypatch.setattr(geodesy, "COMPILED_FROM", 0)
    monkeypatch.setattr(geodesy_kernels, "cell_lists", lambda *_: None)
    pairs = geodesy.pairs_within([120.0], [30.0], [120.1], [30.0], radius_m=RADIUS_M)
    assert pairs.anchor.tolist() == [0]
    assert geodesy.nearest([120.0], [30.0], [120.1], [30.0])[0].tolist() == [0]


# --- the bounds that the search rests on


@pytest.mark.parametrize("length_m", [1.0, 1_000.0, 30_000.0, 50_000.0, 99_999.0])
def test_the_closed_form_equals_geod_within_ten_nanometres_up_to_its_limit(length_m: float) -> None:
    random = np.random.default_rng(1)
    n = 20_000
    lon, lat = random.uniform(-180, 180, n), np.degrees(np.arcsin(random.uniform(-1, 1, n)))
    to_lon, to_lat = placed(lon, lat, random.uniform(-180, 180, n), np.full(n, length_m))
    expected = np.asarray(GEOD.inv(lon, lat, to_lon, to_lat)[2])
    found = ellipsoid.arc_of_chord(ellipsoid.earth_centred(lon, lat), ellipsoid.earth_centred(to_lon, to_lat))
    assert np.abs(found - expected).max() < 1e-8


@pytest.mark.parametrize("length_m", [30_000.0, 1e6, 5e6, 1e7, 1.9e7])
def test_no_chord_is_longer_than_the_ceiling_nor_shorter_than_the_narrow_arc(length_m: float) -> None:
    random = np.random.default_rng(4)
    n = 5_000
    lon, lat = random.uniform(-180, 180, n), np.degrees(np.arcsin(random.uniform(-1, 1, n)))
    to_lon, to_lat = placed(lon, lat, random.uniform(-180, 180, n), np.full(n, length_m))
    length = np.asarray(GEOD.inv(lon, lat, to_lon, to_lat)[2]).min()
    chord = np.linalg.norm(
        ellipsoid.earth_centred(lon, lat) - ellipsoid.earth_centred(to_lon, to_lat), axis=1
    )
    assert (chord <= ellipsoid.chord_ceiling(length_m)).all()
    narrow = ellipsoid.SEMI_MINOR_M**2 / ellipsoid.SEMI_MAJOR_M
    assert (chord >= 2 * narrow * np.sin(length / (2 * narrow)) - 1e-6).all()


def test_the_quick_bound_on_rivals_is_never_below_the_exact_one() -> None:
    chord = np.geomspace(1e-3, 500_000.0, 2_000)
    assert (chord + 2.2e-17 * chord**3 + 2e-6 >= ellipsoid.chord_rival(chord)).all()


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


# --- the picture


@pytest.mark.parametrize(
    ("lon", "lat"), [(110.0, 18.3), (120.1, 30.2), (125.3, 43.8), (122.5, 53.4), (-70.0, -50.0)]
)
def test_picture_and_verdict_agree_but_for_the_sagitta_of_the_corners(lon: float, lat: float) -> None:
    polygon = geodesy.disc(lon, lat, radius_m=RADIUS_M)
    corners = np.array(polygon.exterior.coords)
    assert len(corners) == 4 * 64 + 1
    off = np.asarray(GEOD.inv(np.full(257, lon), np.full(257, lat), *corners.T)[2]) - RADIUS_M
    assert np.abs(off).max() < 1e-6
    assert polygon.exterior.is_ccw

    # Edges are straight in degrees: inside the circle by the sagitta, beyond it by a bulge of centimetres.
    sagitta = RADIUS_M * (1 - np.cos(np.pi / 4 / 64))
    azimuth = np.arange(-180.0, 180.0, 0.13)
    for distance_m, inside in ((RADIUS_M - sagitta - 0.5, True), (RADIUS_M + 0.5, False)):
        x, y = placed(
            np.full(azimuth.size, lon), np.full(azimuth.size, lat), azimuth, np.full(azimuth.size, distance_m)
        )
        assert (shapely.contains_xy(polygon, x, y) == inside).all()
        pairs = geodesy.pairs_within(x, y, [lon], [lat], radius_m=RADIUS_M)
        assert len(pairs.subject) == (azimuth.size if inside else 0)


@pytest.mark.parametrize(("lon", "lat", "radius_m"), [(179.9, 0.0, 3e4), (0.0, 89.9, 3e4), (0.0, 0.0, 1.5e7)])
def test_a_disc_that_no_flat_map_holds_is_refused(lon: float, lat: float, radius_m: float) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        geodesy.disc(lon, lat, radius_m=radius_m)


# --- the compiler stays away until it pays


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(geodesy.__file__).parents[2],
    )
    return done.stdout.strip()


def test_a_short_list_never_loads_the_compiler() -> None:
    code = (
        "import sys; from geoaq import geodesy;"
        "geodesy.pairs_within([120.0], [30.0], [120.1], [30.0], radius_m=3e4);"
        "geodesy.nearest([120.0], [30.0], [120.1], [30.0]);"
        "print('numba' in sys.modules)"
    )
    assert run(code) == "False"


def test_importing_the_module_loads_neither_scipy_nor_pyproj() -> None:
    code = "import sys, geoaq.geodesy; print([m for m in ('numba', 'scipy', 'pyproj') if m in sys.modules])"
    assert run(code) == "[]"


def test_machine_code_is_kept_in_the_data_folder(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    code = "from geoaq import geodesy_kernels as k; print(k.cache_folder())"
    folder = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "GEOAQ_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(geodesy.__file__).parents[2],
    ).stdout.strip()
    assert Path(folder).parent == tmp_path / "cache" / "numba"
    assert Path(folder).is_dir()


def test_where_nothing_can_be_written_code_is_made_anew(tmp_path: Path) -> None:
    wall = tmp_path / "file"
    wall.touch()
    code = (
        "from geoaq import geodesy_kernels as k; import numpy as np;"
        "print(k.cache_folder(), k.occupy(np.array([120.0]), np.array([99.0]), np.zeros(9, np.bool_)))"
    )
    assert run(code, NUMBA_CACHE_DIR=str(wall / "numba")) == "None 0"
