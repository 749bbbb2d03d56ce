"""Which edges are lines between provinces."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geoaq.errors import InputError
from geoaq.zones.border import shared_edges
from tests.zones.border.toy import A, B, C, D, E, borders, polygons, ring

GEOD = Geod(ellps="WGS84")


def arrays(areas: dict[str, shapely.Geometry]) -> tuple[np.ndarray, list[str]]:
    return np.array(list(areas.values()), object), list(areas)


def test_lines_are_the_edges_that_two_provinces_own_and_coast_is_the_rest() -> None:
    edges = shared_edges(*arrays(polygons()))

    assert edges.pairs == ((B, D), (B, A), (D, C), (C, A))
    assert edges.provinces == (B, D, C, A, E)
    assert set(np.unique(edges.shared.group)) == {0, 1, 2, 3}
    west = np.minimum(edges.coast.start[:, 0], edges.coast.end[:, 0])
    assert (west[edges.coast.group == 4] >= 121.15).all()
    total = sum(shapely.get_num_coordinates(area) - 1 for area in polygons().values())
    assert 2 * edges.report["edges"] + edges.report["coast_edges"] == total


def test_the_length_is_that_of_the_geodesics_along_the_line() -> None:
    edges = shared_edges(*arrays(polygons()))
    meridian = GEOD.inv(119.0, 32.0, 119.0, 34.0)[2] / 1000.0

    assert edges.report["pair_km"][1] == pytest.approx(meridian, abs=1e-6)
    assert edges.report["length_km"] == pytest.approx(sum(edges.report["pair_km"]))


def test_lines_inside_a_province_and_points_on_the_line_itself_do_not_count() -> None:
    areas = polygons()
    north, south = ring(117.0, 33.0, 119.0, 34.0), ring(117.0, 32.0, 119.0, 33.0)
    shapes = np.array([north, south, *(areas[code] for code in (B, C, D, E))], object)

    by_counties = shared_edges(shapes, [A, A, B, C, D, E])
    by_provinces = shared_edges(*arrays(areas))
    assert by_counties.pairs == by_provinces.pairs
    assert np.array_equal(by_counties.shared.start, by_provinces.shared.start)
    assert np.array_equal(by_counties.coast.end, by_provinces.coast.end)


def test_the_order_of_the_polygons_does_not_matter() -> None:
    shapes, codes = arrays(polygons())
    other = shared_edges(shapes[::-1], codes[::-1])

    for a, b in zip(shared_edges(shapes, codes).shared, other.shared, strict=True):
        assert np.array_equal(a, b)


def test_edges_that_miss_their_neighbour_by_metres_stay_unmatched_and_are_told() -> None:
    areas = polygons()
    # A vertex 30 m off the line between A and B, in B alone; and the coast 14 km away is no such case.
    shape = shapely.transform(
        areas[B],
        lambda xy: np.where((np.abs(xy - (119.0, 33.0)) < 1e-9).all(1)[:, None], (119.0003, 33.0), xy),
    )
    edges = shared_edges(*arrays(areas | {B: shape}))

    near = edges.report["unmatched_near"]
    assert {entry["province"] for entry in near} == {A, B}
    assert len(near) == 4
    assert all(32.8 < entry["lat"] < 33.2 for entry in near)
    assert shared_edges(*arrays(areas)).report["unmatched_near"] == []


def test_an_edge_without_length_is_counted_and_dropped() -> None:
    areas = polygons()
    xy = shapely.get_coordinates(areas[A])
    doubled = shapely.Polygon(np.insert(xy, 3, xy[3], axis=0))

    edges = shared_edges(*arrays(areas | {A: doubled}))
    assert edges.report["degenerate"] == 1
    assert edges.report["edges"] == shared_edges(*arrays(areas)).report["edges"]


def test_polygons_that_share_nothing_or_overlap_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        shared_edges(np.array([ring(117, 30, 118, 31), ring(119, 30, 120, 31)], object), [A, B])
    assert caught.value.code == "borders_none"

    same = ring(117, 30, 118, 31)
    with pytest.raises(InputError) as caught:
        shared_edges(np.array([same, same, same], object), [A, B, C])
    assert caught.value.code == "borders_overlap"
    assert "117" in caught.value.message("zh")


def test_a_line_that_is_missing_or_incomplete_beside_another_source_is_told() -> None:
    whole, areas = borders(), polygons()
    assert whole.gaps(whole) == []

    # B is drawn 30 m off its neighbours: no edge of it is shared any more.
    moved = borders(areas | {B: shapely.transform(areas[B], lambda xy: xy + 0.0003)}, "user")
    assert [(gap.pair, gap.km) for gap in moved.gaps(whole)] == [((B, D), 0.0), ((B, A), 0.0)]
    assert moved.gaps(whole)[0].elsewhere_km == pytest.approx(189.0, abs=1.0)
    assert len(moved.facts["unmatched_near"]) > 0

    # A file without B misses nothing that it could have.
    assert borders({A: areas[A], C: areas[C]}, "user").gaps(whole) == []
