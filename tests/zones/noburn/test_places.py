"""Who lies in which outline, against shapely and against distances measured by the geodesic."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

from geoaq.findings import TRUE, UNKNOWN
from geoaq.zones.noburn import Fires, locate

GEOD = Geod(ellps="WGS84")


def fires(lon: np.ndarray, lat: np.ndarray, reach_m: float) -> Fires:
    zeros = np.zeros(len(lon), np.int64)
    return Fires(lon, lat, np.full(len(lon), reach_m), zeros, zeros)


def star(lon: float, lat: float, size: float) -> shapely.Polygon:
    turn = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    far = size * (1.0 + 0.4 * np.sin(5.0 * turn))
    return shapely.Polygon(np.column_stack([lon + far * np.cos(turn), lat + far * np.sin(turn)]))


def test_without_a_reach_the_answer_is_shapelys_own() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(119.5, 121.0, 4_000), rng.uniform(35.5, 37.0, 4_000)
    outlines = [star(120.0, 36.0, 0.2), star(120.3, 36.2, 0.3), star(120.8, 36.8, 0.1)]
    found = locate(fires(lon, lat, 0.0), outlines)
    told = set(zip(found.fire.tolist(), found.outline.tolist(), strict=True))
    wanted = {
        (int(at), number)
        for number, outline in enumerate(outlines)
        for at in np.flatnonzero(shapely.intersects_xy(outline, lon, lat))
    }
    assert told == wanted
    assert (found.truth == TRUE).all()


def test_within_the_reach_of_an_edge_nothing_is_sure_on_either_side() -> None:
    box = shapely.box(120.0, 36.0, 120.2, 36.2)
    places = [GEOD.fwd(120.2, 36.1, 90.0, metres)[:2] for metres in (-1_100.0, -900.0, 900.0, 1_100.0)]
    lon, lat = np.array(places).T
    found = locate(fires(lon, lat, 1_000.0), [box])
    assert found.fire.tolist() == [0, 1, 2]
    assert found.truth.tolist() == [TRUE, UNKNOWN, UNKNOWN]


def test_a_hole_and_a_second_part_have_edges_too() -> None:
    ring = shapely.box(120.0, 36.0, 120.4, 36.4).difference(shapely.box(120.15, 36.15, 120.25, 36.25))
    both = shapely.union_all([ring, shapely.box(121.0, 36.0, 121.2, 36.2)])
    lon, lat = np.array([120.2, 120.08, 121.1, 120.149]), np.array([36.2, 36.08, 36.1, 36.2])
    found = locate(fires(lon, lat, 500.0), [both])
    assert found.fire.tolist() == [1, 2, 3]
    assert found.truth.tolist() == [TRUE, TRUE, UNKNOWN]


def test_no_fires_and_no_outlines_give_no_pairs() -> None:
    none = np.zeros(0)
    assert len(locate(fires(none, none, 0.0), [star(120.0, 36.0, 0.1)]).fire) == 0
    assert len(locate(fires(np.array([120.0]), np.array([36.0]), 500.0), []).fire) == 0
