"""Exact distance of whole sites to lines: never farther than from any place of the outline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geoaq import geodesy
from geoaq.build.sources import read_boundaries
from geoaq.errors import InputError
from geoaq.geodesy import LineIndex
from geoaq.zones.border.derive import Edges, shared_edges

GEOD = Geod(ellps="WGS84")
REACH_M = 25_000.0


@pytest.fixture(scope="module")
def china(root: Path) -> Edges:
    counties = read_boundaries("amap", root / "layers" / "data" / "place-aliases.toml")
    return shared_edges(counties.polygons, counties.counties["province_adcode"].to_numpy(str))


@pytest.fixture(scope="module")
def borders(china: Edges) -> LineIndex:
    start, end, group = china.shared
    return geodesy.build_lines(*start.T, *end.T, group, n_groups=len(china.pairs))


def ring(
    lon: float, lat: float, radius_deg: float, corners: int, random: np.random.Generator
) -> shapely.Polygon:
    angle = np.sort(random.uniform(0.0, 2.0 * np.pi, corners))
    reach = radius_deg * random.uniform(0.7, 1.0, corners)
    around = np.column_stack([lon + reach * np.cos(angle), lat + reach * np.sin(angle)])
    return shapely.MultiPoint(around).convex_hull


def some_sites(china: Edges, count: int) -> np.ndarray:
    random = np.random.default_rng(6)
    chosen = china.shared.start[random.integers(0, len(china.shared.start), count)]
    off = random.normal(0.0, 0.12, (count, 2))
    return np.array(
        [
            ring(*(place + by), random.uniform(0.002, 0.06), 14, random)
            for place, by in zip(chosen, off, strict=True)
        ],
        object,
    )


def test_a_site_is_as_near_as_the_nearest_place_of_its_outline(china: Edges, borders: LineIndex) -> None:
    sites = some_sites(china, 60)
    hits = geodesy.sites_within(borders, sites, reach_m=REACH_M)
    found = {(int(s), int(g)): d for s, g, d in zip(hits.subject, hits.group, hits.distance_m, strict=True)}
    assert len(found) == hits.subject.size > 60
    assert sum(d == 0.0 for d in found.values()) > 5
    for k, site in enumerate(sites):
        outline = shapely.get_coordinates(shapely.segmentize(site.exterior, 1e-4))
        by_point = geodesy.lines_within(borders, *outline.T, reach_m=REACH_M)
        for group in np.unique(by_point.group).tolist():
            dense = by_point.distance_m[by_point.group == group].min()
            # A dense outline of 11 m steps is farther by little, and never nearer than the bound of 0.5 mm.
            assert -0.0005 < dense - found.pop((k, group)) < 20.0
    assert all(abs(d - REACH_M) < 20.0 or d == 0.0 for d in found.values())


def test_both_places_are_told_and_geod_agrees(china: Edges, borders: LineIndex) -> None:
    sites = some_sites(china, 200)
    hits = geodesy.sites_within(borders, sites, reach_m=REACH_M)
    azimuth, _, metres = (
        np.asarray(v) for v in GEOD.inv(hits.from_lon, hits.from_lat, hits.foot_lon, hits.foot_lat)
    )
    assert np.abs(metres - hits.distance_m).max() < 1e-8
    apart = hits.distance_m > 1.0
    assert np.abs((azimuth - hits.bearing_deg + 180.0)[apart] % 360.0 - 180.0).max() < 2e-5
    on_rim = shapely.distance(
        shapely.boundary(sites[hits.subject]), shapely.points(hits.from_lon, hits.from_lat)
    )
    assert on_rim[apart].max() < 1e-9
    assert (np.diff(hits.subject) >= 0).all()


def test_a_line_that_a_site_crosses_or_holds_is_at_nought_with_a_place_they_share() -> None:
    enclave = np.array(
        [[110.0, 30.0, 110.01, 30.0], [110.01, 30.0, 110.0, 30.01], [110.0, 30.01, 110.0, 30.0]]
    )
    index = geodesy.build_lines(*enclave.T, [0, 0, 0])
    holding, crossing = shapely.box(109.9, 29.9, 110.1, 30.1), shapely.box(110.002, 29.9, 110.004, 30.1)
    inside = shapely.box(110.001, 30.001, 110.002, 30.002)
    hits = geodesy.sites_within(index, np.array([holding, crossing, inside], object), reach_m=1_000.0)
    assert hits.subject.tolist() == [0, 1, 2]
    assert hits.distance_m[:2].tolist() == [0.0, 0.0]
    assert hits.bearing_deg[:2].tolist() == [0.0, 0.0]
    foot = shapely.points(hits.foot_lon[:2], hits.foot_lat[:2])
    assert shapely.intersects(np.array([holding, crossing]), foot).all()
    assert shapely.distance(foot, shapely.LinearRing(enclave[:, :2])).max() < 1e-12
    assert hits.distance_m[2] == pytest.approx(float(GEOD.inv(110.001, 30.001, 110.0, 30.001)[2]), abs=0.01)


def test_a_line_in_a_hole_is_measured_to_the_rim_of_the_hole() -> None:
    index = geodesy.build_lines([110.0], [29.99], [110.0], [30.01], [0])
    site = shapely.box(109.0, 29.0, 111.0, 31.0).difference(shapely.box(109.9, 29.9, 110.1, 30.1))
    hits = geodesy.sites_within(index, np.array([site], object), reach_m=20_000.0)
    assert hits.distance_m[0] == pytest.approx(float(GEOD.inv(110.0, 30.0, 110.1, 30.0)[2]), abs=2.0)
    assert hits.from_lon[0] in (pytest.approx(109.9), pytest.approx(110.1))


def test_points_and_lines_are_sites_too_and_nothing_has_no_hit(borders: LineIndex) -> None:
    place = 116.6, 39.9
    shapes = np.array(
        [
            None,
            shapely.Point(place),
            shapely.Polygon(),
            shapely.LineString([place, (116.5, 39.9)]),
            shapely.MultiPolygon([shapely.box(116.6, 39.9, 116.61, 39.91), shapely.box(90, 35, 90.1, 35.1)]),
        ],
        object,
    )
    hits = geodesy.sites_within(borders, shapes, reach_m=30_000.0)
    point = geodesy.lines_within(borders, [place[0]], [place[1]], reach_m=30_000.0)
    assert np.array_equal(hits.distance_m[hits.subject == 1], point.distance_m)
    assert set(hits.subject.tolist()) == {1, 3, 4}
    for k in (3, 4):
        nearest = geodesy.nearest_to_sites(borders, shapes[[k]])
        assert nearest.distance_m[0] == hits.distance_m[hits.subject == k][0] <= point.distance_m[0]
    assert geodesy.sites_within(borders, np.array([], object), reach_m=1.0).subject.size == 0


def test_the_nearest_line_of_a_far_site_is_that_of_its_class(china: Edges, borders: LineIndex) -> None:
    random = np.random.default_rng(9)
    sites = np.array(
        [ring(random.uniform(90, 120), random.uniform(26, 46), 0.03, 9, random) for _ in range(20)], object
    )
    wanted = np.array([[k % 2 == 0 for k in range(70)], [k % 3 == 1 for k in range(70)]])
    of_class = np.arange(20) % 3 - 1
    hits = geodesy.nearest_to_sites(borders, sites, wanted=wanted, of_class=of_class)
    assert hits.subject.tolist() == np.flatnonzero(of_class >= 0).tolist()
    for k, i in enumerate(hits.subject):
        outline = shapely.get_coordinates(shapely.segmentize(sites[i].exterior, 2e-4))
        every = geodesy.nearest_of_groups(
            borders, *outline.T, wanted=wanted, of_class=np.full(len(outline), of_class[i])
        )
        assert wanted[of_class[i], hits.group[k]]
        assert (
            -0.001
            < every.distance_m.min() - hits.distance_m[k]
            < (20.0 if hits.distance_m[k] == 0.0 else 1.0)
        )


def test_a_site_of_a_hundred_thousand_corners_is_measured(borders: LineIndex) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 100_000, endpoint=False)
    wavy = 0.05 * (1.0 + 0.01 * np.sin(40.0 * angle))
    site = shapely.Polygon(np.column_stack([116.3 + wavy * np.cos(angle), 39.7 + wavy * np.sin(angle)]))
    hits = geodesy.sites_within(borders, np.array([site], object), reach_m=50_000.0)
    corners = shapely.get_coordinates(site)[::25]
    by_point = geodesy.lines_within(borders, *corners.T, reach_m=50_000.0)
    for group, distance in zip(hits.group, hits.distance_m, strict=True):
        assert -0.0005 < by_point.distance_m[by_point.group == group].min() - distance < 100.0


def test_a_site_out_of_range_is_named_by_its_position(borders: LineIndex) -> None:
    sites = np.array([shapely.box(110, 30, 110.1, 30.1), None, shapely.box(110, 30, 200, 31)], object)
    with pytest.raises(InputError) as refused:
        geodesy.sites_within(borders, sites, reach_m=1_000.0)
    assert refused.value.code == "position_unusable"
    assert refused.value.params["index"] == 2


def test_a_site_that_is_asked_about_several_times_is_told_as_if_it_were_several(
    china: Edges, borders: LineIndex
) -> None:
    sites = some_sites(china, 12)
    again = np.concatenate([sites, sites, [None], sites])
    wanted = np.zeros((3, borders.n_groups), bool)
    for number in range(3):
        wanted[number, number::3] = True
    of_class = np.concatenate([np.zeros(12, int), np.ones(12, int), [0], np.full(12, 2)])
    hits = geodesy.nearest_to_sites(borders, again, wanted=wanted, of_class=of_class)
    assert hits.subject.tolist() == [*range(24), *range(25, 37)]
    for number, rows in ((0, slice(0, 12)), (1, slice(12, 24)), (2, slice(24, 36))):
        alone = geodesy.nearest_to_sites(borders, sites.copy(), wanted=wanted[[number]])
        for name in ("group", "distance_m", "foot_lon", "foot_lat", "from_lon", "from_lat", "bearing_deg"):
            np.testing.assert_array_equal(getattr(hits, name)[rows], getattr(alone, name), name)


def test_a_wide_site_of_many_corners_is_as_near_as_its_nearest_part(borders: LineIndex) -> None:
    random = np.random.default_rng(8)
    angle = np.linspace(0.0, 2.0 * np.pi, 3_000, endpoint=False)
    reach = 1.6 * (1.0 + 0.02 * random.random(angle.size))
    wide = shapely.Polygon(np.column_stack([111.5 + reach * np.cos(angle), 32.5 + reach * np.sin(angle)]))
    crossed = geodesy.sites_within(borders, np.array([wide], object), reach_m=0.0).group
    wanted = np.ones((1, borders.n_groups), bool)
    wanted[0, crossed] = False
    hits = geodesy.nearest_to_sites(borders, np.array([wide], object), wanted=wanted)
    near = geodesy.sites_within(borders, np.array([wide], object), reach_m=float(hits.distance_m[0]) + 1.0)
    others = ~np.isin(near.group, crossed)
    assert hits.distance_m[0] == near.distance_m[others].min()
    outline = shapely.segmentize(wide.exterior, 0.002)
    x, y = shapely.get_coordinates(outline).T
    dense = geodesy.nearest_of_groups(borders, x, y, wanted=wanted).distance_m.min()
    assert dense - 250.0 <= hits.distance_m[0] <= dense + 1e-3
