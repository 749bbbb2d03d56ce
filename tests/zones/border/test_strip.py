"""The picture agrees with the decision: corners at the width, points in the strip as the verdict says."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geoaq.geodesy import lines_within
from geoaq.io.built import LayerSet, load_admin, load_borders
from geoaq.zones.border import Borders, strips
from tests.zones.border.toy import A, B, borders, polygons

GEOD = Geod(ellps="WGS84")
STRIP_M = 20_000.0


@pytest.fixture(scope="module")
def amap(built_layers: LayerSet) -> Borders:
    return Borders.from_parts(load_borders(built_layers.path, "amap"))


def corner_errors(lines: Borders, side: shapely.Geometry, group: int, area: shapely.Geometry) -> np.ndarray:
    """Return how far the corners of a side's outer edge are from the width; those on a boundary left out."""
    xy = shapely.get_coordinates(side)
    inner = shapely.dwithin(shapely.points(xy), shapely.boundary(area), 1e-9)
    hits = lines_within(lines.index, *xy[~inner].T, reach_m=STRIP_M + 500.0)
    return hits.distance_m[hits.group == group] - STRIP_M


def test_corners_lie_at_the_width_as_geod_measures_it() -> None:
    # The line of A and B is a meridian: the nearest point of it to a corner is had without the code under
    # test.
    side = next(s for s in strips(borders(), polygons(), strip_km=20.0, pairs=[(B, A)]) if s.side == A)
    xy = shapely.get_coordinates(side.polygon)
    outer = xy[(xy[:, 0] < 118.9) & (xy[:, 1] > 32.3) & (xy[:, 1] < 33.7)]
    assert len(outer) > 500
    meridian = np.linspace(32.0, 34.0, 20_001)
    for lon, lat in outer[::25]:
        near = meridian[np.abs(meridian - lat) < 0.02]
        metres = GEOD.inv(np.full(near.size, lon), np.full(near.size, lat), np.full(near.size, 119.0), near)[
            2
        ]
        assert min(metres) == pytest.approx(STRIP_M, abs=0.2)


@pytest.mark.parametrize("pair", [("330000", "340000"), ("110000", "130000"), ("150000", "230000")])
def test_corners_of_real_strips_lie_within_two_decimetres(
    amap: Borders, built_layers: LayerSet, pair: tuple[str, str]
) -> None:
    areas = areas_of(built_layers, pair)
    for side in strips(amap, areas, strip_km=20.0, pairs=[pair]):
        errors = corner_errors(amap, side.polygon, amap.pairs.index(pair), areas[side.side])
        assert len(errors) > 300
        assert np.abs(errors).max() <= 0.2


def test_picture_and_verdict_agree_but_for_the_sagitta_of_a_side(
    amap: Borders, built_layers: LayerSet
) -> None:
    pair = ("330000", "340000")
    areas = areas_of(built_layers, pair)
    group = amap.pairs.index(pair)
    random = np.random.default_rng(20)
    for side in strips(amap, areas, strip_km=20.0, pairs=[pair]):
        assert shapely.is_valid(side.polygon)
        west, south, east, north = shapely.bounds(side.polygon)
        xy = random.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (4000, 2))
        xy = xy[shapely.intersects_xy(areas[side.side], xy)]
        drawn = shapely.intersects_xy(side.polygon, xy)
        hits = lines_within(amap.index, *xy.T, reach_m=60_000.0)
        own = hits.group == group
        metres = np.full(len(xy), np.inf)
        metres[hits.subject[own]] = hits.distance_m[own]
        sure = np.abs(metres - STRIP_M) > 0.5
        assert 300 < (metres <= STRIP_M).sum() < len(xy)
        assert np.array_equal(drawn[sure], metres[sure] <= STRIP_M)


def test_each_pair_has_one_polygon_a_side_inside_its_province() -> None:
    areas = polygons()
    drawn = strips(borders(), areas, strip_km=20.0)

    assert [(strip.pair, strip.side) for strip in drawn] == [
        (pair, side) for pair in borders().pairs for side in pair
    ]
    for strip in drawn:
        assert shapely.area(shapely.difference(strip.polygon, areas[strip.side])) < 1e-12
    assert strips(borders(), {A: areas[A]}, strip_km=20.0, pairs=[(B, A)])[0].side == A


def areas_of(layers: LayerSet, pair: tuple[str, str]) -> dict[str, shapely.Geometry]:
    parts = load_admin(layers.path)
    codes = parts.counties["province_adcode"].to_numpy()
    return {
        code: shapely.coverage_union_all(parts.polygons(np.flatnonzero(codes == code).astype(np.int32)))
        for code in pair
    }
