"""Exact distance to lines: for every border and both ways of search, the least that Geod finds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from geoaq import geodesy
from geoaq.build.sources import read_boundaries
from geoaq.errors import InputError
from geoaq.geodesy import LineIndex, line_cells, line_pieces, lines
from geoaq.zones.border.derive import Edges, shared_edges

GEOD = Geod(ellps="WGS84")
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
STRIP_M = 20_000.0


@pytest.fixture(params=["tree", "cells"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Force one of the two ways, whatever the number of points."""
    monkeypatch.setattr(lines, "COMPILED_FROM", 0 if request.param == "cells" else 10**9)
    return str(request.param)


@pytest.fixture(scope="module")
def china(root: Path) -> Edges:
    counties = read_boundaries("amap", root / "layers" / "data" / "place-aliases.toml")
    return shared_edges(counties.polygons, counties.counties["province_adcode"].to_numpy(str))


@pytest.fixture(scope="module")
def borders(china: Edges) -> LineIndex:
    start, end, group = china.shared
    return geodesy.build_lines(*start.T, *end.T, group, n_groups=len(china.pairs))


def least_by_geod(lon: float, lat: float, edges: np.ndarray) -> float:
    """Return the least geodesic to edges straight in degrees: Geod alone, sampled, then golden section."""
    share = np.linspace(0.0, 1.0, 5)
    sampled = np.stack([along(lon, lat, edges, np.full(len(edges), s)) for s in share])
    longest = np.asarray(GEOD.inv(*edges.T)[2])
    near = np.flatnonzero(sampled.min(0) - longest <= sampled.min())
    some = edges[near]
    best = sampled[:, near].argmin(0)
    low, high = share[np.maximum(best - 1, 0)], share[np.minimum(best + 1, 4)]
    for _ in range(40):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        nearer = along(lon, lat, some, left) < along(lon, lat, some, right)
        low, high = np.where(nearer, low, left), np.where(nearer, right, high)
    return float(min(along(lon, lat, some, 0.5 * (low + high)).min(), sampled.min()))


def along(lon: float, lat: float, edges: np.ndarray, share: np.ndarray) -> np.ndarray:
    place = (1.0 - share)[:, None] * edges[:, :2] + share[:, None] * edges[:, 2:]
    start = np.full(len(edges), lon), np.full(len(edges), lat)
    return np.asarray(GEOD.inv(*start, place[:, 0], place[:, 1])[2])


def placed_beside(china: Edges, each: int, distance_m: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return points at distances from places on every pair's line, and the pair of each."""
    random = np.random.default_rng(20261122)
    start, end, group = china.shared
    chosen = np.concatenate(
        [random.choice(np.flatnonzero(group == pair), each) for pair in range(len(china.pairs))]
    )
    share = random.uniform(0.0, 1.0, (chosen.size, 1))
    place = (1.0 - share) * start[chosen] + share * end[chosen]
    azimuth = random.uniform(-180.0, 180.0, chosen.size)
    lon, lat, _ = GEOD.fwd(*place.T, azimuth, np.resize(distance_m, chosen.size))
    return np.asarray(lon), np.asarray(lat), group[chosen]


# --- against Geod


def test_the_distance_to_every_border_is_the_least_that_geod_finds(
    china: Edges, borders: LineIndex, way: str
) -> None:
    assert len(china.pairs) == 70
    lon, lat, _ = placed_beside(china, 3, np.array([1.0, 300.0, 4_000.0, 12_000.0, 20_000.0, 24_900.0]))
    hits = geodesy.lines_within(borders, lon, lat, reach_m=25_000.0)
    start, end, group = china.shared
    edges = np.column_stack([start, end])
    assert set(hits.group.tolist()) == set(range(70))
    assert (np.bincount(hits.subject, minlength=lon.size) >= 1).all()
    for k in range(hits.subject.size):
        i = hits.subject[k]
        close = (
            (group == hits.group[k])
            & (np.abs(edges[:, 1] - lat[i]) < 0.8)
            & (np.abs(edges[:, 0] - lon[i]) < 1.2)
        )
        assert abs(hits.distance_m[k] - least_by_geod(lon[i], lat[i], edges[close])) < 1e-7
    foot = np.asarray(GEOD.inv(lon[hits.subject], lat[hits.subject], hits.foot_lon, hits.foot_lat))
    assert np.abs(foot[2] - hits.distance_m).max() < 1e-8
    turned = (foot[0] - hits.bearing_deg + 180.0) % 360.0 - 180.0
    assert np.abs(turned[hits.distance_m > 0.5]).max() < 2e-5
    assert (hits.bearing_deg >= 0.0).all()
    assert (hits.bearing_deg < 360.0).all()


def test_a_metre_inside_and_a_metre_outside_the_strip_are_told_apart(
    china: Edges, borders: LineIndex, way: str
) -> None:
    """Points moved along the bearing until their nearest border is 20 km away, then a metre more or less."""
    lon, lat, _ = placed_beside(china, 30, np.array([18_000.0, 21_000.0, 15_000.0]))
    for _ in range(12):
        near = geodesy.nearest_of_groups(borders, lon, lat)
        lon, lat, _ = (np.asarray(v) for v in GEOD.fwd(lon, lat, near.bearing_deg, near.distance_m - STRIP_M))
    near = geodesy.nearest_of_groups(borders, lon, lat)
    ready = np.abs(near.distance_m - STRIP_M) < 1e-6
    lon, lat, toward = lon[ready], lat[ready], near.bearing_deg[ready]
    assert lon.size > 1_000
    for off_m, inside in ((1.0, True), (-1.0, False)):
        x, y, _ = GEOD.fwd(lon, lat, toward, np.full(lon.size, off_m))
        nearest = geodesy.nearest_of_groups(borders, x, y).distance_m
        straight = np.abs(nearest - (STRIP_M - off_m)) < 1e-3
        assert straight.mean() > 0.95
        hits = geodesy.lines_within(borders, x, y, reach_m=STRIP_M)
        found = np.isin(np.arange(lon.size), hits.subject)
        assert np.array_equal(found, nearest <= STRIP_M)
        assert (found[straight] == inside).all()


def test_the_reach_includes_its_end_by_geod(borders: LineIndex, way: str) -> None:
    near = geodesy.nearest_of_groups(borders, [118.5], [31.0])
    distance = float(GEOD.inv(118.5, 31.0, near.foot_lon[0], near.foot_lat[0])[2])
    for reach_m, inside in ((distance, 1), (np.nextafter(distance, 0.0), 0)):
        assert geodesy.lines_within(borders, [118.5], [31.0], reach_m=float(reach_m)).subject.size == inside


@pytest.mark.parametrize("reach_m", [0.0, 1_000.0, 20_000.0, 50_000.0])
def test_the_tree_and_the_cells_give_the_same_answer(
    borders: LineIndex, china: Edges, reach_m: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(8)
    lon, lat, _ = placed_beside(china, 30, np.array([0.5, 900.0, 20_000.0, 49_999.0]))
    lon = np.concatenate([lon, random.uniform(60.0, 140.0, 500)])
    lat = np.concatenate([lat, random.uniform(-10.0, 60.0, 500)])
    monkeypatch.setattr(lines, "COMPILED_FROM", 10**9)
    tree = geodesy.lines_within(borders, lon, lat, reach_m=reach_m)
    monkeypatch.setattr(lines, "COMPILED_FROM", 0)
    cells = geodesy.lines_within(borders, lon, lat, reach_m=reach_m)
    assert np.array_equal(tree.subject, cells.subject)
    assert np.array_equal(tree.group, cells.group)
    assert np.abs(tree.distance_m - cells.distance_m).max(initial=0.0) < 1e-8
    assert np.abs(tree.foot_lon - cells.foot_lon).max(initial=0.0) < 1e-9
    assert (np.diff(tree.subject) >= 0).all()
    assert (np.diff(tree.distance_m)[np.diff(tree.subject) == 0] >= 0.0).all()


def test_the_nearest_border_of_a_province_is_found_at_any_distance(china: Edges, borders: LineIndex) -> None:
    hainan_side = [pair for pair in china.pairs if "440000" in pair]
    wanted = np.array(
        [[pair in hainan_side for pair in china.pairs], ["620000" in pair for pair in china.pairs]]
    )
    lon, lat = np.array([110.3, 121.47, 87.6, 104.0]), np.array([20.0, 31.23, 43.8, 30.6])
    of_class = np.array([0, 1, 1, -1])
    hits = geodesy.nearest_of_groups(borders, lon, lat, wanted=wanted, of_class=of_class)
    assert hits.subject.tolist() == [0, 1, 2]
    start, end, group = china.shared
    for k, i in enumerate(hits.subject):
        assert wanted[of_class[i], hits.group[k]]
        edges = np.column_stack([start, end])[wanted[of_class[i], group]]
        assert abs(hits.distance_m[k] - least_by_geod(lon[i], lat[i], edges)) < 1e-6
    assert hits.distance_m[1] > 1_000_000.0


# --- what is proved


@pytest.mark.parametrize("latitude", [-84.0, -30.0, 0.0, 3.0, 30.0, 53.0, 75.0, 84.5])
def test_pieces_stay_within_their_proven_bounds_anywhere(latitude: float) -> None:
    random = np.random.default_rng(4)
    start = np.column_stack([random.uniform(-178.0, 178.0, 60), latitude + random.uniform(-0.4, 0.4, 60)])
    end = start + random.normal(0.0, 0.3, (60, 2)) * random.choice([1.0, 0.0], (60, 2), p=[0.8, 0.2])
    end = np.where((end == start).all(1)[:, None], start + 0.1, end)
    ends = np.column_stack([start, np.clip(end, [-180.0, -85.0], [180.0, 85.0])])
    pieces = line_pieces.cut(ends, np.zeros(60, np.int16))
    from geoaq.geodesy.ellipsoid import earth_centred

    for share in np.linspace(0.0, 1.0, 9):
        lon, lat = line_pieces.place_on(pieces, np.arange(len(pieces.ends)), np.full(len(pieces.ends), share))
        place, t = earth_centred(lon, lat), share - 0.5
        cubic = np.einsum("nkc,k->nc", pieces.curve, t ** np.arange(4))
        assert np.abs(cubic - place).max() < 1e-8
        straight = pieces.chord[:, :3] + share * pieces.chord[:, 3:6]
        assert (np.sqrt(((straight - place) ** 2).sum(1)) <= pieces.chord[:, 6]).all()
        assert (np.sqrt(((pieces.middle - place) ** 2).sum(1)) <= pieces.half).all()
    assert np.asarray(GEOD.inv(*pieces.ends.T)[2]).max() <= line_pieces.PIECE_M


def test_an_edge_is_straight_in_degrees_and_not_a_geodesic(china: Edges, way: str) -> None:
    """RFC 7946; on the longest edges of a boundary the two readings lie tens and hundreds of metres apart."""
    index = geodesy.build_lines([97.17], [42.79], [97.85], [41.65], [0])
    middle = 0.5 * (97.17 + 97.85), 0.5 * (42.79 + 41.65)
    on_it = geodesy.lines_within(index, [middle[0]], [middle[1]], reach_m=1_000.0)
    assert on_it.distance_m[0] < 1e-6
    x, y = GEOD.npts(97.17, 42.79, 97.85, 41.65, 1)[0]
    assert 100.0 < geodesy.lines_within(index, [x], [y], reach_m=1_000.0).distance_m[0] < 400.0


def test_lines_are_found_across_the_date_line_and_near_the_poles(way: str) -> None:
    index = geodesy.build_lines(
        [179.5, -180.0, 10.0], [-17.0, -17.0, 84.0], [180.0, -179.9, 70.0], [-17.0, -17.0, 84.9], [0, 0, 1]
    )
    lon, lat = np.array([-179.95, 179.7, 60.0, 40.0]), np.array([-17.1, -17.2, 84.6, 90.0])
    hits = geodesy.lines_within(index, lon, lat, reach_m=50_000.0)
    assert set(zip(hits.subject.tolist(), hits.group.tolist(), strict=True)) == {(0, 0), (1, 0), (2, 1)}
    ends = index.pieces.ends
    for k, i in enumerate(hits.subject):
        expected = least_by_geod(lon[i], lat[i], ends[index.pieces.group == hits.group[k]])
        assert abs(hits.distance_m[k] - expected) < 1e-7


# --- keeping and refusing


def test_a_kept_index_answers_as_the_one_it_was_made_from(
    borders: LineIndex, tmp_path: Path, china: Edges
) -> None:
    borders.save(tmp_path / "one")
    borders.save(tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert all(
        (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names
    )
    assert sum((tmp_path / "one" / name).stat().st_size for name in names) < 100e6
    kept = LineIndex.load(tmp_path / "one")
    assert kept.n_groups == borders.n_groups
    assert kept.cells.reach_m == line_cells.CELLS_REACH_M
    lon, lat, _ = placed_beside(china, 40, np.array([10.0, 19_000.0]))
    for one, other in zip(
        *(geodesy.lines_within(i, lon, lat, reach_m=20e3) for i in (borders, kept)), strict=True
    ):
        assert np.array_equal(one, other)


def test_no_line_gives_no_hit_and_no_point_either() -> None:
    none = geodesy.build_lines([], [], [], [], [], n_groups=2)
    assert geodesy.lines_within(none, [110.0], [30.0], reach_m=2e7).subject.size == 0
    assert geodesy.nearest_of_groups(none, [110.0], [30.0]).subject.size == 0
    some = geodesy.build_lines([110.0], [30.0], [110.1], [30.0], [1], n_groups=2)
    assert geodesy.lines_within(some, [], [], reach_m=2e7).subject.size == 0
    assert geodesy.nearest_of_groups(some, [0.0], [0.0], wanted=[[True, False]]).subject.size == 0
    for end in (110.0, np.nextafter(110.0, 111.0)):
        assert geodesy.build_lines([110.0], [30.0], [end], [30.0], [0]).pieces.group.size == 0


def test_what_cannot_be_measured_is_refused() -> None:
    some = geodesy.build_lines([110.0], [30.0], [110.1], [30.0], [0])
    for lon in (np.nan, 181.0):
        with pytest.raises(InputError) as refused:
            geodesy.lines_within(some, [100.0, lon], [30.0, 30.0], reach_m=1.0)
        assert refused.value.code == "position_unusable"
    for edge in ((0.0, 80.0, 0.0, 85.1), (-179.0, 0.0, 179.0, 0.0)):
        with pytest.raises(InputError) as refused:
            geodesy.build_lines(*([part] for part in edge), [0])
        assert refused.value.code == "edge_out_of_range"
    with pytest.raises(ValueError, match="reach_m"):
        geodesy.lines_within(some, [100.0], [30.0], reach_m=-1.0)


def test_a_short_list_starts_no_compiler() -> None:
    program = (
        "import sys; from geoaq import geodesy as g; i = g.build_lines([110], [30], [110.1], [30], [0]);"
        "assert g.lines_within(i, [110.05], [30.1], reach_m=2e4).subject.size == 1;"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parent.parent)
