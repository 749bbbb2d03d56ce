"""Datums: every zone, both shifts both ways, and the old datums that must be refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer
from shapely import Point

from geoaq import crs
from geoaq.errors import InputError
from geoaq.wording import LANGS

GEOD = Geod(ellps="WGS84")
# A grid over China and far beyond it on every side.
LON, LAT = (a.ravel() for a in np.meshgrid(np.arange(60.0, 150.0, 0.83), np.arange(-5.0, 65.0, 0.67)))


def metres(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> np.ndarray:
    return np.asarray(GEOD.inv(lon, lat, to_lon, to_lat)[2])


# --- Gauss-Krüger


@pytest.mark.parametrize("epsg", crs.GAUSS_KRUGER)
def test_every_zone_comes_back_to_its_degrees(epsg: int) -> None:
    meridian = crs.central_meridian(epsg)
    lon = np.array([meridian - 2.9, meridian - 1.5, meridian, meridian + 1.5, meridian + 2.9])
    lat = np.array([18.2, 25.0, 30.0, 45.0, 53.5])
    easting, northing = Transformer.from_crs(4490, epsg, always_xy=True).transform(lon, lat)
    found = crs.to_wgs84(easting, northing, f"gk:{epsg}")
    assert metres(lon, lat, *found).max() < 1e-6


@pytest.mark.parametrize("epsg", crs.GAUSS_KRUGER)
def test_the_central_meridian_is_that_of_the_code(epsg: int) -> None:
    operation = CRS.from_epsg(epsg).coordinate_operation
    assert operation is not None
    origin = next(p.value for p in operation.params if p.name == "Longitude of natural origin")
    assert crs.central_meridian(epsg) == origin


@pytest.mark.parametrize("epsg", [*range(4491, 4502), *range(4513, 4534)])
def test_the_first_two_of_eight_digits_name_the_zone(epsg: int) -> None:
    meridian = crs.central_meridian(epsg)
    easting, northing = Transformer.from_crs(4490, epsg, always_xy=True).transform(meridian + 1.2, 33.0)
    assert crs.gk_zone(easting) == epsg
    lon, lat = crs.to_wgs84([easting], [northing], "gk")
    assert metres(lon, lat, np.array([meridian + 1.2]), np.array([33.0]))[0] < 1e-6


def test_six_digits_without_a_zone_are_refused_with_the_reason() -> None:
    with pytest.raises(InputError) as caught:
        crs.gk_zone(512345.6)
    assert caught.value.code == "gk_zone_unknown"
    assert "512345.600" in caught.value.message("zh")
    with pytest.raises(InputError, match="fits every zone"):
        crs.to_wgs84([512345.6, 498000.0], [3320000.0, 3330000.0], "gk")


def test_a_number_that_is_no_easting_names_no_zone() -> None:
    assert crs.gk_zone(120.25) is None
    assert crs.gk_zones([np.nan, np.inf, -5.0, 24_500_000.0, 46_500_000.0, 40_950_000.0]).tolist() == [0] * 6


def test_a_list_may_mix_zones_and_only_the_rows_without_one_are_lost() -> None:
    lon, lat = crs.to_wgs84([40_500_000.0, 39_500_000.0, 500_000.0], [3_320_000.0] * 3, "gk")
    assert np.round(lon[:2], 9).tolist() == [120.0, 117.0]
    assert np.isnan(lon[2])
    assert np.isnan(lat[2])


def test_a_stated_zone_may_stand_in_front_of_the_easting_or_not() -> None:
    bare = crs.to_wgs84([512_345.0], [3_320_000.0], "gk:4549")
    for easting, datum in ((40_512_345.0, "gk:4549"), (512_345.0, "gk:4528"), (40_512_345.0, "gk:4528")):
        assert np.array_equal(crs.to_wgs84([easting], [3_320_000.0], datum), bare)


def test_an_easting_of_another_zone_is_not_moved_into_the_stated_one() -> None:
    assert np.isnan(crs.to_wgs84([39_512_345.0], [3_320_000.0], "gk:4549")).all()


def test_northing_and_easting_in_the_wrong_order_give_nothing_rather_than_a_wrong_place() -> None:
    assert np.isnan(crs.to_wgs84([3_320_000.0], [512_345.0], "gk:4549")).all()
    assert np.isnan(crs.to_wgs84([3_320_000.0], [40_512_345.0], "gk:4528")).all()


@pytest.mark.parametrize("easting", [512_345.0, 40_512_345.0, 20_512_345.0])
def test_the_northing_is_told_from_the_easting_in_either_order(easting: float) -> None:
    northing = [3_320_000.0, np.nan, 2_010_000.0]
    assert crs.northing_column(northing, [easting] * 3) == 0
    assert crs.northing_column([easting] * 3, northing) == 1


def test_the_northing_is_left_open_where_the_numbers_do_not_tell() -> None:
    assert crs.northing_column([], []) is None
    assert crs.northing_column([120.1, 120.2], [30.1, 30.2]) is None
    assert crs.northing_column([450_000.0], [440_000.0]) is None  # 4° N: both have six digits
    mostly_degrees = [3_320_000.0, 30.1, 30.2]
    assert crs.northing_column(mostly_degrees, [512_345.0, 120.1, 120.2]) is None


# --- GCJ-02 and BD-09


@pytest.mark.parametrize(
    ("there", "back"),
    [(crs.wgs84_to_gcj02, crs.gcj02_to_wgs84), (crs.wgs84_to_bd09, crs.bd09_to_wgs84)],
)
def test_a_shift_and_back_ends_within_a_centimetre_everywhere(there, back) -> None:
    assert metres(LON, LAT, *back(*there(LON, LAT))).max() < 1e-5


@pytest.mark.parametrize(
    "shift", [crs.wgs84_to_gcj02, crs.wgs84_to_bd09, crs.gcj02_to_wgs84, crs.bd09_to_wgs84]
)
def test_nothing_is_shifted_outside_the_rectangle(shift) -> None:
    outside = ~crs.in_shifted_area(LON, LAT)
    far = outside & ((LON < 71.9) | (LON > 137.9) | (LAT < 0.8) | (LAT > 55.9))
    lon, lat = shift(LON[far], LAT[far])
    assert np.array_equal(lon, LON[far])
    assert np.array_equal(lat, LAT[far])


# Shifts of GCJ-02 read as WGS 84, policy reading §3.2, metres.
@pytest.mark.parametrize(
    ("lon", "lat", "shift"),
    [
        (120.155, 30.274, 521), (118.797, 32.060, 542), (117.284, 34.205, 549),
        (116.407, 39.904, 556), (125.324, 43.817, 588),
    ],
)  # fmt: skip
def test_gcj02_lies_as_far_off_as_is_known_of_the_cities(lon: float, lat: float, shift: float) -> None:
    moved = crs.wgs84_to_gcj02([lon], [lat])
    assert metres(np.array([lon]), np.array([lat]), *moved)[0] == pytest.approx(shift, abs=12)


def test_bd09_lies_a_kilometre_or_more_off() -> None:
    lon, lat = np.array([120.155, 116.407, 126.64]), np.array([30.274, 39.904, 45.75])
    off = metres(lon, lat, *crs.wgs84_to_bd09(lon, lat))
    assert ((off > 900) & (off < 1500)).all()


def test_known_points_of_the_common_formula_come_out() -> None:
    # 天安门 in the three systems, as the widespread implementations print them.
    lon, lat = crs.wgs84_to_gcj02([116.404], [39.915])
    assert (round(float(lon[0]), 6), round(float(lat[0]), 6)) == (116.410244, 39.916404)
    lon, lat = crs.wgs84_to_bd09([116.404], [39.915])
    assert (round(float(lon[0]), 6), round(float(lat[0]), 6)) == (116.416627, 39.922700)


def test_shifts_keep_shape_and_let_nan_through() -> None:
    lon, lat = crs.gcj02_to_wgs84(np.array([[120.0, np.nan]]), np.array([[30.0, 30.0]]))
    assert lon.shape == lat.shape == (1, 2)
    assert np.isfinite(lon[0, 0])
    assert np.isnan(lon[0, 1])


@given(lon=st.floats(73.0, 136.0), lat=st.floats(3.0, 54.0))
def test_the_inverse_is_within_a_centimetre_of_any_point_of_china(lon: float, lat: float) -> None:
    x, y = np.array([lon]), np.array([lat])
    assert metres(x, y, *crs.gcj02_to_wgs84(*crs.wgs84_to_gcj02(x, y)))[0] < 1e-2
    assert metres(x, y, *crs.bd09_to_wgs84(*crs.wgs84_to_bd09(x, y)))[0] < 1e-2


# --- datums by name


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS84", "wgs84"), ("wgs-84", "wgs84"), ("WGS 1984", "wgs84"), ("GPS坐标", "wgs84"), ("84", "wgs84"),
        ("ＷＧＳ８４", "wgs84"), ("EPSG:4326", "wgs84"),
        ("CGCS2000", "cgcs2000"), ("国家2000", "cgcs2000"), ("2000国家大地坐标系", "cgcs2000"),
        ("国家大地2000", "cgcs2000"), ("天地图", "cgcs2000"), ("EPSG 4490", "cgcs2000"), ("2000", "cgcs2000"),
        ("GCJ-02", "gcj02"), ("gcj02", "gcj02"), ("火星坐标系", "gcj02"), ("高德", "gcj02"),
        ("腾讯地图", "gcj02"),
        ("BD-09", "bd09"), ("bd09ll", "bd09"), ("百度坐标", "bd09"),
        ("EPSG:4549", "gk:4549"), ("4528", "gk:4528"), ("gk:4491", "gk:4491"),
        ("CGCS2000 3度带 120", "gk:4549"), ("国家2000 三度带 中央经线120°", "gk:4549"),
        ("2000国家大地坐标系，3度带，40带", "gk:4528"), ("国家2000 6度带 20带", "gk:4498"),
        ("CGCS2000 6度带 117", "gk:4509"), ("CGCS2000_3_Degree_GK_CM_120E", "gk:4549"),
        ("CGCS2000_3_Degree_GK_Zone_40", "gk:4528"),
        ("CGCS2000 / 3-degree Gauss-Kruger CM 120E", "gk:4549"),
        ("CGCS2000 / Gauss-Kruger zone 20", "gk:4498"),
        ("国家2000 3度带", "gk"), ("国家2000（高斯投影）", "gk"),
    ],
)  # fmt: skip
def test_a_datum_is_read_as_people_write_it(text: str, datum: str) -> None:
    assert crs.parse_datum(text) == datum


@pytest.mark.parametrize("epsg", crs.GAUSS_KRUGER)
def test_the_official_name_of_every_zone_is_read(epsg: int) -> None:
    meant = crs.parse_datum(CRS.from_epsg(epsg).name)
    # A 6° and a 3° zone by central meridian are one projection; the name tells them apart only by "3-degree".
    assert crs.central_meridian(int(meant[3:])) == crs.central_meridian(epsg)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("北京54", "Beijing 1954"), ("1954年北京坐标系", "Beijing 1954"), ("Beijing_1954", "Beijing 1954"),
        ("EPSG:4214", "Beijing 1954"), ("2437", "Beijing 1954"), ("21420", "Beijing 1954"),
        ("西安80", "Xian 1980"), ("1980", "Xian 1980"), ("54", "Beijing 1954"),
        ("1980西安坐标系", "Xian 1980"), ("Xian 1980 / 3-degree GK", "Xian 1980"),
        ("EPSG:4610", "Xian 1980"), ("2384", "Xian 1980"),
    ],
)  # fmt: skip
def test_the_old_datums_are_refused_with_the_reason(text: str, datum: str) -> None:
    with pytest.raises(InputError) as caught:
        crs.parse_datum(text)
    assert caught.value.code == "datum_refused"
    assert caught.value.params["datum"] == datum
    assert "not public" in str(caught.value)


@pytest.mark.parametrize("epsg", [4214, 4610, 2437, 2384])
def test_pyproj_shifts_the_old_datums_by_nothing_which_is_why_they_are_refused(epsg: int) -> None:
    transformer = Transformer.from_crs(CRS.from_epsg(epsg).geodetic_crs, 4490, always_xy=True)
    lon, lat = transformer.transform(120.0, 30.0)
    assert (lon, lat) == (120.0, 30.0)


@pytest.mark.parametrize(
    "text", ["", "杭州独立坐标系", "EPSG:3857", "WGS 84 / UTM zone 50N", "bd09mc", "国家2000 3度带 121"]
)
def test_what_is_not_understood_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(InputError) as caught:
        crs.parse_datum(text)
    assert caught.value.code == "datum_unknown"
    assert all("CGCS2000" in caught.value.message(lang) for lang in LANGS)


# --- any datum


def test_wgs84_and_cgcs2000_pass_and_the_impossible_becomes_nan() -> None:
    for datum in ("wgs84", "cgcs2000"):
        lon, lat = crs.to_wgs84([120.5, 200.0, 120.0, np.nan], [30.5, 30.0, 91.0, 30.0], datum)
        assert (lon[0], lat[0]) == (120.5, 30.5)
        assert np.isnan(lon[1:]).all()
        assert np.isnan(lat[1:]).all()


def test_shifted_datums_are_undone() -> None:
    for datum, shift in (("gcj02", crs.wgs84_to_gcj02), ("bd09", crs.wgs84_to_bd09)):
        found = crs.to_wgs84(*shift([120.5], [30.5]), datum)
        assert metres(*found, np.array([120.5]), np.array([30.5]))[0] < 1e-5


@pytest.mark.parametrize("datum", ["", "utm", "gk:4490", "gk:", "unstated", "gk:x"])
def test_no_datum_is_guessed(datum: str) -> None:
    with pytest.raises(InputError, match="not a datum known here"):
        crs.to_wgs84([120.0], [30.0], datum)


# --- layers


def test_a_layer_comes_back_in_wgs84() -> None:
    frame = gpd.GeoDataFrame(geometry=[Point(500_000, 3_320_113.398)], crs=4549)
    point = crs.require_crs(frame).geometry.iloc[0]
    assert (round(point.x, 7), round(point.y, 7)) == (120.0, 30.0)


def test_a_layer_without_a_coordinate_system_is_refused() -> None:
    with pytest.raises(InputError, match="does not say its coordinate system"):
        crs.require_crs(gpd.GeoDataFrame(geometry=[Point(120, 30)]))


@pytest.mark.parametrize("epsg", [4214, 4610, 2437, 2384, 21420])
def test_a_layer_in_an_old_datum_is_refused(epsg: int) -> None:
    with pytest.raises(InputError, match="shift to CGCS2000 is not public"):
        crs.require_crs(gpd.GeoDataFrame(geometry=[Point(120, 30)], crs=epsg))
