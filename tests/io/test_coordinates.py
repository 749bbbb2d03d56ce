"""One place, in all the ways that offices write it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geoaq.catalog import Product
from geoaq.errors import InputError
from geoaq.io.cells.coordinates import read_angle, split_pair
from geoaq.io.lists import Intake, read_boilers
from geoaq.io.lists.positions import northing_first
from tests.io.conftest import codes, with_cells

SPELLINGS = [
    "120°55′18.2″", "120°55'18.2\"", "120°55’18.2”", "120º55´18.2''", "120˚55′18.2″", "120 ° 55 ′ 18.2 ″",
    "120度55分18.2秒", "东经120°55′18.2″", "东经 120度55分18.2秒", "经度：120°55′18.2″", "E120°55′18.2″",
    "120°55′18.2″E", "120°55′18.2″ e", "120:55:18.2", "120：55：18.2", "120 55 18.2", "E 120 55 18.2",
    "120-55-18.2", "１２０°５５′１８．２″", "120°55′18.2", "120.55.18.2", "120°55‘18.2“", "120o55'18.2\"",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_degrees_minutes_and_seconds_are_read_in_every_spelling(text: str) -> None:
    angle = read_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(120 + 55 / 60 + 18.2 / 3600, abs=1e-12)
    assert (angle.decimals, angle.spelling) == (5, "dms")


@pytest.mark.parametrize(
    ("text", "degrees", "decimals"),
    [
        ("120.921735", 120.921735, 6),
        ("１２０．９２", 120.92, 2),
        ("120.92°", 120.92, 2),
        ("120.92E", 120.92, 2),
        ("120。92", 120.92, 2),
        ("120,921735", 120.921735, 6),
        (" 120. 921735 ", 120.921735, 6),
        ("120", 120.0, 0),
        ("120°55′", 120 + 55 / 60, 2),
        ("120°55.3′", 120 + 55.3 / 60, 3),
        ("120°55′18″", 120 + 55 / 60 + 18 / 3600, 4),
        ("W120.5", -120.5, 1),
    ],
)
def test_decimals_are_counted_as_printed(text: str, degrees: float, decimals: int) -> None:
    angle = read_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees)
    assert angle.decimals == decimals


@pytest.mark.parametrize("text", ["120°75′00″", "120°15′60″", "abc", "120..5", "东经", "120.5.70", "约120"])
def test_what_is_no_angle_is_not_guessed(text: str) -> None:
    assert read_angle(text) is None


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 599))
def test_an_angle_comes_back_from_its_spelling(degrees: int, minutes: int, tenths: int) -> None:
    value = degrees + minutes / 60 + tenths / 36_000
    for text in (f"{degrees}°{minutes:02d}′{tenths / 10:.1f}″", f"{degrees}度{minutes}分{tenths / 10}秒"):
        angle = read_angle(text)
        assert angle is not None
        assert angle.degrees == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "120.5,30.5",
        "120.5，30.5",
        "(120.5、30.5)",
        "120.5 30.5",
        "[120.5; 30.5]",
        "E120.5 N30.5",
        "东经120.5北纬30.5",
    ],
)
def test_both_angles_in_one_cell_are_told_apart(text: str) -> None:
    pair = [read_angle(part) for part in split_pair(text)]
    assert [angle.degrees for angle in pair if angle] == [120.5, 30.5]


def test_longitude_and_latitude_in_each_others_place_are_exchanged_and_noted(
    boilers: Callable[..., Intake],
) -> None:
    header, row = with_cells(经度="30.838912", 纬度="120.921735")
    intake = boilers([row], header)
    assert intake.frame[["lon", "lat"]].to_numpy().tolist() == [[120.921735, 30.838912]]
    assert codes(intake, 2) == ["coordinates_swapped"]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("", "30.8", "coordinate_missing"),
        ("无", "30.8", "coordinate_missing"),
        ("见附图", "30.8", "coordinate_unreadable"),
        ("0", "0", "coordinate_zero"),
        ("-120.5", "30.8", "coordinate_outside_china"),
        ("2.35", "48.85", "coordinate_outside_china"),
        ("512345", "3412345", "gk_zone_unknown"),
    ],
)
def test_a_row_without_a_usable_position_becomes_an_issue_and_the_others_go_on(
    boilers: Callable[..., Intake], lon: str, lat: str, code: str
) -> None:
    header, row = with_cells(经度=lon, 纬度=lat)
    good = with_cells(使用登记证编号="锅10浙F00009(24)")[1]
    intake = boilers([row, good], header)
    issues = intake.issues.frame()
    assert issues[issues["severity"] == "error"][["row", "code"]].to_numpy().tolist() == [[2, code]]
    assert intake.frame["row"].tolist() == [3]
    assert (intake.rows_read, intake.rows_used, intake.rows_unusable) == (2, 1, 1)


PLANE = Transformer.from_crs(4326, 4528, always_xy=True)


@pytest.mark.parametrize("order", [("X坐标", "Y坐标"), ("Y坐标", "X坐标"), ("经度", "纬度")])
def test_plane_coordinates_are_converted_whichever_column_holds_the_northing(
    boilers: Callable[..., Intake], order: tuple[str, str]
) -> None:
    east, north = PLANE.transform(120.921735, 30.838912)
    header = ("单位名称", *order, "额定蒸发量（t/h）", "坐标系")
    intake = boilers([("甲", f"{north:.3f}", f"{east:.3f}", "10", "CGCS2000")], header)
    assert np.allclose(intake.frame[["lon", "lat"]], [[120.921735, 30.838912]], atol=1e-7)
    assert intake.frame[["datum", "decimals"]].to_numpy().tolist() == [["gk:4528", -1]]
    assert ("axes_swapped" in codes(intake)) == (order[0] == "Y坐标")


def test_rows_that_state_their_zone_in_several_ways_are_converted_once(
    boilers: Callable[..., Intake],
) -> None:
    east, north = PLANE.transform(120.921735, 30.838912)
    header = ("单位名称", "X坐标", "Y坐标", "额定蒸发量（t/h）", "坐标系")
    place = (f"{north:.3f}", f"{east:.3f}", "10")
    stated = ("CGCS2000", "EPSG:4528", "", "CGCS2000", "EPSG:4528")
    intake = boilers([(f"厂{n}", *place, datum) for n, datum in enumerate(stated)], header)
    assert intake.rows_used == 5
    assert np.allclose(intake.frame[["lon", "lat"]], [[120.921735, 30.838912]] * 5, atol=1e-7)
    assert intake.frame["datum"].tolist() == ["gk:4528", "gk:4528", "unstated", "gk:4528", "gk:4528"]


@pytest.mark.parametrize("swapped", [1, 4])
def test_a_row_with_its_plane_axes_exchanged_is_repaired_by_itself(
    boilers: Callable[..., Intake], swapped: int
) -> None:
    east, north = PLANE.transform(120.921735, 30.838912)
    header = ("单位名称", "X坐标", "Y坐标", "额定蒸发量（t/h）", "坐标系")
    rows = [
        (f"厂{n}", *((east, north) if n < swapped else (north, east)), "10", "CGCS2000") for n in range(5)
    ]
    intake = boilers(rows, header)
    assert np.allclose(intake.frame[["lon", "lat"]], [[120.921735, 30.838912]] * 5, atol=1e-7)
    assert [n for n in range(5) if "axes_swapped" in codes(intake, n + 2)] == list(range(swapped))


def test_a_row_that_fits_both_orders_goes_with_the_others_of_its_list() -> None:
    straight = northing_first(np.array([40514433.0, 512345.0]), np.array([3351163.0, 812345.0]))
    turned = northing_first(np.array([3351163.0, 812345.0]), np.array([40514433.0, 512345.0]))
    assert (straight.tolist(), turned.tolist()) == ([False, False], [True, True])
    assert northing_first(np.array([512345.0]), np.array([812345.0])).tolist() == [False]


def test_a_six_digit_easting_is_converted_where_the_row_names_its_zone(
    boilers: Callable[..., Intake],
) -> None:
    east, north = Transformer.from_crs(4326, 4549, always_xy=True).transform(120.921735, 30.838912)
    header = ("单位名称", "X坐标", "Y坐标", "额定蒸发量（t/h）", "坐标系")
    intake = boilers([("甲", f"{north:.3f}", f"{east:.3f}", "10", "CGCS2000 3度带 120")], header)
    assert np.allclose(intake.frame[["lon", "lat"]], [[120.921735, 30.838912]], atol=1e-7)
    assert intake.frame["datum"].tolist() == ["gk:4549"]


def test_the_datum_of_each_row_is_used(boilers: Callable[..., Intake]) -> None:
    rows = [with_cells(坐标系=text, 使用登记证编号=f"锅10浙F0000{n}(24)") for n, text in enumerate(
        ("国家2000", "火星坐标", "", "北京54", "乱写"))]  # fmt: skip
    intake = boilers([row for _, row in rows], rows[0][0], datum="WGS84")
    assert intake.frame["datum"].tolist() == ["cgcs2000", "gcj02", "wgs84"]
    shift = np.abs(np.diff(intake.frame["lon"].to_numpy()[:2]))[0]
    assert 0.003 < shift < 0.007
    assert codes(intake, 5) == ["datum_refused"]
    assert codes(intake, 6) == ["datum_unknown"]


def test_an_unstated_datum_is_said_once_for_the_list(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells()
    intake = boilers([row], header)
    assert intake.frame["datum"].tolist() == ["unstated"]
    assert codes(intake, 0) == ["datum_unstated"]


def test_a_refused_datum_given_for_the_list_is_an_error(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells()
    with pytest.raises(InputError, match="Xian 1980"):
        boilers([row], header, datum="西安80")


def test_degrees_minutes_and_seconds_in_three_columns_are_joined(
    as_csv: Callable[..., object], boiler_list: Product
) -> None:
    rows = [
        ("单位名称", "经度", "", "", "纬度", "", "", "吨位"),
        ("", "度", "分", "秒", "度", "分", "秒", ""),
        ("甲", "120", "55", "18.2", "30", "50", "20.1", "10"),
        ("乙", "", "", "", "30", "50", "20.1", "10"),
    ]
    intake = read_boilers(as_csv(rows), product=boiler_list)  # type: ignore[arg-type]
    assert np.allclose(intake.frame[["lon", "lat"]], [[120.9217222, 30.8389167]], atol=1e-6)
    assert "coordinate_missing" in codes(intake, 4)


def test_a_coordinate_without_seconds_is_used_and_asked_about(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(经度="120°55′", 纬度="30°50′")
    intake = boilers([row], header)
    assert intake.frame["decimals"].tolist() == [2]
    assert codes(intake, 2).count("coordinate_no_seconds") == 2


def test_zeros_that_a_spreadsheet_dropped_do_not_coarsen_a_pair(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(经度="120.9217", 纬度="30.838912")
    assert boilers([row], header).frame["decimals"].tolist() == [6]
    header, row = with_cells(经度="120.9", 纬度="30.838912")
    assert boilers([row], header).frame["decimals"].tolist() == [1]


def test_degrees_under_x_and_y_are_longitude_and_latitude(boilers: Callable[..., Intake]) -> None:
    intake = boilers([("甲", "120.5", "30.5", "10")], ("单位名称", "X", "Y", "吨位"))
    assert intake.frame[["lon", "lat"]].to_numpy().tolist() == [[120.5, 30.5]]
    assert "coordinates_swapped" not in codes(intake)
