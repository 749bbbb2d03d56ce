from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.fires.footprints import footprints
from geoaq.fires.quality import Cover, crop_shares
from tests.fires.quality.toy import RULE, pixels

NONE = frozenset({255})


def halves(cell: float, west: int = 12, east: int = 10) -> Cover:
    """Return land of 2° around 126° E, 46° N, one class on either side of the meridian."""
    side = round(2.0 / cell)
    codes = np.full((side, side), west, np.uint8)
    codes[:, side // 2 :] = east
    return Cover(codes, 125.0, 47.0, cell, RULE.crop_classes["igbp"], NONE)


def share(row: dict[str, Any], cover: Cover, bearing: float = 0.0) -> float:
    return float(crop_shares(pixels([row]), np.array([bearing]), cover, rule=RULE)[0])


def test_the_share_is_what_the_classes_hold_at_least() -> None:
    whole = {12: 0.6, 14: 0.4, 10: 0.0, 13: 0.0}
    for code, held in whole.items():
        assert share({}, halves(0.05, code, code)) == pytest.approx(held)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(125.97, 126.03),
    st.floats(0.3, 5.0),
    st.floats(0.3, 2.0),
    st.floats(-90.0, 90.0),
    st.sampled_from([0.05, 0.01, 0.0002695]),
)
def test_the_share_under_an_ellipse_is_shapely_s(
    lon: float, scan: float, track: float, bearing: float, cell: float
) -> None:
    cover = halves(cell)
    middle = 125.0 + cover.codes.shape[1] // 2 * cell
    row = {"lon": lon, "scan_km": scan, "track_km": track}
    shape = footprints(pixels([row]), np.array([bearing]))[0]
    west = shape.intersection(shapely.box(120.0, 40.0, middle, 50.0)).area / shape.area
    assert share(row, cover, bearing) == pytest.approx(0.6 * west, abs=0.04)


def test_a_footprint_without_a_size_is_a_circle_and_one_without_a_bearing_too() -> None:
    cover = halves(0.002)
    away = 126.0 + 0.2 / 77.0  # 200 m east of the line
    circle = share({"lon": away, "scan_km": np.nan, "track_km": np.nan}, cover)
    across = 2.0 * RULE.unknown_radius_m["satellite"] / 1000.0
    one = {"lon": away, "scan_km": across, "track_km": across}
    assert circle == pytest.approx(share(one, cover))
    assert 0.2 < circle < 0.3
    drone = {"kind": "drone", "satellite": "drone:1"}
    assert share({"lon": away, "scan_km": np.nan, "track_km": np.nan, **drone}, cover) < 0.05
    wide = {"lon": away, "scan_km": 4.0, "track_km": 1.0}
    assert share(wide, cover, np.nan) == pytest.approx(share(wide | {"scan_km": 2.0, "track_km": 2.0}, cover))


def test_too_little_land_with_a_class_leaves_the_share_unknown() -> None:
    known = halves(0.002, 12, 255)
    assert share({"lon": 125.9}, known) == pytest.approx(0.6)
    assert share({"lon": 125.9995, "scan_km": 1.0, "track_km": 1.0}, known) == pytest.approx(0.6)
    assert np.isnan(share({"lon": 126.001, "scan_km": 1.0, "track_km": 1.0}, known))
    assert np.isnan(share({"lon": 100.0}, known))
    assert np.isnan(share({"lat": 47.5}, known))


def test_no_pixel_has_no_share() -> None:
    assert crop_shares(pixels([]), np.empty(0), halves(0.05), rule=RULE).shape == (0,)
