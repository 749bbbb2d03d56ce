"""The short way and the long way to a distance: equal answers, proven bounds, no compiler until it pays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoaq import geodesy
from geoaq.geodesy import ellipsoid

GEOD = Geod(ellps="WGS84")
RADIUS_M = 30_000.0


def placed(
    lon: np.ndarray, lat: np.ndarray, azimuth: np.ndarray, distance_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    x, y, _ = GEOD.fwd(lon, lat, azimuth, distance_m)
    return np.asarray(x), np.asarray(y)


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
    assert np.array_equal(pairs.subject, np.repeat(np.arange(50), 5))
    assert (np.sort(pairs.anchor.reshape(50, 5), axis=1) == np.arange(5)).all()
    assert (np.diff(pairs.distance_m.reshape(50, 5), axis=1) >= 0.0).all()


def test_lists_too_long_for_memory_are_left_to_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    from geoaq.geodesy import grid

    monkeypatch.setattr(geodesy, "COMPILED_FROM", 0)
    monkeypatch.setattr(grid, "cell_lists", lambda *_: None)
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
    code = "from geoaq.geodesy import compiler; print(compiler.cache_folder())"
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
        "from geoaq.geodesy import compiler, grid; import numpy as np;"
        "found = grid.occupy(np.array([120.0]), np.array([99.0]), np.zeros(9, np.bool_));"
        "print(compiler.cache_folder(), found)"
    )
    assert run(code, NUMBA_CACHE_DIR=str(wall / "numba")) == "None 0"
