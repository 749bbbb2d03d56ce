import numpy as np
import pytest
import shapely
from pyproj import Geod

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.areas import touched, within

GEOD = Geod(ellps="WGS84")
SQUARE = shapely.box(120.0, 30.0, 120.2, 30.2)


def ask(lon, lat, u_m, *areas):
    return within(np.array([lon]), np.array([lat]), np.array([u_m], float), np.array(areas, object))[0]


def test_a_point_well_inside_is_inside_and_one_well_outside_is_outside():
    assert ask(120.1, 30.1, 500, SQUARE) == TRUE
    assert ask(120.5, 30.1, 500, SQUARE) == FALSE


@pytest.mark.parametrize("azimuth", [90, 270])
def test_a_point_nearer_to_the_edge_than_its_error_is_unknown_on_both_sides(azimuth):
    lon, lat, _ = GEOD.fwd(120.2, 30.1, azimuth, 400)
    assert ask(lon, lat, 500, SQUARE) == UNKNOWN
    assert ask(lon, lat, 300, SQUARE) == (TRUE if azimuth == 270 else FALSE)


def test_a_hole_is_outside_and_its_edge_counts():
    ring = SQUARE.difference(shapely.box(120.08, 30.08, 120.12, 30.12))
    assert ask(120.1, 30.1, 100, ring) == FALSE
    assert ask(120.1, 30.1, 3000, ring) == UNKNOWN


def test_the_seam_between_two_touching_areas_is_no_edge():
    west, east = shapely.box(120.0, 30.0, 120.1, 30.2), shapely.box(120.1, 30.0, 120.2, 30.2)
    assert ask(120.1, 30.1, 500, west, east) == TRUE


def test_no_polygon_means_nobody_is_inside():
    nothing = np.array([], object)
    assert within(np.array([120.0]), np.array([30.0]), np.array([9.0]), nothing).tolist() == [FALSE]


def test_a_layer_touches_the_counties_that_share_a_point_with_it():
    counties = np.array([shapely.box(120, 30, 121, 31), shapely.box(121, 30, 122, 31)], object)
    inside = shapely.box(120.2, 30.2, 120.4, 30.4)
    assert touched(counties, np.array([inside], object)).tolist() == [True, False]
    across = shapely.box(120.9, 30.2, 121.1, 30.4)
    assert touched(counties, np.array([across], object)).tolist() == [True, True]
