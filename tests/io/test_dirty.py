"""Real tables with real oddities, as found in public repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoaq.catalog import Product
from geoaq.io.lists import read_boilers
from geoaq.io.vectors import read_vector
from tests.io.conftest import codes

pytestmark = pytest.mark.shared


def test_a_table_with_latitude_first_is_read_by_its_headers(shared: Path, boiler_list: Product) -> None:
    path = shared / "data" / "dirty" / "hu0320_cementData.csv"
    intake = read_boilers(path, product=boiler_list)
    assert intake.rows_read == 1016
    assert intake.rows_used + intake.rows_unusable == 1016
    first = intake.frame.iloc[0]
    assert (first["name"], first["lon"], first["lat"]) == ("江苏金峰水泥集团有限公司", 119.296377, 31.385542)


def test_a_stated_province_that_contradicts_the_point_is_kept_as_stated(
    shared: Path, boiler_list: Product
) -> None:
    path = shared / "data" / "dirty" / "hu0320_chemicalData.csv"
    intake = read_boilers(path, product=boiler_list)
    row = intake.frame.set_index("name").loc["瑞星集团股份有限公司"]
    assert (row["province_stated"], row["city_stated"]) == ("山西", "长治市")
    assert row["lon"] > 116
    assert "coordinates_swapped" not in codes(intake)


def test_coordinates_written_latitude_first_in_one_cell_are_exchanged(
    shared: Path, tmp_path: Path, boiler_list: Product
) -> None:
    lines = (shared / "data" / "dirty" / "hu0320_chemicalData.csv").read_text("utf-8-sig").splitlines()[1:21]
    rows = [(cells[0], *cells[-2:]) for cells in (line.split(",") for line in lines)]
    path = tmp_path / "a.csv"
    body = "".join(f'{name},"[{lat}, {lon}]",10\n' for name, lat, lon in rows)
    path.write_text("企业名称,坐标,吨位\n" + body, "utf-8")
    intake = read_boilers(path, product=boiler_list)
    assert codes(intake).count("coordinates_swapped") == 20
    assert intake.frame["lon"].tolist() == [float(lon) for _, _, lon in rows]


def test_a_real_geojson_of_stations_is_read(shared: Path) -> None:
    frame = read_vector(shared / "data" / "dirty" / "cnemc_airnow_stations_2018-02-20T07.geojson")
    assert frame.crs.to_epsg() == 4326
    assert len(frame) > 1400
