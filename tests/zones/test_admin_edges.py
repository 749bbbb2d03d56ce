from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.io.built import LayerSet, load_admin
from geoaq.zones.admin import OUTSIDE, AdminIndex, make_cells, make_edges

Floats = npt.NDArray[np.float64]


def index_of(shapes: list[shapely.Geometry]) -> AdminIndex:
    polygons = np.array(shapes, object)
    cells = make_cells(polygons)
    counties = pd.DataFrame({"adcode": [str(k) for k in range(len(shapes))]})
    edges = make_edges(polygons, cells.codes, cells.set_start, cells.set_member)
    grid = (cells.codes, cells.set_start, cells.set_member)
    return AdminIndex(counties, *grid, lambda k: polygons[k], edges)


def by_tree(polygons: npt.NDArray[np.object_], lon: Floats, lat: Floats) -> npt.NDArray[np.int32]:
    """Return the lowest polygon that shapely's tree finds for each point."""
    point, county = shapely.STRtree(polygons).query(shapely.points(lon, lat), predicate="intersects")
    found = np.full(len(lon), len(polygons), np.int32)
    np.minimum.at(found, point, county)
    return np.where(found == len(polygons), OUTSIDE, found).astype(np.int32)


def same(index: AdminIndex, lon: Floats, lat: Floats) -> bool:
    polygons = index.polygons(np.arange(len(index.counties), dtype=np.int32))
    return bool((index.locate(lon, lat) == by_tree(polygons, lon, lat)).all())


@pytest.fixture(scope="module")
def china(built_layers: LayerSet) -> AdminIndex:
    parts = load_admin(built_layers.path, "tianditu")
    polygons = parts.polygons(np.arange(len(parts.counties), dtype=np.int32))
    edges = make_edges(polygons, np.asarray(parts.codes), parts.set_start, parts.set_member)
    return AdminIndex(*parts, edges)


@pytest.mark.slow
def test_the_answers_are_shapelys_for_points_everywhere(china: AdminIndex) -> None:
    random = np.random.default_rng(3)

    assert same(china, random.uniform(73.0, 136.0, 20_000), random.uniform(17.0, 54.0, 20_000))


@pytest.mark.slow
@pytest.mark.parametrize("off_deg", [0.0, 1e-13, 1e-9, 1e-6])
def test_the_answers_are_shapelys_on_and_beside_vertices_and_edges(china: AdminIndex, off_deg: float) -> None:
    random = np.random.default_rng(5)
    lines = shapely.get_coordinates(china.polygons(np.arange(0, 2800, 40, dtype=np.int32)))
    vertex = lines[random.integers(0, len(lines) - 1, 4_000)]
    middle = 0.5 * (lines[:-1] + lines[1:])[random.integers(0, len(lines) - 1, 4_000)]
    for points in (vertex, middle):
        moved = points + random.normal(0.0, 1.0, points.shape) * off_deg
        assert same(china, *moved.T)


# Lines along the grid, through the centres of cells, along meridians, with a hole, an island and a gap.
LAKE = [(119.41, 30.41), (119.61, 30.41), (119.61, 30.41), (119.51, 30.61)]
AWKWARD = [
    shapely.Polygon([(119, 30), (120, 30), (120, 31), (119, 31)], [LAKE]),
    shapely.box(120, 30, 121, 31),
    shapely.Polygon(LAKE),
    shapely.MultiPolygon(
        [shapely.box(121.01, 30.01, 121.03, 30.03), shapely.box(121.03, 30.03, 121.05, 30.05)]
    ),
    shapely.Polygon([(120.01, 31.0), (120.99, 31.0), (120.51, 31.37)]),
]  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.one_of(st.integers(11_880, 12_120).map(lambda k: k / 100), st.floats(118.8, 121.2)),
            st.one_of(st.integers(2_980, 3_140).map(lambda k: k / 100), st.floats(29.8, 31.4)),
        ),
        min_size=1,
        max_size=300,
    )
)
@settings(max_examples=30, deadline=None)
def test_lines_along_the_grid_and_through_centres_are_decided_as_by_shapely(
    points: list[tuple[float, float]],
) -> None:
    lon, lat = np.array(points).T

    assert same(_AWKWARD, lon, lat)


_AWKWARD = index_of(AWKWARD)


def test_a_polygon_that_is_not_valid_is_left_to_shapely() -> None:
    bow = shapely.Polygon([(119, 30), (119.1, 30.1), (119.1, 30), (119, 30.1)])
    index = index_of([bow, shapely.box(118.95, 29.95, 119.3, 30.3)])
    random = np.random.default_rng(1)

    assert index.edges is not None
    assert (index.edges.set_of < 0).any()
    lon, lat = random.uniform(118.9, 119.4, 2_000), random.uniform(29.9, 30.4, 2_000)
    assert (index.locate(lon, lat) == replace(index, edges=None).locate(lon, lat)).all()


def test_what_is_no_point_is_outside() -> None:
    located = _AWKWARD.locate([np.nan, 500.0, 119.2, np.inf], [30.5, 30.5, np.nan, 30.5])

    assert located.tolist() == [OUTSIDE] * 4
    assert _AWKWARD.locate([], []).shape == (0,)
